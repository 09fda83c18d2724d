/*
 * kube_select.c: see kube_select.h.
 */
#include "cli/kube_select.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli/output.h"

static bool is_word(const char *word, size_t length, const char *expected)
{
    return strlen(expected) == length && strncasecmp(word, expected, length) == 0;
}

const struct kube_kind *kube_kind_find(const char *word, size_t length)
{
    for (size_t i = 0; i < KUBE_KIND_COUNT; i++) {
        const struct kube_kind *kind = &kube_kinds[i];
        if (is_word(word, length, kind->plural) || is_word(word, length, kind->singular) ||
            is_word(word, length, kind->letters) || is_word(word, length, kind->prefix) ||
            is_word(word, length, kind->resource))
            return kind;
    }
    return NULL;
}

bool kube_kinds_parse(struct kube_request *request, const char *words, char **out_bad)
{
    while (true) {
        size_t length = strcspn(words, ",");
        const struct kube_kind *kind = kube_kind_find(words, length);
        if (is_word(words, length, "all")) {
            request->is_all = true;
            for (size_t i = 0; i < KUBE_KIND_COUNT; i++)
                if (kube_kinds[i].is_namespaced)
                    vec_push(&request->kinds, &kube_kinds[i]);
        } else if (kind != NULL) {
            vec_push(&request->kinds, kind);
        } else {
            *out_bad = mem_strndup(words, length);
            return false;
        }
        if (words[length] == '\0')
            return true;
        words += length + 1;
    }
}

const char *kube_kind_suggest(const char *word)
{
    const char *names[KUBE_KIND_COUNT + 1];
    for (size_t i = 0; i < KUBE_KIND_COUNT; i++)
        names[i] = kube_kinds[i].plural;
    names[KUBE_KIND_COUNT] = "all";
    return text_suggest(word, names, KUBE_KIND_COUNT + 1);
}

void kube_request_fini(struct kube_request *request)
{
    vec_fini(&request->kinds);
    vec_fini(&request->names);
    label_selector_fini(&request->selector);
}

/* --- collecting
 * --------------------------------------------------------------------------------------------- */

struct collector {
    const struct kube_request *request;
    const struct kube_kind *kind;
    struct catalog *catalog;
    struct kube_objects *out;
    bool *found; /* by name of the request */
};

static bool visit(void *context, const void *object)
{
    struct collector *collector = context;
    const struct kube_request *request = collector->request;
    struct kube_object item = kube_object_of(collector->catalog, collector->kind->object, object);
    bool wanted = request->names.count == 0;
    for (uint32_t i = 0; i < request->names.count; i++)
        if (strcmp(request->names.items[i], item.name) == 0)
            wanted = collector->found[i] = true;
    if (wanted && label_selector_matches(&request->selector, collector->catalog, item.labels))
        vec_push(&collector->out->items, item);
    return true;
}

static int compare_objects(const void *a, const void *b)
{
    const struct kube_object *x = a, *y = b;
    int order = strcmp(x->namespace, y->namespace);
    return order != 0 ? order : strcmp(x->name, y->name);
}

uint32_t kube_collect(const struct kube_request *request, const struct kube_kind *kind,
    const struct store *store, struct catalog *catalog, struct kube_objects *out)
{
    struct collector collector = {request, kind, catalog, out, mem_zalloc(request->names.count + 1)};
    sym namespace = SYM_EMPTY;
    bool is_there = true;
    if (kind->is_namespaced && request->namespace != NULL) {
        namespace = sym_find(catalog_symbols(catalog), request->namespace, strlen(request->namespace));
        is_there = namespace != SYM_EMPTY; /* a namespace that nobody named has no objects */
    }
    if (is_there)
        store_each(store, kind->object, namespace, visit, &collector);
    if (out->items.count > 0)
        qsort(out->items.items, out->items.count, sizeof *out->items.items, compare_objects);
    uint32_t missing = 0;
    for (uint32_t i = 0; i < request->names.count; i++) {
        if (collector.found[i])
            continue;
        missing++;
        struct text message = {0};
        text_printf(&message, "Error from server (NotFound): %s \"%s\" not found\n", kind->resource,
            request->names.items[i]);
        error_write(&message);
        text_fini(&message);
    }
    free(collector.found);
    return missing;
}
