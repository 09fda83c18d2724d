/*
 * output.c: plain writes with their errors told.
 */
#include "cli/output.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/utf8.h"

void output_setup(void)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigemptyset(&ignore.sa_mask);
    sigaction(SIGPIPE, &ignore, NULL);
    sigaction(SIGXFSZ, &ignore, NULL); /* a limit on file sizes (ulimit -f): an error of write, too */
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) == -1 && errno == EBADF)
            /* Lowest free number first, so this is `fd`. Standard output stays one that cannot be
             * written: what somebody closed is not thrown away silently. */
            if (open("/dev/null", fd == STDERR_FILENO ? O_WRONLY : O_RDONLY) < 0)
                _exit(EXIT_FAILED);
}

/* 0, or the errno of the write that failed. */
static int write_all(int fd, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t n = write(fd, bytes, length);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return errno;
        bytes += n;
        length -= (size_t)n;
    }
    return 0;
}

enum exit_code output_write(const struct text *text)
{
    int error = write_all(STDOUT_FILENO, text->data, text->length);
    if (error == 0)
        return EXIT_OK;
    if (error == EPIPE)
        error_print("standard output: whoever read it has gone before all was written (%s)", strerror(error));
    else
        error_print("standard output could not be written: %s", strerror(error));
    return EXIT_FAILED;
}

void error_write(const struct text *text)
{
    (void)write_all(STDERR_FILENO, text->data, text->length);
}

static void print_line(const char *head, const char *format, va_list list)
{
    va_list again;
    va_copy(again, list);
    int length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (length < 0)
        return;
    char *buffer = mem_alloc((size_t)length + 1);
    vsnprintf(buffer, (size_t)length + 1, format, list);
    utf8_make_safe(buffer); /* names of files, and what a damaged database says */
    struct text line = {0};
    text_add(&line, head);
    text_add(&line, buffer);
    text_add_char(&line, '\n');
    error_write(&line);
    text_fini(&line);
    free(buffer);
}

void error_print(const char *format, ...)
{
    va_list list;
    va_start(list, format);
    print_line("epsim: error: ", format, list);
    va_end(list);
}

void note_print(const char *format, ...)
{
    va_list list;
    va_start(list, format);
    print_line("epsim: ", format, list);
    va_end(list);
}

static bool is_capable_terminal(int fd)
{
    const char *kind = getenv("TERM");
    return isatty(fd) && kind != NULL && kind[0] != '\0' && strcmp(kind, "dumb") != 0;
}

bool output_is_terminal(void)
{
    return is_capable_terminal(STDOUT_FILENO);
}

bool output_has_color(void)
{
    const char *no_color = getenv("NO_COLOR");
    return is_capable_terminal(STDOUT_FILENO) && (no_color == NULL || no_color[0] == '\0');
}

bool error_is_terminal(void)
{
    return is_capable_terminal(STDERR_FILENO);
}

void text_add_color(struct text *out, bool on, enum color color, const char *string)
{
    static const char *const codes[] = {"1", "32", "31", "33"};
    if (on)
        text_printf(out, "\033[%sm%s\033[0m", codes[color], string);
    else
        text_add(out, string);
}
