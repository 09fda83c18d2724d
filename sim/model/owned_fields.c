/*
 * owned_fields.c: see owned_fields.h.
 */
#include "model/owned_fields.h"

#include <stdlib.h>

void field_owners_destroy(struct field_owners *owners)
{
    if (!owners)
        return;
    vec_fini(&owners->items);
    vec_fini(&owners->managers);
    free(owners);
}
