/*
 * trace.h: every event and every write as NDJSON, one object a line (`--trace F`).
 *
 *     {"type":"event","number":7,"t_ns":10000000000,"phase":"sync","kind":17,"module":"engine","argument":0}
 *     {"type":"write","seq":3,"t_ns":10000000000,"controller":"endpointslice","verb":"update",
 *      "kind":"EndpointSlice","namespace":"default","service":"web","object":"web-7xk2p","endpoints":5,
 *      "endpoints_added":1,"endpoints_removed":0,"bytes":912,"watchers":4,"watch_bytes":4480}
 *
 * (the second is one line too). An event's line stands before the lines of the writes that it makes. The
 * order, and every byte, is the same in every run of the same scenario, seed and version. Fields:
 * docs/database.md.
 */
#ifndef EPSIM_RECORD_TRACE_H
#define EPSIM_RECORD_TRACE_H

#include <stdio.h>

#include "base/status.h"
#include "engine/engine.h"
#include "kernel/clock.h"

struct trace_writer;

/* `out` is borrowed. Adds itself to the clock; *out_observer is for the engine. The clock and the catalog are
 * borrowed too; neither may run on after the writer is destroyed. */
struct trace_writer *trace_writer_create(
    FILE *out, struct clock *clock, const struct catalog *catalog, struct engine_observer *out_observer);
/* Flushes; STATUS_IO when something could not be written, and errno tells why. Takes NULL. */
enum status trace_writer_destroy(struct trace_writer *writer);

#endif
