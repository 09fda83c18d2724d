/*
 * cluster_match.h: holds the objects of a played pipeline against those of a recording.
 *
 * Names and uids of slices are ours, and so are the controllers' choices: which of several slices takes a
 * pod, which deleted one is recycled, which endpoint is hinted to another zone. So each recorded slice is
 * paired with one of ours: the one it was paired with, or a new one that has the same Service, manager, type,
 * ports and length. What the choices do not touch must be the same: the slices of a Service by ports and
 * length, the endpoints in them, what stays where it was and in its order. After that the recorded choices
 * are *adopted*: endpoints that were placed in this step are moved, in memory, to where the recording has
 * them, so that the next step starts from the same state; then each object must be the same, field by field.
 */
#ifndef EPSIM_TESTS_CONFORMANCE_CLUSTER_MATCH_H
#define EPSIM_TESTS_CONFORMANCE_CLUSTER_MATCH_H

#include "conformance/cluster_player.h"

/* What was compared. */
struct cluster_tally {
    uint32_t endpoints, slices; /* objects held, after all steps */
    uint32_t adopted;           /* of the slices: for the controllers' own choices */
};

/* One recorded slice and ours. */
struct cluster_pair {
    const char *name;
    const json_t *want; /* borrowed from the recording */
    struct endpointslice *slice;
    json_t *got;
    char *kind; /* Service, manager, type and ports, of both */
    bool is_new;
};

/* Of one played recording: what stays from step to step. */
struct cluster_match {
    struct cluster_player *player; /* borrowed */
    json_t *before;                /* recorded slices before the step, by name */
    json_t *generations;           /* by recorded name: the recording's generation less ours */
    VEC(struct cluster_pair) pairs;
};

void cluster_match_init(struct cluster_match *match, struct cluster_player *player);
void cluster_match_fini(struct cluster_match *match);

/* What a step may differ in (the table of cluster_test.c says why). */
enum cluster_difference {
    DIFFERENT_GENERATIONS = 1, /* a slice was written more or less often on the way */
    DIFFERENT_REQUESTS = 2,    /* the numbers of requests */
    DIFFERENT_EVENTS = 4,      /* the number of Events */
};

/* After the step was played: true when the objects are the same; else what differs is appended to `why`.
 * `allowed`: of enum cluster_difference. */
bool cluster_match_objects(
    struct cluster_match *match, unsigned allowed, struct cluster_tally *tally, struct text *why);
/* Requests by verb, Events, syncs that failed. */
bool cluster_match_requests(struct cluster_match *match, unsigned allowed, struct text *why);

#endif
