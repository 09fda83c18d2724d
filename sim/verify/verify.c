/*
 * verify.c: see verify.h. Histories are judged in verify_history.c.
 */
#include "verify/verify.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "verify/cluster.h"
#include "verify/recording.h"
#include "verify/step_run.h"
#include "verify/verify_private.h"

const char *verify_part_text(enum verify_part part)
{
    static const char *const texts[VERIFY_PART_COUNT] = {
        [VERIFY_ENDPOINTS] = "syncs of endpoints",
        [VERIFY_ENDPOINTSLICE] = "syncs of endpointslice",
        [VERIFY_MIRRORING] = "syncs of endpointslicemirroring",
        [VERIFY_HISTORY_ENDPOINTS] = "histories: endpoints, requests",
        [VERIFY_HISTORY_SLICES] = "histories: slices",
        [VERIFY_HISTORY_DISTANCE] = "histories: distance",
        [VERIFY_ENCODING] = "encoded objects",
    };
    return texts[part];
}

struct verify_options verify_options_default(void)
{
    return (struct verify_options){.runs = VERIFY_RUNS_DEFAULT, .choices = CHOICE_RANDOM, .seed = 1};
}

struct verifier *verifier_create(const struct verify_options *options, const struct verify_observer *observer)
{
    struct verifier *verifier = mem_zalloc(sizeof *verifier);
    verifier->options = *options;
    verifier->observer = *observer;
    return verifier;
}

void verifier_destroy(struct verifier *verifier)
{
    if (!verifier)
        return;
    history_fini(&verifier->history);
    free(verifier->scenario);
    free(verifier);
}

const struct verify_totals *verifier_totals(const struct verifier *verifier)
{
    return &verifier->totals;
}

/* --- telling --- */

void verifier_result(struct verifier *verifier, const struct verify_case *result)
{
    struct verify_totals *totals = &verifier->totals;
    (result->passed ? totals->passed : totals->failed)[result->part]++;
    if (verifier->observer.on_case)
        verifier->observer.on_case(verifier->observer.self, result);
}

void verifier_answer(struct verifier *verifier, const struct text *line)
{
    if (verifier->totals.stopped)
        return;
    verifier->totals.answers++;
    if (verifier->observer.on_answer && !verifier->observer.on_answer(verifier->observer.self, line))
        verifier->totals.stopped = true;
}

static void tell_error(struct verifier *verifier, struct recording_error *error)
{
    verifier->totals.errors++;
    if (verifier->observer.on_error)
        verifier->observer.on_error(verifier->observer.self, verifier->path, error);
    text_clear(&error->message);
    text_clear(&error->text);
}

/* The present line is bad, as `message` says. */
static void bad_line(struct verifier *verifier, const struct text *message)
{
    struct recording_error error = {0};
    lines_fail(verifier->lines, &error, "%s", message->length ? message->data : "bad line");
    tell_error(verifier, &error);
    recording_error_fini(&error);
}

bool verifier_go_on(struct verifier *verifier, double part)
{
    if (!verifier->totals.stopped && verifier->observer.on_progress) {
        double share = lines_share(verifier->lines);
        share = verifier->share_before + (share - verifier->share_before) * part;
        if (!verifier->observer.on_progress(verifier->observer.self, verifier->path, share))
            verifier->totals.stopped = true;
    }
    return !verifier->totals.stopped;
}

/* --- steps --- */

/* Whose outcome the choices decide. */
static bool is_open(const struct verifier *verifier, const struct step *step)
{
    return verifier->options.choices == CHOICE_RANDOM &&
           (step->controller == CONTROLLER_MIRRORING || step_hints_are_open(step));
}

struct votes {
    struct step_run *runs[VERIFY_VOTES];
    uint32_t count;
};

static void votes_make(struct votes *votes, const struct verifier *verifier, const struct step *step)
{
    votes->count = is_open(verifier, step) ? VERIFY_VOTES : 1;
    for (uint32_t i = 0; i < votes->count; i++)
        votes->runs[i] = step_run_create(step, verifier->options.choices, verifier->options.seed + i);
}

/* The first run with the outcome that most have; of equally many the first. */
static struct step_run *votes_winner(const struct votes *votes)
{
    struct step_run *winner = NULL;
    uint32_t most = 0;
    for (uint32_t i = 0; i < votes->count; i++) {
        uint32_t same = 0;
        for (uint32_t k = 0; k < votes->count; k++)
            same += step_run_signature(votes->runs[k]) == step_run_signature(votes->runs[i]);
        if (same > most) {
            winner = votes->runs[i];
            most = same;
        }
    }
    return winner;
}

static bool votes_agree(const struct votes *votes, struct step_run *winner, struct text *why)
{
    bool same = step_run_compare(winner, why);
    struct text ignored = {0};
    for (uint32_t i = 0; i < votes->count && !same; i++) {
        if (step_run_signature(votes->runs[i]) != step_run_signature(winner))
            same = step_run_compare(votes->runs[i], &ignored);
    }
    text_fini(&ignored);
    return same;
}

static void judge_step(
    struct verifier *verifier, const struct step *step, const struct votes *votes, struct step_run *winner)
{
    struct text why = {0};
    bool passed = votes_agree(votes, winner, &why);
    text_add(&why, "");
    verifier_result(verifier, &(struct verify_case){
                                  .part = (enum verify_part)step->controller,
                                  .path = verifier->path,
                                  .line = lines_number(verifier->lines),
                                  .name = step->name,
                                  .about = step->about,
                                  .passed = passed,
                                  .why = why.data,
                              });
    text_fini(&why);
}

static void take_step(struct verifier *verifier, const json_t *line)
{
    struct step step;
    struct text text = {0};
    bool good = step_read(&step, line, &text);
    if (good && !verifier->options.answers && !step.has_want) {
        text_add(&text, "\"want\" is missing: nothing to hold an answer against");
        good = false;
    }
    if (good) {
        struct votes votes;
        votes_make(&votes, verifier, &step);
        struct step_run *winner = votes_winner(&votes);
        if (verifier->options.answers) {
            step_run_answer(winner, &text);
            verifier_answer(verifier, &text);
        } else {
            judge_step(verifier, &step, &votes, winner);
        }
        for (uint32_t i = 0; i < votes.count; i++)
            step_run_destroy(votes.runs[i]);
    } else {
        bad_line(verifier, &text);
    }
    step_fini(&step);
    text_fini(&text);
}

/* --- whole control planes --- */

static void answer_write(
    struct verifier *verifier, const json_t *step, size_t number, const struct cluster_sizes *got)
{
    struct text out = {0};
    text_add(&out, "{\"scenario\":");
    text_add_json(&out, verifier->scenario, strlen(verifier->scenario));
    text_printf(&out,
        ",\"step\":%lld,\"write\":%zu,\"object_bytes\":%llu,\"enveloped_bytes\":%llu,\"frame_bytes\":%llu,"
        "\"json_bytes\":%llu,\"object_sha256\":\"%s\"}",
        (long long)json_integer_value(json_object_get(step, "step")), number,
        (unsigned long long)got->object_bytes, (unsigned long long)got->enveloped_bytes,
        (unsigned long long)got->frame_bytes, (unsigned long long)got->json_bytes, got->object_sha256);
    verifier_answer(verifier, &out);
    text_fini(&out);
}

static void judge_write(struct verifier *verifier, const json_t *step, size_t number, const json_t *write,
    const struct cluster_sizes *got, struct text *why)
{
    const json_t *metadata = json_object_get(json_object_get(write, "object"), "metadata");
    bool holds = why->length == 0;
    bool passed = cluster_compare(write, got, why) && holds;
    struct text name = {0}, about = {0};
    text_printf(&name, "%s/%lld write %zu", verifier->scenario,
        (long long)json_integer_value(json_object_get(step, "step")), number);
    text_printf(&about, "%s: %s %s %s", recording_text(json_object_get(step, "event"), "note"),
        recording_text(write, "type"), recording_text(json_object_get(write, "object"), "kind"),
        recording_text(metadata, "name"));
    text_add(why, "");
    verifier_result(verifier, &(struct verify_case){
                                  .part = VERIFY_ENCODING,
                                  .path = verifier->path,
                                  .line = lines_number(verifier->lines),
                                  .name = name.data,
                                  .about = about.data,
                                  .passed = passed,
                                  .why = why->data,
                              });
    text_fini(&name);
    text_fini(&about);
}

static void take_write(struct verifier *verifier, const json_t *step, size_t number, const json_t *write)
{
    if (json_is_true(json_object_get(write, "elided"))) {
        verifier->totals.elided++;
        return;
    }
    struct cluster_sizes got;
    struct text why = {0};
    if (!cluster_encode(json_object_get(write, "object"), recording_text(write, "type"), &got, &why)) {
        text_clear(&why);
        text_printf(&why, "writes[%zu].object is no Endpoints object and no EndpointSlice", number);
        bad_line(verifier, &why);
    } else if (verifier->options.answers) {
        answer_write(verifier, step, number, &got);
    } else {
        judge_write(verifier, step, number, write, &got, &why);
    }
    text_fini(&why);
}

static void take_cluster_step(struct verifier *verifier, const json_t *line)
{
    struct text message = {0};
    if (!verifier->scenario)
        text_add(&message, "a step of a control plane, but no line with \"scenario\" came before it");
    else if (!json_is_integer(json_object_get(line, "step")))
        text_add(&message, "\"step\" must be a number");
    const json_t *writes = json_object_get(line, "writes");
    if (message.length)
        bad_line(verifier, &message);
    for (size_t i = 0; !message.length && i < json_array_size(writes); i++)
        take_write(verifier, line, i, json_array_get(writes, i));
    text_fini(&message);
}

static void take_cluster_head(struct verifier *verifier, const json_t *line)
{
    const char *name = recording_text(line, "scenario");
    free(verifier->scenario);
    verifier->scenario = mem_strndup(name, strlen(name));
}

/* --- histories --- */

static void end_history(struct verifier *verifier)
{
    if (verifier->history.name)
        verify_history(verifier);
    history_fini(&verifier->history);
}

static void take_history_line(struct verifier *verifier, json_t *line)
{
    struct text message = {0};
    if (!json_object_get(line, "watch")) {
        end_history(verifier);
        if (!history_read_head(&verifier->history, line, &message))
            bad_line(verifier, &message);
    } else if (!verifier->history.name ||
               strcmp(recording_text(line, "sequence"), verifier->history.name) != 0) {
        text_add(&message, "a step of a history, but its head with \"runs\" did not come before it");
        bad_line(verifier, &message);
    } else if (!history_add_step(
                   &verifier->history, json_incref(line), lines_number(verifier->lines), &message)) {
        bad_line(verifier, &message);
    }
    text_fini(&message);
}

/* --- files --- */

static void take_line(struct verifier *verifier, json_t *line)
{
    if (json_object_get(line, "sequence")) {
        take_history_line(verifier, line);
        return;
    }
    end_history(verifier);
    if (json_object_get(line, "case")) {
        take_step(verifier, line);
    } else if (json_object_get(line, "scenario")) {
        take_cluster_head(verifier, line);
    } else if (json_object_get(line, "writes")) {
        take_cluster_step(verifier, line);
    } else {
        struct text message = {0};
        text_add(&message,
            "this is no line of a recording; expected \"case\", \"sequence\", \"scenario\" or \"writes\"");
        bad_line(verifier, &message);
        text_fini(&message);
    }
}

/* More bad lines than this, or a bad first one, and the file is taken for none. */
#define BAD_LINES_MAX 20

/* The next line. False: there is none, or the file is given up. */
static bool read_line(struct verifier *verifier, struct recording_error *error)
{
    json_t *line = lines_next(verifier->lines, error);
    if (line) {
        take_line(verifier, line);
        json_decref(line);
        return true;
    }
    if (error->message.length == 0)
        return false;
    bool is_over = error->text.length == 0; /* the file, not the line */
    tell_error(verifier, error);
    return !is_over;
}

static void read_lines(struct verifier *verifier)
{
    struct recording_error error = {0};
    uint64_t errors_before = verifier->totals.errors, errors_max = errors_before;
    while (
        read_line(verifier, &error) && verifier->totals.errors <= errors_max && verifier_go_on(verifier, 1)) {
        errors_max = errors_before + BAD_LINES_MAX;
        verifier->share_before = lines_share(verifier->lines);
    }
    if (lines_number(verifier->lines) == 0 && verifier->totals.errors == errors_before) {
        text_add(&error.message, "the file is empty; expected a recording, one JSON object a line");
        tell_error(verifier, &error);
    }
    recording_error_fini(&error);
}

void verifier_file(struct verifier *verifier, const char *path)
{
    struct recording_error error = {0};
    verifier->path = strcmp(path, "-") == 0 ? "<stdin>" : path;
    verifier->share_before = 0;
    verifier->file_histograms = verifier->totals.histograms;
    verifier->file_distance = verifier->totals.distance_sum;
    verifier->lines = lines_open(path, &error);
    if (!verifier->lines) {
        tell_error(verifier, &error);
    } else {
        read_lines(verifier);
        if (!verifier->totals.stopped)
            end_history(verifier);
        history_fini(&verifier->history);
        verify_mean_distance(verifier);
    }
    free(verifier->scenario);
    verifier->scenario = NULL;
    lines_close(verifier->lines);
    verifier->lines = NULL;
    recording_error_fini(&error);
}
