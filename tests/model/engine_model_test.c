/*
 * engine_model_test.c: the incremental engine against its naive twin, event by event.
 *
 * Pins: after every event of random programs, engine and twin agree on every Endpoints object (subsets, their
 * order, truncation, annotations), on every slice (order, names, endpoints in their order, labels,
 * generation, annotations, owners), on every request in its order, on how many syncs there were and how many
 * of them failed, and on the rows of the timeline; and the sizes that the engine reports are those of the
 * encoded objects. Releases 1.34 to 1.37, both modes of choice, all small slice sizes and capacities.
 * Batch periods in a third of the programs, with events at the very ends of windows.
 * Half of the programs decide each sync first and write then, step by step (flight.h), as when requests take
 * time, though none does: decided or done at once, it comes to the same.
 * Does not pin: resource versions and uids; other delays than batch periods.
 *
 * A failing program is shrunk and printed, also as a scenario file (EPSIM_TEST_QUICK=1: not). EPSIM_TEST_SEED
 * picks other programs, EPSIM_TEST_LONG=1 runs thirty times as many.
 */
#include "model/model_run.h"
#include "unit/suite.h"

#define PROGRAMS 72
#define EVENTS 150

/* What the program did step by step, and the scenario file that does it again. */
static void show(const struct program *program, uint64_t seed, uint32_t step)
{
    char path[4096], title[200];
    snprintf(path, sizeof path, "%s/program-%" PRIu64 ".yaml", EPSIM_MODEL_OUTPUT, seed);
    snprintf(title, sizeof title,
        "engine_model_test: program %" PRIu64 " failed at event %u; the least that fails.", seed, step);
    printf("\n%s Slices of %u, capacity %u, 1.%u, choices %s, batch periods %.9f, %.9f, %.9f s.\n", title,
        program->config.endpoints_per_slice_max, program->config.endpoints_capacity,
        program->config.kube_minor, program->config.choices == CHOICE_FIXED ? "fixed" : "random",
        (double)program->config.endpoint_updates_batch_period_ns / 1e9,
        (double)program->config.endpointslice_updates_batch_period_ns / 1e9,
        (double)program->config.mirroring_endpointslice_updates_batch_period_ns / 1e9);
    if (!model_write_scenario(program, title, true, path))
        return;
    fprintf(stderr, "\n");
    FILE *file = fopen(path, "r");
    for (int c; file && (c = getc(file)) != EOF;)
        putc(c, stderr);
    if (file)
        fclose(file);
    fprintf(stderr, "\nThis scenario is %s\n", path);
}

/* Runs program `seed`; what fails is shrunk and printed. */
static bool try_program(struct program *program, uint64_t seed)
{
    uint32_t step;
    bool same = model_run_apart(program, &step);
    if (!same && !getenv("EPSIM_TEST_QUICK")) {
        model_shrink(program, step);
        show(program, seed, step);
    }
    return same;
}

/* Programs that found something once, and what. */
static void past_findings(void)
{
    static const struct {
        uint64_t seed;
        uint32_t events;
    } findings[] = {
        {1504,
            EVENTS * 4}, /* an unchanged slice is filled: addresses out of order are sent in order (S-33) */
        {1769, EVENTS},  /* the same, with a traffic distribution */
    };
    for (size_t i = 0; i < sizeof findings / sizeof findings[0]; i++) {
        struct program program;
        program_create(&program, findings[i].seed, findings[i].events);
        program.wild = true; /* as all were */
        CU_ASSERT(try_program(&program, findings[i].seed));
        program_destroy(&program);
    }
}

static void random_programs(void)
{
    uint32_t failed = 0, count = getenv("EPSIM_TEST_LONG") ? PROGRAMS * 30 : PROGRAMS;
    uint64_t first = suite_seed();
    for (uint32_t i = 0; i < count && failed < 3; i++) {
        struct program program;
        uint32_t events = i % 72 == 71 ? EVENTS * 20 : i % 8 == 7 ? EVENTS * 4 : EVENTS;
        program_create(&program, first + i, events);
        program.config.timing.in_steps = i % 2;
        failed += !try_program(&program, first + i);
        program_destroy(&program);
    }
    CU_ASSERT_EQUAL(failed, 0);
}

int main(void)
{
    static const struct suite_test tests[] = {
        {"programs that failed once", past_findings}, {"random programs", random_programs}};
    return suite_main("engine_model", tests, sizeof tests / sizeof tests[0]);
}
