/*
 * script.h: job files for those who run many processes on many machines: GNU parallel, Slurm, Kubernetes.
 *
 * Each job calls `epsim sweep run` with its number; which runs that means, and that nothing is done twice, is
 * sweep run's business. So a job file is short, and may be changed by hand.
 */
#ifndef EPSIM_EXPERIMENT_SCRIPT_H
#define EPSIM_EXPERIMENT_SCRIPT_H

#include <stdint.h>

#include "base/text.h"

enum script_engine { SCRIPT_PARALLEL, SCRIPT_SLURM, SCRIPT_KUBERNETES };

/* Slurm's own limit (MaxArraySize) is 1,001: numbers 0 to 1,000. More tasks are several arrays. */
#define SCRIPT_SLURM_TASKS_MAX 1000

struct script {
    enum script_engine engine;
    const char *name;    /* of the sweep */
    const char *program; /* absolute */
    const char *sweep;   /* absolute path of the sweep file */
    const char *folder;  /* absolute, of results */
    const char *image;   /* Kubernetes: the container's */
    const char *version; /* of epsim */
    uint32_t runs;
    uint32_t runs_per_task;
};

void script_write(const struct script *script, struct text *out);

#endif
