/*
 * sym_test.c: equal texts have equal numbers, texts never move, and any bytes are allowed.
 */
#include "suite.h"

#include "base/sym.h"

static void test_interning(void)
{
    struct symtab *table = symtab_create();
    sym zone_a = sym_from(table, "zone-a");
    sym zone_b = sym_from(table, "zone-b");
    CU_ASSERT_NOT_EQUAL(zone_a, zone_b);
    CU_ASSERT_EQUAL(sym_intern(table, "zone-another", 6), zone_a);
    CU_ASSERT_STRING_EQUAL(sym_text(table, zone_b), "zone-b");
    CU_ASSERT_EQUAL(sym_length(table, zone_b), 6);
    CU_ASSERT_EQUAL(sym_find(table, "zone-b", 6), zone_b);
    CU_ASSERT_EQUAL(sym_find(table, "zone-c", 6), SYM_EMPTY);
    symtab_destroy(table);
    symtab_destroy(NULL);
}

static void test_empty(void)
{
    struct symtab *table = symtab_create();
    CU_ASSERT_EQUAL(sym_from(table, ""), SYM_EMPTY);
    CU_ASSERT_EQUAL(sym_intern(table, NULL, 0), SYM_EMPTY);
    CU_ASSERT_EQUAL(sym_find(table, NULL, 0), SYM_EMPTY);
    CU_ASSERT_STRING_EQUAL(sym_text(table, SYM_EMPTY), "");
    CU_ASSERT_EQUAL(sym_length(table, SYM_EMPTY), 0);
    symtab_destroy(table);
}

static void test_nul_bytes(void)
{
    struct symtab *table = symtab_create();
    sym one = sym_intern(table, "a\0b", 3);
    sym two = sym_intern(table, "a\0c", 3);
    sym cut = sym_intern(table, "a", 1);
    CU_ASSERT(one != two && one != cut && two != cut);
    CU_ASSERT_EQUAL(memcmp(sym_text(table, one), "a\0b", 4), 0);
    symtab_destroy(table);
}

static int sign(int x)
{
    return (x > 0) - (x < 0);
}

static void test_order(void)
{
    static const char *const sorted[] = {"", "A", "B", "a", "a-", "a-b", "aa", "b", "\xc3\xa9"};
    enum { COUNT = sizeof sorted / sizeof sorted[0] };
    struct symtab *table = symtab_create();
    for (int i = COUNT - 1; i >= 0; i--)
        sym_from(table, sorted[i]);
    for (int i = 0; i < COUNT; i++) {
        for (int k = 0; k < COUNT; k++) {
            int order = sym_compare(table, sym_from(table, sorted[i]), sym_from(table, sorted[k]));
            CU_ASSERT_EQUAL(sign(order), sign(i - k));
        }
    }
    symtab_destroy(table);
}

static void test_many(void)
{
    enum { COUNT = 100000 };
    struct symtab *table = symtab_create();
    sym first = sym_from(table, "name-0");
    const char *text = sym_text(table, first);
    for (uint32_t i = 0; i < COUNT; i++) {
        char name[32];
        snprintf(name, sizeof name, "name-%u", i);
        CU_ASSERT_EQUAL_FATAL(sym_from(table, name), first + i); /* numbers in the order of arrival */
    }
    CU_ASSERT_PTR_EQUAL(sym_text(table, first), text);
    for (uint32_t i = 0; i < COUNT; i += 7) {
        char name[32];
        snprintf(name, sizeof name, "name-%u", i);
        CU_ASSERT_EQUAL_FATAL(sym_from(table, name), first + i);
        CU_ASSERT_STRING_EQUAL_FATAL(sym_text(table, first + i), name);
    }
    symtab_destroy(table);
}

static void misuse_text(void)
{
    sym_text(symtab_create(), 1);
}
static void misuse_length(void)
{
    sym_length(symtab_create(), 1);
}

static void test_misuse_asserts(void)
{
    CU_ASSERT(suite_asserts(misuse_text));
    CU_ASSERT(suite_asserts(misuse_length));
}

int main(void)
{
    static const struct suite_test tests[] = {
        {"interning", test_interning},
        {"empty", test_empty},
        {"NUL bytes", test_nul_bytes},
        {"order", test_order},
        {"many", test_many},
        {"misuse asserts", test_misuse_asserts},
    };
    return suite_main("sym", tests, sizeof tests / sizeof tests[0]);
}
