/*
 * engine.h: the controllers: they watch the store and keep Endpoints and EndpointSlices up to date.
 *
 * The engine is incremental. Per Service it keeps its members (the selected pods) and where each stands:
 * in which group of the Endpoints object, in which slice. A pod event marks members; a sync works off
 * the marks of its Service and nothing else: O(log n) a pod. What only a whole look can tell (a Service
 * edit, an object that somebody else edited) rebuilds that Service's state, O(n), and then runs the same
 * code. The plain reconciler in tests/ does it all from scratch and must always agree.
 *
 * Files, and the rules that each carries out:
 *     informer.c       which change enqueues which key (C-10 to C-19, E-75, S-58)
 *     label_index.c    which Services select a pod, which pods a Service selects (C-11, E-5)
 *     members.c        a Service's pods, and what changed since its last sync (picture: service_entry.h)
 *     workqueue.c      keys, collapsing, delays, back-off (C-20 to C-43)
 *     timing.c hearing.c   how long things take; what caches have not heard of yet (C-50)
 *     flight.c         a sync whose requests take time (C-1 to C-3, C-51, S-58a)
 *     trigger_time.c   C-60 to C-66
 *     lag.c            what slices do not show yet, while a batch window is open
 *     ports.c          resolving a Service's ports against a pod (E-20 to E-24, S-25)
 *     endpoint_build.c what a pod looks like as an address and as an endpoint (E-10 to E-15, S-27 to S-30)
 *     port_key.c       hashes and order of ports (E-42 to E-46, S-20 to S-24)
 *     endpoints_controller.c endpoints_metadata.c   E-*
 *     endpoints_flight.c   the same, when its request takes time (E-67, E-68)
 *     address_groups.c subset_classes.c   one pod in or out of an Endpoints object; its subsets by arithmetic
 *     repack.c         subsets, their order, truncation (E-30 to E-58)
 *     endpointslice_controller.c   S-1 to S-12
 *     slice_cache.c    whose a slice is, and the tracker (S-5, S-15, S-55 to S-58)
 *     slice_plan.c     what a sync finds (S-25 to S-41)
 *     slice_hints.c    traffic distribution (H-1 to H-5, T-*)
 *     topology.c topology_hints.c   topology-aware hints: nodes and cache (H-10 to H-12), hints (H-13 to
 * H-22) packing.c        which slice takes which endpoint (S-43 to S-49, S-71); packing.h has the draws
 *     packing_*.c      the policies: of the real controller, and what-ifs
 *     slice_writer.c   requests of slices (S-50, S-51, S-60 to S-64)
 *     mirroring_controller.c mirroring_plan.c   M-*
 *     collector.c      the garbage collector (S-2)
 *     foreign.c        what users write
 *     requests.c difference.c      every request's sizes and counts; digest, totals, observers
 *     state.c          rows of the timeline
 *     foresight.c      the memory of what comes next
 */
#ifndef EPSIM_ENGINE_ENGINE_H
#define EPSIM_ENGINE_ENGINE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/calendar.h"
#include "engine/choices.h"
#include "engine/observe.h"
#include "engine/timing.h"
#include "model/size.h"
#include "model/store.h"

#define KUBE_MINOR_DEFAULT 37
#define KUBE_MINOR_MIN 34
#define KUBE_MINOR_MAX 37
#define WATCHERS_DEFAULT UINT32_MAX
#define MIRRORING_ENDPOINTS_PER_SUBSET_DEFAULT 1000
#define MIRRORING_ENDPOINTS_PER_SUBSET_MAX 1000
/* Real clusters use seconds. A day keeps sums of times far from the end of time. */
#define BATCH_PERIOD_MAX_NS (INT64_C(86400) * NS_PER_S)

/* Which slice takes which endpoint (packing_policy.h). All but the first are what-ifs. */
enum packing_policy_kind {
    PACKING_UPSTREAM,
    PACKING_BEST_FIT_ALL,
    PACKING_REBALANCE,
    PACKING_ONE_SLICE_PER_ZONE,
    PACKING_POLICY_COUNT,
};
/* As users write it. */
const char *packing_policy_text(enum packing_policy_kind kind);
#define REBALANCE_SLACK_PERCENT_DEFAULT 25
#define REBALANCE_SLACK_PERCENT_MAX 10000

struct engine_config {
    uint32_t endpoints_per_slice_max; /* 1 to 1,000 */
    uint32_t endpoints_capacity;      /* addresses an Endpoints object may list; UINT32_MAX: no limit */
    uint32_t mirroring_endpoints_per_subset_max; /* 1 to 1,000 */
    enum packing_policy_kind packing_policy;
    uint32_t rebalance_slack_percent; /* slices above the ideal that PACKING_REBALANCE lets be; 0 to 10,000 */
    enum choice_mode choices;
    uint32_t kube_minor; /* 34 to 37: which 1.x the controllers are of */
    enum size_model size_model;
    uint32_t endpoints_watchers;     /* WATCHERS_DEFAULT: one a node */
    uint32_t endpointslice_watchers; /* WATCHERS_DEFAULT: one a node and the controller manager; slices of
                                        headless Services go to the controller manager alone (P-1) */
    /* From the first event until the sync, 0 to a day: of pod events (C-11), of those and of slice events
     * (C-11, S-58), of slice events (M-42). Events of Services never wait (C-22). */
    int64_t endpoint_updates_batch_period_ns;
    int64_t endpointslice_updates_batch_period_ns;
    int64_t mirroring_endpointslice_updates_batch_period_ns;
    struct engine_timing timing; /* its distributions' points are borrowed */
};

struct engine_config engine_config_default(void);
/* NULL when the values make sense, else what is wrong, as a text for the user. */
const char *engine_config_check(const struct engine_config *config);

struct engine;

/* Starts to watch the store (borrowed; it must outlive the engine). Nothing is synced yet. */
struct engine *engine_create(struct store *store, const struct engine_config *config);
void engine_destroy(struct engine *engine);
/* At most 8 observers; to be added before engine_start. */
void engine_observe(struct engine *engine, const struct engine_observer *observer);
/* Lists what is in the store and enqueues every Service once, in the order of their creation (C-10),
 * and every Endpoints object (E-76). To be called once, before the clock runs. */
void engine_start(struct engine *engine);

/* --- foresight (foresight.h): whoever knows pods that events will be of says so, FORESIGHT_EVENTS events
 * ahead. No result depends on it. */
#define FORESIGHT_EVENTS 9
/* It is worth the while: the store is large. */
bool engine_foresees(const struct engine *engine);
/* What will happen to a pod: to be made, or change by readiness and the like; by labels; or to be deleted. */
enum foreseen_kind { FORESEEN_CHANGE, FORESEEN_RELABEL, FORESEEN_DELETION };
/* Identities, borrowed, of pods that were foreseen earlier, for whoever keeps records of his own of them: of
 * `near` he may ask for the record, of `nearer` he may look at the one that he asked for, of `nearest` at
 * what he asked for then. NULL: none. */
struct foreseen_pods {
    const struct target *near, *nearer, *nearest;
    enum foreseen_kind nearest_kind;
};
/* One more event comes of the pod of a name (pod_name_hash), and those foreseen earlier are so much nearer.
 * One that was foreseen a few dozen events ago is not again. O(1). */
struct foreseen_pods engine_foresee(
    struct engine *engine, sym namespace, uint64_t name_hash, enum foreseen_kind kind);
/* From how many pods on it is worth the while; for tests. */
void engine_foresee_from(struct engine *engine, uint32_t pods_min);

/* Totals over the run, for the summary. */
struct engine_totals {
    uint64_t writes[CONTROLLER_COUNT][VERB_COUNT];
    uint64_t bytes[CONTROLLER_COUNT];
    uint64_t watch_bytes[CONTROLLER_COUNT];
    uint64_t syncs[CONTROLLER_COUNT];
    uint64_t sync_errors[CONTROLLER_COUNT];
};
const struct engine_totals *engine_totals(const struct engine *engine);

/* The state of a Service now, between two events. False when the engine does not know it. */
bool engine_state(const struct engine *engine, sym namespace, sym service, struct service_state *out);
/* The pod's Services' endpoints and the like are found through get; this is what a foreign edit of an object
 * must go through: the scenario writes as a user would (controller "user"). Takes ownership of the object;
 * replaces an object of the same name. */
void engine_apply_endpoints(struct engine *engine, struct endpoints *endpoints);
void engine_apply_endpointslice(struct engine *engine, struct endpointslice *slice);
bool engine_delete_endpoints(struct engine *engine, sym namespace, sym name);
bool engine_delete_endpointslice(struct engine *engine, sym namespace, sym name);

#endif
