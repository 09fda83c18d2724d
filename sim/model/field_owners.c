/*
 * field_owners.c: see field_owners.h.
 */
#include "model/field_owners.h"

#include <string.h>

#include "base/hash.h"
#include "base/mem.h"

/* Sets trigger times apart from symbols among the values of annotations. */
#define VALUE_IS_TIME (UINT64_C(1) << 63)

/* --- the fields that an object has now --------------------------------------------------------- */

static void add(struct field_owners *fields, enum field_kind kind, sym key, uint64_t value)
{
    vec_push(&fields->items, ((struct owned_field){.kind = kind, .key = key, .value = value}));
}

/* An entry of a map, in its place among those of the map that begins at `first`. */
static void add_entry(const struct catalog *catalog, struct field_owners *fields, uint32_t first,
    enum field_kind kind, sym key, uint64_t value)
{
    add(fields, kind, key, value);
    struct owned_field *items = fields->items.items;
    uint32_t at = fields->items.count - 1;
    struct owned_field added = items[at];
    for (; at > first && strcmp(catalog_text(catalog, items[at - 1].key), catalog_text(catalog, key)) > 0;
         at--)
        items[at] = items[at - 1];
    items[at] = added;
}

static void add_annotations(
    const struct catalog *catalog, struct field_owners *fields, const struct meta *meta, bool over_capacity)
{
    bool has_trigger = meta->trigger_s != TIME_NONE;
    if (meta->annotations->count == 0 && !has_trigger && !over_capacity)
        return;
    add(fields, FIELD_ANNOTATIONS, SYM_EMPTY, 0);
    uint32_t first = fields->items.count;
    for (uint32_t i = 0; i < meta->annotations->count; i++)
        add_entry(catalog, fields, first, FIELD_ANNOTATION, meta->annotations->items[i].key,
            meta->annotations->items[i].value);
    if (has_trigger)
        add_entry(catalog, fields, first, FIELD_ANNOTATION, word_sym(WORD_TRIGGER_TIME),
            (uint64_t)meta->trigger_s | VALUE_IS_TIME);
    if (over_capacity)
        add_entry(
            catalog, fields, first, FIELD_ANNOTATION, word_sym(WORD_OVER_CAPACITY), word_sym(WORD_TRUNCATED));
}

static void add_labels(
    const struct catalog *catalog, struct field_owners *fields, const struct labels *labels)
{
    if (labels->count == 0)
        return;
    add(fields, FIELD_LABELS, SYM_EMPTY, 0);
    uint32_t first = fields->items.count;
    for (uint32_t i = 0; i < labels->count; i++)
        add_entry(catalog, fields, first, FIELD_LABEL, labels->items[i].key, labels->items[i].value);
}

static void add_owners(struct field_owners *fields, const struct owner *owners, uint32_t count)
{
    if (count)
        add(fields, FIELD_OWNERS, SYM_EMPTY, 0);
    for (uint32_t i = 0; i < count; i++) {
        const struct owner *owner = &owners[i];
        uint64_t value = hash_mix(hash_mix(owner->kind, owner->name), owner->api_version);
        value = hash_mix(
            value, (uint64_t)(owner->controller + 1) << 8 | (uint8_t)(owner->block_owner_deletion + 1));
        add(fields, FIELD_OWNER, owner->uid_text, value);
        vec_last(&fields->items).uid = owner->uid;
    }
}

static struct field_owners *list_of_endpoints(
    const struct catalog *catalog, const struct endpoints *endpoints)
{
    struct field_owners *fields = mem_zalloc(sizeof *fields);
    add_annotations(catalog, fields, &endpoints->meta, endpoints->over_capacity);
    if (endpoints->meta.generate_name != SYM_EMPTY)
        add(fields, FIELD_GENERATE_NAME, SYM_EMPTY, endpoints->meta.generate_name);
    add_labels(catalog, fields, endpoints->meta.labels);
    if (endpoints_has_subsets(endpoints))
        add(fields, FIELD_SUBSETS, SYM_EMPTY, 0);
    return fields;
}

static struct field_owners *list_of_slice(const struct catalog *catalog, const struct endpointslice *slice)
{
    struct field_owners *fields = mem_zalloc(sizeof *fields);
    add(fields, FIELD_ADDRESS_TYPE, SYM_EMPTY, 0);
    if (slice->had_endpoints || slice->endpoints.count)
        add(fields, FIELD_ENDPOINTS, SYM_EMPTY, 0);
    add_annotations(catalog, fields, &slice->meta, false);
    if (slice->meta.generate_name != SYM_EMPTY)
        add(fields, FIELD_GENERATE_NAME, SYM_EMPTY, slice->meta.generate_name);
    add_labels(catalog, fields, slice->meta.labels);
    add_owners(fields, slice->owners, slice->owner_count);
    if (slice->had_ports || slice->ports->count)
        add(fields, FIELD_PORTS, SYM_EMPTY, slice->ports->id);
    return fields;
}

/* --- who owns them ----------------------------------------------------------------------------- */

static const struct owned_field *find(const struct field_owners *fields, const struct owned_field *wanted)
{
    for (uint32_t i = 0; i < fields->items.count; i++) {
        const struct owned_field *field = &fields->items.items[i];
        if (field->kind == wanted->kind && field->key == wanted->key &&
            memcmp(field->uid.bytes, wanted->uid.bytes, sizeof field->uid.bytes) == 0)
            return field;
    }
    return NULL;
}

static int64_t time_of(const struct field_owners *fields, sym manager)
{
    for (uint32_t i = 0; i < fields->managers.count; i++) {
        if (fields->managers.items[i].manager == manager)
            return fields->managers.items[i].time_s;
    }
    return TIME_NONE;
}

static const char *name_of(const struct catalog *catalog, sym manager)
{
    return manager == SYM_EMPTY ? "kube-controller-manager" : catalog_text(catalog, manager);
}

/* A manager that owns a field, if it is not there yet, in its place. */
static void add_manager(
    const struct catalog *catalog, struct field_owners *fields, sym manager, int64_t time_s)
{
    for (uint32_t i = 0; i < fields->managers.count; i++) {
        if (fields->managers.items[i].manager == manager)
            return;
    }
    struct field_manager added = {manager, time_s};
    vec_push(&fields->managers, added);
    struct field_manager *items = fields->managers.items;
    uint32_t at = fields->managers.count - 1;
    for (; at > 0; at--) {
        const struct field_manager *before = &items[at - 1];
        if (before->time_s < time_s || (before->time_s == time_s && strcmp(name_of(catalog, before->manager),
                                                                        name_of(catalog, manager)) < 0))
            break;
        items[at] = items[at - 1];
    }
    items[at] = added;
}

static void begin(const struct catalog *catalog, struct field_owners *fields, sym manager, int64_t now_s)
{
    for (uint32_t i = 0; i < fields->items.count; i++)
        fields->items.items[i].manager = manager;
    if (fields->items.count)
        add_manager(catalog, fields, manager, now_s);
}

void field_owners_begin_endpoints(const struct catalog *catalog, struct endpoints *endpoints, int64_t now_s)
{
    if (endpoints->fields)
        return;
    endpoints->fields = list_of_endpoints(catalog, endpoints);
    begin(catalog, endpoints->fields, endpoints->manager, now_s);
}

void field_owners_begin_slice(const struct catalog *catalog, struct endpointslice *slice, int64_t now_s)
{
    if (slice->fields)
        return;
    slice->fields = list_of_slice(catalog, slice);
    begin(catalog, slice->fields, slice->manager, now_s);
}

/* Fields of `now` are owned as in `before`, but for those that are new or hold something else.
 * `list_changed`: of endpoints or subsets. */
static void pass_on(const struct catalog *catalog, const struct field_owners *before,
    struct field_owners *now, bool list_changed, sym manager, int64_t now_s)
{
    bool wrote = false;
    for (uint32_t i = 0; i < now->items.count; i++) {
        struct owned_field *field = &now->items.items[i];
        const struct owned_field *known = find(before, field);
        bool is_list = field->kind == FIELD_ENDPOINTS || field->kind == FIELD_SUBSETS;
        bool changed = !known || known->value != field->value || (is_list && list_changed);
        field->manager = changed ? manager : known->manager;
        wrote |= changed;
    }
    for (uint32_t i = 0; i < now->items.count; i++) {
        sym owner = now->items.items[i].manager;
        add_manager(catalog, now, owner, owner == manager && wrote ? now_s : time_of(before, owner));
    }
}

/* The list after the write; NULL when all is the controller manager's. */
static struct field_owners *settle(struct field_owners *before, struct field_owners *now)
{
    field_owners_destroy(before);
    bool alone =
        now->managers.count == 0 || (now->managers.count == 1 && now->managers.items[0].manager == SYM_EMPTY);
    if (!alone)
        return now;
    field_owners_destroy(now);
    return NULL;
}

void field_owners_commit_endpoints(const struct catalog *catalog, struct endpoints *endpoints,
    bool subsets_changed, sym manager, int64_t now_s)
{
    if (!endpoints->fields)
        return;
    struct field_owners *now = list_of_endpoints(catalog, endpoints);
    pass_on(catalog, endpoints->fields, now, subsets_changed, manager, now_s);
    endpoints->fields = settle(endpoints->fields, now);
    if (!endpoints->fields)
        endpoints->manager = SYM_EMPTY;
}

void field_owners_commit_slice(const struct catalog *catalog, struct endpointslice *slice,
    bool endpoints_changed, sym manager, int64_t now_s)
{
    if (!slice->fields)
        return;
    struct field_owners *now = list_of_slice(catalog, slice);
    pass_on(catalog, slice->fields, now, endpoints_changed, manager, now_s);
    slice->fields = settle(slice->fields, now);
    if (!slice->fields)
        slice->manager = SYM_EMPTY;
}
