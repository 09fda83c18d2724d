/*
 * kube_encode.h: objects as `kubectl get -o json` and `-o yaml` print them.
 */
#ifndef EPSIM_CLI_KUBE_ENCODE_H
#define EPSIM_CLI_KUBE_ENCODE_H

#include <stdbool.h>

#include "cli/kube_table.h"

struct kube_encoder;

struct kube_encoder *kube_encoder_create(const struct kube_view *view);
void kube_encoder_add(struct kube_encoder *encoder, const struct kube_object *objects, uint32_t count);
/* One document: the one object if `alone`, else a List of all. Keys in byte order. O(text). */
void kube_encoder_write(struct kube_encoder *encoder, bool alone, bool yaml, struct text *out);
/* The enveloped bytes (O-25) of an Endpoints object or a slice as an API server stores it, managedFields
 * included; an entry whose time is not kept has that of the last change of a pod (the trigger time).
 * O(object). */
void kube_encode_protobuf(const struct kube_view *view, const struct kube_object *item, struct text *out);
/* Takes NULL. */
void kube_encoder_destroy(struct kube_encoder *encoder);

#endif
