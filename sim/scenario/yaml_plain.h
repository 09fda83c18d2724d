/*
 * yaml_plain.h: the plain part of YAML and JSON, read without the library.
 *
 * Nearly all manifests are block mappings and lists of one-line texts, and nearly all dumps are these or
 * JSON. Such a document becomes a tree in one pass over its bytes. Whatever is unusual (anchors, tags,
 * directives, folded texts, tabs, characters beyond ASCII, several lines of a plain text, ...) or wrong is
 * not read here at all: the caller gives that document to libfyaml, which reads all of YAML and has all the
 * messages. So nothing here decides what is a mistake. tests/fuzz/yaml_fuzz.c holds both readers to the same
 * trees.
 */
#ifndef EPSIM_SCENARIO_YAML_PLAIN_H
#define EPSIM_SCENARIO_YAML_PLAIN_H

#include "scenario/yaml.h"

struct yaml_plain {
    struct arena *arena; /* nodes live there */
    const char *text;    /* ends with a NUL behind `length` */
    size_t length;
    uint32_t source;
    /* Private. */
    char *copy;     /* of the text: the texts of nodes lie in it, each with its NUL */
    const char *at; /* next byte to read */
    const char *line_start;
    uint32_t line;        /* from 1 */
    int32_t column;       /* of the next content, from 0; -1 behind the document's last */
    uint32_t open;        /* collections */
    struct position last; /* of the latest event: what is empty stands there */
    VEC(struct yaml_node *) finished;
};

void yaml_plain_init(
    struct yaml_plain *plain, struct arena *arena, uint32_t source, const char *text, size_t length);
void yaml_plain_fini(struct yaml_plain *plain);
/* Reads the document that begins at byte *at, the start of line *line (from 1). True: *out_root is its tree,
 * NULL when it is empty; *at and *line are moved to the "---" of the next document, or to the end. False: the
 * document is not plain, and nothing has changed (but for what the arena holds). About 150 MB/s. */
bool yaml_plain_read(struct yaml_plain *plain, size_t *at, uint32_t *line, struct yaml_node **out_root);

#endif
