/*
 * epsim.h: the public interface of libepsim: a cluster in memory whose Endpoints and EndpointSlices
 * are kept up to date as the real controllers of Kubernetes would, in simulated time.
 *
 * A simulation belongs to one thread; several simulations may run in several threads, they share
 * nothing. It is deterministic: the same calls with the same configuration give the same objects and
 * the same digest (epsim_digest) on every machine.
 *
 *     struct epsim_config config = epsim_config_default();
 *     config.endpoints_per_slice_max = 5;
 *     struct epsim *sim = epsim_create(&config);
 *     epsim_node_apply(sim, &(struct epsim_node){.name = "node-1", .zone = "zone-a"});
 *     ... services and pods ...
 *     epsim_run(sim, 10 * INT64_C(1000000000));
 *     ... changes 10 s later ...
 *     epsim_run(sim, EPSIM_TIME_END);
 *
 * Time is int64 nanoseconds from the start of the run. Calls change the cluster at the present time;
 * epsim_at runs a function of yours later. What a call causes happens in epsim_run.
 *
 * All texts are NUL-terminated UTF-8 and copied. NULL and "" both mean absent. A namespace that is
 * absent is "default". Functions that can be used wrongly return an enum epsim_status; a negative
 * one leaves everything as it was.
 *
 * Costs: a pod's change is O(log n) in the endpoints of its Services; a Service's or node's change is
 * O(pods that it concerns).
 */
#ifndef EPSIM_H
#define EPSIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define EPSIM_TIME_END INT64_MAX
#define EPSIM_ENDPOINTS_UNLIMITED UINT32_MAX
#define EPSIM_WATCHERS_DEFAULT UINT32_MAX

struct epsim;

enum epsim_status {
    EPSIM_OK = 0,
    EPSIM_INVALID = -1,   /* an argument is out of range or not a valid name, address or label */
    EPSIM_NOT_FOUND = -2, /* no object of that name */
    EPSIM_PAST = -3,      /* a time before now */
};

/* One line for people; never NULL. */
const char *epsim_status_text(enum epsim_status status);
/* "0.1.0" */
const char *epsim_version(void);

/* --- configuration -------------------------------------------------------------------------------- */

/* Which slice takes which endpoint. The real controller packs as UPSTREAM does; the others are what-ifs. */
enum epsim_packing {
    EPSIM_PACKING_UPSTREAM,     /* written slices are filled first, then at most one that is not written */
    EPSIM_PACKING_BEST_FIT_ALL, /* the fullest with room first, written anyway or not */
    EPSIM_PACKING_REBALANCE,    /* as upstream; slices beyond the fewest and a slack are emptied */
    EPSIM_PACKING_ONE_SLICE_PER_ZONE, /* endpoints of one zone have slices of their own */
};

struct epsim_config {
    uint64_t seed;                     /* of all random choices; default 1 */
    uint64_t run;                      /* replication number, 0 and up */
    int64_t start_s;                   /* calendar time of t = 0, seconds since 1970; default 2026-01-01 */
    uint32_t endpoints_per_slice_max;  /* 1 to 1,000; default 100 */
    uint32_t endpoints_capacity;       /* addresses in one Endpoints object; default 1,000 */
    bool choices_fixed;                /* the first of equal candidates instead of a random one */
    uint32_t kube_minor;               /* controllers of release 1.34 to 1.37; default 37 */
    uint32_t endpoints_watchers;       /* default: one a node */
    uint32_t endpointslice_watchers;   /* default: one a node, and the controller manager */
    enum epsim_packing packing_policy; /* default EPSIM_PACKING_UPSTREAM */
    uint32_t rebalance_slack_percent;  /* of EPSIM_PACKING_REBALANCE: 0 to 10,000; default 25 */
    uint32_t mirroring_endpoints_per_subset_max; /* addresses of a subset that are mirrored; 1 to 1,000, which
                                                    is the default */
    /* The controllers' batch periods, as the flags of those names: from the first change until the sync; 0
     * (the default) to a day. Changes of pods; of pods and of slices by others; of mirrored slices by
     * others. */
    int64_t endpoint_updates_batch_period_ns;
    int64_t endpointslice_updates_batch_period_ns;
    int64_t mirroring_endpointslice_updates_batch_period_ns;
};

struct epsim_config epsim_config_default(void);

/* NULL when the configuration is out of range. Destroy takes NULL. */
struct epsim *epsim_create(const struct epsim_config *config);
void epsim_destroy(struct epsim *sim);

/* --- the cluster ------------------------------------------------------------------------------------ */

struct epsim_label {
    const char *key;
    const char *value;
};

struct epsim_port {
    const char *name;
    const char *protocol;    /* TCP when absent */
    int32_t port;            /* 1 to 65535 */
    int32_t target_port;     /* of a Service; 0: as `port`, unless there is a target_name */
    const char *target_name; /* of a Service: the name of a container's port */
};

struct epsim_service {
    const char *namespace_name;
    const char *name;
    const struct epsim_label *labels;
    size_t label_count;
    const struct epsim_label *selector; /* none: nothing keeps its Endpoints */
    size_t selector_count;
    const struct epsim_port *ports;
    size_t port_count;
    bool headless;
    bool publish_not_ready_addresses;
    bool ipv6; /* the primary (and only) family is IPv6 */
};

struct epsim_node {
    const char *name;
    const char *zone;
};

struct epsim_pod {
    const char *namespace_name;
    const char *name;
    const struct epsim_label *labels;
    size_t label_count;
    const char *node;
    const char *ip;  /* none: the kubelet has not posted it yet */
    const char *ip2; /* of the other family */
    bool ready;
    bool terminating;
    const struct epsim_port *container_ports; /* name, protocol, port */
    size_t container_port_count;
};

/* An address that somebody writes into an Endpoints object. */
struct epsim_address {
    const char *ip;
    const char *node;
    bool ready;
};

/* Endpoints written by hand, all addresses with the same ports: for a Service without selector, whose
 * mirroring controller makes slices of them. Those of a Service with selector are the controller's, which
 * puts them right at its next sync. */
struct epsim_endpoints {
    const char *namespace_name;
    const char *name; /* the Service's */
    const struct epsim_label *labels;
    size_t label_count;
    const struct epsim_address *addresses;
    size_t address_count;
    const struct epsim_port *ports; /* name, protocol, port */
    size_t port_count;
};

/* Creates the object, or replaces what an object of that name says (its identity stays). */
enum epsim_status epsim_service_apply(struct epsim *sim, const struct epsim_service *service);
enum epsim_status epsim_node_apply(struct epsim *sim, const struct epsim_node *node);
enum epsim_status epsim_pod_apply(struct epsim *sim, const struct epsim_pod *pod);
/* O(addresses). */
enum epsim_status epsim_endpoints_apply(struct epsim *sim, const struct epsim_endpoints *endpoints);
enum epsim_status epsim_service_delete(struct epsim *sim, const char *namespace_name, const char *name);
enum epsim_status epsim_node_delete(struct epsim *sim, const char *name);
enum epsim_status epsim_pod_delete(struct epsim *sim, const char *namespace_name, const char *name);
/* As a user might: its controller, if it has one, makes it anew. */
enum epsim_status epsim_endpoints_delete(struct epsim *sim, const char *namespace_name, const char *name);
enum epsim_status epsim_endpointslice_delete(struct epsim *sim, const char *namespace_name, const char *name);

/* --- time -------------------------------------------------------------------------------------------- */

int64_t epsim_now_ns(const struct epsim *sim);
/* Calls `call(context, sim)` at `at_ns`, after everything that happened there before. */
enum epsim_status epsim_at(
    struct epsim *sim, int64_t at_ns, void (*call)(void *context, struct epsim *sim), void *context);
/* Everything up to and including `until_ns`; returns the number of events executed. Time then stands at
 * `until_ns`, whatever happened last, so that the calls that follow happen there; a time before now runs
 * nothing and changes nothing. With EPSIM_TIME_END it stands at the last event. */
uint64_t epsim_run(struct epsim *sim, int64_t until_ns);
/* Over every executed event and every write so far. */
uint64_t epsim_digest(const struct epsim *sim);

/* --- what comes out ------------------------------------------------------------------------------------ */

struct epsim_write {
    int64_t at_ns;
    const char *controller; /* "endpoints", "endpointslice", "mirroring", "garbage-collector", "user" */
    const char *verb;       /* "create", "update", "delete", "noop" */
    const char *namespace_name;
    const char *service;
    const char *object;
    uint32_t endpoints;   /* in the object afterwards */
    uint64_t bytes;       /* protobuf, as stored */
    uint64_t watch_bytes; /* to all its watchers */
};

/* Called for every request to the API; texts are valid during the call. NULL: nobody. */
void epsim_on_write(
    struct epsim *sim, void (*call)(void *context, const struct epsim_write *write), void *context);

struct epsim_service_state {
    uint32_t pods;         /* selected, until they are gone */
    uint32_t ready;        /* Ready and not terminating */
    uint32_t ep_addresses; /* listed in Endpoints, ready or not */
    uint32_t ep_omitted;   /* left out by truncation */
    bool ep_truncated;
    uint32_t slices;
    uint32_t slices_ideal; /* the fewest that could hold its endpoints */
    uint32_t slice_endpoints;
};

enum epsim_status epsim_service_state(
    const struct epsim *sim, const char *namespace_name, const char *name, struct epsim_service_state *out);

struct epsim_backend {
    const char *object; /* name of the Endpoints or slice that lists it */
    const char *address;
    const char *pod; /* "" when it refers to none */
    const char *node;
    const char *zone; /* "" in Endpoints */
    bool ready;
};

/* Every endpoint of the Service's slices, slice by slice in the order of their creation; returns their
 * number. `call` may be NULL. O(n). */
size_t epsim_each_slice_endpoint(const struct epsim *sim, const char *namespace_name, const char *service,
    void (*call)(void *context, const struct epsim_backend *backend), void *context);
/* Every address of the Service's Endpoints object, in its order, as truncation leaves it. O(n log n). */
size_t epsim_each_endpoints_address(const struct epsim *sim, const char *namespace_name, const char *service,
    void (*call)(void *context, const struct epsim_backend *backend), void *context);

#ifdef __cplusplus
}
#endif

#endif
