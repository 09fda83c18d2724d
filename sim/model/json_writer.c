/*
 * json_writer.c: see json_writer.h.
 */
#include "model/json_writer.h"

#include <string.h>

#include "base/text.h"
#include "model/annotations.h"

struct json_tree *json_writer_sym(const struct json_writer *writer, sym symbol)
{
    return json_tree_string(
        writer->arena, catalog_text(writer->catalog, symbol), catalog_length(writer->catalog, symbol));
}

void json_writer_set_sym(
    const struct json_writer *writer, struct json_tree *object, const char *key, sym symbol)
{
    json_tree_set(object, key, json_writer_sym(writer, symbol));
}

void json_writer_set_sym_if(
    const struct json_writer *writer, struct json_tree *object, const char *key, sym symbol)
{
    if (symbol != SYM_EMPTY)
        json_writer_set_sym(writer, object, key, symbol);
}

void json_writer_set_uid_if(
    const struct json_writer *writer, struct json_tree *object, const char *key, struct uuid uid, sym text)
{
    char buffer[UUID_TEXT_LENGTH + 1];
    uint32_t length;
    const char *bytes = uid_text(writer->catalog, uid, text, buffer, &length);
    if (length)
        json_tree_set(object, key, json_tree_string(writer->arena, bytes, length));
}

void json_writer_set_time_if(
    const struct json_writer *writer, struct json_tree *object, const char *key, int64_t seconds)
{
    if (seconds == TIME_NONE)
        return;
    struct text time = {0};
    text_add_rfc3339(&time, seconds * NS_PER_S);
    json_tree_set(object, key, json_tree_string(writer->arena, time.data, time.length));
    text_fini(&time);
}

void json_writer_set_number_text(
    const struct json_writer *writer, struct json_tree *object, const char *key, uint64_t value)
{
    struct text digits = {0};
    text_add_u64(&digits, value);
    json_tree_set(object, key, json_tree_string(writer->arena, digits.data, digits.length));
    text_fini(&digits);
}

struct json_tree *json_writer_labels(const struct json_writer *writer, const struct labels *labels)
{
    struct json_tree *map = json_tree_object(writer->arena);
    for (uint32_t i = 0; i < labels->count; i++)
        json_writer_set_sym(
            writer, map, catalog_text(writer->catalog, labels->items[i].key), labels->items[i].value);
    return map;
}

void json_writer_set_labels_if(
    const struct json_writer *writer, struct json_tree *object, const char *key, const struct labels *labels)
{
    if (labels && labels->count)
        json_tree_set(object, key, json_writer_labels(writer, labels));
}

/* --- metadata ----------------------------------------------------------------------------------------- */

struct json_tree *json_writer_object(
    const struct json_writer *writer, const char *kind, const char *api_version)
{
    struct json_tree *object = json_tree_object(writer->arena);
    json_tree_set_string(writer->arena, object, "kind", kind);
    json_tree_set_string(writer->arena, object, "apiVersion", api_version);
    return object;
}

static struct json_tree *owner_json(const struct json_writer *writer, const struct owner *owner)
{
    struct json_tree *object = json_tree_object(writer->arena);
    json_writer_set_sym(writer, object, "apiVersion", owner->api_version);
    json_writer_set_sym(writer, object, "kind", owner->kind);
    json_writer_set_sym(writer, object, "name", owner->name);
    char buffer[UUID_TEXT_LENGTH + 1];
    uint32_t length;
    const char *uid = uid_text(writer->catalog, owner->uid, owner->uid_text, buffer, &length);
    json_tree_set(object, "uid", json_tree_string(writer->arena, uid, length));
    if (owner->controller >= 0)
        json_tree_set_bool(writer->arena, object, "controller", owner->controller);
    if (owner->block_owner_deletion >= 0)
        json_tree_set_bool(writer->arena, object, "blockOwnerDeletion", owner->block_owner_deletion);
    return object;
}

struct json_tree *json_writer_owners(
    const struct json_writer *writer, const struct owner *owners, uint32_t count)
{
    struct json_tree *list = json_tree_array(writer->arena);
    for (uint32_t i = 0; i < count; i++)
        json_tree_add(list, owner_json(writer, &owners[i]));
    return list;
}

/* A copy of `from`: a tree has one parent, and entries may be encoded more than once. */
static struct json_tree *copy_json(const struct json_writer *writer, const struct json_tree *from)
{
    struct json_tree *copy = arena_alloc(writer->arena, sizeof *copy);
    *copy = *from;
    copy->key = NULL;
    copy->next = NULL;
    return copy;
}

static void set_text_if(
    const struct json_writer *writer, struct json_tree *object, const char *key, const char *text)
{
    if (text[0])
        json_tree_set_string(writer->arena, object, key, text);
}

static struct json_tree *managed_json(const struct json_writer *writer, const struct managed_entry *entry)
{
    struct json_tree *object = json_tree_object(writer->arena);
    set_text_if(writer, object, "manager", entry->manager);
    set_text_if(writer, object, "operation", entry->operation);
    set_text_if(writer, object, "apiVersion", entry->api_version);
    json_writer_set_time_if(writer, object, "time", entry->time_s);
    set_text_if(writer, object, "fieldsType", entry->fields_type);
    if (entry->fields)
        json_tree_set(object, "fieldsV1", copy_json(writer, entry->fields));
    set_text_if(writer, object, "subresource", entry->subresource);
    return object;
}

void json_writer_set_meta(const struct json_writer *writer, struct json_tree *object, const struct meta *meta,
    bool over_capacity, const struct owner *owners, uint32_t owner_count, const struct managed_list *managed)
{
    struct json_tree *json = json_tree_object(writer->arena);
    json_writer_set_sym_if(writer, json, "name", meta->name);
    json_writer_set_sym_if(writer, json, "generateName", meta->generate_name);
    json_writer_set_sym_if(writer, json, "namespace", meta->namespace);
    const struct meta_rest *rest = meta_rest(meta);
    json_writer_set_sym_if(writer, json, "selfLink", rest->self_link);
    json_writer_set_uid_if(writer, json, "uid", meta->uid, meta->uid_text);
    if (meta->resource_version)
        json_writer_set_number_text(writer, json, "resourceVersion", meta->resource_version);
    if (meta->generation)
        json_tree_set_int(writer->arena, json, "generation", meta->generation);
    json_writer_set_time_if(writer, json, "creationTimestamp", meta->created_s);
    json_writer_set_time_if(writer, json, "deletionTimestamp", meta->deletion_s);
    if (rest->has_grace)
        json_tree_set_int(writer->arena, json, "deletionGracePeriodSeconds", rest->grace_s);
    json_writer_set_labels_if(writer, json, "labels", meta->labels);
    struct annotation_list annotations = annotations_of(writer->arena, writer->catalog, meta, over_capacity);
    if (annotations.count) {
        struct json_tree *map = json_tree_object(writer->arena);
        for (uint32_t i = 0; i < annotations.count; i++)
            json_tree_set_string(writer->arena, map, annotations.items[i].key, annotations.items[i].value);
        json_tree_set(json, "annotations", map);
    }
    if (owner_count)
        json_tree_set(json, "ownerReferences", json_writer_owners(writer, owners, owner_count));
    if (rest->finalizer_count) {
        struct json_tree *list = json_tree_array(writer->arena);
        for (uint32_t i = 0; i < rest->finalizer_count; i++)
            json_tree_add(list, json_writer_sym(writer, rest->finalizers[i]));
        json_tree_set(json, "finalizers", list);
    }
    if (managed && managed->count) {
        struct json_tree *list = json_tree_array(writer->arena);
        for (uint32_t i = 0; i < managed->count; i++)
            json_tree_add(list, managed_json(writer, &managed->items[i]));
        json_tree_set(json, "managedFields", list);
    }
    json_tree_set(object, "metadata", json);
}
