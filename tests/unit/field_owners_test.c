/*
 * field_owners_test.c: who owns which field of an object that several managers write (O-46, O-47, O-52).
 *
 * Pins: the entries of managedFields after each write, as a real API server showed them (recording
 * svcdelete), their order, that sizes count them, and when the list of fields begins and ends. That sizes
 * equal the bytes of any history is held by engine_model_test.
 */
#include "model_kit.h"

#include "base/text.h"
#include "model/encode.h"
#include "model/field_owners.h"
#include "model/size.h"

static struct catalog *catalog;
static sym user;

static void open_catalog(void)
{
    catalog = catalog_create();
    user = catalog_sym(catalog, "kubectl-edit");
}

#define TRIGGER "f:endpoints.kubernetes.io/last-change-trigger-time"
#define MANAGED_BY "f:endpoints.kubernetes.io/managed-by"

/* "MANAGER@SECONDS after KIT_TIME {fields}; .." */
static const char *entries_text(const struct managed_list *list)
{
    static char buffer[4096];
    struct text text = {0};
    text_add(&text, "");
    for (uint32_t i = 0; i < list->count; i++) {
        text_printf(&text, "%s%s@%d ", i ? "; " : "", list->items[i].manager,
            (int)(list->items[i].time_s - KIT_TIME));
        json_tree_write_compact(list->items[i].fields, &text);
    }
    snprintf(buffer, sizeof buffer, "%s", text.length ? text.data : "");
    text_fini(&text);
    return buffer;
}

static void check_endpoints(const struct endpoints *endpoints, const char *entries)
{
    struct arena arena;
    struct text bytes = {0};
    arena_init(&arena);
    struct managed_list managed = managed_of_endpoints(&arena, catalog, endpoints, KIT_TIME);
    encode_endpoints(catalog, endpoints, &endpoints->subsets, &managed, &bytes);
    CU_ASSERT_STRING_EQUAL(entries_text(&managed), entries);
    CU_ASSERT_EQUAL(size_endpoints(catalog, endpoints), bytes.length);
    text_fini(&bytes);
    arena_fini(&arena);
}

static void check_slice(const struct endpointslice *slice, const char *entries)
{
    struct arena arena;
    struct text bytes = {0};
    arena_init(&arena);
    struct managed_list managed = managed_of_endpointslice(&arena, catalog, slice, KIT_TIME);
    encode_endpointslice(catalog, slice, &managed, &bytes);
    CU_ASSERT_STRING_EQUAL(entries_text(&managed), entries);
    CU_ASSERT_EQUAL(size_endpointslice(catalog, slice), bytes.length);
    text_fini(&bytes);
    arena_fini(&arena);
}

static void set(const struct labels **map, const char *key, const char *value)
{
    *map = labels_with(catalog, *map, catalog_sym(catalog, key), catalog_sym(catalog, value));
}

static void unset(const struct labels **map, const char *key)
{
    *map = labels_without(catalog, *map, catalog_sym(catalog, key));
}

/* As the Endpoints controller makes it; explicit, for then there is no need of groups. */
static struct endpoints *new_endpoints(void)
{
    struct endpoints *endpoints = endpoints_create(catalog);
    struct subset subset = {.ports = ports_empty(catalog)};
    vec_push(&subset.addresses, kit_endpoint(catalog, "10.0.0.1", "web-0", "node-1", "zone-a"));
    endpoints->is_explicit = true;
    vec_push(&endpoints->subsets.items, subset);
    endpoints->meta.name = catalog_sym(catalog, "web");
    endpoints->meta.trigger_s = KIT_TIME;
    set(&endpoints->meta.labels, "endpoints.kubernetes.io/managed-by", "endpoint-controller");
    return endpoints;
}

static void drop_subsets(struct endpoints *endpoints)
{
    subset_list_fini(&endpoints->subsets);
    endpoints->subsets = (struct subset_list){0};
}

static void test_endpoints(void)
{
    open_catalog();
    struct endpoints *endpoints = new_endpoints();
    field_owners_commit_endpoints(catalog, endpoints, true, SYM_EMPTY, KIT_TIME);
    CU_ASSERT_PTR_NULL(endpoints->fields); /* one writer: no list */
    check_endpoints(endpoints,
        "kube-controller-manager@0 {\"f:metadata\":{\"f:annotations\":{\".\":{},\"" TRIGGER
        "\":{}},\"f:labels\":{\".\":{},\"" MANAGED_BY "\":{}}},\"f:subsets\":{}}");
    /* A user adds an annotation and a label. */
    field_owners_begin_endpoints(catalog, endpoints, KIT_TIME);
    set(&endpoints->meta.annotations, "u", "v");
    set(&endpoints->meta.labels, "u", "w");
    field_owners_commit_endpoints(catalog, endpoints, false, user, KIT_TIME + 10);
    check_endpoints(endpoints,
        "kube-controller-manager@0 {\"f:metadata\":{\"f:annotations\":{\".\":{},\"" TRIGGER
        "\":{}},\"f:labels\":{\".\":{},\"" MANAGED_BY "\":{}}},\"f:subsets\":{}}; kubectl-edit@10 "
        "{\"f:metadata\":{\"f:annotations\":{\"f:u\":{}},\"f:labels\":{\"f:u\":{}}}}");
    /* The controller writes: the label goes, the annotation stays, and its entry is now the later one. */
    unset(&endpoints->meta.labels, "u");
    endpoints->meta.trigger_s = KIT_TIME + 20;
    field_owners_commit_endpoints(catalog, endpoints, true, SYM_EMPTY, KIT_TIME + 20);
    check_endpoints(endpoints,
        "kubectl-edit@10 {\"f:metadata\":{\"f:annotations\":{\"f:u\":{}}}}; "
        "kube-controller-manager@20 {\"f:metadata\":{\"f:annotations\":{\".\":{},\"" TRIGGER
        "\":{}},\"f:labels\":{\".\":{},\"" MANAGED_BY "\":{}}},\"f:subsets\":{}}");
    /* The user takes subsets and annotations away: nothing is added or changed, so no time is new (O-52), and
     * with its last field the user's entry goes. */
    unset(&endpoints->meta.annotations, "u");
    endpoints->meta.trigger_s = TIME_NONE;
    drop_subsets(endpoints);
    field_owners_commit_endpoints(catalog, endpoints, true, user, KIT_TIME + 30);
    CU_ASSERT_PTR_NULL(endpoints->fields);
    CU_ASSERT_EQUAL(endpoints->manager, SYM_EMPTY);
    check_endpoints(endpoints,
        "kube-controller-manager@0 {\"f:metadata\":{\"f:labels\":{\".\":{},\"" MANAGED_BY "\":{}}}}");
    endpoints_destroy(endpoints);
    catalog_destroy(catalog);
}

static void test_slice(void)
{
    open_catalog();
    struct endpointslice *slice = endpointslice_create(catalog);
    struct port port = kit_port(catalog, "http", 8080, "TCP");
    slice->meta.name = catalog_sym(catalog, "web-bcdfg");
    slice->meta.generate_name = catalog_sym(catalog, "web-");
    slice->ports = ports_intern(catalog, &port, 1);
    slice->owners = mem_zalloc(sizeof *slice->owners);
    slice->owners[0] = (struct owner){.kind = catalog_sym(catalog, "Service"), .uid = kit_uid(KIT_UID)};
    slice->owner_count = 1;
    endpointslice_append(slice, kit_endpoint(catalog, "10.0.0.1", "web-0", "node-1", "zone-a"));
#define REFERENCE "\"f:ownerReferences\":{\".\":{},\"k:{\\\"uid\\\":\\\"" KIT_UID "\\\"}\":{}}"
    /* A user empties it: f:endpoints is the user's. */
    slice->had_endpoints = slice->had_ports = true;
    field_owners_begin_slice(catalog, slice, KIT_TIME);
    endpoint_unref(endpointslice_at(slice, --slice->endpoints.count));
    slice->endpoints_bytes = 0;
    field_owners_commit_slice(catalog, slice, true, user, KIT_TIME + 10);
    check_slice(slice,
        "kube-controller-manager@0 {\"f:addressType\":{},\"f:metadata\":{\"f:generateName\":{}," REFERENCE
        "},\"f:ports\":{}}; kubectl-edit@10 {\"f:endpoints\":{}}");
    /* A label and an annotation beside it: the maps are new, so "." is the user's too. */
    set(&slice->meta.labels, "u", "v");
    set(&slice->meta.annotations, "u", "v");
    field_owners_commit_slice(catalog, slice, false, user, KIT_TIME + 20);
    check_slice(slice,
        "kube-controller-manager@0 {\"f:addressType\":{},\"f:metadata\":{\"f:generateName\":{}," REFERENCE
        "},\"f:ports\":{}}; kubectl-edit@20 {\"f:endpoints\":{},\"f:metadata\":{\"f:annotations\":{\".\":{},"
        "\"f:u\":{}},\"f:labels\":{\".\":{},\"f:u\":{}}}}");
    /* Another user changes the owner and takes the ports away: f:ports stays, and is that user's (O-46). */
    sym other = catalog_sym(catalog, "operator");
    slice->owners[0].controller = 1;
    slice->ports = ports_empty(catalog);
    field_owners_commit_slice(catalog, slice, false, other, KIT_TIME + 20);
    check_slice(slice,
        "kube-controller-manager@0 {\"f:addressType\":{},\"f:metadata\":{\"f:generateName\":{},"
        "\"f:ownerReferences\":{\".\":{}}}}; kubectl-edit@20 {\"f:endpoints\":{},\"f:metadata\":{"
        "\"f:annotations\":{\".\":{},\"f:u\":{}},\"f:labels\":{\".\":{},\"f:u\":{}}}}; operator@20 "
        "{\"f:metadata\":{\"f:ownerReferences\":{\"k:{\\\"uid\\\":\\\"" KIT_UID
        "\\\"}\":{}}},\"f:ports\":{}}");
    /* The controller recycles it: all is its own again. */
    unset(&slice->meta.labels, "u");
    unset(&slice->meta.annotations, "u");
    slice->owners[0].controller = 0;
    slice->ports = ports_intern(catalog, &port, 1);
    endpointslice_append(slice, kit_endpoint(catalog, "10.0.0.2", "web-1", "node-1", "zone-a"));
    field_owners_commit_slice(catalog, slice, true, SYM_EMPTY, KIT_TIME + 30);
    CU_ASSERT_PTR_NULL(slice->fields);
    endpointslice_destroy(slice);
    catalog_destroy(catalog);
}

/* What a user made is the user's from the beginning; the controller takes over what it changes. */
static void test_by_hand(void)
{
    open_catalog();
    struct endpoints *endpoints = new_endpoints();
    endpoints->manager = user;
    endpoints->meta.trigger_s = TIME_NONE;
    unset(&endpoints->meta.labels, "endpoints.kubernetes.io/managed-by");
    field_owners_begin_endpoints(catalog, endpoints, KIT_TIME);
    check_endpoints(endpoints, "kubectl-edit@0 {\"f:subsets\":{}}");
    set(&endpoints->meta.labels, "endpoints.kubernetes.io/managed-by", "endpoint-controller");
    field_owners_commit_endpoints(catalog, endpoints, false, SYM_EMPTY, KIT_TIME);
    check_endpoints(endpoints,
        "kube-controller-manager@0 {\"f:metadata\":{\"f:labels\":{\".\":{},\"" MANAGED_BY
        "\":{}}}}; kubectl-edit@0 {\"f:subsets\":{}}"); /* by name at one time */
    field_owners_commit_endpoints(catalog, endpoints, true, SYM_EMPTY, KIT_TIME + 1);
    CU_ASSERT_PTR_NULL(endpoints->fields);
    endpoints_destroy(endpoints);
    catalog_destroy(catalog);
}

int main(void)
{
    static const struct suite_test tests[] = {
        {"Endpoints, and a user beside the controller", test_endpoints},
        {"a slice, and two users", test_slice},
        {"an object made by hand", test_by_hand},
    };
    return suite_main("field_owners", tests, sizeof tests / sizeof tests[0]);
}
