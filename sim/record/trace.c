/*
 * trace.c: see trace.h. Lines are put together in one buffer and handed on in large pieces; about 0.5 us a
 * line.
 */
#include "record/trace.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "record/write_kind.h"

/* Handed on when it is longer than this. */
#define BUFFER_BYTES 65536

struct trace_writer {
    FILE *out;
    const struct clock *clock;
    const struct catalog *catalog;
    struct text buffer;
    int failure; /* errno of the first piece that could not be written, else 0 */
};

static void trace_flush(struct trace_writer *writer)
{
    const struct text *buffer = &writer->buffer;
    if (!writer->failure && buffer->length &&
        fwrite(buffer->data, 1, buffer->length, writer->out) != buffer->length)
        writer->failure = errno ? errno : EIO;
    text_clear(&writer->buffer);
}

static void trace_end_line(struct trace_writer *writer)
{
    text_add(&writer->buffer, "}\n");
    if (writer->buffer.length > BUFFER_BYTES)
        trace_flush(writer);
}

static void add_number(struct text *text, const char *head, uint64_t value)
{
    text_add(text, head);
    text_add_u64(text, value);
}

static void add_word(struct text *text, const char *head, const char *word)
{
    text_add(text, head);
    text_add_char(text, '"');
    text_add(text, word);
    text_add_char(text, '"');
}

static void add_symbol(struct trace_writer *writer, const char *head, sym symbol)
{
    const char *word = catalog_text(writer->catalog, symbol);
    text_add(&writer->buffer, head);
    text_add_json(&writer->buffer, word, strlen(word));
}

static const char *phase_text(uint32_t phase)
{
    static const char *const names[] = {
        [PHASE_KUBELET] = "kubelet",
        [PHASE_WATCH] = "watch",
        [PHASE_SYNC] = "sync",
        [PHASE_COLLECT] = "collect",
        [PHASE_WORKLOAD] = "workload",
        [PHASE_SCENARIO] = "scenario",
        [PHASE_OBSERVE] = "observe",
    };
    return phase < sizeof names / sizeof *names ? names[phase] : "other";
}

/* Kinds are numbered in ranges, one a module (model/store.h). */
static const char *module_text(uint32_t kind)
{
    return kind >= EVENT_USER       ? "user"
           : kind >= EVENT_SCENARIO ? "scenario"
           : kind >= EVENT_ENGINE   ? "engine"
                                    : "store";
}

static void trace_event(void *self, const struct event *event)
{
    struct trace_writer *writer = self;
    struct text *line = &writer->buffer;
    add_number(line, "{\"type\":\"event\",\"number\":", clock_event_count(writer->clock));
    add_number(line, ",\"t_ns\":", (uint64_t)event->at_ns);
    add_word(line, ",\"phase\":", phase_text(event->phase));
    add_number(line, ",\"kind\":", event->kind);
    add_word(line, ",\"module\":", module_text(event->kind));
    add_number(line, ",\"argument\":", event->argument);
    trace_end_line(writer);
}

static void trace_write(void *self, const struct write *write)
{
    struct trace_writer *writer = self;
    struct text *line = &writer->buffer;
    add_number(line, "{\"type\":\"write\",\"seq\":", write->sequence);
    add_number(line, ",\"t_ns\":", (uint64_t)write->at_ns);
    add_word(line, ",\"controller\":", controller_text(write->controller));
    add_word(line, ",\"verb\":", verb_text(write->verb));
    add_word(line, ",\"kind\":", write_is_of_slice(write) ? "EndpointSlice" : "Endpoints");
    add_symbol(writer, ",\"namespace\":", write->namespace);
    add_symbol(writer, ",\"service\":", write->service);
    add_symbol(writer, ",\"object\":", write->object);
    add_number(line, ",\"endpoints\":", write->endpoints);
    add_number(line, ",\"endpoints_added\":", write->endpoints_added);
    add_number(line, ",\"endpoints_removed\":", write->endpoints_removed);
    add_number(line, ",\"bytes\":", write->bytes);
    add_number(line, ",\"watchers\":", write->watchers);
    add_number(line, ",\"watch_bytes\":", write->watch_bytes);
    trace_end_line(writer);
}

/* The timeline is no part of the trace: it follows from the writes. */
static void trace_state(void *self, const struct service_state *state)
{
    (void)self;
    (void)state;
}

struct trace_writer *trace_writer_create(
    FILE *out, struct clock *clock, const struct catalog *catalog, struct engine_observer *out_observer)
{
    struct trace_writer *writer = mem_zalloc(sizeof *writer);
    *writer = (struct trace_writer){.out = out, .clock = clock, .catalog = catalog};
    clock_observe(clock, trace_event, writer);
    *out_observer = (struct engine_observer){writer, trace_write, trace_state};
    return writer;
}

enum status trace_writer_destroy(struct trace_writer *writer)
{
    if (!writer)
        return STATUS_OK;
    trace_flush(writer);
    if (!writer->failure && fflush(writer->out) != 0)
        writer->failure = errno;
    int failure = writer->failure;
    text_fini(&writer->buffer);
    free(writer);
    if (failure)
        errno = failure;
    return failure ? STATUS_IO : STATUS_OK;
}
