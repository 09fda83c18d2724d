/*
 * quantity.h: Kubernetes' quantities: "4", "500m", "2Gi", "1e3".
 */
#ifndef EPSIM_SCENARIO_QUANTITY_H
#define EPSIM_SCENARIO_QUANTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* In thousandths, rounded up as Kubernetes does. False when the text is no quantity, is negative or
 * does not fit. O(length). */
bool quantity_parse_milli(const char *text, size_t length, int64_t *out_milli);

#endif
