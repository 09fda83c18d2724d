/*
 * progress.c: see progress.h. Looks at the wall clock once a call, which comes every few thousand events.
 */
#include "cli/progress.h"

#include "cli/format.h"
#include "cli/output.h"
#include "cli/wall.h"

#define FIRST_AFTER_S 0.5
#define BETWEEN_S 0.2

void progress_init(struct progress *progress, bool on)
{
    *progress = (struct progress){
        .on = on && error_is_terminal(),
        .started_s = wall_monotonic_s(),
        .shown_s = wall_monotonic_s() + FIRST_AFTER_S - BETWEEN_S,
    };
}

static void add_left(struct text *line, double left_s)
{
    if (left_s < 120)
        text_printf(line, "  about %.0f s left", left_s);
    else if (left_s < 7200)
        text_printf(line, "  about %.0f min left", left_s / 60);
    else
        text_printf(line, "  about %.0f h left", left_s / 3600);
}

/* It is time for another line. */
static bool is_due(struct progress *progress)
{
    if (!progress->on)
        return false;
    double now_s = wall_monotonic_s();
    if (now_s - progress->shown_s < BETWEEN_S)
        return false;
    progress->shown_s = now_s;
    progress->is_shown = true;
    return true;
}

void progress_show_runs(struct progress *progress, uint64_t done, uint64_t of, uint64_t failed)
{
    if (of == 0 || !is_due(progress))
        return;
    double wall_s = progress->shown_s - progress->started_s;
    double share = (double)done / (double)of;
    struct text line = {0};
    text_printf(&line, "\r%3.0f %%  ", share * 100);
    text_add_grouped(&line, done);
    text_add(&line, " of ");
    text_add_grouped(&line, of);
    if (failed > 0) {
        text_add(&line, "  ");
        text_add_grouped(&line, failed);
        text_add(&line, " failed");
    }
    text_add(&line, "  ");
    text_add_rate(&line, (double)done / wall_s);
    text_add(&line, "/s");
    if (done > 0)
        add_left(&line, wall_s / share * (1 - share));
    text_add(&line, "\033[K");
    error_write(&line);
    text_fini(&line);
}

void progress_show_share(struct progress *progress, double share, const char *what)
{
    if (!is_due(progress))
        return;
    struct text line = {0};
    text_add(&line, "\r");
    if (share > 0)
        text_printf(&line, "%3.0f %% of ", share * 100);
    text_printf(&line, "%.60s\033[K", what);
    error_write(&line);
    text_fini(&line);
}

void progress_show(struct progress *progress, const struct simulation *simulation)
{
    if (!is_due(progress))
        return;
    double wall_s = progress->shown_s - progress->started_s;
    int64_t at_ns = simulation_now_ns(simulation);
    int64_t end_ns = simulation_end_ns(simulation);
    uint64_t events = clock_event_count(simulation_clock((struct simulation *)simulation));
    double share = end_ns > 0 && at_ns < end_ns ? (double)at_ns / (double)end_ns : 0;
    struct text line = {0};
    text_add(&line, "\r");
    if (share > 0)
        text_printf(&line, "%3.0f %%  ", share * 100);
    text_add_time(&line, at_ns > NS_PER_S ? at_ns / NS_PER_S * NS_PER_S : at_ns);
    if (share > 0) {
        text_add(&line, " of ");
        text_add_time(&line, end_ns);
    }
    text_add(&line, "  ");
    text_add_grouped(&line, events);
    text_add(&line, " events  ");
    text_add_rate(&line, (double)events / wall_s);
    text_add(&line, " events/s");
    if (share > 0)
        add_left(&line, wall_s / share * (1 - share));
    text_add(&line, "\033[K");
    error_write(&line);
    text_fini(&line);
}

void progress_clear(struct progress *progress)
{
    if (!progress->is_shown)
        return;
    struct text line = {0};
    text_add(&line, "\r\033[K");
    error_write(&line);
    text_fini(&line);
    progress->is_shown = false;
}
