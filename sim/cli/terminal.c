/*
 * terminal.c: see terminal.h.
 */
#include "cli/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <termios.h>
#include <unistd.h>

#include "base/mem.h"
#include "cli/output.h"

/* The alternate screen, no cursor; and back. */
#define ENTER "\033[?1049h\033[?25l"
#define LEAVE "\033[?25h\033[?1049l"
/* The rest of a key's sequence comes at once. */
#define ESCAPE_WAIT_NS 50000000

static volatile sig_atomic_t size_changed, stop_wanted;

static void on_signal(int number)
{
    if (number == SIGTSTP)
        stop_wanted = 1;
    else
        size_changed = 1;
}

struct terminal {
    int fd; /* of /dev/tty: keys come from here whatever standard input is */
    struct termios before;
    struct sigaction before_winch, before_tstp, before_cont;
    const volatile int *interrupted;
};

static bool write_bytes(const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t n = write(STDOUT_FILENO, bytes, length);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        bytes += n;
        length -= (size_t)n;
    }
    return true;
}

static void enter(struct terminal *terminal)
{
    struct termios raw = terminal->before;
    raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    raw.c_iflag &= ~(tcflag_t)(IXON | ICRNL);
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    tcsetattr(terminal->fd, TCSAFLUSH, &raw);
    (void)write_bytes(ENTER, strlen(ENTER));
}

static void leave(struct terminal *terminal)
{
    (void)write_bytes(LEAVE, strlen(LEAVE));
    tcsetattr(terminal->fd, TCSAFLUSH, &terminal->before);
}

struct terminal *terminal_open(const volatile int *interrupted)
{
    if (!output_is_terminal())
        return NULL;
    int fd = open("/dev/tty", O_RDWR | O_CLOEXEC);
    if (fd < 0)
        return NULL;
    struct terminal *terminal = mem_zalloc(sizeof *terminal);
    terminal->fd = fd;
    terminal->interrupted = interrupted;
    if (tcgetattr(fd, &terminal->before) != 0) {
        close(fd);
        free(terminal);
        return NULL;
    }
    struct sigaction action = {.sa_handler = on_signal};
    sigemptyset(&action.sa_mask);
    sigaction(SIGWINCH, &action, &terminal->before_winch);
    sigaction(SIGTSTP, &action, &terminal->before_tstp);
    sigaction(SIGCONT, &action, &terminal->before_cont);
    enter(terminal);
    return terminal;
}

void terminal_close(struct terminal *terminal)
{
    if (!terminal)
        return;
    leave(terminal);
    sigaction(SIGWINCH, &terminal->before_winch, NULL);
    sigaction(SIGTSTP, &terminal->before_tstp, NULL);
    sigaction(SIGCONT, &terminal->before_cont, NULL);
    close(terminal->fd);
    free(terminal);
}

void terminal_size(const struct terminal *terminal, uint32_t *out_columns, uint32_t *out_rows)
{
    struct winsize size = {0};
    if (ioctl(terminal->fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0)
        size = (struct winsize){.ws_col = 80, .ws_row = 24};
    *out_columns = size.ws_col;
    *out_rows = size.ws_row;
}

bool terminal_write(struct terminal *terminal, const struct text *text)
{
    (void)terminal;
    return write_bytes(text->data, text->length);
}

/* Ctrl-Z: as it was before, until somebody lets the program go on. */
static void stop(struct terminal *terminal)
{
    leave(terminal);
    stop_wanted = 0;
    raise(SIGSTOP);
    enter(terminal);
    size_changed = 1;
}

/* 1: a byte came; 0: it did not, in time; -1: a signal came, or the terminal has gone. */
static int next_byte(struct terminal *terminal, const struct timespec *wait, unsigned char *out)
{
    /* Signals come only while it waits: none is missed between the look at its word and the waiting. */
    sigset_t held, usual;
    sigemptyset(&held);
    static const int signals[] = {SIGWINCH, SIGTSTP, SIGCONT, SIGINT, SIGTERM, SIGHUP};
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        sigaddset(&held, signals[i]);
    sigprocmask(SIG_BLOCK, &held, &usual);
    int ready = -1;
    if (!*terminal->interrupted && !size_changed && !stop_wanted) {
        fd_set fds;
        FD_ZERO(&fds);
        FD_SET(terminal->fd, &fds);
        ready = pselect(terminal->fd + 1, &fds, NULL, NULL, wait, &usual);
    }
    sigprocmask(SIG_SETMASK, &usual, NULL);
    if (ready <= 0)
        return ready;
    return read(terminal->fd, out, 1) == 1 ? 1 : -1;
}

static int escape_key(struct terminal *terminal)
{
    static const struct {
        const char *sequence;
        int key;
    } keys[] = {{"[A", KEY_UP}, {"OA", KEY_UP}, {"[B", KEY_DOWN}, {"OB", KEY_DOWN}, {"[C", KEY_RIGHT},
        {"OC", KEY_RIGHT}, {"[D", KEY_LEFT}, {"OD", KEY_LEFT}, {"[5~", KEY_PAGE_UP}, {"[6~", KEY_PAGE_DOWN},
        {"[H", KEY_HOME}, {"OH", KEY_HOME}, {"[1~", KEY_HOME}, {"[F", KEY_END}, {"OF", KEY_END},
        {"[4~", KEY_END}};
    char sequence[8] = "";
    const struct timespec wait = {.tv_nsec = ESCAPE_WAIT_NS};
    for (size_t length = 0; length + 1 < sizeof sequence; length++) {
        unsigned char byte;
        if (next_byte(terminal, &wait, &byte) != 1)
            break;
        sequence[length] = (char)byte;
        if (length > 0 && byte >= 0x40 && byte <= 0x7e)
            break;
    }
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (strcmp(sequence, keys[i].sequence) == 0)
            return keys[i].key;
    }
    return sequence[0] ? KEY_NONE : KEY_ESCAPE;
}

int terminal_key(struct terminal *terminal)
{
    unsigned char byte;
    int got = next_byte(terminal, NULL, &byte);
    if (got == 1)
        return byte == 033 ? escape_key(terminal) : byte;
    if (*terminal->interrupted)
        return KEY_GONE;
    if (stop_wanted)
        stop(terminal);
    else if (!size_changed)
        return KEY_GONE;
    size_changed = 0;
    return KEY_NONE;
}

bool terminal_is_utf8(void)
{
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = getenv(names[i]);
        if (!value || !*value)
            continue;
        const char *charset = strchr(value, '.');
        return charset && (strncasecmp(charset, ".utf-8", 6) == 0 || strncasecmp(charset, ".utf8", 5) == 0);
    }
    return false;
}
