/*
 * compare_exact.c: see compare_exact.h; experiment/exact.h does the work.
 */
#include "cli/compare_exact.h"

#include <stdlib.h>

#include "cli/output.h"
#include "experiment/exact.h"

#define SHOWN_MAX 20

enum exit_code compare_exactly(const char *path_a, const char *path_b)
{
    struct text out = {0};
    struct exact_result result;
    char *message = NULL;
    enum status status = exact_compare(path_a, path_b, SHOWN_MAX, &out, &result, &message);
    enum exit_code code = status == STATUS_OK || status == STATUS_IO ? EXIT_FAILED : EXIT_USAGE;
    if (status != STATUS_OK) {
        error_print("%s", message != NULL ? message : status_text(status));
        free(message);
        text_fini(&out);
        return code;
    }
    if (result.differences > SHOWN_MAX)
        text_add(&out, "...\n");
    text_add_grouped(&out, result.rows);
    text_printf(&out, " rows of %u tables in both: ", (unsigned)result.tables);
    if (result.differences == 0) {
        text_add(&out, "equal but for wall_s, started and ended\n");
    } else {
        text_add_grouped(&out, result.differences);
        text_add(&out, result.differences == 1 ? " difference\n" : " differences\n");
    }
    enum exit_code written = output_write(&out);
    text_fini(&out);
    return result.differences > 0 ? EXIT_FAILED : written;
}
