/*
 * ip_test.c: reading as Kubernetes' lenient parser does (E-12), canonical texts, and the sort key, whose
 * order must be that of the texts (E-41) for very many random addresses of both families.
 */
#include "suite.h"

#include <arpa/inet.h>

#include "base/ip.h"

static struct ip parse(const char *text)
{
    return ip_parse(text, strlen(text));
}

static void check(const char *text, enum ip_family family, const char *canonical)
{
    char out[IP_TEXT_MAX];
    struct ip ip = parse(text);
    CU_ASSERT_EQUAL(ip.family, family);
    CU_ASSERT_EQUAL(ip_format(ip, out), strlen(canonical));
    CU_ASSERT_STRING_EQUAL(out, canonical);
    if (strcmp(out, canonical) != 0)
        fprintf(stderr, "%s: got %s, expected %s\n", text, out, canonical);
}

static void test_v4(void)
{
    check("10.0.0.1", IP_V4, "10.0.0.1");
    check("0.0.0.0", IP_V4, "0.0.0.0");
    check("255.255.255.255", IP_V4, "255.255.255.255");
    check("010.000.08.1", IP_V4, "10.0.8.1"); /* decimal, not octal */
    check("10.0.0.0000000000000000000007", IP_V4, "10.0.0.7");
    static const char *const bad[] = {"", "1", "10.0.0", "10.0.0.1.", "10.0.0.1.2", "10.0.0.256", ".0.0.1",
        "10..0.1", "10.0.0.-1", " 10.0.0.1", "10.0.0.1 ", "10.0.0.1/8", "10.0.0.a", "99999999999.0.0.1",
        "10.0.0.1:80", "10.0.0.", "localhost"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        check(bad[i], IP_NONE, "<nil>");
    CU_ASSERT_EQUAL(ip_parse("10.0.0.1\0", 9).family, IP_NONE);
    CU_ASSERT_EQUAL(ip_parse("10.0.0.12", 8).bytes[3], 1);
}

static void test_v6(void)
{
    check("::", IP_V6, "::");
    check("::1", IP_V6, "::1");
    check("1::", IP_V6, "1::");
    check("2001:DB8::00A", IP_V6, "2001:db8::a");
    check("2001:db8:0:0:0:0:0:1", IP_V6, "2001:db8::1");
    check("2001:db8:0:1:1:1:1:1", IP_V6, "2001:db8:0:1:1:1:1:1"); /* one group is not shortened */
    check("2001:0:0:1:0:0:0:1", IP_V6, "2001:0:0:1::1");          /* the longest run */
    check("2001:db8:0:0:1:0:0:1", IP_V6, "2001:db8::1:0:0:1");    /* the first of equals */
    check("1:2:3:4:5:6:7:8", IP_V6, "1:2:3:4:5:6:7:8");
    check("1:2:3:4:5:6:7::", IP_V6, "1:2:3:4:5:6:7:0");
    check("::2:3:4:5:6:7:8", IP_V6, "0:2:3:4:5:6:7:8");
    check("0:0:1::", IP_V6, "0:0:1::");
    check("64:ff9b::192.0.2.33", IP_V6, "64:ff9b::c000:221");
    check("1:2:3:4:5:6:1.2.3.4", IP_V6, "1:2:3:4:5:6:102:304");
    check("::1.2.3.4", IP_V6, "::102:304");
    check("00001::", IP_V6, "1::");
    /* IPv4 in disguise is IPv4. */
    check("::ffff:10.0.0.1", IP_V4, "10.0.0.1");
    check("::ffff:a00:1", IP_V4, "10.0.0.1");
    check("::ffff:010.0.0.1", IP_V4, "10.0.0.1");
    check("::fffe:a00:1", IP_V6, "::fffe:a00:1");
    static const char *const bad[] = {":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3",
        "1:2:3:4:5:6:7:8::", "1:2:3:4:5:6:7::8", "12345::", "g::", "::1%eth0", "1:", ":1", "::1.2.3",
        "1.2.3.4::", "1:2:3:4:5:1.2.3.4", "1:2:3:4:5:6:7:1.2.3.4", "::1.2.3.4:5", "fe80::1 ", "1:::2",
        "::ffff:1.2.3.256"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        check(bad[i], IP_NONE, "<nil>");
}

/* Addresses with zeros and repetitions: whatever makes texts short or alike. */
static struct ip random_ip(uint64_t *random)
{
    uint32_t kind = suite_below(random, 5);
    if (kind == 0)
        return ip_from_v4((uint32_t)suite_random(random));
    if (kind == 4) /* fifteen characters that differ in the last ones: 192.168.100.100 and up */
        return ip_from_v4(UINT32_C(0xc0a86464) + suite_below(random, 150));
    if (kind == 1) {
        uint32_t third = suite_below(random, 3);
        return ip_from_v4(UINT32_C(0x0a000000) | third << 8 | suite_below(random, 256));
    }
    struct ip ip = {.family = IP_V6};
    for (int i = 0; i < 8; i++) {
        uint32_t group = 0;
        switch (suite_below(random, kind == 2 ? 6 : 3)) {
        case 0:
            break;
        case 1:
            group = suite_below(random, 3);
            break;
        default:
            group = suite_below(random, 65536);
            group >>= suite_below(random, 16);
        }
        ip.bytes[2 * i] = (uint8_t)(group >> 8);
        ip.bytes[2 * i + 1] = (uint8_t)group;
    }
    return ip;
}

static int sign(int x)
{
    return (x > 0) - (x < 0);
}

static void test_sort_key_is_text_order(void)
{
    enum { ADDRESSES = 1200 };
    uint64_t random = suite_seed();
    static struct ip ips[ADDRESSES];
    static char texts[ADDRESSES][IP_TEXT_MAX];
    static uint64_t keys[ADDRESSES];
    for (int i = 0; i < ADDRESSES; i++) {
        ips[i] = i > 0 ? random_ip(&random) : (struct ip){0};
        ip_format(ips[i], texts[i]);
        keys[i] = ip_sort_key(ips[i]);
    }
    uint32_t settled = 0;
    for (int i = 0; i < ADDRESSES; i++) {
        for (int k = 0; k < ADDRESSES; k++) {
            int order = sign(strcmp(texts[i], texts[k]));
            CU_ASSERT_EQUAL_FATAL(sign(ip_compare_text(ips[i], ips[k])), order);
            CU_ASSERT_EQUAL_FATAL(ip_equal(ips[i], ips[k]), order == 0);
            if (keys[i] != keys[k]) {
                CU_ASSERT_EQUAL_FATAL(keys[i] < keys[k], order < 0);
            } else {
                CU_ASSERT_FATAL(order == 0 || (ips[i].family == IP_V6 && strlen(texts[i]) >= 15));
            }
            settled += keys[i] != keys[k];
        }
    }
    CU_ASSERT(settled > ADDRESSES * ADDRESSES / 2);
    CU_ASSERT(ip_sort_key(parse("10.0.0.10")) < ip_sort_key(parse("10.0.0.2"))); /* E-41 */
}

/* Of texts that are no addresses, too: never in the wrong order, at most equal. */
static void test_sort_key_of_any_text(void)
{
    enum { TEXTS = 800, LENGTH = 18 };
    static const char characters[] = ".0123456789:abcdef%/<Az~\x01\xff";
    uint64_t random = suite_seed();
    static char texts[TEXTS][LENGTH + 1];
    for (int i = 0; i < TEXTS; i++)
        for (uint64_t k = 0, length = suite_below(&random, LENGTH + 1); k < length; k++)
            texts[i][k] = characters[suite_below(&random, k < 3 ? 3 : sizeof characters - 1)];
    for (int i = 0; i < TEXTS; i++) {
        for (int k = 0; k < TEXTS; k++) {
            uint64_t a = ip_text_sort_key(texts[i], strlen(texts[i]));
            uint64_t b = ip_text_sort_key(texts[k], strlen(texts[k]));
            if (a != b)
                CU_ASSERT_EQUAL_FATAL(a < b, strcmp(texts[i], texts[k]) < 0);
        }
    }
    CU_ASSERT(ip_text_sort_key("192.0.2.007", 11) < ip_text_sort_key("192.0.2.7", 9));
    CU_ASSERT(ip_text_sort_key("", 0) < ip_text_sort_key("%", 1));
    CU_ASSERT(ip_text_sort_key("2001:DB8::1", 11) < ip_text_sort_key("2001:db8::1", 11));
    CU_ASSERT_EQUAL(ip_text_sort_key("fd00::1", 7), ip_sort_key(parse("fd00::1")));
    CU_ASSERT_EQUAL(ip_text_sort_key("10.0.0.1", 8), ip_sort_key(parse("10.0.0.1")));
}

/* What "<nil>" must lie between: the greatest text that starts with ':' and the least with a letter. */
static void test_sort_key_of_none(void)
{
    uint64_t none = ip_sort_key((struct ip){0});
    CU_ASSERT(ip_sort_key(parse("::ffff:ffff:ffff:ffff:ffff:ffff:ffff")) < none);
    CU_ASSERT(ip_sort_key(parse("a::")) > none);
    CU_ASSERT(ip_sort_key(parse("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")) > none);
    CU_ASSERT(ip_sort_key(parse("9999::")) < ip_sort_key(parse("::")));
}

/* The C library agrees on what is canonical, except where it writes IPv4 inside of IPv6. */
static void test_against_libc(void)
{
    uint64_t random = suite_seed() + 1;
    for (int i = 0; i < 50000; i++) {
        struct ip ip = random_ip(&random);
        char ours[IP_TEXT_MAX], theirs[IP_TEXT_MAX];
        uint32_t length = ip_format(ip, ours);
        inet_ntop(ip.family == IP_V4 ? AF_INET : AF_INET6, ip.bytes, theirs, sizeof theirs);
        if (ip.family == IP_V4 || !strchr(theirs, '.')) {
            CU_ASSERT_STRING_EQUAL_FATAL(ours, theirs);
        }
        struct ip again = ip_parse(ours, length);
        CU_ASSERT_FATAL(ip_equal(ip, again));
    }
}

/* Random texts of the right characters: where the C library reads one, so do we, to the same number. */
static void test_reading_against_libc(void)
{
    static const char alphabet[] = "0123456789abcdef::::....1100ff";
    uint64_t random = suite_seed() + 2;
    uint32_t read = 0;
    for (int i = 0; i < 400000; i++) {
        char text[24];
        uint32_t length = suite_below(&random, sizeof text - 1);
        for (uint32_t k = 0; k < length; k++)
            text[k] = alphabet[suite_below(&random, sizeof alphabet - 1)];
        text[length] = '\0';
        uint8_t bytes[16] = {0};
        struct ip ip = parse(text);
        if (inet_pton(AF_INET6, text, bytes) == 1 && ip.family == IP_V6) {
            CU_ASSERT_FATAL(memcmp(bytes, ip.bytes, 16) == 0);
            read++;
        } else if (inet_pton(AF_INET6, text, bytes) == 1) {
            CU_ASSERT_EQUAL_FATAL(ip.family, IP_V4);
            CU_ASSERT_FATAL(memcmp(bytes + 12, ip.bytes, 4) == 0);
        } else if (ip.family == IP_V6) {
            /* Only lenient zeros may be ours alone: with them cut, the C library reads it, too. */
            char canonical[IP_TEXT_MAX];
            ip_format(ip, canonical);
            CU_ASSERT_FATAL(inet_pton(AF_INET6, canonical, bytes) == 1);
            CU_ASSERT_FATAL(memcmp(bytes, ip.bytes, 16) == 0);
        }
    }
    CU_ASSERT(read > 100);
}

static void check_range(const char *text, const char *base, int prefix_length)
{
    struct ip_range range = {{0}, 99};
    bool ok = ip_range_parse(text, strlen(text), &range);
    CU_ASSERT_EQUAL(ok, base != NULL);
    if (!ok)
        return;
    char out[IP_TEXT_MAX];
    ip_format(range.base, out);
    CU_ASSERT_STRING_EQUAL(out, base);
    CU_ASSERT_EQUAL(range.prefix_length, prefix_length);
}

static void test_ranges(void)
{
    check_range("10.244.0.0/16", "10.244.0.0", 16);
    check_range("10.244.7.9/16", "10.244.0.0", 16); /* host bits are cleared */
    check_range("10.244.255.255/18", "10.244.192.0", 18);
    check_range("1.2.3.4/32", "1.2.3.4", 32);
    check_range("1.2.3.4/0", "0.0.0.0", 0);
    check_range("fd00:10:244::/48", "fd00:10:244::", 48);
    check_range("fd00::ffff/113", "fd00::8000", 113);
    check_range("::1/128", "::1", 128);
    check_range("1.2.3.4/33", NULL, 0);
    check_range("::1/129", NULL, 0);
    check_range("1.2.3.4", NULL, 0);
    check_range("1.2.3.4/", NULL, 0);
    check_range("1.2.3.4/8x", NULL, 0);
    check_range("1.2.3/8", NULL, 0);
    check_range("/8", NULL, 0);
    check_range("", NULL, 0);
}

static void check_add(const char *base, uint64_t offset, const char *expected)
{
    char out[IP_TEXT_MAX];
    ip_format(ip_add(parse(base), offset), out);
    CU_ASSERT_STRING_EQUAL(out, expected);
}

static void test_add(void)
{
    check_add("10.0.0.0", 0, "10.0.0.0");
    check_add("10.0.0.250", 10, "10.0.1.4");
    check_add("10.255.255.255", 1, "11.0.0.0");
    check_add("255.255.255.255", 1, "0.0.0.0");
    check_add("fd00::", UINT64_MAX, "fd00::ffff:ffff:ffff:ffff");
    check_add("fd00::ffff:ffff:ffff:ffff", 1, "fd00:0:0:1::");
    CU_ASSERT(ip_equal(ip_from_v4(0x0a000102), parse("10.0.1.2")));
    CU_ASSERT(!ip_equal(parse("::"), parse("0.0.0.0")));
}

int main(void)
{
    static const struct suite_test tests[] = {
        {"IPv4", test_v4},
        {"IPv6", test_v6},
        {"the sort key is text order", test_sort_key_is_text_order},
        {"the sort key of any text", test_sort_key_of_any_text},
        {"the sort key of none", test_sort_key_of_none},
        {"against libc: writing", test_against_libc},
        {"against libc: reading", test_reading_against_libc},
        {"ranges", test_ranges},
        {"add", test_add},
    };
    return suite_main("ip", tests, sizeof tests / sizeof tests[0]);
}
