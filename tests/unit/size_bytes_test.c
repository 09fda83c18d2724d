/*
 * size_bytes_test.c: size.c against the encoders, which write the bytes, on random objects: words that cross
 * the borders of varints, odd characters, absent and negative ports, hand-written references, hints, every
 * kind of address.
 */
#include "model_kit.h"

#include "model/encode.h"
#include "model/encode_json.h"
#include "model/size.h"

static struct catalog *catalog;

/* Lengths around the borders of varints, short ones mostly. */
static uint32_t random_length(uint64_t *random)
{
    static const uint32_t borders[] = {0, 1, 120, 126, 127, 128, 129, 16376, 16383, 16384};
    return suite_below(random, 12) ? suite_below(random, 30) : borders[suite_below(random, 10)];
}

static sym random_word(uint64_t *random)
{
    return kit_word(catalog, random, random_length(random), suite_below(random, 3) == 0);
}

static const struct labels *random_map(uint64_t *random, uint32_t count_max)
{
    struct label items[12];
    uint32_t count = suite_below(random, count_max + 1);
    for (uint32_t i = 0; i < count; i++) /* keys are names: letters, digits and - . / alone */
        items[i] = (struct label){
            kit_word(catalog, random, 1 + suite_below(random, 70), false), random_word(random)};
    return labels_intern(catalog, items, count);
}

static void random_uid(uint64_t *random, struct uuid *out_uid, sym *out_text)
{
    *out_uid = (struct uuid){{0}};
    *out_text = SYM_EMPTY;
    uint32_t what = suite_below(random, 8);
    if (what == 0)
        *out_text = kit_word(catalog, random, suite_below(random, 140), false);
    else if (what > 1) {
        uint64_t high = suite_random(random), low = suite_random(random);
        *out_uid = uuid_from_random(high, low);
    }
}

static int64_t random_time(uint64_t *random)
{
    return suite_below(random, 4) ? (int64_t)suite_below(random, 4000000000u) : TIME_NONE;
}

static void random_meta(uint64_t *random, struct meta *meta)
{
    meta->namespace = random_word(random);
    meta->name = random_word(random);
    meta->generate_name = suite_below(random, 2) ? random_word(random) : SYM_EMPTY;
    random_uid(random, &meta->uid, &meta->uid_text);
    meta->resource_version = suite_random(random) >> suite_below(random, 64);
    meta->generation = suite_below(random, 2) ? (int64_t)suite_below(random, 100000) : 0;
    meta->created_s = random_time(random);
    meta->deletion_s = suite_below(random, 5) ? TIME_NONE : random_time(random);
    meta->trigger_s = random_time(random);
    meta->labels = random_map(random, 8);
    meta->annotations = random_map(random, 3);
}

/* Finalizers and the like, for some. Endpoints may have owners here. */
static void random_rest(uint64_t *random, struct meta *meta, bool may_have_owners)
{
    if (suite_below(random, 4))
        return;
    struct meta_rest *rest = arena_alloc(&catalog->arena, sizeof *rest);
    sym *finalizers = arena_alloc(&catalog->arena, 3 * sizeof *finalizers);
    struct owner *owner = arena_alloc(&catalog->arena, sizeof *owner);
    *rest = (struct meta_rest){
        .self_link = suite_below(random, 2) ? random_word(random) : SYM_EMPTY,
        .has_grace = suite_below(random, 2),
        .grace_s = (int64_t)suite_below(random, 100000),
        .finalizer_count = suite_below(random, 4),
        .finalizers = finalizers,
        .owner_count = may_have_owners ? suite_below(random, 2) : 0,
        .owners = owner,
    };
    for (uint32_t i = 0; i < rest->finalizer_count; i++)
        finalizers[i] = random_word(random);
    *owner = (struct owner){
        random_word(random), random_word(random), random_word(random), {{0}}, random_word(random), 1, -1};
    meta->rest = rest;
}

static sym *random_words(uint64_t *random, uint32_t count)
{
    sym *words = mem_array(NULL, count, sizeof *words);
    for (uint32_t i = 0; i < count; i++)
        words[i] = random_word(random);
    return words;
}

static struct target *random_target(uint64_t *random)
{
    struct target_extra extra = {.kind = word_sym(WORD_POD)};
    struct uuid uid;
    random_uid(random, &uid, &extra.uid_text);
    if (suite_below(random, 4) == 0) {
        extra.kind = random_word(random);
        extra.api_version = random_word(random);
        extra.resource_version = random_word(random);
        extra.field_path = random_word(random);
    }
    sym name = random_word(random);
    return target_create(catalog, random_word(random), catalog_text(catalog, name),
        catalog_length(catalog, name), uid, &extra);
}

static struct endpoint *random_endpoint(uint64_t *random)
{
    struct endpoint_draft draft = {
        .ready = (uint8_t)suite_below(random, 3),
        .serving = (uint8_t)suite_below(random, 3),
        .terminating = (uint8_t)suite_below(random, 3),
        .flags = (uint8_t)suite_below(random, 16),
        .ip = ip_from_v4((uint32_t)suite_random(random)),
        .hostname = suite_below(random, 2) ? random_word(random) : SYM_EMPTY,
        .node_name = random_word(random),
        .zone = random_word(random),
    };
    if (suite_below(random, 4) == 0) {
        draft.ip.family = IP_V6;
        for (uint32_t i = 0; i < 16; i++)
            draft.ip.bytes[i] = (uint8_t)(suite_below(random, 3) ? 0 : suite_random(random));
    }
    if (suite_below(random, 5))
        draft.target = random_target(random);
    if (suite_below(random, 4) == 0) {
        draft.extra = mem_zalloc(sizeof *draft.extra);
        draft.extra->address_count = suite_below(random, 4);
        draft.extra->addresses = random_words(random, draft.extra->address_count);
        draft.extra->deprecated_topology = suite_below(random, 2) ? random_map(random, 3) : NULL;
        draft.extra->has_hints = suite_below(random, 2);
        draft.extra->zone_hint_count = suite_below(random, 4);
        draft.extra->zone_hints = random_words(random, draft.extra->zone_hint_count);
        draft.extra->node_hint_count = suite_below(random, 3);
        draft.extra->node_hints = random_words(random, draft.extra->node_hint_count);
    }
    return endpoint_create(catalog, &draft);
}

static const struct port_list *random_ports(uint64_t *random)
{
    static const int32_t numbers[] = {-1, 0, 1, 127, 128, 8080, 16384, 65535, INT32_MIN, INT32_MAX};
    struct port ports[6] = {{0}};
    uint32_t count = suite_below(random, 6);
    for (uint32_t i = 0; i < count; i++)
        ports[i] = (struct port){.name = random_word(random),
            .protocol = random_word(random),
            .app_protocol = random_word(random),
            .number = numbers[suite_below(random, 10)],
            .set = (uint8_t)suite_below(random, 16)};
    return ports_intern(catalog, ports, count);
}

static void test_random_endpoints(void)
{
    uint64_t random = suite_seed();
    struct text out = {0};
    for (uint32_t round = 0; round < 400; round++) {
        struct arena arena;
        arena_init(&arena);
        struct endpoints *endpoints = endpoints_create(catalog);
        random_meta(&random, &endpoints->meta);
        random_rest(&random, &endpoints->meta, true);
        endpoints->is_explicit = true;
        endpoints->over_capacity = suite_below(&random, 2);
        endpoints->manager = suite_below(&random, 2) ? random_word(&random) : SYM_EMPTY;
        uint32_t subset_count = suite_below(&random, 4);
        for (uint32_t i = 0; i < subset_count; i++) {
            struct subset subset = {.ports = random_ports(&random)};
            for (uint32_t k = suite_below(&random, 8); k > 0; k--)
                vec_push(&subset.addresses, random_endpoint(&random));
            for (uint32_t k = suite_below(&random, 4); k > 0; k--)
                vec_push(&subset.not_ready_addresses, random_endpoint(&random));
            vec_push(&endpoints->subsets.items, subset);
        }
        struct managed_list managed = managed_of_endpoints(&arena, catalog, endpoints, SIZE_TIME_ANY);
        text_clear(&out);
        encode_endpoints(catalog, endpoints, &endpoints->subsets, NULL, &out);
        CU_ASSERT_EQUAL_FATAL(size_endpoints_sent(catalog, endpoints), out.length);
        text_clear(&out);
        encode_endpoints(catalog, endpoints, &endpoints->subsets, &managed, &out);
        CU_ASSERT_EQUAL_FATAL(size_endpoints(catalog, endpoints), out.length);
        /* The same as a JSON text: its length is counted as it is written. */
        struct text json = {0};
        json_tree_write_compact(
            encode_endpoints_json(&arena, catalog, endpoints, &endpoints->subsets, &managed), &json);
        CU_ASSERT_EQUAL_FATAL(
            encode_endpoints_json_bytes(catalog, endpoints, &endpoints->subsets), json.length);
        text_fini(&json);
        endpoints_destroy(endpoints);
        arena_fini(&arena);
    }
    text_fini(&out);
}

static void test_random_slices(void)
{
    uint64_t random = suite_seed() + 1;
    struct text out = {0};
    for (uint32_t round = 0; round < 400; round++) {
        struct arena arena;
        arena_init(&arena);
        struct endpointslice *slice = endpointslice_create(catalog);
        random_meta(&random, &slice->meta);
        random_rest(&random, &slice->meta, false);
        slice->address_type = (enum address_type)suite_below(&random, 3);
        slice->manager = suite_below(&random, 2) ? random_word(&random) : SYM_EMPTY;
        slice->had_endpoints = suite_below(&random, 2);
        slice->had_ports = suite_below(&random, 2);
        slice->owner_count = suite_below(&random, 3);
        slice->owners = mem_zalloc(2 * sizeof *slice->owners);
        for (uint32_t i = 0; i < slice->owner_count; i++) {
            struct owner *owner = &slice->owners[i];
            owner->kind = random_word(&random);
            owner->name = random_word(&random);
            owner->api_version = random_word(&random);
            random_uid(&random, &owner->uid, &owner->uid_text);
            owner->controller = (int8_t)((int)suite_below(&random, 3) - 1);
            owner->block_owner_deletion = (int8_t)((int)suite_below(&random, 3) - 1);
        }
        slice->ports = random_ports(&random);
        for (uint32_t k = suite_below(&random, 12); k > 0; k--)
            endpointslice_append(slice, random_endpoint(&random));
        struct managed_list managed = managed_of_endpointslice(&arena, catalog, slice, SIZE_TIME_ANY);
        text_clear(&out);
        encode_endpointslice(catalog, slice, NULL, &out);
        CU_ASSERT_EQUAL_FATAL(size_endpointslice_sent(catalog, slice), out.length);
        text_clear(&out);
        encode_endpointslice(catalog, slice, &managed, &out);
        CU_ASSERT_EQUAL_FATAL(size_endpointslice(catalog, slice), out.length);
        struct text json = {0};
        json_tree_write_compact(encode_endpointslice_json(&arena, catalog, slice, &managed), &json);
        CU_ASSERT_EQUAL_FATAL(encode_endpointslice_json_bytes(catalog, slice), json.length);
        text_fini(&json);
        endpointslice_destroy(slice);
        arena_fini(&arena);
    }
    text_fini(&out);
}

int main(void)
{
    static const struct suite_test tests[] = {
        {"Endpoints", test_random_endpoints},
        {"slices", test_random_slices},
    };
    catalog = catalog_create();
    int result = suite_main("size_bytes", tests, sizeof tests / sizeof tests[0]);
    catalog_destroy(catalog);
    return result;
}
