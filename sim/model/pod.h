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

#include "base/ip.h"
#include "model/catalog.h"
#include "model/meta.h"
#include "model/target.h"

enum pod_phase { POD_PENDING, POD_RUNNING, POD_SUCCEEDED, POD_FAILED, POD_UNKNOWN };

/* A condition's status, or that there is none. */
enum condition { CONDITION_ABSENT, CONDITION_FALSE, CONDITION_TRUE, CONDITION_UNKNOWN };

/* status.podIPs when there is not exactly one with a canonical text. Immutable, counted. */
struct pod_ips {
    uint32_t refs;
    uint32_t count;
    struct {
        struct ip ip;
        sym raw; /* the text as written when it is not canonical, else SYM_EMPTY */
    } items[];
};

struct pod {
    uint32_t refs;
    uint8_t phase;   /* enum pod_phase */
    uint8_t ready;   /* enum condition: the first condition of type Ready */
    bool has_pod_ip; /* status.podIP is not empty (it counts in E-10 b only) */
    struct ip ip;    /* the one podIP; family IP_NONE when there is none or `ips` is set */
    struct pod_ips *ips;
    struct target *self; /* namespace, name, uid */
    const struct labels *labels;
    /* Containers in order, then restartable init containers (E-22). */
    const struct port_list *container_ports;
    sym node_name;
    sym hostname;
    sym subdomain;
    uint32_t owner; /* the workload that made it, a number of the scenario; 0: none */
    int64_t created_s;
    int64_t ready_since_s;     /* lastTransitionTime of Ready; TIME_NONE: absent */
    int64_t deletion_s;        /* deletionTimestamp; TIME_NONE: not terminating */
    int64_t grace_s;           /* deletionGracePeriodSeconds, when terminating */
    uint64_t resource_version; /* set by the store */
};

/* A fresh revision with one reference, all fields zero but what is given (TIME_NONE in times). Takes
 * over the reference to `self`. */
struct pod *pod_create(const struct catalog *catalog, struct target *self, int64_t created_s);
/* A copy to change before it is published; one reference. */
struct pod *pod_edit(const struct pod *pod);
struct pod *pod_ref(const struct pod *pod);
void pod_unref(struct pod *pod);

/* Sets status.podIPs (and podIP, from the first). Only before publishing. Empty: none. */
void pod_set_ips(struct pod *pod, struct catalog *catalog, const char *const *texts, uint32_t count);
void pod_set_ip(struct pod *pod, struct ip ip);
uint32_t pod_ip_count(const struct pod *pod);
struct ip pod_ip(const struct pod *pod, uint32_t i);

static inline bool pod_is_terminating(const struct pod *pod)
{
    return pod->deletion_s != TIME_NONE;
}
static inline bool pod_is_ready(const struct pod *pod)
{
    return pod->ready == CONDITION_TRUE;
}

#endif
