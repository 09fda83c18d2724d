/*
 * catalog.c: the symbol table of a simulation, its words, and what is made of symbols.
 *
 * Label maps and port lists lie in one arena and are found again by the hash of their content, so a
 * million pods of one Deployment share one label map. Interning costs O(n log n) of the map's size,
 * which is a handful; comparing what was interned is comparing pointers.
 */
#include "model/catalog.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/hash.h"
#include "base/mem.h"
#include "model/size_field.h"

/* Label maps up to this size are put in order without allocating; larger ones are rare. */
#define LABELS_ON_STACK 64

struct catalog *catalog_create(void)
{
    static const char *const words[WORD_COUNT] = {
#define X(name, text) text,
        CATALOG_WORDS(X)
#undef X
    };
    struct catalog *catalog = mem_zalloc(sizeof *catalog);
    catalog->symbols = symtab_create();
    arena_init(&catalog->arena);
    for (uint32_t i = 0; i < WORD_COUNT; i++) {
        sym symbol = sym_from(catalog->symbols, words[i]);
        EPSIM_ASSERT(symbol == word_sym((enum catalog_word)i));
    }
    catalog->empty_labels = labels_intern(catalog, NULL, 0);
    catalog->empty_ports = ports_intern(catalog, NULL, 0);
    shape_intern(catalog,
        &(struct pod_shape){.labels = catalog->empty_labels, .container_ports = catalog->empty_ports});
    catalog->pools = mem_alloc(sizeof *catalog->pools);
    pool_init(&catalog->pools->pods, POD_BYTES, catalog);
    struct pool *targets = catalog->pools->targets;
    for (size_t units = 0; units <= TARGET_UNITS_MAX; units++) {
        pool_init(&targets[units], units ? units * 8 : 8, catalog);
        pool_join(&targets[units], &targets[0]);
    }
    pool_init(&catalog->pools->endpoints, ENDPOINT_BYTES, catalog);
    pool_init(&catalog->pools->written, ENDPOINT_WRITTEN_BYTES, catalog);
    pool_init(&catalog->pools->address_groups, ADDRESS_GROUP_BYTES, catalog);
    return catalog;
}

void catalog_destroy(struct catalog *catalog)
{
    if (!catalog)
        return;
    map_fini(&catalog->labels_by_hash);
    map_fini(&catalog->ports_by_hash);
    map_fini(&catalog->shapes_by_hash);
    map_fini(&catalog->json_bytes);
    map_fini(&catalog->pod_extras);
    map_fini(&catalog->far_times);
    vec_fini(&catalog->shapes);
    pool_fini(&catalog->pools->pods);
    pool_fini(&catalog->pools->targets[0]);
    pool_fini(&catalog->pools->endpoints);
    pool_fini(&catalog->pools->written);
    pool_fini(&catalog->pools->address_groups);
    free(catalog->pools);
    arena_fini(&catalog->arena);
    symtab_destroy(catalog->symbols);
    free(catalog);
}

struct symtab *catalog_symbols(struct catalog *catalog)
{
    return catalog->symbols;
}

sym catalog_sym(struct catalog *catalog, const char *text)
{
    return sym_from(catalog->symbols, text);
}

static void draw_uid(const struct catalog *catalog, uint64_t place, struct uid_seen *out)
{
    EPSIM_ASSERT(catalog->uids);
    uint32_t numbers[4];
    random_block_at(catalog->uids, place, numbers);
    out->place = place + 1;
    out->uid =
        uuid_from_random((uint64_t)numbers[0] << 32 | numbers[1], (uint64_t)numbers[2] << 32 | numbers[3]);
}

struct uuid catalog_uid(struct catalog *catalog, uint64_t place)
{
    struct uid_seen *seen = &catalog->uids_seen[place % UIDS_SEEN];
    if (seen->place != place + 1)
        draw_uid(catalog, place, seen);
    return seen->uid;
}

static uint32_t sym_bytes(const struct catalog *catalog, sym symbol)
{
    return size_string(catalog_length(catalog, symbol));
}

/* --- maps of strings ---------------------------------------------------------------------------- */

struct wanted_labels {
    const struct label *items;
    uint32_t count;
};

static bool labels_are(const void *value, const void *context)
{
    const struct labels *labels = value;
    const struct wanted_labels *wanted = context;
    if (labels->count != wanted->count)
        return false;
    for (uint32_t i = 0; i < labels->count; i++) {
        if (labels->items[i].key != wanted->items[i].key || labels->items[i].value != wanted->items[i].value)
            return false;
    }
    return true;
}

static uint64_t labels_hash(const struct label *items, uint32_t count)
{
    uint64_t hash = count;
    for (uint32_t i = 0; i < count; i++)
        hash = hash_mix(hash, (uint64_t)items[i].key << 32 | items[i].value);
    return hash;
}

/* `items` in order, without equal keys. */
static const struct labels *labels_intern_sorted(
    struct catalog *catalog, const struct label *items, uint32_t count)
{
    uint64_t hash = labels_hash(items, count);
    struct wanted_labels wanted = {items, count};
    const struct labels *found = map_find_where(&catalog->labels_by_hash, hash, labels_are, &wanted);
    if (found)
        return found;
    struct labels *labels = arena_alloc(&catalog->arena, sizeof *labels + count * sizeof *items);
    labels->id = catalog->labels_count++;
    labels->count = count;
    for (uint32_t i = 0; i < count; i++) {
        labels->items[i] = items[i];
        labels->payload_bytes +=
            (uint32_t)size_message(sym_bytes(catalog, items[i].key) + sym_bytes(catalog, items[i].value));
        labels->keys_bytes += catalog_length(catalog, items[i].key);
    }
    map_add_ptr(&catalog->labels_by_hash, hash, labels);
    return labels;
}

/* A stable merge sort by the keys' texts: of equal keys the later stays behind the earlier. */
static void labels_sort(
    const struct symtab *symbols, struct label *items, struct label *spare, uint32_t count)
{
    if (count < 2)
        return;
    uint32_t half = count / 2;
    labels_sort(symbols, items, spare, half);
    labels_sort(symbols, items + half, spare, count - half);
    memcpy(spare, items, half * sizeof *items);
    uint32_t left = 0, right = half, out = 0;
    while (left < half) {
        bool from_right = right < count && sym_compare(symbols, items[right].key, spare[left].key) < 0;
        items[out++] = from_right ? items[right++] : spare[left++];
    }
}

const struct labels *labels_intern(struct catalog *catalog, const struct label *items, uint32_t count)
{
    struct label on_stack[2 * LABELS_ON_STACK];
    struct label *sorted =
        count <= LABELS_ON_STACK ? on_stack : mem_array(NULL, 2 * (size_t)count, sizeof *sorted);
    if (count)
        memcpy(sorted, items, count * sizeof *items);
    labels_sort(catalog->symbols, sorted, sorted + count, count);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (kept && sorted[kept - 1].key == sorted[i].key)
            kept--;
        sorted[kept++] = sorted[i];
    }
    const struct labels *labels = labels_intern_sorted(catalog, sorted, kept);
    if (sorted != on_stack)
        free(sorted);
    return labels;
}

const struct labels *labels_with(struct catalog *catalog, const struct labels *labels, sym key, sym value)
{
    sym present;
    if (labels_get(labels, key, &present) && present == value)
        return labels;
    struct label on_stack[LABELS_ON_STACK];
    uint32_t count = 0;
    bool placed = false;
    struct label *items = labels->count < LABELS_ON_STACK
                              ? on_stack
                              : mem_array(NULL, (size_t)labels->count + 1, sizeof *items);
    for (uint32_t i = 0; i < labels->count; i++) {
        int order = placed ? 1 : sym_compare(catalog->symbols, labels->items[i].key, key);
        if (!placed && order >= 0) {
            items[count++] = (struct label){key, value};
            placed = true;
        }
        if (order != 0)
            items[count++] = labels->items[i];
    }
    if (!placed)
        items[count++] = (struct label){key, value};
    const struct labels *with = labels_intern_sorted(catalog, items, count);
    if (items != on_stack)
        free(items);
    return with;
}

const struct labels *labels_without(struct catalog *catalog, const struct labels *labels, sym key)
{
    if (!labels_get(labels, key, NULL))
        return labels;
    struct label on_stack[LABELS_ON_STACK];
    struct label *items =
        labels->count <= LABELS_ON_STACK ? on_stack : mem_array(NULL, labels->count, sizeof *items);
    uint32_t count = 0;
    for (uint32_t i = 0; i < labels->count; i++) {
        if (labels->items[i].key != key)
            items[count++] = labels->items[i];
    }
    const struct labels *without = labels_intern_sorted(catalog, items, count);
    if (items != on_stack)
        free(items);
    return without;
}

bool labels_match(const struct labels *selector, const struct labels *labels)
{
    /* Both are in the order of their keys' texts, so one walk over `labels` finds all of them. */
    uint32_t at = 0;
    for (uint32_t i = 0; i < selector->count; i++) {
        while (at < labels->count && labels->items[at].key != selector->items[i].key)
            at++;
        if (at == labels->count || labels->items[at].value != selector->items[i].value)
            return false;
        at++;
    }
    return true;
}

/* --- port lists --------------------------------------------------------------------------------- */

struct wanted_ports {
    const struct port *items;
    uint32_t count;
};

bool port_equal(const struct port *a, const struct port *b)
{
    return a->set == b->set && (!(a->set & PORT_NAME) || a->name == b->name) &&
           (!(a->set & PORT_PROTOCOL) || a->protocol == b->protocol) &&
           (!(a->set & PORT_NUMBER) || a->number == b->number) &&
           (!(a->set & PORT_APP_PROTOCOL) || a->app_protocol == b->app_protocol);
}

static bool ports_are(const void *value, const void *context)
{
    const struct port_list *ports = value;
    const struct wanted_ports *wanted = context;
    if (ports->count != wanted->count)
        return false;
    for (uint32_t i = 0; i < ports->count; i++) {
        if (!port_equal(&ports->items[i], &wanted->items[i]))
            return false;
    }
    return true;
}

/* Fields that are not set are zero, so that they do not count in the hash. */
static struct port port_normal(const struct port *port)
{
    return (struct port){
        .name = port->set & PORT_NAME ? port->name : SYM_EMPTY,
        .protocol = port->set & PORT_PROTOCOL ? port->protocol : SYM_EMPTY,
        .app_protocol = port->set & PORT_APP_PROTOCOL ? port->app_protocol : SYM_EMPTY,
        .number = port->set & PORT_NUMBER ? port->number : 0,
        .set = port->set,
    };
}

static uint32_t slice_ports_bytes(const struct catalog *catalog, const struct port_list *ports)
{
    uint64_t bytes = 0;
    for (uint32_t i = 0; i < ports->count; i++) {
        const struct port *port = &ports->items[i];
        uint64_t payload = 0;
        if (port->set & PORT_NAME)
            payload += sym_bytes(catalog, port->name);
        if (port->set & PORT_PROTOCOL)
            payload += sym_bytes(catalog, port->protocol);
        if (port->set & PORT_NUMBER)
            payload += size_int(port->number);
        if (port->set & PORT_APP_PROTOCOL)
            payload += sym_bytes(catalog, port->app_protocol);
        bytes += size_message(payload);
    }
    return (uint32_t)bytes;
}

const struct port_list *ports_intern(struct catalog *catalog, const struct port *items, uint32_t count)
{
    uint64_t hash = count;
    for (uint32_t i = 0; i < count; i++) {
        struct port port = port_normal(&items[i]);
        hash = hash_mix(hash, (uint64_t)port.name << 32 | port.protocol);
        hash = hash_mix(hash, (uint64_t)port.app_protocol << 32 | (uint32_t)port.number);
        hash = hash_mix(hash, port.set);
    }
    struct wanted_ports wanted = {items, count};
    const struct port_list *found = map_find_where(&catalog->ports_by_hash, hash, ports_are, &wanted);
    if (found)
        return found;
    struct port_list *ports = arena_alloc(&catalog->arena, sizeof *ports + count * sizeof *items);
    ports->id = catalog->ports_count++;
    ports->count = count;
    for (uint32_t i = 0; i < count; i++)
        ports->items[i] = port_normal(&items[i]);
    ports->slice_bytes = slice_ports_bytes(catalog, ports);
    map_add_ptr(&catalog->ports_by_hash, hash, ports);
    return ports;
}

/* --- shapes --------------------------------------------------------------------------------------- */

static bool shape_is(const void *value, const void *context)
{
    const struct pod_shape *shape = value, *wanted = context;
    return shape->labels == wanted->labels && shape->container_ports == wanted->container_ports &&
           shape->hostname == wanted->hostname && shape->subdomain == wanted->subdomain &&
           shape->owner == wanted->owner;
}

static const struct pod_shape *shape_find(struct catalog *catalog, const struct pod_shape *wanted)
{
    uint64_t hash = hash_mix((uint64_t)wanted->labels->id << 32 | wanted->container_ports->id,
        ((uint64_t)wanted->hostname << 32 | wanted->subdomain) ^ (uint64_t)wanted->owner << 16);
    struct pod_shape *shape = map_find_where(&catalog->shapes_by_hash, hash, shape_is, wanted);
    if (shape)
        return shape;
    shape = arena_alloc(&catalog->arena, sizeof *shape);
    *shape = *wanted;
    shape->id = catalog->shapes.count;
    vec_push(&catalog->shapes, shape);
    map_add_ptr(&catalog->shapes_by_hash, hash, shape);
    return shape;
}

const struct pod_shape *shape_intern(struct catalog *catalog, const struct pod_shape *wanted)
{
    const struct pod_shape **latest =
        &catalog->latest_shapes[(wanted->labels->id + wanted->owner) % SHAPES_LATEST];
    if (!*latest || !shape_is(*latest, wanted))
        *latest = shape_find(catalog, wanted);
    return *latest;
}
