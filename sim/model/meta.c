/*
 * meta.c: defaults of ObjectMeta, and uids, which are UUIDs in practice and any text by hand.
 */
#include "model/meta.h"

#include <string.h>

void meta_init(struct meta *meta, const struct catalog *catalog)
{
    *meta = (struct meta){
        .created_s = TIME_NONE,
        .deletion_s = TIME_NONE,
        .trigger_s = TIME_NONE,
        .labels = labels_empty(catalog),
        .annotations = labels_empty(catalog),
    };
}

const struct meta_rest *meta_rest(const struct meta *meta)
{
    static const struct meta_rest none = {.self_link = SYM_EMPTY};
    return meta->rest ? meta->rest : &none;
}

const char *uid_text(const struct catalog *catalog, struct uuid uid, sym text,
    char buffer[UUID_TEXT_LENGTH + 1], uint32_t *out_length)
{
    if (text != SYM_EMPTY || uid_is_none(uid, text)) {
        *out_length = catalog_length(catalog, text);
        return catalog_text(catalog, text);
    }
    uuid_format(uid, buffer);
    *out_length = UUID_TEXT_LENGTH;
    return buffer;
}
