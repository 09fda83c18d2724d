/*
 * bind.h: from a YAML tree to C structs, as the tables of schema.h say.
 *
 * Binding never stops at a mistake: it tells it and goes on with the next field, whose target keeps its
 * default. Texts go to the scenario's arena.
 */
#ifndef EPSIM_SCENARIO_BIND_H
#define EPSIM_SCENARIO_BIND_H

#include <stdbool.h>
#include <stdint.h>

#include "base/map.h"
#include "base/text.h"
#include "scenario/scenario.h"
#include "scenario/schema.h"

struct source;
struct sources;

/* What was accepted and ignored, once for each place in the schema. */
struct ignored_field {
    char *path; /* "Deployment spec.template.spec.containers.image"; owned */
    struct position first;
    uint32_t count;
};

struct binder {
    struct scenario *scenario; /* NULL: another document of ours */
    struct arena *arena;       /* the scenario's, or the document's */
    struct arena trees;        /* of YAML nodes; gone when loading is done */
    struct diag *diag;
    struct sources *sources;   /* where `file:` is looked up */
    struct text path;          /* of the mapping being bound */
    VEC(uint32_t) set_sources; /* the diag's sources of --set texts */
    VEC(struct ignored_field *) ignored;
    struct map ignored_by_path;
};

void binder_init(struct binder *binder, struct scenario *scenario, struct sources *sources);
/* For a document that is no scenario: nothing in it may be ignored, and no file is looked up. */
void binder_init_plain(struct binder *binder, struct arena *arena, struct diag *diag);
/* Writes scenario->ignored. */
void binder_fini(struct binder *binder);

/* Tells once a path that something was accepted and ignored. */
void binder_ignore(struct binder *binder, struct position at, const char *name);

/* True when a position is in a --set text. */
bool binder_is_set(const struct binder *binder, struct position at);

/* Binds all fields of a mapping; anything but a mapping is an error. */
void bind_object(
    struct binder *binder, const struct schema *schema, const struct yaml_node *node, void *target);
/* One field; null is the same as absent when the schema is Kubernetes'. */
void bind_field(struct binder *binder, const struct schema *schema, const struct field *field,
    const struct yaml_pair *pair, void *target);
/* "'replicas' takes an integer from 0 to 10, not 'x'". */
void bind_report_type(struct binder *binder, const struct field *field, const struct yaml_node *value);
/* "unknown field 'replica'; did you mean 'replicas'?" */
void bind_report_unknown(struct binder *binder, const struct schema *schema, const struct yaml_node *key);

/* A text as the API takes it: a plain number or boolean is none. NULL (and told) when it is none. */
const char *bind_text(struct binder *binder, const struct field *field, const struct yaml_node *value);
/* A list's items one by one: true while there is one. A value that is no list is told. */
bool bind_is_list(struct binder *binder, const struct field *field, const struct yaml_node *value);
/* The source that a path names, as seen from the file that the path stands in; NULL, and told, when it cannot
 * be read. */
const struct source *bind_file(struct binder *binder, const struct yaml_node *path);
/* A mapping of texts. Values of null: a NULL value, if `nulls`; else an error. */
void bind_map(struct binder *binder, const struct field *field, const struct yaml_node *value, bool nulls,
    struct text_map *out);

/* --- texts of maps ---------------------------------------------------------------------------------- */

/* More entries of labels, annotations and the like are refused: nobody writes them, and some checks compare
 * every one with every one. */
#define MAP_ENTRIES_MAX 10000
/* The value, or NULL. O(count). */
const char *text_map_get(const struct text_map *map, const char *key);

/* True when the text was given before; else remembers it (borrowed). O(1). */
bool text_seen(struct map *map, const char *text);

#endif
