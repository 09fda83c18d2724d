/*
 * experiment_sweep_file_test.c: what sweep files say, and what is said about bad ones: every
 * tests/bad/sweep/NAME.yaml prints exactly NAME.expected (EPSIM_WRITE_EXPECTED=1 writes them; read the
 * difference). docs/sweep.md holds the fields that the tables print.
 */
#include "page_kit.h"

#include <dirent.h>

#include "experiment/range.h"
#include "experiment/sweep_plan.h"

/* --- bad files --------------------------------------------------------------------------------------- */

static int is_yaml(const struct dirent *entry)
{
    size_t length = strlen(entry->d_name);
    return length > 5 && strcmp(entry->d_name + length - 5, ".yaml") == 0;
}

static void check_bad(const char *name)
{
    char expected_path[300];
    char *messages;
    size_t size;
    struct sweep_plan *plan;
    snprintf(expected_path, sizeof expected_path, "%.*s.expected", (int)(strlen(name) - 5), name);
    CU_ASSERT_NOT_EQUAL(sweep_plan_read(name, true, &plan), STATUS_OK);
    FILE *stream = open_memstream(&messages, &size);
    sweep_plan_print_messages(plan, stream);
    fclose(stream);
    sweep_plan_destroy(plan);
    CU_ASSERT(size > 0);
    page_expect(expected_path, name, messages);
    free(messages);
}

/* In the folder of the bad files, so that messages name no folder. */
static void test_bad_files(void)
{
    struct dirent **names;
    CU_ASSERT_EQUAL_FATAL(chdir("tests/bad/sweep"), 0);
    int count = scandir(".", &names, is_yaml, alphasort);
    CU_ASSERT(count >= 15);
    for (int i = 0; i < count; i++) {
        check_bad(names[i]->d_name);
        free(names[i]);
    }
    free(names);
    CU_ASSERT_EQUAL_FATAL(chdir("../../.."), 0);
}

static void test_reference(void)
{
    page_expect_fields("docs/sweep.md", sweep_file_print_fields);
}

/* --- ranges ------------------------------------------------------------------------------------------ */

static void expect_range(const char *text, const char *expected)
{
    struct range range;
    struct text all = {0}, value = {0};
    CU_ASSERT(range_is_meant(text));
    CU_ASSERT_PTR_NULL_FATAL(range_parse(text, 1000000, &range));
    for (uint32_t i = 0; i < range_steps(&range); i++)
        if (range_value(&range, i, &value))
            text_printf(&all, "%s%s", all.length ? " " : "", value.data);
    CU_ASSERT_STRING_EQUAL(all.data, expected);
    if (strcmp(all.data, expected) != 0)
        fprintf(stderr, "%s: %s, expected %s\n", text, all.data, expected);
    text_fini(&all);
    text_fini(&value);
}

static void test_ranges(void)
{
    expect_range("1..5", "1 2 3 4 5");
    expect_range("7..7", "7");
    expect_range("0..10 step 4", "0 4 8");
    expect_range("0..1 step 0.1", "0 0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8 0.9 1");
    expect_range("0.25..1 step 0.250", "0.25 0.5 0.75 1");
    expect_range("0s..1m30s step 30s", "0s 30s 1m 1m30s");
    expect_range("0..1s step 500ms", "0s 500ms 1s");
    expect_range("log 1..1000 steps 4", "1 10 100 1000");
    expect_range("log 1..1000 steps 10", "1 2 5 10 22 46 100 215 464 1000");
    expect_range("log 1..4 steps 9", "1 2 3 4"); /* equal neighbours become one */
    expect_range("log 1s..1m steps 3", "1s 7.746s 1m");
    CU_ASSERT_FALSE(range_is_meant("../data.csv"));
    CU_ASSERT_FALSE(range_is_meant("logs"));
    CU_ASSERT_FALSE(range_is_meant("100"));
    struct range range;
    CU_ASSERT_PTR_NOT_NULL(range_parse("1..1001", 1000, &range));
    CU_ASSERT_PTR_NULL(range_parse("1..1000", 1000, &range));
    static const char *const wrong[] = {"1..", "..5", "1...5", "1..5 by 2", "1..5 step", "1..5 step -1",
        "1..5  step 2", "log 1..5 step 2", "1..5x", "0..9223372036854775808", "0.1234567891..1 step 1",
        "1..5 step 1 "};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        CU_ASSERT_PTR_NOT_NULL(range_parse(wrong[i], 1000000, &range));
}

/* --- the plan ---------------------------------------------------------------------------------------- */

static char folder[] = "/tmp/epsim-sweep-XXXXXX";

static void put_file(const char *name, const char *text)
{
    char path[200];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    page_write(path, text);
}

#define SERVICE \
    "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {app: web}, ports: [{port: " \
    "80}]}\n"
#define SWEEP(spec) "apiVersion: epsim.dev/v1\nkind: Sweep\nmetadata: {name: t}\nspec:\n" spec

static struct sweep_plan *read_plan(const char *sweep)
{
    char path[200];
    struct sweep_plan *plan;
    put_file("sweep.yaml", sweep);
    snprintf(path, sizeof path, "%s/sweep.yaml", folder);
    enum status status = sweep_plan_read(path, true, &plan);
    if (status != STATUS_OK)
        sweep_plan_print_messages(plan, stderr);
    CU_ASSERT_EQUAL_FATAL(status, STATUS_OK);
    return plan;
}

/* "scenario sets seed/run", runs joined by " | ". */
static void expect_plan(const char *sweep, const char *expected)
{
    struct sweep_plan *plan = read_plan(sweep);
    struct planned_run run;
    struct text all = {0};
    planned_run_init(&run, plan);
    for (uint32_t i = 0; i < plan->run_count; i++) {
        sweep_plan_run(plan, i, &run);
        CU_ASSERT_EQUAL(run.index, i);
        text_printf(&all, "%s%u", i ? " | " : "", (unsigned)run.scenario);
        for (uint32_t k = 0; k < run.set_count; k++)
            text_printf(&all, " %s", run.sets[k]);
        text_printf(&all, " %u/%u", (unsigned)run.seed, (unsigned)run.run);
    }
    CU_ASSERT_STRING_EQUAL(all.data, expected);
    if (strcmp(all.data, expected) != 0)
        fprintf(stderr, "got      %s\nexpected %s\n", all.data, expected);
    text_fini(&all);
    planned_run_fini(&run);
    sweep_plan_destroy(plan);
}

static void test_order(void)
{
    put_file("a.yaml", SERVICE);
    put_file("b.yaml", SERVICE "---\napiVersion: epsim.dev/v1\nkind: Scenario\nspec: {seed: 7}\n");
    expect_plan(SWEEP("  scenario: a.yaml\n"), "0 1/0");
    expect_plan(SWEEP("  scenario: [a.yaml]\n  repetitions: 3\n  seed: 5\n"), "0 5/0 | 0 5/1 | 0 5/2");
    expect_plan(SWEEP("  scenario: a.yaml\n  parameters: {until: [1s, 2s], nodes.count: 1..2}\n"),
        "0 until=1s nodes.count=1 1/0 | 0 until=1s nodes.count=2 1/0 | 0 until=2s nodes.count=1 1/0 | "
        "0 until=2s nodes.count=2 1/0");
    expect_plan(SWEEP("  scenario: a.yaml\n  combine: zip\n  parameters: {until: [1s, 2s], nodes.count: "
                      "1..2, kube: '1.36'}\n"),
        "0 until=1s nodes.count=1 kube=\"1.36\" 1/0 | 0 until=2s nodes.count=2 kube=\"1.36\" 1/0");
    expect_plan(SWEEP("  scenarios: [a.yaml, b.yaml]\n  rows: [{until: 1s}, {seed: 9, nodes.count: 2}]\n"
                      "  parameters: {size-model: [json, kep]}\n"),
        "0 until=1s sizeModel=json 1/0 | 0 until=1s sizeModel=kep 1/0 | "
        "0 nodes.count=2 sizeModel=json 9/0 | 0 nodes.count=2 sizeModel=kep 9/0 | "
        "1 until=1s sizeModel=json 7/0 | 1 until=1s sizeModel=kep 7/0 | "
        "1 nodes.count=2 sizeModel=json 9/0 | 1 nodes.count=2 sizeModel=kep 9/0");
    expect_plan(SWEEP("  scenario: a.yaml\n  expect: ignore\n  parameters: {seed: 3..4, pods.stop: "
                      "[{exponential: {mean: 2s}}]}\n"),
        "0 pods.stop={exponential: {mean: 2s}} expect=[] 3/0 | 0 pods.stop={exponential: {mean: 2s}} "
        "expect=[] 4/0");
}

static void hash_of(const char *sweep, uint32_t index, char out[RUN_HASH_TEXT], char content[65])
{
    struct sweep_plan *plan = read_plan(sweep);
    struct planned_run run;
    planned_run_init(&run, plan);
    sweep_plan_run(plan, index, &run);
    memcpy(out, run.hash, RUN_HASH_TEXT);
    memcpy(content, run.content_hash, 65);
    planned_run_fini(&run);
    sweep_plan_destroy(plan);
}

/* Whatever makes another result makes another hash; whatever does not, does not. */
static void test_hash(void)
{
    static const char *const different[] = {
        SWEEP("  scenario: a.yaml\n"),
        SWEEP("  scenario: b.yaml\n"),
        SWEEP("  scenario: a.yaml\n  seed: 2\n"),
        SWEEP("  scenario: a.yaml\n  record: full\n"),
        SWEEP("  scenario: a.yaml\n  parameters: {until: 5s}\n"),
        SWEEP("  scenario: a.yaml\n  parameters: {until: 5000ms}\n"),
        SWEEP("  scenario: a.yaml\n  expect: ignore\n"),
    };
    enum { COUNT = sizeof different / sizeof *different };
    char hashes[COUNT][RUN_HASH_TEXT], hash[RUN_HASH_TEXT], content[65];
    for (uint32_t i = 0; i < COUNT; i++) {
        hash_of(different[i], 0, hashes[i], content);
        CU_ASSERT_EQUAL(strlen(hashes[i]), 64);
        for (uint32_t k = 0; k < i; k++)
            CU_ASSERT_STRING_NOT_EQUAL(hashes[i], hashes[k]);
    }
    hash_of(
        SWEEP("  scenario: a.yaml\n  parameters: {until: [3s, 5s]}\n  repetitions: 2\n"), 2, hash, content);
    CU_ASSERT_STRING_EQUAL(hash, hashes[4]);
    put_file("a.yaml", SERVICE "# more\n");
    hash_of(different[0], 0, hash, content);
    CU_ASSERT_STRING_NOT_EQUAL(hash, hashes[0]);
    run_hash("other", content, 1, 0, RECORD_SUMMARY, hashes[0]);
    CU_ASSERT_STRING_NOT_EQUAL(hash, hashes[0]);
    run_hash(EPSIM_VERSION, content, 1, 0, RECORD_SUMMARY, hashes[0]);
    CU_ASSERT_STRING_EQUAL(hash, hashes[0]);
    put_file("a.yaml", SERVICE);
}

/* The hash of the plan is that of the scenario as it is loaded; and a stored plan is the same plan. */
static void test_store(void)
{
    static const char rows[] = "service pod create delete\nweb p-1 1s -\nweb p-2 2s 3s\n";
    put_file("rows.txt", rows);
    put_file("c.yaml", SERVICE "---\napiVersion: epsim.dev/v1\nkind: Scenario\nspec:\n  events:\n"
                               "  - replay: {file: rows.txt}\n");
    struct sweep_plan *plan = read_plan(
        SWEEP("  scenarios: [a.yaml, c.yaml]\n  parameters: {until: [1s, 2s]}\n  repetitions: 2\n"));
    struct sweep_plan *restored;
    struct text stored = {0}, again = {0}, message = {0};
    sweep_plan_store(plan, &stored);
    CU_ASSERT_EQUAL_FATAL(sweep_plan_restore(stored.data, stored.length, &restored), STATUS_OK);
    sweep_plan_store(restored, &again);
    CU_ASSERT(stored.length == again.length && memcmp(stored.data, again.data, stored.length) == 0);
    CU_ASSERT_PTR_NULL(strstr(stored.data, folder)); /* the same wherever it was read from */
    struct planned_run a, b;
    planned_run_init(&a, plan);
    planned_run_init(&b, restored);
    for (uint32_t i = 0; i < plan->run_count; i++) {
        struct scenario *scenario;
        sweep_plan_run(plan, i, &a);
        sweep_plan_run(restored, i, &b);
        CU_ASSERT_STRING_EQUAL(a.hash, b.hash);
        CU_ASSERT_EQUAL_FATAL(sweep_plan_load_scenario(plan, &a, &scenario, &message), STATUS_OK);
        scenario_add_provenance(scenario);
        CU_ASSERT_STRING_EQUAL(scenario->content_hash, a.content_hash);
        scenario_destroy(scenario);
    }
    for (size_t cut = 0; cut < stored.length; cut += 7) { /* damaged: refused, never a crash */
        struct sweep_plan *bad;
        CU_ASSERT_NOT_EQUAL(sweep_plan_restore(stored.data, cut, &bad), STATUS_OK);
        sweep_plan_destroy(bad);
    }
    /* Included files count. */
    char before[RUN_HASH_TEXT];
    memcpy(before, a.hash, sizeof before);
    put_file("rows.txt", "service pod create delete\nweb p-1 1s -\nweb p-2 2s 4s\n");
    struct sweep_plan *changed = read_plan(
        SWEEP("  scenarios: [a.yaml, c.yaml]\n  parameters: {until: [1s, 2s]}\n  repetitions: 2\n"));
    sweep_plan_run(changed, 7, &a);
    CU_ASSERT_STRING_NOT_EQUAL(a.hash, before);
    sweep_plan_run(changed, 3, &a);
    sweep_plan_run(plan, 3, &b);
    CU_ASSERT_STRING_EQUAL(a.hash, b.hash);
    planned_run_fini(&a);
    planned_run_fini(&b);
    sweep_plan_destroy(plan);
    sweep_plan_destroy(changed);
    sweep_plan_destroy(restored);
    text_fini(&stored);
    text_fini(&again);
    text_fini(&message);
}

/* A value in the middle of a range is found wrong only when its turn comes; told with the parameter. */
static void test_late_mistake(void)
{
    struct sweep_plan *plan = read_plan(SWEEP("  scenario: a.yaml\n  parameters: {until: [1s]}\n"));
    struct planned_run run;
    struct scenario *scenario;
    struct text message = {0};
    planned_run_init(&run, plan);
    sweep_plan_run(plan, 0, &run);
    run.sets[0] = "until=never";
    CU_ASSERT_EQUAL(sweep_plan_load_scenario(plan, &run, &scenario, &message), STATUS_BAD_INPUT);
    CU_ASSERT_PTR_NULL(scenario);
    CU_ASSERT_PTR_NOT_NULL(strstr(message.data, "--set:1:7: 'until' takes a duration"));
    planned_run_fini(&run);
    text_fini(&message);
    sweep_plan_destroy(plan);
}

static const struct suite_test tests[] = {
    {"tests/bad/sweep", test_bad_files},
    {"docs/sweep.md", test_reference},
    {"ranges", test_ranges},
    {"the order of runs", test_order},
    {"what a hash covers", test_hash},
    {"a stored plan", test_store},
    {"a mistake that shows late", test_late_mistake},
};

int main(void)
{
    if (mkdtemp(folder) == NULL)
        return 1;
    int code = suite_main("sweep files", tests, sizeof tests / sizeof tests[0]);
    static const char *const files[] = {"sweep.yaml", "a.yaml", "b.yaml", "c.yaml", "rows.txt"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char path[200];
        snprintf(path, sizeof path, "%s/%s", folder, files[i]);
        unlink(path);
    }
    rmdir(folder);
    return code;
}
