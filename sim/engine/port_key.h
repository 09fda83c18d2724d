/*
 * port_key.h: hashes of ports as go-spew prints them, and the orders that follow from them.
 *
 * Endpoints sort the ports of a subset by the hash of the core type (E-42), slices sort theirs by the hash of
 * the discovery type and are grouped by the hash of the sorted list (S-20). A simulation has few different
 * port lists, so `port_keys` remembers what was found for each: O(1) after the first time.
 */
#ifndef EPSIM_ENGINE_PORT_KEY_H
#define EPSIM_ENGINE_PORT_KEY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/map.h"
#include "base/text.h"
#include "base/vec.h"
#include "engine/order_hash.h"
#include "model/catalog.h"

#define PORT_HASH_BYTES 16

struct port_key {
    const struct port_list *slice_ports;  /* in the order of a slice (S-20) */
    const struct port_list *subset_ports; /* in the order of a subset (E-42) */
    uint8_t hash[PORT_HASH_BYTES];        /* of slice_ports; an empty list is [], not nil */
    uint32_t subset_ports_bytes;          /* records in a subset */
};

/* Start with port_keys_init. */
struct port_keys {
    struct catalog *catalog;
    enum order_hash order;
    struct map by_list;
    VEC(struct port_key *) all;
};

void port_keys_init(struct port_keys *keys, struct catalog *catalog, enum order_hash order);
void port_keys_fini(struct port_keys *keys);
/* Owned by `keys`. */
const struct port_key *port_key_of(struct port_keys *keys, const struct port_list *ports);

/* The bare functions. */

/* MD5 or FNV-1a of the text (E-44). */
void order_hash_text(const struct text *text, enum order_hash order, uint8_t out[PORT_HASH_BYTES]);
/* `{Name:(string)http Port:(int32)8080 ...}` of the core type (E-46), without its own type. */
void port_text_core(struct text *text, const struct catalog *catalog, const struct port *port);
/* Hash of a port of the core type (E-50). */
void port_hash_core(const struct catalog *catalog, const struct port *port, enum order_hash order,
    uint8_t out[PORT_HASH_BYTES]);
/* Of one port of the discovery type, and of a list in the order given; nil prints <nil> (S-22 to S-24). */
void port_hash_discovery(const struct catalog *catalog, const struct port *port, enum order_hash order,
    uint8_t out[PORT_HASH_BYTES]);
void port_hash_list(const struct catalog *catalog, const struct port_list *ports, bool nil,
    enum order_hash order, uint8_t out[PORT_HASH_BYTES]);
/* The same ports in the order of their core or discovery hashes; equal hashes keep their order. */
const struct port_list *port_sort_core(
    struct catalog *catalog, const struct port_list *ports, enum order_hash order);
const struct port_list *port_sort_discovery(
    struct catalog *catalog, const struct port_list *ports, enum order_hash order);

#endif
