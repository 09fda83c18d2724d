/*
 * terminal.h: a terminal for a program that fills the whole screen: its keys one by one, its size, and its
 * state of before when the program ends, is stopped (Ctrl-Z) or goes on again.
 *
 * Plain escape sequences that every terminal of today knows; no library. There is one terminal a program, so
 * its signals are a few words of global state, as in interrupt.c.
 */
#ifndef EPSIM_CLI_TERMINAL_H
#define EPSIM_CLI_TERMINAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

/* Bytes are themselves; these are the others. */
enum key {
    KEY_NONE = 256, /* the size changed, or the program goes on after a stop: draw again */
    KEY_UP,
    KEY_DOWN,
    KEY_LEFT,
    KEY_RIGHT,
    KEY_PAGE_UP,
    KEY_PAGE_DOWN,
    KEY_HOME,
    KEY_END,
    KEY_ESCAPE,
    KEY_GONE, /* the terminal has gone, or a signal wants the end */
};

struct terminal;

/* NULL when there is none to be had (no /dev/tty, or standard output is no terminal that knows escapes).
 * `interrupted`: terminal_key returns KEY_GONE when it is true. */
struct terminal *terminal_open(const volatile int *interrupted);
/* All as it was before. Takes NULL. */
void terminal_close(struct terminal *terminal);
void terminal_size(const struct terminal *terminal, uint32_t *out_columns, uint32_t *out_rows);
/* False when it could not be written. */
bool terminal_write(struct terminal *terminal, const struct text *text);
/* Waits for a key: a byte or one of enum key. */
int terminal_key(struct terminal *terminal);
/* The locale is one of UTF-8. */
bool terminal_is_utf8(void);

#endif
