/*
 * engine_collector_test.c: slices whose owners are gone (S-2, M-33), Services and Endpoints alike.
 */
#include "engine_kit.h"

#include "base/mem.h"

/* Endpoints of a Service without selector, written by hand, and the slice that mirroring makes of them. */
static void mirrored(struct kit *kit)
{
    kit_init(kit, 0);
    kit_node(kit, "node-1", "");
    struct service *service = kit_service_draft(kit, "ext", 1);
    service->selector = NULL;
    store_put_service(kit->store, service);
    kit_run(kit);
    struct endpoints *endpoints = endpoints_create(kit->catalog);
    struct subset subset = {.ports = ports_empty(kit->catalog)};
    vec_push(&subset.addresses, kit_endpoint(kit->catalog, "1.2.3.4", "far", "node-1", ""));
    endpoints->meta.namespace = kit->namespace;
    endpoints->meta.name = kit_sym(kit, "ext");
    endpoints->is_explicit = true;
    vec_push(&endpoints->subsets.items, subset);
    engine_apply_endpoints(kit->engine, endpoints);
    kit_run(kit);
}

static bool find_first(void *context, const void *object)
{
    *(const struct endpointslice **)context = object;
    return false;
}

static const struct endpointslice *first_slice(const struct kit *kit)
{
    const struct endpointslice *slice = NULL;
    store_each(kit->store, OBJECT_ENDPOINTSLICE, SYM_EMPTY, find_first, &slice);
    return slice;
}

/* A copy of the slice, without labels, so that no controller knows it; with another owner beside its own. */
static struct endpointslice *unlabelled(struct kit *kit, const struct owner *other)
{
    const struct endpointslice *slice = first_slice(kit);
    CU_ASSERT_PTR_NOT_NULL_FATAL(slice);
    struct endpointslice *copy = endpointslice_create(kit->catalog);
    copy->meta = slice->meta;
    copy->meta.labels = labels_empty(kit->catalog);
    copy->ports = slice->ports;
    copy->owner_count = 1 + (other != NULL);
    copy->owners = mem_array(NULL, copy->owner_count, sizeof *copy->owners);
    copy->owners[0] = slice->owners[0];
    if (other)
        copy->owners[1] = *other;
    for (uint32_t i = 0; i < slice->endpoints.count; i++)
        endpointslice_append(copy, endpoint_ref(endpointslice_at(slice, i)));
    return copy;
}

/* M-33: the mirroring controller cannot find it any more; its owner reference is left. */
static void unlabelled_mirrored_slice(void)
{
    struct kit kit;
    struct text text = {0};
    mirrored(&kit);
    KIT_TEXT(kit_log(&kit, &text), "user create 1+1-0\nmirroring create 1+1-0\n");
    engine_apply_endpointslice(kit.engine, unlabelled(&kit, NULL));
    KIT_TEXT(kit_log(&kit, &text), "user update 1+0-0\n");
    engine_delete_endpoints(kit.engine, kit.namespace, kit_sym(&kit, "ext"));
    kit_run(&kit);
    KIT_TEXT(kit_log(&kit, &text), "user delete 0+0-1\ngarbage-collector delete 0+0-1\n");
    CU_ASSERT_EQUAL(store_count(kit.store, OBJECT_ENDPOINTSLICE), 0);
    kit_fini(&kit);
    text_fini(&text);
}

/* With its labels it is the mirroring controller that deletes it, once. */
static void labelled_mirrored_slice(void)
{
    struct kit kit;
    struct text text = {0};
    mirrored(&kit);
    kit_log(&kit, &text);
    engine_delete_endpoints(kit.engine, kit.namespace, kit_sym(&kit, "ext"));
    kit_run(&kit);
    KIT_TEXT(kit_log(&kit, &text), "user delete 0+0-1\nmirroring delete 0+0-1\n");
    kit_fini(&kit);
    text_fini(&text);
}

/* One living owner is enough; the last one to go takes the slice along, once. */
static void two_owners(void)
{
    struct kit kit;
    struct text text = {0};
    mirrored(&kit);
    const struct service *service = store_service(kit.store, kit.namespace, kit_sym(&kit, "ext"));
    struct owner owner = {
        .kind = catalog_word(kit.catalog, WORD_SERVICE),
        .name = service->meta.name,
        .api_version = catalog_word(kit.catalog, WORD_V1),
        .uid = service->meta.uid,
        .controller = -1,
        .block_owner_deletion = -1,
    };
    engine_apply_endpointslice(kit.engine, unlabelled(&kit, &owner));
    engine_delete_endpoints(kit.engine, kit.namespace, kit_sym(&kit, "ext"));
    kit_run(&kit);
    kit_log(&kit, &text);
    CU_ASSERT_EQUAL(store_count(kit.store, OBJECT_ENDPOINTSLICE), 1);
    kit_service_remove(&kit, "ext");
    kit_run(&kit);
    KIT_TEXT(kit_log(&kit, &text), "garbage-collector delete 0+0-1\n");
    kit_fini(&kit);
    text_fini(&text);
}

/* Endpoints of the same name with another uid are not the owner. */
static void another_uid(void)
{
    struct kit kit;
    struct text text = {0};
    mirrored(&kit);
    struct endpointslice *copy = unlabelled(&kit, NULL);
    copy->owners[0].uid = kit_uid(KIT_UID);
    kit_log(&kit, &text);
    engine_apply_endpointslice(kit.engine, copy);
    kit_run_until(&kit, 0);
    CU_ASSERT_PTR_NOT_NULL(strstr(kit_log(&kit, &text), "garbage-collector delete 0+0-1\n"));
    CU_ASSERT_PTR_NOT_NULL(kit_endpoints(&kit, "ext"));
    kit_fini(&kit);
    text_fini(&text);
}

int main(void)
{
    static const struct suite_test tests[] = {
        {"a mirrored slice without labels", unlabelled_mirrored_slice},
        {"a mirrored slice with its labels", labelled_mirrored_slice},
        {"two owners", two_owners},
        {"an owner of another uid", another_uid},
    };
    return suite_main("engine_collector", tests, sizeof tests / sizeof tests[0]);
}
