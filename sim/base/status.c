/*
 * status.c: the names and texts of the one table in status.h.
 */
#include "base/status.h"

#include <stddef.h>

static const struct {
    const char *name;
    const char *text;
} rows[] = {
#define X(name, text) {#name, text},
    EPSIM_STATUS_TABLE(X)
#undef X
};

const char *status_name(enum status status)
{
    size_t i = (size_t)status;
    return i < sizeof rows / sizeof rows[0] ? rows[i].name : "UNKNOWN";
}

const char *status_text(enum status status)
{
    size_t i = (size_t)status;
    return i < sizeof rows / sizeof rows[0] ? rows[i].text : "unknown status";
}
