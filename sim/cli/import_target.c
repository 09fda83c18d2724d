/*
 * import_target.c: see import_target.h.
 */
#include "cli/import_target.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "cli/output.h"
#include "cli/overwrite.h"

enum exit_code import_target_open(struct import_target *target, const char *path, bool force,
    const char *const *inputs, uint32_t input_count)
{
    struct stat info;
    bool exists = stat(path, &info) == 0;
    for (uint32_t i = 0; i < input_count; i++)
        if (overwrite_is_same(path, inputs[i])) {
            error_print("%s is the input itself", path);
            return EXIT_USAGE;
        }
    if (exists && S_ISREG(info.st_mode) && !force) {
        error_print("%s exists; --force writes over it", path);
        return EXIT_USAGE;
    }
    struct text beside = {0};
    text_add(&beside, path);
    if (!exists || S_ISREG(info.st_mode))
        text_printf(&beside, ".new-%ld", (long)getpid());
    target->file = fopen(beside.data, "w");
    if (target->file == NULL) {
        error_print("%s: %s", path, strerror(errno));
        text_fini(&beside);
        return EXIT_USAGE;
    }
    target->path = mem_strndup(path, strlen(path));
    if (strcmp(beside.data, path) != 0)
        target->beside = mem_strndup(beside.data, beside.length);
    text_fini(&beside);
    return EXIT_OK;
}

enum exit_code import_target_close(struct import_target *target, bool keep)
{
    enum exit_code code = EXIT_OK;
    if (target->file == NULL)
        return EXIT_OK;
    bool whole = ferror(target->file) == 0;
    whole = (target->file == stdout ? fflush(target->file) : fclose(target->file)) == 0 && whole;
    if (keep && whole && target->beside != NULL)
        whole = rename(target->beside, target->path) == 0;
    if (keep && !whole) {
        error_print("%s: %s", target->path != NULL ? target->path : "standard output", strerror(errno));
        code = EXIT_FAILED;
    }
    if (target->beside != NULL && !(keep && whole))
        unlink(target->beside);
    free(target->path);
    free(target->beside);
    return code;
}

/* --- names and messages ---------------------------------------------------------------------- */

char *import_stem(const char *path, const char *fallback)
{
    if (strcmp(path, "-") == 0)
        path = fallback;
    const char *slash = strrchr(path, '/');
    const char *name = slash != NULL ? slash + 1 : path;
    const char *dot = strrchr(name, '.');
    return mem_strndup(name, dot != NULL && dot != name ? (size_t)(dot - name) : strlen(name));
}

void import_add_count(struct text *out, uint64_t count, const char *one, const char *many)
{
    text_add_grouped(out, count);
    text_printf(out, " %s", count == 1 ? one : many);
}

enum exit_code import_tell(enum status status, const struct diag *diag)
{
    int why = errno;
    diag_print(diag, stderr, false);
    if (status == STATUS_OK)
        return EXIT_OK;
    if (status != STATUS_IO || diag_error_count(diag) > 0)
        return EXIT_USAGE;
    error_print("the scenario could not be written: %s", strerror(why));
    return EXIT_FAILED;
}
