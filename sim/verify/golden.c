/*
 * golden.c: lines of recordings into steps; see golden.h.
 */
#include "verify/golden.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/mem.h"
#include "verify/kube_json.h"

/* --- lines --- */

struct golden_lines {
    gzFile file;
    struct text line;
    bool failed;
};

struct golden_lines *golden_open(const char *path)
{
    gzFile file = gzopen(path, "rb");
    if (!file)
        return NULL;
    struct golden_lines *lines = mem_zalloc(sizeof *lines);
    lines->file = file;
    gzbuffer(file, 1 << 17);
    return lines;
}

void golden_close(struct golden_lines *lines)
{
    if (!lines)
        return;
    gzclose(lines->file);
    text_fini(&lines->line);
    free(lines);
}

json_t *golden_next(struct golden_lines *lines)
{
    char chunk[65536];
    text_clear(&lines->line);
    while (gzgets(lines->file, chunk, sizeof chunk)) {
        text_add(&lines->line, chunk);
        if (lines->line.data[lines->line.length - 1] == '\n')
            break;
    }
    int error = Z_OK;
    gzerror(lines->file, &error);
    lines->failed = error != Z_OK && error != Z_STREAM_END && error != Z_BUF_ERROR;
    if (lines->line.length == 0 || lines->failed)
        return NULL;
    json_t *json = json_loadb(lines->line.data, lines->line.length, JSON_ALLOW_NUL, NULL);
    lines->failed = json == NULL;
    return json;
}

bool golden_failed(const struct golden_lines *lines)
{
    return lines->failed;
}

/* --- steps --- */

static char *copy_text(const json_t *json, const char *name)
{
    const char *text = json_string_value(json_object_get(json, name));
    return mem_strndup(text ? text : "", text ? strlen(text) : 0);
}

static const json_t *get_object(const json_t *json, const char *name)
{
    const json_t *value = json_object_get(json, name);
    return json_is_object(value) ? value : NULL;
}

static void add_write(struct catalog *catalog, struct golden_step *step, const json_t *json)
{
    const char *verb = json_string_value(json_object_get(json, "verb"));
    const json_t *object = get_object(json, "object");
    struct kube_write write = {
        .verb = strcmp(verb, "create") == 0   ? KUBE_CREATE
                : strcmp(verb, "update") == 0 ? KUBE_UPDATE
                                              : KUBE_DELETE,
        .noop = json_is_true(json_object_get(json, "noop")),
        .name = catalog_sym(catalog, json_string_value(json_object_get(json, "name"))),
        .protobuf_bytes = (uint64_t)json_integer_value(json_object_get(json, "protobuf")),
        .json_bytes = (uint64_t)json_integer_value(json_object_get(json, "json")),
    };
    if (object && strcmp(step->controller, "endpoints") == 0)
        write.endpoints = kube_endpoints(catalog, object, &step->problems);
    else if (object)
        write.slice = kube_endpointslice(catalog, object, &step->problems);
    vec_push(&step->want.items, write);
}

static void read_state(struct catalog *catalog, struct golden_step *step, const json_t *line)
{
    size_t i;
    const json_t *item;
    if (get_object(line, "service"))
        step->service = kube_service(catalog, get_object(line, "service"), &step->problems);
    json_array_foreach(json_object_get(line, "pods"), i, item)
        vec_push(&step->pods, kube_pod(catalog, item, &step->problems));
    json_array_foreach(json_object_get(line, "nodes"), i, item)
        vec_push(&step->nodes, kube_node(catalog, item, &step->problems));
    if (get_object(line, "endpoints"))
        step->endpoints = kube_endpoints(catalog, get_object(line, "endpoints"), &step->problems);
    json_array_foreach(json_object_get(line, "endpointSlices"), i, item)
        vec_push(&step->slices, kube_endpointslice(catalog, item, &step->problems));
}

struct golden_step *golden_step_create(struct catalog *catalog, const json_t *line)
{
    struct golden_step *step = mem_zalloc(sizeof *step);
    const json_t *server = json_object_get(line, "server"), *want = json_object_get(line, "want");
    step->name = copy_text(line, "case");
    step->about = copy_text(line, "about");
    step->controller = copy_text(line, "controller");
    const char *kube = json_string_value(json_object_get(line, "kube")); /* "1.37.2" */
    step->kube_minor = (uint32_t)strtoul(kube + 2, NULL, 10);
    step->endpoints_per_slice_max = (uint32_t)json_integer_value(
        json_object_get(json_object_get(line, "config"), "maxEndpointsPerSlice"));
    step->mirroring_endpoints_per_subset_max = (uint32_t)json_integer_value(
        json_object_get(json_object_get(line, "config"), "mirroringMaxEndpointsPerSubset"));
    const char *key = json_string_value(json_object_get(line, "key"));
    const char *slash = strchr(key, '/');
    step->namespace = sym_intern(catalog_symbols(catalog), key, (size_t)(slash - key));
    step->service_name = catalog_sym(catalog, slash + 1);
    step->resource_version =
        strtoull(json_string_value(json_object_get(server, "resourceVersion")), NULL, 10);
    const char *time = json_string_value(json_object_get(server, "time"));
    const char *trigger = json_string_value(json_object_get(line, "triggerTime"));
    int64_t ns;
    if (!rfc3339_parse(time, strlen(time), &ns))
        text_printf(&step->problems, "time: %s\n", time);
    else
        step->now_s = ns / NS_PER_S;
    step->trigger_s = TIME_NONE;
    if (trigger && *trigger) {
        if (!rfc3339_parse(trigger, strlen(trigger), &ns) || ns % NS_PER_S)
            text_printf(&step->problems, "triggerTime: %s\n", trigger);
        else
            step->trigger_s = ns / NS_PER_S;
    }
    step->had_hints = json_is_true(json_object_get(line, "hadHints"));
    read_state(catalog, step, line);
    step->want_error = json_is_true(json_object_get(want, "error"));
    size_t i;
    const json_t *item;
    json_array_foreach(json_object_get(want, "writes"), i, item) add_write(catalog, step, item);
    json_array_foreach(json_object_get(want, "events"), i, item)
    {
        const char *text = json_string_value(item);
        vec_push(&step->want_events, mem_strndup(text, strlen(text)));
    }
    return step;
}

void golden_step_destroy(struct golden_step *step)
{
    if (!step)
        return;
    service_unref(step->service);
    for (uint32_t i = 0; i < step->pods.count; i++)
        pod_unref(step->pods.items[i]);
    for (uint32_t i = 0; i < step->nodes.count; i++)
        node_unref(step->nodes.items[i]);
    endpoints_destroy(step->endpoints);
    for (uint32_t i = 0; i < step->slices.count; i++)
        endpointslice_destroy(step->slices.items[i]);
    for (uint32_t i = 0; i < step->want.items.count; i++) {
        endpoints_destroy((struct endpoints *)step->want.items.items[i].endpoints);
        endpointslice_destroy((struct endpointslice *)step->want.items.items[i].slice);
    }
    vec_fini(&step->pods);
    vec_fini(&step->nodes);
    vec_fini(&step->slices);
    vec_fini(&step->want.items);
    for (uint32_t i = 0; i < step->want_events.count; i++)
        free(step->want_events.items[i]);
    vec_fini(&step->want_events);
    text_fini(&step->problems);
    free(step->name);
    free(step->about);
    free(step->controller);
    free(step);
}

bool golden_step_hints_are_open(const struct golden_step *step, const struct catalog *catalog)
{
    static const char prefix[] = "service.kubernetes.io/topology-";
    if (strcmp(step->controller, "endpointslice") != 0 || !step->service)
        return false;
    const struct labels *annotations = step->service->meta.annotations;
    for (uint32_t i = 0; i < annotations->count; i++)
        if (strncmp(catalog_text(catalog, annotations->items[i].key), prefix, sizeof prefix - 1) == 0)
            return true;
    return false;
}
