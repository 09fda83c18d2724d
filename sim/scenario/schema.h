/*
 * schema.h: what a mapping may hold, as data.
 *
 * One table describes each mapping that we read: the fields' names, types, units, defaults, ranges and
 * meanings, and where each binds in a C struct. Binding, "did you mean", `--set` and the reference in
 * docs/scenario.md all come from it, so what is documented is what is read.
 */
#ifndef EPSIM_SCENARIO_SCHEMA_H
#define EPSIM_SCENARIO_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scenario/yaml.h"

struct binder;
struct field;

/* What a field binds to, at `offset` of the target. */
enum field_type {
    FIELD_TEXT,      /* const char * */
    FIELD_BOOL,      /* bool */
    FIELD_I32,       /* int32_t */
    FIELD_U32,       /* uint32_t */
    FIELD_I64,       /* int64_t */
    FIELD_U64,       /* uint64_t; min and max do not apply */
    FIELD_REAL,      /* double */
    FIELD_DURATION,  /* int64_t ns */
    FIELD_CALENDAR,  /* int64_t seconds since 1970, from RFC 3339 */
    FIELD_CHOICE,    /* an enum (4 bytes) */
    FIELD_CONDITION, /* uint8_t, enum condition, from true and false */
    FIELD_MAP,       /* struct text_map */
    FIELD_TEXTS,     /* const char ** and, at count_offset, uint32_t */
    FIELD_OBJECT,    /* a mapping of its own, with `object` */
    FIELD_LIST,      /* array of item_size with `object` for each item, and a uint32_t count */
    FIELD_CUSTOM,    /* `bind` reads it */
    FIELD_KNOWN,     /* read elsewhere; accepted without a word */
};

enum field_flag {
    FIELD_REQUIRED = 1,
    FIELD_VERB = 2,      /* of an event: the key that says what happens */
    FIELD_NULL_KEEPS = 4 /* null is a value here, for `bind` to read */
};

#define CHOICE_STORES_NOTHING (-1)
struct choice {
    const char *name;
    int32_t value;       /* or CHOICE_STORES_NOTHING */
    const char *refusal; /* not NULL: a word that is known, and why it is not accepted; not documented */
};

typedef void field_bind(
    struct binder *binder, const struct field *field, const struct yaml_pair *pair, void *target);
/* NULL when the text will do, else "must be ...". */
typedef const char *text_check(const char *text, size_t length);

struct field {
    const char *name;
    enum field_type type;
    uint32_t flags;
    size_t offset;
    size_t count_offset;
    size_t item_size;
    int64_t min, max; /* of integers, both included; seconds or nanoseconds where those bind */
    const struct schema *object;
    const struct choice *choices; /* ends with a NULL name */
    uint32_t choice_count;
    text_check *check;       /* of a text, each text of a list, the keys of a map */
    text_check *value_check; /* of the values of a map */
    field_bind *bind;
    uint32_t verbs; /* of an event's parameter: bits of the verbs that take it; 0: all */
    int32_t verb;   /* of a FIELD_VERB */
    /* For people. */
    const char *type_text; /* when the type alone does not tell it ("a share, such as 25%") */
    const char *fallback;  /* the default; NULL: none */
    const char *help;
};

struct schema {
    const char *name; /* "Deployment spec", for people */
    const struct field *fields;
    uint32_t field_count;
    const char *ignored; /* Kubernetes' fields that cannot matter here: names with blanks between */
    bool is_kubernetes;  /* null is the same as absent, and unknown fields are the API's business too */
    void (*init)(void *target); /* defaults that are not zero */
    void (*check)(struct binder *binder, const struct yaml_node *node, void *target); /* after all fields */
};

#define FIELDS(table) .fields = (table), .field_count = (uint32_t)(sizeof(table) / sizeof *(table))
#define CHOICES(table) .choices = (table), .choice_count = (uint32_t)(sizeof(table) / sizeof *(table))

/* O(fields). NULL when there is none. */
const struct field *schema_field(const struct schema *schema, const char *name);
/* True when `name` is one of the ignored fields. */
bool schema_ignores(const struct schema *schema, const char *name);
/* The field, known or ignored, that `name` is nearest to, or NULL. The text is valid as long as the schema,
 * or (of an ignored name) until `buffer` is changed. */
#define SCHEMA_NAME_MAX 64
const char *schema_suggest(const struct schema *schema, const char *name, char buffer[SCHEMA_NAME_MAX]);
/* "an integer from 1 to 1000", "a duration", ... */
#define SCHEMA_TYPE_MAX 200
const char *schema_type_text(const struct field *field, char out[SCHEMA_TYPE_MAX]);

#endif
