/*
 * scenario_msgpack_test.c: MessagePack as trees: every form of every type, and what is damaged or cut off.
 */
#include "scenario_kit.h"

#include "base/text.h"
#include "scenario/msgpack_read.h"

static void add_tree(struct text *out, const struct yaml_node *node)
{
    if (node->kind == YAML_SCALAR) {
        text_add(out, node->style == YAML_QUOTED ? "'" : "");
        text_add_bytes(out, node->text, node->length);
        text_add(out, node->style == YAML_QUOTED ? "'" : "");
        return;
    }
    bool mapping = node->kind == YAML_MAPPING;
    uint32_t count = mapping ? node->pair_count : node->item_count;
    text_add_char(out, mapping ? '{' : '[');
    for (uint32_t i = 0; i < count; i++) {
        text_add(out, i ? "," : "");
        if (mapping) {
            add_tree(out, node->pairs[i].key);
            text_add_char(out, ':');
        }
        add_tree(out, mapping ? node->pairs[i].value : node->items[i]);
    }
    text_add_char(out, mapping ? '}' : ']');
}

/* The tree, or "offset: mistake". */
static char *print_tree(const char *bytes, size_t length)
{
    struct arena arena;
    struct msgpack_reader reader;
    struct text out = {0};
    arena_init(&arena);
    msgpack_init(&reader, &arena, bytes, length);
    const struct yaml_node *root = msgpack_read(&reader);
    CU_ASSERT_EQUAL(root == NULL, reader.mistake != NULL);
    if (root)
        add_tree(&out, root);
    else
        text_printf(&out, "%zu: %s", reader.mistake_at, reader.mistake);
    arena_fini(&arena);
    return out.data;
}

struct row {
    const char *bytes;
    size_t length;
    const char *expected;
};
#define ROW(bytes, expected) \
    { \
        bytes, sizeof(bytes) - 1, expected \
    }

static void check_rows(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char *out = print_tree(rows[i].bytes, rows[i].length);
        if (strcmp(out, rows[i].expected) != 0)
            fprintf(stderr, "%s instead of %s\n", out, rows[i].expected);
        CU_ASSERT_STRING_EQUAL(out, rows[i].expected);
        free(out);
    }
}

static void test_values(void)
{
    static const struct row rows[] = {
        ROW("\x00", "0"), ROW("\x7f", "127"), ROW("\xff", "-1"), ROW("\xe0", "-32"), ROW("\xc0", "null"),
        ROW("\xc2", "false"), ROW("\xc3", "true"), ROW("\xcc\xff", "255"), ROW("\xcd\x01\x00", "256"),
        ROW("\xce\xff\xff\xff\xff", "4294967295"),
        ROW("\xcf\xff\xff\xff\xff\xff\xff\xff\xff", "18446744073709551615"), ROW("\xd0\x80", "-128"),
        ROW("\xd0\x7f", "127"), ROW("\xd1\xff\x00", "-256"), ROW("\xd2\x80\x00\x00\x00", "-2147483648"),
        ROW("\xd3\xff\xff\xff\xff\xff\xff\xff\xfe", "-2"),
        ROW("\xd3\x00\x00\x00\x00\x65\xe1\xb0\x00", "1709289472"), ROW("\xca\x3f\xc0\x00\x00", "1.5"),
        ROW("\xcb\x3f\xb9\x99\x99\x99\x99\x99\x9a", "0.1"),
        ROW("\xcb\x7f\xf0\x00\x00\x00\x00\x00\x00", "null"), ROW("\xa0", "''"),
        ROW("\xa3"
            "abc",
            "'abc'"),
        ROW("\xd9\x02\xc3\xa4", "'\xc3\xa4'"), ROW("\xda\x00\x01x", "'x'"),
        ROW("\xdb\x00\x00\x00\x01x", "'x'"), ROW("\xc4\x02\x00\xff", "''"), ROW("\xc5\x00\x01\xff", "''"),
        ROW("\xd4\x01\x02", "''"),
        ROW("\xd8\x01"
            "0123456789abcdef",
            "''"),
        ROW("\xc7\x01\x05x", "''"), ROW("\x80", "{}"), ROW("\x90", "[]"),
        ROW("\x82\xa1"
            "a\x01\xa1"
            "b\x92\x02\x90",
            "{'a':1,'b':[2,[]]}"),
        ROW("\xdc\x00\x02\x01\x02", "[1,2]"), ROW("\xdd\x00\x00\x00\x01\x01", "[1]"),
        ROW("\xde\x00\x01\xa1"
            "k\xc3",
            "{'k':true}"),
        ROW("\xdf\x00\x00\x00\x01\x05\xc3", "{5:true}"),
        ROW("\x81\x92\x01\x02\xc3", "{'':true}"), /* a key that is an array */
    };
    check_rows(rows, sizeof rows / sizeof *rows);
}

static void test_mistakes(void)
{
    static const struct row rows[] = {
        ROW("", "0: the file ends within a value"),
        ROW("\xc1", "0: no value of MessagePack begins so"),
        ROW("\x92\x01\xc1", "2: no value of MessagePack begins so"),
        ROW("\xcd\x01", "2: the file ends within a value"),
        ROW("\xa3"
            "ab",
            "3: the file ends within a value"),
        ROW("\xda\x00", "2: the file ends within a value"),
        ROW("\xdd\xff\xff\xff\xff", "5: the file ends within a value"),
        ROW("\xdf\xff\xff\xff\xff\x01", "6: the file ends within a value"),
        ROW("\x81\xa1"
            "a",
            "3: the file ends within a value"),
        ROW("\x91\xa1\xff", "1: a text that is not in UTF-8, or has a NUL in it"),
        ROW("\xa1\x00", "0: a text that is not in UTF-8, or has a NUL in it"),
        ROW("\xd8\x01", "2: the file ends within a value"),
        ROW("\xc6\xff\xff\xff\xff\x01", "6: the file ends within a value"),
    };
    check_rows(rows, sizeof rows / sizeof *rows);
}

static void test_depth(void)
{
    char bytes[YAML_DEPTH_MAX + 1];
    memset(bytes, '\x91', sizeof bytes);
    bytes[YAML_DEPTH_MAX] = '\x00';
    char *out = print_tree(bytes, sizeof bytes);
    CU_ASSERT_EQUAL(out[0], '[');
    free(out);
    bytes[YAML_DEPTH_MAX] = '\x90';
    out = print_tree(bytes, sizeof bytes);
    CU_ASSERT_STRING_EQUAL(out, "64: nested too deeply");
    free(out);
}

static void test_steps(void)
{
    static const char bytes[] = "\x81\xa1"
                                "e\x93\x01\x90\xa1x";
    struct arena arena;
    struct msgpack_reader reader;
    uint32_t count = 77;
    arena_init(&arena);
    msgpack_init(&reader, &arena, bytes, sizeof bytes - 1);
    CU_ASSERT_FALSE(msgpack_enter(&reader, YAML_SEQUENCE, &count));
    CU_ASSERT_EQUAL(count, 77);
    CU_ASSERT(msgpack_enter(&reader, YAML_MAPPING, &count));
    CU_ASSERT_EQUAL(count, 1);
    CU_ASSERT_STRING_EQUAL(msgpack_read(&reader)->text, "e");
    CU_ASSERT(msgpack_enter(&reader, YAML_SEQUENCE, &count));
    CU_ASSERT_EQUAL(count, 3);
    CU_ASSERT_FALSE(msgpack_enter(&reader, YAML_MAPPING, &count));
    CU_ASSERT_STRING_EQUAL(msgpack_read(&reader)->text, "1");
    CU_ASSERT_EQUAL(msgpack_read(&reader)->kind, YAML_SEQUENCE);
    const struct yaml_node *last = msgpack_read(&reader);
    CU_ASSERT_STRING_EQUAL(last->text, "x");
    CU_ASSERT_EQUAL(last->at.column, 7);
    CU_ASSERT_PTR_NULL(msgpack_read(&reader));
    arena_fini(&arena);
}

int main(void)
{
    static const struct suite_test tests[] = {
        {"every form of every type", test_values},
        {"damaged and cut off", test_mistakes},
        {"nested as deeply as YAML may be, and no deeper", test_depth},
        {"a value at a time", test_steps},
    };
    return suite_main("scenario_msgpack", tests, sizeof tests / sizeof tests[0]);
}
