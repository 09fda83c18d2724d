/*
 * record_files_test.c: a database never lies and nothing of others is overwritten. Create, append and replace
 * against every kind of file; runs that are killed, disks that are full, files that go, locks, damage.
 */
#include "record_support.h"

#include <signal.h>
#include <sys/resource.h>

static struct made_engine made;

/* One small run into whatever the mode opens. */
static enum status record_once(
    const char *path, enum record_mode mode, const char *scenario, char **out_message)
{
    struct recorder *recorder = NULL;
    enum status status = recorder_open(path, mode, RECORD_FULL, &recorder, out_message);
    if (status != STATUS_OK) {
        CU_ASSERT_PTR_NULL(recorder);
        return status;
    }
    struct run_info info = info_default();
    info.scenario = scenario;
    struct engine_observer observer;
    made_init(&made, 5, 1000);
    status = recorder_begin(recorder, &info, made.catalog, &observer, NULL);
    if (status == STATUS_OK) {
        made_observe(&made, observer);
        made_add_pods(&made, made_add_service(&made, "default", "web"), 7, 0);
        status = end_complete(recorder);
    }
    const char *message = NULL;
    if (status != STATUS_OK && recorder_status(recorder, &message) != STATUS_OK)
        *out_message = message_format("%s", message);
    recorder_close(recorder);
    made_fini(&made);
    return status;
}

static void expect(const char *path, enum record_mode mode, enum status expected, const char *part, int line)
{
    char *message = NULL;
    enum status status = record_once(path, mode, "next", &message);
    if (status != expected)
        fprintf(stderr, "\nline %d: status %s (%s)\n", line, status_name(status), message ? message : "");
    CU_ASSERT_EQUAL(status, expected);
    if (part)
        check_message(message, part, line);
    else
        free(message);
}
#define EXPECT(path, mode, status, part) expect((path), (mode), (status), (part), __LINE__)

static const char runs[] = "SELECT run_id, scenario, status FROM v_runs";

/* --- the matrix of modes and files ------------------------------------------------------------------- */

static void test_absent(void)
{
    folder_empty();
    EXPECT(in_folder("c.db"), RECORD_CREATE, STATUS_OK, NULL);
    EXPECT(in_folder("a.db"), RECORD_APPEND, STATUS_OK, NULL);
    EXPECT(in_folder("r.db"), RECORD_REPLACE, STATUS_OK, NULL);
    EXPECT(in_folder("it's a \"file\" ;é.db"), RECORD_CREATE, STATUS_OK, NULL);
    ROWS(in_folder("c.db"), runs, "1|next|complete");
    ROWS(in_folder("a.db"), runs, "1|next|complete");
    ROWS(in_folder("r.db"), runs, "1|next|complete");
    /* Nothing but the four files: no journals, no left-overs. */
    CU_ASSERT_EQUAL(folder_count(NULL, 0), 4);
}

static void test_ours(void)
{
    folder_empty();
    const char *path = in_folder("o.db");
    EXPECT(path, RECORD_CREATE, STATUS_OK, NULL);
    EXPECT(path, RECORD_CREATE, STATUS_EXISTS, "--append");
    EXPECT(path, RECORD_CREATE, STATUS_EXISTS, "--replace");
    ROWS(path, runs, "1|next|complete");
    EXPECT(path, RECORD_APPEND, STATUS_OK, NULL);
    ROWS(path, runs, "1|next|complete\n2|next|complete");
    ROWS(path, "SELECT run_id, count(*) FROM v_writes GROUP BY 1", "1|3\n2|3");
    EXPECT(path, RECORD_REPLACE, STATUS_OK, NULL);
    ROWS(path, runs, "1|next|complete");
    CU_ASSERT_EQUAL(folder_count(NULL, 0), 1);
}

static void test_empty_file(void)
{
    folder_empty();
    const char *path = in_folder("e.db");
    file_write(path, "", 0);
    EXPECT(path, RECORD_CREATE, STATUS_EXISTS, "exists already");
    EXPECT(path, RECORD_APPEND, STATUS_OK, NULL);
    ROWS(path, runs, "1|next|complete");
    file_write(path, "", 0);
    EXPECT(path, RECORD_REPLACE, STATUS_OK, NULL);
    ROWS(path, runs, "1|next|complete");
}

/* Somebody else's file keeps every byte, whatever is asked. */
static void check_untouched(const char *path, const char *part)
{
    size_t before_length, after_length;
    char *before = file_read(path, &before_length);
    EXPECT(path, RECORD_CREATE, STATUS_EXISTS, "exists already");
    EXPECT(path, RECORD_APPEND, STATUS_BAD_INPUT, part);
    EXPECT(path, RECORD_REPLACE, STATUS_BAD_INPUT, part);
    char *after = file_read(path, &after_length);
    CU_ASSERT_EQUAL(before_length, after_length);
    CU_ASSERT(before_length == after_length && memcmp(before, after, before_length) == 0);
    free(before);
    free(after);
    CU_ASSERT_EQUAL(folder_count(NULL, 0), 1);
}

static void test_others(void)
{
    folder_empty();
    file_write(in_folder("text"), "dear diary\n", 11);
    check_untouched(in_folder("text"), "not a database of epsim");
    folder_empty();
    char big[5000];
    memset(big, 'x', sizeof big);
    file_write(in_folder("big"), big, sizeof big);
    check_untouched(in_folder("big"), "not a database of epsim");
    folder_empty();
    free(rows_of(in_folder("x.db"), "SELECT 1"));
    sqlite3 *other;
    CU_ASSERT_EQUAL(sqlite3_open(in_folder("x.db"), &other), SQLITE_OK);
    sqlite3_exec(other, "CREATE TABLE runs (a); INSERT INTO runs VALUES (1)", NULL, NULL, NULL);
    sqlite3_close(other);
    check_untouched(in_folder("x.db"), "it belongs to another program");
    folder_empty();
    CU_ASSERT_EQUAL(mkdir(in_folder("folder"), 0777), 0);
    EXPECT(in_folder("folder"), RECORD_CREATE, STATUS_EXISTS, "exists already");
    EXPECT(in_folder("folder"), RECORD_APPEND, STATUS_BAD_INPUT, "it is a folder");
    EXPECT(in_folder("folder"), RECORD_REPLACE, STATUS_BAD_INPUT, "it is a folder");
    EXPECT("/dev/null", RECORD_CREATE, STATUS_EXISTS, "exists already");
    EXPECT("/dev/null", RECORD_APPEND, STATUS_BAD_INPUT, "no ordinary file");
    EXPECT("/dev/null", RECORD_REPLACE, STATUS_BAD_INPUT, "no ordinary file");
    CU_ASSERT_EQUAL(symlink("nowhere", in_folder("link")), 0);
    EXPECT(in_folder("link"), RECORD_REPLACE, STATUS_BAD_INPUT, "link");
}

/* A database of ours of another schema: kept from --append, given up by --replace. */
static void test_other_version(void)
{
    folder_empty();
    const char *path = in_folder("v.db");
    EXPECT(path, RECORD_CREATE, STATUS_OK, NULL);
    free(rows_of(path, "PRAGMA user_version = 99"));
    EXPECT(path, RECORD_APPEND, STATUS_BAD_INPUT, "schema version 99");
    ROWS(path, "SELECT count(*) FROM runs", "1");
    EXPECT(path, RECORD_REPLACE, STATUS_OK, NULL);
    ROWS(path, runs, "1|next|complete");
    ROWS(path, "PRAGMA user_version", "3");
}

static void test_nowhere(void)
{
    EXPECT(in_folder("no/such/folder.db"), RECORD_CREATE, STATUS_IO, "No such file or directory");
    EXPECT(in_folder("no/such/folder.db"), RECORD_APPEND, STATUS_IO, "No such file or directory");
    EXPECT(in_folder("no/such/folder.db"), RECORD_REPLACE, STATUS_IO, "No such file or directory");
}

/* The special names of SQLite are ordinary file names here. */
static void test_special_names(void)
{
    folder_empty();
    char here[600];
    CU_ASSERT_FATAL(getcwd(here, sizeof here) != NULL && chdir(folder_path) == 0);
    EXPECT(":memory:", RECORD_CREATE, STATUS_OK, NULL);
    EXPECT(":memory:", RECORD_APPEND, STATUS_OK, NULL);
    EXPECT("file:x.db?mode=memory", RECORD_CREATE, STATUS_OK, NULL);
    CU_ASSERT_EQUAL_FATAL(chdir(here), 0);
    ROWS(in_folder(":memory:"), runs, "1|next|complete\n2|next|complete");
    CU_ASSERT_EQUAL(folder_count(NULL, 0), 2);
}

/* --- replacing --------------------------------------------------------------------------------------- */

/* Until the first run begins the old database is whole, and nothing is left when none does. */
static void test_replace_late(void)
{
    folder_empty();
    const char *path = in_folder("l.db");
    EXPECT(path, RECORD_CREATE, STATUS_OK, NULL);
    struct recorder *recorder = NULL;
    char *message = NULL;
    CU_ASSERT_EQUAL_FATAL(recorder_open(path, RECORD_REPLACE, RECORD_FULL, &recorder, &message), STATUS_OK);
    ROWS(path, runs, "1|next|complete");
    recorder_close(recorder);
    ROWS(path, runs, "1|next|complete");
    CU_ASSERT_EQUAL(folder_count(NULL, 0), 1);
    /* Likewise a new file without a run is taken away. */
    CU_ASSERT_EQUAL_FATAL(
        recorder_open(in_folder("n.db"), RECORD_CREATE, RECORD_FULL, &recorder, &message), STATUS_OK);
    recorder_close(recorder);
    CU_ASSERT_EQUAL(folder_count(NULL, 0), 1);
}

static void test_replace_link(void)
{
    folder_empty();
    EXPECT(in_folder("real.db"), RECORD_CREATE, STATUS_OK, NULL);
    EXPECT(in_folder("real.db"), RECORD_APPEND, STATUS_OK, NULL);
    CU_ASSERT_EQUAL(symlink("real.db", in_folder("link.db")), 0);
    EXPECT(in_folder("link.db"), RECORD_REPLACE, STATUS_OK, NULL);
    struct stat found;
    CU_ASSERT(lstat(in_folder("link.db"), &found) == 0 && S_ISLNK(found.st_mode));
    ROWS(in_folder("real.db"), runs, "1|next|complete");
    CU_ASSERT_EQUAL(folder_count(NULL, 0), 2);
}

/* A write-ahead log of the old file must not be taken for one of the new. */
static void test_replace_wal(void)
{
    folder_empty();
    const char *path = in_folder("w.db");
    EXPECT(path, RECORD_CREATE, STATUS_OK, NULL);
    ROWS(path, "PRAGMA journal_mode = WAL", "wal");
    EXPECT(path, RECORD_REPLACE, STATUS_OK, NULL);
    ROWS(path, runs, "1|next|complete");
    ROWS(path, "PRAGMA journal_mode", "delete");
    CU_ASSERT_EQUAL(folder_count(NULL, 0), 1);
}

/* --- runs that do not end ---------------------------------------------------------------------------- */

static char child_path[600];
static enum record_mode child_mode;
static uint32_t child_writes;

/* Begins a run, writes, and is gone without another word. */
static void run_and_die(void)
{
    struct recorder *recorder = NULL;
    char *message = NULL;
    struct run_info info = info_default();
    struct engine_observer observer;
    info.scenario = "killed";
    made_init(&made, 5, 1000);
    if (recorder_open(child_path, child_mode, RECORD_FULL, &recorder, &message) != STATUS_OK ||
        recorder_begin(recorder, &info, made.catalog, &observer, NULL) != STATUS_OK)
        _exit(9);
    made_observe(&made, observer);
    uint32_t web = made_add_service(&made, "default", "web");
    made_add_pods(&made, web, 1, 0);
    while (made.sequence + 2 <= child_writes)
        made_noop(&made, web, (sim_time)made.sequence);
    kill(getpid(), SIGKILL);
}

static void kill_a_run(const char *path, enum record_mode mode, uint32_t writes)
{
    char out[4000];
    snprintf(child_path, sizeof child_path, "%s", path);
    child_mode = mode;
    child_writes = writes;
    int status = suite_child(run_and_die, out, sizeof out);
    CU_ASSERT(status != -1 && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

static void test_killed(void)
{
    folder_empty();
    const char *path = in_folder("k.db");
    kill_a_run(path, RECORD_CREATE, 1000);
    ROWS(path, "SELECT status, digest, events, sim_s, wall_s, ended FROM v_runs", "incomplete|-|-|-|-|-");
    ROWS(path, "SELECT count(*) FROM v_writes", "0");
    EXPECT(path, RECORD_APPEND, STATUS_OK, NULL);
    kill_a_run(path, RECORD_APPEND, 1000);
    ROWS(path, runs, "1|killed|incomplete\n2|next|complete\n3|killed|incomplete");
    ROWS(path, "PRAGMA integrity_check", "ok");
    ROWS(path, "SELECT run_id, count(*) FROM v_writes GROUP BY 1", "2|3");
    kill_a_run(path, RECORD_REPLACE, 1000);
    ROWS(path, runs, "1|killed|incomplete");
    EXPECT(path, RECORD_APPEND, STATUS_OK, NULL);
    CU_ASSERT_EQUAL(folder_count(NULL, 0), 1);
}

/* Killed after a commit of a chunk and in the middle of a transaction that is larger than the cache: a
 * journal is left, and what is there afterwards is a beginning of the run that fits together. */
static void test_killed_late(void)
{
    folder_empty();
    const char *path = in_folder("k.db");
    EXPECT(path, RECORD_CREATE, STATUS_OK, NULL);
    kill_a_run(path, RECORD_APPEND, 900000);
    CU_ASSERT(file_exists(in_folder("k.db-journal")));
    ROWS(path, "SELECT run_id, status FROM v_runs", "1|complete\n2|incomplete");
    ROWS(path,
        "SELECT count(*) = max(seq), count(*) BETWEEN 500000 AND 500100 FROM v_writes WHERE run_id = 2",
        "1|1");
    ROWS(path,
        "SELECT (SELECT sum(creates + updates + deletes + noops) FROM v_churn WHERE run_id = 2) - "
        "(SELECT count(*) FROM v_writes WHERE run_id = 2)",
        "0");
    ROWS(path, "SELECT service, slice, peak FROM v_slices WHERE run_id = 2", "web|web-00000|1");
    ROWS(path, "PRAGMA integrity_check", "ok");
    EXPECT(path, RECORD_APPEND, STATUS_OK, NULL);
    ROWS(path, runs, "1|next|complete\n2|killed|incomplete\n3|next|complete");
    CU_ASSERT_EQUAL(folder_count(NULL, 0), 1);
}

/* A file that was removed, but not its journal, and comes again: the old journal is not applied to it. */
static void test_stale_journal(void)
{
    folder_empty();
    const char *path = in_folder("k.db");
    EXPECT(path, RECORD_CREATE, STATUS_OK, NULL);
    kill_a_run(path, RECORD_APPEND, 900000);
    CU_ASSERT_EQUAL(unlink(path), 0);
    EXPECT(path, RECORD_CREATE, STATUS_OK, NULL);
    ROWS(path, runs, "1|next|complete");
    ROWS(path, "PRAGMA integrity_check", "ok");
    /* And one that is replaced while its journal is there. */
    kill_a_run(path, RECORD_APPEND, 900000);
    EXPECT(path, RECORD_REPLACE, STATUS_OK, NULL);
    ROWS(path, runs, "1|next|complete");
    ROWS(path, "PRAGMA integrity_check", "ok");
    CU_ASSERT_EQUAL(folder_count(NULL, 0), 1);
}

/* Closed without an end (a caller that gave up): visible as incomplete, what was written is there. */
static void test_not_ended(void)
{
    folder_empty();
    struct recorder *recorder = NULL;
    char *message = NULL;
    struct run_info info = info_default();
    struct engine_observer observer;
    made_init(&made, 5, 1000);
    CU_ASSERT_EQUAL_FATAL(
        recorder_open(in_folder("n.db"), RECORD_CREATE, RECORD_FULL, &recorder, &message), STATUS_OK);
    CU_ASSERT_EQUAL_FATAL(recorder_begin(recorder, &info, made.catalog, &observer, NULL), STATUS_OK);
    made_observe(&made, observer);
    made_add_pods(&made, made_add_service(&made, "default", "web"), 7, 0);
    recorder_close(recorder);
    made_fini(&made);
    ROWS(in_folder("n.db"), "SELECT status, (SELECT count(*) FROM v_writes) FROM v_runs", "incomplete|3");
}

/* --- what goes wrong on the way ---------------------------------------------------------------------- */

/* Limits the size of files: writing beyond fails as a full disk does. */
static void limit_files(rlim_t bytes)
{
    struct rlimit limit = {bytes, RLIM_INFINITY};
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &limit);
}

static void test_disk_full(void)
{
    folder_empty();
    const char *path = in_folder("f.db");
    EXPECT(path, RECORD_CREATE, STATUS_OK, NULL);
    struct recorder *recorder = NULL;
    char *text = NULL;
    const char *message = NULL;
    struct run_info info = info_default();
    struct engine_observer observer;
    made_init(&made, 5, 1000);
    CU_ASSERT_EQUAL_FATAL(recorder_open(path, RECORD_APPEND, RECORD_FULL, &recorder, &text), STATUS_OK);
    CU_ASSERT_EQUAL_FATAL(recorder_begin(recorder, &info, made.catalog, &observer, NULL), STATUS_OK);
    made_observe(&made, observer);
    uint32_t web = made_add_service(&made, "default", "web");
    limit_files(200000);
    for (int i = 0; i < 50000; i++)
        made_noop(&made, web, i);
    CU_ASSERT_EQUAL(end_complete(recorder), STATUS_IO);
    CU_ASSERT_EQUAL(recorder_status(recorder, &message), STATUS_IO);
    MESSAGE(message_format("%s", message), "f.db: ");
    /* No second run begins in a recorder that has failed. */
    CU_ASSERT_EQUAL(recorder_begin(recorder, &info, made.catalog, &observer, NULL), STATUS_IO);
    recorder_close(recorder);
    made_fini(&made);
    limit_files(RLIM_INFINITY);
    ROWS(path, runs, "1|next|complete\n2|made-up|incomplete");
    ROWS(path, "SELECT count(*) FROM v_writes WHERE run_id = 2", "0");
    ROWS(path, "PRAGMA integrity_check", "ok");
}

/* Full before anything fits: no file is left behind. */
static void test_disk_full_at_once(void)
{
    folder_empty();
    limit_files(4096);
    EXPECT(in_folder("f.db"), RECORD_CREATE, STATUS_IO, "f.db: ");
    limit_files(RLIM_INFINITY);
    CU_ASSERT_EQUAL(folder_count(NULL, 0), 0);
    EXPECT(in_folder("f.db"), RECORD_CREATE, STATUS_OK, NULL);
    limit_files(4096);
    EXPECT(in_folder("f.db"), RECORD_REPLACE, STATUS_IO, "f.db");
    limit_files(RLIM_INFINITY);
    ROWS(in_folder("f.db"), runs, "1|next|complete");
    CU_ASSERT_EQUAL(folder_count(NULL, 0), 1);
}

/* SQLite's own limit of pages is reported as a full disk. */
static void test_space(void)
{
    struct database database;
    char *message = NULL;
    folder_empty();
    CU_ASSERT_EQUAL_FATAL(database_create(&database, in_folder("p.db"), &message), STATUS_OK);
    sqlite3_exec(database.handle, "PRAGMA max_page_count = 30", NULL, NULL, NULL);
    CU_ASSERT_EQUAL(
        database_exec(&database, "CREATE TABLE t (a); INSERT INTO t VALUES (zeroblob(1000000))", &message),
        STATUS_IO);
    MESSAGE(message, "no space is left");
    database_close(&database);
}

static void test_file_gone(void)
{
    for (int late = 0; late < 2; late++) {
        folder_empty();
        struct recorder *recorder = NULL;
        char *text = NULL;
        const char *message = NULL;
        struct run_info info = info_default();
        struct engine_observer observer;
        made_init(&made, 5, 1000);
        CU_ASSERT_EQUAL_FATAL(
            recorder_open(in_folder("g.db"), RECORD_CREATE, RECORD_FULL, &recorder, &text), STATUS_OK);
        CU_ASSERT_EQUAL_FATAL(recorder_begin(recorder, &info, made.catalog, &observer, NULL), STATUS_OK);
        made_observe(&made, observer);
        uint32_t web = made_add_service(&made, "default", "web");
        /* Late: in the middle of a transaction, when SQLite itself does not look any more. */
        for (int i = 0; i < (late ? 1000 : 0); i++)
            made_noop(&made, web, i);
        CU_ASSERT_EQUAL(unlink(in_folder("g.db")), 0);
        CU_ASSERT_EQUAL(end_complete(recorder), STATUS_IO);
        CU_ASSERT_EQUAL(recorder_status(recorder, &message), STATUS_IO);
        MESSAGE(message_format("%s", message), "moved or removed");
        recorder_close(recorder);
        made_fini(&made);
        CU_ASSERT_FALSE(file_exists(in_folder("g.db")));
    }
}

static void test_locked(void)
{
    folder_empty();
    const char *path = in_folder("b.db");
    EXPECT(path, RECORD_CREATE, STATUS_OK, NULL);
    sqlite3 *other;
    CU_ASSERT_EQUAL(sqlite3_open(path, &other), SQLITE_OK);
    CU_ASSERT_EQUAL(sqlite3_exec(other, "BEGIN EXCLUSIVE", NULL, NULL, NULL), SQLITE_OK);
    EXPECT(path, RECORD_APPEND, STATUS_IO, "locked");
    sqlite3_exec(other, "ROLLBACK", NULL, NULL, NULL);
    sqlite3_close(other);
    EXPECT(path, RECORD_APPEND, STATUS_OK, NULL);
    ROWS(path, "SELECT count(*) FROM runs", "2");
}

/* Several processes append to one new file at once: each run is there, whole, under a number of its own. */
static void test_together(void)
{
    enum { PROCESSES = 4, RUNS = 10 };
    folder_empty();
    pid_t children[PROCESSES];
    fflush(NULL);
    for (int i = 0; i < PROCESSES; i++) {
        children[i] = fork();
        if (children[i] == 0) {
            int failures = 0;
            for (int run = 0; run < RUNS; run++) {
                char *message = NULL;
                failures += record_once(in_folder("t.db"), RECORD_APPEND, "next", &message) != STATUS_OK;
                free(message);
            }
            _exit(failures);
        }
    }
    for (int i = 0; i < PROCESSES; i++) {
        int status = -1;
        CU_ASSERT(children[i] > 0 && waitpid(children[i], &status, 0) == children[i]);
        CU_ASSERT(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    ROWS(in_folder("t.db"), "SELECT count(*), min(run_id), max(run_id), sum(status = 'complete') FROM v_runs",
        "40|1|40|40");
    ROWS(in_folder("t.db"), "SELECT count(*), count(DISTINCT run_id) FROM v_writes", "120|40");
    ROWS(in_folder("t.db"), "PRAGMA integrity_check", "ok");
    CU_ASSERT_EQUAL(folder_count(NULL, 0), 1);
}

/* A file that we made, and that somebody else used before we had a run, is not taken away. */
static void test_made_for_another(void)
{
    folder_empty();
    struct recorder *recorder = NULL;
    char *message = NULL;
    CU_ASSERT_EQUAL_FATAL(
        recorder_open(in_folder("m.db"), RECORD_APPEND, RECORD_FULL, &recorder, &message), STATUS_OK);
    EXPECT(in_folder("m.db"), RECORD_APPEND, STATUS_OK, NULL);
    recorder_close(recorder);
    ROWS(in_folder("m.db"), runs, "1|next|complete");
}

/* Damage in the middle of the file: a message, no crash, never "complete". */
static void test_damaged(void)
{
    uint64_t random = suite_seed();
    for (int round = 0; round < 60; round++) {
        folder_empty();
        const char *path = in_folder("d.db");
        EXPECT(path, RECORD_CREATE, STATUS_OK, NULL);
        size_t length;
        char *bytes = file_read(path, &length);
        uint32_t from = 100 + suite_below(&random, (uint32_t)length - 100);
        for (uint32_t i = from; i < length && i < from + 2000; i++)
            bytes[i] = (char)suite_random(&random);
        file_write(path, bytes, round % 3 ? length : from);
        free(bytes);
        char *message = NULL;
        enum status status = record_once(path, RECORD_APPEND, "next", &message);
        CU_ASSERT(status == STATUS_OK || status == STATUS_IO || status == STATUS_BAD_INPUT);
        if (status != STATUS_OK)
            CU_ASSERT(message != NULL && strstr(message, "d.db") != NULL);
        free(message);
    }
}

static const struct suite_test tests[] = {
    {"a file that is not there", test_absent},
    {"a database of ours", test_ours},
    {"an empty file", test_empty_file},
    {"files of others", test_others},
    {"another schema version", test_other_version},
    {"a folder that is not there", test_nowhere},
    {"names that are special to SQLite", test_special_names},
    {"replace does nothing before the first run", test_replace_late},
    {"replace through a link", test_replace_link},
    {"replace a database with a write-ahead log", test_replace_wal},
    {"killed runs are incomplete", test_killed},
    {"killed in a large transaction", test_killed_late},
    {"a journal that belongs to another file", test_stale_journal},
    {"closed without an end", test_not_ended},
    {"disk full", test_disk_full},
    {"disk full at once", test_disk_full_at_once},
    {"no space", test_space},
    {"file removed meanwhile", test_file_gone},
    {"locked", test_locked},
    {"several writers", test_together},
    {"made for another", test_made_for_another},
    {"damaged", test_damaged},
};

int main(void)
{
    folder_make();
    int code = suite_main("record_files", tests, sizeof tests / sizeof *tests);
    folder_remove();
    return code;
}
