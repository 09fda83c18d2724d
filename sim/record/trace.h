/*
 * trace.h: every event and every write as NDJSON, one object a line (`--trace F`).
 */
#ifndef EPSIM_RECORD_TRACE_H
#define EPSIM_RECORD_TRACE_H

#include <stdio.h>

#include "base/status.h"
#include "engine/engine.h"
#include "kernel/clock.h"

struct trace_writer;

/* `out` is borrowed. Adds itself to the clock; *out_observer is for the engine. */
struct trace_writer *trace_writer_create(FILE *out, struct clock *clock, const struct catalog *catalog,
    struct engine_observer *out_observer);
/* Flushes; STATUS_IO when something could not be written. */
enum status trace_writer_destroy(struct trace_writer *writer);

#endif
