/*
 * record_support.h: what the tests of sim/record share: a folder that goes away, reading values out of a
 * database, and a made-up engine.
 *
 * The made-up engine keeps counts of endpoints in slices and tells an observer of coherent writes and
 * states, as the real one would, from made-up pods. So these tests pin the recorder alone.
 */
#ifndef EPSIM_TESTS_UNIT_RECORD_SUPPORT_H
#define EPSIM_TESTS_UNIT_RECORD_SUPPORT_H

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include "base/text.h"
#include "base/vec.h"
#include "record/database.h"
#include "record/recorder.h"
#include "suite.h"

/* --- a folder ---------------------------------------------------------------------------------------- */

static char folder_path[256];

static inline void folder_make(void)
{
    const char *top = getenv("TMPDIR");
    snprintf(folder_path, sizeof folder_path, "%s/epsim-record-XXXXXX", top && *top ? top : "/tmp");
    if (!mkdtemp(folder_path)) {
        fprintf(stderr, "no temporary folder: %s\n", strerror(errno));
        exit(1);
    }
}

/* Names of files in it, sorted or not: how many, and one of them in `out`. */
static inline int folder_count(char *out, size_t size)
{
    int count = 0;
    DIR *folder = opendir(folder_path);
    for (struct dirent *entry; folder && (entry = readdir(folder));) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        count++;
        if (out)
            snprintf(out, size, "%s", entry->d_name);
    }
    if (folder)
        closedir(folder);
    return count;
}

static inline void folder_empty(void)
{
    char name[256], path[600];
    while (folder_count(name, sizeof name) > 0) {
        snprintf(path, sizeof path, "%s/%s", folder_path, name);
        if (remove(path) != 0)
            break;
    }
}

static inline void folder_remove(void)
{
    folder_empty();
    rmdir(folder_path);
}

/* The path of a file in the folder; valid until the eighth call after. */
static inline const char *in_folder(const char *name)
{
    static char paths[8][600];
    static int next;
    char *path = paths[next = (next + 1) % 8];
    snprintf(path, sizeof paths[0], "%s/%s", folder_path, name);
    return path;
}

static inline void file_write(const char *path, const char *bytes, size_t length)
{
    FILE *file = fopen(path, "wb");
    CU_ASSERT_FATAL(file != NULL);
    CU_ASSERT_FATAL(fwrite(bytes, 1, length, file) == length);
    CU_ASSERT_FATAL(fclose(file) == 0);
}

/* The whole file, NUL-terminated; the caller frees it. */
static inline char *file_read(const char *path, size_t *out_length)
{
    struct text text = {0};
    FILE *file = fopen(path, "rb");
    CU_ASSERT_FATAL(file != NULL);
    char piece[4096];
    for (size_t got; (got = fread(piece, 1, sizeof piece, file)) > 0;)
        text_add_bytes(&text, piece, got);
    fclose(file);
    if (out_length)
        *out_length = text.length;
    if (!text.data)
        text_add(&text, "");
    return text.data;
}

static inline bool file_exists(const char *path)
{
    struct stat found;
    return stat(path, &found) == 0;
}

/* --- values out of a database, through SQLite alone -------------------------------------------------- */

/* All rows of a query, columns separated by '|' and rows by '\n'; NULL as "-". The caller frees it. */
static inline char *rows_of(const char *path, const char *sql)
{
    struct text text = {0};
    sqlite3 *handle = NULL;
    sqlite3_stmt *statement = NULL;
    text_add(&text, "");
    if (sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK ||
        sqlite3_prepare_v2(handle, sql, -1, &statement, NULL) != SQLITE_OK) {
        text_printf(&text, "error: %s", sqlite3_errmsg(handle));
    } else {
        int code;
        for (bool first = true; (code = sqlite3_step(statement)) == SQLITE_ROW; first = false) {
            for (int i = 0; i < sqlite3_column_count(statement); i++) {
                const char *value = (const char *)sqlite3_column_text(statement, i);
                text_add(&text, i ? "|" : first ? "" : "\n");
                text_add(&text, value ? value : "-");
            }
        }
        if (code != SQLITE_DONE)
            text_printf(&text, "error: %s", sqlite3_errmsg(handle));
    }
    sqlite3_finalize(statement);
    sqlite3_close(handle);
    return text.data;
}

static inline void check_rows(const char *path, const char *sql, const char *expected, int line)
{
    char *rows = rows_of(path, sql);
    if (strcmp(rows, expected) != 0)
        fprintf(stderr, "\nline %d: %s\n  expected: %s\n  got:      %s\n", line, sql, expected, rows);
    CU_ASSERT_STRING_EQUAL(rows, expected);
    free(rows);
}
#define ROWS(path, sql, expected) check_rows((path), (sql), (expected), __LINE__)

/* A message that must contain `part`; frees it. */
static inline void check_message(char *message, const char *part, int line)
{
    bool found = message && strstr(message, part);
    if (!found)
        fprintf(stderr, "\nline %d: message '%s' lacks '%s'\n", line, message ? message : "(none)", part);
    CU_ASSERT(found);
    free(message);
}
#define MESSAGE(message, part) check_message((message), (part), __LINE__)

/* --- runs -------------------------------------------------------------------------------------------- */

static inline struct run_info info_default(void)
{
    static const char source[] = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\n";
    return (struct run_info){
        .scenario = "made-up",
        .content_hash = "c0ffee",
        .params_json = "{\"controllers.maxEndpointsPerSlice\": 5}",
        .source_text = source,
        .source_length = sizeof source - 1,
        .source_name = "web.yaml",
        .seed = 7,
        .run = 3,
        .start_s = 1767225600,
        .endpoints_per_slice_max = 5,
        .endpoints_capacity = 1000,
        .until_ns = -1,
        .started = "2026-01-02T03:04:05Z",
    };
}

static inline enum status end_complete(struct recorder *recorder)
{
    return recorder_end(
        recorder, "complete", NULL, 0x0123456789abcdef, 42, 60 * NS_PER_S, 0.25, "2026-01-02T03:04:06Z");
}

/* --- a made-up engine -------------------------------------------------------------------------------- */

struct made_slice {
    struct endpointslice *slice;
    uint32_t endpoints;
};

struct made_service {
    sym namespace, name;
    uint32_t number;
    uint32_t pods;
    uint32_t ep_addresses;
    bool has_endpoints; /* the Endpoints object is there */
    VEC(struct made_slice) slices;
};

struct made_engine {
    struct catalog *catalog;
    struct engine_observer observers[4];
    uint32_t observer_count;
    uint32_t per_slice, capacity, watchers;
    uint64_t sequence;
    uint32_t slice_number;
    const struct port_list *ports;
    VEC(struct made_service) services;
};

static inline void made_init(struct made_engine *made, uint32_t per_slice, uint32_t capacity)
{
    *made = (struct made_engine){
        .catalog = catalog_create(), .per_slice = per_slice, .capacity = capacity, .watchers = 4};
    struct port port = {.name = catalog_sym(made->catalog, "http"),
        .protocol = catalog_sym(made->catalog, "TCP"),
        .number = 8080,
        .set = PORT_NAME | PORT_PROTOCOL | PORT_NUMBER};
    made->ports = ports_intern(made->catalog, &port, 1);
}

static inline void made_fini(struct made_engine *made)
{
    for (uint32_t i = 0; i < made->services.count; i++) {
        struct made_service *service = &made->services.items[i];
        for (uint32_t k = 0; k < service->slices.count; k++)
            endpointslice_destroy(service->slices.items[k].slice);
        vec_fini(&service->slices);
    }
    vec_fini(&made->services);
    catalog_destroy(made->catalog);
}

static inline void made_observe(struct made_engine *made, struct engine_observer observer)
{
    made->observers[made->observer_count++] = observer;
}

static inline uint32_t made_add_service(struct made_engine *made, const char *namespace, const char *name)
{
    struct made_service service = {.namespace = catalog_sym(made->catalog, namespace),
        .name = catalog_sym(made->catalog, name),
        .number = made->services.count};
    vec_push(&made->services, service);
    return service.number;
}

/* Completes what follows from the rest and tells everybody. */
static inline void made_tell(struct made_engine *made, struct write *write)
{
    write->sequence = ++made->sequence;
    write->watchers = write->verb == VERB_NOOP ? 0 : made->watchers;
    write->bytes = 200 + 100ull * write->endpoints;
    write->watch_bytes = write->watchers * (write->bytes + 40);
    for (uint32_t i = 0; i < made->observer_count; i++)
        made->observers[i].on_write(made->observers[i].self, write);
}

static inline void made_write_slice(struct made_engine *made, struct made_service *service, uint32_t index,
    sim_time at_ns, enum verb verb, uint32_t added, uint32_t removed)
{
    struct made_slice *slice = &service->slices.items[index];
    struct write write = {.at_ns = at_ns,
        .controller = CONTROLLER_ENDPOINTSLICE,
        .verb = verb,
        .namespace = service->namespace,
        .service = service->name,
        .object = slice->slice->meta.name,
        .slice = slice->slice,
        .endpoints = slice->endpoints,
        .endpoints_added = added,
        .endpoints_removed = removed};
    made_tell(made, &write);
}

/* The Endpoints object follows the pods, up to the capacity. */
static inline void made_write_endpoints(
    struct made_engine *made, struct made_service *service, sim_time at_ns, uint32_t added, uint32_t removed)
{
    enum verb verb = service->has_endpoints ? VERB_UPDATE : VERB_CREATE;
    service->has_endpoints = true;
    service->ep_addresses = service->pods < made->capacity ? service->pods : made->capacity;
    struct write write = {.at_ns = at_ns,
        .controller = CONTROLLER_ENDPOINTS,
        .verb = verb,
        .namespace = service->namespace,
        .service = service->name,
        .object = service->name,
        .endpoints = service->ep_addresses,
        .endpoints_added = added,
        .endpoints_removed = removed};
    made_tell(made, &write);
}

static inline void made_tell_state(struct made_engine *made, uint32_t number, sim_time at_ns)
{
    struct made_service *service = &made->services.items[number];
    uint32_t endpoints = 0;
    for (uint32_t i = 0; i < service->slices.count; i++)
        endpoints += service->slices.items[i].endpoints;
    struct service_state state = {.at_ns = at_ns,
        .service_number = service->number,
        .namespace = service->namespace,
        .name = service->name,
        .pods = service->pods,
        .ready = service->pods,
        .ep_addresses = service->ep_addresses,
        .ep_omitted = service->pods - service->ep_addresses,
        .ep_truncated = service->pods > service->ep_addresses,
        .slices = service->slices.count,
        .slices_ideal = endpoints ? (endpoints + made->per_slice - 1) / made->per_slice : 1,
        .slice_endpoints = endpoints};
    for (uint32_t i = 0; i < made->observer_count; i++)
        made->observers[i].on_state(made->observers[i].self, &state);
}

/* Pods arrive: the last slice is filled up, then new ones are made. */
static inline void made_add_pods(struct made_engine *made, uint32_t number, uint32_t count, sim_time at_ns)
{
    struct made_service *service = &made->services.items[number];
    service->pods += count;
    made_write_endpoints(made, service, at_ns, count, 0);
    while (count > 0) {
        uint32_t last = service->slices.count - 1;
        bool is_new = !service->slices.count || service->slices.items[last].endpoints == made->per_slice;
        if (is_new) {
            char name[64];
            snprintf(name, sizeof name, "%s-%05u", catalog_text(made->catalog, service->name),
                made->slice_number++);
            struct made_slice slice = {endpointslice_create(made->catalog), 0};
            slice.slice->meta.name = catalog_sym(made->catalog, name);
            slice.slice->ports = made->ports;
            vec_push(&service->slices, slice);
            last = service->slices.count - 1;
        }
        uint32_t room = made->per_slice - service->slices.items[last].endpoints;
        uint32_t taken = count < room ? count : room;
        service->slices.items[last].endpoints += taken;
        made_write_slice(made, service, last, at_ns, is_new ? VERB_CREATE : VERB_UPDATE, taken, 0);
        count -= taken;
    }
    made_tell_state(made, number, at_ns);
}

/* One pod of the slice with that index goes; an empty slice goes too. */
static inline void made_remove_pod(struct made_engine *made, uint32_t number, uint32_t index, sim_time at_ns)
{
    struct made_service *service = &made->services.items[number];
    struct made_slice *slice = &service->slices.items[index];
    service->pods--;
    made_write_endpoints(made, service, at_ns, 0, 1);
    slice->endpoints--;
    made_write_slice(made, service, index, at_ns, slice->endpoints ? VERB_UPDATE : VERB_DELETE, 0, 1);
    if (!slice->endpoints) {
        endpointslice_destroy(slice->slice);
        for (uint32_t i = index; i + 1 < service->slices.count; i++)
            service->slices.items[i] = service->slices.items[i + 1];
        service->slices.count--;
    }
    made_tell_state(made, number, at_ns);
}

/* A sync that finds nothing to do: a no-op about no object in particular. */
static inline void made_noop(struct made_engine *made, uint32_t number, sim_time at_ns)
{
    struct made_service *service = &made->services.items[number];
    struct write write = {.at_ns = at_ns,
        .controller = CONTROLLER_ENDPOINTSLICE,
        .verb = VERB_NOOP,
        .namespace = service->namespace,
        .service = service->name,
        .object = SYM_EMPTY};
    made_tell(made, &write);
}

#endif
