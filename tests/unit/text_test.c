/*
 * text_test.c: the buffer, JSON strings as Go writes them, and numbers for people.
 */
#include "suite.h"

#include "base/text.h"

static void test_buffer(void)
{
    struct text text = {0};
    text_clear(&text);
    CU_ASSERT_PTR_NULL(text.data);
    text_add_bytes(&text, NULL, 0);
    CU_ASSERT_STRING_EQUAL(text.data, "");
    for (int i = 0; i < 1000; i++)
        text_add(&text, "pod-");
    CU_ASSERT_EQUAL(text.length, 4000);
    CU_ASSERT_EQUAL(strlen(text.data), 4000);
    text_clear(&text);
    CU_ASSERT_STRING_EQUAL(text.data, "");
    text_add_char(&text, 'a');
    text_add_bytes(&text, "b\0c", 3);
    CU_ASSERT_EQUAL(text.length, 4);
    CU_ASSERT_EQUAL(memcmp(text.data, "ab\0c", 5), 0);
    text_fini(&text);
    CU_ASSERT_PTR_NULL(text.data);
}

/* The NUL must always have room: lengths around each capacity. */
static void test_capacity_borders(void)
{
    for (size_t length = 0; length < 300; length++) {
        struct text text = {0};
        for (size_t i = 0; i < length; i++)
            text_add_char(&text, 'x');
        text_add(&text, "y");
        text_printf(&text, "%d", 7);
        CU_ASSERT_EQUAL(text.length, length + 2);
        CU_ASSERT_STRING_EQUAL(text.data + length, "y7");
        CU_ASSERT(text.capacity > text.length);
        text_fini(&text);
    }
}

static void test_numbers(void)
{
    struct text text = {0};
    text_add_u64(&text, 0);
    text_add_char(&text, ' ');
    text_add_u64(&text, UINT64_MAX);
    text_add_char(&text, ' ');
    text_add_i64(&text, INT64_MIN);
    text_add_char(&text, ' ');
    text_add_i64(&text, 42);
    CU_ASSERT_STRING_EQUAL(text.data, "0 18446744073709551615 -9223372036854775808 42");
    text_fini(&text);
}

static void test_printf(void)
{
    struct text text = {0};
    char many[500];
    memset(many, 'm', sizeof many - 1);
    many[sizeof many - 1] = '\0';
    text_printf(&text, "%s-%d", "a", 1);
    text_printf(&text, "[%s]", many);
    CU_ASSERT_EQUAL(text.length, 3 + 501);
    CU_ASSERT_EQUAL(memcmp(text.data, "a-1[mmm", 7), 0);
    CU_ASSERT_STRING_EQUAL(text.data + text.length - 3, "mm]");
    text_printf(&text, "%s", "");
    CU_ASSERT_EQUAL(text.length, 504);
    text_fini(&text);
}

static void check_json(const char *bytes, size_t length, const char *expected)
{
    struct text text = {0};
    text_add_json(&text, bytes, length);
    CU_ASSERT_STRING_EQUAL(text.data, expected);
    text_fini(&text);
}

/* What Go's json.Marshal gives for these strings (Go 1.22 and later, O-40). */
static void test_json(void)
{
    check_json(NULL, 0, "\"\"");
    check_json("web-1", 5, "\"web-1\"");
    check_json("say \"hi\" \\", 10, "\"say \\\"hi\\\" \\\\\"");
    check_json("<a>&'/", 6, "\"\\u003ca\\u003e\\u0026'/\"");
    check_json("\n\r\t\b\f", 5, "\"\\n\\r\\t\\b\\f\"");
    check_json("\0\x01\x1f\x7f", 4, "\"\\u0000\\u0001\\u001f\x7f\"");
    check_json("\xc3\xa9\xf0\x9f\x98\x80", 6, "\"\xc3\xa9\xf0\x9f\x98\x80\"");
    check_json("\xe2\x80\xa8\xe2\x80\xa9", 6, "\"\\u2028\\u2029\"");
    check_json("a\xff\xfe"
               "b",
        4, "\"a\\ufffd\\ufffdb\"");
    check_json("\xe2\x82", 2, "\"\\ufffd\\ufffd\"");
}

static void check_grouped(uint64_t value, const char *expected)
{
    struct text text = {0};
    text_add_grouped(&text, value);
    CU_ASSERT_STRING_EQUAL(text.data, expected);
    text_fini(&text);
}

static void test_grouped(void)
{
    check_grouped(0, "0");
    check_grouped(999, "999");
    check_grouped(1000, "1,000");
    check_grouped(1234567, "1,234,567");
    check_grouped(UINT64_MAX, "18,446,744,073,709,551,615");
}

static void check_human(uint64_t bytes, const char *expected)
{
    struct text text = {0};
    text_add_bytes_human(&text, bytes);
    CU_ASSERT_STRING_EQUAL(text.data, expected);
    text_fini(&text);
}

static void test_bytes_human(void)
{
    check_human(0, "0 B");
    check_human(999, "999 B");
    check_human(1000, "1.00 kB");
    check_human(1004, "1.00 kB");
    check_human(1005, "1.01 kB"); /* half is rounded up */
    check_human(1234567, "1.23 MB");
    check_human(9994, "9.99 kB");
    check_human(9996, "10.0 kB");
    check_human(12345, "12.3 kB");
    check_human(99949, "99.9 kB");
    check_human(99951, "100 kB");
    check_human(123456, "123 kB");
    check_human(999499, "999 kB");
    check_human(999500, "1.00 MB");
    check_human(UINT64_C(4500000000000), "4.50 TB");
    check_human(UINT64_MAX, "18.4 EB");
}

int main(void)
{
    static const struct suite_test tests[] = {
        {"buffer", test_buffer},
        {"capacity borders", test_capacity_borders},
        {"numbers", test_numbers},
        {"printf", test_printf},
        {"JSON", test_json},
        {"grouped", test_grouped},
        {"bytes for people", test_bytes_human},
    };
    return suite_main("text", tests, sizeof tests / sizeof tests[0]);
}
