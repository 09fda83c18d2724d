/*
 * label_selector.h: `-l app=web,tier!=db,ready,!old`: kubectl's equality-based label selectors.
 */
#ifndef EPSIM_CLI_LABEL_SELECTOR_H
#define EPSIM_CLI_LABEL_SELECTOR_H

#include <stdbool.h>

#include "base/vec.h"
#include "model/catalog.h"

enum requirement_kind { REQUIREMENT_EQUAL, REQUIREMENT_NOT_EQUAL, REQUIREMENT_PRESENT, REQUIREMENT_ABSENT };

struct requirement {
    enum requirement_kind kind;
    const char *key, *value; /* not NUL-terminated: parts of the text that was parsed */
    size_t key_length, value_length;
};

struct label_selector {
    VEC(struct requirement) requirements;
};

/* Borrows `text`. False when it is no selector. The empty text selects everything. */
bool label_selector_parse(struct label_selector *selector, const char *text);
void label_selector_fini(struct label_selector *selector);
/* All requirements hold. O(requirements x labels). */
bool label_selector_matches(
    const struct label_selector *selector, struct catalog *catalog, const struct labels *labels);

#endif
