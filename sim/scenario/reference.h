/*
 * reference.h: [NAMESPACE/]kind/name, as events name objects.
 */
#ifndef EPSIM_SCENARIO_REFERENCE_H
#define EPSIM_SCENARIO_REFERENCE_H

#include <stdbool.h>
#include <stdint.h>

#include "scenario/bind.h"
#include "scenario/kinds.h"

#define REFERENCE_BIT(kind) (UINT32_C(1) << (kind))

/* Reads a scalar. `kinds`: REFERENCE_BITs of what may stand there; `verb` says for whom, in messages.
 * False, and told, when it is no reference or of another kind. */
bool reference_bind(struct binder *binder, const struct yaml_node *value, const char *verb, uint32_t kinds,
    struct reference *out);
/* "pod, node or zone". */
void reference_kinds_text(struct text *out, uint32_t kinds);
/* "shop/deployment/web"; without the namespace when it is the default one or there is none. */
void reference_text(
    struct text *out, const struct object_kind_info *kind, const char *namespace, const char *name);

#endif
