/*
 * endpoints_metadata.c: see endpoints_metadata.h.
 */
#include "engine/endpoints_metadata.h"

#include "engine/requests.h"

static const struct labels *wanted_labels(struct service_entry *entry)
{
    if (entry->endpoints_labels)
        return entry->endpoints_labels;
    struct catalog *catalog = entry->engine->catalog;
    sym headless = catalog_word(catalog, WORD_HEADLESS);
    const struct labels *labels = entry->service->meta.labels;
    labels = service_is_headless(entry->service, catalog) ? labels_with(catalog, labels, headless, SYM_EMPTY)
                                                          : labels_without(catalog, labels, headless);
    labels = labels_with(catalog, labels, catalog_word(catalog, WORD_ENDPOINTS_MANAGED_BY),
        catalog_word(catalog, WORD_ENDPOINTS_CONTROLLER));
    entry->endpoints_labels = labels;
    return labels;
}

/* E-61 (2). The Service's labels are not filtered: one that carries a reserved key is never right. */
bool endpoints_labels_are_right(const struct service_entry *entry, const struct labels *stored)
{
    const struct catalog *catalog = entry->engine->catalog;
    const struct labels *of_service = entry->service->meta.labels;
    sym managed_by = catalog_word(catalog, WORD_ENDPOINTS_MANAGED_BY);
    sym headless = catalog_word(catalog, WORD_HEADLESS);
    sym value;
    if (!labels_get(stored, managed_by, &value) || value != catalog_word(catalog, WORD_ENDPOINTS_CONTROLLER))
        return false;
    uint32_t ordinary = 0;
    for (uint32_t i = 0; i < stored->count; i++) {
        const struct label *label = &stored->items[i];
        if (label->key == managed_by || label->key == headless)
            continue;
        ordinary++;
        if (!labels_get(of_service, label->key, &value) || value != label->value)
            return false;
    }
    return ordinary == of_service->count;
}

/* E-61 (3). */
bool endpoints_annotation_is_right(const struct engine *engine, const struct endpoints *object)
{
    sym key = catalog_word(engine->catalog, WORD_OVER_CAPACITY);
    uint32_t capacity = engine->config.endpoints_capacity;
    if (capacity != UINT32_MAX && request_address_count(object) > capacity)
        return false;
    return !object->over_capacity && !labels_get(object->meta.annotations, key, NULL);
}

bool endpoints_set_metadata(
    struct service_entry *entry, struct endpoints *object, int64_t trigger_s, bool over_capacity)
{
    struct catalog *catalog = entry->engine->catalog;
    struct meta *meta = &object->meta;
    const struct labels *labels = wanted_labels(entry);
    const struct labels *annotations = meta->annotations;
    annotations = labels_without(catalog, annotations, catalog_word(catalog, WORD_OVER_CAPACITY));
    annotations = labels_without(catalog, annotations, catalog_word(catalog, WORD_TRIGGER_TIME));
    bool changed = meta->labels != labels || meta->annotations != annotations ||
                   meta->trigger_s != trigger_s || object->over_capacity != over_capacity;
    meta->labels = labels;
    meta->annotations = annotations;
    meta->trigger_s = trigger_s;
    object->over_capacity = over_capacity;
    return changed;
}
