/*
 * yaml_scalar.h: strings as YAML scalars, the way kubectl's printer (sigs.k8s.io/yaml) writes them, so
 * that any YAML reader takes them for the same strings.
 */
#ifndef EPSIM_BASE_YAML_SCALAR_H
#define EPSIM_BASE_YAML_SCALAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

/* Lines longer than this are folded at spaces. */
#define YAML_LINE_WIDTH 80

/* What it looks like without quotes is something else than a string: a number, a time, true, null, ... */
bool yaml_looks_typed(const char *bytes, size_t length);
/* Adds the string as a scalar of block context. `out` must end where the scalar starts (behind "key: " or
 * "- "); lines that follow are indented by `indent` spaces. A key stays on one line. O(length). */
void yaml_add_scalar(struct text *out, const char *bytes, size_t length, uint32_t indent, bool is_key);
/* The order of keys: byte-wise but for runs of digits, which compare as numbers, and letters, which come
 * after everything else. */
int yaml_compare_keys(const char *a, const char *b);

#endif
