/*
 * choices.h: what the real controllers leave to Go's random map order.
 *
 * Each point where several candidates are equally good (ND-1 to ND-9 of endpointslices.md) draws here:
 * `random` from the stream "choices", `fixed` takes the first candidate always. Candidates are numbered
 * in a canonical order that depends on the objects alone (pods and slices by their creation, port keys
 * by their text, address types as the Service lists them), so a plain reconciler that asks the same
 * questions in the same order gets the same answers.
 */
#ifndef EPSIM_ENGINE_CHOICES_H
#define EPSIM_ENGINE_CHOICES_H

#include <stdint.h>

#include "kernel/random.h"

enum choice_mode { CHOICE_RANDOM, CHOICE_FIXED };

enum choice_point {
    CHOICE_FAMILIES = 3,   /* ND-3: with which address type a walk over them starts (mirroring) */
    CHOICE_KEYS = 4,       /* ND-4: with which port key a walk over them starts (mirroring) */
    CHOICE_ENDPOINT = 5,   /* ND-5: which desired endpoint is taken next */
    CHOICE_UPDATE_TIE = 6, /* ND-6: which of equally long slices is filled first */
    CHOICE_FILL_TIE = 7,   /* ND-7: which of equally fitting unchanged slices takes the rest */
    CHOICE_RECYCLE = 8,    /* ND-8: which of the slices to delete is recycled next */
    CHOICE_ZONE = 9,       /* ND-9: which of several zones gives or takes a topology hint */
};

struct choices {
    enum choice_mode mode;
    struct random_stream stream;
};

void choices_init(struct choices *choices, enum choice_mode mode, uint64_t seed, uint64_t run);
/* One of `count` candidates, from 0; count >= 1. One candidate draws nothing. */
uint32_t choices_pick(struct choices *choices, enum choice_point point, uint32_t count);
/* With which of `count` entries the walk over a Go map begins that nothing was deleted from; it goes round
 * from there (ND-10). Up to 8 entries have 8 slots, and a start in an empty one is the first entry; of more,
 * each is as likely. One entry draws nothing. */
uint32_t choices_start(struct choices *choices, enum choice_point point, uint32_t count);

#endif
