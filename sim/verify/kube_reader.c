/*
 * kube_reader.c: see kube_reader.h.
 */
#include "verify/kube_reader.h"

#include <stdlib.h>
#include <string.h>

const char *kube_string(const json_t *json)
{
    const char *text = json_string_value(json);
    return text ? text : "";
}

const char *kube_read_text(const json_t *json, const char *name)
{
    return kube_string(json_object_get(json, name));
}

bool kube_has(const json_t *json, const char *name)
{
    const json_t *value = json_object_get(json, name);
    return value && !json_is_null(value);
}

sym kube_read_sym(const struct kube_reader *reader, const json_t *json, const char *name)
{
    return catalog_sym(reader->catalog, kube_read_text(json, name));
}

int32_t kube_read_int32(const struct kube_reader *reader, const json_t *json, const char *name)
{
    json_int_t value = json_integer_value(json_object_get(json, name));
    if (value < INT32_MIN || value > INT32_MAX) {
        text_printf(reader->problems, "%s: %" JSON_INTEGER_FORMAT " is no number of 32 bits\n", name, value);
        return 0;
    }
    return (int32_t)value;
}

int64_t kube_read_time(const struct kube_reader *reader, const json_t *json, const char *name)
{
    const char *text = kube_read_text(json, name);
    int64_t ns;
    if (!*text)
        return TIME_NONE;
    if (!rfc3339_parse(text, strlen(text), &ns) || ns % NS_PER_S) {
        text_printf(reader->problems, "%s: %s is no time in whole seconds\n", name, text);
        return TIME_NONE;
    }
    return ns / NS_PER_S;
}

const struct labels *kube_read_labels(const struct kube_reader *reader, json_t *json)
{
    VEC(struct label) items = {0};
    const char *key;
    json_t *value;
    json_object_foreach(json, key, value)
    {
        struct label label = {
            catalog_sym(reader->catalog, key), catalog_sym(reader->catalog, kube_string(value))};
        vec_push(&items, label);
    }
    const struct labels *labels = labels_intern(reader->catalog, items.items, items.count);
    vec_fini(&items);
    return labels;
}

void kube_read_uid(const struct kube_reader *reader, const char *text, struct uuid *out_uid, sym *out_text)
{
    *out_text = SYM_EMPTY;
    if (uuid_parse(text, strlen(text), out_uid) && !uid_is_none(*out_uid, SYM_EMPTY))
        return;
    *out_uid = (struct uuid){{0}};
    *out_text = catalog_sym(reader->catalog, text);
}

static int8_t get_optional_bool(const json_t *json, const char *name)
{
    const json_t *value = json_object_get(json, name);
    return json_is_boolean(value) ? (int8_t)json_is_true(value) : -1;
}

void kube_read_owners(const struct kube_reader *reader, const json_t *json, struct owner *owners)
{
    for (size_t i = 0; i < json_array_size(json); i++) {
        const json_t *item = json_array_get(json, i);
        struct owner *owner = &owners[i];
        *owner = (struct owner){
            .kind = kube_read_sym(reader, item, "kind"),
            .name = kube_read_sym(reader, item, "name"),
            .api_version = kube_read_sym(reader, item, "apiVersion"),
            .controller = get_optional_bool(item, "controller"),
            .block_owner_deletion = get_optional_bool(item, "blockOwnerDeletion"),
        };
        kube_read_uid(reader, kube_read_text(item, "uid"), &owner->uid, &owner->uid_text);
    }
}

const struct meta_rest *kube_read_rest(const struct kube_reader *reader, const json_t *json, bool owners_too)
{
    const json_t *grace = json_object_get(json, "deletionGracePeriodSeconds");
    const json_t *finalizers = json_object_get(json, "finalizers");
    const json_t *owners = owners_too ? json_object_get(json, "ownerReferences") : NULL;
    sym self_link = kube_read_sym(reader, json, "selfLink");
    uint32_t finalizer_count = (uint32_t)json_array_size(finalizers);
    uint32_t owner_count = (uint32_t)json_array_size(owners);
    if (!json_is_integer(grace) && !finalizer_count && !owner_count && self_link == SYM_EMPTY)
        return NULL;
    struct arena *arena = &reader->catalog->arena;
    sym *names = arena_alloc(arena, finalizer_count * sizeof *names);
    for (uint32_t i = 0; i < finalizer_count; i++)
        names[i] = catalog_sym(reader->catalog, kube_string(json_array_get(finalizers, i)));
    struct owner *list = arena_alloc(arena, owner_count * sizeof *list);
    kube_read_owners(reader, owners, list);
    struct meta_rest *rest = arena_alloc(arena, sizeof *rest);
    *rest = (struct meta_rest){
        .self_link = self_link,
        .has_grace = json_is_integer(grace),
        .grace_s = json_integer_value(grace),
        .finalizer_count = finalizer_count,
        .finalizers = names,
        .owner_count = owner_count,
        .owners = list,
    };
    return rest;
}

struct meta kube_read_meta(const struct kube_reader *reader, const json_t *object)
{
    const json_t *json = json_object_get(object, "metadata");
    struct meta meta;
    meta_init(&meta, reader->catalog);
    meta.namespace = kube_read_sym(reader, json, "namespace");
    meta.name = kube_read_sym(reader, json, "name");
    meta.generate_name = kube_read_sym(reader, json, "generateName");
    kube_read_uid(reader, kube_read_text(json, "uid"), &meta.uid, &meta.uid_text);
    meta.resource_version = strtoull(kube_read_text(json, "resourceVersion"), NULL, 10);
    meta.generation = json_integer_value(json_object_get(json, "generation"));
    meta.created_s = kube_read_time(reader, json, "creationTimestamp");
    meta.deletion_s = kube_read_time(reader, json, "deletionTimestamp");
    meta.labels = kube_read_labels(reader, json_object_get(json, "labels"));
    meta.annotations = kube_read_labels(reader, json_object_get(json, "annotations"));
    /* The trigger time is a field of its own when its text says no more than that. */
    sym trigger_key = catalog_word(reader->catalog, WORD_TRIGGER_TIME), trigger;
    if (labels_get(meta.annotations, trigger_key, &trigger)) {
        const char *text = catalog_text(reader->catalog, trigger);
        struct text again = {0};
        int64_t ns;
        if (rfc3339_parse(text, strlen(text), &ns) && ns % NS_PER_S == 0) {
            text_add_rfc3339(&again, ns);
            if (strcmp(again.data, text) == 0) {
                meta.trigger_s = ns / NS_PER_S;
                meta.annotations = labels_without(reader->catalog, meta.annotations, trigger_key);
            }
        }
        text_fini(&again);
    }
    return meta;
}
