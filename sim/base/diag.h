/*
 * diag.h: what is wrong with the input, where, and what was expected.
 *
 * A source is one text (a file, standard input, a command-line value). Readers add diagnostics as
 * they find them and go on, so that all mistakes of a file come out in one go, in the order of
 * their positions:
 *
 *     web.yaml:9:3: error: unknown field 'replica'; did you mean 'replicas'?
 *         9 |   replica: 15
 *           |   ^~~~~~~
 */
#ifndef EPSIM_BASE_DIAG_H
#define EPSIM_BASE_DIAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct diag;

/* A place in a source: line and column from 1 (column in bytes, a tab counts as one), length in
 * bytes of what the caret underlines (at least 1). source: index from diag_add_source. Line 0 is the
 * source as a whole: name and message are printed, no line. A place outside of the text is shown
 * without an excerpt, or at the end of its line. */
struct position {
    uint32_t source;
    uint32_t line;
    uint32_t column;
    uint32_t length;
};

enum severity { SEVERITY_ERROR, SEVERITY_WARNING, SEVERITY_NOTE };

/* More errors than this in one source are counted, not printed; of warnings and notes likewise. */
#define DIAG_ERRORS_SHOWN_MAX 50
/* More than this of one severity in one source are not even kept: a hostile file of megabytes that is
 * wrong in every byte must not fill the memory. The ones shown are the first ones by position among
 * these. */
#define DIAG_KEPT_MAX 10000

struct diag *diag_create(void);
void diag_destroy(struct diag *diag);
/* `text` is borrowed and must outlive the diag. `name` is what is printed ("web.yaml", "<stdin>",
 * "--set"); it is copied. */
uint32_t diag_add_source(struct diag *diag, const char *name, const char *text, size_t length);
/* A part of a longer text, of which the rest is not kept: it begins at `line` and `column` of the whole (from
 * 1). Positions count within the part; what is printed counts within the whole. */
uint32_t diag_add_part(
    struct diag *diag, const char *name, const char *text, size_t length, uint32_t line, uint32_t column);
const char *diag_source_name(const struct diag *diag, uint32_t source);
void diag_add(struct diag *diag, enum severity severity, struct position at, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
#define diag_error(diag, at, ...) diag_add((diag), SEVERITY_ERROR, (at), __VA_ARGS__)
#define diag_warning(diag, at, ...) diag_add((diag), SEVERITY_WARNING, (at), __VA_ARGS__)
uint32_t diag_error_count(const struct diag *diag);
/* For who tells of errors in other words: the message and the position of error *at (from 0, in the order of
 * adding) or the next one that is kept, and *at behind it; NULL when there is none. Owned by the diag. */
const char *diag_next_error(const struct diag *diag, uint32_t *at, struct position *out_position);
/* Forgets all messages, keeps the sources: for what comes after the reading, such as a run that stops. */
void diag_clear(struct diag *diag);
/* Prints all, sorted by source and position (equal ones as they were added), each with its line and
 * caret. Long lines are cut around the caret; tabs are shown as one space, control characters and
 * bytes that are not UTF-8 as '?'. Notes only if `verbose`. O(n log n + bytes of the sources). */
void diag_print(const struct diag *diag, FILE *out, bool verbose);

#endif
