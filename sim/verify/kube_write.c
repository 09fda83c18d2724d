/*
 * kube_write.c: see kube_write.h.
 */
#include "verify/kube_write.h"

#include <stdlib.h>

#include "verify/json_diff.h"
#include "verify/kube_text.h"

void kube_writes_fini(struct kube_writes *writes)
{
    for (uint32_t i = 0; i < writes->items.count; i++) {
        endpoints_destroy((struct endpoints *)writes->items.items[i].endpoints);
        endpointslice_destroy((struct endpointslice *)writes->items.items[i].slice);
    }
    vec_fini(&writes->items);
}

const char *kube_write_verb(const struct kube_write *write)
{
    static const char *const names[] = {"create", "update", "delete"};
    return write->noop ? "noop" : names[write->verb];
}

void kube_writes_verbs(const struct kube_writes *writes, bool merges, struct texts *out)
{
    for (uint32_t i = 0; i < writes->items.count; i++) {
        struct text text = {0};
        struct kube_write write = writes->items.items[i];
        write.noop &= !merges;
        text_add(&text, kube_write_verb(&write));
        texts_add(out, &text);
    }
}

bool kube_write_json_is_right(const struct kube_write *got, const struct text *json, struct text *why)
{
    if (got->json_bytes == 0 || got->json_bytes == json->length)
        return true;
    text_printf(why, "json: says %llu, its object has %zu bytes\n", (unsigned long long)got->json_bytes,
        json->length);
    return false;
}

bool kube_size_is_same(uint64_t want, uint64_t got, const char *what, struct text *why)
{
    if (want == 0 || got == 0 || want == got)
        return true;
    text_printf(
        why, "%s bytes: expected %llu, got %llu\n", what, (unsigned long long)want, (unsigned long long)got);
    return false;
}

void kube_tell_objects(const char *want, const char *got, struct text *why)
{
    json_t *a = json_loads(want, 0, NULL), *b = json_loads(got, 0, NULL);
    if (json_diff(a, b, NULL, why))
        text_printf(why, "object:\n  expected %s\n  got      %s\n", want, got);
    json_decref(a);
    json_decref(b);
}
