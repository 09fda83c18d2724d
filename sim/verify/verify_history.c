/*
 * verify_history.c: see verify_history.h. Endpoints and requests must be right in every run, slices as
 * often as in the recording.
 */
#include "verify/verify_history.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "verify/json_diff.h"
#include "verify/recording.h"
#include "verify/verifier_private.h"

/* How often an outcome of the slices came. */
struct outcome_count {
    char *text;
    uint32_t count;
};

/* One Service after one step, over all runs. */
struct cell {
    uint32_t step; /* index */
    const char *service;
    const json_t *want;
    char *endpoints_json; /* of the first run; NULL: none */
    struct text why;      /* differences of Endpoints or requests, of the first run that has any */
    VEC(struct outcome_count) slices;
};

struct judge {
    struct verifier *verifier;
    const struct history *history;
    VEC(struct cell) cells; /* in the order of the steps and of their Services */
};

/* --- one run's outcome --- */

static void make_cells(struct judge *judge)
{
    for (uint32_t s = 0; s < judge->history->steps.count; s++) {
        const char *service;
        json_t *want;
        json_object_foreach(json_object_get(judge->history->steps.items[s], "want"), service, want)
            vec_push(&judge->cells, ((struct cell){.step = s, .service = service, .want = want}));
    }
}

static void count_slices(struct cell *cell, const char *text)
{
    for (uint32_t i = 0; i < cell->slices.count; i++) {
        if (strcmp(cell->slices.items[i].text, text) == 0) {
            cell->slices.items[i].count++;
            return;
        }
    }
    vec_push(&cell->slices, ((struct outcome_count){mem_strndup(text, strlen(text)), 1}));
}

/* As far as it is compared: uid and resourceVersion are the server's. */
static json_t *masked(const json_t *endpoints)
{
    json_t *copy = json_deep_copy(endpoints);
    json_object_del(json_object_get(copy, "metadata"), "uid");
    json_object_del(json_object_get(copy, "metadata"), "resourceVersion");
    return copy;
}

static void compare_objects(struct cell *cell, const struct history_outcome *got)
{
    const json_t *recorded = recording_object(cell->want, "endpoints");
    json_t *want = recorded ? masked(recorded) : NULL;
    json_t *answer = got->endpoints_json ? json_loads(got->endpoints_json, 0, NULL) : NULL;
    if ((want || answer) && !json_equal(want, answer)) {
        text_add(&cell->why, "Endpoints:\n");
        if (json_diff(want, answer, NULL, &cell->why))
            text_add(&cell->why, "they differ in what is empty and what is absent\n");
    }
    json_decref(want);
    json_decref(answer);
    const json_t *bytes = json_object_get(cell->want, "endpointsProtobuf");
    if (got->endpoints_json && (uint64_t)json_integer_value(bytes) != got->endpoints_bytes)
        text_printf(&cell->why, "Endpoints in protobuf: expected %lld bytes, got %llu\n",
            (long long)json_integer_value(bytes), (unsigned long long)got->endpoints_bytes);
}

static void compare_requests(struct cell *cell, const char *controller, const char *got)
{
    const char *want = recording_text(json_object_get(cell->want, "requests"), controller);
    if (strcmp(want, got) != 0)
        text_printf(&cell->why, "requests of %s:\n  expected %s\n  got      %s\n", controller, want, got);
}

static bool same_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static void judge_outcome(struct cell *cell, const struct history_outcome *got, bool is_first)
{
    count_slices(cell, got->slices);
    if (cell->why.length)
        return;
    if (is_first && got->endpoints_json)
        cell->endpoints_json = mem_strndup(got->endpoints_json, strlen(got->endpoints_json));
    /* What is as in the first run was right there. */
    if (is_first || !same_text(cell->endpoints_json, got->endpoints_json))
        compare_objects(cell, got);
    compare_requests(cell, "endpoints", got->endpoints_requests);
    compare_requests(cell, "endpointslicemirroring", got->mirroring_requests);
}

static void answer_outcome(
    const struct judge *judge, const struct cell *cell, uint32_t run, const struct history_outcome *got)
{
    struct text out = {0};
    const json_t *step = judge->history->steps.items[cell->step];
    text_add(&out, "{\"sequence\":");
    text_add_json(&out, judge->history->name, strlen(judge->history->name));
    text_printf(
        &out, ",\"step\":%lld,\"service\":", (long long)json_integer_value(json_object_get(step, "step")));
    text_add_json(&out, cell->service, strlen(cell->service));
    text_printf(
        &out, ",\"run\":%u,\"endpoints\":%s,", run, got->endpoints_json ? got->endpoints_json : "null");
    if (got->endpoints_json)
        text_printf(&out, "\"endpointsProtobuf\":%llu,", (unsigned long long)got->endpoints_bytes);
    text_printf(&out, "\"requests\":{\"endpoints\":\"%s\",\"endpointslicemirroring\":\"%s\"},\"slices\":",
        got->endpoints_requests, got->mirroring_requests);
    text_add_json(&out, got->slices, strlen(got->slices));
    text_add_char(&out, '}');
    verifier_answer(judge->verifier, &out);
    text_fini(&out);
}

/* --- all runs --- */

static void play(struct judge *judge, uint32_t number)
{
    const struct verify_options *options = &judge->verifier->options;
    struct history_run *run = history_run_create(judge->history, options->choices, options->seed + number);
    uint32_t c = 0;
    for (uint32_t s = 0; s < judge->history->steps.count; s++) {
        history_run_step(run);
        for (; c < judge->cells.count && judge->cells.items[c].step == s; c++) {
            struct cell *cell = &judge->cells.items[c];
            struct history_outcome outcome;
            history_run_outcome(run, cell->service, &outcome);
            if (number == 0)
                text_add(&cell->why, history_run_problems(run));
            if (options->answers)
                answer_outcome(judge, cell, number, &outcome);
            else
                judge_outcome(cell, &outcome, number == 0);
        }
    }
    history_run_destroy(run);
}

/* --- judging --- */

/* Half the sum of the absolute differences of the two histograms. */
static double distance(const struct cell *cell, uint32_t want_runs, uint32_t runs)
{
    double sum = 0, found = 0;
    const char *key;
    json_t *value;
    json_object_foreach(json_object_get(cell->want, "slices"), key, value)
    {
        uint32_t count = 0;
        for (uint32_t i = 0; i < cell->slices.count; i++)
            count += strcmp(key, cell->slices.items[i].text) == 0 ? cell->slices.items[i].count : 0;
        double share = (double)count / runs;
        double difference = (double)json_integer_value(value) / want_runs - share;
        sum += difference < 0 ? -difference : difference;
        found += share;
    }
    return (sum + (1 - found)) / 2;
}

static void add_histograms(struct text *out, const struct cell *cell, double d)
{
    text_printf(out, "the histograms are %.2f apart (limit %.1f)\n", d, VERIFY_STEP_DISTANCE_MAX);
    const char *key;
    json_t *value;
    json_object_foreach(json_object_get(cell->want, "slices"), key, value)
        text_printf(out, "  expected %lld x %s\n", (long long)json_integer_value(value), key);
    for (uint32_t i = 0; i < cell->slices.count; i++)
        text_printf(out, "  got %u x %s\n", cell->slices.items[i].count, cell->slices.items[i].text);
}

static void tell_cell(
    struct judge *judge, const struct cell *cell, enum verify_part part, const struct text *why)
{
    const struct history *history = judge->history;
    const json_t *step = history->steps.items[cell->step];
    struct text name = {0};
    text_printf(&name, "%s/%lld %s", history->name,
        (long long)json_integer_value(json_object_get(step, "step")), cell->service);
    verifier_result(judge->verifier, &(struct verify_case){
                                         .part = part,
                                         .path = judge->verifier->path,
                                         .line = history->lines.items[cell->step],
                                         .name = name.data,
                                         .about = recording_text(step, "about"),
                                         .passed = why->length == 0,
                                         .why = why->length ? why->data : "",
                                     });
    text_fini(&name);
}

static void judge_cell(struct judge *judge, const struct cell *cell)
{
    struct verifier *verifier = judge->verifier;
    struct verify_totals *totals = &verifier->totals;
    uint32_t want_runs = judge->history->runs, runs = verifier->options.runs;
    tell_cell(judge, cell, VERIFY_HISTORY_ENDPOINTS, &cell->why);
    double d = distance(cell, want_runs, runs);
    uint32_t fewest = runs < want_runs ? runs : want_runs;
    totals->histograms++;
    totals->distance_sum += d;
    totals->runs_min = totals->runs_min == 0 || fewest < totals->runs_min ? fewest : totals->runs_min;
    verifier->file_runs_min =
        verifier->file_runs_min == 0 || fewest < verifier->file_runs_min ? fewest : verifier->file_runs_min;
    if (fewest < VERIFY_RUNS_STEP_MIN)
        return;
    struct text why = {0};
    if (d > VERIFY_STEP_DISTANCE_MAX)
        add_histograms(&why, cell, d);
    tell_cell(judge, cell, VERIFY_HISTORY_SLICES, &why);
    text_fini(&why);
}

void verify_mean_distance(struct verifier *verifier)
{
    uint64_t count = verifier->totals.histograms - verifier->file_histograms;
    uint32_t runs_min = verifier->file_runs_min;
    verifier->file_runs_min = 0;
    if (count == 0 || runs_min < VERIFY_RUNS_MEAN_MIN || verifier->options.choices == CHOICE_FIXED)
        return;
    double mean = (verifier->totals.distance_sum - verifier->file_distance) / (double)count;
    struct text name = {0}, why = {0};
    text_printf(&name, "mean distance %.4f of %llu histograms", mean, (unsigned long long)count);
    if (mean > VERIFY_MEAN_DISTANCE_MAX)
        text_printf(&why, "expected at most %.2f\n", VERIFY_MEAN_DISTANCE_MAX);
    verifier_result(verifier, &(struct verify_case){
                                  .part = VERIFY_HISTORY_DISTANCE,
                                  .path = verifier->path,
                                  .line = lines_number(verifier->lines),
                                  .name = name.data,
                                  .about = "half the sum of absolute differences",
                                  .passed = why.length == 0,
                                  .why = why.length ? why.data : "",
                              });
    text_fini(&name);
    text_fini(&why);
}

void verify_history(struct verifier *verifier)
{
    struct judge judge = {.verifier = verifier, .history = &verifier->history};
    uint32_t runs = verifier->options.runs;
    make_cells(&judge);
    bool goes_on = true;
    for (uint32_t run = 0; run < runs && goes_on; run++) {
        play(&judge, run);
        goes_on = verifier_go_on(verifier, (double)(run + 1) / runs);
    }
    for (uint32_t c = 0; c < judge.cells.count; c++) {
        struct cell *cell = &judge.cells.items[c];
        if (goes_on && !verifier->options.answers)
            judge_cell(&judge, cell);
        for (uint32_t i = 0; i < cell->slices.count; i++)
            free(cell->slices.items[i].text);
        vec_fini(&cell->slices);
        text_fini(&cell->why);
        free(cell->endpoints_json);
    }
    vec_fini(&judge.cells);
}
