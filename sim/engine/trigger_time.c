/*
 * trigger_time.c: see trigger_time.h.
 */
#include "engine/trigger_time.h"

#include "engine/engine_private.h"

/* A change, on the wire in seconds since 1970 (C-65), and in simulated time. */
struct trigger {
    int64_t s; /* TIME_NONE: none */
    sim_time at_ns;
};

int64_t trigger_time_of(const struct pod *pod)
{
    return pod && pod->ready != CONDITION_ABSENT ? pod_ready_since_s(pod) : TIME_NONE;
}

uint32_t trigger_time_fraction_ns(const struct engine *engine, int64_t time_s)
{
    sim_time happened_ns = hearing_happened_ns(engine);
    int64_t happened_s =
        store_now_s(engine->store) - clock_now(engine->clock) / NS_PER_S + happened_ns / NS_PER_S;
    return time_s == happened_s ? (uint32_t)(happened_ns % NS_PER_S) : 0;
}

/* --- nanoseconds ----------------------------------------------------------------------------- */

/* When nothing waits, a change is synced at its own instant. */
static bool remembers(const struct engine *engine)
{
    return engine->may_lag;
}

void trigger_time_note(struct engine *engine, const struct pod_entry *pod, const struct pod *seen)
{
    if (!remembers(engine))
        return;
    int64_t time_s = trigger_time_of(pod_entry_pod(pod));
    if (time_s == trigger_time_of(seen))
        return;
    uint32_t fraction_ns = trigger_time_fraction_ns(engine, time_s);
    if (fraction_ns > 0)
        map_put(&engine->ready_fractions_ns, pool_number(pod), fraction_ns);
    else
        map_remove(&engine->ready_fractions_ns, pool_number(pod));
}

void trigger_time_drop(struct engine *engine, const struct pod_entry *pod)
{
    if (remembers(engine))
        map_remove(&engine->ready_fractions_ns, pool_number(pod));
}

static uint32_t ready_fraction_ns(const struct engine *engine, const struct pod_entry *pod, int64_t time_s)
{
    uint64_t fraction_ns = 0;
    if (!remembers(engine))
        return trigger_time_fraction_ns(engine, time_s);
    map_get(&engine->ready_fractions_ns, pool_number(pod), &fraction_ns);
    return (uint32_t)fraction_ns;
}

/* Within the run; what was before it, or is yet to come, is at 0. */
static sim_time simulated(const struct engine *engine, int64_t time_s, uint32_t fraction_ns)
{
    int64_t now_s = store_now_s(engine->store), passed_s = clock_now(engine->clock) / NS_PER_S;
    if (time_s == TIME_NONE || time_s < now_s - passed_s || time_s > now_s)
        return 0;
    return (passed_s - (now_s - time_s)) * NS_PER_S + fraction_ns;
}

/* --- calls (C-63) ---------------------------------------------------------------------------- */

static void take_earlier(struct trigger *candidate, int64_t time_s, sim_time at_ns)
{
    if (candidate->s == TIME_NONE || time_s < candidate->s ||
        (time_s == candidate->s && at_ns < candidate->at_ns))
        *candidate = (struct trigger){time_s, at_ns};
}

int64_t trigger_time_call(struct service_entry *entry, enum sync_controller c, sim_time *out_at_ns)
{
    const struct engine *engine = entry->engine;
    struct trigger_state *state = &entry->trigger[c];
    struct trigger candidate = {TIME_NONE, 0};
    for (uint32_t i = 0; i < entry->marked[c].count; i++) {
        const struct pod_entry *pod = member_pod(entry->marked[c].items[i].member);
        int64_t time_s = trigger_time_of(pod ? pod_entry_pod(pod) : NULL);
        if (time_s > entry->marked[c].items[i].trigger_s)
            take_earlier(
                &candidate, time_s, simulated(engine, time_s, ready_fraction_ns(engine, pod, time_s)));
        entry->marked[c].items[i].trigger_s = time_s;
    }
    int64_t created_s = entry->service->meta.created_s;
    if (!state->known || created_s > state->service_s) {
        sim_time created_ns = simulated(engine, created_s, entry->created_fraction_ns);
        if (!state->known)
            candidate = (struct trigger){created_s, created_ns};
        else
            take_earlier(&candidate, created_s, created_ns);
    }
    state->known = true;
    state->service_s = created_s;
    *out_at_ns = candidate.at_ns;
    return candidate.s;
}

void trigger_time_forget(struct service_entry *entry, enum sync_controller c)
{
    entry->trigger[c] = (struct trigger_state){.service_s = TIME_NONE};
    for (uint32_t i = 0; i < entry->marked[c].count; i++)
        entry->marked[c].items[i].trigger_s = TIME_NONE;
}
