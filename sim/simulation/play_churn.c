/*
 * play_churn.c: deaths at random: a Poisson process of deletions, each of a pod drawn uniformly among the
 * workload's live ones. When there is none, nobody dies. It ends with its time, or with the workload.
 *
 * Times and victims come from streams of their own, so the times are the same whatever becomes of the pods.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"
#include "simulation/play.h"

struct churn {
    struct simulation *simulation;
    struct workload *workload;
    struct distribution gap;
    sim_time end_ns;
    struct random_stream times, victims;
};

static void on_death(void *subject, uint64_t argument);

static void schedule(struct churn *churn, uint64_t number)
{
    struct clock *clock = &churn->simulation->cluster.clock;
    int64_t gap_ns = distribution_draw(&churn->gap, &churn->times);
    if (gap_ns <= churn->end_ns - clock_now(clock))
        clock_after(clock, gap_ns, PHASE_SCENARIO, PLAY_DEATH, on_death, churn, number);
}

static void on_death(void *subject, uint64_t argument)
{
    struct churn *churn = subject;
    uint32_t count = workload_live_count(churn->workload);
    if (churn->workload->deleted)
        return;
    churn->simulation->cluster.cause = churn->workload->at;
    if (count > 0)
        kubelet_delete_pod(
            workload_live(churn->workload, random_below(&churn->victims, count)), KUBELET_GRACE_DEFAULT);
    schedule(churn, argument + 1);
}

/* --- foresight --------------------------------------------------------------------------------------- */

/* A churn has only its next death pending. Where there are few of them that is too near, and a later one is
 * foreseen: of all churns together the one after so many. */
#define DEATHS_AHEAD 16

void play_churn_prefetch(const struct churn *churn)
{
    mem_prefetch(churn, sizeof *churn);
    mem_prefetch(churn->workload, sizeof *churn->workload);
}

static uint32_t live_count(const struct churn *churn)
{
    return churn->workload->deleted ? 0 : workload_live_count(churn->workload);
}

uint32_t play_churn_guess(const struct churn *churn)
{
    uint32_t count = live_count(churn), churns = churn->simulation->churns.count;
    if (count == 0)
        return 0;
    uint32_t ahead = churns < DEATHS_AHEAD ? DEATHS_AHEAD / churns : 1;
    uint32_t guess = random_below_ahead(&churn->victims, count, ahead);
    workload_prefetch_live(churn->workload, guess);
    return guess;
}

struct pod_life *play_churn_victim(const struct churn *churn, uint32_t guess)
{
    return guess < live_count(churn) ? workload_live(churn->workload, guess) : NULL;
}

/* --- the beginning ----------------------------------------------------------------------------------- */

void play_churn_begin(struct simulation *simulation, const struct scenario_event *event)
{
    struct cluster *cluster = &simulation->cluster;
    struct workload *workload = play_workload(cluster, event);
    if (!workload || !(event->rate_per_s > 0))
        return;
    /* The second churn of a name has streams of its own. */
    uint32_t number = 1;
    for (uint32_t i = 0; i < simulation->churns.count; i++) {
        const struct workload *other = simulation->churns.items[i]->workload;
        number += other->name == workload->name && other->namespace == workload->namespace;
    }
    struct text suffix = {0};
    text_add(&suffix, "");
    if (number > 1)
        text_printf(&suffix, "#%u", number);
    const char *namespace = cluster_text(cluster, workload->namespace),
               *name = cluster_text(cluster, workload->name);
    struct churn *churn = mem_zalloc(sizeof *churn);
    churn->simulation = simulation;
    churn->workload = workload;
    churn->gap =
        (struct distribution){.kind = DISTRIBUTION_EXPONENTIAL, .a = (double)NS_PER_S / event->rate_per_s};
    sim_time now_ns = cluster_now(cluster);
    churn->end_ns = event->for_ns < SIM_TIME_NEVER - now_ns ? now_ns + event->for_ns : SIM_TIME_NEVER;
    cluster_stream(cluster, &churn->times, "churn/%s/%s%s", namespace, name, suffix.data);
    cluster_stream(cluster, &churn->victims, "churn/%s/%s%s/victim", namespace, name, suffix.data);
    text_fini(&suffix);
    vec_push(&simulation->churns, churn);
    schedule(churn, 0);
}

void play_churns_destroy(struct simulation *simulation)
{
    for (uint32_t i = 0; i < simulation->churns.count; i++)
        free(simulation->churns.items[i]);
    vec_fini(&simulation->churns);
}
