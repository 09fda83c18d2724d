/*
 * requests.c: see requests.h.
 */
#include "engine/requests.h"

#include "base/hash.h"
#include "engine/endpoint_build.h"

#define KEP_ENDPOINT_BYTES 100
#define BLOG_ENDPOINT_BYTES 300

const char *controller_text(enum controller controller)
{
    static const char *const texts[CONTROLLER_COUNT] = {
        "endpoints", "endpointslice", "mirroring", "garbage-collector", "user"};
    return texts[controller];
}

const char *verb_text(enum verb verb)
{
    static const char *const texts[VERB_COUNT] = {"create", "update", "delete", "noop"};
    return texts[verb];
}

void request_content(struct engine *engine, const struct endpoint *endpoint)
{
    engine->content_hash = hash_mix(engine->content_hash, build_content_hash(engine->catalog, endpoint));
}

static uint32_t event_type_length(enum verb verb)
{
    switch (verb) {
    case VERB_CREATE:
        return sizeof "ADDED" - 1;
    case VERB_DELETE:
        return sizeof "DELETED" - 1;
    default:
        return sizeof "MODIFIED" - 1;
    }
}

/* Bytes by the size model; `protobuf_bytes` when it is protobuf. */
static uint64_t model_bytes(const struct engine *engine, uint64_t protobuf_bytes, uint32_t endpoints)
{
    switch (engine->config.size_model) {
    case SIZE_KEP:
        return (uint64_t)KEP_ENDPOINT_BYTES * endpoints;
    case SIZE_BLOG:
        return (uint64_t)BLOG_ENDPOINT_BYTES * endpoints;
    default:
        return protobuf_bytes;
    }
}

static void tell_digest(struct engine *engine, const struct write *write, uint64_t version)
{
    struct digest *digest = &engine->clock->digest;
    const struct catalog *catalog = engine->catalog;
    digest_add(digest, (uint64_t)write->controller << 8 | write->verb);
    digest_add_bytes(
        digest, catalog_text(catalog, write->namespace), catalog_length(catalog, write->namespace));
    digest_add_bytes(digest, catalog_text(catalog, write->object), catalog_length(catalog, write->object));
    digest_add(digest, write->endpoints);
    digest_add(digest, write->bytes);
    digest_add(digest, version);
    digest_add(digest, engine->content_hash);
    engine->content_hash = 0;
}

/* Fills in what is common, and tells everybody. */
static void report(struct engine *engine, struct write *write, uint64_t version)
{
    write->at_ns = clock_now(engine->clock);
    write->sequence = ++engine->write_sequence;
    tell_digest(engine, write, version);
    struct engine_totals *totals = &engine->totals;
    totals->writes[write->controller][write->verb]++;
    if (write->verb != VERB_NOOP)
        totals->bytes[write->controller] += write->bytes;
    totals->watch_bytes[write->controller] += write->watch_bytes;
    for (uint32_t i = 0; i < engine->observer_count; i++) {
        if (engine->observers[i].on_write)
            engine->observers[i].on_write(engine->observers[i].self, write);
    }
}

uint32_t request_address_count(const struct endpoints *endpoints)
{
    return endpoints->is_explicit ? subset_list_address_count(&endpoints->subsets) : endpoints->address_count;
}

void request_endpoints(struct engine *engine, enum controller controller, enum verb verb,
    const struct endpoints *endpoints, uint32_t added, uint32_t removed)
{
    uint32_t count = request_address_count(endpoints);
    uint64_t bytes = size_endpoints(engine->catalog, endpoints);
    uint64_t frame = size_watch_frame(size_envelope_endpoints(bytes), event_type_length(verb));
    if (engine->config.size_model != SIZE_PROTOBUF)
        frame = model_bytes(engine, bytes, count);
    uint32_t watchers = engine->config.endpoints_watchers;
    if (watchers == WATCHERS_DEFAULT)
        watchers = store_count(engine->store, OBJECT_NODE);
    struct write write = {
        .controller = controller,
        .verb = verb,
        .namespace = endpoints->meta.namespace,
        .service = endpoints->meta.name,
        .object = endpoints->meta.name,
        .endpoints = verb == VERB_DELETE ? 0 : count,
        .endpoints_added = added,
        .endpoints_removed = removed,
        .bytes = model_bytes(engine, bytes, count),
        .watchers = verb == VERB_NOOP ? 0 : watchers,
    };
    write.watch_bytes = write.watchers * frame;
    report(engine, &write, endpoints->meta.resource_version);
}

/* P-1: proxies do not watch slices of headless Services, so one watcher is left. */
static uint32_t slice_watchers(const struct engine *engine, const struct endpointslice *slice)
{
    bool is_headless = labels_get(slice->meta.labels, catalog_word(engine->catalog, WORD_HEADLESS), NULL);
    uint32_t watchers = engine->config.endpointslice_watchers;
    if (watchers == WATCHERS_DEFAULT)
        watchers = store_count(engine->store, OBJECT_NODE) + 1;
    return is_headless && watchers > 1 ? 1 : watchers;
}

void request_slice(struct engine *engine, enum controller controller, enum verb verb,
    const struct endpointslice *slice, uint32_t added, uint32_t removed)
{
    uint32_t count = slice->endpoints.count;
    uint64_t bytes = size_endpointslice(engine->catalog, slice);
    uint64_t frame = size_watch_frame(size_envelope_endpointslice(bytes), event_type_length(verb));
    if (engine->config.size_model != SIZE_PROTOBUF)
        frame = model_bytes(engine, bytes, count);
    sym service = SYM_EMPTY;
    labels_get(slice->meta.labels, catalog_word(engine->catalog, WORD_SERVICE_NAME), &service);
    struct write write = {
        .controller = controller,
        .verb = verb,
        .namespace = slice->meta.namespace,
        .service = service,
        .object = slice->meta.name,
        .slice = slice,
        .endpoints = verb == VERB_DELETE ? 0 : count,
        .endpoints_added = added,
        .endpoints_removed = removed,
        .bytes = model_bytes(engine, bytes, count),
        .watchers = verb == VERB_NOOP ? 0 : slice_watchers(engine, slice),
    };
    write.watch_bytes = write.watchers * frame;
    report(engine, &write, slice->meta.resource_version);
}

/* A deleted object is there until the watchers have been told; the informer reports it, as the engine is one
 * of them. */
void request_delete_endpoints(struct engine *engine, enum controller controller, struct endpoints *endpoints)
{
    engine->deleting = controller;
    store_delete_endpoints(
        engine->store, endpoints->meta.namespace, endpoints->meta.name, controller == CONTROLLER_USER);
}

void request_delete_slice(struct engine *engine, enum controller controller, struct endpointslice *slice)
{
    engine->deleting = controller;
    store_delete_endpointslice(
        engine->store, slice->meta.namespace, slice->meta.name, controller == CONTROLLER_USER);
}
