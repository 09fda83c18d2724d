/*
 * requests.c: see requests.h.
 */
#include "engine/requests.h"

#include <string.h>

#include "base/hash.h"
#include "engine/endpoint_build.h"
#include "engine/repack.h"
#include "model/encode_json.h"

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
    if (engine->content_seen.endpoint != endpoint ||
        engine->content_seen.endpoints_made != engine->catalog->endpoints_made) {
        engine->content_seen.endpoint = endpoint;
        engine->content_seen.endpoints_made = engine->catalog->endpoints_made;
        engine->content_seen.hash = build_content_hash(engine->catalog, endpoint);
    }
    engine->content_hash = hash_mix(engine->content_hash, engine->content_seen.hash);
}

/* --- sizes ----------------------------------------------------------------------------------- */

#define LENGTH(literal) ((uint32_t)sizeof(literal) - 1)

static uint32_t event_type_length(enum verb verb)
{
    return verb == VERB_CREATE   ? LENGTH("ADDED")
           : verb == VERB_DELETE ? LENGTH("DELETED")
                                 : LENGTH("MODIFIED");
}

/* An object's bytes, and those of the event that tells of it, by the size model. */
struct request_size {
    uint64_t bytes, frame;
};

static struct request_size size_by_endpoints(uint64_t endpoints, uint32_t each)
{
    return (struct request_size){endpoints * each, endpoints * each};
}

/* O-31. */
static struct request_size size_by_json(uint64_t bytes, enum verb verb)
{
    return (struct request_size){
        bytes, LENGTH("{\"type\":\"\",\"object\":}\n") + event_type_length(verb) + bytes};
}

/* A write by one of our controllers changes no more than they do; after all others everything is measured. */
static void forget_size(struct size_memo *memo, enum controller controller, enum verb verb)
{
    if (verb == VERB_CREATE || (controller != CONTROLLER_ENDPOINTS && controller != CONTROLLER_ENDPOINTSLICE))
        *memo = (struct size_memo){0};
}

static struct request_size size_of_endpoints(
    struct engine *engine, struct endpoints *endpoints, uint32_t count, enum verb verb)
{
    struct request_size size = {0};
    switch (engine->config.size_model) {
    case SIZE_KEP:
        return size_by_endpoints(count, KEP_ENDPOINT_BYTES);
    case SIZE_BLOG:
        return size_by_endpoints(count, BLOG_ENDPOINT_BYTES);
    case SIZE_JSON: {
        struct subset_list view = {0};
        repack_view(engine->catalog, endpoints, engine->order, &view);
        size.bytes = encode_endpoints_json_bytes(engine->catalog, endpoints, &view);
        subset_list_fini(&view);
        return size_by_json(size.bytes, verb);
    }
    case SIZE_PROTOBUF:
        size.bytes = size_endpoints_again(engine->catalog, endpoints, &endpoints->sized);
        size.frame = size_watch_frame(size_envelope_endpoints(size.bytes), event_type_length(verb));
        break;
    }
    return size;
}

static struct request_size size_of_slice(
    const struct engine *engine, struct endpointslice *slice, enum verb verb)
{
    struct request_size size = {0};
    switch (engine->config.size_model) {
    case SIZE_KEP:
        return size_by_endpoints(slice->endpoints.count, KEP_ENDPOINT_BYTES);
    case SIZE_BLOG:
        return size_by_endpoints(slice->endpoints.count, BLOG_ENDPOINT_BYTES);
    case SIZE_JSON:
        return size_by_json(encode_endpointslice_json_bytes(engine->catalog, slice), verb);
    case SIZE_PROTOBUF:
        size.bytes = size_endpointslice_again(engine->catalog, slice, &slice->sized);
        size.frame = size_watch_frame(size_envelope_endpointslice(size.bytes), event_type_length(verb));
        break;
    }
    return size;
}

/* --- telling --------------------------------------------------------------------------------- */

static void tell_digest(struct engine *engine, const struct write *write, uint64_t version)
{
    struct digest *digest = &engine->clock->digest;
    const struct catalog *catalog = engine->catalog;
    digest_add(digest, (uint64_t)write->controller << 8 | write->verb);
    digest_add_hashed(
        digest, catalog_hash(catalog, write->namespace), catalog_length(catalog, write->namespace));
    digest_add_hashed(digest, catalog_hash(catalog, write->object), catalog_length(catalog, write->object));
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
    struct endpoints *endpoints, uint32_t added, uint32_t removed)
{
    uint32_t count = request_address_count(endpoints);
    forget_size(&endpoints->sized, controller, verb);
    struct request_size size = size_of_endpoints(engine, endpoints, count, verb);
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
        .bytes = size.bytes,
        .watchers = verb == VERB_NOOP ? 0 : watchers,
    };
    write.watch_bytes = write.watchers * size.frame;
    report(engine, &write, endpoints->meta.resource_version);
}

/* P-1: proxies do not watch slices of headless Services, so one watcher is left. */
static uint32_t slice_watchers(const struct engine *engine, bool is_headless)
{
    uint32_t watchers = engine->config.endpointslice_watchers;
    if (watchers == WATCHERS_DEFAULT)
        watchers = store_count(engine->store, OBJECT_NODE) + 1;
    return is_headless && watchers > 1 ? 1 : watchers;
}

void request_slice(struct engine *engine, enum controller controller, enum verb verb,
    struct endpointslice *slice, uint32_t added, uint32_t removed)
{
    uint32_t count = slice->endpoints.count;
    forget_size(&slice->sized, controller, verb);
    struct request_size size = size_of_slice(engine, slice, verb);
    bool is_headless = labels_get(slice->meta.labels, catalog_word(engine->catalog, WORD_HEADLESS), NULL);
    bool is_sample = controller == CONTROLLER_ENDPOINTSLICE && (verb == VERB_CREATE || verb == VERB_UPDATE) &&
                     !is_headless;
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
        .bytes = size.bytes,
        .watchers = verb == VERB_NOOP ? 0 : slice_watchers(engine, is_headless),
        .trigger_ns = is_sample ? engine->slice_trigger_ns : 0,
    };
    write.watch_bytes = write.watchers * size.frame;
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

void request_delete_slice(struct engine *engine, enum controller controller,
    const struct service_entry *service, struct endpointslice *slice)
{
    engine->deleting = controller;
    engine->deleting_for = service;
    store_delete_endpointslice(
        engine->store, slice->meta.namespace, slice->meta.name, controller == CONTROLLER_USER);
}

void request_event(struct engine *engine, struct kube_event *event)
{
    event->at_ns = clock_now(engine->clock);
    if (engine->is_timed && event->controller < (enum controller)TIMED_COUNT)
        token_bucket_take(&engine->clients[event->controller], event->at_ns); /* E-68, C-1 */
    for (uint32_t i = 0; i < engine->observer_count; i++) {
        if (engine->observers[i].on_event)
            engine->observers[i].on_event(engine->observers[i].self, event);
    }
}
