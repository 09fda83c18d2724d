/*
 * write_kind.h: what kind of object a request is about. A slice comes with the request, Endpoints do not;
 * a no-op may be about no object at all, and is then of the kind that its controller keeps.
 */
#ifndef EPSIM_RECORD_WRITE_KIND_H
#define EPSIM_RECORD_WRITE_KIND_H

#include <stdbool.h>

#include "engine/observe.h"

static inline bool write_is_of_slice(const struct write *write)
{
    switch (write->controller) {
    case CONTROLLER_ENDPOINTSLICE:
    case CONTROLLER_MIRRORING:
    case CONTROLLER_GARBAGE_COLLECTOR:
        return true;
    default:
        return write->slice != NULL;
    }
}

#endif
