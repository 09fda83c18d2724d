/*
 * crash_note.h: when a bug ends the process, the note of the run that did it says so.
 *
 * A worker's note (part.h) tells which run it is at. A process that is killed (kill -9, out of memory) just
 * leaves it; one that ends by a bug of its own (SIGSEGV, SIGABRT of a failed assertion, ...) writes the
 * signal's number there first, so that the run counts as failed and is not tried for ever.
 */
#ifndef EPSIM_EXPERIMENT_CRASH_NOTE_H
#define EPSIM_EXPERIMENT_CRASH_NOTE_H

#include <sys/types.h>

/* Digits that are written: "011". */
#define CRASH_SIGNAL_DIGITS 3

/* Starts to catch those signals; they still end the process as before. */
void crash_note_catch(void);
/* Where this thread's note is: three digits at `offset` of an open file. -1: there is none any more. */
void crash_note_set(int file, off_t offset);

#endif
