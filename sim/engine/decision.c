/*
 * decision.c: see decision.h.
 */
#include "engine/decision.h"

#include "engine/engine_private.h"

void decision_tell(struct service_entry *entry, enum controller controller, struct decision decision)
{
    const struct engine *engine = entry->engine;
    decision.controller = controller;
    decision.namespace = entry->namespace;
    decision.service = entry->name;
    for (uint32_t i = 0; i < engine->observer_count; i++) {
        if (engine->observers[i].on_decision)
            engine->observers[i].on_decision(engine->observers[i].self, &decision);
    }
}
