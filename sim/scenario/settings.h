/*
 * settings.h: the Scenario document's spec but for events and expectations: what a run is, and where.
 */
#ifndef EPSIM_SCENARIO_SETTINGS_H
#define EPSIM_SCENARIO_SETTINGS_H

#include "scenario/bind.h"

/* The whole `kind: Scenario` document; its target is a struct scenario. */
extern const struct schema scenario_document_schema;
extern const struct schema scenario_spec_schema;

/* What a scenario is when the file does not say. */
void settings_init(struct scenario *scenario);
/* Binds the document. */
void settings_bind(struct binder *binder, const struct yaml_node *document);

#endif
