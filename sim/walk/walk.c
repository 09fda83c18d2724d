/*
 * walk.c: see walk.h.
 */
#include "walk/walk.h"

#include <stdlib.h>

#include "base/mem.h"
#include "simulation/cluster.h"
#include "walk/reason.h"
#include "walk/words.h"

struct step_end {
    uint64_t event_count; /* events of the clock until then */
    int64_t at_ns;
};

struct walk {
    const struct scenario *scenario;
    uint64_t seed, run;
    const volatile int *interrupted;
    struct simulation *simulation;
    struct walk_step step;
    bool quiet;                /* steps that were taken before are only passed through */
    bool noting;               /* the step under way has a note */
    VEC(struct step_end) ends; /* of each step so far */
};

/* How many events lie between two looks at `interrupted`. */
#define LOOK_EVERY 4096

/* --- noting ---------------------------------------------------------------------------------- */

static const struct catalog *catalog_of(const struct walk *walk)
{
    return store_catalog(simulation_store(walk->simulation));
}

/* Where the words of a note begin. The first note of a step takes those of the step before away. */
static uint32_t begin(struct walk *walk)
{
    if (!walk->noting) {
        walk_step_clear(&walk->step);
        walk->step.at_ns = clock_now(simulation_clock(walk->simulation));
        walk->noting = true;
    }
    return (uint32_t)walk->step.words.length;
}

static void add(struct walk *walk, struct note note, uint32_t words)
{
    walk_step_add(&walk->step, note, words);
}

/* Lines of the scenario are known by the events of the clock that play them. */
static void on_clock_event(void *self, const struct event *event)
{
    struct walk *walk = self;
    const struct scenario *scenario = walk->scenario;
    struct text *out = &walk->step.words;
    struct note note = {.kind = NOTE_CAUSE};
    if (walk->quiet || (event->kind != PLAY_EVENT && event->kind != PLAY_MANIFEST))
        return;
    uint32_t words = begin(walk);
    if (event->kind == PLAY_EVENT) {
        const struct scenario_event *line = &scenario->events.items[event->argument];
        words_add_event(out, line);
        uint32_t more = 0;
        for (uint64_t i = event->argument + 1; line->is_together && i < scenario->events.count; i++) {
            if (!scenario->events.items[i].is_joined)
                break;
            more++;
        }
        if (more)
            text_printf(out, ", together with %u more", more);
        note.at = line->at;
    } else {
        const struct manifest *manifest = &scenario->manifests.items[event->argument];
        text_add(out, "create ");
        words_add_manifest(out, manifest);
        note.at = manifest->at;
    }
    add(walk, note, words);
}

/* The controllers heard of a change before this walk did: what they made of it stands behind it. */
static void put_before_waiting(struct walk_step *step)
{
    struct note *notes = step->notes.items;
    for (uint32_t i = step->notes.count - 1;
         i > 0 && notes[i - 1].kind == NOTE_DECISION && notes[i - 1].decision == DECISION_WAITS; i--) {
        struct note change = notes[i];
        notes[i] = notes[i - 1];
        notes[i - 1] = change;
    }
}

/* Once a step is enough. */
static bool was_waiting(const struct walk_step *step, const struct decision *decision)
{
    for (uint32_t i = 0; i < step->notes.count; i++) {
        const struct note *note = &step->notes.items[i];
        if (note->kind == NOTE_DECISION && note->decision == DECISION_WAITS &&
            note->controller == decision->controller && note->namespace == decision->namespace &&
            note->service == decision->service)
            return true;
    }
    return false;
}

static void on_change(void *self, const struct change *change)
{
    struct walk *walk = self;
    bool is_written = change->kind == OBJECT_ENDPOINTS || change->kind == OBJECT_ENDPOINTSLICE;
    if (walk->quiet || is_written) /* those are requests */
        return;
    struct note note = {.kind = NOTE_CHANGE, .object_kind = change->kind};
    uint32_t words = begin(walk);
    words_add_change(&walk->step.words, change, catalog_of(walk), &note.change);
    add(walk, note, words);
    put_before_waiting(&walk->step);
}

static void on_decision(void *self, const struct decision *decision)
{
    struct walk *walk = self;
    if (walk->quiet ||
        (decision->kind == DECISION_WAITS && walk->noting && was_waiting(&walk->step, decision)))
        return;
    uint32_t words = begin(walk);
    reason_add_words(&walk->step.words, decision, catalog_of(walk));
    add(walk,
        (struct note){
            .kind = NOTE_DECISION,
            .controller = decision->controller,
            .namespace = decision->namespace,
            .service = decision->service,
            .decision = decision->kind,
            .rule = reason_rule(decision),
        },
        words);
}

static void on_write(void *self, const struct write *write)
{
    struct walk *walk = self;
    if (walk->quiet)
        return;
    uint32_t words = begin(walk);
    struct text *out = &walk->step.words;
    text_printf(out, "%s %s", write->verb == VERB_NOOP ? "update" : verb_text(write->verb),
        catalog_text(catalog_of(walk), write->object));
    struct note note = {
        .kind = NOTE_REQUEST,
        .controller = write->controller,
        .namespace = write->namespace,
        .service = write->service,
        .write = *write,
        .is_slice = write->slice != NULL,
    };
    note.write.slice = NULL;
    walk->step.writes |= write->verb != VERB_NOOP;
    add(walk, note, words);
}

static void on_kube_event(void *self, const struct kube_event *event)
{
    struct walk *walk = self;
    if (walk->quiet)
        return;
    uint32_t words = begin(walk);
    text_printf(&walk->step.words, "%s %s: %s", event->is_warning ? "Warning" : "Normal", event->reason,
        event->message);
    add(walk,
        (struct note){
            .kind = NOTE_EVENT,
            .controller = event->controller,
            .namespace = event->namespace,
            .service = event->name,
        },
        words);
}

static void on_sync(void *self, const struct sync_end *sync)
{
    struct walk *walk = self;
    if (walk->quiet || !sync->failed)
        return;
    uint32_t words = begin(walk);
    text_add(&walk->step.words, "the sync failed and will be tried again");
    add(walk,
        (struct note){
            .kind = NOTE_FAILURE,
            .controller = sync->controller,
            .namespace = sync->namespace,
            .service = sync->name,
        },
        words);
}

/* --- a run ----------------------------------------------------------------------------------- */

static void start(struct walk *walk)
{
    walk->simulation = simulation_create(walk->scenario, walk->seed, walk->run);
    walk_step_clear(&walk->step);
    walk->step.number = 0;
    walk->step.at_ns = 0;
    walk->step.event_count = 0;
    struct engine_observer observer = {
        .self = walk,
        .on_write = on_write,
        .on_event = on_kube_event,
        .on_sync = on_sync,
        .on_decision = on_decision,
    };
    engine_observe(simulation_engine(walk->simulation), &observer);
    clock_observe(simulation_clock(walk->simulation), on_clock_event, walk);
    store_watch(simulation_store(walk->simulation), on_change, walk);
    simulation_start(walk->simulation);
    walk_step_clear(&walk->step);
}

struct walk *walk_create(
    const struct scenario *scenario, uint64_t seed, uint64_t run, const volatile int *interrupted)
{
    struct walk *walk = mem_zalloc(sizeof *walk);
    walk->scenario = scenario;
    walk->seed = seed;
    walk->run = run;
    walk->interrupted = interrupted;
    start(walk);
    return walk;
}

void walk_destroy(struct walk *walk)
{
    if (!walk)
        return;
    simulation_destroy(walk->simulation);
    walk_step_fini(&walk->step);
    vec_fini(&walk->ends);
    free(walk);
}

const struct walk_step *walk_step(const struct walk *walk)
{
    return &walk->step;
}

struct simulation *walk_simulation(struct walk *walk)
{
    return walk->simulation;
}

const struct scenario *walk_scenario(const struct walk *walk)
{
    return walk->scenario;
}

enum order_hash walk_order_hash(const struct walk *walk)
{
    return walk->scenario->engine.kube_minor <= 34 ? ORDER_MD5 : ORDER_FNV128;
}

/* --- steps ----------------------------------------------------------------------------------- */

/* Whether the event to come belongs to what has just happened. */
static bool next_is_consequence(const struct walk *walk)
{
    struct clock *clock = simulation_clock(walk->simulation);
    sim_time at_ns;
    uint32_t phase;
    if (!event_queue_peek(clock->queue, &at_ns, &phase) || at_ns > clock_now(clock))
        return false;
    return phase < PHASE_WORKLOAD || phase == PHASE_OBSERVE;
}

static enum walk_result over(const struct walk *walk)
{
    return simulation_failure(walk->simulation, NULL)[0] ? WALK_FAILED : WALK_END;
}

static bool is_interrupted(const struct walk *walk)
{
    return walk->interrupted && *walk->interrupted;
}

enum walk_result walk_next(struct walk *walk)
{
    struct walk_step *step = &walk->step;
    walk->noting = false;
    do {
        if (is_interrupted(walk))
            return WALK_INTERRUPTED;
        if (!simulation_run_events(walk->simulation, 1))
            return over(walk);
    } while (!walk->noting || next_is_consequence(walk));
    step->number++;
    step->event_count = clock_event_count(simulation_clock(walk->simulation));
    if (step->number > walk->ends.count)
        vec_push(&walk->ends, ((struct step_end){step->event_count, step->at_ns}));
    return WALK_STEP;
}

/* Through steps that were taken before, to the end of step `number`, 1 and up. */
static enum walk_result pass(struct walk *walk, uint64_t number)
{
    uint64_t end = walk->ends.items[number - 1].event_count;
    enum walk_result result = WALK_STEP;
    walk->quiet = true;
    while (result == WALK_STEP && walk->step.event_count < end) {
        uint64_t left = end - walk->step.event_count;
        if (is_interrupted(walk))
            result = WALK_INTERRUPTED;
        else if (!simulation_run_events(walk->simulation, left < LOOK_EVERY ? (uint32_t)left : LOOK_EVERY))
            result = over(walk);
        walk->step.event_count = clock_event_count(simulation_clock(walk->simulation));
    }
    walk->quiet = false;
    walk->step.number = number;
    walk->step.at_ns = walk->ends.items[number - 1].at_ns;
    walk_step_clear(&walk->step);
    return result;
}

enum walk_result walk_seek(struct walk *walk, uint64_t number)
{
    if (number < walk->step.number) {
        simulation_destroy(walk->simulation);
        start(walk);
    }
    enum walk_result result = WALK_STEP;
    uint64_t known = number - 1 < walk->ends.count ? number - 1 : walk->ends.count;
    if (number > 0 && known > walk->step.number)
        result = pass(walk, known);
    while (result == WALK_STEP && walk->step.number < number)
        result = walk_next(walk);
    return result;
}

/* The last step so far at or before a time; 0: none. */
static uint64_t known_at(const struct walk *walk, int64_t at_ns)
{
    uint64_t low = 0, high = walk->ends.count;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (walk->ends.items[middle].at_ns <= at_ns)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

enum walk_result walk_seek_time(struct walk *walk, int64_t at_ns)
{
    uint64_t known = known_at(walk, at_ns);
    enum walk_result result = WALK_STEP;
    if (walk->step.number != known && (walk->step.at_ns > at_ns || known > walk->step.number))
        result = walk_seek(walk, known);
    while (result == WALK_STEP) {
        sim_time next_ns;
        if (event_queue_peek(simulation_clock(walk->simulation)->queue, &next_ns, NULL) && next_ns > at_ns)
            return WALK_STEP;
        uint64_t number = walk->step.number;
        result = walk_next(walk);
        if (result == WALK_STEP && walk->step.at_ns > at_ns)
            return walk_seek(walk, number);
    }
    return result;
}
