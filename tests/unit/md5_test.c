/*
 * md5_test.c: RFC 1321's test suite, all lengths around a block against themselves in other buffers,
 * and the port orders of E-50.
 */
#include "suite.h"

#include "base/md5.h"
#include "hex.h"

static void check(const char *text, const char *expected)
{
    uint8_t digest[16];
    char hex[33];
    md5(text, strlen(text), digest);
    CU_ASSERT_STRING_EQUAL(hex_of(digest, 16, hex), expected);
}

static void test_rfc_1321(void)
{
    check("", "d41d8cd98f00b204e9800998ecf8427e");
    check("a", "0cc175b9c0f1b6a831c399e269772661");
    check("abc", "900150983cd24fb0d6963f7d28e17f72");
    check("message digest", "f96b697d7cb7938d525a2f31aaf161d0");
    check("abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b");
    check(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", "d174ab98d277d9f5a5611c2c9f419d9f");
    check("12345678901234567890123456789012345678901234567890123456789012345678901234567890",
        "57edf4a22be3c955ac49da2e2107b67a");
}

/* Digests of 0 to 130 bytes (0, 1, 2, ...), whose texts one after another have this digest: computed with
 * another implementation. */
static void test_lengths(void)
{
    uint8_t bytes[130], digest[16];
    static char all[131 * 32 + 1];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)i;
    for (size_t length = 0; length <= sizeof bytes; length++) {
        md5(bytes, length, digest);
        hex_of(digest, 16, all + 32 * length);
    }
    check(all, "c5bf5c94e74b0a1011ed68a3f81ad045");
}

/* E-50: the text of a port as Kubernetes hashes it. */
static void test_ports(void)
{
    check("(v1.EndpointPort){Name:(string)http Port:(int32)8080 Protocol:(v1.Protocol)TCP "
          "AppProtocol:(*string)<nil>}",
        "fc51ca7087ce52e70c38709727f8f0b6");
    check("(v1.EndpointPort){Name:(string)https Port:(int32)8443 Protocol:(v1.Protocol)TCP "
          "AppProtocol:(*string)<nil>}",
        "74928f751c6699a88a4d3f21730d0b48");
    check("(v1.EndpointPort){Name:(string)metrics Port:(int32)9090 Protocol:(v1.Protocol)TCP "
          "AppProtocol:(*string)http}",
        "2630eb6576fea6ab9300dcf203d2d05b");
    check("(v1.EndpointPort){Name:(string) Port:(int32)333 Protocol:(v1.Protocol) "
          "AppProtocol:(*string)<nil>}",
        "da97b0d66e52d22b07e5445e0dacca7a");
}

int main(void)
{
    static const struct suite_test tests[] = {
        {"RFC 1321", test_rfc_1321},
        {"lengths around blocks", test_lengths},
        {"ports (E-50)", test_ports},
    };
    return suite_main("md5", tests, sizeof tests / sizeof tests[0]);
}
