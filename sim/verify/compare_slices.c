/*
 * compare_slices.c: what INV-1 leaves determined of a sync's slices; see compare_slices.h. Objects are
 * compared by their texts, collections by their sorted texts. O(objects x endpoints).
 */
#include "verify/compare_slices.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "verify/kube_text.h"
#include "verify/texts.h"

/* --- slices: the state after the writes --- */

struct slices {
    VEC(const struct endpointslice *) items;
};

static const struct endpointslice *find(const struct slices *slices, sym name)
{
    for (uint32_t i = 0; i < slices->items.count; i++)
        if (slices->items.items[i]->meta.name == name)
            return slices->items.items[i];
    return NULL;
}

static void make_after(
    const struct slices_before *before, const struct kube_writes *writes, struct slices *out)
{
    for (uint32_t i = 0; i < before->count; i++) {
        const struct endpointslice *slice = before->slices[i];
        bool there = true;
        for (uint32_t w = 0; w < writes->items.count; w++) {
            const struct kube_write *write = &writes->items.items[w];
            if (write->name != slice->meta.name)
                continue;
            there = write->verb != KUBE_DELETE;
            slice = there ? write->slice : slice;
        }
        if (there)
            vec_push(&out->items, slice);
    }
    for (uint32_t w = 0; w < writes->items.count; w++)
        if (writes->items.items[w].verb == KUBE_CREATE)
            vec_push(&out->items, writes->items.items[w].slice);
}

static void add_key(struct text *text, const struct catalog *catalog, const struct endpointslice *slice)
{
    text_add(text, address_type_text(slice->address_type));
    if (slice->ports->count == 0)
        text_add(text, "[]");
    else
        kube_text_slice_ports(text, catalog, slice);
}

static void collect_sizes(const struct catalog *catalog, const struct slices *slices, struct texts *out)
{
    for (uint32_t i = 0; i < slices->items.count; i++) {
        struct text text = {0};
        add_key(&text, catalog, slices->items.items[i]);
        text_printf(&text, " %u", slices->items.items[i]->endpoints.count);
        texts_add(out, &text);
    }
}

static void add_endpoint(
    struct text *text, const struct catalog *catalog, const struct endpoint *endpoint, bool hints)
{
    struct endpoint_draft draft = endpoint_read(endpoint);
    target_ref(draft.target);
    draft.extra = endpoint_extra_copy(draft.extra);
    draft.extra->has_hints &= hints;
    struct endpoint *copy = endpoint_create(catalog, &draft);
    kube_text_slice_endpoint(text, catalog, copy);
    endpoint_unref(copy);
}

static void collect_endpoints(
    const struct catalog *catalog, const struct slices *slices, bool hints, struct texts *out)
{
    for (uint32_t i = 0; i < slices->items.count; i++) {
        const struct endpointslice *slice = slices->items.items[i];
        for (uint32_t e = 0; e < slice->endpoints.count; e++) {
            struct text text = {0};
            add_key(&text, catalog, slice);
            text_add_char(&text, '\t');
            add_endpoint(&text, catalog, endpointslice_at(slice, e), hints);
            texts_add(out, &text);
        }
    }
}

/* Of so many endpoints that differ is told what. */
#define ENDPOINTS_TOLD_MAX 3

/* The one of `others` that is about the same backend in the same kind of slice, or count. */
static uint32_t find_counterpart(const struct texts *others, const char *text)
{
    const char *tab = strchr(text, '\t');
    json_t *json = json_loads(tab + 1, 0, NULL);
    uint32_t i = 0;
    for (; i < others->items.count; i++) {
        const char *other = others->items.items[i];
        if (!other || strncmp(other, text, (size_t)(tab + 1 - text)) != 0)
            continue;
        json_t *candidate = json_loads(strchr(other, '\t') + 1, 0, NULL);
        bool same = json_equal(json_object_get(json, "addresses"), json_object_get(candidate, "addresses"));
        json_decref(candidate);
        if (same)
            break;
    }
    json_decref(json);
    return i;
}

/* The endpoints of either side that the other has not; of the same backend, what differs. Frees both. */
static bool same_endpoints(struct texts *want, struct texts *got, struct text *why)
{
    struct texts missing = {0}, unexpected = {0};
    texts_split(want, got, &missing, &unexpected);
    bool same = missing.items.count + unexpected.items.count == 0;
    for (uint32_t i = 0, told = 0; i < missing.items.count && told < ENDPOINTS_TOLD_MAX; i++) {
        char *text = missing.items.items[i];
        uint32_t other = find_counterpart(&unexpected, text);
        if (other == unexpected.items.count)
            continue;
        const char *got_text = strchr(unexpected.items.items[other], '\t') + 1;
        text_printf(why, "an endpoint of %.*s:\n", (int)strcspn(text, "\t"), text);
        kube_tell_objects(strchr(text, '\t') + 1, got_text, why);
        free(text);
        free(unexpected.items.items[other]);
        missing.items.items[i] = unexpected.items.items[other] = NULL;
        told++;
    }
    texts_tell(&missing, "endpoints: missing", why);
    texts_tell(&unexpected, "endpoints: unexpected", why);
    texts_fini(&missing);
    texts_fini(&unexpected);
    return same;
}

/* By address type: how many endpoints share the same hints, whatever these are. */
static void collect_hint_counts(const struct catalog *catalog, const struct slices *slices, struct texts *out)
{
    struct texts hints = {0};
    for (uint32_t i = 0; i < slices->items.count; i++) {
        const struct endpointslice *slice = slices->items.items[i];
        for (uint32_t e = 0; e < slice->endpoints.count; e++) {
            struct text text = {0};
            text_printf(&text, "%s ", address_type_text(slice->address_type));
            const struct endpoint_extra *extra = endpoint_extra(endpointslice_at(slice, e));
            for (uint32_t z = 0; extra && extra->has_hints && z < extra->zone_hint_count; z++)
                text_printf(&text, "%s,", catalog_text(catalog, extra->zone_hints[z]));
            for (uint32_t n = 0; extra && extra->has_hints && n < extra->node_hint_count; n++)
                text_printf(&text, " node %s,", catalog_text(catalog, extra->node_hints[n]));
            texts_add(&hints, &text);
        }
    }
    texts_sort(&hints);
    for (uint32_t i = 0, count = 0; i < hints.items.count; i++) {
        const char *text = hints.items.items[i];
        count++;
        if (i + 1 < hints.items.count && strcmp(text, hints.items.items[i + 1]) == 0)
            continue;
        struct text line = {0};
        text_printf(&line, "%.5s%u%s", text, count, strlen(text) > 5 ? "" : " without");
        texts_add(out, &line);
        count = 0;
    }
    texts_fini(&hints);
}

/* Verb, labels, annotations, owners, generateName, namespace, and a new one's creation time. */
static void collect_metadata(struct catalog *catalog, const struct kube_writes *writes, struct texts *out)
{
    static const char *const verbs[] = {"create", "update", "delete"};
    for (uint32_t i = 0; i < writes->items.count; i++) {
        const struct kube_write *write = &writes->items.items[i];
        if (write->verb == KUBE_DELETE)
            continue;
        const struct meta *meta = &write->slice->meta;
        struct text text = {0};
        text_printf(&text, "%s ", verbs[write->verb]);
        kube_text_labels(&text, catalog, meta->labels);
        kube_text_labels(&text, catalog, kube_annotations(catalog, meta, false));
        kube_text_owners(&text, catalog, write->slice->owners, write->slice->owner_count);
        text_printf(&text, " %s %s", catalog_text(catalog, meta->generate_name),
            catalog_text(catalog, meta->namespace));
        if (write->verb == KUBE_CREATE)
            text_printf(&text, " %lld", (long long)meta->created_s);
        texts_add(out, &text);
    }
}

/* --- slices: what is kept stays in its place --- */

/* S-33 as a text. */
static char *identity(const struct catalog *catalog, const struct endpoint *endpoint)
{
    struct texts addresses = {0};
    struct text text = {0};
    for (uint32_t i = 0; i < endpoint_address_count(endpoint); i++) {
        char buffer[IP_TEXT_MAX];
        uint32_t length;
        struct text address = {0};
        const char *bytes = endpoint_address(catalog, endpoint, i, buffer, &length);
        text_add_bytes(&address, bytes, length);
        texts_add(&addresses, &address);
    }
    texts_sort(&addresses);
    for (uint32_t i = 0; i < addresses.items.count; i++)
        text_printf(&text, "%s ", addresses.items.items[i]);
    texts_fini(&addresses);
    if (endpoint_flags(endpoint) & ENDPOINT_HOSTNAME)
        text_add(&text, catalog_text(catalog, endpoint_hostname(endpoint)));
    if (endpoint_target(endpoint))
        text_printf(&text, " %s/%s", catalog_text(catalog, endpoint_target(endpoint)->namespace),
            target_name_here(endpoint_target(endpoint)));
    else
        text_add(&text, " /");
    return text.data;
}

static void collect_identities(
    const struct catalog *catalog, const struct endpointslice *slice, struct texts *out)
{
    for (uint32_t i = 0; i < slice->endpoints.count; i++)
        vec_push(&out->items, identity(catalog, endpointslice_at(slice, i)));
}

static uint32_t occurrences(const struct texts *texts, const char *wanted)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < texts->items.count; i++)
        count += strcmp(texts->items.items[i], wanted) == 0;
    return count;
}

/* The survivors of `stored` by what the real controllers made of it, in order, are in `got` in that order. */
static bool survivors_stay(const struct catalog *catalog, const struct texts *everywhere,
    const struct endpointslice *stored, const struct endpointslice *want, const struct endpointslice *got,
    struct text *why)
{
    struct texts old = {0}, wanted = {0}, here = {0}, kept = {0};
    collect_identities(catalog, stored, &old);
    collect_identities(catalog, want, &wanted);
    for (uint32_t i = 0; i < old.items.count; i++)
        if (occurrences(&wanted, old.items.items[i]) && occurrences(everywhere, old.items.items[i]) == 1)
            vec_push(&kept.items, old.items.items[i]);
    bool same = true;
    if (kept.items.count > 0 && !got) {
        same = false;
    } else if (kept.items.count > 0) {
        uint32_t k = 0;
        collect_identities(catalog, got, &here);
        for (uint32_t i = 0; i < here.items.count; i++) {
            if (!occurrences(&kept, here.items.items[i]))
                continue;
            same = same && k < kept.items.count && strcmp(kept.items.items[k], here.items.items[i]) == 0;
            k++;
        }
        same = same && k == kept.items.count;
    }
    if (!same)
        text_printf(why, "slice %s: %s\n", catalog_text(catalog, stored->meta.name),
            got ? "endpoints that it keeps moved" : "gone, but it keeps endpoints");
    vec_fini(&kept.items);
    texts_fini(&old);
    texts_fini(&wanted);
    texts_fini(&here);
    return same;
}

static bool all_survivors_stay(const struct catalog *catalog, const struct slices_before *before,
    const struct slices *want, const struct slices *got, struct text *why)
{
    struct texts everywhere = {0};
    bool same = true;
    for (uint32_t i = 0; i < before->count; i++)
        collect_identities(catalog, before->slices[i], &everywhere);
    for (uint32_t i = 0; i < before->count; i++) {
        const struct endpointslice *stored = before->slices[i];
        const struct endpointslice *wanted = find(want, stored->meta.name);
        if (!wanted)
            continue;
        struct text a = {0}, b = {0};
        add_key(&a, catalog, stored);
        add_key(&b, catalog, wanted);
        if (strcmp(a.data, b.data) == 0)
            same = survivors_stay(catalog, &everywhere, stored, wanted, find(got, stored->meta.name), why) &&
                   same;
        text_fini(&a);
        text_fini(&b);
    }
    texts_fini(&everywhere);
    return same;
}

/* --- slices: names, versions and sizes of what was written --- */

/* S-50: the base, cut to 58 characters, and five of the server's characters. */
static bool generated_name_is_right(const struct catalog *catalog, const struct meta *meta)
{
    const char *base = catalog_text(catalog, meta->generate_name);
    const char *name = catalog_text(catalog, meta->name);
    size_t length = strlen(base) > 58 ? 58 : strlen(base);
    return strncmp(name, base, length) == 0 && strlen(name) == length + 5 &&
           strspn(name + length, "bcdfghjklmnpqrstvwxz2456789") == 5;
}

/* Everything outside metadata, and the labels: what raises a generation (S-63). */
static void add_body(struct text *text, const struct catalog *catalog, const struct endpointslice *slice)
{
    add_key(text, catalog, slice);
    for (uint32_t i = 0; i < slice->endpoints.count; i++)
        kube_text_slice_endpoint(text, catalog, endpointslice_at(slice, i));
    kube_text_labels(text, catalog, slice->meta.labels);
}

static bool same_body(
    const struct catalog *catalog, const struct endpointslice *a, const struct endpointslice *b)
{
    struct text x = {0}, y = {0};
    add_body(&x, catalog, a);
    add_body(&y, catalog, b);
    bool same = strcmp(x.data, y.data) == 0;
    text_fini(&x);
    text_fini(&y);
    return same;
}

static bool same_rest(struct catalog *catalog, const struct endpointslice *a, const struct endpointslice *b)
{
    struct text x = {0}, y = {0};
    kube_text_owners(&x, catalog, a->owners, a->owner_count);
    kube_text_owners(&y, catalog, b->owners, b->owner_count);
    bool same = strcmp(x.data, y.data) == 0 && a->meta.generate_name == b->meta.generate_name &&
                kube_annotations(catalog, &a->meta, false) == kube_annotations(catalog, &b->meta, false);
    text_fini(&x);
    text_fini(&y);
    return same;
}

static bool wrong(struct text *why, const char *name, const char *what)
{
    text_printf(why, "slice %s: %s\n", name, what);
    return false;
}

/* Of an update: the stored slice that it is for, and what the server keeps. */
static bool update_is_right(
    struct catalog *catalog, const struct endpointslice *old, const struct kube_write *got, struct text *why)
{
    const char *name = catalog_text(catalog, got->name);
    const struct meta *meta = &got->slice->meta;
    if (!old)
        return wrong(why, name, "updated, but it does not exist");
    if (!uid_equal(old->meta.uid, old->meta.uid_text, meta->uid, meta->uid_text) ||
        old->meta.created_s != meta->created_s)
        return wrong(why, name, "an update changed its uid or its creation time");
    bool changed = !same_body(catalog, old, got->slice);
    if (meta->generation != old->meta.generation + changed) {
        text_printf(why, "slice %s: generation: expected %lld, got %lld\n", name,
            (long long)(old->meta.generation + changed), (long long)meta->generation);
        return false;
    }
    if (got->noop != (!changed && same_rest(catalog, old, got->slice)))
        return wrong(why, name,
            got->noop ? "something changed, yet it is a noop" : "nothing changed, yet it is no noop");
    return true;
}

static bool write_is_right(struct catalog *catalog, const struct slices_before *before,
    const struct kube_write *got, uint64_t *resource_version, struct text *why)
{
    const struct endpointslice *old = NULL;
    for (uint32_t i = 0; i < before->count; i++)
        if (before->slices[i]->meta.name == got->name)
            old = before->slices[i];
    const char *name = catalog_text(catalog, got->name);
    if (got->verb == KUBE_DELETE) {
        ++*resource_version;
        return old ? true : wrong(why, name, "deleted, but it does not exist");
    }
    const struct meta *meta = &got->slice->meta;
    if (got->verb == KUBE_CREATE && (!generated_name_is_right(catalog, meta) || meta->generation != 1))
        return wrong(why, name, "a new slice needs a generated name and generation 1");
    if (got->verb == KUBE_UPDATE && !update_is_right(catalog, old, got, why))
        return false;
    if (!got->noop && meta->resource_version != ++*resource_version) {
        text_printf(why, "slice %s: resourceVersion: expected %llu, got %llu\n", name,
            (unsigned long long)*resource_version, (unsigned long long)meta->resource_version);
        return false;
    }
    struct text json = {0};
    kube_text_slice(&json, catalog, got->slice);
    bool right = kube_write_json_is_right(got, &json, why);
    text_fini(&json);
    return right;
}

/* The object without its uid, and without its name, whose length is determined, for finding its like. */
static void slice_text(struct text *text, struct catalog *catalog, const struct endpointslice *slice)
{
    struct endpointslice copy = *slice; /* shallow */
    copy.meta.uid = (struct uuid){{0}};
    copy.meta.uid_text = SYM_EMPTY;
    copy.meta.name = SYM_EMPTY;
    kube_text_slice(text, catalog, &copy);
}

/* Objects that came out alike have the same protobuf size. */
static bool protobuf_sizes_are_right(
    struct catalog *catalog, const struct kube_writes *want, const struct kube_write *got, struct text *why)
{
    if (got->verb == KUBE_DELETE || got->protobuf_bytes == 0)
        return true;
    struct text mine = {0};
    bool right = true;
    slice_text(&mine, catalog, got->slice);
    for (uint32_t i = 0; i < want->items.count; i++) {
        const struct kube_write *write = &want->items.items[i];
        if (write->verb == KUBE_DELETE)
            continue;
        struct text theirs = {0};
        slice_text(&theirs, catalog, write->slice);
        if (strcmp(mine.data, theirs.data) == 0)
            right = kube_size_is_same(write->protobuf_bytes, got->protobuf_bytes, "protobuf", why) &&
                    kube_size_is_same(write->json_bytes, got->json_bytes, "json", why) && right;
        text_fini(&theirs);
    }
    text_fini(&mine);
    return right;
}

bool compare_slices(struct catalog *catalog, const struct slices_before *before,
    const struct kube_writes *want, const struct kube_writes *got, struct text *why)
{
    struct texts a = {0}, b = {0};
    kube_writes_verbs(want, before->reshuffles || before->hints_are_open, &a);
    kube_writes_verbs(got, before->reshuffles || before->hints_are_open, &b);
    if (!texts_same(&a, &b, "requests", why))
        return false;

    struct slices want_after = {0}, got_after = {0};
    make_after(before, want, &want_after);
    make_after(before, got, &got_after);
    a = b = (struct texts){0};
    collect_sizes(catalog, &want_after, &a);
    collect_sizes(catalog, &got_after, &b);
    bool same = texts_same(&a, &b, "sizes", why);
    a = b = (struct texts){0};
    collect_endpoints(catalog, &want_after, !before->hints_are_open, &a);
    collect_endpoints(catalog, &got_after, !before->hints_are_open, &b);
    same = same_endpoints(&a, &b, why) && same;
    a = b = (struct texts){0};
    collect_hint_counts(catalog, &want_after, &a);
    collect_hint_counts(catalog, &got_after, &b);
    same = texts_same(&a, &b, "hints", why) && same;
    a = b = (struct texts){0};
    collect_metadata(catalog, want, &a);
    collect_metadata(catalog, got, &b);
    same = texts_same(&a, &b, "metadata", why) && same;
    if (!before->reshuffles)
        same = all_survivors_stay(catalog, before, &want_after, &got_after, why) && same;
    uint64_t resource_version = before->resource_version;
    for (uint32_t i = 0; i < got->items.count; i++) {
        const struct kube_write *write = &got->items.items[i];
        same = write_is_right(catalog, before, write, &resource_version, why) &&
               protobuf_sizes_are_right(catalog, want, write, why) && same;
    }
    vec_fini(&want_after.items);
    vec_fini(&got_after.items);
    return same;
}
