/*
 * crash_note.c: two words a thread that a signal handler may read; it has no other way to know where to
 * write.
 */
#include "experiment/crash_note.h"

#include <signal.h>
#include <stddef.h>
#include <unistd.h>

static _Thread_local volatile sig_atomic_t note_file = -1;
static _Thread_local volatile off_t note_offset;

static void on_crash(int number)
{
    const char digits[CRASH_SIGNAL_DIGITS] = {
        (char)('0' + number / 100), (char)('0' + number / 10 % 10), (char)('0' + number % 10)};
    if (note_file >= 0 && pwrite(note_file, digits, sizeof digits, note_offset) < 0)
        note_file = -1;
    raise(number); /* one shot: the default action follows */
}

void crash_note_catch(void)
{
    static const int crashes[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
    for (size_t i = 0; i < sizeof crashes / sizeof *crashes; i++) {
        struct sigaction action = {.sa_handler = on_crash, .sa_flags = (int)(SA_RESETHAND | SA_NODEFER)};
        sigemptyset(&action.sa_mask);
        sigaction(crashes[i], &action, NULL);
    }
}

void crash_note_set(int file, off_t offset)
{
    note_offset = offset;
    note_file = file;
}
