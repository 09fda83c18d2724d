/*
 * verify.c: see verify.h. What the lines say is judged in verify_step.c, verify_history.c and
 * verify_cluster.c.
 */
#include "verify/verify.h"

#include <stdlib.h>
#include <string.h>

#include "verify/recording.h"
#include "verify/verifier_private.h"
#include "verify/verify_cluster.h"
#include "verify/verify_history.h"
#include "verify/verify_step.h"

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
            verifier_bad_line(verifier, &message);
    } else if (!verifier->history.name ||
               strcmp(recording_text(line, "sequence"), verifier->history.name) != 0) {
        text_add(&message, "a step of a history, but its head with \"runs\" did not come before it");
        verifier_bad_line(verifier, &message);
    } else if (!history_add_step(
                   &verifier->history, json_incref(line), lines_number(verifier->lines), &message)) {
        verifier_bad_line(verifier, &message);
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
        verify_step(verifier, line);
    } else if (json_object_get(line, "scenario")) {
        verify_cluster_head(verifier, line);
    } else if (json_object_get(line, "writes")) {
        verify_cluster_step(verifier, line);
    } else {
        struct text message = {0};
        text_add(&message,
            "this is no line of a recording; expected \"case\", \"sequence\", \"scenario\" or \"writes\"");
        verifier_bad_line(verifier, &message);
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
    verifier_error(verifier, error);
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
        verifier_error(verifier, &error);
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
        verifier_error(verifier, &error);
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
