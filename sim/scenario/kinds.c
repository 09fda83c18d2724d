/*
 * kinds.c: one table; manifests, references and --set read it.
 */
#include "scenario/kinds.h"

#include <string.h>

#include "base/check.h"
#include "model/names.h"

#define APPS "apps", "v1"

const struct object_kind_info object_kinds[] = {
    {"Pod", "", "v1", "pod", "pods po", REFERENCE_POD, MANIFEST_POD, 0, true, true, name_check_subdomain},
    {"Service", "", "v1", "service", "services svc", REFERENCE_SERVICE, MANIFEST_SERVICE, 0, true, true,
        name_check_service},
    {"Node", "", "v1", "node", "nodes no", REFERENCE_NODE, MANIFEST_NODE, 0, true, false,
        name_check_subdomain},
    {"Namespace", "", "v1", "namespace", "namespaces ns", REFERENCE_NAMESPACE, MANIFEST_NAMESPACE, 0, true,
        false, name_check_label},
    {"Endpoints", "", "v1", "endpoints", "ep", REFERENCE_ENDPOINTS, MANIFEST_ENDPOINTS, 0, true, true,
        name_check_subdomain},
    {"EndpointSlice", "discovery.k8s.io", "v1", "endpointslice", "endpointslices", REFERENCE_ENDPOINTSLICE,
        MANIFEST_ENDPOINTSLICE, 0, true, true, name_check_subdomain},
    {"Deployment", APPS, "deployment", "deployments deploy", REFERENCE_DEPLOYMENT, MANIFEST_WORKLOAD,
        WORKLOAD_DEPLOYMENT, true, true, name_check_subdomain},
    {"ReplicaSet", APPS, "replicaset", "replicasets rs", REFERENCE_REPLICASET, MANIFEST_WORKLOAD,
        WORKLOAD_REPLICASET, true, true, name_check_subdomain},
    {"StatefulSet", APPS, "statefulset", "statefulsets sts", REFERENCE_STATEFULSET, MANIFEST_WORKLOAD,
        WORKLOAD_STATEFULSET, true, true, name_check_subdomain},
    {"DaemonSet", APPS, "daemonset", "daemonsets ds", REFERENCE_DAEMONSET, MANIFEST_WORKLOAD,
        WORKLOAD_DAEMONSET, true, true, name_check_subdomain},
    {NULL, NULL, NULL, "zone", "zones", REFERENCE_ZONE, 0, 0, false, false, name_check_label_value},
};

const uint32_t object_kind_count = sizeof object_kinds / sizeof *object_kinds;

const struct object_kind_info *object_kind_of_reference(enum reference_kind kind)
{
    for (uint32_t i = 0; i < object_kind_count; i++)
        if (object_kinds[i].reference_kind == kind)
            return &object_kinds[i];
    EPSIM_ASSERT(false);
    return NULL;
}

const struct object_kind_info *object_kind_named(const char *kind)
{
    for (uint32_t i = 0; i < object_kind_count; i++)
        if (object_kinds[i].kind && strcmp(object_kinds[i].kind, kind) == 0)
            return &object_kinds[i];
    return NULL;
}

static bool word_equals(const char *word, size_t length, const char *text, size_t text_length)
{
    return length == text_length && memcmp(word, text, length) == 0;
}

static bool list_has(const char *list, const char *word, size_t length)
{
    while (*list) {
        size_t end = strcspn(list, " ");
        if (word_equals(word, length, list, end))
            return true;
        list += end + strspn(list + end, " ");
    }
    return false;
}

const struct object_kind_info *object_kind_referred(const char *word, size_t length)
{
    for (uint32_t i = 0; i < object_kind_count; i++) {
        const struct object_kind_info *info = &object_kinds[i];
        if (word_equals(word, length, info->reference, strlen(info->reference)) ||
            list_has(info->aliases, word, length) ||
            (info->kind && word_equals(word, length, info->kind, strlen(info->kind))))
            return info;
    }
    return NULL;
}

const struct object_kind_info *object_kind_of_manifest(const struct manifest *manifest)
{
    for (uint32_t i = 0; i < object_kind_count; i++) {
        const struct object_kind_info *info = &object_kinds[i];
        if (info->has_manifest && info->manifest_kind == manifest->kind &&
            (manifest->kind != MANIFEST_WORKLOAD || info->workload_kind == manifest->workload.kind))
            return info;
    }
    EPSIM_ASSERT(false);
    return NULL;
}
