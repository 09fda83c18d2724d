/*
 * catalog_test.c: that equal content is one pointer whatever the order it comes in, that sizes are those of
 * O-20, and that small changes of a map give what building it anew gives.
 */
#include "model_kit.h"

static struct catalog *catalog;

static void test_words(void)
{
    CU_ASSERT_STRING_EQUAL(catalog_text(catalog, catalog_word(catalog, WORD_POD)), "Pod");
    CU_ASSERT_STRING_EQUAL(catalog_text(catalog, word_sym(WORD_POD_INDEX)), "apps.kubernetes.io/pod-index");
    CU_ASSERT_STRING_EQUAL(catalog_text(catalog, word_sym(WORD_TRIGGER_TIME)),
        "endpoints.kubernetes.io/last-change-trigger-time");
    for (uint32_t i = 0; i < WORD_COUNT; i++) {
        sym word = word_sym((enum catalog_word)i);
        CU_ASSERT_EQUAL(catalog_sym(catalog, catalog_text(catalog, word)), word);
    }
    CU_ASSERT_EQUAL(catalog_sym(catalog, ""), SYM_EMPTY);
    CU_ASSERT_EQUAL(catalog_length(catalog, catalog_sym(catalog, "web")), 3);
}

static void test_labels_are_interned_by_content(void)
{
    const char *const one[] = {"tier", "front", "app", "web", "app.x", "y"};
    const char *const two[] = {"app.x", "y", "tier", "front", "app", "web"};
    const struct labels *labels = kit_labels(catalog, one, 3);
    CU_ASSERT_PTR_EQUAL(labels, kit_labels(catalog, two, 3));
    CU_ASSERT_EQUAL(labels->count, 3);
    CU_ASSERT_STRING_EQUAL(catalog_text(catalog, labels->items[0].key), "app");
    CU_ASSERT_STRING_EQUAL(catalog_text(catalog, labels->items[1].key), "app.x");
    CU_ASSERT_STRING_EQUAL(catalog_text(catalog, labels->items[2].key), "tier");
    CU_ASSERT_PTR_NOT_EQUAL(labels, kit_labels(catalog, one, 2));
    CU_ASSERT_PTR_EQUAL(labels_empty(catalog), kit_labels(catalog, one, 0));
    CU_ASSERT_EQUAL(labels_empty(catalog)->id, 0);
    CU_ASSERT_EQUAL(labels_empty(catalog)->payload_bytes, 0);
    CU_ASSERT_TRUE(labels->id > 0);
}

static void test_last_of_equal_keys_wins(void)
{
    const char *const twice[] = {"app", "1", "tier", "x", "app", "2", "app", "3"};
    const char *const once[] = {"app", "3", "tier", "x"};
    CU_ASSERT_PTR_EQUAL(kit_labels(catalog, twice, 4), kit_labels(catalog, once, 2));
}

static void test_payload_bytes(void)
{
    /* m = (1 + 1 + 3) + (1 + 1 + 3) = 10, record 12 (O-20). */
    const char *const small[] = {"app", "web"};
    CU_ASSERT_EQUAL(kit_labels(catalog, small, 1)->payload_bytes, 12);
    /* The trigger annotation: 74 (O-62). */
    const char *const trigger[] = {
        "endpoints.kubernetes.io/last-change-trigger-time", "2026-01-02T03:04:05Z"};
    CU_ASSERT_EQUAL(kit_labels(catalog, trigger, 1)->payload_bytes, 74);
    /* A value of 128 bytes has a length of two bytes, and so has the entry. */
    char value[129];
    memset(value, 'v', 128);
    value[128] = '\0';
    const char *const large[] = {"k", value, "l", ""};
    CU_ASSERT_EQUAL(kit_labels(catalog, large, 2)->payload_bytes, (1 + 2 + (3 + 1 + 2 + 128)) + (1 + 1 + 5));
}

static void test_get_and_match(void)
{
    const char *const pairs[] = {"app", "web", "tier", "front", "zone", "a"};
    const char *const fits[] = {"tier", "front", "app", "web"};
    const char *const other[] = {"app", "api"};
    const char *const more[] = {"app", "web", "zzz", ""};
    const struct labels *labels = kit_labels(catalog, pairs, 3);
    sym value = SYM_EMPTY;
    CU_ASSERT_TRUE(labels_get(labels, catalog_sym(catalog, "tier"), &value));
    CU_ASSERT_STRING_EQUAL(catalog_text(catalog, value), "front");
    CU_ASSERT_FALSE(labels_get(labels, catalog_sym(catalog, "nothing"), &value));
    CU_ASSERT_TRUE(labels_get(labels, catalog_sym(catalog, "zone"), NULL));
    CU_ASSERT_TRUE(labels_match(kit_labels(catalog, fits, 2), labels));
    CU_ASSERT_TRUE(labels_match(labels, labels));
    CU_ASSERT_TRUE(labels_match(labels_empty(catalog), labels));
    CU_ASSERT_TRUE(labels_match(labels_empty(catalog), labels_empty(catalog)));
    CU_ASSERT_FALSE(labels_match(kit_labels(catalog, other, 1), labels));
    CU_ASSERT_FALSE(labels_match(kit_labels(catalog, more, 2), labels));
    CU_ASSERT_FALSE(labels_match(labels, kit_labels(catalog, fits, 2)));
    CU_ASSERT_FALSE(labels_match(labels, labels_empty(catalog)));
}

/* with/without against building the map from all its pairs, on maps up to beyond the stack's limit. */
static void test_changes_random(void)
{
    uint64_t random = suite_seed();
    for (uint32_t round = 0; round < 300; round++) {
        struct label twin[200];
        uint32_t twin_count = 0;
        const struct labels *labels = labels_empty(catalog);
        uint32_t steps = 1 + suite_below(&random, 150);
        for (uint32_t step = 0; step < steps; step++) {
            char text[16];
            snprintf(text, sizeof text, "k%u", (unsigned)suite_below(&random, 120));
            sym key = catalog_sym(catalog, text);
            uint32_t at = 0;
            while (at < twin_count && twin[at].key != key)
                at++;
            if (suite_below(&random, 4)) {
                snprintf(text, sizeof text, "v%u", (unsigned)suite_below(&random, 5));
                sym value = catalog_sym(catalog, text);
                twin[at] = (struct label){key, value};
                twin_count += at == twin_count;
                labels = labels_with(catalog, labels, key, value);
            } else {
                if (at < twin_count)
                    twin[at] = twin[--twin_count];
                labels = labels_without(catalog, labels, key);
            }
            CU_ASSERT_PTR_EQUAL_FATAL(labels, labels_intern(catalog, twin, twin_count));
        }
        for (uint32_t i = 1; i < labels->count; i++)
            CU_ASSERT_TRUE_FATAL(strcmp(catalog_text(catalog, labels->items[i - 1].key),
                                     catalog_text(catalog, labels->items[i].key)) < 0);
    }
}

static void test_ports(void)
{
    struct port two[2] = {kit_port(catalog, "http", 8080, "TCP"), kit_port(catalog, "dns", 53, "UDP")};
    const struct port_list *ports = ports_intern(catalog, two, 2);
    CU_ASSERT_PTR_EQUAL(ports, ports_intern(catalog, two, 2));
    struct port turned[2] = {two[1], two[0]};
    CU_ASSERT_PTR_NOT_EQUAL(ports, ports_intern(catalog, turned, 2)); /* the order counts */
    CU_ASSERT_PTR_EQUAL(ports_empty(catalog), ports_intern(catalog, NULL, 0));
    CU_ASSERT_EQUAL(ports_empty(catalog)->id, 0);

    struct port named = two[0];
    named.app_protocol = catalog_sym(catalog, "h2c"); /* not set: does not count */
    CU_ASSERT_TRUE(port_equal(&named, &two[0]));
    CU_ASSERT_PTR_EQUAL(ports_intern(catalog, &named, 1), ports_intern(catalog, &two[0], 1));
    CU_ASSERT_EQUAL(ports_intern(catalog, &named, 1)->items[0].app_protocol, SYM_EMPTY);
    named.set |= PORT_APP_PROTOCOL;
    CU_ASSERT_FALSE(port_equal(&named, &two[0]));
    CU_ASSERT_PTR_NOT_EQUAL(ports_intern(catalog, &named, 1), ports_intern(catalog, &two[0], 1));
    /* Present and empty is not absent. */
    named.app_protocol = SYM_EMPTY;
    CU_ASSERT_FALSE(port_equal(&named, &two[0]));
    struct port other = two[0];
    other.number = -1;
    CU_ASSERT_FALSE(port_equal(&other, &two[0]));
    other = two[0];
    other.name = SYM_EMPTY;
    CU_ASSERT_FALSE(port_equal(&other, &two[0]));
    other = two[0];
    other.protocol = catalog_sym(catalog, "SCTP");
    CU_ASSERT_FALSE(port_equal(&other, &two[0]));
}

int main(void)
{
    static const struct suite_test tests[] = {
        {"words are the first symbols", test_words},
        {"equal maps are one, in the order of their keys", test_labels_are_interned_by_content},
        {"of equal keys the last wins", test_last_of_equal_keys_wins},
        {"encoded size of a map (O-20, O-62)", test_payload_bytes},
        {"look-up and selectors", test_get_and_match},
        {"setting and removing against building anew", test_changes_random},
        {"port lists", test_ports},
    };
    catalog = catalog_create();
    int result = suite_main("catalog", tests, sizeof tests / sizeof tests[0]);
    catalog_destroy(catalog);
    return result;
}
