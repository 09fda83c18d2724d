/*
 * plain.c: results and trigger times of the plain reconciler.
 */
#include "model/plain_parts.h"

#include <stdlib.h>
#include <string.h>

void plain_result_fini(struct plain_result *result)
{
    for (uint32_t i = 0; i < result->requests.count; i++) {
        endpoints_destroy(result->requests.items[i].endpoints);
        endpointslice_destroy(result->requests.items[i].slice);
    }
    vec_fini(&result->requests);
    for (uint32_t i = 0; i < result->events.count; i++)
        free(result->events.items[i]);
    vec_fini(&result->events);
    vec_fini(&result->untouched);
}

bool plain_is_reconciled(const struct service *service)
{
    return service && service->type != SERVICE_EXTERNAL_NAME && service->selector != NULL;
}

bool plain_selects(const struct service *service, const struct pod *pod)
{
    if (pod_self(pod)->namespace != service->meta.namespace)
        return false;
    for (uint32_t i = 0; i < service->selector->count; i++) {
        sym value;
        if (!labels_get(pod_labels(pod), service->selector->items[i].key, &value) ||
            value != service->selector->items[i].value)
            return false;
    }
    return true;
}

void plain_trigger_clear(struct plain_trigger *trigger)
{
    for (uint32_t i = 0; i < trigger->pods.count; i++)
        free(trigger->pods.items[i].name);
    vec_fini(&trigger->pods);
    *trigger = (struct plain_trigger){0};
}

/* The stored time of a pod; TIME_NONE, which is before every time, when its name is unknown. */
static int64_t stored_pod_time(const struct plain_trigger *trigger, const char *name)
{
    for (uint32_t i = 0; i < trigger->pods.count; i++)
        if (strcmp(trigger->pods.items[i].name, name) == 0)
            return trigger->pods.items[i].time_s;
    return TIME_NONE;
}

/* C-61: the time of the Ready condition's last transition. */
static int64_t pod_time(const struct pod *pod)
{
    return pod->ready == CONDITION_ABSENT ? TIME_NONE : pod_ready_since_s(pod);
}

int64_t plain_trigger_call(struct plain_trigger *trigger, const struct service *service,
    const struct pod *const *pods, uint32_t pod_count)
{
    struct plain_trigger next = {.known = true, .service_s = service->meta.created_s};
    int64_t candidate = TIME_NONE;
    for (uint32_t i = 0; i < pod_count; i++) {
        int64_t time_s = pod_time(pods[i]);
        if (!plain_selects(service, pods[i]) || time_s == TIME_NONE)
            continue;
        if (time_s > stored_pod_time(trigger, target_name_here(pod_self(pods[i]))) &&
            (candidate == TIME_NONE || time_s < candidate))
            candidate = time_s;
        struct plain_pod_time entry = {
            mem_strndup(target_name_here(pod_self(pods[i])), target_name_length(pod_self(pods[i]))), time_s};
        vec_push(&next.pods, entry);
    }
    int64_t stored_service_s = trigger->known ? trigger->service_s : TIME_NONE;
    if (next.service_s > stored_service_s && (candidate == TIME_NONE || next.service_s < candidate))
        candidate = next.service_s;
    int64_t result = trigger->known ? candidate : service->meta.created_s;
    plain_trigger_clear(trigger);
    *trigger = next;
    return result;
}
