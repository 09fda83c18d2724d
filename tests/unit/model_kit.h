/*
 * model_kit.h: what the tests of the model share: making endpoints and objects in a line, and random words.
 */
#ifndef EPSIM_TESTS_UNIT_MODEL_KIT_H
#define EPSIM_TESTS_UNIT_MODEL_KIT_H

#include "suite.h"

#include "base/mem.h"
#include "model/endpoints.h"
#include "model/endpointslice.h"

/* 2026-01-02T03:04:05Z, the time of O-71. */
#define KIT_TIME INT64_C(1767323045)
#define KIT_UID "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"

static inline struct uuid kit_uid(const char *text)
{
    struct uuid uid = {{0}};
    CU_ASSERT_FATAL(uuid_parse(text, strlen(text), &uid));
    return uid;
}

static inline struct ip kit_ip(const char *text)
{
    return ip_parse(text, strlen(text));
}

static inline const struct labels *kit_labels(
    struct catalog *catalog, const char *const *pairs, uint32_t count)
{
    struct label items[64];
    CU_ASSERT_FATAL(count <= 64);
    for (uint32_t i = 0; i < count; i++)
        items[i] = (struct label){catalog_sym(catalog, pairs[2 * i]), catalog_sym(catalog, pairs[2 * i + 1])};
    return labels_intern(catalog, items, count);
}

static inline struct port kit_port(
    struct catalog *catalog, const char *name, int32_t number, const char *protocol)
{
    return (struct port){
        .name = catalog_sym(catalog, name),
        .number = number,
        .protocol = catalog_sym(catalog, protocol),
        .set = PORT_NAME | PORT_NUMBER | PORT_PROTOCOL,
    };
}

/* An endpoint as the controllers make it of a pod in namespace default; ready and serving. */
static inline struct endpoint *kit_endpoint(
    struct catalog *catalog, const char *ip, const char *pod, const char *node, const char *zone)
{
    struct endpoint_draft draft = {
        .ready = CONDITION_TRUE,
        .serving = CONDITION_TRUE,
        .terminating = CONDITION_FALSE,
        .flags = ENDPOINT_ADDRESS_NODE_NAME | ENDPOINT_SLICE_NODE_NAME | ENDPOINT_ZONE,
        .ip = kit_ip(ip),
        .target = target_create(
            catalog, catalog_sym(catalog, "default"), pod, (uint32_t)strlen(pod), kit_uid(KIT_UID), NULL),
        .node_name = catalog_sym(catalog, node),
        .zone = catalog_sym(catalog, zone),
    };
    return endpoint_create(catalog, &draft);
}

/* A word of `length` letters, or with `odd` any characters: markup, accents, emoji. */
static inline sym kit_word(struct catalog *catalog, uint64_t *random, uint32_t length, bool odd)
{
    static const char *const pieces[] = {"a", "b", "Z", "0", "9", "-", ".", "/", "<", ">", "&", "\"", "\\",
        "\n", "\x01", "\xc3\xa9", "\xe6\x97\xa5", "\xf0\x9f\x98\x80", " ", ":", "\xe2\x80\xa8"};
    char text[1 << 15];
    size_t used = 0;
    while (used < length && used < sizeof text - 4) {
        const char *piece = pieces[suite_below(random, odd ? sizeof pieces / sizeof pieces[0] : 8)];
        memcpy(text + used, piece, strlen(piece));
        used += strlen(piece);
    }
    return sym_intern(catalog_symbols(catalog), text, used);
}

#endif
