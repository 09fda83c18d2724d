/*
 * sweep_kind.c: see sweep_kind.h.
 */
#include "experiment/sweep_kind.h"

#include <string.h>

static const char *const names[SWEEP_KIND_COUNT] = {
#define X(name, text, about) text,
    SWEEP_KINDS(X)
#undef X
};

const char *sweep_kind_name(enum sweep_kind kind)
{
    return names[kind];
}

bool sweep_kind_parse(const char *name, enum sweep_kind *out)
{
    for (int kind = 0; kind < SWEEP_KIND_COUNT; kind++) {
        if (strcmp(names[kind], name) == 0) {
            *out = (enum sweep_kind)kind;
            return true;
        }
    }
    return false;
}
