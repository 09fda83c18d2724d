/*
 * words.h: what happens outside of the controllers, in plain words: lines of the scenario, and changes of
 * pods, Services and nodes.
 */
#ifndef EPSIM_WALK_WORDS_H
#define EPSIM_WALK_WORDS_H

#include "base/text.h"
#include "model/catalog.h"
#include "model/store.h"
#include "scenario/scenario.h"

/* "scale deployment/web to 20", "label pod/web-4 app=other". */
void words_add_event(struct text *out, const struct scenario_event *event);
/* "Service web". */
void words_add_manifest(struct text *out, const struct manifest *manifest);
/* "pod web-3: 10.244.1.3 on node-1, ready"; *out_verb is "created", "changed" or "deleted". */
void words_add_change(
    struct text *out, const struct change *change, const struct catalog *catalog, const char **out_verb);

#endif
