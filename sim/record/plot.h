/*
 * plot.h: pictures of a run, drawn by gnuplot with the scripts of analysis/.
 *
 * The data are asked for here and handed to gnuplot as tables (drawing.h), so the program sqlite3 is not
 * needed. The same scripts run alone too, from a database.
 */
#ifndef EPSIM_RECORD_PLOT_H
#define EPSIM_RECORD_PLOT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"
#include "record/database.h"
#include "record/drawing.h"

/* X(NAME, name, what it shows) */
#define PLOT_KINDS(X) \
    X(OVERVIEW, "overview", "everything about a Service on one page") \
    X(ENDPOINTS, "endpoints", "addresses in Endpoints against pods, and what truncation leaves out") \
    X(SLICES, "slices", "how many slices there are against the fewest possible") \
    X(FILL, "fill", "how full each slice is over time") \
    X(CHURN, "churn", "writes, and endpoints in each write, over time") \
    X(BYTES, "bytes", "bytes to watchers, Endpoints against EndpointSlices")

enum plot_kind {
#define X(name, text, about) PLOT_##name,
    PLOT_KINDS(X)
#undef X
        PLOT_KIND_COUNT
};

const char *plot_kind_name(enum plot_kind kind);

struct plot_request {
    const char *database;
    int64_t run_id;      /* 0: the last one */
    const char *service; /* NAME or NAMESPACE/NAME; NULL: the one with the most pods; "*": all together */
    enum plot_kind kind;
    enum plot_format format;
    uint32_t width, height; /* pixels, 0: the default; a character of text stands for 12 x 24 */
    bool is_bare;           /* without title and provenance: whoever shows it has them */
    const char *output;     /* a path, or "-": standard output; plot_draw does without */
    const char *scripts;    /* the folder of *.gp and *.sql */
};

/* Draws into `drawing`, which was created with the same scripts; the picture is then read or delivered. */
enum status plot_draw(struct database *database, const struct plot_request *request,
    const struct drawing *drawing, char **out_message);

/* Draws. STATUS_OK may come with a message too: a note for the user, such as that a picture shows nothing
 * because writes were not recorded. Otherwise STATUS_USAGE (size), STATUS_NOT_FOUND (database, run or
 * Service), STATUS_BAD_INPUT (not our database) or STATUS_IO, and nothing was written; a file that was there
 * is as it was. */
enum status plot_render(const struct plot_request *request, char **out_message);

#endif
