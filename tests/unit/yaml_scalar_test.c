/*
 * yaml_scalar_test.c: strings as kubectl 1.32 printed them (kubectl label --local -o yaml), captured once,
 * and the order that it puts keys in. Line breaks other than \n are ours: kubectl loses them, we escape them.
 */
#include "suite.h"

#include "base/yaml_scalar.h"

/* Written behind "    kNNNN: ", so lines that follow are indented by six. */
static const struct {
    const char *string;
    const char *yaml;
} rows[] = {
    {"true", "\"true\""},
    {"no", "\"no\""},
    {"Null", "\"Null\""},
    {"~", "\"~\""},
    {"", "\"\""},
    {"0", "\"0\""},
    {"-1", "\"-1\""},
    {"+5", "\"+5\""},
    {"0x1F", "\"0x1F\""},
    {"0b11", "\"0b11\""},
    {"0o17", "\"0o17\""},
    {"017", "\"017\""},
    {"089", "\"089\""},
    {"1_000", "\"1_000\""},
    {"1e5", "\"1e5\""},
    {"1E+5", "\"1E+5\""},
    {"1.", "\"1.\""},
    {"1.e3", "\"1.e3\""},
    {".5", "\".5\""},
    {".5e1", "\".5e1\""},
    {".", "."},
    {"..", ".."},
    {"...", "'...'"},
    {"---", "'---'"},
    {"--- a", "'--- a'"},
    {"-", "'-'"},
    {"- a", "'- a'"},
    {"?", "'?'"},
    {"? a", "'? a'"},
    {":", "':'"},
    {": a", "': a'"},
    {"a: b", "'a: b'"},
    {"a:", "'a:'"},
    {"a:b", "a:b"},
    {"a #b", "'a #b'"},
    {"a#b", "a#b"},
    {"#a", "'#a'"},
    {"2026-01-02", "\"2026-01-02\""},
    {"2026-1-2", "\"2026-1-2\""},
    {"2026-13-02", "2026-13-02"},
    {"2026-02-30", "2026-02-30"},
    {"2026-01-02T03:04:05Z", "\"2026-01-02T03:04:05Z\""},
    {"2026-01-02t03:04:05.5+01:00", "\"2026-01-02t03:04:05.5+01:00\""},
    {"2026-01-02 03:04:05", "\"2026-01-02 03:04:05\""},
    {"2026-01-02 03:04", "2026-01-02 03:04"},
    {"12:30", "\"12:30\""},
    {"1:2:3.5", "\"1:2:3.5\""},
    {"190:20:30", "\"190:20:30\""},
    {"12:60", "12:60"},
    {"fd00::", "'fd00::'"},
    {"::1", "::1"},
    {"fd00:10:244::1", "fd00:10:244::1"},
    {"2001:10:20:30:40:50:51:52", "\"2001:10:20:30:40:50:51:52\""},
    {"[a]", "'[a]'"},
    {"{a}", "'{a}'"},
    {"a]", "a]"},
    {"*x", "'*x'"},
    {"&x", "'&x'"},
    {"!x", "'!x'"},
    {"|", "'|'"},
    {"|a", "'|a'"},
    {">", "'>'"},
    {"'a'", "'''a'''"},
    {"it's", "it's"},
    {"\"a\"", "'\"a\"'"},
    {"a\"b", "a\"b"},
    {"%a", "'%a'"},
    {"@a", "'@a'"},
    {"`a", "'`a'"},
    {"a,b", "a,b"},
    {",a", "',a'"},
    {"<<", "<<"},
    {"=", "="},
    {"inf", "inf"},
    {".inf", "\".inf\""},
    {"+.inf", "\"+.inf\""},
    {"nan", "nan"},
    {".NaN", "\".NaN\""},
    {"9223372036854775808", "\"9223372036854775808\""},
    {"99999999999999999999999", "\"99999999999999999999999\""},
    {"1e999", "1e999"},
    {"-0b1", "\"-0b1\""},
    {"0x", "0x"},
    {"0b", "0b"},
    {"0b2", "0b2"},
    {"1__2", "\"1__2\""},
    {"_1", "_1"},
    {"a\nb", "|-\n      a\n      b"},
    {"a\nb\n", "|\n      a\n      b"},
    {"a\n\n", "|+\n      a\n"},
    {"\na", "|2-\n\n      a"},
    {" a", "' a'"},
    {"a ", "'a '"},
    {"  ", "'  '"},
    {" ", "' '"},
    {"a\n b", "|-\n      a\n       b"},
    {" a\nb", "|2-\n       a\n      b"},
    {"a \nb", "\"a \\nb\""},
    {"a\tb", "\"a\\tb\""},
    {"\ta", "\"\\ta\""},
    {"\303\251", "\303\251"},
    {"\346\227\245\346\234\254", "\346\227\245\346\234\254"},
    {"a\302\240b", "a\302\240b"},
    {"\360\237\230\200", "\"\\U0001F600\""},
    {"a\\b", "a\\b"},
    {"y", "\"y\""},
    {"Y", "\"Y\""},
    {"n", "\"n\""},
    {"on", "\"on\""},
    {"Off", "\"Off\""},
    {"null", "\"null\""},
    {"yes no", "yes no"},
    {"Z", "Z"},
    {"1Z", "1Z"},
    {"0.0.0.0", "0.0.0.0"},
    {"10.0.0.1", "10.0.0.1"},
    {"1.2.3", "1.2.3"},
    {"+", "+"},
    {"-.5", "\"-.5\""},
    {"-.inf", "\"-.inf\""},
    {"+1.5", "\"+1.5\""},
    {"00", "\"00\""},
    {"0_0", "\"0_0\""},
    {"1,000", "1,000"},
    {"a: ", "'a: '"},
    {"x:y:z:", "'x:y:z:'"},
    {"- - a", "'- - a'"},
    {"!", "'!'"},
    {"|-", "'|-'"},
    {"a |", "a |"},
    {"\n", "|2+\n"},
    {"\n\n", "|2+\n\n"},
    {" \n", "\" \\n\""},
    {"-\n", "|\n      -"},
    {": \n", "\": \\n\""},
    {"\360\237\230\200\n", "\"\\U0001F600\\n\""},
    {"tab\there\n", "\"tab\\there\\n\""},
    {"a fairly long sentence that goes on beyond the eightieth column of its line, and so it is folded there",
        "a fairly long sentence that goes on beyond the eightieth column of its\n      line, and so it is "
        "folded there"},
    {"it's long: a sentence that goes on beyond the eightieth column of its line, and so it is folded there",
        "'it''s long: a sentence that goes on beyond the eightieth column of its\n      line, and so it is "
        "folded there'"},
    {"tab\t in a sentence that goes on beyond the eightieth column of its line, and so  it is folded there",
        "\"tab\\t in a sentence that goes on beyond the eightieth column of its line,\n      and so  it is "
        "folded there\""},
    {"nofoldnofoldnofoldnofoldnofoldnofoldnofoldnofoldnofoldnofoldnofoldnofoldnofoldnofoldnofold",
        "nofoldnofoldnofoldnofoldnofoldnofoldnofoldnofoldnofoldnofoldnofoldnofoldnofoldnofoldnofold"},
    /* Ours. */
    {"a\r\nb", "\"a\\r\\nb\""},
    {"\xe2\x80\xa8x", "\"\\Lx\""},
    {"\xc2\x85x", "\"\\Nx\""},
    {"\x01", "\"\\x01\""},
    {"\xff", "\"\\xFF\""},
    {"\xef\xbb\xbf", "\"\\uFEFF\""},
};

static void test_strings(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct text out = {0};
        text_add(&out, "    k0000: ");
        yaml_add_scalar(&out, rows[i].string, strlen(rows[i].string), 6, false);
        CU_ASSERT_STRING_EQUAL(out.data + strlen("    k0000: "), rows[i].yaml);
        if (strcmp(out.data + strlen("    k0000: "), rows[i].yaml) != 0)
            printf("%s\nis\n%s\n", rows[i].yaml, out.data);
        text_fini(&out);
    }
}

static void test_keys_stay_on_one_line(void)
{
    const char *key =
        "a sentence that goes on beyond the eightieth column, as a key, stays on one line, however long";
    struct text out = {0};
    yaml_add_scalar(&out, key, strlen(key), 2, true);
    CU_ASSERT_STRING_EQUAL(out.data, key);
    text_clear(&out);
    yaml_add_scalar(&out, "a\nb", 3, 2, true);
    CU_ASSERT_STRING_EQUAL(out.data, "\"a\\nb\"");
    text_clear(&out);
    yaml_add_scalar(&out, "on", 2, 2, true);
    CU_ASSERT_STRING_EQUAL(out.data, "\"on\"");
    text_fini(&out);
}

/* No string, however odd, breaks the line that it stands in or loses a byte of its plain letters. */
static void test_random(void)
{
    static const char alphabet[] = "ab01 :#-?'\"\\,[]{}&*!|>%@`\n\t.+eE~";
    uint64_t random = suite_seed();
    for (uint32_t round = 0; round < 20000; round++) {
        char string[24];
        uint32_t length = suite_below(&random, sizeof string);
        for (uint32_t i = 0; i < length; i++)
            string[i] = alphabet[suite_below(&random, sizeof alphabet - 1)];
        struct text out = {0};
        yaml_add_scalar(&out, string, length, 2, true);
        CU_ASSERT_PTR_NULL_FATAL(memchr(out.data, '\n', out.length));
        bool quoted = out.data[0] == '"' || out.data[0] == '\'';
        CU_ASSERT_TRUE_FATAL(quoted || (out.length == length && memcmp(out.data, string, length) == 0));
        CU_ASSERT_TRUE_FATAL(quoted || !yaml_looks_typed(string, length));
        if (quoted)
            CU_ASSERT_TRUE_FATAL(out.length >= 2 && out.data[out.length - 1] == out.data[0]);
        text_fini(&out);
    }
}

static void test_order_of_keys(void)
{
    static const char *const kubectl[] = {
        "a", "a-1", "a-2", "a-10", "a.b", "a/b", "a1", "a2", "a10", "a100", "ab", "b"};
    for (size_t i = 0; i < sizeof kubectl / sizeof kubectl[0]; i++) {
        for (size_t k = 0; k < sizeof kubectl / sizeof kubectl[0]; k++) {
            int order = yaml_compare_keys(kubectl[i], kubectl[k]);
            CU_ASSERT_EQUAL((order > 0) - (order < 0), (i > k) - (i < k));
        }
    }
    CU_ASSERT_TRUE(yaml_compare_keys(".", "f:app") < 0);
    CU_ASSERT_TRUE(yaml_compare_keys("apiVersion", "kind") < 0);
    CU_ASSERT_TRUE(yaml_compare_keys("Z", "a") < 0);
    CU_ASSERT_TRUE(yaml_compare_keys("a100", "a10b") < 0); /* 0 before a letter */
    CU_ASSERT_TRUE(yaml_compare_keys("a1", "a01") < 0);    /* one and one: the shorter first */
    CU_ASSERT_EQUAL(yaml_compare_keys("same", "same"), 0);
}

int main(void)
{
    static const struct suite_test tests[] = {
        {"strings as kubectl prints them", test_strings},
        {"keys stay on one line", test_keys_stay_on_one_line},
        {"random strings", test_random},
        {"order of keys", test_order_of_keys},
    };
    return suite_main("yaml_scalar", tests, sizeof tests / sizeof tests[0]);
}
