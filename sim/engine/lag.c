/*
 * lag.c: see lag.h.
 */
#include "engine/lag.h"

#include "engine/engine_private.h"
#include "engine/state.h"

struct lag {
    uint32_t not_yet_listed, still_listed;
};

static bool has_ip(const struct pod *pod, struct ip ip)
{
    for (uint32_t i = 0; i < pod_ip_count(pod); i++) {
        if (ip_equal(pod_ip(pod, i), ip))
            return true;
    }
    return false;
}

/* What the slices get wrong of a pod in that revision; NULL: it is gone. */
static struct lag lag_of(const struct member *member, const struct pod *pod)
{
    const struct endpoint *endpoint = placement_endpoint(&member->first);
    bool is_listed = endpoint && endpoint_serving(endpoint) == CONDITION_TRUE &&
                     endpoint_terminating(endpoint) != CONDITION_TRUE;
    bool is_ready = pod && pod_is_ready(pod) && !pod_is_terminating(pod);
    bool is_right = is_listed && is_ready && has_ip(pod, endpoint_ip(endpoint));
    return (struct lag){is_ready && !is_right, is_listed && !is_right};
}

/* While a sync is under way a member's slice may change in between: then the sum is as good as its parts, and
 * its end counts anew. */
static uint32_t changed(uint32_t sum, uint32_t before, uint32_t now)
{
    return sum + now > before ? sum + now - before : 0;
}

void lag_note(struct member *member, const struct pod *seen)
{
    struct service_entry *entry = member_service(member);
    if (entry->rescan[SYNC_SLICES])
        return;
    struct lag before = {0, 0};
    if (member->marks & (1u | MEMBER_PIN) << SYNC_SLICES)
        before = lag_of(member, seen);
    struct lag now = lag_of(member, member->pod ? pod_entry_pod(member_pod(member)) : NULL);
    entry->not_yet_listed = changed(entry->not_yet_listed, before.not_yet_listed, now.not_yet_listed);
    entry->still_listed = changed(entry->still_listed, before.still_listed, now.still_listed);
    state_touch(entry);
}

static void add_all(struct lag *sum, const struct marked_list *list)
{
    for (uint32_t i = 0; i < list->count; i++) {
        const struct member *member = list->items[i].member;
        struct lag lag = lag_of(member, member->pod ? pod_entry_pod(member_pod(member)) : NULL);
        sum->not_yet_listed += lag.not_yet_listed;
        sum->still_listed += lag.still_listed;
    }
}

void lag_recount(struct service_entry *entry, const struct marked_list *seen)
{
    if (entry->rescan[SYNC_SLICES])
        return;
    struct lag sum = {0, 0};
    add_all(&sum, &entry->marked[SYNC_SLICES]);
    for (uint32_t i = 0; i < seen->count; i++) {
        if (!(seen->items[i].member->marks & 1u << SYNC_SLICES))
            add_all(&sum, &(struct marked_list){&seen->items[i], 1, 1});
    }
    entry->not_yet_listed = sum.not_yet_listed;
    entry->still_listed = sum.still_listed;
    state_touch(entry);
}

void lag_settle(struct service_entry *entry)
{
    entry->not_yet_listed = entry->still_listed = 0;
}
