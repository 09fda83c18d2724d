/*
 * scenario_yaml_plain_test.c: which documents are plain, and where the next one begins.
 * Not pinned here: that plain documents give the trees that libfyaml gives; tests/fuzz/yaml_fuzz.c does.
 */
#include "suite.h"

#include "scenario/yaml_plain.h"

/* Reads the document at the beginning; its root in *root. */
static bool read_first(
    struct arena *arena, const char *text, size_t *at, uint32_t *line, struct yaml_node **root)
{
    struct yaml_scan plain;
    *at = 0;
    *line = 1;
    yaml_plain_init(&plain, arena, 0, text, strlen(text));
    bool is_plain = yaml_plain_read(&plain, at, line, root);
    yaml_plain_fini(&plain);
    return is_plain;
}

static void expect_plain(const char *const *texts, size_t count, bool expected)
{
    for (size_t i = 0; i < count; i++) {
        struct arena arena = {0};
        struct yaml_node *root = NULL;
        size_t at;
        uint32_t line;
        bool is_plain = read_first(&arena, texts[i], &at, &line, &root);
        if (is_plain != expected)
            fprintf(stderr, "\n%s: taken for %s\n", texts[i], is_plain ? "plain" : "unusual");
        CU_ASSERT_EQUAL(is_plain, expected);
        CU_ASSERT_EQUAL(at, is_plain ? strlen(texts[i]) : 0);
        arena_fini(&arena);
    }
}

static void test_plain(void)
{
    static const char *const texts[] = {"a: b\n", "a: b", "---\na: b\n", "--- # c\na: b\n", "# nothing\n",
        "a:\n", "a:\n- b\n- c: d\n  e: f\n", "a:\n  - - b\n    - c\n", "a: {b: c, d: [e, 'f']}\n",
        "{\n  \"a\": [\n    1\n  ]\n}\n", "a: {\"b\":1}\n", "a: 'it''s'\n", "a: \"b\\n\\\"\\u003c\"\n",
        "a: |\n  b\n\n   c\n", "a: b\n  c\n  d\n", "a: b:c#d\n", "a: -1\n", "a b: c\n", "'a': b\n",
        "f:c:\n  k:{\"t\":\"R\"}:\n    .: {}\n"};
    expect_plain(texts, sizeof texts / sizeof *texts, true);
}

static void test_unusual(void)
{
    static const char *const texts[] = {"a: &b c\n", "a: *b\n", "a: !!str b\n", "%YAML 1.2\n---\na: b\n",
        "a: b\n...\n", "a: >\n  b\n", "a: |2\n  b\n", "a: |+\n  b\n", "a:\tb\n", "a: b\r\n", "a: \xc3\xa9\n",
        "? a\n: b\n", "a: [b, ]\n", "a: {b}\n", "a: [b: c]\n", "a: {b: }\n", "a: [b # c\n  ]\n",
        "a: \"b\n  c\"\n", "a: \"\\x41\"\n", "a: \"\\u00e9\"\n", "a: b\na: c\n", "<<: {a: b}\n", "- \n- a\n",
        "-", "just a text\n", "--- a: b\n", "a: '1''''2'\n",
        /* and mistakes */
        "a: b: c\n", "a: b\n c: d\n", " a: b\nc: d\n", "a: [b\n", "a: 'b\n", "a: \"b\" c\n", "a: {b: c}}\n",
        "- a\nb: c\n", "a:\n  - b\n  c: d\n", "a: b\n# c\n  d\n", "a: @b\n", "a: \"\\q\"\n", "[a, b]: c\n",
        "a: {\nb: c}\n"};
    expect_plain(texts, sizeof texts / sizeof *texts, false);
}

static void test_next_document(void)
{
    static const char text[] = "# one\na:\n- b\n--- # two\nc: d\n";
    struct arena arena = {0};
    struct yaml_node *root = NULL;
    size_t at;
    uint32_t line;
    CU_ASSERT_FATAL(read_first(&arena, text, &at, &line, &root));
    CU_ASSERT_STRING_EQUAL(text + at, "--- # two\nc: d\n");
    CU_ASSERT_EQUAL(line, 4);
    CU_ASSERT_EQUAL_FATAL(root->kind, YAML_MAPPING);
    CU_ASSERT_STRING_EQUAL(yaml_get(root, "a")->items[0]->text, "b");
    arena_fini(&arena);
}

/* The collections that libfyaml's reader allows too. */
static void test_depth(void)
{
    char text[2 * YAML_DEPTH_MAX + 3];
    for (int depth = YAML_DEPTH_MAX; depth <= YAML_DEPTH_MAX + 1; depth++) {
        struct arena arena = {0};
        struct yaml_node *root = NULL;
        size_t at;
        uint32_t line;
        memset(text, '[', (size_t)depth);
        memset(text + depth, ']', (size_t)depth);
        text[2 * depth] = '\0';
        CU_ASSERT_EQUAL(read_first(&arena, text, &at, &line, &root), depth <= YAML_DEPTH_MAX);
        arena_fini(&arena);
    }
}

int main(void)
{
    static const struct suite_test tests[] = {
        {"plain documents", test_plain},
        {"unusual documents", test_unusual},
        {"where the next document begins", test_next_document},
        {"nesting up to the limit", test_depth},
    };
    return suite_main("scenario_yaml_plain", tests, sizeof tests / sizeof tests[0]);
}
