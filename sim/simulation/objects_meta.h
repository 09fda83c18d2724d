/*
 * objects_meta.h: what objects.c and objects_endpoints.c share.
 */
#ifndef EPSIM_SIMULATION_OBJECTS_META_H
#define EPSIM_SIMULATION_OBJECTS_META_H

#include "model/meta.h"
#include "scenario/scenario.h"

struct cluster;

/* The metadata of a new object. */
void objects_meta(struct cluster *cluster, const struct metadata_spec *spec, struct meta *out);
/* A new uid when `text` is empty. *out_text: the text when it is no UUID, else SYM_EMPTY. */
struct uuid objects_uid(struct cluster *cluster, const char *text, sym *out_text);

#endif
