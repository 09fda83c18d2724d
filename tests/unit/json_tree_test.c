/*
 * json_tree_test.c: the three texts of a tree. The indented JSON and the YAML are what kubectl 1.32 printed
 * of the compact one.
 */
#include "suite.h"

#include "base/json_tree.h"
#include "base/json_yaml.h"

static struct arena arena;

static struct json_tree *sample(void)
{
    struct json_tree *root = json_tree_object(&arena), *meta = json_tree_object(&arena);
    json_tree_set_string(&arena, root, "kind", "Endpoints");
    json_tree_set_string(&arena, root, "apiVersion", "v1");
    json_tree_set_string(&arena, meta, "name", "<web> & \"co\"");
    json_tree_set(meta, "empty", json_tree_object(&arena));
    json_tree_set(root, "metadata", meta);
    struct json_tree *list = json_tree_array(&arena), *inner = json_tree_array(&arena);
    json_tree_add(inner, json_tree_int(&arena, 1));
    json_tree_add(inner, json_tree_bool(&arena, true));
    json_tree_add(list, inner);
    struct json_tree *item = json_tree_object(&arena);
    json_tree_set_string(&arena, item, "b", "1");
    json_tree_set_int(&arena, item, "a", -5);
    json_tree_add(list, item);
    json_tree_set(root, "nest", list);
    json_tree_set(root, "none", json_tree_array(&arena));
    json_tree_set(root, "null", json_tree_null(&arena));
    json_tree_set_bool(&arena, root, "no", false);
    return root;
}

static void check(void (*write)(const struct json_tree *, struct text *), const char *expected)
{
    struct text out = {0};
    write(sample(), &out);
    CU_ASSERT_STRING_EQUAL(out.data, expected);
    text_fini(&out);
}

static void test_compact(void)
{
    check(json_tree_write_compact,
        "{\"kind\":\"Endpoints\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"\\u003cweb\\u003e \\u0026 "
        "\\\"co\\\"\","
        "\"empty\":{}},\"nest\":[[1,true],{\"b\":\"1\",\"a\":-5}],\"none\":[],\"null\":null,\"no\":false}");
}

static void test_indented(void)
{
    check(json_tree_write_indented, "{\n"
                                    "    \"apiVersion\": \"v1\",\n"
                                    "    \"kind\": \"Endpoints\",\n"
                                    "    \"metadata\": {\n"
                                    "        \"empty\": {},\n"
                                    "        \"name\": \"\\u003cweb\\u003e \\u0026 \\\"co\\\"\"\n"
                                    "    },\n"
                                    "    \"nest\": [\n"
                                    "        [\n"
                                    "            1,\n"
                                    "            true\n"
                                    "        ],\n"
                                    "        {\n"
                                    "            \"a\": -5,\n"
                                    "            \"b\": \"1\"\n"
                                    "        }\n"
                                    "    ],\n"
                                    "    \"no\": false,\n"
                                    "    \"none\": [],\n"
                                    "    \"null\": null\n"
                                    "}\n");
}

static void test_yaml(void)
{
    check(json_tree_write_yaml, "apiVersion: v1\n"
                                "kind: Endpoints\n"
                                "metadata:\n"
                                "  empty: {}\n"
                                "  name: <web> & \"co\"\n"
                                "nest:\n"
                                "- - 1\n"
                                "  - true\n"
                                "- a: -5\n"
                                "  b: \"1\"\n"
                                "\"no\": false\n"
                                "none: []\n"
                                "\"null\": null\n");
}

/* A key of more than 128 bytes is written behind a '?'. */
static void test_long_key(void)
{
    char key[130];
    memset(key, 'k', 129);
    key[128] = '\0';
    struct json_tree *simple = json_tree_object(&arena), *complex = json_tree_object(&arena);
    struct json_tree *inner = json_tree_object(&arena), *list = json_tree_array(&arena);
    json_tree_set_string(&arena, simple, key, "v");
    struct text out = {0};
    json_tree_write_yaml(simple, &out);
    CU_ASSERT_EQUAL(out.length, 128 + strlen(": v\n"));
    text_clear(&out);
    key[128] = 'k';
    key[129] = '\0';
    json_tree_set_string(&arena, inner, "a", "1");
    json_tree_set_string(&arena, inner, "b", "2");
    json_tree_add(list, inner);
    json_tree_set(complex, key, list);
    json_tree_write_yaml(complex, &out);
    CU_ASSERT_EQUAL(strncmp(out.data, "? kkk", 5), 0);
    CU_ASSERT_STRING_EQUAL(out.data + 2 + 129, "\n: - a: \"1\"\n    b: \"2\"\n");
    text_fini(&out);
}

static void test_get(void)
{
    const struct json_tree *root = sample();
    const struct json_tree *meta = json_tree_get(root, "metadata");
    CU_ASSERT_PTR_NOT_NULL_FATAL(meta);
    CU_ASSERT_EQUAL(meta->kind, JSON_TREE_OBJECT);
    CU_ASSERT_EQUAL(meta->count, 2);
    CU_ASSERT_STRING_EQUAL(json_tree_get(meta, "name")->value.string.bytes, "<web> & \"co\"");
    CU_ASSERT_PTR_NULL(json_tree_get(meta, "nothing"));
    CU_ASSERT_PTR_NULL(json_tree_get(json_tree_get(meta, "name"), "x"));
    CU_ASSERT_EQUAL(json_tree_get(root, "nest")->count, 2);
}

static void two_parents(void)
{
    struct json_tree *value = json_tree_int(&arena, 1), *list = json_tree_array(&arena);
    json_tree_add(list, value);
    json_tree_add(list, json_tree_int(&arena, 2));
    json_tree_add(json_tree_array(&arena), value);
}

static void test_assertions(void)
{
    CU_ASSERT_TRUE(suite_asserts(two_parents));
}

int main(void)
{
    static const struct suite_test tests[] = {
        {"compact, as the API writes it", test_compact},
        {"indented, as kubectl -o json", test_indented},
        {"YAML, as kubectl -o yaml", test_yaml},
        {"long keys", test_long_key},
        {"looking members up", test_get},
        {"a value has one parent", test_assertions},
    };
    arena_init(&arena);
    int result = suite_main("json_tree", tests, sizeof tests / sizeof tests[0]);
    arena_fini(&arena);
    return result;
}
