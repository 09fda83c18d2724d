/*
 * store.c: objects by name, in the order of their creation, and the changes that watchers still have
 * to hear of.
 *
 * A put or a removal of a user's object makes a change (unless its entry has one) and schedules one event
 * for it. All of these have delay 0 and one phase, so they are delivered in the order in which they were
 * made: changes form a first-in-first-out queue. While a change is under way and its object is removed, the
 * entry stays as a ghost (object_index.h), so that a re-creation finds it.
 */
#include "model/store.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/vec.h"
#include "model/field_owners.h"
#include "model/object_index.h"

struct watcher {
    store_watcher *call;
    void *self;
};

struct store {
    struct clock *clock;
    int64_t start_s;
    struct catalog *catalog;
    struct random_stream uids; /* nothing is drawn from it: each uid is found at its place */
    uint64_t uid_count;
    struct random_stream names;
    bool silent;
    bool relisting;
    uint64_t resource_version;
    uint64_t change_number; /* from 1: names their events in the digest */
    uint64_t slice_sequence;
    uint64_t pod_sequence;
    struct object_index kinds[OBJECT_KIND_COUNT];
    struct object_change *changes_first, *changes_last;
    struct object_change *spare; /* changes to use again */
    VEC(struct watcher) watchers;
};

/* --- lifecycle ----------------------------------------------------------------------------------------- */

struct store *store_create(struct clock *clock, int64_t start_s)
{
    struct store *store = mem_zalloc(sizeof *store);
    store->clock = clock;
    store->start_s = start_s;
    store->catalog = catalog_create();
    for (int kind = 0; kind < OBJECT_KIND_COUNT; kind++)
        object_index_init(&store->kinds[kind], (enum object_kind)kind, store->catalog);
    random_stream_init(&store->uids, clock->context.seed, clock->run_number, "uids");
    store->catalog->uids = &store->uids;
    random_stream_init(&store->names, clock->context.seed, clock->run_number, "names");
    return store;
}

void store_destroy(struct store *store)
{
    if (!store)
        return;
    while (store->changes_first) {
        struct object_change *change = store->changes_first;
        store->changes_first = change->next;
        object_unref(change->kind, change->old);
        free(change);
    }
    while (store->spare) {
        struct object_change *change = store->spare;
        store->spare = change->next;
        free(change);
    }
    for (int kind = 0; kind < OBJECT_KIND_COUNT; kind++)
        object_index_fini(&store->kinds[kind]);
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

uint64_t store_draw_uid(struct store *store)
{
    return store->uid_count++;
}

struct uuid store_new_uid(struct store *store)
{
    return catalog_uid(store->catalog, store_draw_uid(store));
}

void store_set_silent(struct store *store, bool silent)
{
    EPSIM_ASSERT(!silent || !store->changes_first);
    store->silent = silent;
}

void store_set_relisting(struct store *store, bool relisting)
{
    store->relisting = relisting;
}

/* A watcher may add to the store and to the watchers. */
static void tell(struct store *store, enum object_kind kind, const void *old, const void *now, bool foreign)
{
    struct change change = {kind, old, now, foreign};
    for (uint32_t i = 0; i < store->watchers.count; i++)
        store->watchers.items[i].call(store->watchers.items[i].self, &change);
}

/* --- changes under way --------------------------------------------------------------------------------- */

static void deliver(void *subject, uint64_t argument)
{
    (void)argument;
    struct object_change *change = subject;
    struct store *store = change->store;
    enum object_kind kind = change->kind;
    struct object_entry *entry = change->entry;
    void *old = change->old;
    bool replaces = change->replaces;
    EPSIM_ASSERT(store->changes_first == change);
    store->changes_first = change->next;
    if (!store->changes_first)
        store->changes_last = NULL;
    change->next = store->spare;
    store->spare = change;
    if (!entry)
        return;
    /* The entry is settled before anyone is told, for watchers put objects themselves. */
    void *now = entry->now ? object_ref(kind, entry->now) : NULL;
    entry->change = NULL;
    if (now)
        object_index_settle(&store->kinds[kind], entry);
    else
        object_index_forget(&store->kinds[kind], entry);
    if (old && now && !replaces && !object_same_uid(kind, old, now)) {
        tell(store, kind, old, NULL, false);
        tell(store, kind, NULL, now, false);
    } else {
        tell(store, kind, old, now, false);
    }
    object_unref(kind, old);
    object_unref(kind, now);
}

/* `old`, with its reference, is what watchers have seen of the entry so far. */
static void change_begin(struct store *store, enum object_kind kind, struct object_entry *entry, void *old)
{
    struct object_change *change = store->spare;
    if (change)
        store->spare = change->next;
    else
        change = mem_alloc(sizeof *change);
    *change = (struct object_change){
        .store = store,
        .entry = entry,
        .old = old,
        .version = ++store->resource_version,
        .kind = kind,
    };
    if (store->changes_last)
        store->changes_last->next = change;
    else
        store->changes_first = change;
    store->changes_last = change;
    entry->change = change;
    clock_post(store->clock, PHASE_WATCH, EVENT_STORE_DELIVER, deliver, change, ++store->change_number);
}

/* --- users' objects ------------------------------------------------------------------------------------ */

/* A pod keeps its place in the order of creation where whoever holds it can see it. */
static void number_pod(struct store *store, enum object_kind kind, void *object)
{
    if (kind != OBJECT_POD)
        return;
    EPSIM_ASSERT(store->pod_sequence < TARGET_SEQUENCE_MAX);
    pod_self(object)->sequence = ++store->pod_sequence;
}

/* Another target for the same pod takes over its place. */
static void keep_number(enum object_kind kind, const void *old, void *now)
{
    if (kind == OBJECT_POD && ((struct pod *)now)->self_ != ((const struct pod *)old)->self_)
        pod_self(now)->sequence = pod_self(old)->sequence;
}

static struct object_entry *add_entry(
    struct store *store, enum object_kind kind, struct object_key key, void *object)
{
    number_pod(store, kind, object);
    return object_index_add(&store->kinds[kind], key, object);
}

static void put_silently(struct store *store, enum object_kind kind, struct object_key key, void *object)
{
    uint64_t *version = object_version(kind, object);
    if (*version == 0)
        *version = ++store->resource_version;
    else if (*version > store->resource_version)
        store->resource_version = *version;
    struct object_entry *entry = object_index_open(&store->kinds[kind], key);
    if (entry) {
        EPSIM_ASSERT(!entry->change);
        void *before = entry->now;
        keep_number(kind, before, object);
        object_index_set(&store->kinds[kind], entry, object);
        object_unref(kind, before);
    } else {
        entry = add_entry(store, kind, key, object);
    }
    object_index_settle(&store->kinds[kind], entry);
}

/* Another revision for an entry, or a successor of its object under the same name. */
static void put_again(
    struct store *store, enum object_kind kind, struct object_entry *entry, void *object, bool replaces)
{
    struct object_index *index = &store->kinds[kind];
    const void *before = entry->now ? entry->now : entry->change->old;
    bool successor = !replaces && !object_same_uid(kind, before, object);
    if (successor) { /* It is created now. */
        object_index_move_last(index, entry);
        number_pod(store, kind, object);
    } else {
        keep_number(kind, before, object);
    }
    if (!entry->change) {
        change_begin(store, kind, entry, entry->now);
    } else {
        object_unref(kind, entry->now);
        if (successor)
            entry->change->version = ++store->resource_version;
    }
    entry->change->replaces |= replaces;
    object_index_set(index, entry, object);
}

static void put_at(
    struct store *store, enum object_kind kind, struct object_key key, void *object, bool replaces)
{
    if (store->silent) {
        put_silently(store, kind, key, object);
        return;
    }
    struct object_entry *entry = object_index_open(&store->kinds[kind], key);
    if (entry) {
        put_again(store, kind, entry, object, replaces);
    } else {
        entry = add_entry(store, kind, key, object);
        change_begin(store, kind, entry, NULL);
    }
    *object_version(kind, object) = entry->change->version;
}

static void put(struct store *store, enum object_kind kind, void *object, bool replaces)
{
    put_at(store, kind, object_index_key(&store->kinds[kind], object), object, replaces);
}

static bool take_away(struct store *store, enum object_kind kind, struct object_key key)
{
    struct object_index *index = &store->kinds[kind];
    struct object_entry *entry = object_index_open(index, key);
    if (!entry || !entry->now)
        return false;
    void *now = entry->now;
    object_index_set(index, entry, NULL);
    if (!store->silent && !entry->change) {
        change_begin(store, kind, entry, now);
        return true;
    }
    if (!entry->change) {
        object_index_forget(index, entry);
    } else if (!entry->change->old) { /* Nobody has seen it: nobody will. */
        entry->change->entry = NULL;
        object_index_forget(index, entry);
    }
    object_unref(kind, now);
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
    put(store, OBJECT_POD, pod, store->relisting);
}

void store_create_pod(struct store *store, struct pod *pod, uint64_t name_hash)
{
    const struct target *self = pod_self(pod);
    uint32_t count_before = store->kinds[OBJECT_POD].count;
    put_at(store, OBJECT_POD, object_key_of_target(self, name_hash), pod, store->relisting);
    EPSIM_ASSERT(store->kinds[OBJECT_POD].count > count_before);
}

void store_replace_pod(struct store *store, struct pod *pod)
{
    put(store, OBJECT_POD, pod, true);
}

void store_put_service(struct store *store, struct service *service)
{
    const struct service *present = store_service(store, service->meta.namespace, service->meta.name);
    fill_meta(store, &service->meta, present ? &present->meta : NULL);
    put(store, OBJECT_SERVICE, service, false);
}

void store_put_node(struct store *store, struct node *node)
{
    EPSIM_ASSERT(node->meta.namespace == SYM_EMPTY);
    const struct node *present = store_node(store, node->meta.name);
    fill_meta(store, &node->meta, present ? &present->meta : NULL);
    put(store, OBJECT_NODE, node, false);
}

bool store_remove_pod(struct store *store, sym namespace, const char *name)
{
    return take_away(store, OBJECT_POD, object_key_of_pod(namespace, name, strlen(name)));
}

bool store_remove_pod_of(struct store *store, const struct target *self)
{
    return take_away(store, OBJECT_POD, object_index_key_of_pod(&store->kinds[OBJECT_POD], self));
}

bool store_remove_service(struct store *store, sym namespace, sym name)
{
    return take_away(store, OBJECT_SERVICE, object_key_of_syms(namespace, name));
}

bool store_remove_node(struct store *store, sym name)
{
    return take_away(store, OBJECT_NODE, object_key_of_syms(SYM_EMPTY, name));
}

/* An index notes what was looked at last, which changes nothing that can be seen. */
static void *present(const struct store *store, enum object_kind kind, struct object_key key)
{
    return object_index_get((struct object_index *)&store->kinds[kind], key);
}

const struct pod *store_pod(const struct store *store, sym namespace, const char *name)
{
    return present(store, OBJECT_POD, object_key_of_pod(namespace, name, strlen(name)));
}

const struct pod *store_pod_hashed(
    const struct store *store, sym namespace, const char *name, uint64_t name_hash)
{
    return present(store, OBJECT_POD, object_key_of_hashed(namespace, name, name_hash));
}

const struct pod *store_pod_of(const struct store *store, const struct target *self)
{
    return present(store, OBJECT_POD, object_index_key_of_pod(&store->kinds[OBJECT_POD], self));
}

const struct pod *store_pod_made(const struct store *store, sym namespace, sym prefix, uint32_t suffix)
{
    uint64_t name_hash = made_name_hash(catalog_hash(store->catalog, prefix), suffix);
    return present(store, OBJECT_POD, object_key_of_made(namespace, prefix, suffix, name_hash));
}

uint64_t store_pod_key(sym namespace, uint64_t name_hash)
{
    return object_key_of_hashed(namespace, NULL, name_hash).hash;
}

void store_prefetch_slot(const struct store *store, uint64_t key)
{
    object_index_prefetch_slot(&store->kinds[OBJECT_POD], key);
}

void store_prefetch_removal(const struct store *store, uint64_t key, int stage)
{
    object_index_prefetch_run(&store->kinds[OBJECT_POD], key, stage);
}

uint32_t store_guess_slot(const struct store *store, uint64_t key)
{
    return object_index_guess(&store->kinds[OBJECT_POD], key);
}

const struct pod *store_pod_at(const struct store *store, uint32_t slot)
{
    return object_index_at(&store->kinds[OBJECT_POD], slot);
}

const struct service *store_service(const struct store *store, sym namespace, sym name)
{
    return present(store, OBJECT_SERVICE, object_key_of_syms(namespace, name));
}

const struct node *store_node(const struct store *store, sym name)
{
    return present(store, OBJECT_NODE, object_key_of_syms(SYM_EMPTY, name));
}

/* --- Endpoints and slices ------------------------------------------------------------------------------ */

uint32_t store_generate_name(struct store *store, const char *base, char out[MADE_NAME_MAX + 1])
{
    return made_name_draw(&store->names, base, out);
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
    struct object_key key = object_index_key(&store->kinds[kind], object);
    EPSIM_ASSERT(!object_index_open(&store->kinds[kind], key));
    object_index_add(&store->kinds[kind], key, object);
    if (!store->silent)
        tell(store, kind, NULL, object, foreign);
}

static void commit_object(struct store *store, enum object_kind kind, void *object, bool foreign)
{
    EPSIM_DEBUG_ASSERT(
        object_index_get(&store->kinds[kind], object_index_key(&store->kinds[kind], object)) == object);
    object_meta(kind, object)->resource_version = ++store->resource_version;
    if (!store->silent)
        tell(store, kind, object, object, foreign);
}

static bool delete_object(struct store *store, enum object_kind kind, struct object_key key, bool foreign)
{
    struct object_index *index = &store->kinds[kind];
    struct object_entry *entry = object_index_open(index, key);
    if (!entry)
        return false;
    void *object = entry->now;
    object_index_set(index, entry, NULL);
    object_index_forget(index, entry);
    /* The event of a deletion carries the version of the deletion (O-32). */
    object_meta(kind, object)->resource_version = ++store->resource_version;
    if (!store->silent)
        tell(store, kind, object, NULL, foreign);
    object_unref(kind, object);
    return true;
}

struct endpoints *store_endpoints(const struct store *store, sym namespace, sym name)
{
    return present(store, OBJECT_ENDPOINTS, object_key_of_syms(namespace, name));
}

void store_create_endpoints(struct store *store, struct endpoints *endpoints, bool foreign)
{
    created(store, &endpoints->meta);
    endpoints->had_subsets = endpoints_has_subsets(endpoints);
    if (endpoints->manager != SYM_EMPTY)
        field_owners_begin_endpoints(store->catalog, endpoints, store_now_s(store));
    add_object(store, OBJECT_ENDPOINTS, endpoints, foreign);
}

void store_commit_endpoints(
    struct store *store, struct endpoints *endpoints, bool subsets_changed, bool foreign, sym manager)
{
    EPSIM_ASSERT(endpoints->fields || endpoints->manager == manager);
    endpoints->had_subsets = endpoints_has_subsets(endpoints);
    field_owners_commit_endpoints(store->catalog, endpoints, subsets_changed, manager, store_now_s(store));
    commit_object(store, OBJECT_ENDPOINTS, endpoints, foreign);
}

bool store_delete_endpoints(struct store *store, sym namespace, sym name, bool foreign)
{
    return delete_object(store, OBJECT_ENDPOINTS, object_key_of_syms(namespace, name), foreign);
}

struct endpointslice *store_endpointslice(const struct store *store, sym namespace, sym name)
{
    return present(store, OBJECT_ENDPOINTSLICE, object_key_of_syms(namespace, name));
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
        char name[MADE_NAME_MAX + 1];
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
    if (slice->manager != SYM_EMPTY)
        field_owners_begin_slice(store->catalog, slice, store_now_s(store));
    add_object(store, OBJECT_ENDPOINTSLICE, slice, foreign);
}

void store_commit_endpointslice(struct store *store, struct endpointslice *slice, bool generation_changed,
    bool endpoints_changed, bool foreign, sym manager)
{
    EPSIM_ASSERT(slice->fields || slice->manager == manager);
    if (generation_changed)
        slice->meta.generation++;
    slice_had(slice);
    field_owners_commit_slice(store->catalog, slice, endpoints_changed, manager, store_now_s(store));
    commit_object(store, OBJECT_ENDPOINTSLICE, slice, foreign);
}

bool store_delete_endpointslice(struct store *store, sym namespace, sym name, bool foreign)
{
    return delete_object(store, OBJECT_ENDPOINTSLICE, object_key_of_syms(namespace, name), foreign);
}

/* --- lists --------------------------------------------------------------------------------------------- */

struct listing {
    enum object_kind kind;
    sym namespace;
    store_visit *visit;
    void *context;
};

static bool list_object(void *context, const void *object)
{
    const struct listing *listing = context;
    if (listing->namespace != SYM_EMPTY && object_namespace(listing->kind, object) != listing->namespace)
        return true;
    return listing->visit(listing->context, object);
}

void store_each(
    const struct store *store, enum object_kind kind, sym namespace, store_visit *visit, void *context)
{
    struct listing listing = {kind, namespace, visit, context};
    object_index_each(&store->kinds[kind], list_object, &listing);
}

uint32_t store_count(const struct store *store, enum object_kind kind)
{
    return store->kinds[kind].count;
}
