/*
 * sources.h: the texts of a scenario: its files, and the files that they refer to.
 *
 * All of them together are written as one text, the bundle, which a database keeps: it can be loaded
 * again without any file. Its form:
 *
 *     # epsim sources 1
 *     # set 33
 *     controllers.maxEndpointsPerSlice=5
 *     # file 812 web.yaml
 *     ...812 bytes...
 *     # data 5120 rows.txt
 *     ...5120 bytes...
 *
 * with one line break after each text. "file" is an input; "data" is what a `file:` named, by the
 * path that was opened.
 */
#ifndef EPSIM_SCENARIO_SOURCES_H
#define EPSIM_SCENARIO_SOURCES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/sha256.h"
#include "base/status.h"
#include "base/text.h"
#include "base/vec.h"

/* A text larger than this is refused: positions count in 32 bits, and nobody reads it. */
#define SOURCE_BYTES_MAX (UINT32_C(1) << 30)

struct source {
    const char *path; /* as given or put together; "-" for standard input */
    const char *text; /* without a byte order mark; NUL-terminated, in the arena */
    size_t length;
    uint32_t number;             /* of the diag */
    const uint32_t *line_starts; /* made when first asked for; NULL before */
    uint32_t line_count;
    bool is_data;
    bool is_bad; /* it could not be read, or is not a text; told */
};

struct sources {
    struct arena *arena;
    struct diag *diag;
    VEC(struct source) items; /* inputs first, in order; data after, in the order of their use */
    VEC(const char *) sets;   /* PATH=VALUE texts, from a bundle and from the caller */
    const char *folder;       /* relative paths on disk are seen from there; "" or ending with a '/' */
    uint32_t io_failures;
    bool from_bundle; /* files are looked up here, never on disk */
};

void sources_init(struct sources *sources, struct arena *arena, struct diag *diag);
void sources_fini(struct sources *sources);
/* An input: a path or "-" is read; a `text` (borrowed, copied) may be a bundle. */
void sources_add_input(struct sources *sources, const char *path, const char *text, size_t length);
/* What `file: path` in the source `from` means: opened once, relative to that source. NULL when it cannot
 * be read; told at `at`. Valid until the next call. */
const struct source *sources_open(
    struct sources *sources, uint32_t from, const char *path, struct position at);
/* Of a literal block whose first line is `first_line` and whose text is `text`: the column where its lines
 * begin after the indentation, 0 when it cannot be told. O(its blank lines),
 * the first time O(bytes of the source). */
uint32_t sources_block_column(
    struct sources *sources, uint32_t number, uint32_t first_line, const char *text);
/* The bundle of all that was read. */
void sources_bundle(const struct sources *sources, struct text *out);
/* SHA-256 over kinds and texts (not names) of all but the sets, still open: sets come after it. */
void sources_hash_texts(const struct sources *sources, struct sha256 *out);
/* Adds a set. */
void sources_hash_set(struct sha256 *sha, const char *set);

#endif
