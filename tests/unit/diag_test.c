/*
 * diag_test.c: whole outputs, character by character: order, carets, cut lines, and what a hostile file
 * must not send to a terminal.
 */
#include "suite.h"

#include "base/diag.h"
#include "base/text.h"

static struct position at(uint32_t source, uint32_t line, uint32_t column, uint32_t length)
{
    return (struct position){source, line, column, length};
}

static void check_print(const struct diag *diag, bool verbose, const char *expected)
{
    char *out = NULL;
    size_t length = 0;
    FILE *file = open_memstream(&out, &length);
    diag_print(diag, file, verbose);
    fclose(file);
    CU_ASSERT_STRING_EQUAL(out, expected);
    if (strcmp(out, expected) != 0)
        fprintf(stderr, "\n--- got\n%s--- expected\n%s---\n", out, expected);
    free(out);
}

/* One error in one source. */
static void check_one(const char *text, uint32_t line, uint32_t column, uint32_t length, const char *expected)
{
    struct diag *diag = diag_create();
    uint32_t source = diag_add_source(diag, "f", text, strlen(text));
    diag_error(diag, at(source, line, column, length), "bad");
    check_print(diag, false, expected);
    diag_destroy(diag);
}

static void test_example(void)
{
    static const char text[] = "a: 1\nb: 2\n\n\n\n\n\n\n  replica: 15\nc: 3\n";
    struct diag *diag = diag_create();
    uint32_t source = diag_add_source(diag, "web.yaml", text, strlen(text));
    diag_error(diag, at(source, 9, 3, 7), "unknown field '%s'; did you mean '%s'?", "replica", "replicas");
    CU_ASSERT_EQUAL(diag_error_count(diag), 1);
    CU_ASSERT_STRING_EQUAL(diag_source_name(diag, source), "web.yaml");
    check_print(diag, false,
        "web.yaml:9:3: error: unknown field 'replica'; did you mean 'replicas'?\n"
        "    9 |   replica: 15\n"
        "      |   ^~~~~~~\n");
    diag_clear(diag);
    CU_ASSERT_EQUAL(diag_error_count(diag), 0);
    check_print(diag, true, "");
    diag_warning(diag, at(source, 1, 1, 1), "again");
    check_print(diag, false, "web.yaml:1:1: warning: again\n    1 | a: 1\n      | ^\n");
    diag_destroy(diag);
    diag_destroy(NULL);
}

static void test_order(void)
{
    struct diag *diag = diag_create();
    uint32_t one = diag_add_source(diag, "one", "x\ny\nz", 5);
    uint32_t two = diag_add_source(diag, "two", "pq\n", 3);
    diag_error(diag, at(two, 1, 2, 1), "B");
    diag_error(diag, at(one, 3, 1, 1), "third");
    diag_warning(diag, at(one, 1, 1, 1), "first");
    diag_add(diag, SEVERITY_NOTE, at(one, 1, 1, 1), "a note");
    diag_error(diag, at(two, 1, 1, 1), "A");
    diag_error(diag, at(one, 2, 1, 1), "second");
    diag_error(diag, at(one, 2, 1, 1), "second, too");
    diag_error(diag, at(one, 0, 0, 0), "as a whole");
    CU_ASSERT_EQUAL(diag_error_count(diag), 6);
    check_print(diag, true,
        "one: error: as a whole\n"
        "one:1:1: warning: first\n    1 | x\n      | ^\n"
        "one:1:1: note: a note\n    1 | x\n      | ^\n"
        "one:2:1: error: second\n    2 | y\n      | ^\n"
        "one:2:1: error: second, too\n    2 | y\n      | ^\n"
        "one:3:1: error: third\n    3 | z\n      | ^\n"
        "two:1:1: error: A\n    1 | pq\n      | ^\n"
        "two:1:2: error: B\n    1 | pq\n      |  ^\n");
    check_print(diag, false,
        "one: error: as a whole\n"
        "one:1:1: warning: first\n    1 | x\n      | ^\n"
        "one:2:1: error: second\n    2 | y\n      | ^\n"
        "one:2:1: error: second, too\n    2 | y\n      | ^\n"
        "one:3:1: error: third\n    3 | z\n      | ^\n"
        "two:1:1: error: A\n    1 | pq\n      | ^\n"
        "two:1:2: error: B\n    1 | pq\n      |  ^\n");
    diag_destroy(diag);
}

static void test_edges(void)
{
    check_one("", 1, 1, 1, "f:1:1: error: bad\n    1 | \n      | ^\n");
    check_one("ab\n", 1, 3, 1, "f:1:3: error: bad\n    1 | ab\n      |   ^\n");
    check_one("ab\n", 1, 99, 5, "f:1:99: error: bad\n    1 | ab\n      |   ^\n");
    check_one("ab\n", 1, 1, 99, "f:1:1: error: bad\n    1 | ab\n      | ^~\n");
    check_one("ab\n", 1, 1, 0, "f:1:1: error: bad\n    1 | ab\n      | ^\n");
    check_one("ab\n", 1, 0, 1, "f:1:0: error: bad\n    1 | ab\n      | ^\n");
    check_one("ab\n", 2, 1, 1, "f:2:1: error: bad\n    2 | \n      | ^\n");
    check_one("ab\n", 3, 1, 1, "f:3:1: error: bad\n"); /* no such line */
    check_one("ab\r\ncd\r\n", 1, 2, 9, "f:1:2: error: bad\n    1 | ab\n      |  ^\n");
    check_one("a\tb\n", 1, 3, 1, "f:1:3: error: bad\n    1 | a b\n      |   ^\n");
}

/* A part of a text: told where it stands in the whole, shown as far as it is there. */
static void test_parts(void)
{
    struct diag *diag = diag_create();
    uint32_t part = diag_add_part(diag, "f", "{a b\nc", 6, 70, 11);
    diag_error(diag, at(part, 1, 4, 1), "on its first line");
    diag_error(diag, at(part, 2, 1, 1), "on another");
    check_print(diag, false,
        "f:70:14: error: on its first line\n   70 | {a b\n      |    ^\n"
        "f:71:1: error: on another\n   71 | c\n      | ^\n");
    diag_destroy(diag);
}

static void test_line_numbers_align(void)
{
    struct text text = {0};
    for (int i = 1; i < 123456; i++)
        text_add(&text, "\n");
    text_add(&text, "here");
    struct diag *diag = diag_create();
    uint32_t source = diag_add_source(diag, "f", text.data, text.length);
    diag_error(diag, at(source, 12345, 1, 1), "five digits");
    diag_error(diag, at(source, 123456, 2, 2), "six digits");
    check_print(diag, false,
        "f:12345:1: error: five digits\n12345 | \n      | ^\n"
        "f:123456:2: error: six digits\n123456 | here\n       |  ^~\n");
    diag_destroy(diag);
    text_fini(&text);
}

/* Columns count bytes; the caret stands below the character that is seen. */
static void test_utf8_aligns(void)
{
    check_one("n\xc3\xa4me: \xe2\x82\xac x\n", 1, 12, 1,
        "f:1:12: error: bad\n    1 | n\xc3\xa4me: \xe2\x82\xac x\n      |         ^\n");
    /* A Chinese character takes two columns, and is underlined as one. */
    check_one("\xe4\xb8\xad\xe6\x96\x87x\n", 1, 4, 4,
        "f:1:4: error: bad\n    1 | \xe4\xb8\xad\xe6\x96\x87x\n      |   ^~~\n");
    /* A combining accent takes none. */
    check_one("e\xcc\x81x\n", 1, 4, 1, "f:1:4: error: bad\n    1 | e\xcc\x81x\n      |  ^\n");
    /* A column in the midst of a character means that character. */
    check_one("a\xe2\x82\xac"
              "b\n",
        1, 3, 1,
        "f:1:3: error: bad\n    1 | a\xe2\x82\xac"
        "b\n      |  ^\n");
}

static void test_hostile_text(void)
{
    check_one("a\x1b[31mb\n", 1, 7, 1, "f:1:7: error: bad\n    1 | a?[31mb\n      |       ^\n");
    check_one("\xff\xfe z\n", 1, 4, 1, "f:1:4: error: bad\n    1 | ?? z\n      |    ^\n");
    check_one("\xe2\x80\xae right\n", 1, 5, 1, "f:1:5: error: bad\n    1 | ? right\n      |   ^\n");
    check_one("\xc2\x9b"
              "1m\n",
        1, 3, 1, "f:1:3: error: bad\n    1 | ?1m\n      |  ^\n");
    struct diag *diag = diag_create();
    uint32_t source = diag_add_source(diag, "evil\x1b]0;name\n", "a\0b", 3);
    diag_error(diag, at(source, 1, 2, 1), "unknown field '%s'", "x\x1b[2J\n\xff");
    check_print(diag, false, "evil?]0;name?:1:2: error: unknown field 'x?[2J?\?'\n    1 | a?b\n      |  ^\n");
    diag_destroy(diag);
}

/* Lines of more than 100 columns are cut to a window around the caret. */
static void test_long_lines(void)
{
    struct text line = {0}, expected = {0};
    for (int i = 0; i < 300; i++)
        text_add_char(&line, (char)('a' + i % 26));

    text_printf(&expected, "f:1:1: error: bad\n    1 | %.100s...\n      | ^\n", line.data);
    check_one(line.data, 1, 1, 1, expected.data);

    text_clear(&expected);
    text_printf(
        &expected, "f:1:201: error: bad\n    1 | ...%.100s...\n      | %53s^~~\n", line.data + 150, "");
    check_one(line.data, 1, 201, 3, expected.data);

    text_clear(&expected);
    text_printf(&expected, "f:1:300: error: bad\n    1 | ...%s\n      | %102s^\n", line.data + 200, "");
    check_one(line.data, 1, 300, 1, expected.data);

    text_clear(&expected);
    text_printf(&expected, "f:1:301: error: bad\n    1 | ...%s\n      | %103s^\n", line.data + 200, "");
    check_one(line.data, 1, 301, 1, expected.data);

    /* What is underlined ends with what is shown. */
    text_clear(&expected);
    text_printf(&expected, "f:1:41: error: bad\n    1 | %.100s...\n      | %40s^", line.data, "");
    for (int i = 0; i < 59; i++)
        text_add_char(&expected, '~');
    text_add(&expected, "\n");
    check_one(line.data, 1, 41, 1000, expected.data);
    text_fini(&line);
    text_fini(&expected);
}

/* A cut never falls within a character. */
static void test_long_utf8_lines(void)
{
    struct text line = {0};
    for (int i = 0; i < 200; i++)
        text_add(&line, "\xe2\x82\xac");
    for (uint32_t column = 1; column <= 600; column++) {
        struct diag *diag = diag_create();
        uint32_t source = diag_add_source(diag, "f", line.data, line.length);
        diag_error(diag, at(source, 1, column, 1), "bad");
        char *out = NULL;
        size_t length = 0;
        FILE *file = open_memstream(&out, &length);
        diag_print(diag, file, false);
        fclose(file);
        CU_ASSERT_FATAL(utf8_valid(out, length, NULL));
        CU_ASSERT_PTR_NULL_FATAL(strchr(out, '?'));
        CU_ASSERT_PTR_NOT_NULL_FATAL(strchr(out, '^'));
        free(out);
        diag_destroy(diag);
    }
    text_fini(&line);
}

static void test_many_errors(void)
{
    struct diag *diag = diag_create();
    uint32_t source = diag_add_source(diag, "f", "x\n", 2);
    uint32_t other = diag_add_source(diag, "g", "y\n", 2);
    /* In falling order: the 50 with the lowest positions are shown all the same. */
    for (uint32_t i = 120; i > 0; i--)
        diag_error(diag, at(source, 2 + i, 1, 1), "number %u", i);
    for (uint32_t i = 0; i < 51; i++)
        diag_warning(diag, at(other, 9, 1, 1), "careful");
    for (uint32_t i = 0; i < 52; i++)
        diag_add(diag, SEVERITY_NOTE, at(other, 9, 2, 1), "look");
    struct text expected = {0};
    for (uint32_t i = 1; i <= 50; i++)
        text_printf(&expected, "f:%u:1: error: number %u\n", 2 + i, i);
    text_add(&expected, "f: 70 more errors are not shown\n");
    for (uint32_t i = 0; i < 50; i++)
        text_add(&expected, "g:9:1: warning: careful\n");
    size_t quiet = expected.length;
    text_add(&expected, "g: 1 more warnings are not shown\n");
    check_print(diag, false, expected.data);
    expected.length = quiet;
    for (uint32_t i = 0; i < 50; i++)
        text_add(&expected, "g:9:2: note: look\n");
    text_add(&expected, "g: 1 more warnings are not shown\ng: 2 more notes are not shown\n");
    check_print(diag, true, expected.data);
    CU_ASSERT_EQUAL(diag_error_count(diag), 120);
    text_fini(&expected);
    diag_destroy(diag);
}

static void test_kept_max(void)
{
    struct diag *diag = diag_create();
    uint32_t source = diag_add_source(diag, "f", "", 0);
    for (uint32_t i = 0; i < 3 * DIAG_KEPT_MAX; i++)
        diag_error(diag, at(source, 5, 1, 1), "bad");
    CU_ASSERT_EQUAL(diag_error_count(diag), 3 * DIAG_KEPT_MAX);
    struct text expected = {0};
    for (uint32_t i = 0; i < 50; i++)
        text_add(&expected, "f:5:1: error: bad\n");
    text_add(&expected, "f: 29950 more errors are not shown\n");
    check_print(diag, false, expected.data);
    text_fini(&expected);
    diag_destroy(diag);
}

static void misuse_source(void)
{
    diag_error(diag_create(), at(0, 1, 1, 1), "no source");
}
static void misuse_name(void)
{
    diag_source_name(diag_create(), 0);
}

static void test_misuse_asserts(void)
{
    CU_ASSERT(suite_asserts(misuse_source));
    CU_ASSERT(suite_asserts(misuse_name));
}

int main(void)
{
    static const struct suite_test tests[] = {
        {"parts of longer texts", test_parts},
        {"example", test_example},
        {"order", test_order},
        {"edges", test_edges},
        {"line numbers align", test_line_numbers_align},
        {"UTF-8 aligns", test_utf8_aligns},
        {"hostile text", test_hostile_text},
        {"long lines", test_long_lines},
        {"long UTF-8 lines", test_long_utf8_lines},
        {"many errors", test_many_errors},
        {"kept at most", test_kept_max},
        {"misuse asserts", test_misuse_asserts},
    };
    return suite_main("diag", tests, sizeof tests / sizeof tests[0]);
}
