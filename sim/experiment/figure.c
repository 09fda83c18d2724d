/*
 * figure.c: see figure.h. The reading is figure_read.c's.
 */
#include "experiment/figure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/vec.h"
#include "engine/observe.h"
#include "experiment/figure_columns.h"
#include "experiment/statistic.h"

struct column {
    const char *name;
    enum figure_unit unit;
    const char *about;
};

static const struct column run_columns[] = {
#define X(name, text, unit, about) {text, unit, about},
    FIGURE_RUN_COLUMNS(X)
#undef X
};
static const struct column request_columns[] = {
#define X(name, text, unit, about) {text, unit, about},
    FIGURE_REQUEST_COLUMNS(X)
#undef X
};
static const struct column timeline_columns[] = {
#define X(name, text, unit, about) {text, unit, about},
    FIGURE_TIMELINE_COLUMNS(X)
#undef X
};
static const char *const aggregates[] = {
#define X(name, text) text,
    FIGURE_AGGREGATES(X)
#undef X
};

#define COUNT_OF(array) ((int)(sizeof(array) / sizeof *(array)))

static void add_columns(struct text *out, const struct column *columns, int count)
{
    for (int i = 0; i < count; i++)
        text_printf(out, "  %-18s %s\n", columns[i].name, columns[i].about);
}

void text_add_figure_help(struct text *out)
{
    text_add(out, "Sums over requests; of one controller as endpointslice.writes:\n\n");
    add_columns(out, request_columns, COUNT_OF(request_columns));
    text_add(out, "\nThe timeline, all Services together: slices.mean (over time; also 'slices'),\n"
                  "slices.min, slices.max, slices.final:\n\n");
    add_columns(out, timeline_columns, COUNT_OF(timeline_columns));
    text_add(out, "\nNetwork programming latency: latency.mean (also 'latency'), latency.median,\n"
                  "latency.p99 or any other percentile, latency.min, latency.max.\n\nThe run:\n\n");
    add_columns(out, run_columns, COUNT_OF(run_columns));
}

const char *figure_unit_name(const struct figure *figure)
{
    static const char *const names[] = {"", "bytes", "s", "share"};
    return names[figure->unit];
}

void text_add_figure_about(struct text *out, const struct figure *figure)
{
    static const char *const words[] = {"mean over time", "smallest", "largest", "at the end"};
    switch (figure->source) {
    case FIGURE_OF_RUN:
        text_add(out, run_columns[figure->column].about);
        break;
    case FIGURE_OF_REQUESTS:
        text_printf(out, "%s (%s)", request_columns[figure->column].about,
            figure->controller < 0 ? "all controllers"
                                   : controller_text((enum controller)figure->controller));
        break;
    case FIGURE_OF_TIMELINE:
        text_printf(out, "%s (%s)", timeline_columns[figure->column].about, words[figure->aggregate]);
        break;
    case FIGURE_OF_LATENCY:
        text_add(out, "from a change of a pod until a proxy has it (");
        if (figure->aggregate == AGGREGATE_MEAN)
            text_add(out, "mean)");
        else
            text_printf(out, "percentile %g)", figure->percent);
        break;
    }
}

/* --- names -------------------------------------------------------------------------------------------- */

static int find_column(const struct column *columns, int count, const char *name, size_t length)
{
    for (int i = 0; i < count; i++)
        if (strlen(columns[i].name) == length && memcmp(columns[i].name, name, length) == 0)
            return i;
    return -1;
}

static bool parse_run(const char *name, struct figure *out)
{
    int column = find_column(run_columns, COUNT_OF(run_columns), name, strlen(name));
    if (column < 0)
        return false;
    *out = (struct figure){.source = FIGURE_OF_RUN, .unit = run_columns[column].unit, .column = column};
    return true;
}

static bool parse_requests(const char *name, struct figure *out)
{
    const char *dot = strchr(name, '.'), *rest = dot != NULL ? dot + 1 : name;
    int controller = -1;
    for (int i = 0; dot != NULL && i < CONTROLLER_COUNT; i++) {
        const char *text = controller_text((enum controller)i);
        if (strlen(text) == (size_t)(dot - name) && memcmp(text, name, strlen(text)) == 0)
            controller = i;
    }
    int column = find_column(request_columns, COUNT_OF(request_columns), rest, strlen(rest));
    if (column < 0 || (dot != NULL && controller < 0))
        return false;
    *out = (struct figure){.source = FIGURE_OF_REQUESTS,
        .unit = request_columns[column].unit,
        .column = column,
        .controller = controller};
    return true;
}

static bool parse_timeline(const char *name, struct figure *out)
{
    const char *dot = strchr(name, '.');
    size_t length = dot != NULL ? (size_t)(dot - name) : strlen(name);
    int column = find_column(timeline_columns, COUNT_OF(timeline_columns), name, length);
    int aggregate = dot == NULL ? AGGREGATE_MEAN : -1;
    for (int i = 0; dot != NULL && i < COUNT_OF(aggregates); i++)
        if (strcmp(aggregates[i], dot + 1) == 0)
            aggregate = i;
    if (column < 0 || aggregate < 0)
        return false;
    *out = (struct figure){.source = FIGURE_OF_TIMELINE,
        .unit = timeline_columns[column].unit,
        .column = column,
        .aggregate = aggregate};
    return true;
}

static bool parse_latency(const char *name, struct figure *out)
{
    struct statistic statistic;
    *out = (struct figure){.source = FIGURE_OF_LATENCY, .unit = UNIT_SECONDS, .aggregate = -1};
    if (strcmp(name, "latency") == 0)
        name = "latency.mean";
    if (strncmp(name, "latency.", 8) != 0)
        return false;
    if (strcmp(name + 8, "min") == 0 || strcmp(name + 8, "max") == 0)
        out->percent = name[9] == 'i' ? 0 : 100;
    else if (!statistic_parse(name + 8, &statistic))
        return false;
    else if (statistic.is_mean)
        out->aggregate = AGGREGATE_MEAN;
    else
        out->percent = statistic.percent;
    return true;
}

/* A misspelt part between or beside the dot. */
static const char *suggest(const char *name)
{
    VEC(const char *) words = {0};
    for (int i = 0; i < COUNT_OF(request_columns); i++)
        vec_push(&words, request_columns[i].name);
    for (int i = 0; i < COUNT_OF(timeline_columns); i++)
        vec_push(&words, timeline_columns[i].name);
    for (int i = 0; i < COUNT_OF(run_columns); i++)
        vec_push(&words, run_columns[i].name);
    vec_push(&words, "latency");
    const char *dot = strchr(name, '.');
    char *first = mem_strndup(name, dot != NULL ? (size_t)(dot - name) : strlen(name));
    const char *near = text_suggest(first, words.items, words.count);
    for (int i = 0; i < CONTROLLER_COUNT && dot != NULL; i++)
        if (strcmp(first, controller_text((enum controller)i)) == 0)
            near = text_suggest(dot + 1, words.items, words.count);
    free(first);
    vec_fini(&words);
    return near;
}

bool figure_parse(const char *name, struct figure *out, const char **out_near)
{
    if (out_near != NULL)
        *out_near = NULL;
    if (strlen(name) < FIGURE_NAME_MAX - 8 && (parse_run(name, out) || parse_requests(name, out) ||
                                                  parse_timeline(name, out) || parse_latency(name, out))) {
        bool is_short = strchr(name, '.') == NULL &&
                        (out->source == FIGURE_OF_TIMELINE || out->source == FIGURE_OF_LATENCY);
        strcpy(out->name, name);
        strcat(out->name, is_short ? ".mean" : "");
        return true;
    }
    if (out_near != NULL)
        *out_near = suggest(name);
    return false;
}

bool figure_is_recorded(const struct figure *figure, enum record_level level, int64_t warm_up_ns)
{
    if (figure->source == FIGURE_OF_REQUESTS)
        return warm_up_ns <= 0 || level == RECORD_FULL;
    return figure->source == FIGURE_OF_RUN || level != RECORD_SUMMARY;
}

/* --- values for people -------------------------------------------------------------------------------- */

void text_add_figure(struct text *out, const struct figure *figure, double value)
{
    if (isnan(value)) {
        text_add_char(out, '-');
        return;
    }
    double size = fabs(value);
    if (value < 0)
        text_add_char(out, '-');
    if (size >= 1e18)
        text_printf(out, "%.3g", size);
    else if (figure->unit == UNIT_BYTES)
        text_add_bytes_human(out, (uint64_t)floor(size + 0.5));
    else if (figure->unit == UNIT_SECONDS)
        text_printf(out, "%.4g s", size);
    else if (size >= 1000)
        text_add_grouped(out, (uint64_t)floor(size + 0.5));
    else
        text_printf(out, size < 1 ? "%.3g" : "%.4g", size);
}
