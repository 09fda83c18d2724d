/*
 * port_key.c: texts of ports (E-45, E-46, S-22), their hashes (E-44), and sorting by them.
 */
#include "engine/port_key.h"

#include <stdlib.h>
#include <string.h>

#include "base/fnv128.h"
#include "base/md5.h"
#include "base/mem.h"
#include "model/size.h"

void order_hash_text(const struct text *text, enum order_hash order, uint8_t out[PORT_HASH_BYTES])
{
    if (order == ORDER_MD5)
        md5(text->data, text->length, out);
    else
        fnv128(text->data, text->length, out);
}

/* --- texts ----------------------------------------------------------------------------------- */

static void add_sym(struct text *text, const struct catalog *catalog, sym symbol)
{
    text_add_bytes(text, catalog_text(catalog, symbol), catalog_length(catalog, symbol));
}

/* A pointer to a string type: `(*T)text` or `(*T)<nil>`. */
static void add_pointer(
    struct text *text, const struct catalog *catalog, const char *type, bool present, sym value)
{
    text_add(text, type);
    if (present)
        add_sym(text, catalog, value);
    else
        text_add(text, "<nil>");
}

void port_text_core(struct text *text, const struct catalog *catalog, const struct port *port)
{
    text_add(text, "{Name:(string)");
    add_sym(text, catalog, port->name);
    text_add(text, " Port:(int32)");
    text_add_i64(text, port->number);
    text_add(text, " Protocol:(v1.Protocol)");
    add_sym(text, catalog, port->protocol);
    text_add(text, " AppProtocol:");
    add_pointer(text, catalog, "(*string)", port->set & PORT_APP_PROTOCOL, port->app_protocol);
    text_add_char(text, '}');
}

static void text_discovery(struct text *text, const struct catalog *catalog, const struct port *port)
{
    text_add(text, "{Name:");
    add_pointer(text, catalog, "(*string)", port->set & PORT_NAME, port->name);
    text_add(text, " Protocol:");
    add_pointer(text, catalog, "(*v1.Protocol)", port->set & PORT_PROTOCOL, port->protocol);
    text_add(text, " Port:(*int32)");
    if (port->set & PORT_NUMBER)
        text_add_i64(text, port->number);
    else
        text_add(text, "<nil>");
    text_add(text, " AppProtocol:");
    add_pointer(text, catalog, "(*string)", port->set & PORT_APP_PROTOCOL, port->app_protocol);
    text_add_char(text, '}');
}

void port_hash_core(
    const struct catalog *catalog, const struct port *port, enum order_hash hash, unsigned char out[16])
{
    struct text text = {0};
    text_add(&text, "(v1.EndpointPort)");
    port_text_core(&text, catalog, port);
    order_hash_text(&text, hash, out);
    text_fini(&text);
}

void port_hash_discovery(const struct catalog *catalog, const struct port *port, enum order_hash order,
    uint8_t out[PORT_HASH_BYTES])
{
    struct text text = {0};
    text_add(&text, "(v1.EndpointPort)");
    text_discovery(&text, catalog, port);
    order_hash_text(&text, order, out);
    text_fini(&text);
}

void port_hash_list(const struct catalog *catalog, const struct port_list *ports, bool nil,
    enum order_hash order, uint8_t out[PORT_HASH_BYTES])
{
    struct text text = {0};
    text_add(&text, nil ? "([]v1.EndpointPort)<nil>" : "([]v1.EndpointPort)[");
    for (uint32_t i = 0; i < ports->count; i++) {
        if (i > 0)
            text_add_char(&text, ' ');
        text_discovery(&text, catalog, &ports->items[i]);
    }
    if (!nil)
        text_add_char(&text, ']');
    order_hash_text(&text, order, out);
    text_fini(&text);
}

/* --- orders ---------------------------------------------------------------------------------- */

struct hashed_port {
    uint8_t hash[PORT_HASH_BYTES];
    uint32_t place;
    struct port port;
};

static int compare_hashed(const void *a, const void *b)
{
    const struct hashed_port *left = a;
    const struct hashed_port *right = b;
    int order = memcmp(left->hash, right->hash, sizeof left->hash);
    return order ? order : (left->place > right->place) - (left->place < right->place);
}

typedef void port_hash_fn(const struct catalog *catalog, const struct port *port, enum order_hash order,
    uint8_t out[PORT_HASH_BYTES]);

static const struct port_list *sorted(
    struct catalog *catalog, const struct port_list *ports, enum order_hash order, port_hash_fn *hash)
{
    if (ports->count < 2)
        return ports;
    struct hashed_port *hashed = mem_array(NULL, ports->count, sizeof *hashed);
    struct port *items = mem_array(NULL, ports->count, sizeof *items);
    for (uint32_t i = 0; i < ports->count; i++) {
        hashed[i].place = i;
        hashed[i].port = ports->items[i];
        hash(catalog, &ports->items[i], order, hashed[i].hash);
    }
    qsort(hashed, ports->count, sizeof *hashed, compare_hashed);
    for (uint32_t i = 0; i < ports->count; i++)
        items[i] = hashed[i].port;
    const struct port_list *list = ports_intern(catalog, items, ports->count);
    free(items);
    free(hashed);
    return list;
}

const struct port_list *port_sort_core(
    struct catalog *catalog, const struct port_list *ports, enum order_hash order)
{
    return sorted(catalog, ports, order, port_hash_core);
}

const struct port_list *port_sort_discovery(
    struct catalog *catalog, const struct port_list *ports, enum order_hash order)
{
    return sorted(catalog, ports, order, port_hash_discovery);
}

/* --- what is remembered ---------------------------------------------------------------------- */

void port_keys_init(struct port_keys *keys, struct catalog *catalog, enum order_hash order)
{
    *keys = (struct port_keys){.catalog = catalog, .order = order};
}

void port_keys_fini(struct port_keys *keys)
{
    for (uint32_t i = 0; i < keys->all.count; i++)
        free(keys->all.items[i]);
    vec_fini(&keys->all);
    map_fini(&keys->by_list);
}

const struct port_key *port_key_of(struct port_keys *keys, const struct port_list *ports)
{
    struct port_key *key = map_get_ptr(&keys->by_list, ports->id);
    if (key)
        return key;
    key = mem_zalloc(sizeof *key);
    key->slice_ports = port_sort_discovery(keys->catalog, ports, keys->order);
    key->subset_ports = port_sort_core(keys->catalog, ports, keys->order);
    key->subset_ports_bytes = size_subset_ports(keys->catalog, ports);
    port_hash_list(keys->catalog, key->slice_ports, false, keys->order, key->hash);
    map_put_ptr(&keys->by_list, ports->id, key);
    vec_push(&keys->all, key);
    return key;
}
