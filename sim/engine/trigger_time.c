/*
 * trigger_time.c: see trigger_time.h.
 */
#include "engine/trigger_time.h"

int64_t trigger_time_of(const struct pod *pod)
{
    return pod && pod->ready != CONDITION_ABSENT ? pod_ready_since_s(pod) : TIME_NONE;
}

static int64_t earlier(int64_t a, int64_t b)
{
    if (a == TIME_NONE)
        return b;
    return a < b ? a : b;
}

int64_t trigger_time_call(struct service_entry *entry, enum sync_controller c)
{
    struct trigger_state *state = &entry->trigger[c];
    int64_t candidate = TIME_NONE;
    for (uint32_t i = 0; i < entry->marked[c].count; i++) {
        const struct member *member = entry->marked[c].items[i];
        int64_t time_s = trigger_time_of(member->pod ? pod_entry_pod(member_pod(member)) : NULL);
        if (time_s > entry->trigger_s[c].items[i])
            candidate = earlier(candidate, time_s);
        entry->trigger_s[c].items[i] = time_s;
    }
    int64_t created_s = entry->service->meta.created_s;
    if (!state->known)
        candidate = created_s;
    else if (created_s > state->service_s)
        candidate = earlier(candidate, created_s);
    state->known = true;
    state->service_s = created_s;
    return candidate;
}

void trigger_time_forget(struct service_entry *entry, enum sync_controller c)
{
    entry->trigger[c] = (struct trigger_state){.service_s = TIME_NONE};
    for (uint32_t i = 0; i < entry->trigger_s[c].count; i++)
        entry->trigger_s[c].items[i] = TIME_NONE;
}
