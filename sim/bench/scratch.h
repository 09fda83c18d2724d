/*
 * scratch.h: a folder for files that a benchmark writes and reads; it goes when the benchmark is over.
 */
#ifndef EPSIM_BENCH_SCRATCH_H
#define EPSIM_BENCH_SCRATCH_H

#include <stdbool.h>

#include "base/text.h"

struct scratch {
    struct text folder;
    struct text path; /* of the file named last */
};

/* In $TMPDIR, else /tmp. False, with the reason in `failure`. */
bool scratch_init(struct scratch *scratch, struct text *failure);
/* The path of a file in it, valid until the next call. */
const char *scratch_file(struct scratch *scratch, const char *name);
/* Takes away the files that it named, and the folder. */
void scratch_fini(struct scratch *scratch);

#endif
