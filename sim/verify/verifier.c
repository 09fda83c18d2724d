/*
 * verifier.c: see verifier.h.
 */
#include "verify/verifier_private.h"

#include <stdlib.h>

#include "base/mem.h"

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

void verifier_error(struct verifier *verifier, struct recording_error *error)
{
    verifier->totals.errors++;
    if (verifier->observer.on_error)
        verifier->observer.on_error(verifier->observer.self, verifier->path, error);
    text_clear(&error->message);
    text_clear(&error->text);
}

void verifier_bad_line(struct verifier *verifier, const struct text *message)
{
    struct recording_error error = {0};
    lines_fail(verifier->lines, &error, "%s", message->length ? message->data : "bad line");
    verifier_error(verifier, &error);
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
