/*
 * compare_exact.h: `epsim compare --exact A.db B.db`.
 */
#ifndef EPSIM_CLI_COMPARE_EXACT_H
#define EPSIM_CLI_COMPARE_EXACT_H

#include "cli/options.h"

/* EXIT_OK: equal; EXIT_FAILED: not, with the first differences on standard output. */
enum exit_code compare_exactly(const char *path_a, const char *path_b);

#endif
