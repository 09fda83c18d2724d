/*
 * object.c: see object.h.
 */
#include "model/object.h"

#include "base/check.h"
#include "model/endpoints.h"
#include "model/endpointslice.h"
#include "model/node.h"
#include "model/pod.h"
#include "model/service.h"

void object_unref(enum object_kind kind, void *object)
{
    switch (kind) {
    case OBJECT_POD:
        pod_unref(object);
        break;
    case OBJECT_SERVICE:
        service_unref(object);
        break;
    case OBJECT_NODE:
        node_unref(object);
        break;
    case OBJECT_ENDPOINTS:
        endpoints_destroy(object);
        break;
    case OBJECT_ENDPOINTSLICE:
        endpointslice_destroy(object);
        break;
    }
}

void *object_ref(enum object_kind kind, void *object)
{
    EPSIM_ASSERT(kind <= OBJECT_NODE);
    if (kind == OBJECT_POD)
        return pod_ref(object);
    return kind == OBJECT_SERVICE ? (void *)service_ref(object) : (void *)node_ref(object);
}

struct meta *object_meta(enum object_kind kind, const void *object)
{
    void *changeable = (void *)object;
    EPSIM_ASSERT(kind != OBJECT_POD);
    switch (kind) {
    case OBJECT_SERVICE:
        return &((struct service *)changeable)->meta;
    case OBJECT_NODE:
        return &((struct node *)changeable)->meta;
    case OBJECT_ENDPOINTS:
        return &((struct endpoints *)changeable)->meta;
    default:
        return &((struct endpointslice *)changeable)->meta;
    }
}

uint64_t *object_version(enum object_kind kind, void *object)
{
    if (kind == OBJECT_POD)
        return &((struct pod *)object)->resource_version;
    return &object_meta(kind, object)->resource_version;
}

sym object_namespace(enum object_kind kind, const void *object)
{
    if (kind == OBJECT_POD)
        return pod_self(object)->namespace;
    return object_meta(kind, object)->namespace;
}

bool object_same_uid(enum object_kind kind, const void *a, const void *b)
{
    if (kind == OBJECT_POD) {
        return ((const struct pod *)a)->self_ == ((const struct pod *)b)->self_ ||
               target_same_uid(pod_self(a), pod_self(b));
    }
    const struct meta *a_meta = object_meta(kind, a);
    const struct meta *b_meta = object_meta(kind, b);
    return uid_equal(a_meta->uid, a_meta->uid_text, b_meta->uid, b_meta->uid_text);
}
