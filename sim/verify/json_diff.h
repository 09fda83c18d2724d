/*
 * json_diff.h: where two JSON values differ, as lines for a reader:
 *
 *     .subsets[0].addresses[2].ip: expected "10.0.0.1", got "10.0.0.2"
 *     .subsets[0].addresses: missing {"ip":"10.0.0.1"}
 */
#ifndef EPSIM_VERIFY_JSON_DIFF_H
#define EPSIM_VERIFY_JSON_DIFF_H

#include <jansson.h>
#include <stdbool.h>

#include "base/text.h"

/* More differences than these of one value are counted, not told. */
#define JSON_DIFF_LINES_MAX 8

/* True when they are the same. Else each difference becomes a line of `out`; `out` may be NULL. What is null,
 * an empty list or an empty map counts as absent: Go's decoders see no difference. Either may be NULL:
 * absent. Members named `ignored` (NULL: none) are not looked at. */
bool json_diff(const json_t *want, const json_t *got, const char *ignored, struct text *out);

/* The value in one line, cut to a readable length; "nothing" for NULL. */
void json_diff_add_value(struct text *out, const json_t *value);

#endif
