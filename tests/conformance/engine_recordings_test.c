/*
 * engine_recordings_test.c: the engine and the encoders against all recordings of the real controllers.
 *
 * Pins: every request of every recorded sync, with its bytes, Events and errors, both with drawn choices and
 * with the first candidate always; every Endpoints object after every step of the histories, byte for byte,
 * trigger times and the numbers of syncs and requests of all three controllers with it; the histograms of
 * slices; the bytes of every object of a whole control plane, hash included. Does not pin: trigger times of
 * single syncs, which the recordings give; syncs by small steps (engine_model_test.c); the pipeline before
 * the objects of a control plane.
 */
#include <dirent.h>

#include "conformance/own_batches.h"
#include "unit/suite.h"
#include "verify/verify.h"

#define FOLDER "tests/conformance/"

static void on_case(void *self, const struct verify_case *result)
{
    uint32_t *shown = self;
    if (!result->passed && (*shown)++ < 20)
        printf("\nFAIL %s:%u %s (%.160s)\n%.3000s", result->path, result->line, result->name, result->about,
            result->why);
}

static void on_error(void *self, const char *path, const struct recording_error *error)
{
    (void)self;
    printf("\n%s:%u:%u: %s\n", path, error->line, error->column, error->message.data);
}

struct want {
    uint64_t passed[VERIFY_PART_COUNT];
    uint64_t elided;
};

static void check(const char *const *paths, size_t count, enum choice_mode choices, const struct want *want)
{
    uint32_t shown = 0;
    struct verify_options options = verify_options_default();
    options.choices = choices;
    struct verifier *verifier = verifier_create(
        &options, &(struct verify_observer){.self = &shown, .on_case = on_case, .on_error = on_error});
    for (size_t i = 0; i < count; i++)
        verifier_file(verifier, paths[i]);
    const struct verify_totals *totals = verifier_totals(verifier);
    CU_ASSERT_EQUAL(totals->errors, 0);
    CU_ASSERT_EQUAL(totals->elided, want->elided);
    CU_ASSERT_EQUAL(totals->answers, 0);
    for (int p = 0; p < VERIFY_PART_COUNT; p++) {
        CU_ASSERT_EQUAL(totals->failed[p], 0);
        CU_ASSERT_EQUAL(totals->passed[p], want->passed[p]);
    }
    if (totals->histograms > 0)
        printf("mean distance %.4f ... ", totals->distance_sum / (double)totals->histograms);
    verifier_destroy(verifier);
}

static void check_steps(enum choice_mode choices)
{
    static const char *const paths[] = {FOLDER "golden/steps-curated.ndjson.gz",
        FOLDER "golden/steps-random.ndjson.gz", FOLDER "golden/steps-wild.ndjson.gz"};
    static const struct want want = {
        .passed = {[VERIFY_ENDPOINTS] = 1026, [VERIFY_ENDPOINTSLICE] = 1330, [VERIFY_MIRRORING] = 92}};
    check(paths, 3, choices, &want);
}

static void steps_drawn(void)
{
    check_steps(CHOICE_RANDOM);
}

static void steps_fixed(void)
{
    check_steps(CHOICE_FIXED);
}

static void histories(void)
{
    static const char *const paths[] = {FOLDER "golden/sequences.ndjson.gz"};
    static const struct want want = {.passed = {[VERIFY_HISTORY_ENDPOINTS] = 1800,
                                         [VERIFY_HISTORY_SLICES] = 1800,
                                         [VERIFY_HISTORY_DISTANCE] = 1}};
    check(paths, 1, CHOICE_RANDOM, &want);
}

static void check_own(enum choice_mode choices, bool are_histories)
{
    for (size_t i = 0; i < OWN_BATCH_COUNT; i++) {
        const struct own_batch *batch = &own_batches[i];
        if (!own_batch_runs(batch) || (batch->histories > 0) != are_histories)
            continue;
        struct want want = {.passed = {
                                [VERIFY_ENDPOINTS] = batch->syncs[0],
                                [VERIFY_ENDPOINTSLICE] = batch->syncs[1],
                                [VERIFY_MIRRORING] = batch->syncs[2],
                                [VERIFY_HISTORY_ENDPOINTS] = batch->histories,
                                [VERIFY_HISTORY_SLICES] = batch->histories,
                                [VERIFY_HISTORY_DISTANCE] = batch->histories > 0,
                            }};
        check(&batch->path, 1, choices, &want);
    }
}

static void own_steps_drawn(void)
{
    check_own(CHOICE_RANDOM, false);
}

static void own_steps_fixed(void)
{
    check_own(CHOICE_FIXED, false);
}

static void own_histories(void)
{
    check_own(CHOICE_RANDOM, true);
}

static void control_planes(void)
{
    static const struct want want = {.passed = {[VERIFY_ENCODING] = 482}, .elided = 42};
    char paths[32][300];
    const char *list[32];
    uint32_t count = 0;
    DIR *folder = opendir(FOLDER "cluster");
    CU_ASSERT_PTR_NOT_NULL_FATAL(folder);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL && count < 32;) {
        if (entry->d_name[0] == '.')
            continue;
        snprintf(paths[count], sizeof paths[count], FOLDER "cluster/%s", entry->d_name);
        list[count] = paths[count];
        count++;
    }
    closedir(folder);
    CU_ASSERT_EQUAL(count, 16);
    check(list, count, CHOICE_RANDOM, &want);
}

static const struct part {
    const char *name;
    uint32_t count;
    struct suite_test tests[2];
} parts[] = {
    {"drawn", 2,
        {{"single syncs, choices drawn", steps_drawn},
            {"single syncs of our harness, choices drawn", own_steps_drawn}}},
    {"fixed", 2,
        {{"single syncs, the first candidate always", steps_fixed},
            {"single syncs of our harness, the first candidate always", own_steps_fixed}}},
    {"histories", 2, {{"histories", histories}, {"histories of our harness", own_histories}}},
    {"objects", 1, {{"whole control planes", control_planes}}},
};

/* One part, so that CTest runs them side by side; all of them take minutes under sanitizers. */
int main(int argc, char **argv)
{
    for (size_t i = 0; i < sizeof parts / sizeof parts[0] && argc == 2; i++) {
        if (strcmp(parts[i].name, argv[1]) == 0)
            return suite_main(parts[i].name, parts[i].tests, parts[i].count);
    }
    fprintf(stderr, "usage: %s drawn|fixed|histories|objects\n", argv[0]);
    return 2;
}
