/*
 * ports.h: a Service's ports resolved against a pod (E-20 to E-24, S-25).
 *
 * Pods of one template share their container ports, so each different list is resolved once a Service:
 * O(1) for a pod after that; O(1) always when no targetPort is a name.
 */
#ifndef EPSIM_ENGINE_PORTS_H
#define EPSIM_ENGINE_PORTS_H

#include <stdbool.h>

#include "engine/service_entry.h"

/* Forgets what was resolved: to be called when the Service's ports changed, and before the first use. */
void ports_reset(struct service_entry *entry);
void ports_fini(struct service_entry *entry);
/* The Service's ports that resolve, in its order. May be empty: then the pod is in a slice without ports
 * (S-25), and in Endpoints only if `ports_empty_is_listed`. */
const struct port_list *ports_resolve(struct service_entry *entry, const struct pod *pod);
/* The Service has no ports and clusterIP None: its pods are listed without ports (E-20). */
bool ports_empty_is_listed(const struct service_entry *entry);

#endif
