/*
 * ipam.h: who has which address: the nodes' shares, the pods of a node, the cluster IPs of Services.
 *
 * Pods are given addresses as the host-local allocator does: the next one after the last given, and from
 * the lowest free one again after a full turn. Cluster IPs (10.96.0.0/12 and fd00:10:96::/112) are the
 * lowest free. Every operation is O(1) for all practical ranges (number_pool.h).
 */
#ifndef EPSIM_SIMULATION_IPAM_H
#define EPSIM_SIMULATION_IPAM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ip.h"
#include "scenario/ip_plan.h"
#include "simulation/number_pool.h"

#define SHARE_NONE UINT32_MAX

struct address_range {
    struct ip_range range;
    struct number_pool pool; /* offsets from range.base */
};

/* A node's addresses: a range a family, in the order of its pods' status.podIPs. */
struct node_addresses {
    uint32_t share; /* SHARE_NONE: the node brought ranges of its own */
    uint32_t count;
    struct address_range ranges[2];
};

struct ipam {
    struct ip_plan plan;
    struct number_pool shares;
    struct address_range cluster_ips[2]; /* IPv4, IPv6 */
};

/* False, with a message, when the nodes do not fit (ip_plan.h). */
bool ipam_init(struct ipam *ipam, const struct scenario *scenario, struct text *problem);
void ipam_fini(struct ipam *ipam);

/* `ranges`: the node's own, if range_count is not 0. False when no share is left. */
bool ipam_open_node(
    struct ipam *ipam, const struct ip_range *ranges, uint32_t range_count, struct node_addresses *out);
void ipam_close_node(struct ipam *ipam, struct node_addresses *addresses);
/* An address of the i-th range; false when none is left. */
bool ipam_take(struct node_addresses *addresses, uint32_t i, struct ip *out);
/* An address that somebody chose. False when it is not the node's, or taken. `go_on`: addresses are given
 * from there on, as if it had been given; so that a pod of a starting state is not replaced under its own
 * address. */
bool ipam_reserve(struct node_addresses *addresses, struct ip ip, bool go_on);
/* It must have been taken or reserved. */
void ipam_give(struct node_addresses *addresses, struct ip ip);

/* Cluster IPs. family: IP_V4 or IP_V6. */
bool ipam_take_cluster_ip(struct ipam *ipam, enum ip_family family, struct ip *out);
bool ipam_reserve_cluster_ip(struct ipam *ipam, struct ip ip);
/* Does nothing with an address that is outside the ranges or not taken. */
void ipam_give_cluster_ip(struct ipam *ipam, struct ip ip);

#endif
