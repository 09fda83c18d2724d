/*
 * sha256_test.c: the examples of FIPS 180 and of NIST's test vectors, every length around a block,
 * and that pieces give what the whole gives.
 */
#include "suite.h"

#include "base/sha256.h"
#include "hex.h"

static const char *digest_of(const void *bytes, size_t length, char hex[65])
{
    struct sha256 sha;
    uint8_t digest[32];
    sha256_init(&sha);
    sha256_add(&sha, bytes, length);
    sha256_end(&sha, digest);
    return hex_of(digest, 32, hex);
}

static void check(const char *text, const char *expected)
{
    char hex[65];
    CU_ASSERT_STRING_EQUAL(digest_of(text, strlen(text), hex), expected);
}

static void test_published(void)
{
    check("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    check("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    check("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    check("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrs"
          "mnopqrstnopqrstu",
        "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1");
}

static void test_million(void)
{
    struct sha256 sha;
    uint8_t digest[32];
    char hex[65];
    char as[1000];
    memset(as, 'a', sizeof as);
    sha256_init(&sha);
    for (int i = 0; i < 1000; i++)
        sha256_add(&sha, as, sizeof as);
    sha256_end(&sha, digest);
    CU_ASSERT_STRING_EQUAL(
        hex_of(digest, 32, hex), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

/* Digests of 0 to 130 bytes (0, 1, 2, ...), whose texts one after another have this digest: computed with
 * another implementation. */
static void test_lengths(void)
{
    uint8_t bytes[130];
    static char all[131 * 64 + 1];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)i;
    for (size_t length = 0; length <= sizeof bytes; length++)
        digest_of(bytes, length, all + 64 * length);
    check(all, "287ec38b0ef48cad9a69255fec0a3dd90bd752a394316d26a81b6c9b71e29a55");
}

static void test_pieces(void)
{
    uint64_t random = suite_seed();
    char bytes[1000];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)suite_random(&random);
    for (int n = 0; n < 500; n++) {
        struct sha256 sha;
        uint8_t digest[32];
        char whole[65], pieces[65];
        size_t length = suite_below(&random, sizeof bytes);
        sha256_init(&sha);
        for (size_t at = 0; at < length;) {
            size_t piece = suite_below(&random, 150);
            if (piece > length - at)
                piece = length - at;
            sha256_add(&sha, bytes + at, piece);
            at += piece;
        }
        sha256_add(&sha, NULL, 0);
        sha256_end(&sha, digest);
        CU_ASSERT_STRING_EQUAL_FATAL(hex_of(digest, 32, pieces), digest_of(bytes, length, whole));
    }
}

int main(void)
{
    static const struct suite_test tests[] = {
        {"published", test_published},
        {"a million", test_million},
        {"lengths around blocks", test_lengths},
        {"pieces", test_pieces},
    };
    return suite_main("sha256", tests, sizeof tests / sizeof tests[0]);
}
