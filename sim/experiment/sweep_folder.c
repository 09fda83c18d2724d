/*
 * sweep_folder.c: see sweep_folder.h.
 */
#include "experiment/sweep_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "record/database.h"

static enum status fail(const char *path, char **out_message)
{
    *out_message = message_format("%s: %s", path, strerror(errno));
    return STATUS_IO;
}

/* What cannot be read is bad input. */
static enum status fail_reading(const char *path, char **out_message)
{
    fail(path, out_message);
    return STATUS_BAD_INPUT;
}

static bool read_whole(const char *path, struct text *out)
{
    char block[65536];
    size_t got;
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return false;
    while ((got = fread(block, 1, sizeof block, file)) > 0)
        text_add_bytes(out, block, got);
    bool good = ferror(file) == 0;
    fclose(file);
    return good;
}

/* --- publishing -------------------------------------------------------------------------------------- */

static bool sync_path(const char *path, int flags)
{
    int file = open(path, flags | O_CLOEXEC);
    if (file < 0)
        return false;
    /* Some file systems cannot sync a folder; they need no sync then. */
    bool good = fsync(file) == 0 || errno == EINVAL || errno == ENOTSUP;
    int code = errno;
    close(file);
    errno = code;
    return good;
}

enum status file_publish(const char *folder, const char *from, const char *to, char **out_message)
{
    if (!sync_path(from, O_RDONLY))
        return fail(from, out_message);
    if (rename(from, to) != 0)
        return fail(to, out_message);
    return sync_path(folder, O_RDONLY | O_DIRECTORY) ? STATUS_OK : fail(folder, out_message);
}

static enum status write_plan(
    const char *folder, const char *path, const struct text *plan, char **out_message)
{
    char *beside = message_format("%s/new-plan-%ld", folder, (long)getpid());
    FILE *file = fopen(beside, "wb");
    bool good = file != NULL && fwrite(plan->data, 1, plan->length, file) == plan->length;
    good = file != NULL && fclose(file) == 0 && good;
    enum status status = good ? file_publish(folder, beside, path, out_message) : fail(beside, out_message);
    free(beside);
    return status;
}

/* --- the plan ---------------------------------------------------------------------------------------- */

enum status sweep_folder_make(
    const char *folder, const struct sweep_plan *plan, bool *out_same, char **out_message)
{
    struct stat found;
    if (mkdir(folder, 0777) != 0 && errno != EEXIST)
        return fail(folder, out_message);
    if (stat(folder, &found) == 0 && !S_ISDIR(found.st_mode)) {
        *out_message = message_format("%s: a folder for results was expected, it is a file", folder);
        return STATUS_BAD_INPUT;
    }
    char *path = message_format("%s/%s", folder, SWEEP_PLAN_NAME);
    struct text wanted = {0}, there = {0};
    sweep_plan_store(plan, &wanted);
    enum status status = STATUS_OK;
    *out_same = read_whole(path, &there) && there.length == wanted.length &&
                memcmp(there.data, wanted.data, wanted.length) == 0;
    if (!*out_same)
        status = write_plan(folder, path, &wanted, out_message);
    text_fini(&wanted);
    text_fini(&there);
    free(path);
    return status;
}

enum status sweep_folder_plan(const char *folder, struct sweep_plan **out, char **out_message)
{
    char *path = message_format("%s/%s", folder, SWEEP_PLAN_NAME);
    struct text text = {0};
    struct stat found;
    enum status status = STATUS_OK;
    *out = NULL;
    if (stat(folder, &found) != 0) {
        status = fail_reading(folder, out_message);
        status = errno == ENOENT || errno == ENOTDIR ? STATUS_NOT_FOUND : status;
    } else if (stat(path, &found) != 0) {
        *out_message = message_format("%s: no results of 'epsim sweep run' are here", folder);
        status = STATUS_NOT_FOUND;
    } else if (!read_whole(path, &text)) {
        status = fail_reading(path, out_message);
    } else {
        status = sweep_plan_restore(text.data != NULL ? text.data : "", text.length, out);
        if (status != STATUS_OK) {
            *out_message = message_format("%s: damaged, or of another version of epsim", path);
            sweep_plan_destroy(*out);
            *out = NULL;
        }
    }
    text_fini(&text);
    free(path);
    return status;
}

/* --- listing ----------------------------------------------------------------------------------------- */

static int name_order(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool ends_with(const char *name, const char *suffix)
{
    size_t length = strlen(name), end = strlen(suffix);
    return length >= end && strcmp(name + length - end, suffix) == 0;
}

enum status sweep_folder_list(
    const char *folder, const char *prefix, const char *suffix, struct file_names *out, char **out_message)
{
    *out = (struct file_names){0};
    DIR *directory = opendir(folder);
    if (directory == NULL)
        return fail_reading(folder, out_message);
    const struct dirent *entry;
    while ((entry = readdir(directory)) != NULL)
        if (strncmp(entry->d_name, prefix, strlen(prefix)) == 0 && ends_with(entry->d_name, suffix))
            vec_push(out, mem_strndup(entry->d_name, strlen(entry->d_name)));
    closedir(directory);
    if (out->count > 1)
        qsort(out->items, out->count, sizeof *out->items, name_order);
    return STATUS_OK;
}

void file_names_fini(struct file_names *names)
{
    for (uint32_t i = 0; i < names->count; i++)
        free(names->items[i]);
    vec_fini(names);
}
