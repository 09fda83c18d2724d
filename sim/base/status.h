/*
 * status.h: what a function reports when it could not do its work.
 *
 * One table gives each status its code, its name and its text. A status says *that* something
 * failed and of which kind; the position and the details of bad input go to a `struct diag`.
 * Bugs are not statuses: they trip EPSIM_ASSERT (check.h).
 */
#ifndef EPSIM_BASE_STATUS_H
#define EPSIM_BASE_STATUS_H

/* X(NAME, text) */
#define EPSIM_STATUS_TABLE(X) \
    X(OK, "success") \
    X(FAILED, "the run or an expectation failed") \
    X(BAD_INPUT, "bad input") \
    X(USAGE, "wrong usage") \
    X(IO, "input or output failed") \
    X(EXISTS, "already exists") \
    X(NOT_FOUND, "not found") \
    X(CONFLICT, "resource version conflict") \
    X(LIMIT, "a limit was reached") \
    X(INTERRUPTED, "interrupted")

enum status {
#define X(name, text) STATUS_##name,
    EPSIM_STATUS_TABLE(X)
#undef X
};

/* "BAD_INPUT" and the like; never NULL. */
const char *status_name(enum status status);
/* "bad input" and the like; never NULL. */
const char *status_text(enum status status);

#endif
