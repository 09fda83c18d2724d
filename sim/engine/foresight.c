/*
 * foresight.c: see foresight.h.
 */
#include "engine/foresight.h"

#include "base/mem.h"
#include "engine/engine_private.h"
#include "engine/label_index.h"

/* In the order in which the records lead to one another; each is a pod event nearer than the one before. */
enum stage {
    STAGE_SLOT,
    STAGE_REVISION,
    STAGE_IDENTITY,
    STAGE_RECORDS,
    STAGE_MEMBER,
    STAGE_PLACES,
    STAGE_OBJECTS,
    STAGE_LISTS,
    STAGE_NAMES,
    STAGE_COUNT
};
_Static_assert(STAGE_COUNT == FORESIGHT_EVENTS, "a stage an event");

/* Of most names that were not made, behind the identity (target.h). */
#define NAME_BYTES 24

/* --- of a member -------------------------------------------------------------------------------- */

/* Numbers may lead to what is gone, as nothing is known of the Service yet; nobody looks there. */
static void ask_for_places(const struct member *member)
{
    mem_prefetch(member_service(member), SERVICE_ENTRY_USUAL_BYTES);
    mem_prefetch(member_group(member), sizeof(struct address_group));
    mem_prefetch(placement_group(&member->first), sizeof(struct slice_group));
    mem_prefetch(placement_slice(&member->first), sizeof(struct slice_entry));
    mem_prefetch(placement_endpoint(&member->first), sizeof(struct endpoint));
}

/* Links into an object are good while `rescan` of its controller is false (service_entry.h). */
static const struct address_group *group_of(const struct service_entry *entry, const struct member *member)
{
    return entry->rescan[SYNC_ENDPOINTS] ? NULL : member_group(member);
}

static const struct endpointslice *slice_of(const struct service_entry *entry, const struct member *member)
{
    const struct slice_entry *slice = entry->rescan[SYNC_SLICES] ? NULL : placement_slice(&member->first);
    return slice ? slice->slice : NULL;
}

static void ask_for_objects(const struct member *member, bool leaves)
{
    const struct service_entry *entry = member_service(member);
    const struct symtab *symbols = entry->engine->catalog->symbols;
    mem_prefetch(entry->object, sizeof *entry->object);
    mem_prefetch(entry->service, sizeof *entry->service);
    mem_prefetch(slice_of(entry, member), sizeof(struct endpointslice));
    const struct address_group *group = group_of(entry, member);
    if (group && member->place < group->places.count)
        mem_prefetch_line(&group->places.items[member->place]);
    for (int c = 0; c < SYNC_COUNT; c++)
        mem_prefetch(entry->marked[c].items, 1);
    mem_prefetch(entry->slices.items, 1);
    mem_prefetch(entry->families[0].groups.items, 1);
    sym_prefetch_place(symbols, entry->name);
    if (leaves && member->index_in_service < entry->members.count)
        mem_prefetch_line(&entry->members.items[member->index_in_service]);
}

static void ask_for_lists(const struct member *member)
{
    const struct service_entry *entry = member_service(member);
    const struct symtab *symbols = entry->engine->catalog->symbols;
    sym_prefetch(symbols, entry->name);
    if (entry->object)
        mem_prefetch(entry->object->groups.items, 1);
    const struct endpointslice *slice = slice_of(entry, member);
    if (!slice)
        return;
    sym_prefetch_place(symbols, slice->meta.name);
    mem_prefetch(slice->meta.labels, sizeof *slice->meta.labels + sizeof slice->meta.labels->items[0]);
    if (member->first_index < slice->endpoints.count)
        mem_prefetch_line(&slice->endpoints.items[member->first_index]);
}

static void ask_for_names(const struct member *member)
{
    const struct service_entry *entry = member_service(member);
    const struct endpointslice *slice = slice_of(entry, member);
    if (slice)
        sym_prefetch(entry->engine->catalog->symbols, slice->meta.name);
}

/* --- of a pod ----------------------------------------------------------------------------------- */

/* Where it stands in the lists that it leaves. */
static void ask_for_place_in_lists(const struct engine *engine, const struct pod_entry *pod)
{
    const struct node_entry *node = pod_entry_node(pod);
    if (pod->index_in_node < node->pods.count)
        mem_prefetch_line(&node->pods.items[pod->index_in_node]);
    label_index_prefetch_place(engine, pod);
}

/* Of most pods the first Service is the only one. */
static void look_at_member(const struct member *member, enum stage stage, bool leaves)
{
    if (stage == STAGE_PLACES)
        ask_for_places(member);
    else if (stage == STAGE_OBJECTS)
        ask_for_objects(member, leaves);
    else if (stage == STAGE_LISTS)
        ask_for_lists(member);
    else
        ask_for_names(member);
}

/* Goes as far as the stage before has asked for; returns the identity, as soon as it may be looked at. */
static const struct target *look(const struct engine *engine, struct foreseen *foreseen, enum stage stage)
{
    if (stage == STAGE_SLOT) {
        store_prefetch_slot(engine->store, foreseen->key);
        return NULL;
    }
    if (foreseen->kind == FORESEEN_DELETION && (stage == STAGE_REVISION || stage == STAGE_IDENTITY))
        store_prefetch_removal(engine->store, foreseen->key, stage == STAGE_IDENTITY);
    if (stage == STAGE_REVISION)
        foreseen->slot = store_guess_slot(engine->store, foreseen->key);
    const struct pod *revision = store_pod_at(engine->store, foreseen->slot);
    if (!revision || stage == STAGE_REVISION) {
        mem_prefetch(revision, sizeof *revision);
        return NULL;
    }
    const struct target *self = target_at(engine->catalog, revision->self_);
    const struct pod_shape *const *shape = &engine->catalog->shapes.items[revision->shape_];
    if (stage == STAGE_IDENTITY) {
        mem_prefetch(self, sizeof *self + NAME_BYTES);
        mem_prefetch_line(shape);
        return NULL;
    }
    const struct pod_entry *pod = pool_at(&engine->records.pods, self->informer_state);
    if (stage == STAGE_RECORDS) {
        mem_prefetch(pod, sizeof *pod);
        mem_prefetch(*shape, sizeof **shape);
    } else if (pod && stage == STAGE_MEMBER) {
        mem_prefetch(pod_entry_members(pod), sizeof(struct member));
        if (foreseen->kind != FORESEEN_CHANGE)
            ask_for_place_in_lists(engine, pod);
    } else if (pod && pod->members) {
        look_at_member(pod_entry_members(pod), stage, foreseen->kind != FORESEEN_CHANGE);
    }
    return self;
}

/* --- the ring ----------------------------------------------------------------------------------- */

void foresight_init(struct foresight *foresight)
{
    *foresight = (struct foresight){.pods_min = FORESIGHT_PODS_MIN};
}

bool engine_foresees(const struct engine *engine)
{
    return store_count(engine->store, OBJECT_POD) >= engine->foresight.pods_min;
}

void engine_foresee_from(struct engine *engine, uint32_t pods_min)
{
    engine->foresight.pods_min = pods_min;
}

/* The key, or 0 if it was foreseen lately. */
static uint64_t key_if_new(struct foresight *foresight, uint64_t key)
{
    uint64_t *recent = &foresight->recent[key % FORESIGHT_RECENT];
    if (*recent == key)
        return 0;
    *recent = key;
    return key;
}

struct foreseen_pods engine_foresee(
    struct engine *engine, sym namespace, uint64_t name_hash, enum foreseen_kind kind)
{
    struct foresight *foresight = &engine->foresight;
    struct foreseen_pods pods = {.nearest_kind = FORESEEN_CHANGE};
    foresight->newest = (foresight->newest + 1) % FORESIGHT_EVENTS;
    foresight->ring[foresight->newest] =
        (struct foreseen){.key = key_if_new(foresight, store_pod_key(namespace, name_hash)), .kind = kind};
    for (int stage = STAGE_COUNT - 1; stage >= 0; stage--) {
        uint32_t place = (foresight->newest + FORESIGHT_EVENTS - (uint32_t)stage) % FORESIGHT_EVENTS;
        struct foreseen *foreseen = &foresight->ring[place];
        if (!foreseen->key)
            continue;
        const struct target *self = look(engine, foreseen, (enum stage)stage);
        if (stage == STAGE_RECORDS) {
            pods.near = self;
        } else if (stage == STAGE_MEMBER) {
            pods.nearer = self;
        } else if (stage == STAGE_PLACES) {
            pods.nearest = self;
            pods.nearest_kind = foreseen->kind;
        }
    }
    return pods;
}
