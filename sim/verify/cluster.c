/*
 * cluster.c: see cluster.h.
 */
#include "verify/cluster.h"

#include <string.h>

#include "base/sha256.h"
#include "model/encode.h"
#include "model/encode_json.h"
#include "verify/json_diff.h"
#include "verify/kube_json.h"

/* The object as protobuf and as JSON. */
struct encoded {
    const char *api_version;
    struct text protobuf, json;
};

static void encode_endpoints_object(struct arena *arena, struct catalog *catalog, const json_t *object,
    struct encoded *out, struct text *problems)
{
    struct endpoints *endpoints = kube_endpoints(catalog, object, problems);
    struct managed_list managed = kube_managed_fields(arena, catalog, object, problems);
    encode_endpoints(catalog, endpoints, &endpoints->subsets, &managed, &out->protobuf);
    json_tree_write_compact(
        encode_endpoints_json(arena, catalog, endpoints, &endpoints->subsets, &managed), &out->json);
    endpoints_destroy(endpoints);
    out->api_version = "v1";
}

static void encode_slice_object(struct arena *arena, struct catalog *catalog, const json_t *object,
    struct encoded *out, struct text *problems)
{
    struct endpointslice *slice = kube_endpointslice(catalog, object, problems);
    struct managed_list managed = kube_managed_fields(arena, catalog, object, problems);
    encode_endpointslice(catalog, slice, &managed, &out->protobuf);
    json_tree_write_compact(encode_endpointslice_json(arena, catalog, slice, &managed), &out->json);
    endpointslice_destroy(slice);
    out->api_version = "discovery.k8s.io/v1";
}

static void set_hash(struct cluster_sizes *out, const struct text *protobuf)
{
    static const char digits[] = "0123456789abcdef";
    struct sha256 sha;
    uint8_t hash[32];
    sha256_init(&sha);
    sha256_add(&sha, protobuf->data, protobuf->length);
    sha256_end(&sha, hash);
    for (int i = 0; i < 32; i++) {
        out->object_sha256[2 * i] = digits[hash[i] >> 4];
        out->object_sha256[2 * i + 1] = digits[hash[i] & 15];
    }
    out->object_sha256[64] = '\0';
}

/* Printed again, the object must be what was read, managedFields too. */
static void check_json(const json_t *object, const struct text *json, struct text *problems)
{
    json_t *again = json_loadb(json->data, json->length, 0, NULL);
    struct text differences = {0};
    if (!json_diff(object, again, NULL, &differences))
        text_printf(problems, "read and printed again:\n%s", differences.data);
    text_fini(&differences);
    json_decref(again);
}

bool cluster_encode(const json_t *object, const char *type, struct cluster_sizes *out, struct text *problems)
{
    *out = (struct cluster_sizes){0};
    const char *kind = json_string_value(json_object_get(object, "kind"));
    bool is_endpoints = kind && strcmp(kind, "Endpoints") == 0;
    if (!is_endpoints && (!kind || strcmp(kind, "EndpointSlice") != 0))
        return false;
    struct encoded encoded = {0};
    struct text enveloped = {0}, frame = {0}, ignored = {0};
    struct arena arena;
    arena_init(&arena);
    struct catalog *catalog = catalog_create();
    if (is_endpoints)
        encode_endpoints_object(&arena, catalog, object, &encoded, &ignored);
    else
        encode_slice_object(&arena, catalog, object, &encoded, &ignored);
    check_json(object, &encoded.json, problems);
    encode_envelope(encoded.api_version, kind, encoded.protobuf.data, encoded.protobuf.length, &enveloped);
    encode_watch_frame(type, enveloped.data, enveloped.length, &frame);
    out->object_bytes = encoded.protobuf.length;
    out->enveloped_bytes = enveloped.length;
    out->frame_bytes = frame.length;
    out->json_bytes = encoded.json.length;
    set_hash(out, &encoded.protobuf);
    text_fini(&encoded.protobuf);
    text_fini(&encoded.json);
    text_fini(&enveloped);
    text_fini(&frame);
    text_fini(&ignored);
    catalog_destroy(catalog);
    arena_fini(&arena);
    return true;
}

static bool same_number(const json_t *write, const char *name, uint64_t got, struct text *why)
{
    const json_t *want = json_object_get(write, name);
    if (json_is_integer(want) && (uint64_t)json_integer_value(want) == got)
        return true;
    text_printf(why, ".%s: expected ", name);
    json_diff_add_value(why, want);
    text_printf(why, ", got %llu\n", (unsigned long long)got);
    return false;
}

bool cluster_compare(const json_t *write, const struct cluster_sizes *got, struct text *why)
{
    bool same = same_number(write, "object_bytes", got->object_bytes, why);
    same = same_number(write, "enveloped_bytes", got->enveloped_bytes, why) && same;
    same = same_number(write, "frame_bytes", got->frame_bytes, why) && same;
    same = same_number(write, "json_bytes", got->json_bytes, why) && same;
    const char *type = json_string_value(json_object_get(write, "type"));
    /* {"type":"MODIFIED","object":{...}} and a newline (O-31). */
    uint64_t frame = got->json_bytes + strlen("{\"type\":\"\",\"object\":}\n") + (type ? strlen(type) : 0);
    if (json_object_get(write, "json_frame_bytes"))
        same = same_number(write, "json_frame_bytes", frame, why) && same;
    const char *hash = json_string_value(json_object_get(write, "object_sha256"));
    if (!hash || strcmp(hash, got->object_sha256) != 0) {
        text_printf(
            why, ".object_sha256: expected %s, got %s\n", hash ? hash : "nothing", got->object_sha256);
        same = false;
    }
    return same;
}
