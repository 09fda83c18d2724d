/*
 * service.h: a Service as the endpoint controllers see it; one immutable, counted revision.
 */
#ifndef EPSIM_MODEL_SERVICE_H
#define EPSIM_MODEL_SERVICE_H

#include <stdbool.h>
#include <stdint.h>

#include "model/meta.h"

/* Fewer would do: validation allows any number, but objects above 1.5 MiB cannot be stored (O-51). */
#define SERVICE_PORTS_MAX 20000

enum service_type { SERVICE_CLUSTER_IP, SERVICE_NODE_PORT, SERVICE_LOAD_BALANCER, SERVICE_EXTERNAL_NAME };

struct service_port {
    sym name;
    sym protocol;     /* defaulted: TCP */
    sym app_protocol; /* meaningful when has_app_protocol */
    sym target_name;  /* a named targetPort, else SYM_EMPTY */
    int32_t port;
    int32_t target_port; /* defaulted: port */
    int32_t node_port;
    bool has_app_protocol;
};

struct service {
    uint32_t refs;
    struct meta meta;
    enum service_type type;
    sym cluster_ip;                /* "", "None" or an address */
    const struct labels *selector; /* NULL: none (E-4) */
    uint8_t families[2];           /* enum ip_family, as spec.ipFamilies; family_count of them */
    uint8_t family_count;
    bool publish_not_ready_addresses;
    sym traffic_distribution;
    sym external_name;
    uint32_t port_count;
    struct service_port *ports;
};

/* Zeroed, one reference, empty labels and annotations; `port_count` zeroed ports. */
struct service *service_create(const struct catalog *catalog, uint32_t port_count);
/* A copy to change before it is published, one reference; it has its first `port_count` ports, zeroed beyond.
 */
struct service *service_edit(const struct service *service, uint32_t port_count);
struct service *service_ref(const struct service *service);
void service_unref(struct service *service);

/* Both select the same pods, or have no selector. */
bool service_same_selector(const struct service *a, const struct service *b);
/* spec.clusterIP is "" or "None" (S-51, E-65). */
bool service_is_headless(const struct service *service, const struct catalog *catalog);

#endif
