/*
 * import_files.c: see import_files.h.
 */
#include "cli/import_files.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/import_target.h"
#include "cli/output.h"

/* Things that were passed over and are shown; --verbose shows all. */
#define ITEMS_SHOWN_MAX 4

const struct option import_options[IMPORT_OPTION_COUNT] = {
    [IMPORT_OUTPUT] = {OPTION_TEXT, 'o', "output", "S.yaml", "standard output", "where the scenario goes"},
    [IMPORT_FORCE] = {OPTION_FLAG, 'f', "force", NULL, NULL, "write over a file that exists"},
    [IMPORT_NAME] = {OPTION_TEXT, 0, "name", "NAME", "that of the first file", "name of the scenario"},
    [IMPORT_VERBOSE] = {OPTION_FLAG, 'v', "verbose", NULL, NULL,
        "tell all that was passed over, not only a few"},
    [IMPORT_QUIET] = {OPTION_FLAG, 'q', "quiet", NULL, NULL, "tell only mistakes"},
};

void import_add_ignored(
    struct text *out, const struct arguments *arguments, const struct import_recording_stats *stats)
{
    uint32_t count = stats->ignored.count;
    bool all = arguments->values[IMPORT_VERBOSE].count > 0 || count <= ITEMS_SHOWN_MAX;
    uint32_t shown = all ? count : ITEMS_SHOWN_MAX;
    if (count == 0)
        return;
    text_add(out, "  passed over:");
    for (uint32_t i = 0; i < shown; i++) {
        text_add(out, i ? ", " : " ");
        text_add_grouped(out, stats->ignored.items[i].count);
        text_printf(out, " %s", stats->ignored.items[i].what);
    }
    if (shown < count)
        text_printf(out, " and %" PRIu32 " more (--verbose tells all)", count - shown);
    text_add_char(out, '\n');
}

static enum exit_code convert(
    const struct arguments *arguments, struct import_target *target, import_job *job)
{
    const struct option_value *values = arguments->values;
    char *name = import_stem(arguments->operands.items[0], "imported");
    struct import_recording_options request = {
        .paths = arguments->operands.items,
        .path_count = arguments->operands.count,
        .name = values[IMPORT_NAME].count > 0 ? values[IMPORT_NAME].text : name,
    };
    struct text told = {0};
    struct arena arena;
    arena_init(&arena);
    struct diag *diag = diag_create();
    enum status status = job(arguments, &request, &arena, diag, target->file, &told);
    enum exit_code code = import_tell(status, diag);
    enum exit_code closed = import_target_close(target, code == EXIT_OK);
    code = code != EXIT_OK ? code : closed;
    if (values[IMPORT_OUTPUT].text != NULL)
        text_printf(&told, "  written: %s\n", values[IMPORT_OUTPUT].text);
    if (code == EXIT_OK && values[IMPORT_QUIET].count == 0)
        error_write(&told);
    text_fini(&told);
    diag_destroy(diag);
    arena_fini(&arena);
    free(name);
    return code;
}

int import_files_run(const struct arguments *arguments, import_job *job)
{
    const char *output = arguments->values[IMPORT_OUTPUT].text;
    struct import_target target = {0};
    if (arguments->operands.count == 0)
        return usage_error(arguments, "no FILE given");
    if (output == NULL || strcmp(output, "-") == 0) {
        target.file = stdout;
        return convert(arguments, &target, job);
    }
    enum exit_code code = import_target_open(&target, output, arguments->values[IMPORT_FORCE].count > 0,
        arguments->operands.items, arguments->operands.count);
    return code == EXIT_OK ? convert(arguments, &target, job) : code;
}
