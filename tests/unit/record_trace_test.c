/*
 * record_trace_test.c: the trace is NDJSON: each line parses, has its fields, and stands in the order of what
 * happened. A parser of its own (jansson) reads it back.
 */
#include "record_support.h"

#include <jansson.h>

#include "record/trace.h"

static struct made_engine made;

/* An event that has a consequence: pods that arrive. */
static void add_pods(void *subject, uint64_t argument)
{
    struct clock *clock = subject;
    made_add_pods(&made, 0, (uint32_t)argument, clock_now(clock));
}

static void check_line(const json_t *line, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    json_t *expected = json_vpack_ex(NULL, 0, format, values);
    va_end(values);
    CU_ASSERT_PTR_NOT_NULL_FATAL(expected);
    if (!json_equal(line, expected)) {
        char *got = json_dumps(line, 0), *wanted = json_dumps(expected, 0);
        fprintf(stderr, "\n  expected: %s\n  got:      %s\n", wanted, got);
        free(got);
        free(wanted);
    }
    CU_ASSERT(json_equal(line, expected));
    json_decref(expected);
}

/* The lines of a file; each must be one object. */
static json_t *read_lines(const char *path)
{
    json_t *lines = json_array();
    char *text = file_read(path, NULL), *rest = text;
    for (char *line; (line = strtok_r(rest, "\n", &rest));) {
        json_error_t error;
        json_t *object = json_loads(line, JSON_REJECT_DUPLICATES, &error);
        if (!object)
            fprintf(stderr, "\n%s: %s\n", line, error.text);
        CU_ASSERT_FATAL(json_is_object(object));
        json_array_append_new(lines, object);
    }
    free(text);
    return lines;
}

static void test_lines(void)
{
    folder_empty();
    FILE *out = fopen(in_folder("t.ndjson"), "w");
    struct clock clock;
    struct engine_observer observer;
    clock_init(&clock, 1, 0);
    made_init(&made, 5, 1000);
    struct trace_writer *writer = trace_writer_create(out, &clock, made.catalog, &observer);
    made_observe(&made, observer);
    made_add_service(&made, "default", "we\"b<&>\x7f");
    clock_at(&clock, 0, PHASE_SCENARIO, EVENT_SCENARIO + 2, add_pods, &clock, 6);
    clock_at(&clock, 10 * NS_PER_S, PHASE_SYNC, EVENT_ENGINE, add_pods, &clock, 1);
    clock_at(&clock, 11 * NS_PER_S, 15, EVENT_USER, add_pods, &clock, 1);
    clock_run(&clock, SIM_TIME_NEVER);
    CU_ASSERT_EQUAL(trace_writer_destroy(writer), STATUS_OK);
    fclose(out);
    clock_fini(&clock);
    made_fini(&made);

    json_t *lines = read_lines(in_folder("t.ndjson"));
    CU_ASSERT_EQUAL_FATAL(json_array_size(lines), 3 + 3 + 2 + 2);
    check_line(json_array_get(lines, 0), "{s:s,s:i,s:I,s:s,s:i,s:s,s:i}", "type", "event", "number", 1,
        "t_ns", (json_int_t)0, "phase", "scenario", "kind", EVENT_SCENARIO + 2, "module", "scenario",
        "argument", 6);
    check_line(json_array_get(lines, 1), "{s:s,s:i,s:I,s:s,s:s,s:s,s:s,s:s,s:s,s:i,s:i,s:i,s:i,s:i,s:i}",
        "type", "write", "seq", 1, "t_ns", (json_int_t)0, "controller", "endpoints", "verb", "create", "kind",
        "Endpoints", "namespace", "default", "service", "we\"b<&>\x7f", "object", "we\"b<&>\x7f", "endpoints",
        6, "endpoints_added", 6, "endpoints_removed", 0, "bytes", 800, "watchers", 4, "watch_bytes", 3360);
    check_line(json_array_get(lines, 3), "{s:s,s:i,s:I,s:s,s:s,s:s,s:s,s:s,s:s,s:i,s:i,s:i,s:i,s:i,s:i}",
        "type", "write", "seq", 3, "t_ns", (json_int_t)0, "controller", "endpointslice", "verb", "create",
        "kind", "EndpointSlice", "namespace", "default", "service", "we\"b<&>\x7f", "object",
        "we\"b<&>\x7f-00001", "endpoints", 1, "endpoints_added", 1, "endpoints_removed", 0, "bytes", 300,
        "watchers", 4, "watch_bytes", 1360);
    check_line(json_array_get(lines, 4), "{s:s,s:i,s:I,s:s,s:i,s:s,s:i}", "type", "event", "number", 2,
        "t_ns", (json_int_t)(10 * NS_PER_S), "phase", "sync", "kind", EVENT_ENGINE, "module", "engine",
        "argument", 1);
    check_line(json_array_get(lines, 7), "{s:s,s:i,s:I,s:s,s:i,s:s,s:i}", "type", "event", "number", 3,
        "t_ns", (json_int_t)(11 * NS_PER_S), "phase", "other", "kind", EVENT_USER, "module", "user",
        "argument", 1);
    json_decref(lines);
}

/* More than the buffer holds comes out whole. */
static void test_long(void)
{
    folder_empty();
    FILE *out = fopen(in_folder("l.ndjson"), "w");
    struct clock clock;
    struct engine_observer observer;
    clock_init(&clock, 1, 0);
    made_init(&made, 5, 1000);
    struct trace_writer *writer = trace_writer_create(out, &clock, made.catalog, &observer);
    made_observe(&made, observer);
    made_add_service(&made, "default", "web");
    for (int i = 0; i < 1000; i++)
        clock_at(&clock, i, PHASE_SCENARIO, EVENT_SCENARIO, add_pods, &clock, 1);
    clock_run(&clock, SIM_TIME_NEVER);
    CU_ASSERT_EQUAL(trace_writer_destroy(writer), STATUS_OK);
    fclose(out);
    json_t *lines = read_lines(in_folder("l.ndjson"));
    CU_ASSERT_EQUAL(json_array_size(lines), 1000 + made.sequence);
    uint64_t sequence = 0;
    for (size_t i = 0; i < json_array_size(lines); i++) {
        const json_t *seq = json_object_get(json_array_get(lines, i), "seq");
        if (seq)
            CU_ASSERT_EQUAL(json_integer_value(seq), (json_int_t)++sequence);
    }
    json_decref(lines);
    clock_fini(&clock);
    made_fini(&made);
}

static void test_failure(void)
{
    FILE *out = fopen("/dev/full", "w");
    if (!out)
        return;
    struct clock clock;
    struct engine_observer observer;
    clock_init(&clock, 1, 0);
    made_init(&made, 5, 1000);
    struct trace_writer *writer = trace_writer_create(out, &clock, made.catalog, &observer);
    made_observe(&made, observer);
    made_add_service(&made, "default", "web");
    clock_at(&clock, 0, PHASE_SCENARIO, EVENT_SCENARIO, add_pods, &clock, 1);
    clock_run(&clock, SIM_TIME_NEVER);
    CU_ASSERT_EQUAL(trace_writer_destroy(writer), STATUS_IO);
    CU_ASSERT_EQUAL(errno, ENOSPC);
    fclose(out);
    clock_fini(&clock);
    made_fini(&made);
}

static const struct suite_test tests[] = {
    {"fields and order of lines", test_lines},
    {"a long trace", test_long},
    {"what cannot be written is told", test_failure},
};

int main(void)
{
    folder_make();
    int code = suite_main("record_trace", tests, sizeof tests / sizeof *tests);
    folder_remove();
    return code;
}
