/*
 * choices.c: the draws that stand for Go's map order; see choices.h and packing.h.
 */
#include "engine/choices.h"

#include "base/check.h"

/* Slots of a small map in Go. */
#define MAP_SLOTS 8

void choices_init(struct choices *choices, enum choice_mode mode, uint64_t seed, uint64_t run)
{
    choices->mode = mode;
    random_stream_init(&choices->stream, seed, run, "choices");
}

uint32_t choices_pick(struct choices *choices, enum choice_point point, uint32_t count)
{
    EPSIM_ASSERT(count >= 1);
    EPSIM_ASSERT(point >= CHOICE_FAMILIES && point <= CHOICE_ZONE);
    if (count == 1 || choices->mode == CHOICE_FIXED)
        return 0;
    return random_below(&choices->stream, count);
}

uint32_t choices_start(struct choices *choices, enum choice_point point, uint32_t count)
{
    if (count <= 1 || count > MAP_SLOTS)
        return choices_pick(choices, point, count);
    uint32_t slot = choices_pick(choices, point, MAP_SLOTS);
    return slot < count ? slot : 0;
}
