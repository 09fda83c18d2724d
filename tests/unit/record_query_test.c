/*
 * record_query_test.c: what went into a database comes out again: the facts of a run, its text byte by byte,
 * its states; and what is said of runs that are not there, of other versions, and of damage.
 */
#include "record_support.h"

#include "record/query.h"
#include "record/source_text.h"

static void record(const char *path, const struct run_info *info, bool ends, uint32_t pods)
{
    struct made_engine made;
    struct recorder *recorder = NULL;
    char *message = NULL;
    struct engine_observer observer;
    made_init(&made, 5, 1000);
    CU_ASSERT_EQUAL_FATAL(recorder_open(path, RECORD_APPEND, RECORD_SERIES, &recorder, &message), STATUS_OK);
    CU_ASSERT_EQUAL_FATAL(recorder_begin(recorder, info, made.catalog, &observer, NULL), STATUS_OK);
    made_observe(&made, observer);
    uint32_t web = made_add_service(&made, "default", "web"), api = made_add_service(&made, "shop", "api");
    made_add_pods(&made, web, pods, 0);
    made_add_pods(&made, api, 2, NS_PER_S);
    made_remove_pod(&made, web, 0, 2 * NS_PER_S);
    if (ends)
        CU_ASSERT_EQUAL(end_complete(recorder), STATUS_OK);
    recorder_close(recorder);
    made_fini(&made);
}

static struct database open_read(const char *path)
{
    struct database database;
    char *message = NULL;
    enum status status = database_open_read(&database, path, &message);
    if (status != STATUS_OK)
        fprintf(stderr, "\n%s\n", message);
    CU_ASSERT_EQUAL_FATAL(status, STATUS_OK);
    return database;
}

static void test_run(void)
{
    folder_empty();
    const char *path = in_folder("q.db");
    struct run_info info = info_default();
    static const char bytes[] = "a: \"\xc3\xa9\"\n\0b: after a NUL\n";
    info.source_text = bytes;
    info.source_length = sizeof bytes - 1;
    info.seed = UINT64_MAX;
    info.run = UINT64_C(1) << 63;
    info.endpoints_capacity = UINT32_MAX;
    info.until_ns = 90 * NS_PER_S;
    record(path, &info, true, 9);
    info.seed = INT64_MAX;
    info.source_text = NULL;
    record(path, &info, false, 9);
    ROWS(path, "SELECT seed, typeof(seed), run FROM v_runs",
        "18446744073709551615|text|9223372036854775808\n9223372036854775807|integer|9223372036854775808");

    struct database database = open_read(path);
    struct stored_run run;
    char *message = NULL;
    CU_ASSERT_EQUAL_FATAL(query_run(&database, 1, &run, &message), STATUS_OK);
    CU_ASSERT_EQUAL(run.run_id, 1);
    CU_ASSERT_STRING_EQUAL(run.scenario, "made-up");
    CU_ASSERT_STRING_EQUAL(run.content_hash, "c0ffee");
    CU_ASSERT_STRING_EQUAL(run.params_json, info.params_json);
    CU_ASSERT_STRING_EQUAL(run.source_name, "web.yaml");
    CU_ASSERT_STRING_EQUAL(run.epsim_version, EPSIM_VERSION);
    CU_ASSERT_EQUAL(run.seed, UINT64_MAX);
    CU_ASSERT_EQUAL(run.run, UINT64_C(1) << 63);
    CU_ASSERT_EQUAL(run.level, RECORD_SERIES);
    CU_ASSERT_EQUAL(run.start_s, 1767225600);
    CU_ASSERT_EQUAL(run.endpoints_per_slice_max, 5);
    CU_ASSERT_EQUAL(run.endpoints_capacity, UINT32_MAX);
    CU_ASSERT_EQUAL(run.until_ns, 90 * NS_PER_S);
    CU_ASSERT_STRING_EQUAL(run.status, "complete");
    CU_ASSERT_PTR_NULL(run.message);
    CU_ASSERT_STRING_EQUAL(run.digest, "0123456789abcdef");
    CU_ASSERT_EQUAL(run.events, 42);
    CU_ASSERT_EQUAL(run.sim_ns, 60 * NS_PER_S);
    CU_ASSERT_DOUBLE_EQUAL(run.wall_s, 0.25, 0);
    CU_ASSERT_STRING_EQUAL(run.started, "2026-01-02T03:04:05Z");
    CU_ASSERT_STRING_EQUAL(run.ended, "2026-01-02T03:04:06Z");
    CU_ASSERT_EQUAL_FATAL(run.source_length, sizeof bytes - 1);
    CU_ASSERT_EQUAL(memcmp(run.source_text, bytes, sizeof bytes), 0);
    CU_ASSERT_EQUAL(stored_run_check_version(&run, &message), STATUS_OK);
    CU_ASSERT_EQUAL(stored_run_check_digest(&run, 0x0123456789abcdef, &message), STATUS_OK);
    CU_ASSERT_EQUAL(stored_run_check_digest(&run, 1, &message), STATUS_CONFLICT);
    MESSAGE(message, "0000000000000001");
    stored_run_fini(&run);

    /* 0 is the last one; it has not ended, and was given no text. */
    CU_ASSERT_EQUAL_FATAL(query_run(&database, 0, &run, &message), STATUS_OK);
    CU_ASSERT_EQUAL(run.run_id, 2);
    CU_ASSERT_EQUAL(run.seed, INT64_MAX);
    CU_ASSERT_STRING_EQUAL(run.status, "incomplete");
    CU_ASSERT_PTR_NULL(run.digest);
    CU_ASSERT_PTR_NULL(run.ended);
    CU_ASSERT_PTR_NULL(run.source_text);
    CU_ASSERT_EQUAL(run.events, -1);
    CU_ASSERT_EQUAL(run.sim_ns, -1);
    CU_ASSERT_EQUAL(stored_run_check_digest(&run, 1, &message), STATUS_OK);
    stored_run_fini(&run);

    CU_ASSERT_EQUAL(query_run(&database, 7, &run, &message), STATUS_NOT_FOUND);
    MESSAGE(message, "there is no run 7; there are 2, from 1 to 2");
    database_close(&database);
    free(rows_of(path, "UPDATE runs SET epsim_version = '0.0.0-other'"));
    database = open_read(path);
    CU_ASSERT_EQUAL_FATAL(query_run(&database, 1, &run, &message), STATUS_OK);
    CU_ASSERT_EQUAL(stored_run_check_version(&run, &message), STATUS_CONFLICT);
    MESSAGE(message, "0.0.0-other");
    stored_run_fini(&run);
    database_close(&database);
}

static void test_large_text(void)
{
    folder_empty();
    uint64_t random = suite_seed();
    size_t length = 3000000;
    char *text = mem_alloc(length);
    for (size_t i = 0; i < length; i++)
        text[i] = (char)("apiVersion: v1\n"[i % 15] + (suite_below(&random, 50) == 0));
    struct run_info info = info_default();
    info.source_text = text;
    info.source_length = length;
    record(in_folder("t.db"), &info, true, 3);
    record(in_folder("t.db"), &info, true, 3);
    text[length - 1] ^= 1;
    record(in_folder("t.db"), &info, true, 3);
    ROWS(in_folder("t.db"), "SELECT count(*), max(bytes), max(length(text)) < 1500000 FROM sources",
        "2|3000000|1");
    struct database database = open_read(in_folder("t.db"));
    struct stored_run run;
    char *message = NULL;
    CU_ASSERT_EQUAL_FATAL(query_run(&database, 3, &run, &message), STATUS_OK);
    CU_ASSERT(run.source_length == length && memcmp(run.source_text, text, length) == 0);
    stored_run_fini(&run);
    database_close(&database);
    free(text);
}

struct seen {
    struct text text;
    int stop_after;
};

static bool see_run(void *context, const struct stored_run *run)
{
    struct seen *seen = context;
    text_printf(&seen->text, "%d:%s ", (int)run->run_id, run->status);
    CU_ASSERT_PTR_NULL(run->source_text);
    return --seen->stop_after != 0;
}

static bool ignore_run(void *context, const struct stored_run *run)
{
    (void)context;
    (void)run;
    return true;
}

static bool see_state(void *context, const struct stored_state *state)
{
    struct seen *seen = context;
    text_printf(&seen->text, "%d:%s/%s:%u,%u,%u,%u,%u,%u,%d,%d ", (int)(state->at_ns / NS_PER_S),
        state->namespace, state->service, state->pods, state->ready, state->ep_addresses, state->slices,
        state->slices_ideal, state->slice_endpoints, state->ep_truncated, state->deleted);
    return --seen->stop_after != 0;
}

static void test_lists(void)
{
    folder_empty();
    struct run_info info = info_default();
    char *message = NULL;
    record(in_folder("l.db"), &info, true, 6);
    record(in_folder("l.db"), &info, false, 7);
    struct database database = open_read(in_folder("l.db"));
    struct seen seen = {{0}, 0};
    CU_ASSERT_EQUAL(query_each_run(&database, see_run, &seen, &message), STATUS_OK);
    CU_ASSERT_STRING_EQUAL(seen.text.data, "1:complete 2:incomplete ");
    text_clear(&seen.text);
    seen.stop_after = 1;
    CU_ASSERT_EQUAL(query_each_run(&database, see_run, &seen, &message), STATUS_OK);
    CU_ASSERT_STRING_EQUAL(seen.text.data, "1:complete ");
    text_clear(&seen.text);
    CU_ASSERT_EQUAL(query_each_state(&database, 2, NULL, NULL, see_state, &seen, &message), STATUS_OK);
    CU_ASSERT_STRING_EQUAL(seen.text.data,
        "0:default/web:7,7,7,2,2,7,0,0 1:shop/api:2,2,2,1,1,2,0,0 2:default/web:6,6,6,2,2,6,0,0 ");
    text_clear(&seen.text);
    CU_ASSERT_EQUAL(query_each_state(&database, 1, "default", "web", see_state, &seen, &message), STATUS_OK);
    CU_ASSERT_STRING_EQUAL(seen.text.data, "0:default/web:6,6,6,2,2,6,0,0 2:default/web:5,5,5,2,1,5,0,0 ");
    text_fini(&seen.text);
    database_close(&database);
}

static void test_nothing_to_read(void)
{
    folder_empty();
    struct database database;
    char *message = NULL;
    CU_ASSERT_EQUAL(database_open_read(&database, in_folder("no.db"), &message), STATUS_NOT_FOUND);
    MESSAGE(message, "No such file");
    CU_ASSERT_FALSE(file_exists(in_folder("no.db")));
    file_write(in_folder("empty"), "", 0);
    CU_ASSERT_EQUAL(database_open_read(&database, in_folder("empty"), &message), STATUS_BAD_INPUT);
    MESSAGE(message, "the file is empty");
    file_write(in_folder("text"), "kind: Service\n", 14);
    CU_ASSERT_EQUAL(database_open_read(&database, in_folder("text"), &message), STATUS_BAD_INPUT);
    MESSAGE(message, "not a database of epsim");
    CU_ASSERT_EQUAL(database_open_read(&database, folder_path, &message), STATUS_BAD_INPUT);
    MESSAGE(message, "it is a folder");
    CU_ASSERT_EQUAL(database_create(&database, in_folder("none.db"), &message), STATUS_OK);
    struct stored_run run;
    CU_ASSERT_EQUAL(query_run(&database, 0, &run, &message), STATUS_NOT_FOUND);
    MESSAGE(message, "holds no run");
    database_close(&database);
}

static void test_damaged_text(void)
{
    static const char *const damage[] = {
        "UPDATE sources SET text = x'00'",
        "UPDATE sources SET text = zeroblob(100)",
        "UPDATE sources SET bytes = bytes + 1",
        "UPDATE sources SET bytes = bytes - 1",
        "UPDATE sources SET bytes = -1",
        "UPDATE sources SET bytes = 1000000000000",
        "UPDATE sources SET bytes = 'many'",
    };
    for (size_t i = 0; i < sizeof damage / sizeof *damage; i++) {
        folder_empty();
        struct run_info info = info_default();
        record(in_folder("d.db"), &info, true, 3);
        free(rows_of(in_folder("d.db"), damage[i]));
        struct database database = open_read(in_folder("d.db"));
        struct stored_run run;
        char *message = NULL;
        CU_ASSERT_EQUAL(query_run(&database, 1, &run, &message), STATUS_BAD_INPUT);
        MESSAGE(message, "text of run 1 is damaged");
        database_close(&database);
    }
}

/* Damage anywhere in the file: an answer or a message, never a crash. */
static void test_damaged_file(void)
{
    uint64_t random = suite_seed();
    struct run_info info = info_default();
    folder_empty();
    record(in_folder("good.db"), &info, true, 30);
    size_t length;
    char *good = file_read(in_folder("good.db"), &length);
    for (int round = 0; round < 300; round++) {
        char *bytes = mem_alloc(length);
        memcpy(bytes, good, length);
        for (uint32_t spots = 1 + suite_below(&random, 20); spots > 0; spots--)
            bytes[100 + suite_below(&random, (uint32_t)length - 100)] = (char)suite_random(&random);
        file_write(in_folder("d.db"), bytes,
            round % 4 ? length : length - suite_below(&random, (uint32_t)length / 2));
        free(bytes);
        struct database database;
        struct stored_run run;
        struct seen seen = {{0}, 0};
        char *messages[4] = {NULL, NULL, NULL, NULL};
        if (database_open_read(&database, in_folder("d.db"), &messages[0]) == STATUS_OK) {
            if (query_run(&database, 0, &run, &messages[1]) == STATUS_OK)
                stored_run_fini(&run);
            else
                CU_ASSERT_PTR_NOT_NULL(messages[1]);
            enum status status = query_each_state(&database, 1, NULL, NULL, see_state, &seen, &messages[2]);
            CU_ASSERT(status == STATUS_OK || messages[2] != NULL);
            status = query_each_run(&database, ignore_run, NULL, &messages[3]);
            CU_ASSERT(status == STATUS_OK || messages[3] != NULL);
            database_close(&database);
        } else {
            CU_ASSERT_PTR_NOT_NULL(messages[0]);
        }
        for (int i = 0; i < 4; i++)
            free(messages[i]);
        text_fini(&seen.text);
    }
    free(good);
}

/* Packing alone: any bytes, and nothing for what was cut or changed. */
static void test_pack(void)
{
    uint64_t random = suite_seed();
    for (int round = 0; round < 200; round++) {
        size_t length = suite_below(&random, 3000);
        char *bytes = mem_alloc(length + 1), *back = NULL;
        for (size_t i = 0; i < length; i++)
            bytes[i] = (char)suite_below(&random, round % 7 ? 4 : 256);
        unsigned char *packed;
        size_t packed_length;
        CU_ASSERT_EQUAL_FATAL(source_text_pack(bytes, length, &packed, &packed_length), STATUS_OK);
        CU_ASSERT_EQUAL_FATAL(source_text_unpack(packed, packed_length, length, &back), STATUS_OK);
        CU_ASSERT(memcmp(bytes, back, length) == 0 && back[length] == '\0');
        free(back);
        CU_ASSERT_EQUAL(source_text_unpack(packed, packed_length - 1, length, &back), STATUS_BAD_INPUT);
        free(bytes);
        free(packed);
    }
    char hash[65];
    source_text_hash("abc", 3, hash);
    CU_ASSERT_STRING_EQUAL(hash, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static const struct suite_test tests[] = {
    {"facts and text of a run", test_run},
    {"large texts, and texts that are shared", test_large_text},
    {"lists of runs and states", test_lists},
    {"nothing to read", test_nothing_to_read},
    {"damaged text", test_damaged_text},
    {"damaged files", test_damaged_file},
    {"packing", test_pack},
};

int main(void)
{
    folder_make();
    int code = suite_main("record_query", tests, sizeof tests / sizeof *tests);
    folder_remove();
    return code;
}
