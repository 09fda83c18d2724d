/*
 * store.h: the API server: every object, its resource version, and who watches it.
 *
 * Users, kubelets and workloads put Pods, Services and Nodes; controllers write Endpoints and
 * EndpointSlices. Watchers are told of each change in order.
 *
 * What one event does to one object at one instant is one change (design): a put marks the object
 * and schedules its delivery in PHASE_WATCH; puts before that merge, and an object that is created
 * and removed before it is never seen. The change carries the revision that watchers saw last and the
 * new one. Writes of Endpoints and slices are not merged: each is a request of its own.
 *
 * Cost: every operation O(1) expected, plus O(log n) for lists in order.
 */
#ifndef EPSIM_MODEL_STORE_H
#define EPSIM_MODEL_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"
#include "kernel/clock.h"
#include "kernel/random.h"
#include "model/catalog.h"
#include "model/endpoints.h"
#include "model/endpointslice.h"
#include "model/node.h"
#include "model/object.h"
#include "model/pod.h"
#include "model/service.h"

/*
 * Phases of one instant, first to last. Everything that an event causes with zero delay is done
 * before the next scenario event of the same instant: consequences have lower phases.
 */
enum phase {
    PHASE_KUBELET,  /* kubelets and nodes answer: they change the object of the event itself */
    PHASE_WATCH,    /* the API server tells its watchers */
    PHASE_SYNC,     /* controllers' workers take keys */
    PHASE_COLLECT,  /* the garbage collector */
    PHASE_WORKLOAD, /* Deployments and their like take one step: one pod an event */
    PHASE_SCENARIO, /* what the scenario file says, and traces */
    PHASE_OBSERVE,  /* the instant is over: rows of the timeline, expectations */
};

/* Numbers that name events in the digest: first of each module. */
enum event_kind {
    EVENT_STORE_DELIVER = 1,
    EVENT_ENGINE = 16,
    EVENT_SCENARIO = 64,
    EVENT_USER = 256,
};

/* old NULL: added; now NULL: deleted; both: modified. The pointed-to type follows `kind`: const struct
 * pod, service or node; for OBJECT_ENDPOINTS and OBJECT_ENDPOINTSLICE the live object is `object`, and
 * old and now only tell (NULL or not) what happened; a deleted object is valid during the call. */
struct change {
    enum object_kind kind;
    const void *old;
    const void *now;
    /* Of Endpoints and slices: written by a controller of ours, or by somebody else. */
    bool foreign;
};

typedef void store_watcher(void *watcher, const struct change *change);

struct store;

/* The clock is borrowed and must outlive the store. start_s: calendar time of t = 0 (seconds since
 * 1970). uids and generated names come from streams of the clock's seed and run. */
struct store *store_create(struct clock *clock, int64_t start_s);
void store_destroy(struct store *store);

struct catalog *store_catalog(struct store *store);
struct clock *store_clock(struct store *store);
/* Calendar time now, in whole seconds and in nanoseconds. */
int64_t store_now_s(const struct store *store);
int64_t store_now_unix_ns(const struct store *store);
/* Watchers are called in the order of their adding. */
void store_watch(struct store *store, store_watcher *call, void *watcher);
uint64_t store_resource_version(const struct store *store);
/* For starting states: the last version that was given out. It never falls (asserted). */
void store_set_resource_version(struct store *store, uint64_t version);
/* A fresh uid; the n-th of a run is always the same. */
struct uuid store_new_uid(struct store *store);
/* The same, but only its place among all of them (target_create_drawn, catalog_uid). */
uint64_t store_draw_uid(struct store *store);
/* A name as the server makes it (S-50): at most 58 bytes of `base` and five letters from stream "names".
 * Returns its length. Nothing is asked about names in use. */
uint32_t store_generate_name(struct store *store, const char *base, char out[MADE_NAME_MAX + 1]);
/* Starting states: until this is set to false (it starts false), puts, commits and removals are carried out
 * without telling anyone, and new objects keep the uid, times and versions that they carry, if they carry
 * any. Must not become true while a change waits for its delivery (asserted). */
void store_set_silent(struct store *store, bool silent);

/* --- pods, services, nodes: users' objects. Names are unique a namespace; puts take over one reference
 * and replace the revision of the same name. The store sets resource_version, one for all that merges into
 * one change; a Service or Node without uid or creation time gets those of the revision before, or fresh
 * ones. A put with another uid than the present one's is a removal and a creation: watchers are told of both.
 */

void store_put_pod(struct store *store, struct pod *pod);
/* The same for a new pod: the name must be free (asserted). name_hash: pod_name_hash of the name. */
void store_create_pod(struct store *store, struct pod *pod, uint64_t name_hash);
/* The same, but a pod of another uid under the name is told as one modification, and takes its place in the
 * order of creation: what a watcher sees that missed the deletion in between. */
void store_replace_pod(struct store *store, struct pod *pod);
/* While this is set (it starts false), every put of a pod is like that. */
void store_set_relisting(struct store *store, bool relisting);
void store_put_service(struct store *store, struct service *service);
void store_put_node(struct store *store, struct node *node);
/* False when there is none. */
bool store_remove_pod(struct store *store, sym namespace, const char *name);
bool store_remove_pod_of(struct store *store, const struct target *self);
bool store_remove_service(struct store *store, sym namespace, sym name);
bool store_remove_node(struct store *store, sym name);
/* The current revision, borrowed; NULL when there is none. */
const struct pod *store_pod(const struct store *store, sym namespace, const char *name);
/* The same for a name whose pod_name_hash is known, and for that of a pod whose identity is known: less work.
 */
const struct pod *store_pod_hashed(
    const struct store *store, sym namespace, const char *name, uint64_t name_hash);
const struct pod *store_pod_of(const struct store *store, const struct target *self);
/* The same for a made name in its parts (made_name.h). */
const struct pod *store_pod_made(const struct store *store, sym namespace, sym prefix, uint32_t suffix);
/* For who foresees which pods will be looked at (engine/foresight.h). `key`: of a namespace and pod_name_hash
 * of a name. Asks for the memory where the present revision's number stands; in stages 0 and 1, for what the
 * name's removal will look at there; guesses the slot of that number; and the revision of a slot, borrowed,
 * which may be another pod's, or NULL. Any slot will do. */
uint64_t store_pod_key(sym namespace, uint64_t name_hash);
void store_prefetch_slot(const struct store *store, uint64_t key);
void store_prefetch_removal(const struct store *store, uint64_t key, int stage);
uint32_t store_guess_slot(const struct store *store, uint64_t key);
const struct pod *store_pod_at(const struct store *store, uint32_t slot);
const struct service *store_service(const struct store *store, sym namespace, sym name);
const struct node *store_node(const struct store *store, sym name);

/* --- Endpoints and slices: changed in place by who writes them. ------------------------------------
 * A writer changes the object, then calls the commit function, which gives it a resource version,
 * adds what a server adds (uid, creation time, generation, generated name: O-45, S-50, S-63) and tells
 * watchers. A new object gets its own uid and creation time whatever it carries, unless silent. ------- */

struct endpoints *store_endpoints(const struct store *store, sym namespace, sym name);
/* Takes ownership. The name must be free (asserted). */
void store_create_endpoints(struct store *store, struct endpoints *endpoints, bool foreign);
/* `subsets_changed`: they are not as they were. `manager`: who wrote, SYM_EMPTY for the controllers. When
 * that is not whose the object is alone, its list of fields was begun before it was changed (field_owners.h).
 */
void store_commit_endpoints(
    struct store *store, struct endpoints *endpoints, bool subsets_changed, bool foreign, sym manager);
bool store_delete_endpoints(struct store *store, sym namespace, sym name, bool foreign);

struct endpointslice *store_endpointslice(const struct store *store, sym namespace, sym name);
/* Takes ownership; an empty name is generated from generate_name (S-50). */
void store_create_endpointslice(struct store *store, struct endpointslice *slice, bool foreign);
/* `generation_changed`: anything outside metadata, or labels, changed (S-63). `endpoints_changed`: that list
 * did. `manager`: as above. */
void store_commit_endpointslice(struct store *store, struct endpointslice *slice, bool generation_changed,
    bool endpoints_changed, bool foreign, sym manager);
bool store_delete_endpointslice(struct store *store, sym namespace, sym name, bool foreign);

/* --- lists: in the order of creation; namespace SYM_EMPTY: all. The visitor must not change the store.
 * It returns false to stop. O(objects of the kind), in whatever namespace; of pods O(n log n).
 * ------------------------------ */

typedef bool store_visit(void *context, const void *object);
void store_each(
    const struct store *store, enum object_kind kind, sym namespace, store_visit *visit, void *context);
uint32_t store_count(const struct store *store, enum object_kind kind);

#endif
