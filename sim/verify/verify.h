/*
 * verify.h: holds the engine and the encoders against recordings, file by file.
 *
 * A recording is NDJSON; what a line is, its members tell:
 *
 *     "case"                  one sync, and the requests sent (step.h)
 *     "sequence"              a history: a head with "runs", then its steps with "watch" (history.h)
 *     "scenario", "writes"    a whole control plane: a head, then steps with watch events (cluster.h)
 *
 * Each case passes or fails, or is answered: then nothing of what is wanted of it is looked at.
 */
#ifndef EPSIM_VERIFY_VERIFY_H
#define EPSIM_VERIFY_VERIFY_H

#include "verify/verifier.h"

/* `path` "-" is standard input. O(the file). */
void verifier_file(struct verifier *verifier, const char *path);

#endif
