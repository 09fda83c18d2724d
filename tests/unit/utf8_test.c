/*
 * utf8_test.c: every character there and back, every kind of ill-formed byte sequence at its offset.
 */
#include "suite.h"

#include "base/utf8.h"

static uint32_t encode(uint32_t code, char out[4])
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (char)(0xc0 | code >> 6);
        out[1] = (char)(0x80 | (code & 0x3f));
        return 2;
    }
    if (code < 0x10000) {
        out[0] = (char)(0xe0 | code >> 12);
        out[1] = (char)(0x80 | (code >> 6 & 0x3f));
        out[2] = (char)(0x80 | (code & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | code >> 18);
    out[1] = (char)(0x80 | (code >> 12 & 0x3f));
    out[2] = (char)(0x80 | (code >> 6 & 0x3f));
    out[3] = (char)(0x80 | (code & 0x3f));
    return 4;
}

static void test_all_characters(void)
{
    for (uint32_t code = 0; code < 0x120000; code++) {
        char bytes[4];
        uint32_t count = encode(code, bytes), got = UINT32_MAX;
        bool valid = code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
        CU_ASSERT_EQUAL_FATAL(utf8_decode(bytes, count, &got), valid ? count : 0);
        if (!valid)
            continue;
        CU_ASSERT_EQUAL_FATAL(got, code);
        CU_ASSERT_EQUAL_FATAL(utf8_decode(bytes, count - 1, &got), 0); /* cut off */
    }
}

static void check_bad(const char *text, size_t length, size_t offset)
{
    size_t got = SIZE_MAX;
    CU_ASSERT(!utf8_valid(text, length, &got));
    CU_ASSERT_EQUAL(got, offset);
    CU_ASSERT(!utf8_valid(text, length, NULL));
}

static void test_ill_formed(void)
{
    check_bad("abc\x80", 4, 3);
    check_bad("\xc0\x80", 2, 0); /* overlong NUL */
    check_bad("\xc1\xbf", 2, 0);
    check_bad("x\xe0\x9f\xbf", 4, 1);    /* overlong */
    check_bad("\xf0\x8f\xbf\xbf", 4, 0); /* overlong */
    check_bad("\xed\xa0\x80", 3, 0);     /* surrogate */
    check_bad("\xf4\x90\x80\x80", 4, 0); /* above U+10FFFF */
    check_bad("\xf5\x80\x80\x80", 4, 0);
    check_bad("\xff", 1, 0);
    check_bad("\xc3\xa9\xe2\x82", 4, 2); /* cut off */
    check_bad("\xe2\x28\xa1", 3, 0);
    check_bad("\xe2\x82\x28", 3, 0);
}

static void test_well_formed(void)
{
    CU_ASSERT(utf8_valid("", 0, NULL));
    CU_ASSERT(utf8_valid(NULL, 0, NULL));
    CU_ASSERT(utf8_valid("a\0b", 3, NULL));
    CU_ASSERT(utf8_valid("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\xf4\x8f\xbf\xbf", 13, NULL));
}

static void test_width(void)
{
    CU_ASSERT_EQUAL(utf8_width('a'), 1);
    CU_ASSERT_EQUAL(utf8_width(0xe9), 1);
    CU_ASSERT_EQUAL(utf8_width(0x301), 0); /* combining acute */
    CU_ASSERT_EQUAL(utf8_width(0x20ac), 1);
    CU_ASSERT_EQUAL(utf8_width(0x4e2d), 2);  /* Chinese */
    CU_ASSERT_EQUAL(utf8_width(0x1f600), 2); /* emoji */
}

static void test_controls(void)
{
    static const uint32_t controls[] = {0, '\t', '\n', 0x1b, 0x7f, 0x85, 0x9b, 0x2028, 0x202e, 0x2066};
    for (size_t i = 0; i < sizeof controls / sizeof controls[0]; i++)
        CU_ASSERT(utf8_is_control(controls[i]));
    CU_ASSERT(!utf8_is_control(' '));
    CU_ASSERT(!utf8_is_control(0xa0));
    CU_ASSERT(!utf8_is_control(0x4e2d));
}

static void test_make_safe(void)
{
    char text[] = "a\x1b[31m\xff\xc3\xa9\xe2\x80\xae\tb\n\xe4\xb8";
    utf8_make_safe(text);
    CU_ASSERT_STRING_EQUAL(text, "a?[31m?\xc3\xa9???\tb\n??");
    char empty[] = "";
    utf8_make_safe(empty);
    CU_ASSERT_STRING_EQUAL(empty, "");
}

int main(void)
{
    static const struct suite_test tests[] = {
        {"all characters", test_all_characters},
        {"ill-formed", test_ill_formed},
        {"well-formed", test_well_formed},
        {"width", test_width},
        {"controls", test_controls},
        {"made safe", test_make_safe},
    };
    return suite_main("utf8", tests, sizeof tests / sizeof tests[0]);
}
