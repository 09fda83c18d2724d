/*
 * summary.h: what a run did, collected while it goes on and told at its end.
 *
 * An observer of the engine keeps each Service's last state and its story of truncation: O(1) a row of the
 * timeline, memory O(Services). The rest are the engine's totals.
 */
#ifndef EPSIM_CLI_SUMMARY_H
#define EPSIM_CLI_SUMMARY_H

#include <stdbool.h>

#include "base/text.h"
#include "base/vec.h"
#include "simulation/simulation.h"

struct service_summary {
    bool is_known; /* a state was seen */
    struct service_state state;
    /* Truncation of the Endpoints object. */
    int64_t truncated_first_ns; /* -1: never */
    int64_t truncated_since_ns; /* -1: not now */
    int64_t truncated_ns;       /* in all, closed spans */
    uint32_t omitted_max;
    uint32_t omitted_max_of; /* addresses and left out, at that time */
    int64_t omitted_max_at_ns;
};

struct summary {
    const struct scenario *scenario;
    const struct catalog *catalog;
    VEC(struct service_summary) services; /* by service number */
    /* Samples of v_latency. */
    uint64_t latency_count;
    int64_t latency_sum_ns, latency_max_ns;
    /* Filled by summary_finish. */
    uint64_t seed;
    uint64_t run;
    const char *status;   /* "complete", "failed" or "interrupted" */
    const char *message;  /* why it failed; NULL */
    const char *database; /* path; NULL: not recorded */
    int64_t run_id;
    uint64_t digest;
    uint64_t events;
    uint64_t pod_events;
    int64_t now_ns;
    double wall_s;
    struct engine_totals totals;
    uint32_t expectations_passed, expectations_failed;
    uint32_t nodes;
};

/* Borrows the scenario and, from the simulation's store, the catalog. */
void summary_init(struct summary *summary, const struct scenario *scenario, struct simulation *simulation);
void summary_fini(struct summary *summary);
struct engine_observer summary_observer(struct summary *summary);
/* Takes the totals and closes open spans. */
void summary_finish(struct summary *summary, struct simulation *simulation);

/* For people: at most 100 columns, ending with a newline. */
void summary_table(const struct summary *summary, struct text *out, bool color);
/* One JSON object on one line (docs/command-line.md). */
void summary_json(const struct summary *summary, struct text *out);
/* The columns of v_timeline and the packing policy, one row a live Service, at the end of the run. */
void summary_csv(const struct summary *summary, struct text *out);

/* Indices into summary->services of those that live: by namespace and name, or the largest first. */
struct service_order {
    VEC(uint32_t) items;
};
void summary_order(const struct summary *summary, bool largest_first, struct service_order *out);

#endif
