/*
 * verify_step.c: see verify_step.h. A sync whose outcome is left to chance is carried out VERIFY_VOTES times.
 */
#include "verify/verify_step.h"

#include "verify/step_run.h"
#include "verify/verifier_private.h"

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

void verify_step(struct verifier *verifier, const json_t *line)
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
        verifier_bad_line(verifier, &text);
    }
    step_fini(&step);
    text_fini(&text);
}
