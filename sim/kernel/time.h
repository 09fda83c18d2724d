/*
 * time.h: simulated time: int64 nanoseconds since the start of the run. 292 years fit.
 */
#ifndef EPSIM_KERNEL_TIME_H
#define EPSIM_KERNEL_TIME_H

#include <stdint.h>

typedef int64_t sim_time;

#define SIM_TIME_NEVER INT64_MAX

#endif
