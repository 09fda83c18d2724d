/*
 * import_stream.h: the documents of a file one after the other, in the memory of one of them: JSON values,
 * whether one a line (NDJSON) or spread over lines, or documents of YAML with "---" between.
 *
 * The first byte that is no blank tells which: '{' and '[' are JSON. A mistake ends the stream: what is wrong
 * in a file that a program wrote is wrong once.
 */
#ifndef EPSIM_SCENARIO_IMPORT_STREAM_H
#define EPSIM_SCENARIO_IMPORT_STREAM_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/diag.h"
#include "scenario/yaml.h"

/* One document larger than this is refused: positions count in 32 bits. */
#define IMPORT_DOCUMENT_BYTES_MAX (UINT32_C(1) << 30)

struct import_stream {
    /* Read only. */
    uint64_t bytes; /* read so far */
    bool failed;    /* a mistake was found and told */
    bool cannot_read;
    /* Private. */
    struct diag *diag;
    struct arena *kept; /* a text with a mistake, for the diag */
    const char *name;
    FILE *file;
    bool at_end, is_yaml, has_begun;
    char *buffer;
    size_t start, length, capacity; /* the buffer holds [start, length) still to be read */
    size_t document_length;         /* of the present one, at `start` - document_length */
    uint32_t line, column;          /* of `start` */
    uint32_t document_line, document_column;
    struct arena trees; /* of the documents since it was emptied last */
    size_t tree_bytes;
};

/* `path` "-" is standard input. Failing to open is told and makes a stream without documents. `kept` must
 * outlive the diag. */
void import_stream_open(
    struct import_stream *stream, const char *path, struct arena *kept, struct diag *diag);
void import_stream_close(struct import_stream *stream);
/* The next document, valid until the next call; NULL at the end and after a mistake. O(document): JSON at
 * 150 MB/s, YAML at 20 to 100. */
struct yaml_node *import_stream_next(struct import_stream *stream);
/* Tells a mistake in the present document, at the position of one of its nodes, and ends the stream. */
void import_stream_fail(struct import_stream *stream, struct position at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
