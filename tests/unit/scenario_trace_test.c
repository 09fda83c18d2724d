/*
 * scenario_trace_test.c: rows of a replay: columns, times, order, positions of mistakes.
 */
#include "scenario_kit.h"

#include "base/text.h"
#include "scenario/trace_rows.h"

#define S INT64_C(1000000000)
#define START INT64_MIN

struct rows {
    struct arena arena;
    struct diag *diag;
    struct trace trace;
    bool good;
    char *messages;
};

static struct rows read_rows(const char *text, size_t length, int64_t offset_ns)
{
    struct rows rows = {.diag = diag_create()};
    size_t size;
    arena_init(&rows.arena);
    uint32_t source = diag_add_source(rows.diag, "r", text, length);
    struct rows_origin origin = {source, 1, 1, true, {source, 1, 1, 1}};
    rows.good = trace_rows_read(&rows.arena, rows.diag, text, length, &origin, offset_ns, &rows.trace);
    FILE *stream = open_memstream(&rows.messages, &size);
    diag_print(rows.diag, stream, true);
    fclose(stream);
    return rows;
}

static void drop(struct rows *rows)
{
    diag_destroy(rows->diag);
    arena_fini(&rows->arena);
    free(rows->messages);
}

static void expect_row(
    const struct rows *rows, uint32_t i, int64_t at_ns, const char *pod, enum trace_verb verb)
{
    CU_ASSERT_FATAL(i < rows->trace.row_count);
    const struct trace_row *row = &rows->trace.rows[i];
    CU_ASSERT_EQUAL(row->at_ns, at_ns);
    CU_ASSERT_STRING_EQUAL(rows->trace.pods[row->pod].name, pod);
    CU_ASSERT_EQUAL(row->verb, verb);
}

static const char table[] = "# a comment\n"
                            "service pod create delete node labels\n"
                            "web web-0 - 3 - -\n"
                            "\n"
                            "web\tweb-1   1.5 1h30m node-7 role=a,x/y=\r\n"
                            "db db-0 0 - node-7 role=a,x/y=\n"
                            "web web-2 3 3 - -\n"
                            "web web-3 - - - -";

static void test_rows(void)
{
    struct rows rows = read_rows(table, strlen(table), 0);
    CU_ASSERT(rows.good);
    CU_ASSERT_STRING_EQUAL(rows.messages, "");
    CU_ASSERT_EQUAL(rows.trace.service_count, 2);
    CU_ASSERT_STRING_EQUAL(rows.trace.services[1], "db");
    CU_ASSERT_EQUAL_FATAL(rows.trace.pod_count, 5);
    CU_ASSERT_FALSE(rows.trace.has_ready);
    CU_ASSERT_EQUAL(rows.trace.pods[2].service, 1);
    CU_ASSERT_STRING_EQUAL(rows.trace.pods[0].node, "");
    CU_ASSERT_STRING_EQUAL(rows.trace.pods[1].node, "node-7");
    CU_ASSERT_PTR_EQUAL(rows.trace.pods[1].node, rows.trace.pods[2].node);
    CU_ASSERT_EQUAL_FATAL(rows.trace.pods[1].labels.count, 2);
    CU_ASSERT_STRING_EQUAL(rows.trace.pods[1].labels.items[0].value, "a");
    CU_ASSERT_STRING_EQUAL(rows.trace.pods[1].labels.items[1].key, "x/y");
    CU_ASSERT_STRING_EQUAL(rows.trace.pods[1].labels.items[1].value, "");
    CU_ASSERT_EQUAL_FATAL(rows.trace.row_count, 8);
    expect_row(&rows, 0, START, "web-0", TRACE_CREATE);
    expect_row(&rows, 1, START, "web-3", TRACE_CREATE);
    expect_row(&rows, 2, 0, "db-0", TRACE_CREATE);
    expect_row(&rows, 3, 1500000000, "web-1", TRACE_CREATE);
    expect_row(&rows, 4, 3 * S, "web-0", TRACE_DELETE);
    expect_row(&rows, 5, 3 * S, "web-2", TRACE_CREATE);
    expect_row(&rows, 6, 3 * S, "web-2", TRACE_DELETE);
    expect_row(&rows, 7, 5400 * S, "web-1", TRACE_DELETE);
    drop(&rows);
}

static void test_ready(void)
{
    static const char text[] = "pod service create ready delete\n"
                               "a web - - -\n"    /* ready from the start */
                               "b web 1 - 9\n"    /* never ready */
                               "c web 1 2.25 9\n" /* ready later */
                               "d web - 4 -\n"    /* there from the start, ready later */
                               "e web 1 9 9\n";   /* gone before it is ready */
    struct rows rows = read_rows(text, strlen(text), 0);
    CU_ASSERT(rows.good);
    CU_ASSERT(rows.trace.has_ready);
    CU_ASSERT_EQUAL_FATAL(rows.trace.row_count, 11);
    expect_row(&rows, 0, START, "a", TRACE_CREATE);
    expect_row(&rows, 1, START, "a", TRACE_READY);
    expect_row(&rows, 2, START, "d", TRACE_CREATE);
    expect_row(&rows, 3, 1 * S, "b", TRACE_CREATE);
    expect_row(&rows, 4, 1 * S, "c", TRACE_CREATE);
    expect_row(&rows, 5, 1 * S, "e", TRACE_CREATE);
    expect_row(&rows, 6, 2250000000, "c", TRACE_READY);
    expect_row(&rows, 7, 4 * S, "d", TRACE_READY);
    expect_row(&rows, 8, 9 * S, "b", TRACE_DELETE);
    drop(&rows);
}

/* A replay that starts later: what is "there from the start" comes at its start. */
static void test_offset(void)
{
    static const char text[] = "service pod create delete\nweb a - 5\nweb b 1 -\n";
    struct rows rows = read_rows(text, strlen(text), 100 * S);
    expect_row(&rows, 0, 100 * S, "a", TRACE_CREATE);
    expect_row(&rows, 1, 101 * S, "b", TRACE_CREATE);
    expect_row(&rows, 2, 105 * S, "a", TRACE_DELETE);
    drop(&rows);
}

static void test_mistakes(void)
{
    static const char *const rows[][2] = {
        {"", "r:1:1: error: a replay without rows"},
        {"service pod create\n", "r:1:1: error: a replay without rows"},
        {"service pod\nweb a\n", "r:1:1: error: the first row names the columns: "},
        {"service pod create pod\n", "r:1:20: error: the column 'pod' is there twice"},
        {"service pod create colour\n", "r:1:20: error: the first row names the columns: "},
        {"service pod create deleted\n", "r:1:20: error: no column 'deleted'; did you mean 'delete'?"},
        {"service pod create\nweb a 1 2\n", "r:2:1: error: 4 columns, where the first row names 3"},
        {"service pod create\n- a 1\n", "r:2:1: error: a row needs a service and a pod"},
        {"service pod create\nweb - 1\n", "r:2:5: error: a row needs a service and a pod"},
        {"service pod create\nweb a -1\n",
            "r:2:7: error: 'create' takes seconds, a duration or '-', not '-1'"},
        {"service pod create\nweb a 1.0000000001\n",
            "r:2:7: error: 'create' takes seconds, a duration or '-', not '1.0000000001'"},
        {"service pod create\nweb a 9223372037\n",
            "r:2:7: error: 'create' takes seconds, a duration or '-', not '9223372037'"},
        {"service pod create\nweb a .\n", "r:2:7: error: 'create' takes seconds, a duration or '-', not '.'"},
        {"service pod create\nweb a 1\nweb a 2\n", "r:3:5: error: the pod 'a' has a row already"},
        {"service pod create delete\nweb a 5 4.9\n", "r:2:9: error: deleted before it is created"},
        {"service pod create labels\nweb a 5 x\n", "r:2:9: error: labels are KEY=VALUE,KEY=VALUE"},
        {"service pod create labels\nweb a 5 x=y,\n", "r:2:13: error: labels are KEY=VALUE,KEY=VALUE"},
        {"service pod create labels\nweb a 5 x=y,_=z\n", "r:2:13: error: the label key '_' must"},
        {"service pod create node\nweb a 5 No\n", "r:2:9: error: the node 'No' must"},
        {"service pod create\nWeb a 5\n", "r:2:1: error: the service 'Web' must"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct rows read = read_rows(rows[i][0], strlen(rows[i][0]), 0);
        CU_ASSERT_FALSE(read.good);
        if (strncmp(read.messages, rows[i][1], strlen(rows[i][1])) != 0) {
            fprintf(stderr, "\nexpected: %s\nbut got:  %s\n", rows[i][1], read.messages);
            CU_FAIL("message");
        }
        drop(&read);
    }
}

/* Within a scenario: the position of a row in a literal block, whatever its indentation. */
static void test_positions_in_yaml(void)
{
    expect_first_message(SERVICE_WEB OURS
        "  events:\n  - replay:\n      pods: |\n\n        service pod create\n"
        "        web a 1\n\n          web b x\n",
        "t.yaml:17:17: error: 'create' takes seconds, a duration or '-', not 'x'");
    expect_first_message(SERVICE_WEB OURS "  events:\n  - replay: {pods: \"service pod create\\nweb b x\"}\n",
        "t.yaml:11:21: error: 'create' takes seconds, a duration or '-', not 'x'");
}

static int64_t scan_ns(const struct trace *trace, uint32_t pod, enum trace_verb verb)
{
    for (uint32_t i = 0; i < trace->row_count; i++)
        if (trace->rows[i].pod == pod && trace->rows[i].verb == verb)
            return trace->rows[i].at_ns;
    return -1;
}

/* Random tables: every pod's rows are there, and all are in order. */
static void test_random(void)
{
    uint64_t random = suite_seed();
    for (int round = 0; round < 50; round++) {
        int64_t creates[100], deletes[100];
        uint32_t count = 1 + suite_below(&random, 100);
        struct text text = {0};
        text_add(&text, "service pod create delete\n");
        for (uint32_t i = 0; i < count; i++) {
            creates[i] = suite_below(&random, 20);
            deletes[i] = suite_below(&random, 3) ? creates[i] + suite_below(&random, 20) : -1;
            text_printf(&text, "s%u p%u %d ", suite_below(&random, 4), i, (int)creates[i]);
            if (deletes[i] >= 0)
                text_printf(&text, "%d\n", (int)deletes[i]);
            else
                text_add(&text, "-\n");
        }
        struct rows rows = read_rows(text.data, text.length, 0);
        CU_ASSERT(rows.good);
        for (uint32_t i = 0; i < count; i++) {
            CU_ASSERT_EQUAL(scan_ns(&rows.trace, i, TRACE_CREATE), creates[i] * S);
            CU_ASSERT_EQUAL(scan_ns(&rows.trace, i, TRACE_DELETE), deletes[i] < 0 ? -1 : deletes[i] * S);
        }
        for (uint32_t i = 1; i < rows.trace.row_count; i++) {
            const struct trace_row *a = &rows.trace.rows[i - 1], *b = &rows.trace.rows[i];
            CU_ASSERT(a->at_ns < b->at_ns ||
                      (a->at_ns == b->at_ns && (a->pod < b->pod || (a->pod == b->pod && a->verb < b->verb))));
        }
        drop(&rows);
        text_fini(&text);
    }
}

int main(void)
{
    static const struct suite_test tests[] = {
        {"rows", test_rows},
        {"the column ready", test_ready},
        {"a replay that starts later", test_offset},
        {"mistakes and their positions", test_mistakes},
        {"positions within a scenario", test_positions_in_yaml},
        {"random tables", test_random},
    };
    return suite_main("scenario_trace", tests, sizeof tests / sizeof tests[0]);
}
