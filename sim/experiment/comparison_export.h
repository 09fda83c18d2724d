/*
 * comparison_export.h: a comparison as CSV, JSON and Markdown, with the names that hyperfine gives its
 * exports (mean, stddev, median, min, max, parameter_NAME). All numbers in full; what is not defined is empty
 * in CSV, null in JSON, "-" in Markdown.
 */
#ifndef EPSIM_EXPERIMENT_COMPARISON_EXPORT_H
#define EPSIM_EXPERIMENT_COMPARISON_EXPORT_H

#include "experiment/comparison.h"

/* A line for each block, figure and side. */
void comparison_csv(const struct comparison *comparison, struct text *out);
/* {"statistic": ..., "results": [{..., "runs": [{"run_id": ..., "value": ...}]}]}: each run's value too. */
void comparison_json(const struct comparison *comparison, struct text *out);
/* A table for each block, with values as people read them. */
void comparison_markdown(const struct comparison *comparison, struct text *out);

/* "40,210 to 40,516"; "-" without an interval. */
void text_add_interval(struct text *out, const struct figure *figure, const struct estimate *estimate);
/* "+1,234 (+5.1 %)"; "-" without a difference. */
void text_add_difference(struct text *out, const struct figure *figure, const struct comparison_cell *cell);
/* "yes", "no", or "-" where there is no interval. */
const char *excludes_zero_text(const struct estimate *difference);

#endif
