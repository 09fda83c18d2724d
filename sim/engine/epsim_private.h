/*
 * epsim_private.h: a simulation of the public interface as epsim.c and epsim_apply.c see it.
 */
#ifndef EPSIM_ENGINE_EPSIM_PRIVATE_H
#define EPSIM_ENGINE_EPSIM_PRIVATE_H

#include "engine/engine.h"
#include "engine/repack.h"
#include "epsim.h"
#include "kernel/clock.h"
#include "model/store.h"

struct epsim {
    struct clock clock;
    struct store *store;
    struct engine *engine;
    enum order_hash order_hash;
    bool started;
    void (*on_write)(void *context, const struct epsim_write *write);
    void *on_write_context;
};

/* Starts the engine, once: before the first change or the first event. */
void epsim_start(struct epsim *sim);
/* The symbol of a namespace, "default" when `text` is absent; false when no namespace has such a name. */
bool epsim_namespace(const struct epsim *sim, const char *text, sym *out);

#endif
