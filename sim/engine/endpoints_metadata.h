/*
 * endpoints_metadata.h: labels and annotations of Endpoints (E-55, E-61, E-65, E-66). O(labels).
 */
#ifndef EPSIM_ENGINE_ENDPOINTS_METADATA_H
#define EPSIM_ENGINE_ENDPOINTS_METADATA_H

#include "engine/engine_private.h"

/* E-61 (2). */
bool endpoints_labels_are_right(const struct service_entry *entry, const struct labels *stored);
/* E-61 (3). */
bool endpoints_annotation_is_right(const struct engine *engine, const struct endpoints *object);
/* As they should be (E-55, E-65, E-66). Returns whether anything is new. */
bool endpoints_set_metadata(
    struct service_entry *entry, struct endpoints *object, int64_t trigger_s, bool over_capacity);

#endif
