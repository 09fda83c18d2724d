/*
 * part.c: see part.h. The note's text has a fixed form, so that a run's number and a crash's signal are
 * written in place:
 *
 *     epsim part 1
 *     boot 01234567-89ab-cdef-0123-456789abcdef
 *     run 0000000017
 *     signal 000
 *
 * A part is written without waiting for the disk. After the end of its process it is whole all the same, for
 * the kernel has it; after the end of the machine it may not be, and is thrown away: hence the boot's number.
 */
#include "experiment/part.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "experiment/crash_note.h"
#include "experiment/sweep_folder.h"
#include "record/query.h"

#define BOOT_LENGTH 36
#define NOTE_HEAD "epsim part 1\nboot "
#define RUN_OFFSET (sizeof NOTE_HEAD - 1 + BOOT_LENGTH + sizeof "\nrun " - 1)
#define SIGNAL_OFFSET (RUN_OFFSET + 10 + sizeof "\nsignal " - 1)
#define NOTE_LENGTH (SIGNAL_OFFSET + CRASH_SIGNAL_DIGITS + 1)
/* Names that are tried when those of dead processes with our number are in the way. */
#define STEM_TRIES_MAX 1000
#define MACHINE_LENGTH_MAX 64

static enum status fail(const char *path, char **out_message)
{
    *out_message = message_format("%s: %s", path, strerror(errno));
    return STATUS_IO;
}

/* --- names ------------------------------------------------------------------------------------------- */

/* The number of the machine's present boot, padded; blanks where there is none to be had. */
static void read_boot(char out[BOOT_LENGTH + 1])
{
    char text[BOOT_LENGTH + 1] = "";
    FILE *file = fopen("/proc/sys/kernel/random/boot_id", "r");
    if (file != NULL) {
        if (fgets(text, sizeof text, file) == NULL)
            text[0] = '\0';
        fclose(file);
    }
    snprintf(out, BOOT_LENGTH + 1, "%-36.36s", text);
}

/* Without what a file's name cannot hold. */
static void read_machine(char out[MACHINE_LENGTH_MAX])
{
    if (gethostname(out, MACHINE_LENGTH_MAX) != 0)
        snprintf(out, MACHINE_LENGTH_MAX, "unknown");
    out[MACHINE_LENGTH_MAX - 1] = '\0';
    for (char *p = out; *p != '\0'; p++)
        if (*p == '/' || *p == '\n')
            *p = '_';
}

static char *path_of(const char *stem, const char *suffix)
{
    return message_format("%s%s", stem, suffix);
}

/* --- the note ---------------------------------------------------------------------------------------- */

static bool write_note(int note)
{
    char text[NOTE_LENGTH + 1], boot[BOOT_LENGTH + 1];
    read_boot(boot);
    snprintf(text, sizeof text, NOTE_HEAD "%s\nrun %010" PRIu32 "\nsignal 000\n", boot, PART_NO_RUN);
    return pwrite(note, text, NOTE_LENGTH, 0) == (ssize_t)NOTE_LENGTH;
}

void part_note(struct part *part, uint32_t index)
{
    char text[11];
    snprintf(text, sizeof text, "%010" PRIu32, index);
    /* A note that cannot be written costs an explanation later, no result. */
    if (pwrite(part->note, text, 10, RUN_OFFSET) != 10)
        return;
    crash_note_set(index == PART_NO_RUN ? -1 : part->note, SIGNAL_OFFSET);
}

/* A new note is locked before anything stands in it: an empty one is being made, not left. Where a file
 * system has no locks, nobody can tell the living from the dead, and nothing is ever collected. */
static enum status make_note(struct part *part, const char *base, char **out_message)
{
    for (int i = 0; i < STEM_TRIES_MAX; i++) {
        char *stem = i == 0 ? mem_strndup(base, strlen(base)) : message_format("%s.%d", base, i);
        char *path = path_of(stem, ".run");
        part->note = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        bool is_taken = part->note < 0 && errno == EEXIST;
        bool good = part->note >= 0;
        if (good) {
            (void)flock(part->note, LOCK_EX);
            good = write_note(part->note);
        }
        enum status status = good || is_taken ? STATUS_OK : fail(path, out_message);
        free(path);
        if (good) {
            part->stem = stem;
            return STATUS_OK;
        }
        free(stem);
        if (status != STATUS_OK)
            return status;
    }
    *out_message = message_format("%s.run: left-over notes of this name are in the way", base);
    return STATUS_IO;
}

enum status part_init(
    struct part *part, const char *folder, enum record_level level, uint32_t worker, char **out_message)
{
    char machine[MACHINE_LENGTH_MAX];
    *part = (struct part){.folder = folder, .level = level, .note = -1};
    read_machine(machine);
    char *base =
        message_format("%s/%s%s-%ld-%" PRIu32, folder, SWEEP_PART_PREFIX, machine, (long)getpid(), worker);
    enum status status = make_note(part, base, out_message);
    free(base);
    return status;
}

/* --- the file ---------------------------------------------------------------------------------------- */

enum status part_open(struct part *part, double now_s, struct recorder **out, char **out_message)
{
    enum status status = STATUS_OK;
    if (part->recorder == NULL) {
        char *path = path_of(part->stem, ".db");
        status = recorder_open(path, RECORD_PART, part->level, &part->recorder, out_message);
        free(path);
        part->opened_s = now_s;
        part->count = 0;
    }
    *out = part->recorder;
    return status;
}

/* FOLDER/runs-FIRST-LAST-OWNER-N.db; a name that is taken is that of a dead process of our number. */
static enum status publish(
    const char *folder, const char *stem, uint32_t first, uint32_t last, uint32_t number, char **out_message)
{
    const char *owner = stem + strlen(folder) + 1 + strlen(SWEEP_PART_PREFIX);
    char *from = path_of(stem, ".db"), *to = NULL;
    do {
        free(to);
        to = message_format("%s/%s%07" PRIu32 "-%07" PRIu32 "-%s-%" PRIu32 ".db", folder, SWEEP_RESULT_PREFIX,
            first, last, owner, number++);
    } while (access(to, F_OK) == 0);
    enum status status = file_publish(folder, from, to, out_message);
    free(from);
    free(to);
    char *journal = path_of(stem, ".db-journal");
    if (status == STATUS_OK)
        unlink(journal);
    free(journal);
    return status;
}

/* Closes the file and gives it its name; one without a run goes. */
static enum status finish_file(struct part *part, char **out_message)
{
    if (part->recorder == NULL)
        return STATUS_OK;
    recorder_close(part->recorder);
    part->recorder = NULL;
    if (part->count > 0)
        return publish(part->folder, part->stem, part->first, part->last, part->published++, out_message);
    static const char *const suffixes[] = {".db", ".db-journal"};
    for (int i = 0; i < 2; i++) {
        char *path = path_of(part->stem, suffixes[i]);
        unlink(path);
        free(path);
    }
    return STATUS_OK;
}

enum status part_add(struct part *part, uint32_t index, double now_s, char **out_message)
{
    part->first = part->count == 0 || index < part->first ? index : part->first;
    part->last = part->count == 0 || index > part->last ? index : part->last;
    part->count++;
    bool is_time = now_s - part->opened_s >= PART_SECONDS_MAX || part->count >= PART_RUNS_MAX;
    return is_time ? finish_file(part, out_message) : STATUS_OK;
}

enum status part_fini(struct part *part, char **out_message)
{
    if (part->note < 0)
        return STATUS_OK;
    crash_note_set(-1, 0);
    enum status status = finish_file(part, out_message);
    char *path = path_of(part->stem, ".run");
    if (status == STATUS_OK)
        unlink(path);
    close(part->note); /* and with it the lock */
    part->note = -1;
    free(path);
    free(part->stem);
    part->stem = NULL;
    return status;
}

/* --- the parts of others ----------------------------------------------------------------------------- */

struct note {
    bool is_whole;
    bool is_of_this_boot;
    uint32_t run;
    int crash_signal;
};

static void read_note(int file, struct note *out)
{
    char text[NOTE_LENGTH + 1] = "", boot[BOOT_LENGTH + 1];
    read_boot(boot);
    *out = (struct note){.run = PART_NO_RUN};
    out->is_whole = pread(file, text, NOTE_LENGTH, 0) == (ssize_t)NOTE_LENGTH &&
                    memcmp(text, NOTE_HEAD, sizeof NOTE_HEAD - 1) == 0;
    if (!out->is_whole)
        return;
    out->is_of_this_boot = memcmp(text + sizeof NOTE_HEAD - 1, boot, BOOT_LENGTH) == 0 && boot[0] != ' ';
    out->run = (uint32_t)strtoul(text + RUN_OFFSET, NULL, 10);
    out->crash_signal = (int)strtol(text + SIGNAL_OFFSET, NULL, 10);
}

/* Whether the process is gone. With `keep`, its lock is then ours until the file is closed. */
static bool is_dead(int file)
{
    struct stat found;
    return flock(file, LOCK_EX | LOCK_NB) == 0 && fstat(file, &found) == 0 && found.st_nlink > 0;
}

static void add_state(
    struct part_states *out, const char *stem, const char *folder, const struct note *note, bool alive)
{
    const char *owner = stem + strlen(folder) + 1 + strlen(SWEEP_PART_PREFIX);
    struct part_state state = {
        .owner = mem_strndup(owner, strlen(owner)), .is_alive = alive, .run = note->run};
    state.crash_signal = note->crash_signal;
    vec_push(out, state);
}

struct run_span {
    uint32_t first, last, count;
};

static bool count_run(void *context, const struct stored_run *run)
{
    struct run_span *span = context;
    uint32_t index = (uint32_t)run->run_id - 1;
    span->first = span->count == 0 || index < span->first ? index : span->first;
    span->last = span->count == 0 || index > span->last ? index : span->last;
    span->count++;
    return true;
}

/* Takes the run that was under way out, and publishes the rest. What is damaged is none: it will be done
 * again. */
static enum status salvage(const char *folder, const char *stem, char **out_message)
{
    struct database database;
    struct run_span span = {0};
    char *path = path_of(stem, ".db");
    char *message = NULL;
    enum status status = database_open_write(&database, path, &message);
    if (status == STATUS_OK) {
        status = database_exec(&database, "DELETE FROM runs WHERE status = 'incomplete'", &message);
        if (status == STATUS_OK)
            status = query_each_run(&database, count_run, &span, &message);
        database_close(&database);
    }
    free(message);
    bool is_good = status == STATUS_OK && span.count > 0;
    status = is_good ? publish(folder, stem, span.first, span.last, 0, out_message) : STATUS_OK;
    if (!is_good)
        unlink(path);
    free(path);
    return status;
}

static enum status collect(const char *folder, const char *stem, const struct note *note, char **out_message)
{
    static const char *const left[] = {".db-journal", ".run"};
    char *database = path_of(stem, ".db");
    enum status status = STATUS_OK;
    if (note->is_of_this_boot && access(database, F_OK) == 0)
        status = salvage(folder, stem, out_message);
    else
        unlink(database);
    free(database);
    /* The note last: without it nobody would look for the rest. */
    for (int i = 0; i < 2 && status == STATUS_OK; i++) {
        char *path = path_of(stem, left[i]);
        unlink(path);
        free(path);
    }
    return status;
}

static enum status visit(
    const char *folder, const char *name, bool collects, struct part_states *out, char **out_message)
{
    char *path = message_format("%s/%s", folder, name);
    char *stem = mem_strndup(path, strlen(path) - strlen(".run"));
    int file = open(path, O_RDWR | O_CLOEXEC);
    enum status status = STATUS_OK;
    struct note note;
    if (file >= 0) {
        bool dead = is_dead(file);
        read_note(file, &note);
        if (note.is_whole && (dead || !collects))
            add_state(out, stem, folder, &note, !dead);
        if (note.is_whole && dead && collects)
            status = collect(folder, stem, &note, out_message);
        close(file);
    }
    free(path);
    free(stem);
    return status;
}

static enum status visit_all(const char *folder, bool collects, struct part_states *out, char **out_message)
{
    struct file_names names;
    *out = (struct part_states){0};
    enum status status = sweep_folder_list(folder, SWEEP_PART_PREFIX, ".run", &names, out_message);
    for (uint32_t i = 0; i < names.count && status == STATUS_OK; i++)
        status = visit(folder, names.items[i], collects, out, out_message);
    file_names_fini(&names);
    return status;
}

enum status part_list(const char *folder, struct part_states *out, char **out_message)
{
    return visit_all(folder, false, out, out_message);
}

enum status part_collect(const char *folder, struct part_states *out, char **out_message)
{
    return visit_all(folder, true, out, out_message);
}

void part_states_fini(struct part_states *states)
{
    for (uint32_t i = 0; i < states->count; i++)
        free(states->items[i].owner);
    vec_fini(states);
}
