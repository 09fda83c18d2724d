/*
 * benchmarks.h: the benchmarks, a file each.
 */
#ifndef EPSIM_BENCH_BENCHMARKS_H
#define EPSIM_BENCH_BENCHMARKS_H

#include "bench/bench.h"

extern const struct benchmark benchmark_start;        /* start.c */
extern const struct benchmark benchmark_memory;       /* memory.c */
extern const struct benchmark benchmark_pod_events;   /* pod_events.c */
extern const struct benchmark benchmark_subsets;      /* pod_events.c */
extern const struct benchmark benchmark_services;     /* services.c */
extern const struct benchmark benchmark_watchers;     /* services.c */
extern const struct benchmark benchmark_pipeline;     /* pipeline.c */
extern const struct benchmark benchmark_churn;        /* pipeline.c */
extern const struct benchmark benchmark_kernel;       /* kernel.c */
extern const struct benchmark benchmark_parse;        /* parse.c */
extern const struct benchmark benchmark_recorder;     /* recorder.c */
extern const struct benchmark benchmark_replications; /* replications.c */

#endif
