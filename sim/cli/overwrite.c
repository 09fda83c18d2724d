/*
 * overwrite.c: see overwrite.h.
 */
#include "cli/overwrite.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/output.h"

/* A comment and the XML declaration may stand before the root element of a picture. */
#define HEAD_BYTES_MAX 4096

struct head {
    char bytes[HEAD_BYTES_MAX + 1]; /* ends with a NUL */
    size_t length;
};

enum found { FOUND_NOTHING, FOUND_FILE, FOUND_UNREADABLE };

bool overwrite_is_same(const char *output, const char *input)
{
    struct stat a, b;
    if (stat(output, &a) != 0 || !S_ISREG(a.st_mode))
        return false;
    int failed = strcmp(input, "-") == 0 ? fstat(STDIN_FILENO, &b) : stat(input, &b);
    return failed == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

static enum found read_head(const char *path, struct head *out)
{
    struct stat info;
    if (stat(path, &info) != 0 || !S_ISREG(info.st_mode) || info.st_size == 0)
        return FOUND_NOTHING;
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        error_print("%s exists and cannot be read: %s", path, strerror(errno));
        return FOUND_UNREADABLE;
    }
    out->length = fread(out->bytes, 1, HEAD_BYTES_MAX, file);
    out->bytes[out->length] = '\0';
    fclose(file);
    return FOUND_FILE;
}

static bool begins(const struct head *head, const char *with)
{
    return strncmp(head->bytes, with, strlen(with)) == 0;
}

bool overwrite_trace_allowed(const char *output)
{
    struct head head;
    enum found found = read_head(output, &head);
    if (found != FOUND_FILE)
        return found == FOUND_NOTHING;
    if (begins(&head, "{\"type\":\"event\",") || begins(&head, "{\"type\":\"write\","))
        return true;
    error_print("%s is no trace of epsim, and is not written over", output);
    return false;
}

static bool is_picture(const struct head *head, enum plot_format format)
{
    switch (format) {
    case PLOT_SVG:
        return (begins(head, "<?xml") || begins(head, "<svg")) && strstr(head->bytes, "<svg") != NULL;
    case PLOT_PNG:
        return begins(head, "\211PNG\r\n\032\n");
    case PLOT_PDF:
        return begins(head, "%PDF");
    default:
        return begins(head, "\f"); /* gnuplot begins each page of text so */
    }
}

bool overwrite_picture_allowed(const char *output, enum plot_format format)
{
    struct head head;
    enum found found = read_head(output, &head);
    if (found != FOUND_FILE)
        return found == FOUND_NOTHING;
    if (is_picture(&head, format))
        return true;
    error_print("%s exists and is no picture that was drawn as %s; it is not written over", output,
        plot_format_name(format));
    return false;
}

bool overwrite_text_allowed(const char *output, const char *beginning, const char *what)
{
    struct head head;
    enum found found = read_head(output, &head);
    if (found != FOUND_FILE)
        return found == FOUND_NOTHING;
    if (begins(&head, beginning))
        return true;
    error_print("%s exists and is no %s; it is not written over", output, what);
    return false;
}
