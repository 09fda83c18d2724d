/*
 * kube_reader.h: values and metadata of Kubernetes' JSON, as the model holds them. What is absent is the
 * empty text, 0 or TIME_NONE; what is wrong is told as a problem and read as absent.
 */
#ifndef EPSIM_VERIFY_KUBE_READER_H
#define EPSIM_VERIFY_KUBE_READER_H

#include <jansson.h>
#include <stdbool.h>

#include "base/text.h"
#include "model/meta.h"

/* Both borrowed. */
struct kube_reader {
    struct catalog *catalog;
    struct text *problems; /* a line each */
};

/* The text itself, and a member's; in the JSON. */
const char *kube_string(const json_t *json);
const char *kube_read_text(const json_t *json, const char *name);
/* The member is there and not null. */
bool kube_has(const json_t *json, const char *name);
sym kube_read_sym(const struct kube_reader *reader, const json_t *json, const char *name);
/* A number of 32 bits, as ports are. */
int32_t kube_read_int32(const struct kube_reader *reader, const json_t *json, const char *name);
/* RFC 3339, in whole seconds since 1970. */
int64_t kube_read_time(const struct kube_reader *reader, const json_t *json, const char *name);
const struct labels *kube_read_labels(const struct kube_reader *reader, json_t *json);
/* A uid as the model holds it: a UUID that is not zero, or a text. */
void kube_read_uid(const struct kube_reader *reader, const char *text, struct uuid *out_uid, sym *out_text);
/* `json`: ownerReferences; `owners` has room for all of them. */
void kube_read_owners(const struct kube_reader *reader, const json_t *json, struct owner *owners);
/* What few objects carry, in the catalog's arena, or NULL. `json`: the metadata. */
const struct meta_rest *kube_read_rest(const struct kube_reader *reader, const json_t *json, bool owners_too);
struct meta kube_read_meta(const struct kube_reader *reader, const json_t *object);

#endif
