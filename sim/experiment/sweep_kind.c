/*
 * sweep_kind.c: see sweep_kind.h.
 */
#include "experiment/sweep_kind.h"

#include <string.h>

static const struct {
    const char *name, *about;
} kinds[SWEEP_KIND_COUNT] = {
#define X(name, text, what) {text, what},
    SWEEP_KINDS(X)
#undef X
};

const char *sweep_kind_name(enum sweep_kind kind)
{
    return kinds[kind].name;
}

bool sweep_kind_parse(const char *name, enum sweep_kind *out)
{
    for (int kind = 0; kind < SWEEP_KIND_COUNT; kind++) {
        if (strcmp(kinds[kind].name, name) == 0) {
            *out = (enum sweep_kind)kind;
            return true;
        }
    }
    return false;
}
