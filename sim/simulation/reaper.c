/*
 * reaper.c: see reaper.h. The queue holds identities, not records: a pod may go before its turn.
 */
#include "simulation/reaper.h"

#include <string.h>

#include "simulation/cluster.h"
#include "simulation/kubelet.h"

static void reaper_step(void *subject, uint64_t argument)
{
    (void)argument;
    struct cluster *cluster = subject;
    struct reaper *reaper = &cluster->reaper;
    /* The step is scheduled for one that is there: skipping costs no event. */
    while (reaper->head < reaper->queue.count) {
        struct target *self = reaper->queue.items[reaper->head++];
        struct pod_life *life = life_find_of(cluster, self);
        bool same = life && life_self(life) == self && !life->terminating;
        target_unref(self);
        if (same) {
            kubelet_delete_pod(life, KUBELET_GRACE_DEFAULT);
            break;
        }
    }
    if (reaper->head == reaper->queue.count) {
        vec_clear(&reaper->queue);
        reaper->head = 0;
    } else {
        reaper->step = clock_after(&cluster->clock, 0, PHASE_WORKLOAD, PLAY_REAPER, reaper_step, cluster, 0);
    }
}

void reaper_add(struct pod_life *life)
{
    struct cluster *cluster = life_cluster(life);
    struct reaper *reaper = &cluster->reaper;
    vec_push(&reaper->queue, target_ref(life_self(life)));
    if (!event_queue_pending(cluster->clock.queue, reaper->step))
        reaper->step = clock_after(&cluster->clock, 0, PHASE_WORKLOAD, PLAY_REAPER, reaper_step, cluster, 0);
}

void reaper_fini(struct cluster *cluster)
{
    struct reaper *reaper = &cluster->reaper;
    for (uint32_t i = reaper->head; i < reaper->queue.count; i++)
        target_unref(reaper->queue.items[i]);
    vec_fini(&reaper->queue);
}
