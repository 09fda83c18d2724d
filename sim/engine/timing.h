/*
 * timing.h: how long things take between the API server and its controllers. In profile `instant` all of it
 * is nothing; `kube-defaults` has the defaults of kube-controller-manager (C-1, S-58) and delays as they were
 * measured (C-67).
 */
#ifndef EPSIM_ENGINE_TIMING_H
#define EPSIM_ENGINE_TIMING_H

#include <stdbool.h>
#include <stdint.h>

#include "kernel/digest.h"
#include "kernel/distribution.h"

#define CONCURRENT_SYNCS_MAX 1000
#define REQUESTS_PER_S_MAX 1000000
#define REQUESTS_BURST_MAX 1000000
#define SYNC_PER_ENDPOINT_MAX_NS INT64_C(1000000000)

/* The controllers that have workers and a client of their own. */
enum timed_controller { TIMED_ENDPOINTS, TIMED_SLICES, TIMED_MIRRORING, TIMED_COUNT };

struct engine_timing {
    struct distribution watch;   /* from a change until the controllers' caches have it (C-50) */
    struct distribution write;   /* from sending a request until the API server has stored it */
    struct distribution answer;  /* from then until the controller has the answer */
    struct distribution collect; /* from the end of a slice's owners until the slice is deleted (S-2) */
    /* What a sync computes before its first request, for each of the Service's pods; 0 to a second. */
    int64_t endpoints_sync_ns, slices_sync_ns;
    uint32_t workers[TIMED_COUNT]; /* 0: as many as there is work */
    /* Of each controller's client (C-1). 0: no limit. */
    uint32_t requests_per_s, requests_burst;
    int64_t slice_event_delay_min_ns; /* S-58 */
    /* For tests: syncs are decided first and written then, as when they take time, though nothing does. */
    bool in_steps;
};

struct engine_timing timing_instant(void);
struct engine_timing timing_kube_defaults(void);
/* Nothing takes any time, and nobody waits for a worker or a token. */
bool timing_is_instant(const struct engine_timing *timing);
/* NULL when the values make sense, else what is wrong, as a text for the user. */
const char *timing_check(const struct engine_timing *timing);
/* Nothing for one that is instant. */
void timing_digest(const struct engine_timing *timing, struct digest *digest);
/* All that makes a distribution what it is. */
void timing_digest_distribution(const struct distribution *distribution, struct digest *digest);

#endif
