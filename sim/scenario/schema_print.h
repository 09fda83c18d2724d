/*
 * schema_print.h: the scenario reference, from the tables that reading uses.
 */
#ifndef EPSIM_SCENARIO_SCHEMA_PRINT_H
#define EPSIM_SCENARIO_SCHEMA_PRINT_H

#include <stdio.h>

/* Markdown: settings, distributions, events, traces, expectations, and what is read of each kind of manifest.
 * docs/scenario.md holds this text; a test compares. */
void scenario_schema_print(FILE *out);

#endif
