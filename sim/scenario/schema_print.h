/*
 * schema_print.h: the scenario reference, from the tables that reading uses.
 */
#ifndef EPSIM_SCENARIO_SCHEMA_PRINT_H
#define EPSIM_SCENARIO_SCHEMA_PRINT_H

#include <stdio.h>

#include "scenario/schema.h"

/* Markdown: settings, distributions, events, traces, expectations, and what is read of each kind of manifest.
 * docs/scenario.md holds this text; a test compares. */
void scenario_schema_print(FILE *out);

/* For other documents of ours: a table of fields, and more rows of the same table. Paths begin with `prefix`.
 */
void schema_print_fields(FILE *out, const char *prefix, const struct schema *schema);
void schema_print_rows(FILE *out, const char *prefix, const struct schema *schema);

#endif
