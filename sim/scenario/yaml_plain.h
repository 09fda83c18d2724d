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

#include "scenario/yaml_scan.h"

void yaml_plain_init(
    struct yaml_scan *scan, struct arena *arena, uint32_t source, const char *text, size_t length);
void yaml_plain_fini(struct yaml_scan *scan);
/* Reads the document that begins at byte *at, the start of line *line (from 1). True: *out_root is its tree,
 * NULL when it is empty; *at and *line are moved to the "---" of the next document, or to the end. False: the
 * document is not plain, and nothing has changed (but for what the arena holds). About 150 MB/s. */
bool yaml_plain_read(struct yaml_scan *scan, size_t *at, uint32_t *line, struct yaml_node **out_root);

#endif
