/*
 * program_script.c: see program_script.h. Manifests are what `epsim get -o yaml` prints, but for what a file
 * cannot say: a container has one port, so that several may have one name.
 */
#include "model/program_script.h"

#include <inttypes.h>
#include <string.h>

#include "base/calendar.h"
#include "base/json_yaml.h"
#include "model/encode_json.h"
#include "model/encode_user_json.h"
#include "model/object.h"
#include "model/program.h"

/* An object of a user's needs some uid, or the run of the file would draw one for it; the server gives
 * another. */
#define UID_NOBODY_USES "00000000-0000-4000-8000-000000000000"

void script_init(struct program_script *script)
{
    *script = (struct program_script){.end_ns = 0};
}

void script_fini(struct program_script *script)
{
    text_fini(&script->starting_state);
    text_fini(&script->events);
    text_fini(&script->changes);
}

/* --- manifests --- */

static void add_yaml(struct text *out, const struct json_tree *json, const char *indent)
{
    struct text yaml = {0};
    json_tree_write_yaml(json, &yaml);
    for (const char *line = yaml.data; *line;) {
        const char *end = strchr(line, '\n');
        if (end > line) /* no blanks at the end of an empty line */
            text_add(out, indent);
        text_add_bytes(out, line, (size_t)(end - line) + 1);
        line = end + 1;
    }
    text_fini(&yaml);
}

static void add_apply(struct program_script *script, struct arena *arena, const struct json_tree *json)
{
    text_add(&script->changes, "    - apply:\n");
    add_yaml(&script->changes, json, "        ");
    arena_fini(arena);
}

static void add_document(struct program_script *script, struct arena *arena, const struct json_tree *json)
{
    text_add(&script->starting_state, "---\n");
    add_yaml(&script->starting_state, json, "");
    arena_fini(arena);
}

static void empty_array(struct json_tree *array)
{
    array->count = 0;
    array->value.children.first = array->value.children.last = NULL;
}

/* What says nothing in a file. */
static void drop_member(struct json_tree *object, const char *key)
{
    struct json_tree *member = object->value.children.first;
    empty_array(object);
    while (member) {
        struct json_tree *next = member->next;
        member->next = NULL;
        if (strcmp(member->key, key) != 0)
            json_tree_set(object, member->key, member);
        member = next;
    }
}

static struct json_tree *pod_tree(struct arena *arena, const struct catalog *catalog, const struct pod *pod)
{
    arena_init(arena);
    struct json_tree *json = encode_pod_json(arena, catalog, pod);
    drop_member(json_tree_get(json, "metadata"), "resourceVersion");
    struct json_tree *containers = json_tree_get(json_tree_get(json, "spec"), "containers");
    if (!containers)
        return json;
    struct json_tree *port = json_tree_get(containers->value.children.first, "ports")->value.children.first;
    empty_array(containers);
    while (port) {
        struct json_tree *next = port->next, *ports = json_tree_array(arena);
        struct json_tree *container = json_tree_object(arena);
        port->next = NULL;
        json_tree_add(ports, port);
        json_tree_set(container, "ports", ports);
        json_tree_add(containers, container);
        port = next;
    }
    return json;
}

static struct json_tree *service_tree(
    struct arena *arena, const struct catalog *catalog, const struct service *service)
{
    arena_init(arena);
    struct json_tree *json = encode_service_json(arena, catalog, service);
    drop_member(json_tree_get(json, "metadata"), "resourceVersion");
    drop_member(json, "status");
    return json;
}

static struct json_tree *node_tree(
    struct arena *arena, const struct catalog *catalog, const struct node *node)
{
    arena_init(arena);
    struct json_tree *json = encode_node_json(arena, catalog, node);
    drop_member(json_tree_get(json, "metadata"), "resourceVersion");
    return json;
}

static void give_uid(struct meta *meta)
{
    if (uid_is_none(meta->uid, meta->uid_text))
        uuid_parse(UID_NOBODY_USES, strlen(UID_NOBODY_USES), &meta->uid);
    meta->resource_version = 0;
}

static struct json_tree *endpoints_tree(
    struct arena *arena, const struct catalog *catalog, const struct endpoints *endpoints)
{
    struct endpoints copy = *endpoints; /* shallow */
    arena_init(arena);
    give_uid(&copy.meta);
    return encode_endpoints_json(arena, catalog, &copy, &copy.subsets, NULL);
}

static struct json_tree *slice_tree(
    struct arena *arena, const struct catalog *catalog, const struct endpointslice *slice)
{
    struct endpointslice copy = *slice; /* shallow */
    arena_init(arena);
    give_uid(&copy.meta);
    return encode_endpointslice_json(arena, catalog, &copy, NULL);
}

/* --- changes --- */

void script_delete(struct program_script *script, const struct catalog *catalog, const char *kind,
    sym namespace, const char *name)
{
    if (!script)
        return;
    const char *space = catalog_text(catalog, namespace);
    bool plain = !*space || !strcmp(space, "default");
    text_printf(
        &script->changes, "    - {delete: %s%s%s/%s}\n", plain ? "" : space, plain ? "" : "/", kind, name);
}

/* What an API server lets nobody change. */
static bool is_another(const struct pod *old, const struct pod *pod)
{
    return !object_same_uid(OBJECT_POD, old, pod) || old->node_name != pod->node_name ||
           pod_hostname(old) != pod_hostname(pod) || pod_subdomain(old) != pod_subdomain(pod) ||
           pod_container_ports(old) != pod_container_ports(pod);
}

void script_put_pod(
    struct program_script *script, struct store *store, const struct pod *old, const struct pod *pod)
{
    if (!script)
        return;
    struct arena arena;
    if (old && is_another(old, pod))
        script_delete(
            script, store_catalog(store), "pod", pod_self(old)->namespace, target_name_here(pod_self(old)));
    struct json_tree *json = pod_tree(&arena, store_catalog(store), pod);
    add_apply(script, &arena, json);
}

void script_relist(struct program_script *script)
{
    if (script)
        script->relist = true;
}

void script_put_service(
    struct program_script *script, const struct catalog *catalog, const struct service *service)
{
    if (!script)
        return;
    struct arena arena;
    struct json_tree *json = service_tree(&arena, catalog, service);
    add_apply(script, &arena, json);
}

void script_put_node(struct program_script *script, const struct catalog *catalog, const struct node *node)
{
    if (!script)
        return;
    struct arena arena;
    struct json_tree *json = node_tree(&arena, catalog, node);
    add_apply(script, &arena, json);
}

void script_write_endpoints(
    struct program_script *script, const struct catalog *catalog, const struct endpoints *endpoints)
{
    if (!script)
        return;
    struct arena arena;
    struct json_tree *json = endpoints_tree(&arena, catalog, endpoints);
    add_apply(script, &arena, json);
}

void script_write_slice(
    struct program_script *script, const struct catalog *catalog, const struct endpointslice *slice)
{
    if (!script)
        return;
    struct arena arena;
    struct json_tree *json = slice_tree(&arena, catalog, slice);
    add_apply(script, &arena, json);
}

void script_end_event(struct program_script *script, sim_time at_ns)
{
    if (!script)
        return;
    script->end_ns = at_ns;
    if (script->changes.length > 0) {
        text_add(&script->events, "  - at: ");
        text_add_duration(&script->events, at_ns);
        text_printf(&script->events, "\n%s    together:\n%s", script->relist ? "    relist: true\n" : "",
            script->changes.data);
    }
    text_clear(&script->changes);
    script->relist = false;
}

/* --- the starting state --- */

struct starting_walk {
    struct program_script *script;
    const struct catalog *catalog;
};

static bool add_service(void *context, const void *object)
{
    struct starting_walk *walk = context;
    struct arena arena;
    struct json_tree *json = service_tree(&arena, walk->catalog, object);
    add_document(walk->script, &arena, json);
    return true;
}

static bool add_node(void *context, const void *object)
{
    struct starting_walk *walk = context;
    struct arena arena;
    struct json_tree *json = node_tree(&arena, walk->catalog, object);
    add_document(walk->script, &arena, json);
    walk->script->has_nodes = true;
    return true;
}

static bool add_pod(void *context, const void *object)
{
    struct starting_walk *walk = context;
    struct arena arena;
    struct json_tree *json = pod_tree(&arena, walk->catalog, object);
    add_document(walk->script, &arena, json);
    return true;
}

static bool add_endpoints(void *context, const void *object)
{
    struct starting_walk *walk = context;
    struct arena arena;
    struct json_tree *json = endpoints_tree(&arena, walk->catalog, object);
    add_document(walk->script, &arena, json);
    return true;
}

static bool add_slice(void *context, const void *object)
{
    struct starting_walk *walk = context;
    struct arena arena;
    struct json_tree *json = slice_tree(&arena, walk->catalog, object);
    add_document(walk->script, &arena, json);
    return true;
}

void script_start(struct program_script *script, struct store *store)
{
    if (!script)
        return;
    struct starting_walk walk = {script, store_catalog(store)};
    store_each(store, OBJECT_NODE, SYM_EMPTY, add_node, &walk);
    store_each(store, OBJECT_SERVICE, SYM_EMPTY, add_service, &walk);
    store_each(store, OBJECT_POD, SYM_EMPTY, add_pod, &walk);
    store_each(store, OBJECT_ENDPOINTS, SYM_EMPTY, add_endpoints, &walk);
    store_each(store, OBJECT_ENDPOINTSLICE, SYM_EMPTY, add_slice, &walk);
}

/* --- the file --- */

static void add_period(struct text *out, const char *name, int64_t ns)
{
    if (ns == 0)
        return;
    text_printf(out, "    %s: ", name);
    text_add_duration(out, ns);
    text_add(out, "\n");
}

static void add_settings(const struct program_script *script, const struct program *program, struct text *out)
{
    const struct engine_config *config = &program->config;
    text_printf(out, "  seed: %" PRIu64 "\n  until: ", program->seed);
    text_add_duration(out, script->end_ns);
    text_printf(out, "\n  kube: \"1.%u\"\n  choices: %s\n", config->kube_minor,
        config->choices == CHOICE_FIXED ? "fixed" : "random");
    text_printf(out, "  nodes: {%slifecycle: false}\n", script->has_nodes ? "" : "count: 0, ");
    text_printf(out, "  controllers:\n    maxEndpointsPerSlice: %u\n", config->endpoints_per_slice_max);
    if (config->endpoints_capacity == UINT32_MAX)
        text_add(out, "    endpointsCapacity: none\n");
    else
        text_printf(out, "    endpointsCapacity: %u\n", config->endpoints_capacity);
    text_printf(out, "    mirroringMaxEndpointsPerSubset: %u\n", config->mirroring_endpoints_per_subset_max);
    add_period(out, "endpointUpdatesBatchPeriod", config->endpoint_updates_batch_period_ns);
    add_period(out, "endpointSliceUpdatesBatchPeriod", config->endpointslice_updates_batch_period_ns);
    add_period(out, "mirroringEndpointSliceUpdatesBatchPeriod",
        config->mirroring_endpointslice_updates_batch_period_ns);
}

static void add_comment(struct text *out, const char *about)
{
    while (*about) {
        const char *end = strchr(about, '\n');
        size_t length = end ? (size_t)(end - about) : strlen(about);
        text_add(out, length ? "# " : "#");
        text_add_bytes(out, about, length);
        text_add(out, "\n");
        about += length + (end != NULL);
    }
}

void script_write(
    const struct program_script *script, const struct program *program, const char *about, struct text *out)
{
    add_comment(out, about);
    text_add(out, "apiVersion: epsim.dev/v1\nkind: Scenario\nmetadata: {name: program}\nspec:\n");
    add_settings(script, program, out);
    text_add(out, script->events.length ? "  events:\n" : "  events: []\n");
    text_add(out, script->events.length ? script->events.data : "");
    text_add(out, script->starting_state.length ? script->starting_state.data : "");
}
