/*
 * program_scenario_test.c: random programs as scenario files.
 *
 * Pins: a program that no API server would refuse, printed as a scenario, is read without a mistake and
 * played to the same Endpoints and slices, names and owners' uids included, at the end of every instant, with
 * as many syncs and requests of each controller; and that a fault (of the twin, on purpose) becomes a small
 * file that tells it and shows it. Does not pin: resourceVersions, managedFields, uids of what users create.
 *
 * EPSIM_TEST_SEED picks other programs, EPSIM_TEST_LONG=1 plays five times as many, some of them longer.
 */
#include "base/vec.h"
#include "model/model_run.h"
#include "model/program_script.h"
#include "simulation/simulation.h"
#include "unit/suite.h"

#define PROGRAMS 60
#define EVENTS 50

/* --- what the program's run has seen --- */

struct instant {
    sim_time at_ns;
    struct text objects;
};

struct seen {
    enum order_hash order;
    VEC(struct instant) instants;
    struct engine_totals totals; /* at the end */
};

/* Of several events of an instant the last one counts. */
static void see(void *context, sim_time now_ns, struct store *store, struct engine *engine)
{
    struct seen *seen = context;
    if (seen->instants.count == 0 || vec_last(&seen->instants).at_ns < now_ns)
        vec_push(&seen->instants, ((struct instant){.at_ns = now_ns}));
    struct instant *instant = &vec_last(&seen->instants);
    text_clear(&instant->objects);
    model_objects_text(store, seen->order, &instant->objects);
    seen->totals = *engine_totals(engine);
}

static void seen_fini(struct seen *seen)
{
    for (uint32_t i = 0; i < seen->instants.count; i++)
        text_fini(&seen->instants.items[i].objects);
    vec_fini(&seen->instants);
}

/* --- playing --- */

static struct scenario *load(const char *yaml)
{
    struct scenario_input input = {.path = "program.yaml", .text = yaml, .text_length = strlen(yaml)};
    struct scenario *scenario;
    if (scenario_load(&input, 1, NULL, 0, &scenario) == STATUS_OK)
        return scenario;
    diag_print(scenario->diag, stderr, true);
    scenario_destroy(scenario);
    return NULL;
}

/* Where two texts differ, a line of each. */
static void print_difference(const char *got, const char *want)
{
    size_t start = 0;
    for (size_t i = 0; got[i] && got[i] == want[i]; i++)
        start = got[i] == '\n' ? i + 1 : start;
    fprintf(stderr, "played   %.*s\nprogram  %.*s\n", (int)strcspn(got + start, "\n"), got + start,
        (int)strcspn(want + start, "\n"), want + start);
}

static bool same_instants(struct simulation *simulation, const struct seen *seen)
{
    bool same = true;
    for (uint32_t i = 0; i < seen->instants.count && same; i++) {
        const struct instant *instant = &seen->instants.items[i];
        struct text objects = {0};
        if (simulation_run_until(simulation, instant->at_ns, NULL, NULL, NULL) != STATUS_OK) {
            fprintf(stderr, "%s\n", simulation_failure(simulation, NULL));
            return false;
        }
        model_objects_text(simulation_store(simulation), seen->order, &objects);
        same = strcmp(objects.data, instant->objects.data) == 0;
        if (!same) {
            fprintf(stderr, "at %.9f s:\n", (double)instant->at_ns / 1e9);
            print_difference(objects.data, instant->objects.data);
        }
        text_fini(&objects);
    }
    return same;
}

static bool same_totals(struct simulation *simulation, const struct seen *seen)
{
    const struct engine_totals *got = engine_totals(simulation_engine(simulation));
    return memcmp(got->syncs, seen->totals.syncs, sizeof got->syncs) == 0 &&
           memcmp(got->sync_errors, seen->totals.sync_errors, sizeof got->sync_errors) == 0 &&
           memcmp(got->writes, seen->totals.writes, sizeof got->writes) == 0;
}

static bool play(const char *yaml, const struct seen *seen)
{
    struct scenario *scenario = load(yaml);
    if (!scenario)
        return false;
    struct simulation *simulation = simulation_create(scenario, scenario->seed, 0);
    simulation_start(simulation);
    bool same = same_instants(simulation, seen) && same_totals(simulation, seen);
    simulation_destroy(simulation);
    scenario_destroy(scenario);
    return same;
}

/* Runs the program, prints it and plays what is printed. */
static bool plays(const struct program *program)
{
    struct seen seen = {.order = model_order(&program->config)};
    struct program_script script;
    struct text yaml = {0};
    script_init(&script);
    struct model_run how = {.script = &script, .after_event = see, .context = &seen};
    bool same = model_run(program, &how);
    script_write(&script, program, "", &yaml);
    same = same && play(yaml.data, &seen);
    text_fini(&yaml);
    script_fini(&script);
    seen_fini(&seen);
    return same;
}

static void test_programs_play(void)
{
    bool is_long = getenv("EPSIM_TEST_LONG") != NULL;
    uint32_t failed = 0;
    uint64_t first = suite_seed();
    for (uint32_t i = 0; i < (is_long ? PROGRAMS * 5 : PROGRAMS) && failed < 3; i++) {
        struct program program;
        program_create(&program, first + i, is_long && i % 8 == 7 ? EVENTS * 8 : EVENTS);
        program.wild = false;
        if (!plays(&program)) {
            fprintf(stderr, "program %" PRIu64 " is played otherwise\n", first + i);
            failed++;
        }
        program_destroy(&program);
    }
    CU_ASSERT_EQUAL(failed, 0);
}

/* --- a fault --- */

static char *read_file(const char *path)
{
    FILE *file = fopen(path, "r");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    struct text text = {0};
    for (int c; (c = getc(file)) != EOF;)
        text_add_char(&text, (char)c);
    fclose(file);
    return text.data;
}

static uint32_t count(const char *text, const char *word)
{
    uint32_t number = 0;
    for (const char *p = text; (p = strstr(p, word)) != NULL; p++)
        number++;
    return number;
}

/* The first program that a forgetful twin does not survive. */
static uint64_t find_failing(struct program *program, uint32_t *step)
{
    for (uint64_t seed = suite_seed(); seed < suite_seed() + 40; seed++) {
        program_create(program, seed, EVENTS * 2);
        program->forgetful_twin = true;
        if (!model_run_apart(program, step))
            return seed;
        program_destroy(program);
    }
    CU_FAIL_FATAL("no program needs to remember which Services selected a pod");
    return 0;
}

static void test_a_fault_is_told(void)
{
    struct program program;
    uint32_t step;
    char path[4096];
    uint64_t seed = find_failing(&program, &step);
    snprintf(path, sizeof path, "%s/forgetful-twin.yaml", EPSIM_MODEL_OUTPUT);
    model_shrink(&program, step);
    CU_ASSERT_FALSE(program.wild);
    CU_ASSERT_TRUE(program.count <= 6); /* a Service, a pod, other labels, and nodes perhaps */
    char title[100];
    snprintf(title, sizeof title, "program %" PRIu64 " failed at event %u", seed, step);
    CU_ASSERT_TRUE(model_write_scenario(&program, title, false, path));

    /* The file tells what differs, and where it comes from. */
    char *yaml = read_file(path);
    CU_ASSERT_PTR_NOT_NULL(strstr(yaml, title));
    CU_ASSERT_PTR_NOT_NULL(strstr(yaml, "# Endpoints "));
    CU_ASSERT_PTR_NOT_NULL(strstr(yaml, "expected"));
    CU_ASSERT_TRUE(count(yaml, "\n    together:\n") <= 6);

    /* It plays to the engine's objects, and these are not the twin's. */
    struct text difference = {0};
    struct seen seen = {.order = model_order(&program.config)};
    struct model_run how = {.difference = &difference, .after_event = see, .context = &seen};
    CU_ASSERT_FALSE(model_run(&program, &how));
    CU_ASSERT_TRUE(play(yaml, &seen));
    CU_ASSERT_PTR_NOT_NULL_FATAL(difference.data);
    CU_ASSERT_TRUE(count(difference.data, ": expected ") + count(difference.data, ": missing ") +
                       count(difference.data, "unexpected") >
                   0);
    program.forgetful_twin = false;
    CU_ASSERT_TRUE(model_run(&program, &(struct model_run){.verbose = false}));

    text_fini(&difference);
    seen_fini(&seen);
    free(yaml);
    program_destroy(&program);
}

int main(void)
{
    static const struct suite_test tests[] = {
        {"programs, played as scenarios", test_programs_play}, {"a fault is told", test_a_fault_is_told}};
    return suite_main("program_scenario", tests, sizeof tests / sizeof tests[0]);
}
