/*
 * figure_read.c: figures of one run out of the database; see figure.h. Each table is read once a run, and
 * only when a figure needs it.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/vec.h"
#include "engine/observe.h"
#include "experiment/figure.h"
#include "experiment/figure_columns.h"
#include "experiment/statistic.h"
#include "kernel/time.h"

/* --- requests ----------------------------------------------------------------------------------------- */

static const char churn_question[] = "SELECT controller, creates, updates, deletes, noops, endpoints_added, "
                                     "endpoints_removed, bytes, watch_bytes "
                                     "FROM churn WHERE run_id = ?1";
static const char writes_question[] =
    "SELECT controller, verb = 0, verb = 1, verb = 2, verb = 3, endpoints_added, endpoints_removed, bytes, "
    "watch_bytes FROM writes WHERE write_id BETWEEN ?1 << 40 AND (?1 << 40) + 1099511627775 AND t_ns >= ?2";

/* Sums by controller; whole numbers, exact in a double up to 2^53. */
static enum status read_requests(struct database *database, int64_t run_id, int64_t warm_up_ns,
    double sums[CONTROLLER_COUNT][REQUEST_COLUMN_COUNT], char **out_message)
{
    sqlite3_stmt *statement =
        database_prepare(database, warm_up_ns > 0 ? writes_question : churn_question, out_message);
    if (statement == NULL)
        return database_status(database);
    sqlite3_bind_int64(statement, 1, run_id);
    sqlite3_bind_int64(statement, 2, warm_up_ns);
    int code;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        int64_t controller = sqlite3_column_int64(statement, 0);
        if (controller < 0 || controller >= CONTROLLER_COUNT)
            continue;
        double *sum = sums[controller];
        for (int column = REQUEST_CREATES; column < REQUEST_COLUMN_COUNT; column++)
            sum[column] += sqlite3_column_double(statement, column);
        sum[REQUEST_WRITES] = sum[REQUEST_CREATES] + sum[REQUEST_UPDATES] + sum[REQUEST_DELETES];
    }
    return database_finish(database, statement, code, out_message);
}

static double request_value(double sums[CONTROLLER_COUNT][REQUEST_COLUMN_COUNT], const struct figure *figure)
{
    double sum = 0;
    for (int controller = 0; controller < CONTROLLER_COUNT; controller++)
        if (figure->controller < 0 || figure->controller == controller)
            sum += sums[controller][figure->column];
    return sum;
}

/* --- the timeline ------------------------------------------------------------------------------------- */

/* More than any run has: a million are far beyond what is simulated. */
#define SERVICES_MAX (1 << 22)

/* All Services together, and what became of that over time. */
struct timeline {
    double slice_max;      /* endpoints a slice may have */
    int64_t from_ns;       /* the warm-up */
    VEC(int64_t) services; /* each one's last row, TIMELINE_STORED_COUNT numbers */
    int64_t totals[TIMELINE_STORED_COUNT];
    struct {
        double integral, measured_s, min, max, final;
    } columns[TIMELINE_COLUMN_COUNT];
};

/* NAN where it is not defined. */
static double timeline_total(const struct timeline *timeline, int column)
{
    const int64_t *totals = timeline->totals;
    if (column < TIMELINE_STORED_COUNT)
        return (double)totals[column];
    double numerator = (double)totals[TIMELINE_SLICES] - (double)totals[TIMELINE_SLICES_IDEAL],
           denominator = 1;
    if (column == TIMELINE_OUT_OF_DATE) {
        numerator = (double)totals[TIMELINE_NOT_YET_LISTED] + (double)totals[TIMELINE_STILL_LISTED];
    } else if (column == TIMELINE_FILL) {
        numerator = (double)totals[TIMELINE_SLICE_ENDPOINTS];
        denominator = (double)totals[TIMELINE_SLICES] * timeline->slice_max;
    } else if (column == TIMELINE_EP_OMITTED_SHARE) {
        numerator = (double)totals[TIMELINE_EP_OMITTED];
        denominator = numerator + (double)totals[TIMELINE_EP_ADDRESSES];
    }
    return denominator > 0 ? numerator / denominator : NAN;
}

/* The totals held from one time until another. The last state counts even if it had no time to hold. */
static void timeline_hold(struct timeline *timeline, int64_t from_ns, int64_t to_ns, bool is_last)
{
    if (from_ns < timeline->from_ns)
        from_ns = timeline->from_ns;
    if (to_ns <= from_ns && !is_last)
        return;
    double length_s = to_ns > from_ns ? (double)(to_ns - from_ns) / NS_PER_S : 0;
    for (int column = 0; column < TIMELINE_COLUMN_COUNT; column++) {
        double value = timeline_total(timeline, column);
        timeline->columns[column].final = value;
        if (isnan(value))
            continue;
        timeline->columns[column].integral += value * length_s;
        timeline->columns[column].measured_s += length_s;
        timeline->columns[column].min = fmin(timeline->columns[column].min, value);
        timeline->columns[column].max = fmax(timeline->columns[column].max, value);
    }
}

/* False when the row cannot be one of ours. */
static bool timeline_row(struct timeline *timeline, sqlite3_stmt *statement)
{
    int64_t number = sqlite3_column_int64(statement, 1);
    if (number < 0 || number >= SERVICES_MAX)
        return false;
    uint32_t service = (uint32_t)number;
    while (timeline->services.count < (service + 1) * TIMELINE_STORED_COUNT)
        vec_push(&timeline->services, 0);
    int64_t *last = timeline->services.items + service * TIMELINE_STORED_COUNT;
    for (int column = 0; column < TIMELINE_STORED_COUNT; column++) {
        uint32_t value = (uint32_t)sqlite3_column_int64(statement, 2 + column);
        timeline->totals[column] += value - last[column];
        last[column] = value;
    }
    return true;
}

static enum status read_timeline(
    struct database *database, const struct stored_run *run, struct timeline *timeline, char **out_message)
{
    for (int column = 0; column < TIMELINE_COLUMN_COUNT; column++) {
        timeline->columns[column].min = INFINITY;
        timeline->columns[column].max = -INFINITY;
        timeline->columns[column].final = NAN;
    }
    sqlite3_stmt *statement = database_prepare(database,
        "SELECT t_ns, service, pods, ready, ep_addresses, ep_omitted, ep_truncated, slices, slices_ideal, "
        "slice_endpoints, not_yet_listed, still_listed FROM timeline WHERE state_id BETWEEN ?1 << 40 AND (?1 "
        "<< 40) + 1099511627775 "
        "ORDER BY state_id",
        out_message);
    if (statement == NULL)
        return database_status(database);
    sqlite3_bind_int64(statement, 1, run->run_id);
    int64_t at_ns = 0;
    bool is_empty = true;
    int code;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        int64_t row_ns = sqlite3_column_int64(statement, 0);
        if (row_ns > at_ns && !is_empty)
            timeline_hold(timeline, at_ns, row_ns, false);
        at_ns = row_ns > at_ns ? row_ns : at_ns;
        if (!timeline_row(timeline, statement))
            break;
        is_empty = false;
    }
    if (!is_empty)
        timeline_hold(timeline, at_ns, run->sim_ns, true);
    vec_fini(&timeline->services);
    if (code == SQLITE_ROW) {
        sqlite3_finalize(statement);
        *out_message = message_format(
            "%s: the database is damaged: its timeline has more Services than it can have", database->shown);
        return STATUS_BAD_INPUT;
    }
    return database_finish(database, statement, code, out_message);
}

static double timeline_value(const struct timeline *timeline, const struct figure *figure)
{
    double measured_s = timeline->columns[figure->column].measured_s;
    double min = timeline->columns[figure->column].min, max = timeline->columns[figure->column].max;
    switch (figure->aggregate) {
    case AGGREGATE_MIN:
        return isinf(min) ? NAN : min;
    case AGGREGATE_MAX:
        return isinf(max) ? NAN : max;
    case AGGREGATE_FINAL:
        return timeline->columns[figure->column].final;
    default:
        break;
    }
    /* A run that is over at once has its last state for a mean. */
    return measured_s > 0 ? timeline->columns[figure->column].integral / measured_s
                          : timeline->columns[figure->column].final;
}

/* --- latency ------------------------------------------------------------------------------------------ */

/* Sorted samples in seconds. */
struct samples {
    VEC(double) values;
};

static enum status read_samples(struct database *database, int64_t run_id, int64_t warm_up_ns,
    struct samples *samples, char **out_message)
{
    sqlite3_stmt *statement = database_prepare(database,
        "SELECT latency_ns / 1e9 FROM latency WHERE sample_id BETWEEN ?1 << 40 AND (?1 << 40) + "
        "1099511627775 "
        "AND t_ns >= ?2 ORDER BY latency_ns",
        out_message);
    if (statement == NULL)
        return database_status(database);
    sqlite3_bind_int64(statement, 1, run_id);
    sqlite3_bind_int64(statement, 2, warm_up_ns);
    int code;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW)
        vec_push(&samples->values, sqlite3_column_double(statement, 0));
    return database_finish(database, statement, code, out_message);
}

static double sample_value(const struct samples *samples, const struct figure *figure)
{
    if (samples->values.count == 0)
        return NAN;
    if (figure->aggregate == AGGREGATE_MEAN)
        return spread_of(samples->values.items, samples->values.count).mean;
    return percentile_of_sorted(samples->values.items, samples->values.count, figure->percent);
}

/* --- all of them -------------------------------------------------------------------------------------- */

static double run_value(const struct stored_run *run, const struct figure *figure)
{
    switch (figure->column) {
    case RUN_EVENTS:
        return run->events < 0 ? NAN : (double)run->events;
    case RUN_SIM_S:
        return run->sim_ns < 0 ? NAN : (double)run->sim_ns / NS_PER_S;
    default:
        return run->wall_s < 0 ? NAN : run->wall_s;
    }
}

static bool is_wanted(const struct figure *figures, uint32_t count, enum figure_source source)
{
    for (uint32_t i = 0; i < count; i++)
        if (figures[i].source == source)
            return true;
    return false;
}

static enum status check_level(const struct stored_run *run, const struct figure *figures, uint32_t count,
    int64_t warm_up_ns, char **out_message)
{
    static const char *const levels[] = {"summary", "series", "full"};
    for (uint32_t i = 0; i < count; i++) {
        if (figure_is_recorded(&figures[i], run->level, warm_up_ns))
            continue;
        bool is_sum = figures[i].source == FIGURE_OF_REQUESTS;
        *out_message = message_format("%s%s needs --record %s; run %lld was recorded with --record %s",
            figures[i].name, is_sum ? " with a warm-up" : "", is_sum ? "full" : "series (or full)",
            (long long)run->run_id, levels[(unsigned)run->level % 3]);
        return STATUS_NOT_FOUND;
    }
    return STATUS_OK;
}

enum status figures_read(struct database *database, const struct stored_run *run,
    const struct figure *figures, uint32_t count, int64_t warm_up_ns, double *values, char **out_message)
{
    double sums[CONTROLLER_COUNT][REQUEST_COLUMN_COUNT] = {0};
    struct timeline timeline = {.slice_max = run->endpoints_per_slice_max, .from_ns = warm_up_ns};
    struct samples samples = {0};
    enum status status = check_level(run, figures, count, warm_up_ns, out_message);
    if (status == STATUS_OK && is_wanted(figures, count, FIGURE_OF_REQUESTS))
        status = read_requests(database, run->run_id, warm_up_ns, sums, out_message);
    if (status == STATUS_OK && is_wanted(figures, count, FIGURE_OF_TIMELINE))
        status = read_timeline(database, run, &timeline, out_message);
    if (status == STATUS_OK && is_wanted(figures, count, FIGURE_OF_LATENCY))
        status = read_samples(database, run->run_id, warm_up_ns, &samples, out_message);
    for (uint32_t i = 0; i < count && status == STATUS_OK; i++) {
        switch (figures[i].source) {
        case FIGURE_OF_RUN:
            values[i] = run_value(run, &figures[i]);
            break;
        case FIGURE_OF_REQUESTS:
            values[i] = request_value(sums, &figures[i]);
            break;
        case FIGURE_OF_TIMELINE:
            values[i] = timeline_value(&timeline, &figures[i]);
            break;
        case FIGURE_OF_LATENCY:
            values[i] = sample_value(&samples, &figures[i]);
            break;
        }
    }
    vec_fini(&samples.values);
    return status;
}
