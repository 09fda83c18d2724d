/*
 * repack_test.c: hashes of ports and subsets against go-spew's own (E-50 to E-52, S-24), canonical subsets
 * (E-30 to E-43), truncation (E-55 to E-58, E-86, E-87). Engine and plain reconciler are held against each
 * other elsewhere; here are the known answers.
 */
#include "model_kit.h"

#include <math.h>

#include "engine/port_key.h"
#include "engine/repack.h"

static struct catalog *catalog;

static void hex_is(const unsigned char hash[16], const char *expected)
{
    char text[33];
    for (int i = 0; i < 16; i++)
        snprintf(text + 2 * i, 3, "%02x", hash[i]);
    CU_ASSERT_STRING_EQUAL(text, expected);
}

static void port_is(const struct port *port, const char *md5_text, const char *fnv_text)
{
    unsigned char hash[16];
    port_hash_core(catalog, port, ORDER_MD5, hash);
    hex_is(hash, md5_text);
    port_hash_core(catalog, port, ORDER_FNV128, hash);
    hex_is(hash, fnv_text);
}

/* E-50. */
static void core_ports(void)
{
    catalog = catalog_create();
    struct port port = kit_port(catalog, "http", 8080, "TCP");
    port_is(&port, "fc51ca7087ce52e70c38709727f8f0b6", "25304a33da9e6ece350a4142a45f5b75");
    port = kit_port(catalog, "https", 8443, "TCP");
    port_is(&port, "74928f751c6699a88a4d3f21730d0b48", "ff1a33bac4ac0f54ddfa86bb65936e0d");
    port = kit_port(catalog, "metrics", 9090, "TCP");
    port.app_protocol = catalog_sym(catalog, "http");
    port.set |= PORT_APP_PROTOCOL;
    port_is(&port, "2630eb6576fea6ab9300dcf203d2d05b", "07e80b2003e56fe253e702f82ed26bf1");
    port = kit_port(catalog, "", 80, "TCP");
    port_is(&port, "ed3dd1542e8a857e5070def5c89da6ea", "19cbad1834a78abad87a093580858485");
    port = kit_port(catalog, "port-1337", 1337, "TCP");
    port_is(&port, "62e94dc0cade2d48eeaa2c03811558c8", "5d508f359190831946c8b5b6a8b48745");
    port = kit_port(catalog, "port-1338", 1338, "TCP");
    port_is(&port, "79418571f2c2f5c5de22835baa8b1252", "a131a8e6368bd2ac540e78f0da32da63");
    port = kit_port(catalog, "", 111, "");
    port_is(&port, "6f2b1bc282d6918b5b92917fdf14da50", "043501a17d568eb5bb2b9ac8b3953b2d");
    port = kit_port(catalog, "", 222, "");
    port_is(&port, "2ccbe1ef9d9f834791d299f20cf9efff", "5af2526ca9ba75d6ba771b164cc66ddc");
    port = kit_port(catalog, "", 333, "");
    port_is(&port, "da97b0d66e52d22b07e5445e0dacca7a", "f26257f7f492d21e7c46f9786c6296af");
    catalog_destroy(catalog);
}

static void list_is(
    const struct port *ports, uint32_t count, bool nil, const char *md5_text, const char *fnv_text)
{
    uint8_t hash[16];
    const struct port_list *list = ports_intern(catalog, ports, count);
    port_hash_list(catalog, list, nil, ORDER_MD5, hash);
    hex_is(hash, md5_text);
    port_hash_list(catalog, list, nil, ORDER_FNV128, hash);
    hex_is(hash, fnv_text);
}

/* S-24. */
static void discovery_ports(void)
{
    catalog = catalog_create();
    struct port ports[] = {kit_port(catalog, "http", 8080, "TCP"), kit_port(catalog, "https", 8443, "TCP"),
        kit_port(catalog, "", 80, "TCP")};
    static const char *const texts[][2] = {
        {"3a668b0e210f1dc6528e2da191cd41d4", "0e874d5677090ee5c32afa85f637c347"},
        {"d1cfa3dcf6617aa6fc10fe2c04b90d40", "96bd08971af7335e18af891d4fe83877"},
        {"65e128212fd64e6eab3cc3e6dcdab5b0", "73b52e075e78e70787d5e6ffd2212eef"},
    };
    for (int i = 0; i < 3; i++) {
        uint8_t hash[16];
        port_hash_discovery(catalog, &ports[i], ORDER_MD5, hash);
        hex_is(hash, texts[i][0]);
        port_hash_discovery(catalog, &ports[i], ORDER_FNV128, hash);
        hex_is(hash, texts[i][1]);
    }
    list_is(ports, 1, false, "43470f644f7b57301713dc3d6a480da7", "8f86b690dee55e9f32e56e4efbcd8a27");
    list_is(ports, 2, false, "04069d3ad0885162f4967545e4f30fa1", "a2f92aedc5d14d467816b0401857057b");
    list_is(NULL, 0, false, "017ea1b6f12144f65cebd1b1df5e2dc6", "b823fa277840572f948b7ebdb09f7a1d");
    list_is(NULL, 0, true, "83b3584a9d5213c3f9eaf36b5b2e26a2", "402f0eb767061158ad8b157d85cc214c");
    catalog_destroy(catalog);
}

/* S-33's vectors are of the text that the hash is made of; the engine compares the same fields. */
static void identity_text(void)
{
    static const char text[] = "(util.endpointHashObj){Addresses:([]string)[10.0.0.1] Hostname:(string) "
                               "Namespace:(string)ns Name:(string)pod-1}";
    struct text copy = {0};
    uint8_t hash[16];
    text_add(&copy, text);
    order_hash_text(&copy, ORDER_MD5, hash);
    hex_is(hash, "7bc385f22de9b87b30f288bbf212cfe4");
    order_hash_text(&copy, ORDER_FNV128, hash);
    hex_is(hash, "48ebe369381f75c79171930bfdbc339f");
    text_fini(&copy);
}

/* E-85, E-42: MD5 and FNV put the same two ports in different orders. */
static void port_orders(void)
{
    catalog = catalog_create();
    struct port ports[] = {kit_port(catalog, "http", 8080, "TCP"), kit_port(catalog, "https", 8443, "TCP")};
    const struct port_list *list = ports_intern(catalog, ports, 2);
    const struct port_list *by_md5 = port_sort_core(catalog, list, ORDER_MD5);
    CU_ASSERT_EQUAL(by_md5->items[0].number, 8443);
    CU_ASSERT_EQUAL(by_md5->items[1].number, 8080);
    CU_ASSERT_PTR_EQUAL(port_sort_core(catalog, list, ORDER_FNV128), list);
    catalog_destroy(catalog);
}

/* --- subsets --------------------------------------------------------------------------------- */

/* An address as E-51 has it: uid-N, pod-N in namespace ns on node-N; N = 0: nothing but the address. */
static struct endpoint *address(const char *ip, int n)
{
    struct endpoint_draft draft = {.ip = kit_ip(ip)};
    if (n > 0) {
        char text[16];
        snprintf(text, sizeof text, "uid-%d", n);
        struct target_extra extra = {.kind = word_sym(WORD_POD), .uid_text = catalog_sym(catalog, text)};
        snprintf(text, sizeof text, "pod-%d", n);
        draft.target = target_create(
            catalog, catalog_sym(catalog, "ns"), text, (uint32_t)strlen(text), (struct uuid){{0}}, &extra);
        snprintf(text, sizeof text, "node-%d", n);
        draft.node_name = catalog_sym(catalog, text);
        draft.flags = ENDPOINT_ADDRESS_NODE_NAME;
    }
    return endpoint_create(catalog, &draft);
}

static void add(struct subset *subset, bool ready, struct endpoint *endpoint)
{
    if (ready)
        vec_push(&subset->addresses, endpoint);
    else
        vec_push(&subset->not_ready_addresses, endpoint);
}

/* Fills in the ports and releases the subset. */
static void subset_is(struct subset *subset, const struct port *ports, uint32_t count, const char *md5_text,
    const char *fnv_text)
{
    unsigned char hash[16];
    subset->ports = ports_intern(catalog, ports, count);
    repack_hash_subset(catalog, subset, ORDER_MD5, hash);
    hex_is(hash, md5_text);
    repack_hash_subset(catalog, subset, ORDER_FNV128, hash);
    hex_is(hash, fnv_text);
    subset_fini(subset);
}

/* E-51. */
static void subsets(void)
{
    catalog = catalog_create();
    struct port http = kit_port(catalog, "http", 8080, "TCP");
    struct port plain[] = {
        kit_port(catalog, "", 111, ""), kit_port(catalog, "", 222, ""), kit_port(catalog, "", 333, "")};
    struct subset subset = {0};
    add(&subset, true, address("10.0.0.1", 1));
    subset_is(&subset, &http, 1, "510ebe99aa44a0603493be6418d34e35", "44aba796b47ee6aa5ed86c432bbbe46a");
    subset = (struct subset){0};
    add(&subset, false, address("10.0.0.2", 2));
    subset_is(&subset, &http, 1, "546232e75c1242bcfea649e6b130babe", "0084c45c33a9b1a1e74657a81955d29a");
    subset = (struct subset){0};
    add(&subset, true, address("10.0.0.1", 1));
    add(&subset, true, address("10.0.0.2", 2));
    subset_is(&subset, NULL, 0, "f6662c7d0ea88e4c69053c8496f898ef", "f007d3486998f45b8ceb4af0e47ff0ca");
    subset = (struct subset){0};
    add(&subset, true, address("1.2.3.4", 0));
    subset_is(&subset, &plain[0], 1, "090870b04c50f5db8b174561d8bd26cc", "0237c533f55a155477c022a0d520b958");
    subset = (struct subset){0};
    add(&subset, true, address("5.6.7.8", 0));
    subset_is(&subset, &plain[1], 1, "160c450e60124a8884599d0bf67a6d00", "675404f2094c9e8de1cc10e45dbacec1");
    subset = (struct subset){0};
    add(&subset, true, address("1.2.3.4", 0));
    add(&subset, true, address("1.2.3.6", 0));
    subset_is(&subset, &plain[0], 1, "16cd25ebea3c882ace511042789b29f8", "d1f2e01d7ddb9d177a1c7bf6209614c9");
    subset = (struct subset){0};
    add(&subset, true, address("1.2.3.5", 0));
    subset_is(&subset, &plain[1], 2, "cad9f19f168911f66d431789a801bd17", "464db64906d0cf627fcd7f0add02bc00");
    catalog_destroy(catalog);
}

/* "ip,ip|ip[port,port] ..." */
static const char *show(const struct subset_list *list, struct text *out)
{
    text_clear(out);
    text_add(out, "");
    for (uint32_t i = 0; i < list->items.count; i++) {
        const struct subset *subset = &list->items.items[i];
        char ip[IP_TEXT_MAX];
        text_add(out, i ? " " : "");
        for (uint32_t a = 0; a < subset->addresses.count; a++) {
            ip_format(endpoint_ip(subset->addresses.items[a]), ip);
            text_printf(out, "%s%s", a ? "," : "", ip);
        }
        text_add(out, "|");
        for (uint32_t a = 0; a < subset->not_ready_addresses.count; a++) {
            ip_format(endpoint_ip(subset->not_ready_addresses.items[a]), ip);
            text_printf(out, "%s%s", a ? "," : "", ip);
        }
        text_add(out, "[");
        for (uint32_t p = 0; p < subset->ports->count; p++)
            text_printf(out, "%s%d", p ? "," : "", subset->ports->items[p].number);
        text_add(out, "]");
    }
    return out->data;
}

static struct subset *push(struct subset_list *list, const struct port *ports, uint32_t count)
{
    struct subset subset = {.ports = ports_intern(catalog, ports, count)};
    vec_push(&list->items, subset);
    return &vec_last(&list->items);
}

static void repacks(const char *expected, struct subset_list *in)
{
    struct subset_list out = {0};
    struct text text = {0};
    repack_subsets(catalog, in, ORDER_FNV128, &out);
    const char *got = show(&out, &text);
    CU_ASSERT_STRING_EQUAL(got, expected);
    if (strcmp(got, expected) != 0)
        fprintf(stderr, "  got  %s\n  want %s\n", got, expected);
    text_fini(&text);
    subset_list_fini(&out);
    subset_list_fini(in);
    *in = (struct subset_list){0};
}

static void repacking(void)
{
    catalog = catalog_create();
    struct port ports[] = {
        kit_port(catalog, "", 111, ""), kit_port(catalog, "", 222, ""), kit_port(catalog, "", 333, "")};
    struct subset_list in = {0};
    /* The same addresses under two ports are one subset, in the order of ports' hashes; sorted as texts
     * (E-41). */
    struct subset *subset = push(&in, &ports[0], 1);
    add(subset, true, address("10.0.0.2", 0));
    add(subset, true, address("10.0.0.10", 0));
    subset = push(&in, &ports[1], 1);
    add(subset, true, address("10.0.0.10", 0));
    add(subset, true, address("10.0.0.2", 0));
    repacks("10.0.0.10,10.0.0.2|[111,222]", &in);
    /* Not ready wins, whatever the order (E-33). */
    subset = push(&in, &ports[0], 1);
    add(subset, true, address("1.2.3.4", 0));
    add(subset, false, address("1.2.3.4", 0));
    subset = push(&in, &ports[1], 1);
    add(subset, false, address("1.2.3.4", 0));
    repacks("|1.2.3.4[111,222]", &in);
    /* Readiness that differs between the ports parts them. */
    subset = push(&in, &ports[0], 1);
    add(subset, true, address("1.2.3.4", 0));
    subset = push(&in, &ports[1], 1);
    add(subset, false, address("1.2.3.4", 0));
    CU_ASSERT_EQUAL(in.items.count, 2);
    struct subset_list out = {0};
    repack_subsets(catalog, &in, ORDER_FNV128, &out);
    CU_ASSERT_EQUAL(out.items.count, 2);
    subset_list_fini(&out);
    subset_list_fini(&in);
    in = (struct subset_list){0};
    /* A subset without ports disappears into one of the same addresses (E-35), else it stays. */
    subset = push(&in, NULL, 0);
    add(subset, true, address("1.2.3.4", 0));
    subset = push(&in, &ports[2], 1);
    add(subset, true, address("1.2.3.4", 0));
    repacks("1.2.3.4|[333]", &in);
    subset = push(&in, NULL, 0);
    add(subset, true, address("1.2.3.4", 0));
    repacks("1.2.3.4|[]", &in);
    /* No address, no subset (E-36). */
    push(&in, &ports[0], 1);
    repacks("", &in);
    /* Equal ports with appProtocol are equal to nothing, so they show twice (E-34). */
    struct port odd = ports[0];
    odd.set |= PORT_APP_PROTOCOL;
    odd.app_protocol = catalog_sym(catalog, "h2c");
    subset = push(&in, &odd, 1);
    add(subset, true, address("1.2.3.4", 0));
    subset = push(&in, &odd, 1);
    add(subset, true, address("1.2.3.4", 0));
    repacks("1.2.3.4|[111,111]", &in);
    /* Of two records of one identity the first stays (E-31); another uid is another address (E-32). */
    subset = push(&in, &ports[0], 1);
    add(subset, true, address("1.2.3.4", 2));
    add(subset, true, address("1.2.3.4", 1));
    add(subset, true, address("1.2.3.4", 0));
    repacks("1.2.3.4,1.2.3.4,1.2.3.4|[111]", &in);
    catalog_destroy(catalog);
}

/* --- truncation ------------------------------------------------------------------------------ */

static void fill(struct subset *subset, bool ready, uint32_t first, uint32_t count)
{
    for (uint32_t i = first; i < first + count; i++) {
        struct endpoint_draft draft = {.ip = ip_from_v4(UINT32_C(0x0a000000) + i)};
        add(subset, ready, endpoint_create(catalog, &draft));
    }
}

static void cut(struct subset_list *list, bool over, uint32_t omitted)
{
    uint32_t got;
    CU_ASSERT_EQUAL(repack_truncate(list, 1000, &got), over);
    CU_ASSERT_EQUAL(got, omitted);
}

static void truncation(void)
{
    catalog = catalog_create();
    struct port ports[] = {kit_port(catalog, "", 111, ""), kit_port(catalog, "", 222, "")};
    struct subset_list list = {0};
    struct subset *subset = push(&list, &ports[0], 1);
    fill(subset, true, 0, 999);
    fill(subset, false, 5000, 1);
    cut(&list, false, 0);
    /* E-86. */
    fill(&list.items.items[0], true, 999, 1);
    cut(&list, true, 1);
    CU_ASSERT_EQUAL(list.items.items[0].addresses.count, 1000);
    CU_ASSERT_EQUAL(list.items.items[0].not_ready_addresses.count, 0);
    fill(&list.items.items[0], true, 1000, 1);
    cut(&list, true, 1);
    CU_ASSERT_EQUAL(list.items.items[0].addresses.count, 1000);
    CU_ASSERT_PTR_EQUAL(list.items.items[0].ports, ports_intern(catalog, ports, 1));
    subset_list_fini(&list);
    list = (struct subset_list){0};
    /* E-87. */
    fill(push(&list, &ports[0], 1), false, 0, 600);
    fill(push(&list, &ports[1], 1), false, 1000, 900);
    cut(&list, true, 500);
    uint32_t first = (uint32_t)ceil(600.0 / 1500.0 * 1000.0);
    CU_ASSERT_EQUAL(list.items.items[0].not_ready_addresses.count, first);
    CU_ASSERT_EQUAL(list.items.items[1].not_ready_addresses.count, 1000 - first);
    subset_list_fini(&list);
    list = (struct subset_list){0};
    /* Rounding up favours the first; the last subset may get nothing, and stays with its ports (E-58). */
    for (uint32_t i = 0; i < 1001; i++)
        fill(push(&list, &ports[i % 2], 1), true, i, 1);
    cut(&list, true, 1);
    CU_ASSERT_EQUAL(list.items.items[999].addresses.count, 1);
    CU_ASSERT_EQUAL(list.items.items[1000].addresses.count, 0);
    CU_ASSERT_EQUAL(list.items.count, 1001);
    subset_list_fini(&list);
    list = (struct subset_list){0};
    /* Enough ready ones leave what is over for the others: R = 700, N = 500. */
    subset = push(&list, &ports[0], 1);
    fill(subset, true, 0, 700);
    fill(subset, false, 1000, 500);
    cut(&list, true, 200);
    CU_ASSERT_EQUAL(list.items.items[0].addresses.count, 700);
    CU_ASSERT_EQUAL(list.items.items[0].not_ready_addresses.count, 300);
    CU_ASSERT_EQUAL(
        endpoint_ip(list.items.items[0].not_ready_addresses.items[299]).bytes[3], (1000 + 299) & 255);
    subset_list_fini(&list);
    catalog_destroy(catalog);
}

static const struct suite_test tests[] = {
    {"core ports (E-50)", core_ports},
    {"discovery ports (S-24)", discovery_ports},
    {"identity (S-33)", identity_text},
    {"port orders (E-85)", port_orders},
    {"subsets (E-51)", subsets},
    {"repacking (E-30 to E-43)", repacking},
    {"truncation (E-55 to E-58)", truncation},
};

int main(void)
{
    return suite_main("repack", tests, sizeof tests / sizeof tests[0]);
}
