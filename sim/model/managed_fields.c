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

static struct managed_list one_entry(struct arena *arena, const struct catalog *catalog,
    const struct json_tree *fields, sym manager, const char *api_version, int64_t time_s)
{
    if (fields->count == 0)
        return (struct managed_list){0};
    struct managed_entry *entry = arena_alloc(arena, sizeof *entry);
    *entry = (struct managed_entry){
        .manager = manager == SYM_EMPTY ? SIZE_MANAGER_DEFAULT : catalog_text(catalog, manager),
        .operation = "Update",
        .api_version = api_version,
        .fields_type = "FieldsV1",
        .subresource = "",
        .time_s = time_s,
        .fields = fields,
    };
    return (struct managed_list){1, entry};
}

struct managed_list managed_of_endpoints(
    struct arena *arena, const struct catalog *catalog, const struct endpoints *endpoints, int64_t time_s)
{
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
