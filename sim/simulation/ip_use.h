/*
 * ip_use.h: whether any pod has an IP, for events that create a pod with an IP of its own.
 *
 * Nodes' address pools know their own addresses only, and a pod may have any other. So unfinished pods are
 * counted by their IPs, from the first time that somebody asks: runs in which nobody does pay nothing.
 * O(pods) the first time, O(1) from then on, and O(1) more a pod event.
 */
#ifndef EPSIM_SIMULATION_IP_USE_H
#define EPSIM_SIMULATION_IP_USE_H

#include "base/map.h"
#include "model/store.h"

struct ip_use {
    bool is_kept;
    struct map counts; /* hash of an IP -> pods that have it */
};

/* False: no pod has it. True: probably one has; two IPs may share a hash. */
bool ip_use_may_have(struct ip_use *use, const struct store *store, struct ip ip);
/* A pod is about to change, or is loaded; nothing happens before anybody asks. NULL: it was not there before,
 * or is not any more. What the store tells its watchers comes too late: events of one `together` see each
 * other's pods. */
void ip_use_follow(struct ip_use *use, const struct pod *old, const struct pod *now);
void ip_use_fini(struct ip_use *use);

#endif
