/*
 * managed_fields.c: see managed_fields.h.
 */
#include "model/managed_fields.h"

#include <string.h>

#include "model/annotations.h"
#include "model/size.h"

static void own(struct arena *arena, struct json_tree *fields, const char *name)
{
    json_tree_set(fields, name, json_tree_object(arena));
}

static char *key_of(struct arena *arena, const char *prefix, const char *text, const char *suffix)
{
    size_t sizes[3] = {strlen(prefix), strlen(text), strlen(suffix)};
    char *key = arena_alloc(arena, sizes[0] + sizes[1] + sizes[2] + 1);
    memcpy(key, prefix, sizes[0]);
    memcpy(key + sizes[0], text, sizes[1]);
    memcpy(key + sizes[0] + sizes[1], suffix, sizes[2]);
    return key;
}

/* A map of which every entry is owned, and the map itself (".") too. */
static struct json_tree *own_map(struct arena *arena, struct json_tree *fields, const char *name)
{
    struct json_tree *map = json_tree_object(arena);
    own(arena, map, ".");
    json_tree_set(fields, name, map);
    return map;
}

static struct json_tree *metadata_fields(struct arena *arena, const struct catalog *catalog,
    const struct meta *meta, bool over_capacity, const struct owner *owners, uint32_t owner_count)
{
    struct json_tree *fields = json_tree_object(arena);
    struct annotation_list annotations = annotations_of(arena, catalog, meta, over_capacity);
    if (annotations.count) {
        struct json_tree *map = own_map(arena, fields, "f:annotations");
        for (uint32_t i = 0; i < annotations.count; i++)
            own(arena, map, key_of(arena, "f:", annotations.items[i].key, ""));
    }
    if (meta->generate_name != SYM_EMPTY)
        own(arena, fields, "f:generateName");
    if (meta->labels->count) {
        struct json_tree *map = own_map(arena, fields, "f:labels");
        for (uint32_t i = 0; i < meta->labels->count; i++)
            own(arena, map, key_of(arena, "f:", catalog_text(catalog, meta->labels->items[i].key), ""));
    }
    if (owner_count) {
        struct json_tree *map = own_map(arena, fields, "f:ownerReferences");
        for (uint32_t i = 0; i < owner_count; i++) {
            char buffer[UUID_TEXT_LENGTH + 1];
            uint32_t length;
            const char *uid = uid_text(catalog, owners[i].uid, owners[i].uid_text, buffer, &length);
            own(arena, map, key_of(arena, "k:{\"uid\":\"", uid, "\"}"));
        }
    }
    return fields;
}

static struct managed_entry entry_of(const struct catalog *catalog, const struct json_tree *fields,
    sym manager, const char *api_version, int64_t time_s)
{
    return (struct managed_entry){
        .manager = manager == SYM_EMPTY ? SIZE_MANAGER_DEFAULT : catalog_text(catalog, manager),
        .operation = "Update",
        .api_version = api_version,
        .fields_type = "FieldsV1",
        .subresource = "",
        .time_s = time_s,
        .fields = fields,
    };
}

static struct managed_list one_entry(struct arena *arena, const struct catalog *catalog,
    const struct json_tree *fields, sym manager, const char *api_version, int64_t time_s)
{
    if (fields->count == 0)
        return (struct managed_list){0};
    struct managed_entry *entry = arena_alloc(arena, sizeof *entry);
    *entry = entry_of(catalog, fields, manager, api_version, time_s);
    return (struct managed_list){1, entry};
}

/* --- several managers (O-47) ----------------------------------------------------------------------- */

/* The member of that name, made when there is none. */
static struct json_tree *open_map(struct arena *arena, struct json_tree *fields, const char *name)
{
    struct json_tree *map = json_tree_get(fields, name);
    if (!map) {
        map = json_tree_object(arena);
        json_tree_set(fields, name, map);
    }
    return map;
}

static void add_field(struct arena *arena, const struct catalog *catalog, struct json_tree *fields,
    const struct owned_field *field)
{
    static const char *const names[] = {
        [FIELD_ADDRESS_TYPE] = "f:addressType",
        [FIELD_ENDPOINTS] = "f:endpoints",
        [FIELD_ANNOTATIONS] = "f:annotations",
        [FIELD_ANNOTATION] = "f:annotations",
        [FIELD_GENERATE_NAME] = "f:generateName",
        [FIELD_LABELS] = "f:labels",
        [FIELD_LABEL] = "f:labels",
        [FIELD_OWNERS] = "f:ownerReferences",
        [FIELD_OWNER] = "f:ownerReferences",
        [FIELD_PORTS] = "f:ports",
        [FIELD_SUBSETS] = "f:subsets",
    };
    const char *name = names[field->kind];
    if (field->kind >= FIELD_ANNOTATIONS && field->kind <= FIELD_OWNER)
        fields = open_map(arena, fields, "f:metadata");
    char buffer[UUID_TEXT_LENGTH + 1];
    uint32_t length;
    switch (field->kind) {
    case FIELD_ADDRESS_TYPE:
    case FIELD_ENDPOINTS:
    case FIELD_GENERATE_NAME:
    case FIELD_PORTS:
    case FIELD_SUBSETS:
        own(arena, fields, name);
        break;
    case FIELD_ANNOTATIONS:
    case FIELD_LABELS:
    case FIELD_OWNERS:
        own(arena, open_map(arena, fields, name), ".");
        break;
    case FIELD_ANNOTATION:
    case FIELD_LABEL:
        own(arena, open_map(arena, fields, name), key_of(arena, "f:", catalog_text(catalog, field->key), ""));
        break;
    case FIELD_OWNER:
        own(arena, open_map(arena, fields, name),
            key_of(
                arena, "k:{\"uid\":\"", uid_text(catalog, field->uid, field->key, buffer, &length), "\"}"));
        break;
    }
}

static struct managed_list all_entries(struct arena *arena, const struct catalog *catalog,
    const struct field_owners *owners, const char *api_version)
{
    struct managed_entry *entries = arena_alloc(arena, owners->managers.count * sizeof *entries);
    for (uint32_t m = 0; m < owners->managers.count; m++) {
        const struct field_manager *manager = &owners->managers.items[m];
        struct json_tree *fields = json_tree_object(arena);
        for (uint32_t i = 0; i < owners->items.count; i++) {
            if (owners->items.items[i].manager == manager->manager)
                add_field(arena, catalog, fields, &owners->items.items[i]);
        }
        entries[m] = entry_of(catalog, fields, manager->manager, api_version, manager->time_s);
    }
    return (struct managed_list){owners->managers.count, entries};
}

/* --- objects ----------------------------------------------------------------------------------------- */

struct managed_list managed_of_endpoints(
    struct arena *arena, const struct catalog *catalog, const struct endpoints *endpoints, int64_t time_s)
{
    if (endpoints->fields)
        return all_entries(arena, catalog, endpoints->fields, "v1");
    struct json_tree *fields = json_tree_object(arena);
    struct json_tree *metadata =
        metadata_fields(arena, catalog, &endpoints->meta, endpoints->over_capacity, NULL, 0);
    if (metadata->count)
        json_tree_set(fields, "f:metadata", metadata);
    if (endpoints_has_subsets(endpoints))
        own(arena, fields, "f:subsets");
    return one_entry(arena, catalog, fields, endpoints->manager, "v1", time_s);
}

struct managed_list managed_of_endpointslice(
    struct arena *arena, const struct catalog *catalog, const struct endpointslice *slice, int64_t time_s)
{
    if (slice->fields)
        return all_entries(arena, catalog, slice->fields, "discovery.k8s.io/v1");
    struct json_tree *fields = json_tree_object(arena);
    own(arena, fields, "f:addressType");
    if (slice->had_endpoints || slice->endpoints.count)
        own(arena, fields, "f:endpoints");
    struct json_tree *metadata =
        metadata_fields(arena, catalog, &slice->meta, false, slice->owners, slice->owner_count);
    if (metadata->count)
        json_tree_set(fields, "f:metadata", metadata);
    if (slice->had_ports || slice->ports->count)
        own(arena, fields, "f:ports");
    return one_entry(arena, catalog, fields, slice->manager, "discovery.k8s.io/v1", time_s);
}
