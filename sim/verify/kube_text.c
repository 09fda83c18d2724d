/*
 * kube_text.c: texts by the model's JSON encoder; see kube_text.h.
 */
#include "verify/kube_text.h"

#include "base/check.h"
#include "model/encode_json.h"
#include "model/json_writer.h"

/* Prints the tree and lets it go with its arena. */
static void add_tree(struct text *text, struct arena *arena, const struct json_tree *json)
{
    json_tree_write_compact(json, text);
    arena_fini(arena);
}

void kube_text_endpoints(struct text *text, const struct catalog *catalog, const struct endpoints *endpoints)
{
    EPSIM_ASSERT(endpoints->is_explicit);
    struct arena arena;
    arena_init(&arena);
    add_tree(text, &arena, encode_endpoints_json(&arena, catalog, endpoints, &endpoints->subsets, NULL));
}

void kube_text_slice(struct text *text, const struct catalog *catalog, const struct endpointslice *slice)
{
    struct arena arena;
    arena_init(&arena);
    add_tree(text, &arena, encode_endpointslice_json(&arena, catalog, slice, NULL));
}

void kube_text_slice_endpoint(
    struct text *text, const struct catalog *catalog, const struct endpoint *endpoint)
{
    struct arena arena;
    arena_init(&arena);
    add_tree(text, &arena, encode_slice_endpoint_json(&arena, catalog, endpoint));
}

void kube_text_slice_ports(
    struct text *text, const struct catalog *catalog, const struct endpointslice *slice)
{
    struct arena arena;
    arena_init(&arena);
    add_tree(text, &arena, encode_slice_ports_json(&arena, catalog, slice->ports));
}

void kube_text_labels(struct text *text, const struct catalog *catalog, const struct labels *labels)
{
    struct arena arena;
    arena_init(&arena);
    const struct json_writer writer = {&arena, catalog};
    add_tree(text, &arena, json_writer_labels(&writer, labels));
}

void kube_text_owners(
    struct text *text, const struct catalog *catalog, const struct owner *owners, uint32_t count)
{
    struct arena arena;
    arena_init(&arena);
    const struct json_writer writer = {&arena, catalog};
    add_tree(text, &arena, json_writer_owners(&writer, owners, count));
}

const struct labels *kube_annotations(struct catalog *catalog, const struct meta *meta, bool over_capacity)
{
    const struct labels *annotations = meta->annotations;
    if (over_capacity)
        annotations = labels_with(catalog, annotations, catalog_word(catalog, WORD_OVER_CAPACITY),
            catalog_word(catalog, WORD_TRUNCATED));
    if (meta->trigger_s == TIME_NONE)
        return annotations;
    struct text time = {0};
    text_add_rfc3339(&time, meta->trigger_s * NS_PER_S);
    annotations = labels_with(
        catalog, annotations, catalog_word(catalog, WORD_TRIGGER_TIME), catalog_sym(catalog, time.data));
    text_fini(&time);
    return annotations;
}
