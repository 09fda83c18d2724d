/*
 * result_files.c: see result_files.h.
 */
#include "experiment/result_files.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "record/query.h"

static uint8_t nibble(char c)
{
    return (uint8_t)(c <= '9' ? c - '0' : c - 'a' + 10);
}

static void hash_bytes(const char text[RUN_HASH_TEXT], uint8_t out[32])
{
    for (int i = 0; i < 32; i++)
        out[i] = (uint8_t)(nibble(text[2 * i]) << 4 | nibble(text[2 * i + 1]));
}

static uint64_t hash_key(const uint8_t hash[32])
{
    uint64_t key;
    memcpy(&key, hash, sizeof key);
    return key;
}

static bool has_hash(const void *value, const void *context)
{
    return memcmp(((const struct result *)value)->hash, context, 32) == 0;
}

struct reading {
    struct result_files *files;
    uint32_t file;
};

static bool add_run(void *context, const struct stored_run *run)
{
    struct reading *reading = context;
    char hash[RUN_HASH_TEXT];
    bool is_failed = strcmp(run->status, "failed") == 0;
    if (!is_failed && strcmp(run->status, "complete") != 0)
        return true; /* nobody published it so; it counts as missing */
    run_hash(run->epsim_version, run->content_hash, run->seed, run->run, run->level, hash);
    struct result result = {.file = reading->file, .run_id = run->run_id, .is_failed = is_failed};
    hash_bytes(hash, result.hash);
    if (is_failed && run->message != NULL)
        result.message = mem_strndup(run->message, strlen(run->message));
    vec_push(&reading->files->items, result);
    return true;
}

static enum status read_file(struct result_files *files, uint32_t file, char **out_message)
{
    struct database database;
    struct reading reading = {files, file};
    char *path = message_format("%s/%s", files->folder, files->names.items[file]);
    enum status status = database_open_read(&database, path, out_message);
    if (status == STATUS_OK) {
        status = query_each_run(&database, add_run, &reading, out_message);
        database_close(&database);
    }
    free(path);
    /* It was there a moment ago: whoever tidies up may have taken it away. */
    if (status == STATUS_NOT_FOUND) {
        free(*out_message);
        *out_message = NULL;
        return STATUS_OK;
    }
    return status;
}

/* Names tell which runs may be in a file. */
static bool may_hold(const char *name, uint32_t first, uint32_t last)
{
    uint32_t from, to;
    if (sscanf(name, SWEEP_RESULT_PREFIX "%" SCNu32 "-%" SCNu32 "-", &from, &to) != 2)
        return true;
    return from <= last && first <= to;
}

static void index_results(struct result_files *files)
{
    for (uint32_t i = 0; i < files->items.count; i++) {
        struct result *result = &files->items.items[i];
        uint64_t key = hash_key(result->hash);
        struct result *before = map_find_where(&files->by_hash, key, has_hash, result->hash);
        files->duplicates += before != NULL;
        if (before != NULL && before->is_failed && !result->is_failed) {
            map_remove_ptr(&files->by_hash, key, before);
            before = NULL;
        }
        if (before == NULL)
            map_add_ptr(&files->by_hash, key, result);
    }
}

enum status result_files_read(
    const char *folder, uint32_t first, uint32_t last, struct result_files *out, char **out_message)
{
    *out = (struct result_files){.folder = mem_strndup(folder, strlen(folder))};
    enum status status = sweep_folder_list(folder, SWEEP_RESULT_PREFIX, ".db", &out->names, out_message);
    for (uint32_t i = 0; i < out->names.count && status == STATUS_OK; i++)
        if (may_hold(out->names.items[i], first, last))
            status = read_file(out, i, out_message);
    if (status == STATUS_OK)
        index_results(out);
    return status;
}

void result_files_fini(struct result_files *files)
{
    for (uint32_t i = 0; i < files->items.count; i++)
        free(files->items.items[i].message);
    vec_fini(&files->items);
    map_fini(&files->by_hash);
    file_names_fini(&files->names);
    free(files->folder);
    *files = (struct result_files){0};
}

const struct result *result_find(const struct result_files *files, const char hash[RUN_HASH_TEXT])
{
    uint8_t bytes[32];
    hash_bytes(hash, bytes);
    return map_find_where(&files->by_hash, hash_key(bytes), has_hash, bytes);
}
