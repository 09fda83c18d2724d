/*
 * compare.c: see compare.h. Endpoints and Events; slices are compare_slices.c's.
 */
#include "verify/compare.h"

#include <string.h>

#include "base/mem.h"
#include "verify/kube_text.h"
#include "verify/texts.h"

/* --- Endpoints --- */

static void endpoints_text(struct text *text, struct catalog *catalog, const struct endpoints *endpoints)
{
    /* A shallow copy: only the uid differs, which is any UUID for a new object. */
    struct endpoints copy = *endpoints;
    copy.meta.uid = (struct uuid){{0}};
    copy.meta.uid_text = SYM_EMPTY;
    kube_text_endpoints(text, catalog, &copy);
}

static bool compare_endpoints_write(
    struct catalog *catalog, const struct kube_write *want, const struct kube_write *got, struct text *why)
{
    if (want->verb != got->verb || want->noop != got->noop || want->name != got->name) {
        text_printf(why, "expected %s of %s, got %s of %s\n", kube_write_verb(want),
            catalog_text(catalog, want->name), kube_write_verb(got), catalog_text(catalog, got->name));
        return false;
    }
    if (want->verb == KUBE_DELETE)
        return true;
    struct text a = {0}, b = {0}, json = {0};
    endpoints_text(&a, catalog, want->endpoints);
    endpoints_text(&b, catalog, got->endpoints);
    kube_text_endpoints(&json, catalog, got->endpoints);
    bool same = strcmp(a.data, b.data) == 0;
    if (!same)
        kube_tell_objects(a.data, b.data, why);
    same = kube_write_json_is_right(got, &json, why) &&
           kube_size_is_same(want->json_bytes, got->json_bytes, "json", why) &&
           kube_size_is_same(want->protobuf_bytes, got->protobuf_bytes, "protobuf", why) && same;
    text_fini(&a);
    text_fini(&b);
    text_fini(&json);
    return same;
}

bool compare_endpoints(
    struct catalog *catalog, const struct kube_writes *want, const struct kube_writes *got, struct text *why)
{
    struct texts a = {0}, b = {0};
    kube_writes_verbs(want, false, &a);
    kube_writes_verbs(got, false, &b);
    if (!texts_same(&a, &b, "requests", why))
        return false;
    for (uint32_t i = 0; i < want->items.count; i++)
        if (!compare_endpoints_write(catalog, &want->items.items[i], &got->items.items[i], why))
            return false;
    return true;
}

/* --- Events --- */

/* What of one is compared. */
static char *event_text(const char *event, bool two_types)
{
    const char *end = event + strlen(event), *cut;
    const char *space = strchr(event, ' ');
    if (space && strncmp(space + 1, "TopologyAware", strlen("TopologyAware")) != 0) {
        cut = strchr(space + 1, ' ');
        end = cut ? cut : end;
    } else if (two_types &&
               (strstr(event, "TopologyAwareHintsEnabled") || strstr(event, "has been disabled"))) {
        cut = strstr(event, ", addressType: ");
        end = cut ? cut : end;
    }
    return mem_strndup(event, (size_t)(end - event));
}

bool compare_events(const char *const *want, uint32_t want_count, const char *const *got, uint32_t got_count,
    bool two_types, struct text *why)
{
    struct texts a = {0}, b = {0};
    for (uint32_t i = 0; i < want_count; i++)
        vec_push(&a.items, event_text(want[i], two_types));
    for (uint32_t i = 0; i < got_count; i++)
        vec_push(&b.items, event_text(got[i], two_types));
    return texts_same(&a, &b, "events", why);
}
