/*
 * step.c: see step.h.
 */
#include "verify/step.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "verify/kube_inputs.h"
#include "verify/kube_json.h"
#include "verify/recording.h"

/* --- the head --- */

static bool read_controller(struct step *step, struct text *message)
{
    static const char *const names[] = {"endpoints", "endpointslice", "endpointslicemirroring"};
    const char *text = recording_text(step->line, "controller");
    for (int c = 0; c < 3; c++) {
        if (strcmp(text, names[c]) == 0) {
            step->controller = (enum controller)c;
            return true;
        }
    }
    text_printf(message,
        "\"controller\" is \"%.40s\"; expected endpoints, endpointslice or endpointslicemirroring", text);
    return false;
}

static bool read_key(struct step *step, struct text *message)
{
    const char *key = recording_text(step->line, "key");
    const char *slash = strchr(key, '/');
    if (!slash || slash == key || !slash[1] || strchr(slash + 1, '/')) {
        text_printf(message, "\"key\" is \"%.80s\"; expected NAMESPACE/NAME", key);
        return false;
    }
    step->namespace = mem_strndup(key, (size_t)(slash - key));
    step->service = mem_strndup(slash + 1, strlen(slash + 1));
    return true;
}

static bool read_server(struct step *step, struct text *message)
{
    const json_t *server = json_object_get(step->line, "server");
    int64_t ns;
    if (!recording_time(server, "time", &ns, message))
        return false;
    step->now_s = ns / NS_PER_S;
    const char *version = recording_text(server, "resourceVersion");
    if (strspn(version, "0123456789") != strlen(version) || !*version || strlen(version) > 18) {
        text_printf(message, "\"resourceVersion\" is \"%.40s\"; expected a number as a string", version);
        return false;
    }
    step->resource_version = strtoull(version, NULL, 10);
    step->trigger_s = TIME_NONE;
    if (*recording_text(step->line, "triggerTime")) {
        if (!recording_time(step->line, "triggerTime", &ns, message))
            return false;
        step->trigger_s = ns / NS_PER_S;
    }
    return true;
}

bool step_read(struct step *step, const json_t *line, struct text *message)
{
    *step = (struct step){
        .line = line,
        .name = recording_text(line, "case"),
        .about = recording_text(line, "about"),
        .had_hints = json_is_true(json_object_get(line, "hadHints")),
        .has_want = recording_object(line, "want") != NULL,
    };
    return read_controller(step, message) && read_key(step, message) &&
           recording_config(&step->config, line, message) && read_server(step, message);
}

void step_fini(struct step *step)
{
    free(step->namespace);
    free(step->service);
}

bool step_hints_are_open(const struct step *step)
{
    static const char prefix[] = "service.kubernetes.io/topology-";
    if (step->controller != CONTROLLER_ENDPOINTSLICE)
        return false;
    const json_t *metadata = json_object_get(json_object_get(step->line, "service"), "metadata");
    const char *key;
    json_t *value;
    json_object_foreach(json_object_get(metadata, "annotations"), key, value)
    {
        (void)value;
        if (strncmp(key, prefix, sizeof prefix - 1) == 0)
            return true;
    }
    return false;
}

/* --- the caches before --- */

static bool has_slice(const struct step_state *state, const struct endpointslice *slice)
{
    for (uint32_t i = 0; i < state->slices.count; i++) {
        const struct meta *meta = &state->slices.items[i]->meta;
        if (meta->name == slice->meta.name && meta->namespace == slice->meta.namespace)
            return true;
    }
    return false;
}

static void read_slices(
    struct step_state *state, struct catalog *catalog, const json_t *list, struct text *problems)
{
    size_t i;
    const json_t *item;
    json_array_foreach(list, i, item)
    {
        if (!recording_has_name(item, true, "endpointSlices", problems))
            continue;
        struct endpointslice *slice = kube_endpointslice(catalog, item, problems);
        if (!has_slice(state, slice)) {
            vec_push(&state->slices, slice);
            continue;
        }
        text_printf(
            problems, "endpointSlices: two are named \"%s\"\n", catalog_text(catalog, slice->meta.name));
        endpointslice_destroy(slice);
    }
}

/* There is an object, and it is that of the key. */
static bool is_of_key(const struct step *step, const json_t *object, const char *where, struct text *problems)
{
    if (!object || json_is_null(object))
        return false;
    const json_t *metadata = json_object_get(object, "metadata");
    const char *namespace = recording_text(metadata, "namespace"), *name = recording_text(metadata, "name");
    if (strcmp(namespace, step->namespace) == 0 && strcmp(name, step->service) == 0)
        return true;
    text_printf(problems, "%s: is named \"%.80s/%.80s\", but the key is \"%s/%s\"\n", where, namespace, name,
        step->namespace, step->service);
    return false;
}

void step_state_read(
    struct step_state *state, struct catalog *catalog, const struct step *step, struct text *problems)
{
    const json_t *line = step->line, *item;
    const json_t *service = json_object_get(line, "service"), *endpoints = json_object_get(line, "endpoints");
    size_t i;
    *state = (struct step_state){0};
    if (is_of_key(step, service, "service", problems))
        state->service = kube_service(catalog, service, problems);
    json_array_foreach(json_object_get(line, "pods"), i, item)
    {
        if (recording_has_name(item, true, "pods", problems))
            vec_push(&state->pods, kube_pod(catalog, item, problems));
    }
    json_array_foreach(json_object_get(line, "nodes"), i, item)
    {
        if (recording_has_name(item, false, "nodes", problems))
            vec_push(&state->nodes, kube_node(catalog, item, problems));
    }
    if (is_of_key(step, endpoints, "endpoints", problems))
        state->endpoints = kube_endpoints(catalog, endpoints, problems);
    read_slices(state, catalog, json_object_get(line, "endpointSlices"), problems);
}

void step_state_fini(struct step_state *state)
{
    service_unref(state->service);
    for (uint32_t i = 0; i < state->pods.count; i++)
        pod_unref(state->pods.items[i]);
    for (uint32_t i = 0; i < state->nodes.count; i++)
        node_unref(state->nodes.items[i]);
    endpoints_destroy(state->endpoints);
    for (uint32_t i = 0; i < state->slices.count; i++)
        endpointslice_destroy(state->slices.items[i]);
    vec_fini(&state->pods);
    vec_fini(&state->nodes);
    vec_fini(&state->slices);
}

/* --- what is wanted --- */

static void read_write(struct step_want *want, struct catalog *catalog, const struct step *step,
    const json_t *json, struct text *problems)
{
    static const char *const verbs[] = {"create", "update", "delete"};
    const char *verb = recording_text(json, "verb");
    const json_t *object = recording_object(json, "object");
    struct kube_write write = {
        .verb = KUBE_DELETE,
        .noop = json_is_true(json_object_get(json, "noop")),
        .name = catalog_sym(catalog, recording_text(json, "name")),
        .protobuf_bytes = (uint64_t)json_integer_value(json_object_get(json, "protobuf")),
        .json_bytes = (uint64_t)json_integer_value(json_object_get(json, "json")),
    };
    for (int v = 0; v < 3; v++)
        write.verb = strcmp(verb, verbs[v]) == 0 ? (enum kube_verb)v : write.verb;
    if (strcmp(verb, verbs[write.verb]) != 0 || !object != (write.verb == KUBE_DELETE)) {
        text_printf(problems, "want.writes: a \"%.40s\" %s object cannot be held against anything\n", verb,
            object ? "with an" : "without");
        return;
    }
    if (object && step->controller == CONTROLLER_ENDPOINTS)
        write.endpoints = kube_endpoints(catalog, object, problems);
    else if (object)
        write.slice = kube_endpointslice(catalog, object, problems);
    vec_push(&want->writes.items, write);
}

void step_want_read(
    struct step_want *want, struct catalog *catalog, const struct step *step, struct text *problems)
{
    const json_t *json = json_object_get(step->line, "want"), *item;
    size_t i;
    *want = (struct step_want){.error = json_is_true(json_object_get(json, "error"))};
    json_array_foreach(json_object_get(json, "writes"), i, item)
        read_write(want, catalog, step, item, problems);
    json_array_foreach(json_object_get(json, "events"), i, item)
    {
        if (json_is_string(item))
            vec_push(&want->events, json_string_value(item));
    }
}

void step_want_fini(struct step_want *want)
{
    kube_writes_fini(&want->writes);
    vec_fini(&want->events);
}
