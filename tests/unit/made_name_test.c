/*
 * made_name_test.c: names of a prefix and five drawn characters, and that text and parts say the same.
 */
#include "suite.h"

#include <string.h>

#include "model/made_name.h"

#define SUFFIXES (27u * 27u * 27u * 27u * 27u)

static void check_whole(const char *text)
{
    uint32_t suffix;
    CU_ASSERT_FALSE(made_name_split(text, strlen(text), &suffix));
    CU_ASSERT_EQUAL(pod_name_hash(text, strlen(text)), hash64(text, strlen(text)));
}

static void check_parts(const char *text, uint32_t wanted)
{
    uint32_t suffix = UINT32_MAX;
    size_t length = strlen(text), prefix_length = length - MADE_SUFFIX_LENGTH;
    CU_ASSERT_TRUE(made_name_split(text, length, &suffix));
    CU_ASSERT_EQUAL(suffix, wanted);
    char last[MADE_SUFFIX_LENGTH];
    made_name_suffix(suffix, last);
    CU_ASSERT_EQUAL(memcmp(last, text + prefix_length, sizeof last), 0);
    CU_ASSERT_EQUAL(pod_name_hash(text, length), made_name_hash(hash64(text, prefix_length), suffix));
}

static void test_split(void)
{
    check_parts("-bbbbb", 0);
    check_parts("web-bbbbb", 0);
    check_parts("web-bbbbc", 1);
    check_parts("web-bbbcb", 27);
    check_parts("web-5d78c9869d-99999", SUFFIXES - 1);
    check_parts("1234567890123456789012345678901234567890123456789012345-7-xz249", /* 63 */
        ((((18 * 27u) + 19) * 27 + 20) * 27 + 21) * 27 + 26);
    CU_ASSERT_EQUAL(SUFFIXES <= 1u << 24, true);

    check_whole("");
    check_whole("bbbbb");
    check_whole("webbbbbb");
    check_whole("web-0");
    check_whole("web-bbbb");
    check_whole("web-bbabb"); /* no vowels */
    check_whole("web-bb0bb");
    check_whole("web-bbbB9");
    check_whole("web-bbbb\xff");
    check_whole("12345678901234567890123456789012345678901234567890123456-8-xz249"); /* 64 */
}

static void test_draw(void)
{
    struct random_stream stream, again;
    random_stream_init(&stream, 7, 0, "names");
    random_stream_init(&again, 7, 0, "names");
    char name[MADE_NAME_MAX + 1], other[MADE_NAME_MAX + 1], longest[80];
    for (int i = 0; i < 2000; i++) {
        uint32_t suffix;
        uint32_t length = made_name_draw(&stream, "web-", name);
        CU_ASSERT_EQUAL(length, 9);
        CU_ASSERT_EQUAL(strlen(name), length);
        CU_ASSERT_EQUAL(memcmp(name, "web-", 4), 0);
        CU_ASSERT_TRUE(made_name_split(name, length, &suffix));
        made_name_draw(&again, "web-", other);
        CU_ASSERT_STRING_EQUAL(name, other);
        struct random_stream parts = stream;
        uint32_t drawn = made_name_draw_suffix(&parts);
        made_name_draw(&stream, "", name);
        made_name_draw(&again, "", other);
        made_name_suffix(drawn, other);
        CU_ASSERT_STRING_EQUAL(name, other);
    }
    memset(longest, 'x', sizeof longest);
    longest[sizeof longest - 1] = '\0';
    CU_ASSERT_EQUAL(made_name_draw(&stream, longest, name), MADE_NAME_MAX); /* S-50: 58 and 5 */
}

int main(void)
{
    static const struct suite_test tests[] = {
        {"a text and its parts", test_split},
        {"drawing", test_draw},
    };
    return suite_main("made_name", tests, sizeof tests / sizeof tests[0]);
}
