/*
 * sweep_kind.c: see sweep_kind.h.
 */
#include "experiment/sweep_kind.h"

static const char *const names[SWEEP_KIND_COUNT] = {
#define X(name, text, about) text,
    SWEEP_KINDS(X)
#undef X
};

const char *sweep_kind_name(enum sweep_kind kind)
{
    return names[kind];
}
