/*
 * trigger_time.c: see trigger_time.h.
 */
#include "engine/trigger_time.h"

/* C-61. TIME_NONE is before every time, which is what "always after" of C-63 needs. */
static int64_t pod_time(const struct member *member)
{
    if (!member->pod || member->pod->pod->ready == CONDITION_ABSENT)
        return TIME_NONE;
    return member->pod->pod->ready_since_s;
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
        struct member *member = entry->marked[c].items[i];
        int64_t time_s = pod_time(member);
        if (time_s > member->trigger_s[c])
            candidate = earlier(candidate, time_s);
        member->trigger_s[c] = time_s;
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
    for (uint32_t i = 0; i < entry->marked[c].count; i++)
        entry->marked[c].items[i]->trigger_s[c] = TIME_NONE;
}
