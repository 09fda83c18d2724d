/*
 * scenario_csv_test.c: the CSV scanner, and tables of pods imported as scenarios that load again. The table
 * of a real cluster in ../shared is used when it is there; without it that test says so.
 */
#include "scenario_kit.h"

#include "base/text.h"
#include "scenario/csv.h"
#include "scenario/import_csv.h"

#define S INT64_C(1000000000)

/* --- the scanner ------------------------------------------------------------------------------------ */

/* Records as "[a|b][c]"; mistakes follow as printed. */
static char *scan(const char *text)
{
    struct arena arena;
    struct csv_reader reader;
    struct text out = {0};
    struct diag *diag = diag_create();
    arena_init(&arena);
    uint32_t source = diag_add_source(diag, "c", text, strlen(text));
    csv_init(&reader, &arena, diag, source, text, strlen(text));
    while (csv_next(&reader)) {
        for (uint32_t i = 0; i < reader.fields.count; i++) {
            text_add_char(&out, i ? '|' : '[');
            text_add_bytes(&out, reader.fields.items[i].text, reader.fields.items[i].length);
        }
        text_add_char(&out, ']');
    }
    char *messages;
    size_t size;
    FILE *stream = open_memstream(&messages, &size);
    diag_print(diag, stream, true);
    fclose(stream);
    text_add_bytes(&out, messages, strcspn(messages, "\n"));
    free(messages);
    csv_fini(&reader);
    diag_destroy(diag);
    arena_fini(&arena);
    return out.data ? out.data : mem_strndup("", 0);
}

static void test_scanner(void)
{
    static const char *const rows[][2] = {
        {"", ""},
        {"a,b\nc,d\n", "[a|b][c|d]"},
        {"a,b\r\nc,d", "[a|b][c|d]"},
        {"a,\n,b\n,\n", "[a|][|b][|]"},
        {"\n\r\na\n\n", "[a]"},
        {"\"a,b\",\"c\"\"d\"\n\"e\nf\",g\n", "[a,b|c\"d][e\nf|g]"},
        {"\"\",\"\"\"\"\n", "[|\"]"},
        {"\"a\"\r\n\"b\"", "[a][b]"},
        {"a \"b,c\n", "[a \"b|c]c:1:3: error: a quote within a field that does not begin with one"},
        {"\"a\"b,c\n", "[a|c]c:1:4: error: text after a closing quote"},
        {"x\ny,\"a\n", "[x][y|a\n]c:2:3: error: this quote is never closed"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *got = scan(rows[i][0]);
        if (strcmp(got, rows[i][1]) != 0)
            fprintf(stderr, "\nexpected: %s\nbut got:  %s\n", rows[i][1], got);
        CU_ASSERT_STRING_EQUAL(got, rows[i][1]);
        free(got);
    }
}

/* --- importing -------------------------------------------------------------------------------------- */

struct imported {
    struct arena arena;
    struct diag *diag;
    struct import_csv_stats stats;
    enum status status;
    char *scenario, *rows, *messages;
};

static const char table_path[] = "scenario_csv_test.tmp.csv";

static struct import_csv_options options_of(void)
{
    return (struct import_csv_options){.path = table_path,
        .service = "app",
        .pod = "id",
        .create = "from",
        .delete_column = "to",
        .name = "My_Table"};
}

static struct imported import(const char *table, const struct import_csv_options *options)
{
    struct imported imported;
    size_t size;
    if (table) {
        FILE *file = fopen(table_path, "wb");
        CU_ASSERT_PTR_NOT_NULL_FATAL(file);
        fputs(table, file);
        fclose(file);
    }
    arena_init(&imported.arena);
    imported.diag = diag_create();
    FILE *out = open_memstream(&imported.scenario, &size);
    FILE *rows = open_memstream(&imported.rows, &size);
    imported.status = import_csv(options, &imported.arena, imported.diag, out, rows, &imported.stats);
    fclose(out);
    fclose(rows);
    FILE *stream = open_memstream(&imported.messages, &size);
    diag_print(imported.diag, stream, true);
    fclose(stream);
    remove(table_path);
    return imported;
}

static void drop(struct imported *imported)
{
    import_csv_stats_fini(&imported->stats);
    diag_destroy(imported->diag);
    arena_fini(&imported->arena);
    free(imported->scenario);
    free(imported->rows);
    free(imported->messages);
}

static const char table[] = "id,app,from,to,role,host\n"
                            "P_0,app_0,,10.0000000002,CN,h1\n"
                            "p-0,app_0,1.5,,,h1\n"
                            "x,App-0,2,2,H N,\n"
                            "y,7up,,,HN,H2\n";

static void test_import(void)
{
    static const char *const labels[] = {"role"};
    struct import_csv_options options = options_of();
    options.node = "host";
    options.labels = labels;
    options.label_count = 1;
    struct imported got = import(table, &options);
    CU_ASSERT_EQUAL(got.status, STATUS_OK);
    CU_ASSERT_STRING_EQUAL(got.messages, "");
    CU_ASSERT_STRING_EQUAL(got.scenario,
        "apiVersion: v1\nkind: Service\nmetadata: {name: \"app-0\"}\nspec: {selector: {app: \"app-0\"}, "
        "ports: [{port: 80}]}\n---\n"
        "apiVersion: v1\nkind: Service\nmetadata: {name: \"app-0-2\"}\nspec: {selector: {app: \"app-0-2\"}, "
        "ports: [{port: 80}]}\n---\n"
        "apiVersion: v1\nkind: Service\nmetadata: {name: \"s-7up\"}\nspec: {selector: {app: \"s-7up\"}, "
        "ports: [{port: 80}]}\n---\n"
        "apiVersion: v1\nkind: Node\nmetadata: {name: \"h1\"}\n---\n"
        "apiVersion: v1\nkind: Node\nmetadata: {name: \"h2\"}\n---\n"
        "apiVersion: epsim.dev/v1\nkind: Scenario\nmetadata: {name: \"my-table\"}\nspec:\n"
        "  about: 4 pods of 3 services, imported from a table\n  until: 10s\n  events:\n  - at: 0s\n    "
        "replay:\n      pods: |\n"
        "        service pod create delete node labels\n"
        "        app-0 p-0-2 - 10 h1 role=CN\n"
        "        app-0 p-0 1.5 - h1 -\n"
        "        app-0-2 x 2 2 - role=H-N\n"
        "        s-7up y - - h2 role=HN\n");
    CU_ASSERT_EQUAL(got.stats.rows, 4);
    CU_ASSERT_EQUAL(got.stats.services, 3);
    CU_ASSERT_EQUAL(got.stats.nodes, 2);
    CU_ASSERT_EQUAL(got.stats.creations, 2);
    CU_ASSERT_EQUAL(got.stats.deletions, 2);
    CU_ASSERT_EQUAL(got.stats.from_start, 2);
    CU_ASSERT_EQUAL(got.stats.never_deleted, 2);
    CU_ASSERT_EQUAL(got.stats.last_ns, 10 * S);
    CU_ASSERT_EQUAL_FATAL(got.stats.services_renamed.count, 3);
    CU_ASSERT_STRING_EQUAL(got.stats.services_renamed.items[0].from, "app_0");
    CU_ASSERT_STRING_EQUAL(got.stats.services_renamed.items[1].to, "app-0-2");
    CU_ASSERT_FALSE(got.stats.services_renamed.items[0].taken);
    CU_ASSERT_TRUE(got.stats.services_renamed.items[1].taken);
    CU_ASSERT_EQUAL_FATAL(got.stats.pods_renamed.count, 1); /* p-0 is good as it is */
    CU_ASSERT_TRUE(got.stats.pods_renamed.items[0].taken);
    CU_ASSERT_EQUAL(got.stats.others_renamed.count, 2); /* H2, H N */
    struct loaded loaded = load_good(got.scenario);
    CU_ASSERT_EQUAL(loaded.scenario->traces.items[0].pod_count, 4);
    unload(&loaded);
    drop(&got);
}

/* Good names stay, wherever they stand. */
static void test_good_names_stay(void)
{
    struct import_csv_options options = options_of();
    struct imported got = import("id,app,from,to\np1,A_b,1,2\np2,a-b,1,2\np3,a.b,1,2\n", &options);
    CU_ASSERT_EQUAL(got.status, STATUS_OK);
    CU_ASSERT_EQUAL_FATAL(got.stats.services_renamed.count, 2);
    const struct renaming *renamed = got.stats.services_renamed.items;
    CU_ASSERT_STRING_EQUAL(renamed[0].from, "A_b");
    CU_ASSERT_STRING_EQUAL(renamed[0].to, "a-b-2");
    CU_ASSERT_STRING_EQUAL(renamed[1].from, "a.b");
    CU_ASSERT_STRING_EQUAL(renamed[1].to, "a-b-3");
    CU_ASSERT_TRUE(renamed[0].taken && renamed[1].taken);
    drop(&got);
}

static void test_external(void)
{
    struct import_csv_options options = options_of();
    options.rows_file = "my \"rows\".txt";
    options.ready = "from";
    struct imported got = import(table, &options);
    CU_ASSERT_EQUAL(got.status, STATUS_OK);
    CU_ASSERT_PTR_NOT_NULL(strstr(got.scenario, "    replay:\n      file: \"my \\\"rows\\\".txt\"\n"));
    CU_ASSERT_STRING_EQUAL(got.rows,
        "service pod create delete ready\napp-0 p-0-2 - 10 -\napp-0 p-0 1.5 - 1.5\n"
        "app-0-2 x 2 2 2\ns-7up y - - -\n");
    drop(&got);
}

static void test_mistakes(void)
{
    static const char *const rows[][2] = {
        {"", "scenario_csv_test.tmp.csv:1:1: error: no table: its first line names the columns"},
        {"id,app,from,to\n", "scenario_csv_test.tmp.csv:1:1: error: a table without rows"},
        {"id,apps,from,to\na,b,,\n",
            "scenario_csv_test.tmp.csv:1:1: error: no column 'app' (--service); did you mean 'apps'?"},
        {"id,app,from,to\na,b,5,4\n", "scenario_csv_test.tmp.csv:2:7: error: deleted before it is created"},
        {"id,app,from,to\na,b,,\nc,d,,\na,e,,\n",
            "scenario_csv_test.tmp.csv:4:1: error: the pod 'a' has a row already, at line 2"},
        {"id,app,from,to\na,,,\n", "scenario_csv_test.tmp.csv:2:3: error: the service is empty"},
        {"id,app,from,to\n,b,,\n", "scenario_csv_test.tmp.csv:2:1: error: the pod is empty"},
        {"id,app,from,to\na,b,x,\n", "scenario_csv_test.tmp.csv:2:5: error: not a time in seconds: 'x'"},
        {"id,app,from,to\na,b,-5,\n", "scenario_csv_test.tmp.csv:2:5: error: not a time in seconds: '-5'"},
        {"id,app,from,to\na,b,1e300,\n",
            "scenario_csv_test.tmp.csv:2:5: error: not a time in seconds: '1e300'"},
        {"id,app,from,to\na,b,1\n",
            "scenario_csv_test.tmp.csv:2:1: error: 3 fields, where the first line names 4"},
        {"id,app,from,to\na,\"b\nc,,\n", "scenario_csv_test.tmp.csv:2:"},
    };
    struct import_csv_options options = options_of();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct imported got = import(rows[i][0], &options);
        CU_ASSERT_EQUAL(got.status, STATUS_BAD_INPUT);
        CU_ASSERT_STRING_EQUAL(got.scenario, "");
        if (strncmp(got.messages, rows[i][1], strlen(rows[i][1])) != 0) {
            fprintf(stderr, "\nexpected: %s\nbut got:  %s\n", rows[i][1], got.messages);
            CU_FAIL("message");
        }
        drop(&got);
    }
    options.path = "no-such-table.csv";
    struct imported got = import(NULL, &options);
    CU_ASSERT_EQUAL(got.status, STATUS_IO);
    drop(&got);
}

static void test_times(void)
{
    static const char *const rows[][2] = {{"4031.0000000000005", " 4031 "}, {"7494.9999999", " 7495 "},
        {"2.5", " 2.5 "}, {"0.000000001", " 0 "}, {"0.25", " 0.25 "}, {"1h", " 3600 "},
        {"2677541.000000001", " 2677541 "}, {"1.123456789", " 1.123456789 "}, {"9223372035", " 9223372035 "}};
    struct import_csv_options options = options_of();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct text text = {0};
        text_printf(&text, "id,app,from,to\na,b,%s,\n", rows[i][0]);
        struct imported got = import(text.data, &options);
        CU_ASSERT_EQUAL(got.status, STATUS_OK);
        CU_ASSERT_PTR_NOT_NULL(strstr(got.scenario, rows[i][1]));
        drop(&got);
        text_fini(&text);
    }
}

/* Counted by the data's own README. */
static void test_real_table(void)
{
    struct import_csv_options options = {.path = "../shared/data/alibaba_v2025_dlrm_instances.csv",
        .service = "app_name",
        .pod = "instance_sn",
        .create = "creation_time",
        .delete_column = "deletion_time",
        .name = "dlrm"};
    FILE *file = fopen(options.path, "rb");
    if (!file) {
        printf("skipped: no %s ... ", options.path);
        return;
    }
    fclose(file);
    struct imported got = import(NULL, &options);
    CU_ASSERT_EQUAL(got.status, STATUS_OK);
    CU_ASSERT_EQUAL(got.stats.rows, 23871);
    CU_ASSERT_EQUAL(got.stats.services, 156);
    CU_ASSERT_EQUAL(got.stats.creations, 16591);
    CU_ASSERT_EQUAL(got.stats.deletions, 14993);
    CU_ASSERT_EQUAL(got.stats.from_start, 7280);
    CU_ASSERT_EQUAL(got.stats.last_ns, 2677541 * S);
    CU_ASSERT_EQUAL(got.stats.services_renamed.count, 156);
    CU_ASSERT_STRING_EQUAL(got.stats.services_renamed.items[0].to, "app-0");
    struct loaded loaded = load_good(got.scenario);
    CU_ASSERT_EQUAL(loaded.scenario->traces.items[0].pod_count, 23871);
    CU_ASSERT_EQUAL(loaded.scenario->traces.items[0].row_count, 23871 + 14993);
    unload(&loaded);
    drop(&got);
}

int main(void)
{
    static const struct suite_test tests[] = {
        {"the scanner", test_scanner},
        {"a table becomes a scenario", test_import},
        {"import: good names stay", test_good_names_stay},
        {"rows in a file of their own", test_external},
        {"mistakes and their positions", test_mistakes},
        {"times", test_times},
        {"a real cluster's table", test_real_table},
    };
    return suite_main("scenario_csv", tests, sizeof tests / sizeof tests[0]);
}
