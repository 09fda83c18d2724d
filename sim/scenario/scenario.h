/*
 * scenario.h: a scenario as read: plain data, bound and checked, not yet running.
 *
 * Texts are NUL-terminated and live in the scenario's arena. A scenario is immutable after loading, so
 * several runs (threads) can play it at once. Times are int64 nanoseconds of simulated time; calendar
 * times are seconds since 1970. Every field says what it is when the file does not say (the default).
 */
#ifndef EPSIM_SCENARIO_SCENARIO_H
#define EPSIM_SCENARIO_SCENARIO_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/sha256.h"
#include "base/status.h"
#include "base/vec.h"
#include "engine/engine.h"
#include "kernel/distribution.h"

#define NODES_MAX 100000
#define REPLICAS_MAX 10000000

struct text_pair {
    const char *key;
    const char *value; /* NULL in a `label` event: the key is removed */
};

struct text_map {
    struct text_pair *items;
    uint32_t count;
    uint32_t number; /* of events and traces: the same content has the same one, from 1; 0: none */
};

/* --- Kubernetes' own manifests ---------------------------------------------------------------------- */

struct metadata_spec {
    const char *name;
    const char *generate_name; /* "" when absent */
    const char *namespace;     /* "default" when absent; "" for nodes */
    struct text_map labels;
    struct text_map annotations;
    const char *uid;   /* "" when absent */
    int64_t created_s; /* TIME_NONE when absent */
    int64_t deletion_s;
    uint64_t resource_version; /* 0 when absent */
    int64_t generation;
    struct owner_spec *owners;
    uint32_t owner_count;
};

struct owner_spec {
    const char *kind, *name, *api_version, *uid;
    int8_t controller, block_owner_deletion; /* -1 absent */
};

struct service_port_spec {
    const char *name, *protocol, *app_protocol; /* app_protocol NULL when absent */
    const char *target_name;                    /* "" when targetPort is a number */
    int32_t port, target_port, node_port;
};

struct service_spec {
    enum service_type type;
    const char *cluster_ip; /* NULL when absent: one is given by the simulation */
    bool has_selector;
    struct text_map selector;
    uint8_t families[2];
    uint8_t family_count; /* 0 when absent: IPv4 alone */
    bool publish_not_ready_addresses;
    const char *traffic_distribution; /* "" when absent */
    const char *external_name;
    struct service_port_spec *ports;
    uint32_t port_count;
};

struct container_port_spec {
    const char *name, *protocol;
    int32_t number;
};

/* A pod, or the template of a workload. */
struct pod_spec {
    struct text_map labels; /* of the template; a Pod's own are in its metadata */
    struct text_map annotations;
    const char *node_name, *hostname, *subdomain; /* "" when absent */
    int64_t grace_s;                              /* terminationGracePeriodSeconds; -1 when absent */
    struct container_port_spec *container_ports;  /* containers in order, then restartable init containers */
    uint32_t container_port_count;
    uint64_t content_hash; /* of a template: its whole `spec` as read, ignored fields (images...) included:
                              another one is a new revision. 0: not computed */
    bool has_status;
    /* with status: */
    uint8_t phase; /* enum pod_phase */
    uint8_t ready; /* enum condition */
    int64_t ready_since_s;
    bool has_pod_ip;
    const char **ips;
    uint32_t ip_count;
};

enum workload_kind { WORKLOAD_DEPLOYMENT, WORKLOAD_REPLICASET, WORKLOAD_STATEFULSET, WORKLOAD_DAEMONSET };

/* A count or a share of replicas, as maxSurge and maxUnavailable. */
struct count_or_percent {
    uint32_t value;
    bool is_percent;
};

struct workload_spec {
    enum workload_kind kind;
    uint32_t replicas;        /* 1 when absent; not of a DaemonSet */
    struct text_map selector; /* matchLabels */
    struct pod_spec template;
    struct count_or_percent max_surge, max_unavailable; /* 25 % each; DaemonSet: 0 and 1 */
    bool recreate;                                      /* strategy.type: Recreate */
    bool on_delete;                                     /* updateStrategy.type: OnDelete */
    uint32_t partition;                                 /* StatefulSet's rollingUpdate.partition */
    uint32_t ordinal_start;   /* StatefulSet's ordinals.start: its first pod's ordinal */
    bool parallel;            /* podManagementPolicy: Parallel */
    const char *service_name; /* StatefulSet's governing Service */
    int64_t min_ready_ns;     /* minReadySeconds */
    bool has_status;          /* a dump: its pods are in the stream too */
};

struct node_spec {
    uint8_t ready; /* enum condition; TRUE when absent */
    bool unschedulable;
    int64_t cpu_milli;
    uint32_t pods_max; /* UINT32_MAX when absent */
    const char *pod_ranges[2];
    uint32_t pod_range_count;
    bool has_status;
};

/* An address or endpoint as somebody wrote it. */
struct endpoint_spec {
    const char **addresses;
    uint32_t address_count;
    const char *hostname, *node_name, *zone; /* NULL when absent */
    uint8_t ready, serving, terminating;     /* enum condition */
    bool has_target;
    const char *target_kind, *target_namespace, *target_name, *target_uid, *target_api_version,
        *target_resource_version, *target_field_path; /* "" when absent */
    struct text_map deprecated_topology;
    bool has_hints;
    const char **zone_hints, **node_hints;
    uint32_t zone_hint_count, node_hint_count;
};

struct port_spec {
    const char *name, *protocol, *app_protocol; /* NULL when absent */
    int32_t number;
    bool has_number;
};

struct subset_spec {
    struct endpoint_spec *addresses, *not_ready_addresses;
    uint32_t address_count, not_ready_count;
    struct port_spec *ports;
    uint32_t port_count;
};

struct endpoints_spec {
    struct subset_spec *subsets;
    uint32_t subset_count;
};

struct endpointslice_spec {
    enum address_type address_type;
    struct endpoint_spec *endpoints;
    uint32_t endpoint_count;
    struct port_spec *ports;
    uint32_t port_count;
    bool ports_nil, endpoints_nil;
};

enum manifest_kind {
    MANIFEST_SERVICE,
    MANIFEST_WORKLOAD,
    MANIFEST_POD,
    MANIFEST_NODE,
    MANIFEST_NAMESPACE,
    MANIFEST_ENDPOINTS,
    MANIFEST_ENDPOINTSLICE,
};

struct manifest {
    enum manifest_kind kind;
    struct position at;
    struct metadata_spec metadata;
    union {
        struct service_spec service;
        struct workload_spec workload;
        struct pod_spec pod;
        struct node_spec node;
        struct endpoints_spec endpoints;
        struct endpointslice_spec endpointslice;
    };
};

/* --- events ----------------------------------------------------------------------------------------- */

enum event_verb {
    EVENT_CREATE, /* pod/NAME with labels, ip, node, ports, ready: false */
    EVENT_DELETE, /* any kind; a workload takes its pods along, a Service its slices */
    EVENT_LABEL,  /* pod, service, node: merges */
    EVENT_READY,
    EVENT_UNREADY,
    EVENT_SCALE,
    EVENT_ROLLOUT,
    EVENT_RESTART,
    EVENT_READDRESS,
    EVENT_FAIL,    /* pod/, node/, zone/ */
    EVENT_RECOVER, /* node/, zone/ */
    EVENT_APPLY,   /* manifests */
    EVENT_CHURN,
};

enum reference_kind {
    REFERENCE_POD,
    REFERENCE_SERVICE,
    REFERENCE_NODE,
    REFERENCE_ZONE,
    REFERENCE_ENDPOINTS,
    REFERENCE_ENDPOINTSLICE,
    REFERENCE_DEPLOYMENT,
    REFERENCE_REPLICASET,
    REFERENCE_STATEFULSET,
    REFERENCE_DAEMONSET,
    REFERENCE_NAMESPACE,
};

struct reference {
    enum reference_kind kind;
    const char *namespace;
    const char *name; /* of a workload's pod also NAME-ORDINAL */
    struct position at;
    /* Of events' pods (repeats.h): hash64 of the name; in scenario->makers, from 1, the NAME of a
     * NAME-ORDINAL, 0 when it is none. */
    uint64_t name_hash;
    uint32_t maker, ordinal;
};

/* A workload of which a reference could be NAME-ORDINAL. */
struct pod_maker {
    const char *namespace, *name;
};

struct scenario_event {
    enum event_verb verb;
    int64_t at_ns;
    struct position at;
    struct reference target;
    bool if_present;
    bool is_together;       /* of a `together`: nobody sees what is between its events */
    bool is_joined;         /* and not the first of them */
    bool relist;            /* and a pod of another uid under the same name shows as one that changed */
    struct text_map labels; /* create, label */
    struct text_map annotations;
    int64_t grace_ns;           /* delete; -1: as `pods.stop` says */
    uint32_t replicas;          /* scale */
    double rate_per_s;          /* churn */
    int64_t for_ns;             /* churn */
    struct pod_spec pod;        /* create */
    struct position node_at;    /* create: of `node` */
    bool create_ready;          /* create: `ready: false` keeps it not ready; true when absent */
    struct manifest *manifests; /* apply */
    uint32_t manifest_count;
};

/* Rows of a trace, sorted by (time, pod, verb); pods are numbered in the order of their rows. */
enum trace_verb { TRACE_CREATE, TRACE_READY, TRACE_DELETE };
struct trace_row {
    int64_t at_ns; /* INT64_MIN: there (or ready) from the start */
    uint32_t pod;  /* index into pods */
    uint8_t verb;  /* enum trace_verb */
};
struct trace_pod {
    const char *name;
    uint64_t name_hash;     /* pod_name_hash */
    const char *node;       /* "" when absent */
    uint32_t service;       /* index into services */
    struct text_map labels; /* beside the Service's selector; usually empty */
};
struct trace {
    struct position at;
    const char *namespace;
    bool has_ready; /* pods become ready by TRACE_READY alone; false: as `pods.ready` says, no such row */
    const char **services; /* names of Services; a pod carries the Service's selector as labels */
    uint32_t service_count;
    struct trace_pod *pods;
    uint32_t pod_count;
    struct trace_row *rows;
    uint32_t row_count;
};

/* --- expectations ----------------------------------------------------------------------------------- */

/* Columns of v_timeline; `ep_` may be left out. */
enum expect_column {
    EXPECT_PODS,
    EXPECT_READY,
    EXPECT_EP_ADDRESSES,
    EXPECT_EP_OMITTED,
    EXPECT_EP_TRUNCATED,
    EXPECT_SLICES,
    EXPECT_SLICES_IDEAL,
    EXPECT_FILL,
    EXPECT_NOT_YET_LISTED,
    EXPECT_STILL_LISTED,
    EXPECT_COLUMN_COUNT
};
const char *expect_column_name(enum expect_column column);

struct expected_value {
    enum expect_column column;
    struct position at;
    bool is_null;    /* fill: null */
    double min, max; /* equal for a plain value; `>=`, `<=`, `a..b` otherwise */
};

struct expectation {
    int64_t at_ns;
    struct position at;
    const char *namespace;
    const char *service;
    struct expected_value values[EXPECT_COLUMN_COUNT];
    uint32_t value_count;
};

/* --- the whole -------------------------------------------------------------------------------------- */

struct sources;

enum scenario_profile { PROFILE_INSTANT, PROFILE_KUBE_DEFAULTS };

struct scenario {
    struct arena arena;
    const char *name;  /* metadata.name of the Scenario document, else the first file's name without .yaml */
    const char *about; /* metadata.annotations or spec.about: one line for people; "" when absent */
    uint64_t seed;     /* 1 */
    int64_t until_ns;  /* -1: until no event is left */
    int64_t start_s;   /* 2026-01-01T00:00:00Z */
    struct engine_config engine;
    /* nodes: without Node manifests node_count (3) are made, zones in turn */
    uint32_t node_count;
    bool node_lifecycle; /* nodes.lifecycle: whoever acts when a node is lost does */
    const char **zones;  /* zone-a, zone-b, zone-c */
    uint32_t zone_count;
    const char *pod_range;  /* nodes.podRange: 10.244.0.0/16 */
    const char *pod_range6; /* nodes.podRange6: fd00:10:244::/48 */
    uint32_t
        range_prefix; /* nodes.podRangePrefix: bits of a node's share; 0: 24, or as nodes and pods need */
    struct distribution pod_start, pod_ready, pod_stop; /* constant 0 */
    enum scenario_profile profile; /* its delays are in `engine` */
    VEC(struct manifest) manifests;                     /* in file order */
    bool is_dump;                                       /* a Pod or a Node of the manifests has a status */
    VEC(struct scenario_event) events;                  /* by time, then file order */
    VEC(struct trace) traces;
    VEC(struct pod_maker) makers;         /* what events' pods are named after, each once */
    VEC(struct expectation) expectations; /* by time, then file order */
    struct sources *sources;              /* the texts as they were read; owned */
    const char *params_json; /* every --set as one JSON object: {"controllers.maxEndpointsPerSlice": 5} */
    /* Provenance, which scenario_add_provenance makes; before that there is none. */
    const char *text; /* NULL: not made; all source texts, joined (replay files included) */
    size_t text_length;
    struct sha256 text_hash;   /* over the texts, still open: parameters come after them */
    char content_hash[65];     /* SHA-256 of texts and parameters, hexadecimal */
    struct diag *diag;         /* sources, for messages while running; owned */
    VEC(const char *) ignored; /* what was accepted and ignored, a line each, for check -v */
};

/* One input: a path, "-" for standard input, or a text that is already there (from a database). */
struct scenario_input {
    const char *path;
    const char *text; /* NULL: read the path */
    size_t text_length;
};

/* Reads, binds and checks. `sets`: PATH=VALUE texts. All mistakes go to scenario->diag; the returned status
 * is STATUS_OK, STATUS_BAD_INPUT (mistakes are in the diag) or STATUS_IO. *out is always set; destroy it. */
enum status scenario_load(const struct scenario_input *inputs, uint32_t input_count, const char *const *sets,
    uint32_t set_count, struct scenario **out);
/* The same, with paths seen from `folder` ("" or ending with '/'); the names in scenario->text are without
 * it, so that the text is the same wherever it was read from. */
enum status scenario_load_from(const char *folder, const struct scenario_input *inputs, uint32_t input_count,
    const char *const *sets, uint32_t set_count, struct scenario **out);
void scenario_destroy(struct scenario *scenario);

/* Makes text and hashes, for who records a run or repeats the scenario elsewhere; a run alone needs none of
 * it. Again: nothing. O(bytes of the texts). */
void scenario_add_provenance(struct scenario *scenario);
/* The content_hash that scenario->text has when it is loaded with these parameters. `scenario` was loaded
 * without any and has its provenance. O(length of the parameters), however long the texts are. */
void scenario_hash_with(
    const struct scenario *scenario, const char *const *sets, uint32_t set_count, char out[65]);

#endif
