/*
 * hearing.c: see hearing.h. A change on its way holds its two revisions.
 */
#include "engine/hearing.h"

#include <stdlib.h>

#include "engine/engine_private.h"
#include "engine/informer.h"
#include "model/object.h"

struct late_change {
    struct engine *engine;
    struct late_change *next;
    struct change change;
    sim_time happened_ns;
};

void hearing_init(struct engine *engine)
{
    static const char *const names[OBJECT_KIND_COUNT] = {
        [OBJECT_POD] = "delays/watch/pods",
        [OBJECT_SERVICE] = "delays/watch/services",
        [OBJECT_NODE] = "delays/watch/nodes",
        [OBJECT_ENDPOINTS] = "delays/watch/endpoints",
        [OBJECT_ENDPOINTSLICE] = "delays/watch/endpointslices",
    };
    struct clock *clock = engine->clock;
    for (int kind = 0; kind < OBJECT_KIND_COUNT; kind++)
        random_stream_init(
            &engine->hearing.streams[kind], clock->context.seed, clock->run_number, names[kind]);
    engine->hearing.is_late = !distribution_is_zero(&engine->config.timing.watch);
}

static void forget(struct late_change *late)
{
    object_unref(late->change.kind, (void *)late->change.old);
    object_unref(late->change.kind, (void *)late->change.now);
    free(late);
}

void hearing_fini(struct engine *engine)
{
    for (int kind = 0; kind < OBJECT_KIND_COUNT; kind++) {
        while (engine->hearing.first[kind]) {
            struct late_change *late = engine->hearing.first[kind];
            engine->hearing.first[kind] = late->next;
            forget(late);
        }
    }
}

sim_time hearing_arrival(struct engine *engine, enum object_kind kind)
{
    struct hearing *hearing = &engine->hearing;
    int64_t watch_ns = distribution_draw(&engine->config.timing.watch, &hearing->streams[kind]);
    sim_time now_ns = clock_now(engine->clock);
    sim_time at_ns = watch_ns < SIM_TIME_NEVER - now_ns ? now_ns + watch_ns : SIM_TIME_NEVER;
    if (at_ns < hearing->latest_ns[kind])
        at_ns = hearing->latest_ns[kind];
    hearing->latest_ns[kind] = at_ns;
    return at_ns;
}

int64_t hearing_wait_ns(const struct engine *engine, enum object_kind kind)
{
    int64_t wait_ns = engine->hearing.latest_ns[kind] - clock_now(engine->clock);
    return wait_ns > 0 ? wait_ns : 0;
}

static void arrive(void *subject, uint64_t argument)
{
    (void)argument;
    struct late_change *late = subject;
    struct engine *engine = late->engine;
    struct hearing *hearing = &engine->hearing;
    enum object_kind kind = late->change.kind;
    EPSIM_ASSERT(hearing->first[kind] == late);
    hearing->first[kind] = late->next;
    if (!late->next)
        hearing->last[kind] = NULL;
    hearing->is_telling = true;
    hearing->telling_ns = late->happened_ns;
    informer_hear(engine, &late->change);
    hearing->is_telling = false;
    forget(late);
}

void hearing_change(struct engine *engine, const struct change *change)
{
    struct hearing *hearing = &engine->hearing;
    struct late_change *late = mem_zalloc(sizeof *late);
    *late =
        (struct late_change){.engine = engine, .change = *change, .happened_ns = clock_now(engine->clock)};
    if (change->old)
        object_ref(change->kind, (void *)change->old);
    if (change->now)
        object_ref(change->kind, (void *)change->now);
    if (hearing->last[change->kind])
        hearing->last[change->kind]->next = late;
    else
        hearing->first[change->kind] = late;
    hearing->last[change->kind] = late;
    clock_at(engine->clock, hearing_arrival(engine, change->kind), PHASE_WATCH, EVENT_HEARD, arrive, late,
        change->kind);
}

sim_time hearing_happened_ns(const struct engine *engine)
{
    return engine->hearing.is_telling ? engine->hearing.telling_ns : clock_now(engine->clock);
}
