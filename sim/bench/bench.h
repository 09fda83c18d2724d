/*
 * bench.h: what is measured, how often, and what came out.
 *
 * A benchmark is a table of cases. A case is set up once, outside of the measured time, and sampled
 * several times; the result is the median of the samples with the least and the greatest. Cases that
 * stand one after the other with the same `size` and `shares` share their set-up, so that a million
 * pods are made once.
 *
 * The amount of work of a sample is fixed by the case and by `scale_percent`: the same command executes
 * the same instructions every time, which is what tests/bench counts. Wall clock is read here and nowhere
 * further left.
 */
#ifndef EPSIM_BENCH_BENCH_H
#define EPSIM_BENCH_BENCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

#define BENCH_REPEATS_MAX 1000
#define BENCH_SCALE_PERCENT_MAX 10000
#define BENCH_WARM_UP_S 3
#define BENCH_WARM_UP_S_MAX 3600

/* What a sample's value is. */
enum bench_unit {
    BENCH_PER_SECOND,    /* things a second */
    BENCH_MB_PER_SECOND, /* 10^6 bytes a second */
    BENCH_MILLISECONDS,
    BENCH_BYTES, /* a thing */
    BENCH_TIMES, /* a ratio */
    BENCH_PERCENT
};

struct bench_case {
    const char *name; /* "1k/ready": its full name is "pod-events/1k/ready" */
    uint64_t size;    /* what --max-size looks at: endpoints, Services, pending events */
    int kind;         /* the benchmark's own */
    enum bench_unit unit;
    const char *counts; /* what is counted: "pod events" */
};

/* What a benchmark is given, and where it leaves what went wrong. */
struct bench_plan {
    const struct bench_case *item;
    uint32_t scale_percent; /* of the usual work a sample */
    const char *program;    /* our own program's file, for benchmarks that start it */
    struct text work;       /* the size of a sample's work, written by the set-up or by a sample */
    struct text failure;    /* why it could not be measured; empty: it could */
};

/* `count` scaled, at least 1. */
uint64_t bench_scaled(const struct bench_plan *plan, uint64_t count);

struct benchmark {
    const char *name;
    const char *about; /* one line */
    uint32_t repeats;  /* as a default */
    bool warms_up; /* a sample that does not count comes first: what was set up has grown to its size then */
    bool shares;   /* the set-up depends on a case's size only */
    const struct bench_case *cases;
    uint32_t case_count;
    /* All three may leave a message in plan->failure. setup may return NULL where nothing is kept. */
    void *(*setup)(struct bench_plan *plan);
    /* One sample's value in the case's unit; it measures itself. */
    double (*sample)(void *state, struct bench_plan *plan);
    void (*teardown)(void *state); /* may be NULL */
};

/* In the order in which they run: those that start a program come first, while this one is small, since a
 * started process counts the memory of the one that forked it. */
extern const struct benchmark *const benchmarks[];
extern const uint32_t benchmark_count;

struct bench_options {
    uint32_t repeats; /* 0: as each benchmark has it */
    uint32_t scale_percent;
    uint32_t warm_up_s; /* the processor is kept busy for so long first */
    uint64_t size_max;  /* larger cases are left out */
    const char *program;
    const volatile int *stop; /* once it is set nothing more is measured; NULL: never */
    const char *const *names; /* "pod-events", "pod-events/1k", "pod-events/1k/ready" */
    uint32_t name_count;      /* 0: all */
};

struct bench_result {
    const struct benchmark *benchmark;
    const struct bench_case *item;
    uint32_t repeats;
    double median, min, max;
    const char *work;
    const char *failure; /* NULL: it was measured */
};

/* True when `name` is a benchmark, a case, or the beginning of one up to a slash. */
bool bench_exists(const char *name);
/* True when the options choose the case. */
bool bench_is_chosen(
    const struct bench_options *options, const struct benchmark *benchmark, const struct bench_case *item);
/* Runs what the options choose, after the warm-up. `begin` is called before each case (its texts are still
 * empty), `end` after it with the result, whose texts live during the call; not of a case in whose middle it
 * was stopped. False from `begin` stops. */
void bench_run(const struct bench_options *options,
    bool (*begin)(void *context, const struct benchmark *benchmark, const struct bench_case *item),
    void (*end)(void *context, const struct bench_result *result), void *context);

#endif
