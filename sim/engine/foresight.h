/*
 * foresight.h: what the next pod events will touch is asked for while others are played.
 *
 * Among a million pods an event is of records that nobody touched for long: some three dozen cache lines,
 * each found by reading the one before, each 100 ns and more from memory. But whoever plays events knows the
 * next ones: the rows of a trace, the events of a file, the next draw of a stream. Such a pod is *foreseen*
 * by its name, FORESIGHT_EVENTS events ahead. With every event it comes one stage nearer, and the records of
 * that stage are asked for; by then those of the stages before are there, so nobody waits:
 *
 *     its slot in the index of names -> revision -> identity -> the engine's record, the caller's -> member
 *     -> Service, slice, endpoint, address group -> their objects -> its places in their lists
 *
 * Only the slot in that index is kept from one stage to the next, and each stage goes the whole way again,
 * from there on, by links that are good whenever no change is under way: so nothing that was given back is
 * ever looked at. What stands in the slot is taken for the pod without comparing the name, which may be
 * wrong, as the whole guess may be. That costs a fetch for nothing: nothing is written and no result depends
 * on it. Small stores are in the caches anyway, and then nothing is foreseen at all.
 */
#ifndef EPSIM_ENGINE_FORESIGHT_H
#define EPSIM_ENGINE_FORESIGHT_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/engine.h"

/* Fewer pods than this lie in the caches, with all that belongs to them. */
#define FORESIGHT_PODS_MIN 20000

struct foreseen {
    uint64_t key;  /* store_pod_key; 0: nobody */
    uint32_t slot; /* of the index of names, once that was looked at */
    enum foreseen_kind kind;
};

/* A pod that was foreseen some events ago is in the caches, and is not foreseen again. */
#define FORESIGHT_RECENT 64

struct foresight {
    struct foreseen ring[FORESIGHT_EVENTS];
    uint64_t recent[FORESIGHT_RECENT]; /* keys, each in the place that its last bits say */
    uint32_t newest;
    uint32_t pods_min;
};

void foresight_init(struct foresight *foresight);

#endif
