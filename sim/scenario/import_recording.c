/*
 * import_recording.c: see import_recording.h.
 */
#include "scenario/import_recording.h"

#include <string.h>

void import_ignore(struct import_recording_stats *stats, struct arena *arena, const char *what)
{
    for (uint32_t i = 0; i < stats->ignored.count; i++)
        if (strcmp(stats->ignored.items[i].what, what) == 0) {
            stats->ignored.items[i].count++;
            return;
        }
    struct import_ignored ignored = {arena_strndup(arena, what, strlen(what)), 1};
    vec_push(&stats->ignored, ignored);
}

enum status import_recording_finish(struct import_history *history,
    const struct import_recording_options *options, const char *what, enum status status, struct diag *diag,
    FILE *out, struct import_recording_stats *stats)
{
    if (status == STATUS_OK && history->changes.count == 0) {
        uint32_t source =
            diag_add_source(diag, strcmp(options->paths[0], "-") == 0 ? "<stdin>" : options->paths[0], "", 0);
        diag_error(diag, (struct position){.source = source},
            "no pods, services, nodes, endpoints or endpointslices in it");
        status = STATUS_BAD_INPUT;
    }
    if (status != STATUS_OK)
        return status;
    struct text about = {0};
    text_add(&about, "imported from ");
    text_add(&about, what);
    import_history_write(history, options->name, about.data, out);
    text_fini(&about);
    stats->counts = history->counts;
    return fflush(out) != 0 || ferror(out) ? STATUS_IO : STATUS_OK;
}

void import_recording_stats_fini(struct import_recording_stats *stats)
{
    vec_fini(&stats->ignored);
}
