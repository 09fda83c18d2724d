/*
 * output.h: what goes to standard output and standard error, and how a write that fails is told.
 *
 * Output for machines goes to standard output, everything else to standard error. A command puts its
 * output together in a text (or several, for long ones) and writes it here, so that a full disk or a
 * reader that left is noticed where it happens and told once.
 */
#ifndef EPSIM_CLI_OUTPUT_H
#define EPSIM_CLI_OUTPUT_H

#include <stdbool.h>

#include "base/text.h"
#include "cli/options.h"

/* To be called once, first thing: a reader that leaves is an error of write, not a signal that ends the
 * program before its database is closed; and closed standard streams are held open, lest a database get
 * their number. */
void output_setup(void);

/* Writes all of it. EXIT_FAILED, after a message on standard error, when it could not be written. */
enum exit_code output_write(const struct text *text);
void error_write(const struct text *text);
/* "epsim: error: ..." on standard error. */
void error_print(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* "epsim: ..." on standard error. */
void note_print(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* True when standard output is a terminal that understands escapes. */
bool output_is_terminal(void);
/* True when standard output (or error) is a terminal that understands escapes and NO_COLOR is not set. */
bool output_has_color(void);
bool error_is_terminal(void);

enum color { COLOR_BOLD, COLOR_GREEN, COLOR_RED, COLOR_YELLOW };
/* `string` in that colour if `on`, else plain. */
void text_add_color(struct text *out, bool on, enum color color, const char *string);

#endif
