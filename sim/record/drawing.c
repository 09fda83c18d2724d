/*
 * drawing.c: see drawing.h.
 */
#define _XOPEN_SOURCE 700 /* realpath */
#include "record/drawing.h"

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
#include "record/database.h"

/* What is passed on of gnuplot's complaints. */
#define COMPLAINT_BYTES_MAX 2000

static const char *const formats[PLOT_FORMAT_COUNT] = {"svg", "png", "pdf", "txt"};

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

enum status drawing_create(struct drawing *drawing, const char *scripts, char **out_message)
{
    drawing->scripts = realpath(scripts, NULL); /* gnuplot works in another folder */
    if (!drawing->scripts) {
        *out_message =
            message_format("%s: the scripts of the pictures are not there: %s", scripts, strerror(errno));
        return STATUS_IO;
    }
    const char *top = getenv("TMPDIR");
    char *folder = message_format("%s/epsim-plot-XXXXXX", top && *top ? top : "/tmp");
    if (!mkdtemp(folder)) {
        *out_message = message_format("%s: no temporary folder can be made: %s", folder, strerror(errno));
        free(folder);
        return STATUS_IO;
    }
    drawing->folder = folder;
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

void drawing_fini(struct drawing *drawing)
{
    if (drawing->folder)
        folder_remove(drawing->folder);
    free(drawing->folder);
    free(drawing->scripts);
    *drawing = (struct drawing){0};
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

enum status drawing_write(
    const struct drawing *drawing, const char *name, const struct text *text, char **out_message)
{
    char *path = message_format("%s/%s.tsv", drawing->folder, name);
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

enum status drawing_run(const struct drawing *drawing, const char *name, const char *settings,
    enum plot_format format, uint32_t width, uint32_t height, char **out_message)
{
    const char *folder = drawing->folder;
    char *all = message_format("%sdata = '.'; output = 'picture'; terminal = '%s'; width = %u; height = %u",
        settings, plot_format_name(format), (unsigned)(width ? width : PLOT_WIDTH_DEFAULT),
        (unsigned)(height ? height : PLOT_HEIGHT_DEFAULT));
    char *script = message_format("%s/%s.gp", drawing->scripts, name);
    enum status status = STATUS_OK;
    int ended = 0;
    pid_t child = fork();
    if (child == 0)
        run_gnuplot(folder, all, script);
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
    free(all);
    return status;
}

/* --- the picture ------------------------------------------------------------------------------------- */

enum status file_replace(const char *output, const struct text *picture)
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

enum status drawing_read(const struct drawing *drawing, struct text *out, char **out_message)
{
    size_t before = out->length;
    char *path = message_format("%s/picture", drawing->folder);
    file_read(path, SIZE_MAX, out);
    free(path);
    if (out->length > before)
        return STATUS_OK;
    free(*out_message);
    *out_message = message_format("gnuplot drew nothing");
    return STATUS_IO;
}

enum status drawing_deliver(const struct drawing *drawing, const char *output, char **out_message)
{
    struct text picture = {0};
    struct stat found;
    enum status status = drawing_read(drawing, &picture, out_message);
    if (status != STATUS_OK)
        return status;
    if (strcmp(output, "-") == 0) {
        fflush(stdout);
        status = write_all(STDOUT_FILENO, picture.data, picture.length);
    } else if (stat(output, &found) == 0 && !S_ISREG(found.st_mode)) {
        /* A pipe or a device: nothing to put in its place. */
        int file = open(output, O_WRONLY | O_CLOEXEC);
        status = file < 0 ? STATUS_IO : write_all(file, picture.data, picture.length);
        if (file >= 0)
            close(file);
    } else {
        status = file_replace(output, &picture);
    }
    if (status != STATUS_OK) {
        free(*out_message);
        *out_message =
            message_format("%s: %s", strcmp(output, "-") == 0 ? "standard output" : output, strerror(errno));
    }
    text_fini(&picture);
    return status;
}
