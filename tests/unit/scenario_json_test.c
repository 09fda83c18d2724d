/*
 * scenario_json_test.c: JSON as trees: values, positions, escapes, and each mistake at its place. The same
 * texts give the same trees as the reader of YAML, which reads JSON too, makes of them.
 */
#include "scenario_kit.h"

#include "base/text.h"
#include "scenario/json_read.h"

/* A tree as one text: quoted texts in quotes, plain ones bare. */
static void add_tree(struct text *out, const struct yaml_node *node)
{
    if (node->kind == YAML_SCALAR) {
        if (node->style == YAML_QUOTED)
            text_add_json(out, node->text, node->length);
        else
            text_add_bytes(out, node->text, node->length);
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
    text_printf(out, "%c%u", mapping ? '}' : ']', node->depth);
}

/* The tree, or "line:column: message". */
static char *print_tree(const char *text)
{
    struct arena arena;
    struct json_mistake mistake;
    struct text out = {0};
    arena_init(&arena);
    const struct yaml_node *root = json_read(&arena, 0, text, strlen(text), &mistake);
    if (root)
        add_tree(&out, root);
    else
        text_printf(&out, "%u:%u: %s", mistake.at.line, mistake.at.column, mistake.message);
    arena_fini(&arena);
    return out.data;
}

static void check_rows(const char *const rows[][2], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char *out = print_tree(rows[i][0]);
        if (strcmp(out, rows[i][1]) != 0)
            fprintf(stderr, "%s gives %s\n", rows[i][0], out);
        CU_ASSERT_STRING_EQUAL(out, rows[i][1]);
        free(out);
    }
}

static void test_values(void)
{
    static const char *const rows[][2] = {
        {"{}", "{}1"},
        {" [ ]\n", "[]1"},
        {"{\"a\":1,\"b\":[true,false,null]}", "{\"a\":1,\"b\":[true,false,null]1}2"},
        {"[-0, 1.5e+3, 10, 0.25, 1E2]", "[-0,1.5e+3,10,0.25,1E2]1"},
        {"\"\"", "\"\""},
        {"\"a\\\"b\\\\c\\/d\"", "\"a\\\"b\\\\c/d\""},
        {"\"\\b\\f\\n\\r\\t\"", "\"\\b\\f\\n\\r\\t\""},
        {"\"\\u0041\\u00e4\\u20ac\"", "\"A\xc3\xa4\xe2\x82\xac\""},
        {"\"\\ud83d\\ude00\"", "\"\xf0\x9f\x98\x80\""},
        {"\"\\ud83d-\\ude00\"", "\"\xef\xbf\xbd-\xef\xbf\xbd\""}, /* halves of pairs */
        {"\"\\ud83d\\u0041\"", "\"\xef\xbf\xbd"
                               "A\""},
        {"{\"a\":{\"b\":[[]]}}\r\n", "{\"a\":{\"b\":[[]1]2}3}4"},
    };
    check_rows(rows, sizeof rows / sizeof *rows);
}

static void test_mistakes(void)
{
    static const char *const rows[][2] = {
        {"", "1:1: the value is missing"},
        {"{\n \"a\": }", "2:7: a value is expected here"},
        {"{\"a\":1,}", "1:8: a key in quotes is expected here"},
        {"{a:1}", "1:2: a key in quotes is expected here"},
        {"{\"a\" 1}", "1:6: ':' is expected behind a key"},
        {"{\"a\":1 \"b\":2}", "1:8: ',' or '}' is expected here"},
        {"[1\n2]", "2:1: ',' or ']' is expected here"},
        {"[1,]", "1:4: a value is expected here"},
        {"[yes]", "1:2: no value of JSON: a text needs quotes"},
        {"[01]", "1:2: no value of JSON: a text needs quotes"},
        {"[1.]", "1:2: no value of JSON: a text needs quotes"},
        {"[-]", "1:2: no value of JSON: a text needs quotes"},
        {"[1e]", "1:2: no value of JSON: a text needs quotes"},
        {"[nul]", "1:2: no value of JSON: a text needs quotes"},
        {"\"ab", "1:1: the text that begins here has no end"},
        {"[\"ab\\\"]", "1:2: the text that begins here has no end"},
        {"\"a\\x\"", "1:3: no escape of JSON"},
        {"\"\\u12g4\"", "1:2: \\u takes four hexadecimal digits"},
        {"\"\\u12\"", "1:2: \\u takes four hexadecimal digits"},
        {"\"\\u0000\"", "1:2: a text must not hold a NUL"},
        {"\"a\nb\"", "1:3: a control character in a text: JSON writes it as an escape"},
        {"{} {}", "1:4: nothing is expected behind the value"},
        {"[\"\\", "1:2: the text that begins here has no end"},
    };
    check_rows(rows, sizeof rows / sizeof *rows);
}

static void test_depth(void)
{
    struct text text = {0};
    for (int deep = 0; deep < 2; deep++) {
        int levels = YAML_DEPTH_MAX + deep;
        text_clear(&text);
        for (int i = 0; i < levels; i++)
            text_add_char(&text, '[');
        for (int i = 0; i < levels; i++)
            text_add_char(&text, ']');
        char *out = print_tree(text.data);
        if (deep)
            CU_ASSERT_STRING_EQUAL(out, "1:65: nested too deeply")
        else
            CU_ASSERT_EQUAL(strlen(out), 2 * (size_t)levels + 9 + 2 * 55);
        free(out);
    }
    text_fini(&text);
}

/* Cut off anywhere, a text is no text. */
static void test_cut(void)
{
    static const char text[] = "{\"a\": [1, \"b\\u00e4\\n\", {\"c\": null}], \"d\": -1.5e3}";
    for (size_t length = 0; length < sizeof text - 1; length++) {
        char *cut = mem_strndup(text, length);
        char *out = print_tree(cut);
        CU_ASSERT(out[0] == '1' && out[1] == ':');
        free(out);
        free(cut);
    }
}

static bool same_trees(const struct yaml_node *a, const struct yaml_node *b)
{
    if (a->kind != b->kind || a->depth != b->depth || a->at.line != b->at.line ||
        a->at.column != b->at.column || a->at.length != b->at.length)
        return false;
    if (a->kind == YAML_SCALAR)
        return a->style == b->style && yaml_same_text(a, b);
    if (a->kind == YAML_MAPPING) {
        bool same = a->pair_count == b->pair_count;
        for (uint32_t i = 0; same && i < a->pair_count; i++)
            same = same_trees(a->pairs[i].key, b->pairs[i].key) &&
                   same_trees(a->pairs[i].value, b->pairs[i].value);
        return same;
    }
    bool same = a->item_count == b->item_count;
    for (uint32_t i = 0; same && i < a->item_count; i++)
        same = same_trees(a->items[i], b->items[i]);
    return same;
}

static void test_same_as_yaml(void)
{
    static const char text[] = "{\"apiVersion\": \"v1\", \"kind\": \"Pod\",\n  \"metadata\": {\"name\": "
                               "\"web-1\", \"labels\": {\"a.b/c\": \"x\"}},\n"
                               "  \"spec\": {\"containers\": [{\"ports\": [{\"containerPort\": 80}]}, {}], "
                               "\"hostNetwork\": false}}\n";
    struct arena arena;
    struct json_mistake mistake;
    struct yaml_stream stream;
    struct diag *diag = diag_create();
    arena_init(&arena);
    uint32_t source = diag_add_source(diag, "f", text, sizeof text - 1);
    yaml_parse(&arena, diag, source, text, sizeof text - 1, 0, &stream);
    const struct yaml_node *root = json_read(&arena, source, text, sizeof text - 1, &mistake);
    CU_ASSERT_EQUAL_FATAL(stream.documents.count, 1);
    CU_ASSERT_PTR_NOT_NULL_FATAL(root);
    CU_ASSERT(same_trees(stream.documents.items[0], root));
    vec_fini(&stream.documents);
    diag_destroy(diag);
    arena_fini(&arena);
}

int main(void)
{
    static const struct suite_test tests[] = {
        {"values, escapes, depths", test_values},
        {"mistakes, each at its place", test_mistakes},
        {"nested as deeply as YAML may be, and no deeper", test_depth},
        {"a text that is cut off", test_cut},
        {"the same tree, with the same positions, as by YAML's reader", test_same_as_yaml},
    };
    return suite_main("scenario_json", tests, sizeof tests / sizeof tests[0]);
}
