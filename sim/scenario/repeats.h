/*
 * repeats.h: what the events and traces of a scenario say again and again gets a number, so that a run looks
 * it up once and not at every event: the makers of pods, namespaces, maps of labels.
 */
#ifndef EPSIM_SCENARIO_REPEATS_H
#define EPSIM_SCENARIO_REPEATS_H

#include "scenario/scenario.h"

/* Fills in name_hash, maker and ordinal of references to pods, name_hash of traces' pods, the numbers of maps
 * of labels, and scenario->makers; equal namespaces become one text. O(texts) expected. */
void repeats_number(struct scenario *scenario);

#endif
