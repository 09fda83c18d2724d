/*
 * pod.h: a Pod as the endpoint controllers see it.
 *
 * A `struct pod` is one revision: once published it never changes, it is counted, and whoever
 * lags behind the API server (a watch event under way, a cache) simply holds an older one. A
 * change makes a new revision with pod_edit. 1,000,000 live pods are the size to keep in mind.
 */
#ifndef EPSIM_MODEL_POD_H
#define EPSIM_MODEL_POD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/check.h"
#include "base/ip.h"
#include "base/map.h"
#include "model/catalog.h"
#include "model/meta.h"
#include "model/target.h"

enum pod_phase { POD_PENDING, POD_RUNNING, POD_SUCCEEDED, POD_FAILED, POD_UNKNOWN };

/* A condition's status, or that there is none. */
enum condition { CONDITION_ABSENT, CONDITION_FALSE, CONDITION_TRUE, CONDITION_UNKNOWN };

/* What most pods do not have. Immutable once the pod is published, counted; the catalog knows whose it is. */
struct pod_extra {
    uint32_t refs;
    uint32_t ip_count; /* status.podIPs when they are not exactly one IPv4 address with a canonical text */
    int64_t deletion_s;
    int64_t grace_s;
    int64_t ready_since_s; /* when it is READY_SINCE_FAR */
    struct {
        struct ip ip;
        sym raw; /* the text as written when it is not canonical, else SYM_EMPTY */
    } ips[];
};

/* ready_since_: 0 for TIME_NONE, else 1 and the seconds since 1970, as far as these go. */
#define READY_SINCE_FAR UINT32_MAX

#define POD_REFS_MAX ((UINT32_C(1) << 24) - 1)

/* 32 bytes. Fields that are read and set by functions alone are marked with an underscore. */
struct pod {
    uint32_t refs : 24;
    uint32_t phase : 3;      /* enum pod_phase */
    uint32_t ready : 2;      /* enum condition: the first condition of type Ready */
    uint32_t has_pod_ip : 1; /* status.podIP is not empty (it counts in E-10 b only) */
    uint32_t has_ipv4_ : 1;
    uint32_t has_extra_ : 1;
    uint32_t ipv4_;  /* the one podIP */
    uint32_t shape_; /* labels, container ports, hostname, subdomain, owner: a number of the catalog's */
    uint32_t self_;  /* namespace, name, uid, creation time: a target's number */
    uint32_t ready_since_;
    sym node_name;
    uint64_t resource_version; /* set by the store */
};
_Static_assert(sizeof(struct pod) == POD_BYTES, "catalog.h has their pool");

/* A fresh revision with one reference, all fields zero but what is given (TIME_NONE in times). Takes
 * over the reference to `self`, whose time of creation is set. */
struct pod *pod_create(const struct catalog *catalog, struct target *self, int64_t created_s);
/* A copy to change before it is published; one reference. */
struct pod *pod_edit(const struct pod *pod);
static inline struct pod *pod_ref(const struct pod *pod)
{
    struct pod *counted = (struct pod *)pod;
    if (counted) {
        EPSIM_ASSERT(counted->refs < POD_REFS_MAX);
        counted->refs++;
    }
    return counted;
}
void pod_unref(struct pod *pod);

/* Sets status.podIPs (and podIP, from the first). Only before publishing. Empty: none. */
void pod_set_ips(struct pod *pod, struct catalog *catalog, const char *const *texts, uint32_t count);
void pod_set_ip(struct pod *pod, struct ip ip);
/* NULL: it says nothing. */
static inline struct pod_extra *pod_extra(const struct pod *pod)
{
    if (!pod->has_extra_)
        return NULL;
    return map_get_ptr(&((const struct catalog *)pool_owner_of(pod))->pod_extras, pool_number(pod));
}
static inline uint32_t pod_ip_count(const struct pod *pod)
{
    if (pod->has_ipv4_)
        return 1;
    return pod->has_extra_ ? pod_extra(pod)->ip_count : 0;
}
struct ip pod_extra_ip(const struct pod *pod, uint32_t i);
/* i < pod_ip_count. */
static inline struct ip pod_ip(const struct pod *pod, uint32_t i)
{
    return pod->has_ipv4_ ? ip_from_v4(pod->ipv4_) : pod_extra_ip(pod, i);
}
static inline bool pod_ip_is_v6(const struct pod *pod, uint32_t i)
{
    return !pod->has_ipv4_ && pod_extra_ip(pod, i).family == IP_V6;
}

/* The text of the i-th IP as it was written, when it is not canonical; else SYM_EMPTY. */
static inline sym pod_ip_raw(const struct pod *pod, uint32_t i)
{
    const struct pod_extra *extra = pod_extra(pod);
    return extra && extra->ip_count ? extra->ips[i].raw : SYM_EMPTY;
}

static inline const struct pod_shape *pod_shape(const struct pod *pod)
{
    return ((const struct catalog *)pool_owner_of(pod))->shapes.items[pod->shape_];
}
/* Everything that the pods of a template have in common at once, which is one look-up for all of it; the id
 * is not looked at. The functions below set a part of it. */
void pod_set_shape(struct pod *pod, const struct pod_shape *shape);
static inline const struct labels *pod_labels(const struct pod *pod)
{
    return pod_shape(pod)->labels;
}
static inline const struct port_list *pod_container_ports(const struct pod *pod)
{
    return pod_shape(pod)->container_ports;
}
static inline sym pod_hostname(const struct pod *pod)
{
    return pod_shape(pod)->hostname;
}
static inline sym pod_subdomain(const struct pod *pod)
{
    return pod_shape(pod)->subdomain;
}
/* The workload that made it, a number of the scenario; 0: none. */
static inline uint32_t pod_owner(const struct pod *pod)
{
    return pod_shape(pod)->owner;
}
/* Only before publishing. */
void pod_set_owner(struct pod *pod, uint32_t owner);
void pod_set_labels(struct pod *pod, const struct labels *labels);
void pod_set_container_ports(struct pod *pod, const struct port_list *ports);
void pod_set_hostname(struct pod *pod, sym hostname, sym subdomain);

static inline struct target *pod_self(const struct pod *pod)
{
    const struct catalog *catalog = pool_owner_of(pod);
    return pool_record(&catalog->pools->targets[0], pod->self_);
}
static inline int64_t pod_created_s(const struct pod *pod)
{
    return target_created_s(pod_self(pod));
}
/* lastTransitionTime of Ready; TIME_NONE: absent. */
static inline int64_t pod_ready_since_s(const struct pod *pod)
{
    if (pod->ready_since_ == READY_SINCE_FAR)
        return pod_extra(pod)->ready_since_s;
    return pod->ready_since_ == 0 ? TIME_NONE : (int64_t)pod->ready_since_ - 1;
}
/* Only before publishing. */
void pod_set_ready_since(struct pod *pod, int64_t ready_since_s);
/* deletionTimestamp; TIME_NONE: not terminating. */
static inline int64_t pod_deletion_s(const struct pod *pod)
{
    return pod->has_extra_ ? pod_extra(pod)->deletion_s : TIME_NONE;
}
/* deletionGracePeriodSeconds, when terminating. */
static inline int64_t pod_grace_s(const struct pod *pod)
{
    return pod->has_extra_ ? pod_extra(pod)->grace_s : 0;
}
/* Only before publishing. deletion_s TIME_NONE: not terminating. */
void pod_set_deletion(struct pod *pod, int64_t deletion_s, int64_t grace_s);

static inline bool pod_is_terminating(const struct pod *pod)
{
    return pod_deletion_s(pod) != TIME_NONE;
}
static inline bool pod_is_ready(const struct pod *pod)
{
    return pod->ready == CONDITION_TRUE;
}

#endif
