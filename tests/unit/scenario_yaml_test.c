/*
 * scenario_yaml_test.c: trees from texts: values, styles, positions, anchors, and what is refused.
 * Not pinned: YAML's syntax itself, which is libfyaml's.
 */
#include "suite.h"

#include "base/text.h"
#include "scenario/yaml.h"

struct parsed {
    struct arena arena;
    struct diag *diag;
    struct yaml_stream stream;
    char *messages;
};

static struct parsed parse_bytes(const char *text, size_t length)
{
    struct parsed p;
    size_t size;
    arena_init(&p.arena);
    p.diag = diag_create();
    uint32_t source = diag_add_source(p.diag, "t", text, length);
    yaml_parse(&p.arena, p.diag, source, text, length, 0, &p.stream);
    FILE *stream = open_memstream(&p.messages, &size);
    diag_print(p.diag, stream, true);
    fclose(stream);
    return p;
}

static struct parsed parse(const char *text)
{
    return parse_bytes(text, strlen(text));
}

static void drop(struct parsed *p)
{
    vec_fini(&p->stream.documents);
    diag_destroy(p->diag);
    arena_fini(&p->arena);
    free(p->messages);
}

static void expect_at(const struct yaml_node *node, uint32_t line, uint32_t column, uint32_t length)
{
    CU_ASSERT_EQUAL(node->at.line, line);
    CU_ASSERT_EQUAL(node->at.column, column);
    CU_ASSERT_EQUAL(node->at.length, length);
}

static void test_positions(void)
{
    struct parsed p = parse("a: {b: one, \"c\": 'two'}\n\xd1\x91: [x, yy]\nlast:\n  deep: 3\n");
    CU_ASSERT_EQUAL_FATAL(p.stream.documents.count, 1);
    const struct yaml_node *root = p.stream.documents.items[0];
    CU_ASSERT_EQUAL(root->pair_count, 3);
    const struct yaml_node *a = yaml_get(root, "a");
    expect_at(root->pairs[0].key, 1, 1, 1);
    expect_at(yaml_get(a, "b"), 1, 8, 3);
    expect_at(yaml_get(a, "c"), 1, 19, 3);
    /* Columns count bytes: the key before takes two. */
    expect_at(yaml_get(root, "\xd1\x91")->items[1], 2, 9, 2);
    expect_at(yaml_get(yaml_get(root, "last"), "deep"), 4, 9, 1);
    drop(&p);
}

static void test_styles_and_texts(void)
{
    struct parsed p = parse(
        "plain: a b\nquoted: \"x\\ty\"\nliteral: |\n  one\n   two\n\nfolded: >-\n  one\n  two\nempty:\n");
    const struct yaml_node *root = p.stream.documents.items[0];
    CU_ASSERT_STRING_EQUAL(yaml_get(root, "plain")->text, "a b");
    CU_ASSERT_EQUAL(yaml_get(root, "plain")->style, YAML_PLAIN);
    CU_ASSERT_STRING_EQUAL(yaml_get(root, "quoted")->text, "x\ty");
    CU_ASSERT_EQUAL(yaml_get(root, "quoted")->style, YAML_QUOTED);
    CU_ASSERT_STRING_EQUAL(yaml_get(root, "literal")->text, "one\n two\n");
    CU_ASSERT_EQUAL(yaml_get(root, "literal")->style, YAML_LITERAL);
    CU_ASSERT_EQUAL(yaml_get(root, "literal")->at.line, 4);
    CU_ASSERT_STRING_EQUAL(yaml_get(root, "folded")->text, "one two");
    CU_ASSERT_EQUAL(yaml_get(root, "folded")->style, YAML_FOLDED);
    CU_ASSERT(yaml_is_null(yaml_get(root, "empty")));
    CU_ASSERT_FALSE(yaml_is_null(yaml_get(root, "plain")));
    CU_ASSERT_PTR_NULL(yaml_get(root, "absent"));
    drop(&p);
}

static void test_plain_types(void)
{
    static const struct {
        const char *text;
        const char *type;
    } rows[] = {{"5", "the number"}, {"-1.5", "the number"}, {"1e3", "the number"}, {"0x1F", "the number"},
        {"+7", "the number"}, {".inf", "the number"}, {"true", "the boolean"}, {"No", "the boolean"},
        {"on", "the boolean"}, {"null", "null"}, {"~", "null"}, {"1.2.3", NULL}, {"10s", NULL},
        {"truth", NULL}, {"0xZZ", NULL}, {"'5'", NULL}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct parsed p = parse(rows[i].text);
        CU_ASSERT_EQUAL_FATAL(p.stream.documents.count, 1);
        const char *type = yaml_plain_type(p.stream.documents.items[0]);
        bool same = type && rows[i].type ? strcmp(type, rows[i].type) == 0 : type == rows[i].type;
        if (!same)
            fprintf(stderr, "%s is taken for %s\n", rows[i].text, type ? type : "a text");
        CU_ASSERT(same);
        drop(&p);
    }
}

static void test_documents(void)
{
    struct parsed p = parse("---\na: 1\n---\n---\n# nothing\n---\nb: 2\n...\n");
    CU_ASSERT_EQUAL(p.stream.documents.count, 2);
    CU_ASSERT_FALSE(p.stream.failed);
    drop(&p);
    p = parse("");
    CU_ASSERT_EQUAL(p.stream.documents.count, 0);
    drop(&p);
    p = parse("{\n\t\"a\": [1, 2],\n\t\"b\": \"\\u00e9\\/\"\n}\n");
    CU_ASSERT_EQUAL_FATAL(p.stream.documents.count, 1);
    CU_ASSERT_STRING_EQUAL(yaml_get(p.stream.documents.items[0], "b")->text, "\xc3\xa9/");
    drop(&p);
    p = parse("a: 1\r\nb: |\r\n  x\r\n  y\r\n");
    CU_ASSERT_STRING_EQUAL(yaml_get(p.stream.documents.items[0], "b")->text, "x\ny\n");
    drop(&p);
}

static void test_anchors(void)
{
    struct parsed p =
        parse("base: &b {x: 1, y: 2}\none: *b\ntwo: {<<: *b, y: 3}\nthree: {<<: [*b, {z: 4}]}\n");
    const struct yaml_node *root = p.stream.documents.items[0];
    CU_ASSERT_STRING_EQUAL(yaml_get(yaml_get(root, "one"), "x")->text, "1");
    CU_ASSERT_PTR_NOT_EQUAL(yaml_get(root, "one"), yaml_get(root, "base"));
    CU_ASSERT_STRING_EQUAL(yaml_get(yaml_get(root, "two"), "x")->text, "1");
    CU_ASSERT_STRING_EQUAL(yaml_get(yaml_get(root, "two"), "y")->text, "3");
    CU_ASSERT_EQUAL(yaml_get(root, "two")->pair_count, 2);
    CU_ASSERT_STRING_EQUAL(yaml_get(yaml_get(root, "three"), "z")->text, "4");
    CU_ASSERT_EQUAL(yaml_get(root, "three")->pair_count, 3);
    /* Changing one use leaves the others as they are. */
    struct yaml_node *one = yaml_get(root, "one");
    struct position at = one->at;
    yaml_put(&p.arena, one, yaml_new_scalar(&p.arena, at, "x", 1), yaml_new_scalar(&p.arena, at, "9", 1));
    CU_ASSERT_STRING_EQUAL(yaml_get(yaml_get(root, "one"), "x")->text, "9");
    CU_ASSERT_STRING_EQUAL(yaml_get(yaml_get(root, "base"), "x")->text, "1");
    drop(&p);
}

/* The first line of the messages. */
static void expect_message(const char *text, size_t length, const char *expected)
{
    struct parsed p = parse_bytes(text, length);
    size_t line = strcspn(p.messages, "\n");
    bool same = strlen(expected) == line && memcmp(p.messages, expected, line) == 0;
    if (!same)
        fprintf(stderr, "\nexpected: %s\nbut got:  %s\n", expected, p.messages);
    CU_ASSERT(same);
    drop(&p);
}

static void test_refused(void)
{
    static const char *const rows[][2] = {
        {"a: 1\nb: 2\na: 3\n", "t:3:1: error: key 'a' is given twice; the first is at line 1"},
        {"a: *b\n", "t:1:5: error: no anchor of this name stands before"},
        {"a: &a\n  b: *a\n", "t:2:7: error: an alias within its own anchor would never end"},
        {"? [x]\n: 1\n", "t:1:3: error: a key must be a text"},
        {"a: \"x\\0y\"\n", "t:1:5: error: a text must not contain a NUL character"},
        {"a: {<<: 5}\n", "t:1:9: error: a merge key '<<' takes a mapping or a list of mappings"},
        {"a: [1,\n",
            "t:2:1: error: did not find expected node content; the text ends within what begins at line 1"},
        {"a:\n\t- b\n", "t:2:1: error: tab character may not be used as indentation"},
        {"\t- a: b\n",
            "t:1:2: error: plain scalar cannot start with '-' followed by blank (the line begins with a tab; "
            "YAML indents with spaces)"},
        {"a: b\n  c: d\n",
            "t:1:4: error: invalid multiline plain key (the next line stands further right, so "
            "YAML reads it as more of this text)"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        expect_message(rows[i][0], strlen(rows[i][0]), rows[i][1]);
}

static void test_many_keys(void)
{
    struct text text = {0};
    for (int i = 0; i < 5000; i++)
        text_printf(&text, "k%d: %d\n", i, i);
    text_add(&text, "k17: 1\n");
    struct parsed p = parse_bytes(text.data, text.length);
    CU_ASSERT_EQUAL(p.stream.documents.items[0]->pair_count, 5000);
    CU_ASSERT(
        strncmp(p.messages, "t:5001:1: error: key 'k17' is given twice; the first is at line 18\n", 67) == 0);
    drop(&p);
    text_fini(&text);
}

static void test_depth(void)
{
    char text[2 * 200 + 1];
    for (int depth = YAML_DEPTH_MAX - 1; depth <= YAML_DEPTH_MAX + 1; depth++) {
        memset(text, '[', (size_t)depth);
        memset(text + depth, ']', (size_t)depth);
        text[2 * depth] = '\0';
        struct parsed p = parse_bytes(text, (size_t)(2 * depth));
        CU_ASSERT_EQUAL(p.stream.failed, depth > YAML_DEPTH_MAX);
        drop(&p);
    }
}

static void test_laughs(void)
{
    struct text text = {0};
    text_add(&text, "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 30; i++) {
        text_printf(&text, "a%d: &a%d [", i, i);
        for (int j = 0; j < 10; j++)
            text_printf(&text, "%s*a%d", j ? ", " : "", i - 1);
        text_add(&text, "]\n");
    }
    struct parsed p = parse_bytes(text.data, text.length);
    CU_ASSERT(p.stream.failed);
    CU_ASSERT_PTR_NOT_NULL(strstr(p.messages, "aliases expand to more than 100,000 nodes"));
    drop(&p);
    text_fini(&text);
}

/* Nesting through anchors cannot get deeper than nesting as such. */
static void test_alias_depth(void)
{
    struct text text = {0};
    text_add(&text, "a0: &a0 [x]\n");
    for (int i = 1; i < 100; i++)
        text_printf(&text, "a%d: &a%d [*a%d]\n", i, i, i - 1);
    struct parsed p = parse_bytes(text.data, text.length);
    CU_ASSERT_PTR_NOT_NULL(strstr(p.messages, "too many levels of nesting"));
    drop(&p);
    text_fini(&text);
}

static void test_goes_on_behind_an_error(void)
{
    struct parsed p = parse("a: [1\n---\nb: 2\n---\nc: {\n---\nd: 4\n");
    CU_ASSERT(p.stream.failed);
    CU_ASSERT_EQUAL_FATAL(p.stream.documents.count, 2);
    CU_ASSERT_STRING_EQUAL(yaml_get(p.stream.documents.items[0], "b")->text, "2");
    CU_ASSERT_EQUAL(yaml_get(p.stream.documents.items[0], "b")->at.line, 3);
    CU_ASSERT_EQUAL(yaml_get(p.stream.documents.items[1], "d")->at.line, 7);
    CU_ASSERT_EQUAL(diag_error_count(p.diag), 2);
    drop(&p);
}

static void test_describe(void)
{
    char out[YAML_DESCRIPTION_MAX];
    struct parsed p = parse("[5, yes, x, '5', {}, [], , ~, abcdefghijabcdefghijabcdefghijabcdefghij1]");
    const struct yaml_node *root = p.stream.documents.count ? p.stream.documents.items[0] : NULL;
    drop(&p);
    p = parse("[5, yes, x, '5', {}, [], ~, abcdefghijabcdefghijabcdefghijabcdefghij1]");
    root = p.stream.documents.items[0];
    static const char *const expected[] = {"the number 5", "the boolean yes", "'x'", "'5'", "a mapping",
        "a list", "nothing", "'abcdefghijabcdefghijabcdefghijabcdefghij...'"};
    for (uint32_t i = 0; i < root->item_count; i++)
        CU_ASSERT_STRING_EQUAL(yaml_describe(root->items[i], out), expected[i]);
    drop(&p);
}

int main(void)
{
    static const struct suite_test tests[] = {
        {"positions of keys and values", test_positions},
        {"styles and texts of scalars", test_styles_and_texts},
        {"what a plain scalar is taken for", test_plain_types},
        {"documents, JSON, CRLF", test_documents},
        {"anchors, aliases, merge keys", test_anchors},
        {"what is refused, and where", test_refused},
        {"a large mapping", test_many_keys},
        {"nesting up to the limit", test_depth},
        {"aliases that multiply", test_laughs},
        {"aliases that nest", test_alias_depth},
        {"documents behind a syntax error", test_goes_on_behind_an_error},
        {"descriptions", test_describe},
    };
    return suite_main("scenario_yaml", tests, sizeof tests / sizeof tests[0]);
}
