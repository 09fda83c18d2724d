/*
 * play_pending.c: foresight (engine/foresight.h) of events that no file tells: what kubelets do after a
 * delay, and deaths at random. The event queue says which of them come near, some dozen events before they
 * do. From there to the name of the pod it is five steps, each of which reads what the one before has asked
 * for:
 *
 *     a death: the churn -> its next draw, and where that stands -> the pod's record -> its identity -> its
 * name a timer:                                                      its record -> its identity -> its name
 *
 * A pending timer's record is there, as its pod's end cancels it. Who is going to die is guessed: by the
 * number that the churn will draw, as if all of its pods stood where they do now. Nothing depends on it.
 */
#include "base/mem.h"
#include "simulation/play.h"

enum step { STEP_CHURN, STEP_GUESS, STEP_RECORD, STEP_IDENTITY, STEP_NAME, STEP_COUNT };
_Static_assert(STEP_COUNT == PENDING_STEPS, "a step an event");

static enum foreseen_kind kind_of_death(const struct cluster *cluster)
{
    const struct distribution *stop = &cluster->scenario->pod_stop;
    return stop->kind == DISTRIBUTION_CONSTANT && stop->a == 0 ? FORESEEN_DELETION : FORESEEN_CHANGE;
}

static void take_step(
    struct cluster *cluster, enum step step, enum foreseen_kind kind, const struct pod_life *life)
{
    if (step == STEP_RECORD) {
        mem_prefetch(life, sizeof *life);
        return;
    }
    const struct target *self = life_self(life);
    if (step == STEP_IDENTITY)
        mem_prefetch(self, sizeof *self);
    else
        life_foresee(cluster, self->namespace, target_name_hash(self), kind);
}

/* The record of a pending timer. NULL: it is another event, or no longer pending. */
static const struct pod_life *timed(const struct cluster *cluster, struct event_handle handle)
{
    uint32_t kind;
    void *subject;
    bool is_timer = event_queue_look(cluster->clock.queue, handle, &kind, &subject) && kind == PLAY_POD_TIMER;
    return is_timer ? subject : NULL;
}

static void foresee_timer(struct cluster *cluster, enum step step, struct event_handle handle)
{
    const struct pod_life *life = step >= STEP_RECORD ? timed(cluster, handle) : NULL;
    if (!life)
        return;
    bool ends = step == STEP_NAME && life->timer_kind == TIMER_GONE;
    take_step(cluster, step, ends ? FORESEEN_DELETION : FORESEEN_CHANGE, life);
}

/* It goes on when the death has been: one churn alone has no other event pending, and foresees later ones. */
static void foresee_death(struct cluster *cluster, enum step step, struct pending_event *event)
{
    if (step == STEP_CHURN) {
        play_churn_prefetch(event->churn);
    } else if (step == STEP_GUESS) {
        event->victim = play_churn_guess(event->churn);
    } else {
        const struct pod_life *life = play_churn_victim(event->churn, event->victim);
        if (life)
            take_step(cluster, step, kind_of_death(cluster), life);
    }
}

static void on_near(void *observer, struct event_handle handle)
{
    struct simulation *simulation = observer;
    struct cluster *cluster = &simulation->cluster;
    struct pending *pending = &simulation->pending;
    uint32_t kind;
    void *subject;
    bool is_death = event_queue_look(cluster->clock.queue, handle, &kind, &subject) && kind == PLAY_DEATH;
    pending->newest = (pending->newest + 1) % PENDING_STEPS;
    pending->ring[pending->newest] = (struct pending_event){handle, is_death ? subject : NULL, 0};
    for (uint32_t step = PENDING_STEPS; step-- > 0;) {
        struct pending_event *event =
            &pending->ring[(pending->newest + PENDING_STEPS - step) % PENDING_STEPS];
        if (event->churn)
            foresee_death(cluster, (enum step)step, event);
        else
            foresee_timer(cluster, (enum step)step, event->handle);
    }
}

void play_foresee_pending(struct simulation *simulation)
{
    const struct cluster *cluster = &simulation->cluster;
    event_queue_watch_near(
        cluster->clock.queue, engine_foresees(cluster->engine) ? on_near : NULL, simulation);
}
