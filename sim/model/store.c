/*
 * store.c: objects by name, in the order of their creation, and the changes that watchers still have
 * to hear of.
 *
 * Every kind has a hash map from names to entries and a list of the entries that are alive. An entry is
 * 32 bytes: with 1,000,000 pods the store adds some 80 MB to the pods themselves.
 *
 * A put or a removal of a user's object makes a `pending` (unless its entry has one) and schedules one
 * event for it. All of these have delay 0 and one phase, so they are delivered in the order in which
 * they were made: pendings form a first-in-first-out queue. While an object is pending and removed, its
 * entry stays in the map as a *ghost* (now == NULL, off the list), so that a re-creation finds it.
 */
#include "model/store.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/hash.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/vec.h"

#define KIND_COUNT (OBJECT_ENDPOINTSLICE + 1)

/* Of names that the server generates (S-50). */
#define NAME_BASE_MAX 58
#define NAME_SUFFIX_LENGTH 5
#define NAME_ALPHABET "bcdfghjklmnpqrstvwxz2456789"

struct pending;

struct entry {
    void *now;                     /* the current revision or object, one reference; NULL: a ghost */
    struct entry *previous, *next; /* in the order of creation */
    struct pending *pending;       /* a change that is not delivered yet, or NULL */
};

struct pending {
    struct store *store;
    struct entry *entry; /* NULL: created and removed again, nothing to tell */
    void *old;           /* what watchers saw last, one reference; NULL: nothing */
    struct pending *next;
    uint64_t version;
    enum object_kind kind;
};

struct object_index {
    struct map map;
    struct entry *first, *last;
    uint32_t count;
};

struct watcher {
    store_watcher *call;
    void *self;
};

struct store {
    struct clock *clock;
    int64_t start_s;
    struct catalog *catalog;
    struct random_stream uids;
    struct random_stream names;
    bool silent;
    uint64_t resource_version;
    uint64_t change_number; /* of pendings, from 1: names their events in the digest */
    uint64_t slice_sequence;
    uint64_t pod_sequence;
    struct object_index kinds[KIND_COUNT];
    struct pending *pending_first, *pending_last;
    struct pending *spare; /* pendings to use again */
    VEC(struct watcher) watchers;
};

/* --- what differs between the kinds -------------------------------------------------------------------- */

static void object_unref(enum object_kind kind, void *object)
{
    switch (kind) {
    case OBJECT_POD:
        pod_unref(object);
        break;
    case OBJECT_SERVICE:
        service_unref(object);
        break;
    case OBJECT_NODE:
        node_unref(object);
        break;
    case OBJECT_ENDPOINTS:
        endpoints_destroy(object);
        break;
    case OBJECT_ENDPOINTSLICE:
        endpointslice_destroy(object);
        break;
    }
}

/* Of a user's object: one more reference. */
static void *object_ref(enum object_kind kind, void *object)
{
    switch (kind) {
    case OBJECT_POD:
        return pod_ref(object);
    case OBJECT_SERVICE:
        return service_ref(object);
    case OBJECT_NODE:
        return node_ref(object);
    default:
        return NULL;
    }
}

/* Of any kind but pods. */
static struct meta *object_meta(enum object_kind kind, void *object)
{
    switch (kind) {
    case OBJECT_SERVICE:
        return &((struct service *)object)->meta;
    case OBJECT_NODE:
        return &((struct node *)object)->meta;
    case OBJECT_ENDPOINTS:
        return &((struct endpoints *)object)->meta;
    case OBJECT_ENDPOINTSLICE:
        return &((struct endpointslice *)object)->meta;
    default:
        return NULL;
    }
}

static uint64_t *object_version(enum object_kind kind, void *object)
{
    if (kind == OBJECT_POD)
        return &((struct pod *)object)->resource_version;
    return &object_meta(kind, object)->resource_version;
}

static sym object_namespace(enum object_kind kind, const void *object)
{
    if (kind == OBJECT_POD)
        return ((const struct pod *)object)->self->namespace;
    return object_meta(kind, (void *)object)->namespace;
}

/* Two revisions of one name are the same object, not an object and its successor. */
static bool object_same_uid(enum object_kind kind, const void *a, const void *b)
{
    if (kind == OBJECT_POD) {
        const struct target *a_self = ((const struct pod *)a)->self;
        const struct target *b_self = ((const struct pod *)b)->self;
        return a_self == b_self ||
               uid_equal(a_self->uid, target_uid_text(a_self), b_self->uid, target_uid_text(b_self));
    }
    const struct meta *a_meta = object_meta(kind, (void *)a);
    const struct meta *b_meta = object_meta(kind, (void *)b);
    return uid_equal(a_meta->uid, a_meta->uid_text, b_meta->uid, b_meta->uid_text);
}

/* --- entries ----------------------------------------------------------------------------------------------
 */

/* A key of the maps: for all kinds but pods it is unique, for pods `name` decides. */
struct key {
    uint64_t hash;
    sym namespace;
    const char *name; /* pods only */
};

static struct key key_syms(sym namespace, sym name)
{
    return (struct key){(uint64_t) namespace << 32 | name, namespace, NULL};
}

static struct key key_pod(sym namespace, const char *name, size_t length)
{
    return (struct key){hash_mix(namespace, hash64(name, length)), namespace, name};
}

static struct key key_of(enum object_kind kind, const void *object)
{
    if (kind == OBJECT_POD) {
        const struct target *self = ((const struct pod *)object)->self;
        return key_pod(self->namespace, self->name, self->name_length);
    }
    const struct meta *meta = object_meta(kind, (void *)object);
    return key_syms(meta->namespace, meta->name);
}

static bool entry_is_pod(const void *value, const void *context)
{
    const struct entry *entry = value;
    const struct key *key = context;
    const struct pod *pod = entry->now ? entry->now : entry->pending->old;
    return pod->self->namespace == key->namespace && strcmp(pod->self->name, key->name) == 0;
}

static struct entry *entry_find(const struct store *store, enum object_kind kind, struct key key)
{
    const struct map *map = &store->kinds[kind].map;
    if (kind == OBJECT_POD)
        return map_find_where(map, key.hash, entry_is_pod, &key);
    return map_get_ptr(map, key.hash);
}

static void entry_link(struct object_index *index, struct entry *entry)
{
    entry->next = NULL;
    entry->previous = index->last;
    if (index->last)
        index->last->next = entry;
    else
        index->first = entry;
    index->last = entry;
    index->count++;
}

static void entry_unlink(struct object_index *index, struct entry *entry)
{
    if (entry->previous)
        entry->previous->next = entry->next;
    else
        index->first = entry->next;
    if (entry->next)
        entry->next->previous = entry->previous;
    else
        index->last = entry->previous;
    index->count--;
}

/* A pod keeps its place in the order of creation where whoever holds it can see it. */
static void number_pod(struct store *store, enum object_kind kind, void *object)
{
    if (kind == OBJECT_POD)
        ((struct pod *)object)->self->sequence = ++store->pod_sequence;
}

/* Another target for the same pod takes over its place. */
static void keep_number(enum object_kind kind, const void *old, void *now)
{
    if (kind == OBJECT_POD)
        ((struct pod *)now)->self->sequence = ((const struct pod *)old)->self->sequence;
}

static struct entry *entry_add(struct store *store, enum object_kind kind, struct key key, void *now)
{
    struct entry *entry = mem_zalloc(sizeof *entry);
    entry->now = now;
    number_pod(store, kind, now);
    map_add_ptr(&store->kinds[kind].map, key.hash, entry);
    entry_link(&store->kinds[kind], entry);
    return entry;
}

/* Takes an entry that is off the list out of the map and frees it. */
static void entry_forget(struct store *store, enum object_kind kind, struct key key, struct entry *entry)
{
    bool removed = map_remove_ptr(&store->kinds[kind].map, key.hash, entry);
    EPSIM_ASSERT(removed);
    free(entry);
}

static const void *object_now(const struct store *store, enum object_kind kind, struct key key)
{
    const struct entry *entry = entry_find(store, kind, key);
    return entry ? entry->now : NULL;
}

/* --- lifecycle --------------------------------------------------------------------------------------------
 */

struct store *store_create(struct clock *clock, int64_t start_s)
{
    struct store *store = mem_zalloc(sizeof *store);
    store->clock = clock;
    store->start_s = start_s;
    store->catalog = catalog_create();
    random_stream_init(&store->uids, clock->context.seed, clock->run_number, "uids");
    random_stream_init(&store->names, clock->context.seed, clock->run_number, "names");
    return store;
}

void store_destroy(struct store *store)
{
    if (!store)
        return;
    /* Ghosts are reached through their pendings alone. */
    while (store->pending_first) {
        struct pending *pending = store->pending_first;
        store->pending_first = pending->next;
        object_unref(pending->kind, pending->old);
        if (pending->entry && !pending->entry->now)
            free(pending->entry);
        free(pending);
    }
    for (int kind = 0; kind < KIND_COUNT; kind++) {
        struct object_index *index = &store->kinds[kind];
        while (index->first) {
            struct entry *entry = index->first;
            index->first = entry->next;
            object_unref((enum object_kind)kind, entry->now);
            free(entry);
        }
        map_fini(&index->map);
    }
    while (store->spare) {
        struct pending *pending = store->spare;
        store->spare = pending->next;
        free(pending);
    }
    vec_fini(&store->watchers);
    catalog_destroy(store->catalog);
    free(store);
}

struct catalog *store_catalog(struct store *store)
{
    return store->catalog;
}

struct clock *store_clock(struct store *store)
{
    return store->clock;
}

int64_t store_now_s(const struct store *store)
{
    return store->start_s + clock_now(store->clock) / NS_PER_S;
}

int64_t store_now_unix_ns(const struct store *store)
{
    return store->start_s * NS_PER_S + clock_now(store->clock);
}

void store_watch(struct store *store, store_watcher *call, void *watcher)
{
    struct watcher added = {call, watcher};
    vec_push(&store->watchers, added);
}

uint64_t store_resource_version(const struct store *store)
{
    return store->resource_version;
}

void store_set_resource_version(struct store *store, uint64_t version)
{
    EPSIM_ASSERT(version >= store->resource_version);
    store->resource_version = version;
}

struct uuid store_new_uid(struct store *store)
{
    uint64_t high = random_u64(&store->uids);
    uint64_t low = random_u64(&store->uids);
    return uuid_from_random(high, low);
}

void store_set_silent(struct store *store, bool silent)
{
    EPSIM_ASSERT(!silent || !store->pending_first);
    store->silent = silent;
}

/* A watcher may add to the store and to the watchers. */
static void tell(struct store *store, enum object_kind kind, const void *old, const void *now, bool foreign)
{
    struct change change = {kind, old, now, foreign};
    for (uint32_t i = 0; i < store->watchers.count; i++)
        store->watchers.items[i].call(store->watchers.items[i].self, &change);
}

/* --- pending changes
 * ---------------------------------------------------------------------------------------- */

static void pending_deliver(void *subject, uint64_t argument)
{
    (void)argument;
    struct pending *pending = subject;
    struct store *store = pending->store;
    enum object_kind kind = pending->kind;
    struct entry *entry = pending->entry;
    EPSIM_ASSERT(store->pending_first == pending);
    store->pending_first = pending->next;
    if (!store->pending_first)
        store->pending_last = NULL;
    void *old = pending->old;
    pending->next = store->spare;
    store->spare = pending;
    if (!entry)
        return;
    /* The entry is settled before anyone is told, for watchers put objects themselves. */
    void *now = entry->now ? object_ref(kind, entry->now) : NULL;
    entry->pending = NULL;
    if (!now)
        entry_forget(store, kind, key_of(kind, old), entry);
    if (old && now && !object_same_uid(kind, old, now)) {
        tell(store, kind, old, NULL, false);
        tell(store, kind, NULL, now, false);
    } else {
        tell(store, kind, old, now, false);
    }
    object_unref(kind, old);
    object_unref(kind, now);
}

/* `old`, with its reference, is what watchers have seen of the entry so far. */
static struct pending *pending_add(struct store *store, enum object_kind kind, struct entry *entry, void *old)
{
    struct pending *pending = store->spare;
    if (pending)
        store->spare = pending->next;
    else
        pending = mem_alloc(sizeof *pending);
    *pending = (struct pending){
        .store = store,
        .entry = entry,
        .old = old,
        .version = ++store->resource_version,
        .kind = kind,
    };
    if (store->pending_last)
        store->pending_last->next = pending;
    else
        store->pending_first = pending;
    store->pending_last = pending;
    entry->pending = pending;
    clock_after(
        store->clock, 0, PHASE_WATCH, EVENT_STORE_DELIVER, pending_deliver, pending, ++store->change_number);
    return pending;
}

/* --- users' objects
 * ------------------------------------------------------------------------------------------ */

static void put_silently(struct store *store, enum object_kind kind, struct key key, void *object)
{
    uint64_t *version = object_version(kind, object);
    if (*version == 0)
        *version = ++store->resource_version;
    else if (*version > store->resource_version)
        store->resource_version = *version;
    struct entry *entry = entry_find(store, kind, key);
    if (!entry) {
        entry_add(store, kind, key, object);
        return;
    }
    EPSIM_ASSERT(!entry->pending);
    keep_number(kind, entry->now, object);
    object_unref(kind, entry->now);
    entry->now = object;
}

static void put(struct store *store, enum object_kind kind, void *object)
{
    struct key key = key_of(kind, object);
    if (store->silent) {
        put_silently(store, kind, key, object);
        return;
    }
    struct entry *entry = entry_find(store, kind, key);
    struct pending *pending;
    if (!entry) {
        entry = entry_add(store, kind, key, object);
        pending = pending_add(store, kind, entry, NULL);
    } else {
        /* A successor under the same name is created now: it goes to the end of the list. */
        bool successor = !entry->now || !object_same_uid(kind, entry->now, object);
        if (successor && entry->now)
            entry_unlink(&store->kinds[kind], entry);
        if (successor) {
            entry_link(&store->kinds[kind], entry);
            number_pod(store, kind, object);
        } else {
            keep_number(kind, entry->now, object);
        }
        pending = entry->pending;
        if (!pending) {
            pending = pending_add(store, kind, entry, entry->now);
        } else {
            object_unref(kind, entry->now);
            if (successor)
                pending->version = ++store->resource_version;
        }
        entry->now = object;
    }
    *object_version(kind, object) = pending->version;
}

static bool take_away(struct store *store, enum object_kind kind, struct key key)
{
    struct entry *entry = entry_find(store, kind, key);
    if (!entry || !entry->now)
        return false;
    void *now = entry->now;
    entry_unlink(&store->kinds[kind], entry);
    if (store->silent) {
        EPSIM_ASSERT(!entry->pending);
        entry_forget(store, kind, key, entry);
        object_unref(kind, now);
    } else if (!entry->pending) {
        pending_add(store, kind, entry, now);
        entry->now = NULL;
    } else if (entry->pending->old) {
        object_unref(kind, now);
        entry->now = NULL;
    } else {
        /* Nobody has seen it: nobody will. */
        entry->pending->entry = NULL;
        entry_forget(store, kind, key, entry);
        object_unref(kind, now);
    }
    return true;
}

/* What a server fills in for an object that comes without (O-45); an edit keeps its object's own. */
static void fill_meta(struct store *store, struct meta *meta, const struct meta *present)
{
    if (uid_is_none(meta->uid, meta->uid_text)) {
        meta->uid = present ? present->uid : store_new_uid(store);
        meta->uid_text = present ? present->uid_text : SYM_EMPTY;
    }
    if (meta->created_s == TIME_NONE)
        meta->created_s = present ? present->created_s : store_now_s(store);
}

void store_put_pod(struct store *store, struct pod *pod)
{
    put(store, OBJECT_POD, pod);
}

void store_put_service(struct store *store, struct service *service)
{
    const struct service *present = store_service(store, service->meta.namespace, service->meta.name);
    fill_meta(store, &service->meta, present ? &present->meta : NULL);
    put(store, OBJECT_SERVICE, service);
}

void store_put_node(struct store *store, struct node *node)
{
    EPSIM_ASSERT(node->meta.namespace == SYM_EMPTY);
    const struct node *present = store_node(store, node->meta.name);
    fill_meta(store, &node->meta, present ? &present->meta : NULL);
    put(store, OBJECT_NODE, node);
}

bool store_remove_pod(struct store *store, sym namespace, const char *name)
{
    return take_away(store, OBJECT_POD, key_pod(namespace, name, strlen(name)));
}

bool store_remove_service(struct store *store, sym namespace, sym name)
{
    return take_away(store, OBJECT_SERVICE, key_syms(namespace, name));
}

bool store_remove_node(struct store *store, sym name)
{
    return take_away(store, OBJECT_NODE, key_syms(SYM_EMPTY, name));
}

const struct pod *store_pod(const struct store *store, sym namespace, const char *name)
{
    return object_now(store, OBJECT_POD, key_pod(namespace, name, strlen(name)));
}

const struct service *store_service(const struct store *store, sym namespace, sym name)
{
    return object_now(store, OBJECT_SERVICE, key_syms(namespace, name));
}

const struct node *store_node(const struct store *store, sym name)
{
    return object_now(store, OBJECT_NODE, key_syms(SYM_EMPTY, name));
}

/* --- Endpoints and slices
 * --------------------------------------------------------------------------------------- */

uint32_t store_generate_name(struct store *store, const char *base, char out[STORE_GENERATED_NAME_MAX + 1])
{
    size_t length = strlen(base);
    if (length > NAME_BASE_MAX)
        length = NAME_BASE_MAX;
    memcpy(out, base, length);
    for (uint32_t i = 0; i < NAME_SUFFIX_LENGTH; i++)
        out[length++] = NAME_ALPHABET[random_below(&store->names, sizeof NAME_ALPHABET - 1)];
    out[length] = '\0';
    return (uint32_t)length;
}

/* Uid, times and version of a new object; a silent one keeps what it carries. */
static void created(struct store *store, struct meta *meta)
{
    if (store->silent) {
        fill_meta(store, meta, NULL);
        if (meta->resource_version > store->resource_version)
            store->resource_version = meta->resource_version;
        else if (meta->resource_version == 0)
            meta->resource_version = ++store->resource_version;
        return;
    }
    meta->uid = store_new_uid(store);
    meta->uid_text = SYM_EMPTY;
    meta->created_s = store_now_s(store);
    meta->resource_version = ++store->resource_version;
}

static void add_object(struct store *store, enum object_kind kind, void *object, bool foreign)
{
    struct key key = key_of(kind, object);
    EPSIM_ASSERT(!entry_find(store, kind, key));
    entry_add(store, kind, key, object);
    if (!store->silent)
        tell(store, kind, NULL, object, foreign);
}

static void commit_object(struct store *store, enum object_kind kind, void *object, bool foreign)
{
    EPSIM_DEBUG_ASSERT(object_now(store, kind, key_of(kind, object)) == object);
    object_meta(kind, object)->resource_version = ++store->resource_version;
    if (!store->silent)
        tell(store, kind, object, object, foreign);
}

static bool delete_object(struct store *store, enum object_kind kind, struct key key, bool foreign)
{
    struct entry *entry = entry_find(store, kind, key);
    if (!entry)
        return false;
    void *object = entry->now;
    entry_unlink(&store->kinds[kind], entry);
    entry_forget(store, kind, key, entry);
    /* The event of a deletion carries the version of the deletion (O-32). */
    object_meta(kind, object)->resource_version = ++store->resource_version;
    if (!store->silent)
        tell(store, kind, object, NULL, foreign);
    object_unref(kind, object);
    return true;
}

struct endpoints *store_endpoints(const struct store *store, sym namespace, sym name)
{
    return (struct endpoints *)object_now(store, OBJECT_ENDPOINTS, key_syms(namespace, name));
}

void store_create_endpoints(struct store *store, struct endpoints *endpoints, bool foreign)
{
    created(store, &endpoints->meta);
    endpoints->had_subsets = endpoints_has_subsets(endpoints);
    add_object(store, OBJECT_ENDPOINTS, endpoints, foreign);
}

void store_commit_endpoints(struct store *store, struct endpoints *endpoints, bool foreign)
{
    endpoints->had_subsets = endpoints_has_subsets(endpoints);
    commit_object(store, OBJECT_ENDPOINTS, endpoints, foreign);
}

bool store_delete_endpoints(struct store *store, sym namespace, sym name, bool foreign)
{
    return delete_object(store, OBJECT_ENDPOINTS, key_syms(namespace, name), foreign);
}

struct endpointslice *store_endpointslice(const struct store *store, sym namespace, sym name)
{
    return (struct endpointslice *)object_now(store, OBJECT_ENDPOINTSLICE, key_syms(namespace, name));
}

static void slice_had(struct endpointslice *slice)
{
    slice->had_endpoints |= slice->endpoints.count > 0;
    slice->had_ports |= slice->ports->count > 0;
}

void store_create_endpointslice(struct store *store, struct endpointslice *slice, bool foreign)
{
    struct meta *meta = &slice->meta;
    while (meta->name == SYM_EMPTY) {
        char name[STORE_GENERATED_NAME_MAX + 1];
        uint32_t length = store_generate_name(store, catalog_text(store->catalog, meta->generate_name), name);
        sym known = sym_find(catalog_symbols(store->catalog), name, length);
        if (known == SYM_EMPTY || !store_endpointslice(store, meta->namespace, known))
            meta->name = catalog_sym(store->catalog, name);
    }
    created(store, meta);
    if (!store->silent)
        meta->generation = 1;
    slice->sequence = ++store->slice_sequence;
    slice_had(slice);
    add_object(store, OBJECT_ENDPOINTSLICE, slice, foreign);
}

void store_commit_endpointslice(
    struct store *store, struct endpointslice *slice, bool generation_changed, bool foreign)
{
    if (generation_changed)
        slice->meta.generation++;
    slice_had(slice);
    commit_object(store, OBJECT_ENDPOINTSLICE, slice, foreign);
}

bool store_delete_endpointslice(struct store *store, sym namespace, sym name, bool foreign)
{
    return delete_object(store, OBJECT_ENDPOINTSLICE, key_syms(namespace, name), foreign);
}

/* --- lists
 * --------------------------------------------------------------------------------------------------- */

void store_each(
    const struct store *store, enum object_kind kind, sym namespace, store_visit *visit, void *context)
{
    for (const struct entry *entry = store->kinds[kind].first; entry; entry = entry->next) {
        if (namespace != SYM_EMPTY && object_namespace(kind, entry->now) != namespace)
            continue;
        if (!visit(context, entry->now))
            return;
    }
}

uint32_t store_count(const struct store *store, enum object_kind kind)
{
    return store->kinds[kind].count;
}
