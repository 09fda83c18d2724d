/*
 * import_names.h: names of a table that Kubernetes would not take, made into the nearest that it does.
 *
 * Names of objects that fit stay as they are, whatever stands before them; the others, in the order of first
 * sight, get what is left. Values of labels need not differ.
 */
#ifndef EPSIM_SCENARIO_IMPORT_NAMES_H
#define EPSIM_SCENARIO_IMPORT_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/text.h"
#include "base/vec.h"

/* A name as the table has it, and as it is written. */
struct name {
    const char *from;
    size_t length;
    const char *to; /* of a label's value at once; of an object when all names are known (names_choose) */
    uint32_t first_line;
    bool taken; /* the name that would fit is another's */
};

struct names {
    VEC(struct name *) items; /* in the order of first sight */
    struct map by_from;
    struct map by_to;
};

enum name_kind { NAME_SERVICE, NAME_OBJECT, NAME_LABEL };

/* The nearest text that Kubernetes takes, in `out`: lower case (but of a label), '-' for what is not allowed,
 * and letters or digits at the ends and (in names) around dots. O(length). */
void name_fit(struct text *out, const char *from, size_t length, enum name_kind kind);
/* The name that a text of the table has; *is_new when it is seen for the first time, on `line`. `from` is
 * borrowed as long as the names live; they lie in the arena. O(length). */
const struct name *names_add(struct names *names, struct arena *arena, const char *from, size_t length,
    uint32_t line, enum name_kind kind, bool *is_new);
/* Gives every name of an object its text, once all are known. O(names). */
void names_choose(struct names *names, struct arena *arena, enum name_kind kind);
void names_fini(struct names *names);

#endif
