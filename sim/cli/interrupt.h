/*
 * interrupt.h: Ctrl-C and SIGTERM end a run in good order.
 *
 * The first signal only asks: the simulation stops between two events, the database is marked
 * "interrupted" and closed, and what happened so far is told. The program then ends as the signal would
 * have ended it, so that a shell's loop over many runs stops too. A second signal ends it at once.
 */
#ifndef EPSIM_CLI_INTERRUPT_H
#define EPSIM_CLI_INTERRUPT_H

/* Starts to catch. Returns the flag that simulation_run_until looks at. */
const volatile int *interrupt_catch(void);
/* Sets the flag from within: the run has no point any more (the database cannot be written). */
void interrupt_request(void);
/* The signal that came, or 0. */
int interrupt_signal(void);
/* Dies of the signal that came; returns when none came. */
void interrupt_die(void);

#endif
