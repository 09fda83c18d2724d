/*
 * endpoint_test.c: what makes two endpoints the same, which order they have as addresses, and who owns what;
 * also the lists that hold them: subsets, groups, slices.
 */
#include "model_kit.h"

#include "base/hash.h"

static struct catalog *catalog;

static sym word(const char *text)
{
    return catalog_sym(catalog, text);
}

static struct endpoint *with_addresses(const char *const *texts, uint32_t count)
{
    struct endpoint_draft draft = {.extra = mem_zalloc(sizeof *draft.extra)};
    draft.extra->address_count = count;
    draft.extra->addresses = mem_array(NULL, count, sizeof(sym));
    for (uint32_t i = 0; i < count; i++)
        draft.extra->addresses[i] = word(texts[i]);
    return endpoint_create(catalog, &draft);
}

#define ADDRESSES(...) \
    with_addresses( \
        (const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

/* A copy of `endpoint`, to change and to create from. */
static struct endpoint_draft draft_of(const struct endpoint *endpoint)
{
    struct endpoint_draft draft = endpoint_read(endpoint);
    target_ref(draft.target);
    if (draft.extra)
        draft.extra = endpoint_extra_copy(draft.extra);
    return draft;
}

static void test_sizes_of_the_examples(void)
{
    /* O-11 and O-16: ip 12, namespace 7, pod 20, node 15, zone 10 characters. */
    struct endpoint *endpoint =
        kit_endpoint(catalog, "10.244.12.34", "web-7d4b9c6f5d-x2x4z", "node-0123456789", "zone-12345");
    CU_ASSERT_EQUAL(endpoint_address_bytes(endpoint), 117);
    CU_ASSERT_EQUAL(endpoint_slice_bytes(endpoint), 136);
    CU_ASSERT_EQUAL(endpoint_sort_key(endpoint), ip_sort_key(kit_ip("10.244.12.34")));
    CU_ASSERT_EQUAL(endpoint->refs_, 1);

    struct endpoint_draft draft = draft_of(endpoint);
    sym zone = word("zone-12345");
    draft.extra = endpoint_extra_with_zone_hints(NULL, &zone, 1);
    struct endpoint *hinted = endpoint_create(catalog, &draft);
    CU_ASSERT_EQUAL(endpoint_slice_bytes(hinted), 152);
    CU_ASSERT_EQUAL(endpoint_address_bytes(hinted), 117);
    CU_ASSERT_TRUE(endpoint_same_content(endpoint, hinted)); /* hints are not compared (S-34) */
    CU_ASSERT_FALSE(endpoint_same_hints(endpoint, hinted));
    endpoint_unref(endpoint);
    endpoint_unref(hinted);
    endpoint_unref(NULL);
}

static void test_canonical_text_is_an_ip(void)
{
    struct endpoint *plain = ADDRESSES("10.0.0.1"), *odd = ADDRESSES("010.0.0.1"),
                    *name = ADDRESSES("db.example");
    struct endpoint *two = ADDRESSES("10.0.0.1", "10.0.0.2");
    CU_ASSERT_PTR_NULL(endpoint_extra(plain));
    CU_ASSERT_TRUE(ip_equal(endpoint_ip(plain), kit_ip("10.0.0.1")));
    CU_ASSERT_PTR_NOT_NULL(endpoint_extra(odd));
    CU_ASSERT_TRUE(ip_equal(endpoint_ip(odd), kit_ip("10.0.0.1")));
    CU_ASSERT_EQUAL(endpoint_ip(name).family, IP_NONE);
    CU_ASSERT_EQUAL(endpoint_address_count(two), 2);
    char buffer[IP_TEXT_MAX];
    uint32_t length;
    CU_ASSERT_STRING_EQUAL(endpoint_address(catalog, plain, 0, buffer, &length), "10.0.0.1");
    CU_ASSERT_EQUAL(length, 8);
    CU_ASSERT_STRING_EQUAL(endpoint_address(catalog, odd, 0, buffer, &length), "010.0.0.1");
    CU_ASSERT_STRING_EQUAL(endpoint_address(catalog, two, 1, buffer, &length), "10.0.0.2");
    CU_ASSERT_FALSE(endpoint_same_address(plain, odd));
    CU_ASSERT_FALSE(endpoint_same_identity(plain, odd));
    CU_ASSERT_TRUE(endpoint_same_address(plain, two)); /* an address of Endpoints has one: the first */
    endpoint_unref(plain);
    endpoint_unref(odd);
    endpoint_unref(name);
    endpoint_unref(two);
}

static void check_identity(const struct endpoint *a, const struct endpoint *b, bool same)
{
    CU_ASSERT_EQUAL(endpoint_same_identity(a, b), same);
    CU_ASSERT_EQUAL(endpoint_same_identity(b, a), same);
    CU_ASSERT_EQUAL(endpoint_identity_hash(a) == endpoint_identity_hash(b), same);
}

static void test_identity(void)
{
    struct endpoint *base = kit_endpoint(catalog, "10.0.0.1", "web-0", "node-1", "zone-a");
    struct endpoint *other = kit_endpoint(catalog, "10.0.0.1", "web-0", "node-2", "zone-b");
    struct endpoint_draft unready = draft_of(other);
    unready.ready = CONDITION_FALSE;
    struct endpoint *again = endpoint_create(catalog, &unready);
    endpoint_unref(other);
    check_identity(base, again, true); /* node, zone and conditions are no part of it (S-33) */
    CU_ASSERT_TRUE(endpoint_same_identity(base, base));
    struct endpoint *ip = kit_endpoint(catalog, "10.0.0.2", "web-0", "node-1", "zone-a");
    struct endpoint *pod = kit_endpoint(catalog, "10.0.0.1", "web-1", "node-1", "zone-a");
    check_identity(base, ip, false);
    check_identity(base, pod, false);

    struct endpoint_draft draft = draft_of(base);
    target_unref(draft.target);
    struct uuid uid = kit_uid(KIT_UID);
    uid.bytes[0]++;
    draft.target = target_create(catalog, word("default"), "web-0", 5, uid, NULL);
    struct endpoint *reborn = endpoint_create(catalog, &draft);
    check_identity(base, reborn, true);
    CU_ASSERT_FALSE(endpoint_same_content(base, reborn)); /* another uid is an update in place */
    CU_ASSERT_FALSE(endpoint_same_address(base, reborn));

    draft = draft_of(base);
    draft.hostname = word("h");
    struct endpoint *unset = endpoint_create(catalog, &draft); /* a hostname of Endpoints, nil in a slice */
    check_identity(base, unset, true);
    CU_ASSERT_FALSE(endpoint_same_address(base, unset));
    draft = draft_of(base);
    draft.hostname = word("h");
    draft.flags |= ENDPOINT_HOSTNAME;
    struct endpoint *hostname = endpoint_create(catalog, &draft);
    check_identity(base, hostname, false);
    draft = draft_of(base);
    draft.flags |= ENDPOINT_HOSTNAME; /* nil and "" are one identity */
    struct endpoint *empty = endpoint_create(catalog, &draft);
    check_identity(base, empty, true);

    struct endpoint *one = ADDRESSES("10.0.0.1", "10.0.0.2"), *turned = ADDRESSES("10.0.0.2", "10.0.0.1");
    struct endpoint *twice = ADDRESSES("10.0.0.1", "10.0.0.1");
    check_identity(one, turned, true); /* addresses are sorted first */
    check_identity(one, twice, false);
    struct endpoint *const all[] = {base, again, ip, pod, reborn, unset, hostname, empty, one, turned, twice};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        endpoint_unref(all[i]);
}

static void test_content(void)
{
    struct endpoint *base = kit_endpoint(catalog, "10.0.0.1", "web-0", "node-1", "zone-a");
    for (uint32_t what = 0; what < 9; what++) {
        struct endpoint_draft draft = draft_of(base);
        bool same = false, same_address = true;
        switch (what) {
        case 0: /* unchanged */
            same = true;
            break;
        case 1:
            draft.ready = CONDITION_FALSE;
            break;
        case 2:
            draft.ready = CONDITION_ABSENT; /* nil is not false */
            break;
        case 3:
            draft.serving = CONDITION_FALSE;
            break;
        case 4:
            draft.terminating = CONDITION_TRUE;
            break;
        case 5:
            draft.node_name = word("node-2");
            same_address = false;
            break;
        case 6:
            draft.flags &= (uint8_t)~ENDPOINT_ZONE;
            break;
        case 7:
            draft.zone = word("zone-b");
            break;
        case 8: /* absent in Endpoints only */
            draft.flags &= (uint8_t)~ENDPOINT_ADDRESS_NODE_NAME;
            same = true;
            same_address = false;
            break;
        }
        struct endpoint *other = endpoint_create(catalog, &draft);
        CU_ASSERT_EQUAL(endpoint_same_content(base, other), same);
        CU_ASSERT_EQUAL(endpoint_same_address(base, other), same_address);
        endpoint_unref(other);
    }
    endpoint_unref(base);
}

static void test_hints(void)
{
    struct endpoint *none = kit_endpoint(catalog, "10.0.0.1", "web-0", "node-1", "zone-a");
    sym a[2] = {word("zone-a"), word("zone-b")}, b[2] = {word("zone-b"), word("zone-a")};
    struct endpoint *made[4];
    struct endpoint_draft draft = draft_of(none);
    draft.extra = endpoint_extra_with_zone_hints(NULL, a, 2);
    made[0] = endpoint_create(catalog, &draft);
    draft = draft_of(none);
    draft.extra = endpoint_extra_with_zone_hints(NULL, b, 2);
    made[1] = endpoint_create(catalog, &draft);
    draft = draft_of(none);
    draft.extra = endpoint_extra_with_zone_hints(NULL, NULL, 0);
    made[2] = endpoint_create(catalog, &draft); /* hints: {} */
    draft = draft_of(made[0]);
    made[3] = endpoint_create(catalog, &draft);
    CU_ASSERT_PTR_NOT_NULL(endpoint_extra(made[2]));
    CU_ASSERT_FALSE(endpoint_same_hints(made[0], made[1]));
    CU_ASSERT_FALSE(endpoint_same_hints(made[0], made[2]));
    CU_ASSERT_FALSE(endpoint_same_hints(none, made[2]));
    CU_ASSERT_TRUE(endpoint_same_hints(none, none));
    CU_ASSERT_TRUE(endpoint_same_hints(made[0], made[3]));
    for (uint32_t i = 0; i < 4; i++)
        endpoint_unref(made[i]);
    endpoint_unref(none);
}

/* From E-41 by hand: texts byte by byte; without target first; then uids as texts. */
static void test_order(void)
{
    struct target_extra text_uid = {.kind = word_sym(WORD_POD), .uid_text = word("uid-1")};
    struct target_extra digit_uid = {.kind = word_sym(WORD_POD), .uid_text = word("09")};
    struct uuid low = kit_uid("0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9");
    struct uuid high = kit_uid("f0000000-0000-4000-8000-000000000000");
    struct {
        const char *ip;
        int target; /* 0: none, 1: text "09", 2: low, 3: high, 4: text "uid-1" */
    } const rows[] = {{"10.0.0.10", 0}, {"10.0.0.2", 0}, {"10.0.0.2", 1}, {"10.0.0.2", 2}, {"10.0.0.2", 3},
        {"10.0.0.2", 4}, {"9.9.9.9", 2}, {"fd00::1", 0}};
    enum { COUNT = sizeof rows / sizeof rows[0] };
    struct endpoint *sorted[COUNT];
    for (int i = 0; i < COUNT; i++) {
        struct endpoint_draft draft = {.ip = kit_ip(rows[i].ip)};
        if (rows[i].target)
            draft.target = target_create(catalog, word("ns"), "p", 1, rows[i].target == 3 ? high : low,
                rows[i].target == 4   ? &text_uid
                : rows[i].target == 1 ? &digit_uid
                                      : NULL);
        sorted[i] = endpoint_create(catalog, &draft);
    }
    for (int i = 0; i < COUNT; i++) {
        for (int k = 0; k < COUNT; k++) {
            int order = endpoint_compare_address(sorted[i], sorted[k], catalog);
            CU_ASSERT_EQUAL((order > 0) - (order < 0), (i > k) - (i < k));
        }
    }
    struct endpoint *odd = ADDRESSES("10.0.0.02"); /* as written, between 10.0.0.0... and 10.0.0.1... */
    CU_ASSERT_TRUE(endpoint_compare_address(odd, sorted[0], catalog) < 0);
    CU_ASSERT_TRUE(endpoint_compare_address(sorted[1], odd, catalog) > 0);
    endpoint_unref(odd);
    for (int i = 0; i < COUNT; i++)
        endpoint_unref(sorted[i]);
}

static void test_lists(void)
{
    struct endpoints *endpoints = endpoints_create(catalog);
    CU_ASSERT_FALSE(endpoints_has_subsets(endpoints));
    CU_ASSERT_EQUAL(endpoints->capacity, 1000);
    CU_ASSERT_EQUAL(endpoints->meta.trigger_s, TIME_NONE);
    struct endpoint *one = kit_endpoint(catalog, "10.0.0.1", "web-0", "node-1", "zone-a");
    struct endpoint *two = kit_endpoint(catalog, "10.0.0.2", "web-1", "node-1", "zone-a");

    struct address_group *group = address_group_create(catalog, ports_empty(catalog));
    address_group_add(group, endpoint_ref(one));
    address_group_add(group, endpoint_ref(two));
    vec_push(&endpoints->groups, group);
    CU_ASSERT_TRUE(endpoints_has_subsets(endpoints));
    CU_ASSERT_EQUAL(group->bytes[1], endpoint_address_bytes(one) + endpoint_address_bytes(two));
    CU_ASSERT_EQUAL(group->bytes[0], 0);

    struct subset subset = {.ports = ports_empty(catalog)};
    vec_push(&subset.addresses, endpoint_ref(one));
    vec_push(&subset.not_ready_addresses, endpoint_ref(one));
    vec_push(&subset.not_ready_addresses, endpoint_ref(two));
    vec_push(&endpoints->subsets.items, subset);
    CU_ASSERT_EQUAL(subset_list_address_count(&endpoints->subsets), 3);
    CU_ASSERT_EQUAL(one->refs_, 4);
    endpoints_destroy(endpoints);
    CU_ASSERT_EQUAL(one->refs_, 1);
    CU_ASSERT_EQUAL(two->refs_, 1);
    endpoints_destroy(NULL);
    address_group_destroy(NULL);

    struct endpointslice *slice = endpointslice_create(catalog);
    CU_ASSERT_EQUAL(slice->endpoints_bytes, 0);
    endpointslice_append(slice, one);
    endpointslice_append(slice, two);
    CU_ASSERT_EQUAL(slice->endpoints.count, 2);
    CU_ASSERT_EQUAL(slice->endpoints_bytes, endpoint_slice_bytes(one) + endpoint_slice_bytes(two));
    CU_ASSERT_STRING_EQUAL(address_type_text(ADDRESS_IPV4), "IPv4");
    CU_ASSERT_STRING_EQUAL(address_type_text(ADDRESS_IPV6), "IPv6");
    CU_ASSERT_STRING_EQUAL(address_type_text(ADDRESS_FQDN), "FQDN");
    endpointslice_destroy(slice);
    endpointslice_destroy(NULL);
}

int main(void)
{
    static const struct suite_test tests[] = {
        {"sizes of O-11 and O-16", test_sizes_of_the_examples},
        {"a canonical text is an address like any other", test_canonical_text_is_an_ip},
        {"identity in a slice (S-33)", test_identity},
        {"content beyond identity (S-34), addresses (E-61)", test_content},
        {"hints", test_hints},
        {"order of addresses (E-41)", test_order},
        {"lists own their endpoints", test_lists},
    };
    catalog = catalog_create();
    int result = suite_main("endpoint", tests, sizeof tests / sizeof tests[0]);
    catalog_destroy(catalog);
    return result;
}
