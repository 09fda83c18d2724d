/*
 * kube_write.h: the requests of one sync, with their objects, for whoever compares two syncs.
 *
 * Works on the model's structs alone; where they come from is the business of others.
 */
#ifndef EPSIM_VERIFY_KUBE_WRITE_H
#define EPSIM_VERIFY_KUBE_WRITE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/vec.h"
#include "model/endpoints.h"
#include "model/endpointslice.h"
#include "verify/texts.h"

enum kube_verb { KUBE_CREATE, KUBE_UPDATE, KUBE_DELETE };

/* One request, and the object as the server has it afterwards: Endpoints in explicit form, or a slice, or
 * neither after a delete. Borrowed. */
struct kube_write {
    enum kube_verb verb;
    bool noop; /* an update that changed nothing */
    sym name;
    const struct endpoints *endpoints;
    const struct endpointslice *slice;
    uint64_t protobuf_bytes, json_bytes; /* 0: not known, not compared */
};

struct kube_writes {
    VEC(struct kube_write) items;
};

/* For writes that own their objects. */
void kube_writes_fini(struct kube_writes *writes);

/* "create", "update", "noop", "delete". */
const char *kube_write_verb(const struct kube_write *write);
/* The verbs of all. `merges`: an update is an update, whether it changes anything. */
void kube_writes_verbs(const struct kube_writes *writes, bool merges, struct texts *out);
/* An answer that knows its object's JSON size must know it right; else that is told in `why`. */
bool kube_write_json_is_right(const struct kube_write *got, const struct text *json, struct text *why);
/* True when they are the same or one is not known (0). */
bool kube_size_is_same(uint64_t want, uint64_t got, const char *what, struct text *why);
/* Tells where two objects as JSON texts, which are not the same, differ. */
void kube_tell_objects(const char *want, const char *got, struct text *why);

#endif
