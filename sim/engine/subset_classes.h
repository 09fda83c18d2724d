/*
 * subset_classes.h: which subsets follow from the groups of an Endpoints object.
 *
 * Groups share no address, and none is empty. So two ports are seen on the same addresses exactly if they
 * are seen in the same groups, and each set of groups that occurs is one subset (E-35). This needs the
 * groups' port lists alone: O(groups x ports), whatever the number of addresses.
 */
#ifndef EPSIM_ENGINE_SUBSET_CLASSES_H
#define EPSIM_ENGINE_SUBSET_CLASSES_H

#include <stdint.h>

#include "base/vec.h"
#include "model/endpoints.h"

/* One subset to be: its ports, in the order of first sight, and the groups that it is made of, ascending. */
struct subset_class {
    VEC(struct port) ports; /* without any for pods of a headless Service without ports (E-20) */
    VEC(uint32_t) groups;
};

struct subset_classes {
    VEC(struct subset_class) items;
};

void subset_classes_make(struct address_group *const *groups, uint32_t count, struct subset_classes *out);
void subset_classes_fini(struct subset_classes *classes);

#endif
