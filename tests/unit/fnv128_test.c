/*
 * fnv128_test.c: FNV-1a of 128 bits against a multiplication byte by byte, and the port orders of E-50.
 */
#include "suite.h"

#include "base/fnv128.h"
#include "hex.h"

static void check(const char *text, const char *expected)
{
    uint8_t digest[16];
    char hex[33];
    fnv128(text, strlen(text), digest);
    CU_ASSERT_STRING_EQUAL(hex_of(digest, 16, hex), expected);
}

static void test_known(void)
{
    check("", "6c62272e07bb014262b821756295c58d"); /* the offset basis */
    check("a", "d228cb696f1a8caf78912b704e4a8964");
}

/* E-50: the text of a port as Kubernetes hashes it. */
static void test_ports(void)
{
    check("(v1.EndpointPort){Name:(string)http Port:(int32)8080 Protocol:(v1.Protocol)TCP "
          "AppProtocol:(*string)<nil>}",
        "25304a33da9e6ece350a4142a45f5b75");
    check("(v1.EndpointPort){Name:(string)https Port:(int32)8443 Protocol:(v1.Protocol)TCP "
          "AppProtocol:(*string)<nil>}",
        "ff1a33bac4ac0f54ddfa86bb65936e0d");
    check("(v1.EndpointPort){Name:(string)metrics Port:(int32)9090 Protocol:(v1.Protocol)TCP "
          "AppProtocol:(*string)http}",
        "07e80b2003e56fe253e702f82ed26bf1");
    check("(v1.EndpointPort){Name:(string) Port:(int32)80 Protocol:(v1.Protocol)TCP "
          "AppProtocol:(*string)<nil>}",
        "19cbad1834a78abad87a093580858485");
    check("(v1.EndpointPort){Name:(string)port-1337 Port:(int32)1337 Protocol:(v1.Protocol)TCP "
          "AppProtocol:(*string)<nil>}",
        "5d508f359190831946c8b5b6a8b48745");
    check("(v1.EndpointPort){Name:(string) Port:(int32)333 Protocol:(v1.Protocol) "
          "AppProtocol:(*string)<nil>}",
        "f26257f7f492d21e7c46f9786c6296af");
}

/* The definition, with the number as 16 bytes and the prime as 16 bytes. */
static void naive(const uint8_t *bytes, size_t length, uint8_t out[16])
{
    static const uint8_t basis[16] = {
        0x6c, 0x62, 0x27, 0x2e, 0x07, 0xbb, 0x01, 0x42, 0x62, 0xb8, 0x21, 0x75, 0x62, 0x95, 0xc5, 0x8d};
    static const uint8_t prime[16] = {0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x01, 0x3b};
    memcpy(out, basis, 16);
    for (size_t n = 0; n < length; n++) {
        uint32_t product[16] = {0};
        out[15] ^= bytes[n];
        for (int i = 0; i < 16; i++) {
            for (int k = 0; k <= i; k++)
                product[i] += (uint32_t)out[15 - k] * prime[15 - (i - k)];
        }
        uint32_t carry = 0;
        for (int i = 0; i < 16; i++) {
            carry += product[i];
            out[15 - i] = (uint8_t)carry;
            carry >>= 8;
        }
    }
}

static void test_against_definition(void)
{
    uint64_t random = suite_seed();
    for (int n = 0; n < 500; n++) {
        uint8_t bytes[200], expected[16], got[16];
        size_t length = suite_below(&random, sizeof bytes);
        for (size_t i = 0; i < length; i++)
            bytes[i] = (uint8_t)suite_random(&random);
        naive(bytes, length, expected);
        fnv128(bytes, length, got);
        CU_ASSERT_EQUAL_FATAL(memcmp(got, expected, 16), 0);
    }
}

int main(void)
{
    static const struct suite_test tests[] = {
        {"known", test_known},
        {"ports (E-50)", test_ports},
        {"against the definition", test_against_definition},
    };
    return suite_main("fnv128", tests, sizeof tests / sizeof tests[0]);
}
