/*
 * interrupt.c: two words that a signal handler may write. They are the one global state of the program:
 * a signal handler has no other way to tell.
 */
#include "cli/interrupt.h"

#include <signal.h>
#include <stddef.h>
#include <unistd.h>

static volatile sig_atomic_t stop_requested;
static volatile sig_atomic_t signal_number;

static void on_signal(int number)
{
    signal_number = number;
    __atomic_store_n(&stop_requested, 1, __ATOMIC_RELAXED); /* the threads of a sweep look at it */
}

const volatile int *interrupt_catch(void)
{
    static const int caught[] = {SIGINT, SIGTERM, SIGHUP};
    for (size_t i = 0; i < sizeof caught / sizeof *caught; i++) {
        struct sigaction old;
        sigaction(caught[i], NULL, &old);
        if (old.sa_handler == SIG_IGN) /* nohup, or a shell's background job */
            continue;
        /* One shot: the second signal finds the default action. */
        struct sigaction action = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};
        sigemptyset(&action.sa_mask);
        sigaction(caught[i], &action, NULL);
    }
    return &stop_requested;
}

void interrupt_request(void)
{
    __atomic_store_n(&stop_requested, 1, __ATOMIC_RELAXED);
}

int interrupt_signal(void)
{
    return signal_number;
}

void interrupt_die(void)
{
    if (signal_number == 0)
        return;
    signal(signal_number, SIG_DFL);
    kill(getpid(), signal_number);
}
