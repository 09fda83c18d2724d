/*
 * cluster_recording.c: see cluster_recording.h.
 */
#include "conformance/cluster_recording.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "verify/lines.h"

const char *cluster_text(const json_t *json, const char *name)
{
    const char *text = json_string_value(json_object_get(json, name));
    return text ? text : "";
}

json_t *cluster_meta(const json_t *object, const char *name)
{
    return json_object_get(json_object_get(object, "metadata"), name);
}

const char *cluster_meta_text(const json_t *object, const char *name)
{
    return cluster_text(json_object_get(object, "metadata"), name);
}

struct cluster_recording *cluster_recording_open(const char *path)
{
    struct recording_error error = {0};
    struct lines *lines = lines_open(path, &error);
    if (!lines) {
        recording_error_fini(&error);
        return NULL;
    }
    struct cluster_recording *recording = mem_zalloc(sizeof *recording);
    recording->endpoints = json_object();
    recording->slices = json_object();
    recording->writes = json_object();
    recording->pods = json_object();
    recording->nodes = json_object();
    recording->head = lines_next(lines, &error);
    json_t *line;
    while ((line = lines_next(lines, &error)))
        vec_push(&recording->steps, line);
    bool failed = error.message.length > 0 || !recording->head;
    lines_close(lines);
    recording_error_fini(&error);
    if (!failed)
        return recording;
    cluster_recording_close(recording);
    return NULL;
}

void cluster_recording_close(struct cluster_recording *recording)
{
    if (!recording)
        return;
    for (uint32_t i = 0; i < recording->steps.count; i++)
        json_decref(recording->steps.items[i]);
    vec_fini(&recording->steps);
    json_decref(recording->head);
    json_decref(recording->endpoints);
    json_decref(recording->slices);
    json_decref(recording->writes);
    json_decref(recording->pods);
    json_decref(recording->nodes);
    free(recording);
}

/* --- elided objects ------------------------------------------------------------------------------------ */

static json_t *pod_reference(const json_t *pod)
{
    return json_pack("{s:s, s:O, s:O, s:O}", "kind", "Pod", "namespace", cluster_meta(pod, "namespace"),
        "name", cluster_meta(pod, "name"), "uid", cluster_meta(pod, "uid"));
}

static const json_t *pod_node_name(const json_t *pod)
{
    return json_object_get(json_object_get(pod, "spec"), "nodeName");
}

static json_t *pod_ip_text(const json_t *pod)
{
    return json_object_get(json_object_get(pod, "status"), "podIP");
}

/* An address of a subset; NULL: no such pod. */
static json_t *rebuild_address(const struct cluster_recording *recording, const char *text)
{
    const json_t *pod = json_object_get(recording->pods, text);
    if (!pod)
        return NULL;
    return json_pack("{s:O, s:O, s:o}", "ip", pod_ip_text(pod), "nodeName", pod_node_name(pod), "targetRef",
        pod_reference(pod));
}

/* "name/rst@zone". */
static json_t *rebuild_endpoint(const struct cluster_recording *recording, const char *text)
{
    const char *slash = strchr(text, '/'), *at = strchr(text, '@');
    if (!slash)
        return NULL;
    const json_t *pod = json_object_getn(recording->pods, text, (size_t)(slash - text));
    const json_t *node =
        pod ? json_object_get(recording->nodes, json_string_value(pod_node_name(pod))) : NULL;
    if (!node)
        return NULL;
    const json_t *zone = json_object_get(cluster_meta(node, "labels"), "topology.kubernetes.io/zone");
    json_t *endpoint = json_pack("{s:[O], s:{s:b, s:b, s:b}, s:o, s:O, s:O}", "addresses", pod_ip_text(pod),
        "conditions", "ready", strchr(slash, 'r') != NULL, "serving", strchr(slash, 's') != NULL,
        "terminating", strchr(slash, 't') != NULL, "targetRef", pod_reference(pod), "nodeName",
        pod_node_name(pod), "zone", zone);
    if (at)
        json_object_set_new(endpoint, "hints", json_pack("{s:[{s:s}]}", "forZones", "name", at + 1));
    return endpoint;
}

typedef json_t *rebuild(const struct cluster_recording *recording, const char *text);

static bool rebuild_list(const struct cluster_recording *recording, json_t *list, rebuild *make)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *text = json_string_value(json_array_get(list, i));
        json_t *item = text ? make(recording, text) : NULL;
        if (!item)
            return false;
        json_array_set_new(list, i, item);
    }
    return true;
}

/* In place: the recording's own object. */
static bool rebuild_object(const struct cluster_recording *recording, json_t *object)
{
    if (json_object_get(object, "addressType"))
        return rebuild_list(recording, json_object_get(object, "endpoints"), rebuild_endpoint);
    size_t i;
    json_t *subset;
    json_array_foreach(json_object_get(object, "subsets"), i, subset)
    {
        if (!rebuild_list(recording, json_object_get(subset, "addresses"), rebuild_address) ||
            !rebuild_list(recording, json_object_get(subset, "notReadyAddresses"), rebuild_address))
            return false;
    }
    return true;
}

/* --- steps --------------------------------------------------------------------------------------------- */

/* In bulk steps a pod that was there before comes with its new conditions only. */
static json_t *whole_pod(const json_t *before, json_t *object)
{
    if (!before || cluster_meta(object, "uid"))
        return json_incref(object);
    json_t *pod = json_deep_copy(before);
    json_object_set(json_object_get(pod, "status"), "conditions",
        json_object_get(json_object_get(object, "status"), "conditions"));
    return pod;
}

static uint64_t version_of(const json_t *object)
{
    return strtoull(cluster_meta_text(object, "resourceVersion"), NULL, 10);
}

/* Writes come on two connections: of one kind they are in order. */
static bool apply_write(struct cluster_recording *recording, json_t *write)
{
    json_t *object = json_object_get(write, "object");
    if (json_is_true(json_object_get(write, "elided")) && !rebuild_object(recording, object))
        return false;
    bool is_slice = strcmp(cluster_text(write, "kind"), "EndpointSlice") == 0;
    json_t *objects = is_slice ? recording->slices : recording->endpoints;
    const char *name = cluster_meta_text(object, "name");
    char key[300];
    snprintf(key, sizeof key, "%s/%s", cluster_text(write, "kind"), name);
    json_object_set(recording->writes, key, write);
    if (strcmp(cluster_text(write, "type"), "DELETED") == 0)
        json_object_del(objects, name);
    else
        json_object_set(objects, name, object);
    return true;
}

bool cluster_recording_advance(struct cluster_recording *recording, uint32_t step)
{
    const json_t *line = recording->steps.items[step];
    size_t i;
    json_t *item;
    json_array_foreach(json_object_get(json_object_get(line, "event"), "ops"), i, item)
    {
        json_t *object = json_object_get(item, "object");
        const char *kind = cluster_text(item, "kind"), *name = cluster_text(item, "name");
        if (!object)
            continue;
        if (strcmp(kind, "Pod") == 0)
            json_object_set_new(
                recording->pods, name, whole_pod(json_object_get(recording->pods, name), object));
        else if (strcmp(kind, "Node") == 0)
            json_object_set(recording->nodes, name, object);
    }
    bool good = true;
    json_array_foreach(json_object_get(line, "writes"), i, item) good &= apply_write(recording, item);
    return good;
}

const json_t *cluster_recording_user_object(const json_t *step, const char *kind, const char *name)
{
    const json_t *first = NULL;
    size_t i;
    json_t *write;
    json_array_foreach(json_object_get(step, "writes"), i, write)
    {
        const json_t *object = json_object_get(write, "object");
        if (strcmp(cluster_text(write, "kind"), kind) == 0 &&
            strcmp(cluster_meta_text(object, "name"), name) == 0 &&
            (!first || version_of(object) < version_of(first)))
            first = object;
    }
    return first;
}
