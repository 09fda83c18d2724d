/*
 * measure.h: the wall clock, other processes, and what this machine is.
 */
#ifndef EPSIM_BENCH_MEASURE_H
#define EPSIM_BENCH_MEASURE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

/* Seconds since some moment in the past; never goes back. */
double measure_now_s(void);

/* Seconds of processor time that this process has used, all its threads together. */
double measure_processor_s(void);

/* Keeps the processor busy for so many seconds of wall time: one that was idle may take seconds to come to
 * its speed. Ends earlier once `stop` is set; NULL: never. */
void measure_warm_processor(double seconds, const volatile int *stop);

/* What a program did, from its start to its end. */
struct measured_process {
    double wall_s;
    uint64_t peak_bytes; /* resident; at least that of the process that started it */
};

/* Runs `arguments` (arguments[0] the file, NULL at the end) with `input` on its standard input and nobody
 * reading what it writes. False, with the reason in `failure`, when it could not be started or failed. */
bool measure_process(const char *const *arguments, const char *input, size_t input_length,
    struct measured_process *out, struct text *failure);

/* "gcc 12.2.0". */
const char *measure_compiler(void);
/* As /proc/cpuinfo names it; "unknown". */
void measure_cpu(struct text *out);
uint32_t measure_cores(void);

#endif
