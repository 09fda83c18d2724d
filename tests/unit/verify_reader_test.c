/*
 * verify_reader_test.c: lines of recordings, differences by path, and objects of real clusters read and
 * encoded anew.
 *
 * Pins: plain and compressed lines, the last one without a newline, positions of mistakes; what a difference
 * is called; that managedFields of several writers, finalizers, grace and owners cost the bytes that O-1 and
 * O-20 say, and that a field which the model cannot hold is told.
 */
#include <unistd.h>
#include <zlib.h>

#include "suite.h"
#include "verify/cluster.h"
#include "verify/json_diff.h"
#include "verify/lines.h"

/* --- lines --- */

static void write_file(char path[], const char *text, bool compressed)
{
    int descriptor = mkstemp(path);
    CU_ASSERT_TRUE_FATAL(descriptor >= 0);
    if (compressed) {
        gzFile file = gzdopen(descriptor, "wb");
        CU_ASSERT_EQUAL(gzwrite(file, text, (unsigned)strlen(text)), (int)strlen(text));
        gzclose(file);
    } else {
        CU_ASSERT_EQUAL(write(descriptor, text, strlen(text)), (ssize_t)strlen(text));
        close(descriptor);
    }
}

/* Reads all; the values of "a", and the number of the last line. */
static uint32_t read_all(const char *path, char *values, struct recording_error *error)
{
    struct lines *lines = lines_open(path, error);
    CU_ASSERT_PTR_NOT_NULL_FATAL(lines);
    json_t *line;
    *values = '\0';
    while ((line = lines_next(lines, error))) {
        strcat(values, json_string_value(json_object_get(line, "a")));
        json_decref(line);
    }
    uint32_t number = lines_number(lines);
    lines_close(lines);
    return number;
}

static void lines_are_read(void)
{
    for (int compressed = 0; compressed <= 1; compressed++) {
        char path[] = "/tmp/epsim-test-XXXXXX", values[16];
        struct recording_error error = {0};
        write_file(path, "{\"a\":\"x\"}\n\n \t\r\n{\"a\":\"y\"}\n{\"a\":\"z\"}", compressed);
        CU_ASSERT_EQUAL(read_all(path, values, &error), 5);
        CU_ASSERT_STRING_EQUAL(values, "xyz");
        CU_ASSERT_EQUAL(error.message.length, 0);
        recording_error_fini(&error);
        unlink(path);
    }
}

static void bad_lines_are_told(void)
{
    char path[] = "/tmp/epsim-test-XXXXXX", values[16];
    struct recording_error error = {0};
    write_file(path, "{\"a\":\"x\"}\n{\"a\":tru}\n", false);
    read_all(path, values, &error);
    CU_ASSERT_STRING_EQUAL(values, "x");
    CU_ASSERT_EQUAL(error.line, 2);
    CU_ASSERT_TRUE(error.column >= 6 && error.column <= 9);
    CU_ASSERT_STRING_EQUAL(error.text.data, "{\"a\":tru}");
    CU_ASSERT_PTR_NOT_NULL(strstr(error.message.data, "expected one JSON object"));
    CU_ASSERT_PTR_NULL(lines_open("/nonexistent/file", &error));
    CU_ASSERT_EQUAL(error.line, 0);
    CU_ASSERT_STRING_EQUAL(error.message.data, "No such file or directory");
    recording_error_fini(&error);
    unlink(path);
}

static void a_cut_file_is_told(void)
{
    char path[] = "/tmp/epsim-test-XXXXXX", values[16];
    struct recording_error error = {0};
    write_file(path, "{\"a\":\"x\"}\n{\"a\":\"y\"}\n", true);
    CU_ASSERT_EQUAL(truncate(path, 25), 0);
    read_all(path, values, &error);
    CU_ASSERT_STRING_EQUAL(error.message.data, "the file ends in the middle of its compressed data");
    recording_error_fini(&error);
    unlink(path);
}

/* --- differences --- */

static void check_diff(const char *want, const char *got, const char *expected)
{
    json_t *a = json_loads(want, 0, NULL), *b = json_loads(got, 0, NULL);
    struct text out = {0};
    CU_ASSERT_EQUAL(json_diff(a, b, "ignored", &out), *expected == '\0');
    text_add(&out, "");
    CU_ASSERT_STRING_EQUAL(out.data, expected);
    text_fini(&out);
    json_decref(a);
    json_decref(b);
}

static void differences_have_paths(void)
{
    check_diff("{\"a\":[1,{\"b\":2}]}", "{\"a\":[1,{\"b\":3}]}", ".a[1].b: expected 2, got 3\n");
    check_diff("{\"a/b\":\"x\"}", "{}", "[\"a/b\"]: expected \"x\", got nothing\n");
    check_diff("{}", "{\"c\":true}", ".c: expected nothing, got true\n");
    check_diff("{\"a\":[1,2,2]}", "{\"a\":[2,3,1,4]}", ".a: missing 2\n.a: unexpected 3\n.a: unexpected 4\n");
    check_diff("{\"a\":[],\"b\":null,\"ignored\":1}", "{\"c\":{},\"ignored\":2}", "");
    check_diff("{\"a\":[1,2,3,4,5,6,7,8,9,10]}", "{\"a\":[0,0,0,0,0,0,0,0,0,0]}",
        ".a[0]: expected 1, got 0\n.a[1]: expected 2, got 0\n.a[2]: expected 3, got 0\n"
        ".a[3]: expected 4, got 0\n.a[4]: expected 5, got 0\n.a[5]: expected 6, got 0\n"
        ".a[6]: expected 7, got 0\n.a[7]: expected 8, got 0\n... and 2 more\n");
}

/* --- objects of real clusters --- */

#define HEAD \
    "{\"kind\":\"Endpoints\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"web\",\"namespace\":" \
    "\"default\"," \
    "\"uid\":\"d48924b0-bed7-46ea-a940-25e4df46fbad\",\"resourceVersion\":\"12\"," \
    "\"creationTimestamp\":\"2026-01-02T03:04:05Z\""

static struct cluster_sizes encode(const char *rest, const char *problem)
{
    struct text json = {0}, problems = {0};
    struct cluster_sizes sizes;
    text_printf(&json, HEAD "%s}", rest);
    json_t *object = json_loads(json.data, 0, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(object);
    CU_ASSERT_TRUE(cluster_encode(object, "MODIFIED", &sizes, &problems));
    text_add(&problems, "");
    if (problem)
        CU_ASSERT_PTR_NOT_NULL(strstr(problems.data, problem));
    if (!problem) {
        CU_ASSERT_STRING_EQUAL(problems.data, "");
        CU_ASSERT_EQUAL(sizes.json_bytes, json.length);
    }
    json_decref(object);
    text_fini(&json);
    text_fini(&problems);
    return sizes;
}

#define ENTRY(manager, extra) \
    "{\"manager\":\"" manager "\",\"operation\":\"Update\",\"apiVersion\":\"v1\"," \
    "\"time\":\"2026-01-02T03:04:05Z\",\"fieldsType\":\"FieldsV1\",\"fieldsV1\":{\"f:subsets\":{}}" extra \
    "}"

static void metadata_costs_what_it_must(void)
{
    uint64_t bare = encode("}", NULL).object_bytes;
    /* name, generateName, namespace, selfLink, uid, resourceVersion, generation, creation: 5+2+9+2+38+4+2+10.
     */
    CU_ASSERT_EQUAL(bare, 2 + 72);
    CU_ASSERT_EQUAL(encode(",\"finalizers\":[\"a.b/c\",\"d\"]}", NULL).object_bytes, bare + 7 + 3);
    CU_ASSERT_EQUAL(
        encode(",\"deletionTimestamp\":\"2026-01-02T03:04:05Z\",\"deletionGracePeriodSeconds\":30}", NULL)
            .object_bytes,
        bare + 10 + 2);
    CU_ASSERT_EQUAL(encode(",\"ownerReferences\":[{\"apiVersion\":\"v1\",\"kind\":\"Lease\",\"name\":\"x\","
                           "\"uid\":\"u\"}]}",
                        NULL)
                        .object_bytes,
        bare + 2 + 7 + 3 + 3 + 4);
    /* manager, operation, apiVersion, time, fieldsType, fieldsV1 in its message, subresource. */
    uint64_t entry = 4 + 8 + 4 + 10 + 10 + 20 + 2;
    uint64_t two = encode(
        ",\"managedFields\":[" ENTRY("aa", "") "," ENTRY("bb", ",\"subresource\":\"status\"") "]}", NULL)
                       .object_bytes;
    /* The second byte of the length of the metadata comes with them. */
    CU_ASSERT_EQUAL(two, bare + 1 + (3 + entry) + (3 + entry + 6));
}

static void what_cannot_be_held_is_told(void)
{
    encode(",\"color\":\"red\"}", ".metadata.color: expected \"red\", got nothing");
    encode("},\"subsets\":[{\"addresses\":[{\"ip\":\"1.2.3.4\",\"weight\":3}]}]",
        ".subsets[0].addresses[0].weight: expected 3, got nothing");
    struct cluster_sizes sizes;
    struct text problems = {0};
    json_t *object = json_pack("{s:s}", "kind", "Pod");
    CU_ASSERT_FALSE(cluster_encode(object, "ADDED", &sizes, &problems));
    CU_ASSERT_FALSE(cluster_encode(NULL, "ADDED", &sizes, &problems));
    json_decref(object);
    text_fini(&problems);
}

int main(void)
{
    static const struct suite_test tests[] = {
        {"lines are read", lines_are_read},
        {"bad lines are told", bad_lines_are_told},
        {"a cut file is told", a_cut_file_is_told},
        {"differences have paths", differences_have_paths},
        {"metadata costs what it must", metadata_costs_what_it_must},
        {"what cannot be held is told", what_cannot_be_held_is_told},
    };
    return suite_main("verify_reader", tests, sizeof tests / sizeof tests[0]);
}
