/*
 * yaml_mapping.h: what a mapping's keys may not be, and what the merge key stands for.
 */
#ifndef EPSIM_SCENARIO_YAML_MAPPING_H
#define EPSIM_SCENARIO_YAML_MAPPING_H

#include "scenario/yaml.h"

/* Of pairs with equal keys the first stays; the others are told. O(pairs) expected. */
void yaml_drop_duplicates(struct diag *diag, struct yaml_node *mapping);
/* `<<: *base`, or a list of bases, stands for the pairs of the bases that the mapping has not. False, and
 * told, when its value is no mapping or the work is too much. O(pairs x pairs of the bases). */
bool yaml_resolve_merge(struct arena *arena, struct diag *diag, struct yaml_node *mapping);

#endif
