/*
 * testbed.h: a cluster for benchmarks of the controllers: clock, store and engine, and pods that are changed
 * as the store's users change them. No scenario, no kubelets: benchmark `pipeline` has those.
 *
 * Each change is an event of the clock, a microsecond after the last; the same calls always do the same.
 */
#ifndef EPSIM_BENCH_TESTBED_H
#define EPSIM_BENCH_TESTBED_H

#include <stdint.h>

#include "engine/engine.h"
#include "kernel/clock.h"
#include "kernel/random.h"
#include "model/store.h"

#define TESTBED_STEP_NS 1000

/* Called for each event, with its number from 0. */
struct testbed;
typedef void testbed_step(struct testbed *bed, void *context, uint64_t number);

struct testbed {
    struct clock clock;
    struct store *store;
    struct catalog *catalog;
    struct engine *engine;
    struct random_stream choices;
    sym namespace, app;
    sym *nodes;
    uint32_t address_next;
    testbed_step *step;
    void *context;
    uint64_t step_count, step_next;
};

/* Random numbers below `below`, so many draws ahead of their use that whoever uses them can foresee events of
 * pods (engine.h): what rows of a trace are to a run, which knows them all beforehand. */
#define TESTBED_DRAWS (FORESIGHT_EVENTS + 1)
struct testbed_draws {
    uint32_t numbers[TESTBED_DRAWS]; /* a ring */
    uint32_t below, next;
};

/* One Service's worth of endpoints lives under a value of label `app`. */
struct testbed_pod {
    const char *name;
    sym app;
    sym node;
    const struct port_list *ports; /* of its containers; NULL: none */
    bool ready;
};

#define TESTBED_NAME_MAX 32
/* "PREFIX-NUMBER", without printf: it is part of what is measured. Prefixes have at most 20 letters. */
const char *testbed_name(const char *prefix, uint32_t number, char out[TESTBED_NAME_MAX]);

/* NULL config: the defaults. Nodes node-0 and up, zones in turn. */
struct testbed *testbed_create(const struct engine_config *config, uint32_t nodes);
void testbed_destroy(struct testbed *bed);
/* Port 80 to `target`, or to 8080 when NULL; selects app=`app`. */
void testbed_add_service(struct testbed *bed, const char *name, sym app, const char *target);
/* Running, with a new address. */
void testbed_put_pod(struct testbed *bed, const struct testbed_pod *pod);
void testbed_delete_pod(struct testbed *bed, const char *name);
void testbed_set_ready(struct testbed *bed, const char *name, bool ready);
void testbed_set_app(struct testbed *bed, const char *name, sym app);
sym testbed_node(const struct testbed *bed, uint32_t number);
/* An event comes of the pod, FORESIGHT_EVENTS from now. To be called once an event, if testbed_foresees: only
 * then does it help. */
static inline bool testbed_foresees(const struct testbed *bed)
{
    return engine_foresees(bed->engine);
}
void testbed_foresee(struct testbed *bed, const char *name, enum foreseen_kind kind);
void testbed_draws_init(struct testbed *bed, struct testbed_draws *draws, uint32_t below);
/* The next number; another one is drawn. */
uint32_t testbed_draw(struct testbed *bed, struct testbed_draws *draws);
/* The one that testbed_draw will return after `ahead` others; below TESTBED_DRAWS. */
static inline uint32_t testbed_drawn(const struct testbed_draws *draws, uint32_t ahead)
{
    return draws->numbers[(draws->next + ahead) % TESTBED_DRAWS];
}
/* Calls `step` count times, and lets the controllers follow each time. */
void testbed_run(struct testbed *bed, uint64_t count, testbed_step *step, void *context);

#endif
