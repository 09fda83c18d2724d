/*
 * timing.c: see timing.h.
 */
#include "engine/timing.h"

#include <stddef.h>
#include <string.h>

#include "base/calendar.h"

/*
 * kube-defaults (C-67). A write takes 8 ms at the median, 16 at p90 and 30 at p99, from the request to its
 * answer: a log-normal distribution with sigma 0.55 has 16 and 29. Watch events leave when the answer does,
 * and overtake it half the time (S-58a), so both have one distribution. From a pod's status to the slice's
 * event that makes 1 + 7 + 1 ms, and what the sync computes; 10 were measured.
 */
#define WRITE_MEDIAN_NS 7e6
#define HOP_MEDIAN_NS 1e6
#define HOP_SIGMA 0.55
#define COLLECT_MEDIAN_NS 30e6 /* slices go 30 to 47 ms after their Service */
#define COLLECT_SIGMA 0.15
#define ENDPOINTS_SYNC_NS 58000
#define SLICES_SYNC_NS 40000
#define WORKERS 5
#define REQUESTS_PER_S 20
#define REQUESTS_BURST 30
#define SLICE_EVENT_DELAY_MIN_NS NS_PER_S

struct engine_timing timing_instant(void)
{
    struct distribution none = distribution_constant(0);
    return (struct engine_timing){.watch = none, .write = none, .answer = none, .collect = none};
}

static struct distribution log_normal(double median_ns, double sigma)
{
    return (struct distribution){.kind = DISTRIBUTION_LOG_NORMAL, .a = median_ns, .b = sigma};
}

struct engine_timing timing_kube_defaults(void)
{
    return (struct engine_timing){
        .watch = log_normal(HOP_MEDIAN_NS, HOP_SIGMA),
        .write = log_normal(WRITE_MEDIAN_NS, HOP_SIGMA),
        .answer = log_normal(HOP_MEDIAN_NS, HOP_SIGMA),
        .collect = log_normal(COLLECT_MEDIAN_NS, COLLECT_SIGMA),
        .endpoints_sync_ns = ENDPOINTS_SYNC_NS,
        .slices_sync_ns = SLICES_SYNC_NS,
        .workers = {WORKERS, WORKERS, WORKERS},
        .requests_per_s = REQUESTS_PER_S,
        .requests_burst = REQUESTS_BURST,
        .slice_event_delay_min_ns = SLICE_EVENT_DELAY_MIN_NS,
    };
}

bool timing_is_instant(const struct engine_timing *timing)
{
    for (int i = 0; i < TIMED_COUNT; i++) {
        if (timing->workers[i] > 0)
            return false;
    }
    return distribution_is_zero(&timing->watch) && distribution_is_zero(&timing->write) &&
           distribution_is_zero(&timing->answer) && distribution_is_zero(&timing->collect) &&
           timing->endpoints_sync_ns == 0 && timing->slices_sync_ns == 0 && timing->requests_per_s == 0 &&
           timing->slice_event_delay_min_ns == 0 && !timing->in_steps;
}

const char *timing_check(const struct engine_timing *timing)
{
    const struct distribution *all[] = {&timing->watch, &timing->write, &timing->answer, &timing->collect};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        const char *problem = distribution_check(all[i]);
        if (problem)
            return problem;
    }
    if (timing->endpoints_sync_ns < 0 || timing->endpoints_sync_ns > SYNC_PER_ENDPOINT_MAX_NS ||
        timing->slices_sync_ns < 0 || timing->slices_sync_ns > SYNC_PER_ENDPOINT_MAX_NS)
        return "what a sync computes for each pod must take 0 to 1s";
    for (int i = 0; i < TIMED_COUNT; i++) {
        if (timing->workers[i] > CONCURRENT_SYNCS_MAX)
            return "concurrent syncs must be at most 1,000";
    }
    if (timing->requests_per_s > REQUESTS_PER_S_MAX || timing->requests_burst > REQUESTS_BURST_MAX)
        return "kubeAPIQPS and kubeAPIBurst must be at most 1,000,000";
    if (timing->requests_per_s > 0 && timing->requests_burst == 0)
        return "kubeAPIBurst must be at least 1";
    if (timing->slice_event_delay_min_ns < 0 || timing->slice_event_delay_min_ns > NS_PER_S)
        return "the delay after slice events must be 0 to 1s";
    return NULL;
}

static void add_real(struct digest *digest, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    digest_add(digest, bits);
}

void timing_digest_distribution(const struct distribution *distribution, struct digest *digest)
{
    digest_add(digest, distribution->kind);
    add_real(digest, distribution->a);
    add_real(digest, distribution->b);
    for (uint32_t i = 0; i < distribution->quantile_count; i++) {
        add_real(digest, distribution->quantiles[i].p);
        add_real(digest, distribution->quantiles[i].value_ns);
    }
}

void timing_digest(const struct engine_timing *timing, struct digest *digest)
{
    if (timing_is_instant(timing))
        return;
    timing_digest_distribution(&timing->watch, digest);
    timing_digest_distribution(&timing->write, digest);
    timing_digest_distribution(&timing->answer, digest);
    timing_digest_distribution(&timing->collect, digest);
    digest_add(digest, (uint64_t)timing->endpoints_sync_ns);
    digest_add(digest, (uint64_t)timing->slices_sync_ns);
    for (int i = 0; i < TIMED_COUNT; i++)
        digest_add(digest, timing->workers[i]);
    digest_add(digest, (uint64_t)timing->requests_per_s << 32 | timing->requests_burst);
    digest_add(digest, (uint64_t)timing->slice_event_delay_min_ns);
}
