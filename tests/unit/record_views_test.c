/*
 * record_views_test.c: the contract of the views (design: "The database"): names and columns, what each row
 * says, and what is there at each level of recording. Writes are made up (record_support.h), so this pins the
 * recorder and not the engine.
 */
#include "record_support.h"

#include "record/schema.h"

/* Columns of the contract, in its order; a view may have more at its end. */
static const struct {
    const char *view, *columns;
} contract[] = {
    {"v_runs", "run_id,scenario,seed,run,params,digest,status,events,sim_s,wall_s,started,ended"},
    {"v_writes",
        "run_id,seq,t_s,controller,verb,namespace,service,object,endpoints,bytes,watchers,watch_bytes"},
    {"v_timeline", "run_id,t_s,namespace,service,pods,ready,ep_addresses,ep_omitted,ep_truncated,slices,"
                   "slices_ideal,fill"},
    {"v_churn", "run_id,namespace,service,controller,creates,updates,deletes,noops,endpoints_added,"
                "endpoints_removed,bytes,watch_bytes"},
    {"v_slices", "run_id,namespace,service,slice,address_type,ports,t_created_s,t_deleted_s,peak,updates"},
    {"v_latency", "run_id,t_s,namespace,service,seconds"},
};

static struct recorder *open_fresh(const char *path, enum record_level level)
{
    struct recorder *recorder = NULL;
    char *message = NULL;
    CU_ASSERT_EQUAL_FATAL(recorder_open(path, RECORD_CREATE, level, &recorder, &message), STATUS_OK);
    return recorder;
}

static void begin(struct recorder *recorder, struct made_engine *made)
{
    struct run_info info = info_default();
    struct engine_observer observer;
    info.endpoints_per_slice_max = made->per_slice;
    CU_ASSERT_EQUAL_FATAL(recorder_begin(recorder, &info, made->catalog, &observer, NULL), STATUS_OK);
    made_observe(made, observer);
}

static void test_columns(void)
{
    folder_empty();
    recorder_close(NULL);
    struct made_engine made;
    made_init(&made, 5, 1000);
    struct recorder *recorder = open_fresh(in_folder("c.db"), RECORD_FULL);
    begin(recorder, &made);
    CU_ASSERT_EQUAL(end_complete(recorder), STATUS_OK);
    recorder_close(recorder);
    for (size_t i = 0; i < sizeof contract / sizeof *contract; i++) {
        struct text sql = {0};
        text_printf(&sql, "SELECT group_concat(name) FROM pragma_table_info('%s')", contract[i].view);
        char *columns = rows_of(in_folder("c.db"), sql.data);
        size_t length = strlen(contract[i].columns);
        if (strncmp(columns, contract[i].columns, length) != 0)
            fprintf(stderr, "\n%s has %s\n", contract[i].view, columns);
        CU_ASSERT_EQUAL(strncmp(columns, contract[i].columns, length), 0);
        CU_ASSERT(columns[length] == ',' || columns[length] == '\0');
        free(columns);
        text_fini(&sql);
    }
    made_fini(&made);
}

/* The words of the engine are those that the schema holds, number by number. */
static void test_words(void)
{
    struct text controllers = {0}, verbs = {0};
    for (int i = 0; i < CONTROLLER_COUNT; i++)
        text_printf(&controllers, "%s%d|%s", i ? "\n" : "", i, controller_text((enum controller)i));
    for (int i = 0; i < VERB_COUNT; i++)
        text_printf(&verbs, "%s%d|%s", i ? "\n" : "", i, verb_text((enum verb)i));
    ROWS(in_folder("c.db"), "SELECT * FROM controllers ORDER BY 1", controllers.data);
    ROWS(in_folder("c.db"), "SELECT * FROM verbs ORDER BY 1", verbs.data);
    text_fini(&controllers);
    text_fini(&verbs);
}

static void test_marks(void)
{
    struct text version = {0};
    text_printf(&version, "%d", SCHEMA_VERSION);
    ROWS(in_folder("c.db"), "PRAGMA user_version", version.data);
    ROWS(in_folder("c.db"), "PRAGMA application_id", "1701868397");
    ROWS(in_folder("c.db"), "PRAGMA journal_mode", "delete");
    ROWS(in_folder("c.db"), "PRAGMA integrity_check", "ok");
    text_fini(&version);
    /* The text that is built in is the file that is installed. */
    char *text = file_read("sim/record/schema.sql", NULL);
    CU_ASSERT_STRING_EQUAL(text, schema_sql);
    free(text);
}

/* Seven pods in slices of five, a pod that goes, a slice that goes; every number by hand. */
static void test_values(void)
{
    folder_empty();
    const char *path = in_folder("v.db");
    struct made_engine made;
    made_init(&made, 5, 6);
    struct recorder *recorder = open_fresh(path, RECORD_FULL);
    begin(recorder, &made);
    uint32_t web = made_add_service(&made, "default", "web");
    made_add_pods(&made, web, 7, 0);
    made_remove_pod(&made, web, 1, 10 * NS_PER_S);
    made_remove_pod(&made, web, 1, 20 * NS_PER_S + 500 * NS_PER_MS);
    made_noop(&made, web, 30 * NS_PER_S);
    CU_ASSERT_EQUAL(end_complete(recorder), STATUS_OK);
    recorder_close(recorder);

    ROWS(path,
        "SELECT run_id, scenario, seed, run, params, digest, status, events, sim_s, wall_s, started, ended, "
        "content_hash, source_name, message, level, endpoints_per_slice_max, endpoints_capacity, until_s, "
        "start_s, packing_policy "
        "FROM v_runs",
        "1|made-up|7|3|{\"controllers.maxEndpointsPerSlice\": 5}|0123456789abcdef|complete|42|60.0|0.25|"
        "2026-01-02T03:04:05Z|2026-01-02T03:04:06Z|c0ffee|web.yaml|-|full|5|1000|-|1767225600|upstream");
    ROWS(path,
        "SELECT seq, t_s, controller, verb, namespace, service, object, endpoints, bytes, watchers, "
        "watch_bytes, "
        "kind, endpoints_added, endpoints_removed FROM v_writes ORDER BY seq",
        "1|0.0|endpoints|create|default|web|web|6|800|4|3360|Endpoints|7|0\n"
        "2|0.0|endpointslice|create|default|web|web-00000|5|700|4|2960|EndpointSlice|5|0\n"
        "3|0.0|endpointslice|create|default|web|web-00001|2|400|4|1760|EndpointSlice|2|0\n"
        "4|10.0|endpoints|update|default|web|web|6|800|4|3360|Endpoints|0|1\n"
        "5|10.0|endpointslice|update|default|web|web-00001|1|300|4|1360|EndpointSlice|0|1\n"
        "6|20.5|endpoints|update|default|web|web|5|700|4|2960|Endpoints|0|1\n"
        "7|20.5|endpointslice|delete|default|web|web-00001|0|200|4|960|EndpointSlice|0|1\n"
        "8|30.0|endpointslice|noop|default|web||0|200|0|0|EndpointSlice|0|0");
    ROWS(path,
        "SELECT t_s, namespace, service, pods, ready, ep_addresses, ep_omitted, ep_truncated, slices, "
        "slices_ideal, "
        "fill FROM v_timeline ORDER BY t_s",
        "0.0|default|web|7|7|6|1|1|2|2|0.7\n10.0|default|web|6|6|6|0|0|2|2|0.6\n20.5|default|web|5|5|5|0|0|1|"
        "1|1.0");
    ROWS(path,
        "SELECT namespace, service, controller, creates, updates, deletes, noops, endpoints_added, "
        "endpoints_removed, bytes, watch_bytes FROM v_churn ORDER BY controller",
        "default|web|endpoints|1|2|0|0|7|2|2300|9680\ndefault|web|endpointslice|2|1|1|1|7|2|1800|7040");
    ROWS(path,
        "SELECT namespace, service, slice, address_type, ports, t_created_s, t_deleted_s, peak, updates "
        "FROM v_slices ORDER BY slice",
        "default|web|web-00000|IPv4|http:8080/TCP|0.0|-|5|0\ndefault|web|web-00001|IPv4|http:8080/"
        "TCP|0.0|20.5|2|1");
    ROWS(path, "SELECT count(*) FROM v_latency", "0");
    made_fini(&made);
}

/* Churn sums are the same at every level; series has no writes, summary neither states nor slices. */
static void test_levels(void)
{
    static const char *const names[] = {"summary.db", "series.db", "full.db"};
    struct made_engine made;
    made_init(&made, 5, 1000);
    folder_empty();
    struct recorder *recorders[3];
    for (int i = 0; i < 3; i++) {
        recorders[i] = open_fresh(in_folder(names[i]), (enum record_level)i);
        begin(recorders[i], &made);
    }
    uint32_t web = made_add_service(&made, "default", "web"), api = made_add_service(&made, "shop", "api");
    made_add_pods(&made, web, 23, 0);
    made_add_pods(&made, api, 4, NS_PER_S);
    made_remove_pod(&made, web, 2, 2 * NS_PER_S);
    made_noop(&made, api, 2 * NS_PER_S);
    for (int i = 0; i < 3; i++) {
        CU_ASSERT_EQUAL(end_complete(recorders[i]), STATUS_OK);
        recorder_close(recorders[i]);
        ROWS(in_folder(names[i]),
            "SELECT namespace, service, controller, creates, updates, deletes, noops, endpoints_added, "
            "endpoints_removed, bytes FROM v_churn ORDER BY service, controller",
            "shop|api|endpoints|1|0|0|0|4|0|600\nshop|api|endpointslice|1|0|0|1|4|0|800\n"
            "default|web|endpoints|1|1|0|0|23|1|4900\ndefault|web|endpointslice|5|1|0|0|23|1|3900");
        ROWS(in_folder(names[i]), "SELECT status, level FROM v_runs",
            i == 0   ? "complete|summary"
            : i == 1 ? "complete|series"
                     : "complete|full");
    }
    ROWS(in_folder("summary.db"),
        "SELECT (SELECT count(*) FROM v_timeline), (SELECT count(*) FROM v_slices), "
        "(SELECT count(*) FROM v_writes), (SELECT count(*) FROM objects)",
        "0|0|0|0");
    ROWS(in_folder("series.db"),
        "SELECT (SELECT count(*) FROM v_timeline), (SELECT count(*) FROM v_slices), "
        "(SELECT count(*) FROM v_writes), (SELECT count(*) FROM objects)",
        "3|6|0|6");
    ROWS(in_folder("full.db"),
        "SELECT (SELECT count(*) FROM v_timeline), (SELECT count(*) FROM v_slices), "
        "(SELECT count(*) FROM v_writes), (SELECT count(*) FROM objects)",
        "3|6|11|9");
    char *series = rows_of(in_folder("series.db"), "SELECT * FROM v_slices ORDER BY slice");
    ROWS(in_folder("full.db"), "SELECT * FROM v_slices ORDER BY slice", series);
    free(series);
    made_fini(&made);
}

/* Random pods of several Services, across commits of large chunks; sums against rows, lives against writes.
 */
static void test_consistency(void)
{
    uint64_t random = suite_seed();
    folder_empty();
    const char *path = in_folder("r.db");
    struct made_engine made;
    made_init(&made, 4, 30);
    struct recorder *recorder = open_fresh(path, RECORD_FULL);
    begin(recorder, &made);
    for (int i = 0; i < 5; i++) {
        char name[16];
        snprintf(name, sizeof name, "s%d", i);
        made_add_service(&made, i & 1 ? "odd" : "even", name);
    }
    for (int i = 0; i < 4000; i++) {
        uint32_t number = suite_below(&random, made.services.count);
        struct made_service *service = &made.services.items[number];
        sim_time at_ns = i * (NS_PER_S / 4);
        if (service->slices.count && suite_below(&random, 2))
            made_remove_pod(&made, number, suite_below(&random, service->slices.count), at_ns);
        else if (suite_below(&random, 10) == 0)
            made_noop(&made, number, at_ns);
        else
            made_add_pods(&made, number, 1 + suite_below(&random, 3), at_ns);
    }
    CU_ASSERT_EQUAL(end_complete(recorder), STATUS_OK);
    recorder_close(recorder);

    char *churn = rows_of(path,
        "SELECT namespace, service, controller, creates, updates, deletes, noops, endpoints_added, "
        "endpoints_removed, bytes, watch_bytes FROM v_churn ORDER BY 1, 2, 3");
    ROWS(path,
        "SELECT namespace, service, controller, sum(verb = 'create'), sum(verb = 'update'), sum(verb = "
        "'delete'), "
        "sum(verb = 'noop'), sum(endpoints_added), sum(endpoints_removed), sum(bytes), sum(watch_bytes) "
        "FROM v_writes GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
        churn);
    free(churn);
    char *slices = rows_of(
        path, "SELECT service, slice, t_created_s, t_deleted_s, peak, updates FROM v_slices ORDER BY 2");
    ROWS(path,
        "SELECT service, object, min(t_s) FILTER (WHERE verb = 'create'), max(t_s) FILTER (WHERE verb = "
        "'delete'), "
        "max(endpoints), sum(verb = 'update') FROM v_writes WHERE kind = 'EndpointSlice' AND object <> '' "
        "GROUP BY 1, 2 ORDER BY 2",
        slices);
    free(slices);
    ROWS(path, "SELECT count(*) - max(seq), min(seq) FROM v_writes", "0|1");
    /* Each state is what the slices' writes until then add up to. */
    ROWS(path,
        "WITH steps AS (SELECT service, t_s, sum(endpoints_added - endpoints_removed) AS d FROM v_writes "
        "WHERE kind = 'EndpointSlice' GROUP BY 1, 2), "
        "totals AS (SELECT service, t_s, sum(d) OVER (PARTITION BY service ORDER BY t_s) AS endpoints FROM "
        "steps) "
        "SELECT sum(endpoints <> slice_endpoints), count(*) > 2000 FROM v_timeline JOIN totals USING "
        "(service, t_s)",
        "0|1");
    made_fini(&made);
}

/* One row a Service and instant, also when a Service is deleted and created again at once. */
static void test_recreated_service(void)
{
    folder_empty();
    const char *path = in_folder("s.db");
    struct made_engine made;
    made_init(&made, 5, 1000);
    struct recorder *recorder = open_fresh(path, RECORD_SERIES);
    begin(recorder, &made);
    struct engine_observer *to = &made.observers[0];
    struct service_state state = {
        .namespace = catalog_sym(made.catalog, "default"), .name = catalog_sym(made.catalog, "web")};
    state.pods = 3;
    to->on_state(to->self, &state);
    state.at_ns = NS_PER_S;
    state.pods = 0;
    state.deleted = true;
    to->on_state(to->self, &state);
    struct service_state again = state;
    again.service_number = 1;
    again.deleted = false;
    again.pods = 4;
    to->on_state(to->self, &again);
    /* What is left of the first is told last: the row of the second stays. */
    to->on_state(to->self, &state);
    state.at_ns = again.at_ns = 2 * NS_PER_S;
    to->on_state(to->self, &state);
    again.pods = 5;
    to->on_state(to->self, &again);
    CU_ASSERT_EQUAL(end_complete(recorder), STATUS_OK);
    recorder_close(recorder);
    ROWS(path, "SELECT t_s, pods, deleted FROM v_timeline ORDER BY t_s", "0.0|3|0\n1.0|4|0\n2.0|5|0");
    ROWS(path, "SELECT count(*) FROM services", "1");
    ROWS(path, "SELECT count(*) FROM v_timeline WHERE fill IS NULL", "3");
    made_fini(&made);
}

/* A slice that was there before the run: adopted, or first seen when it is written. */
static void test_starting_slices(void)
{
    folder_empty();
    const char *path = in_folder("a.db");
    struct clock clock;
    clock_init(&clock, 1, 0);
    struct store *store = store_create(&clock, 0);
    struct catalog *catalog = store_catalog(store);
    store_set_silent(store, true);
    struct endpointslice *slice = endpointslice_create(catalog);
    struct label label = {catalog_word(catalog, WORD_SERVICE_NAME), catalog_sym(catalog, "web")};
    slice->meta.namespace = catalog_sym(catalog, "shop");
    slice->meta.name = catalog_sym(catalog, "web-old");
    slice->meta.labels = labels_intern(catalog, &label, 1);
    slice->address_type = ADDRESS_IPV6;
    store_create_endpointslice(store, slice, true);

    struct recorder *recorder = open_fresh(path, RECORD_SERIES);
    struct run_info info = info_default();
    struct engine_observer to;
    CU_ASSERT_EQUAL_FATAL(recorder_begin(recorder, &info, catalog, &to, NULL), STATUS_OK);
    recorder_adopt(recorder, store);
    struct write write = {.at_ns = 5 * NS_PER_S,
        .sequence = 1,
        .controller = CONTROLLER_ENDPOINTSLICE,
        .verb = VERB_UPDATE,
        .namespace = slice->meta.namespace,
        .service = label.value,
        .object = catalog_sym(catalog, "web-other"),
        .slice = slice,
        .endpoints = 7,
        .endpoints_added = 1,
        .endpoints_removed = 3};
    to.on_write(to.self, &write);
    CU_ASSERT_EQUAL(end_complete(recorder), STATUS_OK);
    recorder_close(recorder);
    ROWS(path,
        "SELECT namespace, service, slice, address_type, ports, t_created_s, t_deleted_s, peak, updates "
        "FROM v_slices ORDER BY slice",
        "shop|web|web-old|IPv6||0.0|-|0|0\nshop|web|web-other|IPv6||0.0|-|9|1");
    store_destroy(store);
    clock_fini(&clock);
}

static void test_several_runs(void)
{
    folder_empty();
    const char *path = in_folder("m.db");
    struct recorder *recorder = open_fresh(path, RECORD_FULL);
    for (int i = 0; i < 3; i++) {
        struct made_engine made;
        made_init(&made, 5, 1000);
        begin(recorder, &made);
        uint32_t web = made_add_service(&made, "default", i == 1 ? "api" : "web");
        made_add_pods(&made, web, 3 + (uint32_t)i, 0);
        CU_ASSERT_EQUAL(i == 2
                            ? recorder_end(recorder, "failed", "scale: no such workload", 1, 2, 3, 4, "then")
                            : end_complete(recorder),
            STATUS_OK);
        made_fini(&made);
    }
    recorder_close(recorder);
    ROWS(path, "SELECT run_id, status, message FROM v_runs",
        "1|complete|-\n2|complete|-\n3|failed|scale: no such workload");
    ROWS(path, "SELECT run_id, seq, service, endpoints FROM v_writes ORDER BY 1, 2",
        "1|1|web|3\n1|2|web|3\n2|1|api|4\n2|2|api|4\n3|1|web|5\n3|2|web|5");
    ROWS(path, "SELECT run_id, pods FROM v_timeline ORDER BY 1", "1|3\n2|4\n3|5");
    ROWS(path, "SELECT run_id, slice FROM v_slices ORDER BY 1", "1|web-00000\n2|api-00000\n3|web-00000");
    ROWS(path, "SELECT count(*) FROM sources", "1");
    /* Deleting a run takes all of it along, and nothing else. */
    ROWS(path, "DELETE FROM runs WHERE run_id = 2", "");
    ROWS(path,
        "SELECT (SELECT group_concat(DISTINCT run_id) FROM v_writes), (SELECT group_concat(DISTINCT write_id "
        ">> 40) "
        "FROM writes), (SELECT group_concat(DISTINCT run_id) FROM services), (SELECT group_concat(DISTINCT "
        "run_id) "
        "FROM objects), (SELECT group_concat(DISTINCT run_id) FROM churn), (SELECT group_concat(DISTINCT "
        "state_id >> 40) "
        "FROM timeline)",
        "1,3|1,3|1,3|1,3|1,3|1,3");
}

static const struct suite_test tests[] = {
    {"views have the contract's columns first", test_columns},
    {"words are the engine's", test_words},
    {"marks of the file, and the built-in schema", test_marks},
    {"every value of a small run", test_values},
    {"levels", test_levels},
    {"sums and lives agree with writes", test_consistency},
    {"a Service deleted and created again", test_recreated_service},
    {"slices that were there before", test_starting_slices},
    {"several runs, and deleting one", test_several_runs},
};

int main(void)
{
    folder_make();
    int code = suite_main("record_views", tests, sizeof tests / sizeof *tests);
    folder_remove();
    return code;
}
