/*
 * service_entry.h: what the engine knows of one Service, of its members, and of its slices.
 *
 *     pod_entry ---- member ---- service_entry ---- slice_family ---- slice_group ---- slice_entry
 *     (a pod)        (a pod that (a Service, or     (an address       (a port key)     (a slice)
 *                     a Service   the key of one)    type)
 *                     selects)
 *
 * A member that is not marked is as its controllers saw it last: the time stored for its pod's name (C-60) is
 * that of the pod's present revision, so it is only kept for marked ones.
 *
 * A member knows where its pod stands in the Service's objects, so that a change of the pod leads straight to
 * what must be rewritten. It is *marked* for each of the two controllers when its pod changes; a sync works
 * off the marks. A pod that goes, or is not selected any more, leaves its members as *tombstones* until each
 * controller has seen that. They are known by the pod's name: a pod that is created again under the name
 * before that takes its tombstone over, with the trigger times stored for the name (C-63) and with its place
 * in a slice (S-34).
 *
 * Links into an object are only good while `rescan` of that object's controller is false; a foreign edit sets
 * it, and the next sync looks at everything and links anew.
 */
#ifndef EPSIM_ENGINE_SERVICE_ENTRY_H
#define EPSIM_ENGINE_SERVICE_ENTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/map.h"
#include "base/ostree.h"
#include "base/pool.h"
#include "base/vec.h"
#include "engine/observe.h"
#include "engine/port_key.h"
#include "engine/workqueue.h"
#include "model/endpoints.h"
#include "model/endpointslice.h"
#include "model/node.h"
#include "model/pod.h"
#include "model/service.h"

/* Since this release a stored list without ports matches an empty one (S-23). */
#define KUBE_MINOR_NIL_IS_EMPTY 36

/* The two controllers that follow pods; each has its own marks, trigger times and queue. */
enum sync_controller { SYNC_ENDPOINTS, SYNC_SLICES, SYNC_COUNT };

#define FAMILIES_MAX 2

/* What a Service asks for (H-1, H-2): nothing, hints by zone, by zone and node, or by topology. */
enum hint_mode { HINTS_NONE, HINTS_ZONE, HINTS_NODE, HINTS_TOPOLOGY };

struct engine;
struct service_entry;
struct slice_edit;
struct topology_cache;

/* --- pods and nodes -------------------------------------------------------------------------- */

/* A node's name: the node, if there is one, and the pods that name it. */
struct node_entry {
    sym name;
    const struct node *node;          /* a reference; NULL: there is none of that name */
    const struct node *topology_node; /* topology.h; an older revision, a reference; NULL: the present one */
    VEC(uint32_t) pods;               /* numbers */
};

/* A million pods and members are the size to keep in mind: they know whoever they have to do with by its
 * number (base/pool.h). All of these records are in the engine's pools, or in the catalog's. */
struct records {
    struct engine *engine;
    struct catalog_pools *model; /* revisions, endpoints, groups of addresses */
    struct pool nodes, label_sets, pods;
    struct pool services, members, second_placements;
    struct pool slices, slice_groups;
    struct map seconds;                     /* a member's number -> its place for the second family */
    VEC(struct node_entry *) nodes_by_name; /* by the name's symbol; NULL: nobody has named it */
};

/* Whose pool it is of. Not of records of the model. */
static inline struct records *records_of(const void *record)
{
    return pool_owner_of(record);
}

/* The pods of one namespace that carry the same labels. */
struct label_set;

struct pod_entry {
    uint32_t revision; /* the one that watchers saw last; a reference. It says which node and label set */
    uint32_t members;  /* the first, in the order of their Services' numbers */
    uint32_t index_in_label_set;
    uint32_t index_in_node;
};

static inline const struct pod *pod_entry_pod(const struct pod_entry *pod)
{
    return pool_record(&records_of(pod)->model->pods, pod->revision);
}
static inline struct node_entry *pod_entry_node(const struct pod_entry *pod)
{
    return records_of(pod)->nodes_by_name.items[pod_entry_pod(pod)->node_name];
}
static inline struct member *pod_entry_members(const struct pod_entry *pod)
{
    return pool_at(&records_of(pod)->members, pod->members);
}

/* --- members --------------------------------------------------------------------------------- */

/* Where a member stands among the slices of one address type. */
struct placement {
    uint32_t group;    /* the port key that the pod asks for (S-26); 0: none */
    uint32_t slice;    /* the slice that lists it; 0: none */
    uint32_t endpoint; /* the record there; borrowed from the slice */
};

static inline struct slice_group *placement_group(const struct placement *placement)
{
    return pool_at(&records_of(placement)->slice_groups, placement->group);
}
static inline struct slice_entry *placement_slice(const struct placement *placement)
{
    return pool_at(&records_of(placement)->slices, placement->slice);
}
static inline struct endpoint *placement_endpoint(const struct placement *placement)
{
    return pool_at(&records_of(placement)->model->endpoints, placement->endpoint);
}

enum member_flag {
    MEMBER_READY = 1,   /* counted as ready in the timeline */
    MEMBER_SKIPPED = 4, /* for its missing node (S-27), first family; << 1: second */
    /* During a sync of the Endpoints controller: */
    MEMBER_WAS_SHOWN = 16,     /* the object listed it before */
    MEMBER_OTHER_ADDRESS = 32, /* it is listed under another IP or uid than before */
    MEMBER_HAS_SECOND = 64,    /* a placement of the second family */
};

#define MEMBER_PIN 16u

struct member {
    uint32_t pod; /* 0: a tombstone */
    uint32_t service;
    union {
        struct {
            uint32_t next_of_pod;
            uint32_t index_in_service;
        };
        struct target *target; /* of a tombstone: whose it was, a reference */
    };
    uint32_t group; /* where it stands in the Endpoints object; 0: nowhere */
    uint32_t place; /* in the group */
    struct placement first;
    uint8_t marks; /* bit c: controller c has not seen the present state; MEMBER_PIN << c: flight.h */
    uint8_t flags;
    /* Of first.endpoint in its slice, or beyond, as what stood before it may have gone; UINT16_MAX: anywhere.
     */
    uint16_t first_index;
};

static inline struct pod_entry *member_pod(const struct member *member)
{
    return pool_at(&records_of(member)->pods, member->pod);
}
static inline struct service_entry *member_service(const struct member *member)
{
    return pool_record(&records_of(member)->services, member->service);
}
static inline struct member *member_next(const struct member *member)
{
    return pool_at(&records_of(member)->members, member->next_of_pod);
}
static inline struct address_group *member_group(const struct member *member)
{
    return pool_at(&records_of(member)->model->address_groups, member->group);
}
/* The record that the Endpoints object lists; NULL: none. */
static inline struct endpoint *member_address(const struct member *member)
{
    const struct address_group *group = member_group(member);
    return group ? address_group_at(group, member->place) : NULL;
}

struct member_list {
    VEC(struct member *) items;
};

struct service_list {
    VEC(struct service_entry *) items;
};

/* --- slices ---------------------------------------------------------------------------------- */

/* The slices of one address type with the same port key (S-16), and where the packing policy keeps endpoints
 * apart (packing_policy.h) with the same share. */
struct slice_group {
    const struct port_list *ports; /* in the order of a slice */
    uint8_t hash[PORT_HASH_BYTES]; /* groups are kept in its order */
    const struct port_list *asked; /* the order in which pods or slices asked for it last */
    bool nil;                      /* the key of a nil list, where that differs from an empty one (S-23) */
    sym share;                     /* what its endpoints share; SYM_EMPTY: nothing */
    uint64_t share_hash;           /* of its text, the order within a port key; 0: nothing */
    uint32_t wanted;               /* members that ask for it */
    uint32_t plan_key;             /* of the running plan, from 1; 0: none (packing.h) */
    uint32_t endpoint_count;       /* over its slices */
    uint32_t full_count;           /* slices without room, which nobody looks for */
    struct ostree slices;          /* the others, by length and then age */
};

/* Slices that are filed. */
static inline uint32_t slice_group_count(const struct slice_group *group)
{
    return group->full_count + group->slices.count;
}

struct slice_family {
    enum address_type type;
    uint32_t skipped; /* members without a node (S-27): while there are any, syncs end in an error */
    VEC(struct slice_group *) groups;
};

/* Where a slice is filed in its group. */
enum slice_filed { FILED_NOWHERE, FILED_WITH_ROOM, FILED_FULL };

/* A slice as the controller's cache sees it. */
struct slice_entry {
    struct endpointslice *slice;
    struct service_entry *service; /* by its label; NULL: none */
    struct slice_group *group;     /* NULL: not grouped, or not ours */
    struct slice_edit *edit;       /* what the running sync does to it */
    struct service_entry *tracker; /* whose tracker knows it (S-55), at this generation; NULL: nobody's */
    uint32_t tracker_epoch;        /* good while it is that of the tracker */
    int64_t tracked_generation;
    uint32_t index_in_service;
    uint32_t index_in_owner; /* collector.h */
    uint32_t counted;        /* endpoints, as the Service's and the group's sums have them */
    uint32_t length;         /* endpoints, as it is filed */
    uint8_t filed;           /* enum slice_filed */
    bool managed;            /* labelled as the EndpointSlice controller's */
    bool mirrored;           /* labelled as the mirroring controller's */
    bool listed;             /* managed, of the Service, and not being deleted (S-5) */
    bool odd;                /* holds records that are not as the controller would write them */
    sim_time unheard_ns;     /* until then the caches have not heard of the last write of ours (flight.h) */
};

/* A VEC. */
struct slice_list {
    struct slice_entry **items;
    uint32_t count, capacity;
};

/* --- the Service ----------------------------------------------------------------------------- */

/* An entry of the mirroring controller's tracker (S-55); a Service has few. */
struct mirror_tracked {
    uint64_t slice; /* its sequence */
    int64_t generation;
};

struct trigger_state {
    bool known;
    int64_t service_s;
};

struct marked_member {
    struct member *member;
    int64_t trigger_s; /* the time stored for its pod's name (C-60) */
};
struct marked_list {
    struct marked_member *items; /* a VEC */
    uint32_t count, capacity;
};

/* One key, namespace/name: the Service while there is one, and what is left of it. What most pod events look
 * at comes first. */
struct service_entry {
    struct engine *engine;
    sym namespace, name;
    const struct service *service; /* the revision that watchers saw last, a reference; NULL: none */
    uint32_t number;               /* of this incarnation, from 0 */
    uint32_t created_fraction_ns;  /* of its time of creation */
    struct workqueue_item items[SYNC_COUNT];

    VEC(uint32_t) members; /* live ones, numbers, in no order that counts */
    struct marked_list marked[SYNC_COUNT];
    struct trigger_state trigger[SYNC_COUNT];
    bool rescan[SYNC_COUNT];
    bool touched; /* waits for its row of this instant */
    bool has_row;
    enum hint_mode hints;                /* of this revision */
    const struct port_list *fixed_ports; /* what every pod resolves to; NULL: targetPorts are named */

    struct endpoints *object;              /* the Endpoints of the name, in the store; NULL: none */
    uint64_t superseded_version;           /* of it (E-70); 0: none */
    const struct labels *endpoints_labels; /* E-65 */
    const struct labels *slice_labels;     /* S-51, of this revision */

    uint32_t family_count;
    uint32_t slice_endpoint_count; /* in all slices */
    struct slice_family families[FAMILIES_MAX];
    VEC(struct slice_entry *) slices; /* all that carry the Service's label */
    uint32_t tracker_epoch;           /* raised when the tracker forgets the Service */
    uint32_t unlisted_count;          /* slices that are tracked and not listed: the set is stale (S-57) */
    uint32_t mirrored_count;          /* of `slices`: the mirroring controller's own */
    uint32_t ready_count;
    uint32_t not_yet_listed, still_listed; /* lag.h */

    struct label_bucket *bucket;     /* the pair of its selector that leads to it; NULL: it has none */
    struct map resolved_ports;       /* container ports' id -> port list */
    struct topology_cache *topology; /* topology.h; NULL: it never had topology hints */

    /* Of the mirroring controller (mirroring_controller.h). */
    struct workqueue_item mirror_item;
    VEC(struct mirror_tracked) mirror_tracked;
    const struct labels *mirror_seen_labels, *mirror_seen_annotations; /* of the Endpoints; NULL: none seen */
    bool mirror_skipped;                                               /* what they say (M-1b) */

    struct service_state row; /* the last one of its timeline */

    /* Until then the caches have not heard of our last write of Endpoints, of our last one of slices that is
     * news; what the former was (flight.h). */
    sim_time unheard_ns[SYNC_COUNT];
    enum verb unheard_endpoints_verb;
};
#define SERVICE_ENTRY_USUAL_BYTES offsetof(struct service_entry, bucket)

/* The i-th live member, of pods of a node or of a label set the i-th pod. */
static inline struct member *service_member(const struct service_entry *entry, uint32_t i)
{
    return pool_record(&records_of(entry)->members, entry->members.items[i]);
}
static inline struct pod_entry *node_pod(const struct node_entry *node, uint32_t i)
{
    return pool_record(&records_of(node)->pods, node->pods.items[i]);
}

/* The member's place for the Service's f-th family; NULL: none yet. */
static inline struct placement *member_placement(struct member *member, uint32_t f)
{
    if (f == 0)
        return &member->first;
    if (!(member->flags & MEMBER_HAS_SECOND))
        return NULL;
    struct records *records = records_of(member);
    uint64_t number = POOL_NONE;
    map_get(&records->seconds, pool_number(member), &number);
    return pool_at(&records->second_placements, (uint32_t)number);
}

/* The member's endpoint of the family stands there now. */
static inline void member_set_index(struct member *member, uint32_t family, uint32_t index)
{
    if (family == 0)
        member->first_index = index < UINT16_MAX ? (uint16_t)index : UINT16_MAX;
}

static inline struct target *member_target(const struct member *member)
{
    return member->pod ? pod_self(pod_entry_pod(member_pod(member))) : member->target;
}

#endif
