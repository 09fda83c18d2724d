/*
 * schema.c: looking things up in the tables of fields.
 */
#include "scenario/schema.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/suggest.h"
#include "base/text.h"

/* More fields than this in one table get no suggestion; the largest (PodSpec) has about 40. */
#define CANDIDATES_MAX 96

const struct field *schema_field(const struct schema *schema, const char *name)
{
    for (uint32_t i = 0; i < schema->field_count; i++)
        if (schema->fields[i].name[0] == name[0] && strcmp(schema->fields[i].name, name) == 0)
            return &schema->fields[i];
    return NULL;
}

/* The next word of a list with blanks between; its length in *length, 0 at the end. */
static const char *next_word(const char *list, size_t *length)
{
    list += strspn(list, " ");
    *length = strcspn(list, " ");
    return list;
}

bool schema_ignores(const struct schema *schema, const char *name)
{
    size_t length = strlen(name);
    const char *list = schema->ignored, *found = length > 0 && !strchr(name, ' ') ? list : NULL;
    while (found && (found = strstr(found, name)) != NULL) {
        if ((found == list || found[-1] == ' ') && (found[length] == ' ' || found[length] == '\0'))
            return true;
        found++;
    }
    return false;
}

const char *schema_suggest(const struct schema *schema, const char *name, char buffer[SCHEMA_NAME_MAX])
{
    char words[CANDIDATES_MAX][SCHEMA_NAME_MAX];
    const char *candidates[CANDIDATES_MAX];
    uint32_t count = 0;
    for (; count < schema->field_count && count < CANDIDATES_MAX; count++)
        candidates[count] = schema->fields[count].name;
    size_t length = 0;
    const char *word = schema->ignored ? next_word(schema->ignored, &length) : NULL;
    for (; length && count < CANDIDATES_MAX; word = next_word(word + length, &length)) {
        snprintf(words[count], SCHEMA_NAME_MAX, "%.*s", (int)length, word);
        candidates[count] = words[count];
        count++;
    }
    const char *found = text_suggest(name, candidates, count);
    if (!found)
        return NULL;
    snprintf(buffer, SCHEMA_NAME_MAX, "%s", found);
    return buffer;
}

static void add_choices(struct text *text, const struct field *field)
{
    uint32_t accepted = 0, shown = 0;
    for (uint32_t i = 0; i < field->choice_count; i++)
        accepted += !field->choices[i].refusal;
    text_add(text, accepted > 1 ? "one of " : "");
    for (uint32_t i = 0; i < field->choice_count; i++) {
        if (field->choices[i].refusal)
            continue;
        text_add(text, shown++ ? ", " : "");
        text_add(text, field->choices[i].name);
    }
}

const char *schema_type_text(const struct field *field, char out[SCHEMA_TYPE_MAX])
{
    struct text text = {0};
    switch (field->type) {
    case FIELD_BOOL:
    case FIELD_CONDITION:
        text_add(&text, "true or false");
        break;
    case FIELD_I32:
    case FIELD_U32:
    case FIELD_I64:
        text_printf(&text, "an integer from %" PRId64 " to %" PRId64, field->min, field->max);
        break;
    case FIELD_U64:
        text_add(&text, "an integer from 0 to 18446744073709551615");
        break;
    case FIELD_REAL:
        text_add(&text, "a number above 0");
        break;
    case FIELD_DURATION:
        text_add(&text, "a duration such as 250ms, 10s or 1h30m");
        break;
    case FIELD_CALENDAR:
        text_add(&text, "a time such as 2026-01-01T00:00:00Z");
        break;
    case FIELD_CHOICE:
        add_choices(&text, field);
        break;
    case FIELD_MAP:
        text_add(&text, "a mapping of texts");
        break;
    case FIELD_TEXTS:
        text_add(&text, "a list of texts");
        break;
    case FIELD_OBJECT:
        text_add(&text, "a mapping");
        break;
    case FIELD_LIST:
        text_add(&text, "a list");
        break;
    case FIELD_TEXT:
    case FIELD_CUSTOM:
    case FIELD_KNOWN:
        text_add(&text, "a text");
        break;
    }
    snprintf(out, SCHEMA_TYPE_MAX, "%s", field->type_text ? field->type_text : text.data);
    text_fini(&text);
    return out;
}
