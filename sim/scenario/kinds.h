/*
 * kinds.h: the kinds of objects that scenarios speak about, and how they are called.
 */
#ifndef EPSIM_SCENARIO_KINDS_H
#define EPSIM_SCENARIO_KINDS_H

#include <stdbool.h>
#include <stdint.h>

#include "scenario/scenario.h"
#include "scenario/schema.h"

/* How a manifest of a kind is read; NULL fields: there are no manifests of it (zones). */
struct object_kind_info {
    const char *kind;      /* "Deployment" */
    const char *group;     /* "" for the core group */
    const char *version;   /* "v1" */
    const char *reference; /* "deployment", as references and messages have it */
    const char *aliases;   /* further words for references, as kubectl's: blanks between */
    enum reference_kind reference_kind;
    enum manifest_kind manifest_kind;
    enum workload_kind workload_kind;
    bool has_manifest;
    bool namespaced;
    text_check *name_check;
};

extern const struct object_kind_info object_kinds[];
extern const uint32_t object_kind_count;

const struct object_kind_info *object_kind_of_reference(enum reference_kind kind);
/* By the kind of manifests ("Deployment") or by a word of references ("deploy"); NULL: none. */
const struct object_kind_info *object_kind_named(const char *kind);
const struct object_kind_info *object_kind_referred(const char *word, size_t length);
/* The info of a bound manifest. */
const struct object_kind_info *object_kind_of_manifest(const struct manifest *manifest);

#endif
