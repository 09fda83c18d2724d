/*
 * label_selector.c: see label_selector.h.
 */
#include "cli/label_selector.h"

#include <string.h>

#include "model/names.h"

static bool parse_one(struct requirement *requirement, const char *text, size_t length)
{
    while (length > 0 && text[0] == ' ')
        text++, length--;
    while (length > 0 && text[length - 1] == ' ')
        length--;
    const char *equal = memchr(text, '=', length);
    if (equal == NULL) {
        bool absent = length > 0 && text[0] == '!';
        *requirement = (struct requirement){
            .kind = absent ? REQUIREMENT_ABSENT : REQUIREMENT_PRESENT,
            .key = text + absent,
            .key_length = length - absent,
        };
    } else {
        bool unequal = equal > text && equal[-1] == '!';
        bool twice = !unequal && equal + 1 < text + length && equal[1] == '=';
        *requirement = (struct requirement){
            .kind = unequal ? REQUIREMENT_NOT_EQUAL : REQUIREMENT_EQUAL,
            .key = text,
            .key_length = (size_t)(equal - text) - unequal,
            .value = equal + 1 + twice,
            .value_length = (size_t)(text + length - (equal + 1 + twice)),
        };
        if (name_check_label_value(requirement->value, requirement->value_length) != NULL)
            return false;
    }
    return name_check_label_key(requirement->key, requirement->key_length) == NULL;
}

bool label_selector_parse(struct label_selector *selector, const char *text)
{
    *selector = (struct label_selector){0};
    while (*text != '\0') {
        size_t length = strcspn(text, ",");
        struct requirement requirement;
        if (!parse_one(&requirement, text, length))
            return false;
        vec_push(&selector->requirements, requirement);
        text += length;
        if (*text == ',' && *++text == '\0')
            return false;
    }
    return true;
}

void label_selector_fini(struct label_selector *selector)
{
    vec_fini(&selector->requirements);
}

static bool holds(const struct requirement *requirement, struct catalog *catalog, const struct labels *labels)
{
    bool present = false, equal = false;
    for (uint32_t i = 0; i < labels->count && !present; i++) {
        sym key = labels->items[i].key, value = labels->items[i].value;
        present = catalog_length(catalog, key) == requirement->key_length &&
                  memcmp(catalog_text(catalog, key), requirement->key, requirement->key_length) == 0;
        equal = present && requirement->value != NULL &&
                catalog_length(catalog, value) == requirement->value_length &&
                memcmp(catalog_text(catalog, value), requirement->value, requirement->value_length) == 0;
    }
    switch (requirement->kind) {
    case REQUIREMENT_EQUAL:
        return equal;
    case REQUIREMENT_NOT_EQUAL:
        return !equal;
    case REQUIREMENT_PRESENT:
        return present;
    case REQUIREMENT_ABSENT:
        return !present;
    }
    return false;
}

bool label_selector_matches(
    const struct label_selector *selector, struct catalog *catalog, const struct labels *labels)
{
    for (uint32_t i = 0; i < selector->requirements.count; i++)
        if (!holds(&selector->requirements.items[i], catalog, labels))
            return false;
    return true;
}
