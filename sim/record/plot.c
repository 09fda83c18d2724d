/*
 * plot.c: see plot.h. A picture takes what its SQL takes (a second for a month of a thousand pods) and
 * gnuplot's time to draw some thousand points.
 */
#define _XOPEN_SOURCE 700 /* realpath */
#include "record/plot.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "record/dataset.h"

/* Columns of the picture that are told apart; see timeline.sql and fill.sql. Text has a hundred. */
#define COLUMNS_DRAWN 800
#define COLUMNS_DRAWN_TEXT 100
#define CELLS_MAX 60000
#define BINS_MAX 100
#define BINS_MAX_TEXT 60
/* What is passed on of gnuplot's complaints. */
#define COMPLAINT_BYTES_MAX 2000

/* --- words ------------------------------------------------------------------------------------------- */

static const struct {
    const char *name, *about;
} kinds[PLOT_KIND_COUNT] = {
#define X(kind, text, what) {text, what},
    PLOT_KINDS(X)
#undef X
};

static const char *const formats[PLOT_FORMAT_COUNT] = {"svg", "png", "pdf", "txt"};

const char *plot_kind_name(enum plot_kind kind)
{
    return kinds[kind].name;
}

const char *plot_kind_about(enum plot_kind kind)
{
    return kinds[kind].about;
}

bool plot_kind_parse(const char *name, enum plot_kind *out)
{
    for (int kind = 0; kind < PLOT_KIND_COUNT; kind++) {
        if (strcmp(kinds[kind].name, name) == 0) {
            *out = (enum plot_kind)kind;
            return true;
        }
    }
    return false;
}

const char *plot_format_name(enum plot_format format)
{
    return formats[format];
}

bool plot_format_of_path(const char *path, enum plot_format *out)
{
    const char *dot = strrchr(path, '.');
    for (int format = 0; dot && format < PLOT_FORMAT_COUNT; format++) {
        if (strcmp(dot + 1, formats[format]) == 0) {
            *out = (enum plot_format)format;
            return true;
        }
    }
    return false;
}

/* --- a folder of our own ----------------------------------------------------------------------------- */

static enum status folder_create(char **out, char **out_message)
{
    const char *top = getenv("TMPDIR");
    char *folder = message_format("%s/epsim-plot-XXXXXX", top && *top ? top : "/tmp");
    if (!mkdtemp(folder)) {
        *out_message = message_format("%s: no temporary folder can be made: %s", folder, strerror(errno));
        free(folder);
        return STATUS_IO;
    }
    *out = folder;
    return STATUS_OK;
}

static void folder_remove(const char *folder)
{
    DIR *entries = opendir(folder);
    for (struct dirent *entry; entries && (entry = readdir(entries));) {
        char *path = message_format("%s/%s", folder, entry->d_name);
        unlink(path); /* fails on "." and "..", which are no files */
        free(path);
    }
    if (entries)
        closedir(entries);
    rmdir(folder);
}

static enum status write_all(int file, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t written = write(file, bytes, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return STATUS_IO;
        bytes += written;
        length -= (size_t)written;
    }
    return STATUS_OK;
}

/* A new file in our folder. */
static enum status folder_write(
    const char *folder, const char *name, const struct text *text, char **out_message)
{
    char *path = message_format("%s/%s.tsv", folder, name);
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    enum status status = file < 0 ? STATUS_IO : write_all(file, text->data, text->length);
    if (file >= 0 && close(file) != 0)
        status = STATUS_IO;
    if (status != STATUS_OK)
        *out_message = message_format("%s: %s", path, strerror(errno));
    free(path);
    return status;
}

/* Reads up to `most` bytes of a file into `out`; a file that is not there is empty. */
static void file_read(const char *path, size_t most, struct text *out)
{
    FILE *file = fopen(path, "rb");
    char piece[4096];
    for (size_t got; file && out->length < most && (got = fread(piece, 1, sizeof piece, file)) > 0;)
        text_add_bytes(out, piece, got);
    if (file)
        fclose(file);
}

/* --- the data ---------------------------------------------------------------------------------------- */

/* Column `index` (from 0) of a line of tab-separated columns, as a copy. */
static char *column_copy(const char *line, int index)
{
    for (; index > 0 && line; index--) {
        line = strchr(line, '\t');
        if (line)
            line++;
    }
    return line ? mem_strndup(line, strcspn(line, "\t\n")) : mem_strndup("", 0);
}

/* Tells which Services there are. */
static enum status service_not_found(
    struct database *database, int64_t run_id, const char *service, char **out_message)
{
    struct text names = {0};
    sqlite3_stmt *statement = database_prepare(database,
        "SELECT namespace || '/' || name FROM services WHERE run_id = ? ORDER BY 1 LIMIT 9", out_message);
    if (!statement)
        return STATUS_IO;
    sqlite3_bind_int64(statement, 1, run_id);
    for (int i = 0; sqlite3_step(statement) == SQLITE_ROW; i++) {
        text_add(&names, i ? ", " : "");
        text_add(&names, i == 8 ? "..." : (const char *)sqlite3_column_text(statement, 0));
    }
    sqlite3_finalize(statement);
    *out_message = message_format("%s: run %lld has no Service %s; it has: %s", database->shown,
        (long long)run_id, service, names.length ? names.data : "none");
    text_fini(&names);
    return STATUS_NOT_FOUND;
}

/* What the picture is of. Texts are owned. */
struct focus {
    int64_t run_id;
    char *namespace, *service;
};

/* Settles that (run.sql). */
static enum status write_run(struct database *database, const struct plot_request *request,
    const char *folder, struct focus *out, char **out_message)
{
    struct dataset_parameters parameters = {.run = request->run_id, .service = request->service};
    struct text run = {0};
    uint64_t rows = 0;
    enum status status =
        dataset_ask(database, request->scripts, "run", &parameters, &run, &rows, out_message);
    if (status == STATUS_OK && rows == 0) {
        *out_message = request->run_id ? message_format("%s: there is no run %lld", request->database,
                                             (long long)request->run_id)
                                       : message_format("%s: the database holds no run", request->database);
        status = STATUS_NOT_FOUND;
    }
    if (status == STATUS_OK) {
        char *run_id = column_copy(run.data, 0), *service_rows = column_copy(run.data, 14);
        *out =
            (struct focus){strtoll(run_id, NULL, 10), column_copy(run.data, 10), column_copy(run.data, 11)};
        bool is_named = request->service && *request->service && strcmp(request->service, "*") != 0;
        if (is_named && strcmp(service_rows, "0") == 0)
            status = service_not_found(database, out->run_id, request->service, out_message);
        free(run_id);
        free(service_rows);
    }
    if (status == STATUS_OK)
        status = folder_write(folder, "run", &run, out_message);
    text_fini(&run);
    return status;
}

static enum status write_sets(struct database *database, const struct plot_request *request,
    const char *folder, const struct focus *focus, char **out_message)
{
    enum { LINES = 1u << PLOT_ENDPOINTS | 1u << PLOT_SLICES, BARS = 1u << PLOT_CHURN | 1u << PLOT_BYTES };
    static const struct {
        const char *name;
        unsigned kinds; /* bits of enum plot_kind that show it */
        int64_t bins, bins_text;
    } sets[] = {
        {"timeline", 1u << PLOT_OVERVIEW | LINES, COLUMNS_DRAWN, COLUMNS_DRAWN_TEXT},
        {"fill", 1u << PLOT_OVERVIEW | 1u << PLOT_FILL, COLUMNS_DRAWN, COLUMNS_DRAWN_TEXT},
        {"binned", 1u << PLOT_OVERVIEW | BARS, BINS_MAX, BINS_MAX_TEXT},
    };
    struct dataset_parameters parameters = {
        .run = focus->run_id, .namespace = focus->namespace, .service = focus->service, .cells = CELLS_MAX};
    enum status status = STATUS_OK;
    for (size_t i = 0; i < sizeof sets / sizeof *sets && status == STATUS_OK; i++) {
        if (!(sets[i].kinds & 1u << request->kind))
            continue;
        struct text rows = {0};
        parameters.bins = request->format == PLOT_TXT ? sets[i].bins_text : sets[i].bins;
        status = dataset_ask(database, request->scripts, sets[i].name, &parameters, &rows, NULL, out_message);
        if (status == STATUS_OK)
            status = folder_write(folder, sets[i].name, &rows, out_message);
        text_fini(&rows);
    }
    return status;
}

static enum status write_data(
    struct database *database, const struct plot_request *request, const char *folder, char **out_message)
{
    struct focus focus = {0};
    enum status status = write_run(database, request, folder, &focus, out_message);
    if (status == STATUS_OK)
        status = write_sets(database, request, folder, &focus, out_message);
    free(focus.namespace);
    free(focus.service);
    return status;
}

/* --- gnuplot ----------------------------------------------------------------------------------------- */

/* In the child: never returns. What gnuplot prints goes to a file beside the data. */
static _Noreturn void run_gnuplot(const char *folder, const char *settings, const char *script)
{
    int in = open("/dev/null", O_RDONLY), out = -1;
    if (chdir(folder) == 0)
        out = open("complaints", O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (in < 0 || out < 0 || dup2(in, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0 ||
        dup2(out, STDERR_FILENO) < 0)
        _exit(126);
    /* The user's language does not change the picture, and under plain C gnuplot would complain that it has
     * no degree sign. -d: no start-up file of the user does either. */
    setenv("LC_ALL", "C.UTF-8", 1);
    execlp("gnuplot", "gnuplot", "-d", "-e", settings, script, (char *)NULL);
    _exit(errno == ENOENT ? 127 : 126);
}

static enum status call_gnuplot(
    const struct plot_request *request, const char *folder, const char *scripts, char **out_message)
{
    uint32_t width = request->width ? request->width : PLOT_WIDTH_DEFAULT;
    uint32_t height = request->height ? request->height : PLOT_HEIGHT_DEFAULT;
    char *settings =
        message_format("data = '.'; output = 'picture'; terminal = '%s'; width = %u; height = %u",
            plot_format_name(request->format), (unsigned)width, (unsigned)height);
    char *script = message_format("%s/%s.gp", scripts, plot_kind_name(request->kind));
    enum status status = STATUS_OK;
    int ended = 0;
    pid_t child = fork();
    if (child == 0)
        run_gnuplot(folder, settings, script);
    while (child > 0 && waitpid(child, &ended, 0) < 0 && errno == EINTR) {
    }
    struct text complaints = {0};
    char *path = message_format("%s/complaints", folder);
    file_read(path, COMPLAINT_BYTES_MAX, &complaints);
    while (complaints.length && complaints.data[complaints.length - 1] <= ' ')
        complaints.data[--complaints.length] = '\0';
    if (child < 0) {
        *out_message = message_format("gnuplot cannot be started: %s", strerror(errno));
        status = STATUS_IO;
    } else if (WIFEXITED(ended) && WEXITSTATUS(ended) == 127) {
        *out_message =
            message_format("gnuplot was not found; pictures need it (on Debian: apt install gnuplot-nox)");
        status = STATUS_IO;
    } else if (!WIFEXITED(ended) || WEXITSTATUS(ended) != 0) {
        *out_message =
            message_format("gnuplot failed: %s", complaints.length ? complaints.data : "without a word");
        status = STATUS_IO;
    } else if (complaints.length) {
        *out_message = message_format("%s", complaints.data);
    }
    text_fini(&complaints);
    free(path);
    free(script);
    free(settings);
    return status;
}

/* --- the picture ------------------------------------------------------------------------------------- */

/* Beside the file and then in its place, so that it is never there by half. */
static enum status replace_file(const char *output, const struct text *picture)
{
    char *resolved = realpath(output, NULL);
    char *beside = message_format("%s.new-%ld", resolved ? resolved : output, (long)getpid());
    int file = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    enum status status = file < 0 ? STATUS_IO : write_all(file, picture->data, picture->length);
    if (file >= 0 && close(file) != 0)
        status = STATUS_IO;
    if (status == STATUS_OK && rename(beside, resolved ? resolved : output) != 0)
        status = STATUS_IO;
    int failure = errno;
    if (file >= 0 && status != STATUS_OK)
        unlink(beside);
    free(resolved);
    free(beside);
    errno = failure;
    return status;
}

static enum status deliver(const struct plot_request *request, const char *folder, char **out_message)
{
    struct text picture = {0};
    char *path = message_format("%s/picture", folder);
    file_read(path, SIZE_MAX, &picture);
    free(path);
    enum status status = STATUS_OK;
    struct stat found;
    if (!picture.length) {
        free(*out_message);
        *out_message = message_format("gnuplot drew nothing");
        return STATUS_IO;
    }
    if (strcmp(request->output, "-") == 0) {
        fflush(stdout);
        status = write_all(STDOUT_FILENO, picture.data, picture.length);
    } else if (stat(request->output, &found) == 0 && !S_ISREG(found.st_mode)) {
        /* A pipe or a device: nothing to put in its place. */
        int file = open(request->output, O_WRONLY | O_CLOEXEC);
        status = file < 0 ? STATUS_IO : write_all(file, picture.data, picture.length);
        if (file >= 0)
            close(file);
    } else {
        status = replace_file(request->output, &picture);
    }
    if (status != STATUS_OK) {
        free(*out_message);
        *out_message = message_format("%s: %s",
            strcmp(request->output, "-") == 0 ? "standard output" : request->output, strerror(errno));
    }
    text_fini(&picture);
    return status;
}

static bool size_is_good(uint32_t size)
{
    return size == 0 || (size >= PLOT_SIZE_MIN && size <= PLOT_SIZE_MAX);
}

enum status plot_render(const struct plot_request *request, char **out_message)
{
    *out_message = NULL;
    if (!size_is_good(request->width) || !size_is_good(request->height)) {
        *out_message = message_format(
            "a picture is between %d and %d pixels wide and high", PLOT_SIZE_MIN, PLOT_SIZE_MAX);
        return STATUS_USAGE;
    }
    char *scripts = realpath(request->scripts, NULL); /* gnuplot works in another folder */
    if (!scripts) {
        *out_message = message_format(
            "%s: the scripts of the pictures are not there: %s", request->scripts, strerror(errno));
        return STATUS_IO;
    }
    struct database database = {0};
    char *folder = NULL;
    enum status status = database_open_read(&database, request->database, out_message);
    if (status == STATUS_OK)
        status = folder_create(&folder, out_message);
    if (status == STATUS_OK)
        status = write_data(&database, request, folder, out_message);
    database_close(&database);
    if (status == STATUS_OK)
        status = call_gnuplot(request, folder, scripts, out_message);
    if (status == STATUS_OK)
        status = deliver(request, folder, out_message);
    if (folder)
        folder_remove(folder);
    free(folder);
    free(scripts);
    return status;
}
