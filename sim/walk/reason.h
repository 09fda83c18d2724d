/*
 * reason.h: a decision of a controller in plain words, and the rule that it follows.
 *
 * The words say no more than the decision does (engine/decision.h): nothing is looked up or worked out again.
 */
#ifndef EPSIM_WALK_REASON_H
#define EPSIM_WALK_REASON_H

#include "base/text.h"
#include "engine/decision.h"
#include "model/catalog.h"

/* One sentence without its full stop: "web-3 (10.244.1.3) stays in web-7xk2p: its endpoint says the same as
 * before". */
void reason_add_words(struct text *out, const struct decision *decision, const struct catalog *catalog);
/* "S-44", or several: "E-56, E-57". */
const char *reason_rule(const struct decision *decision);
/* A word for machines: "fill-unchanged". */
const char *reason_kind_text(enum decision_kind kind);

#endif
