/*
 * scenario_bad_test.c: every tests/bad/NAME.yaml fails to load, and prints exactly NAME.expected. With
 * EPSIM_WRITE_EXPECTED set, the .expected files are written instead; read the difference before committing
 * it.
 *
 * Also: docs/scenario.md holds the reference that the tables of fields print.
 */
#include "scenario_kit.h"

#include <dirent.h>

#include "base/text.h"
#include "scenario/schema_print.h"

static char *read_file(const char *path)
{
    struct text text = {0};
    char block[4096];
    size_t got;
    FILE *file = fopen(path, "rb");
    if (!file)
        return NULL;
    while ((got = fread(block, 1, sizeof block, file)) > 0)
        text_add_bytes(&text, block, got);
    fclose(file);
    return text.data ? text.data : mem_strndup("", 0);
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    fputs(text, file);
    fclose(file);
}

/* In the folder of the bad files, so that messages name no folder. */
static void check_bad(const char *name)
{
    char expected_path[300];
    snprintf(expected_path, sizeof expected_path, "%.*s.expected", (int)(strlen(name) - 5), name);
    struct scenario_input input = {.path = name};
    struct loaded loaded = load_inputs(&input, 1, NULL, 0);
    CU_ASSERT_EQUAL(loaded.status, STATUS_BAD_INPUT);
    if (getenv("EPSIM_WRITE_EXPECTED"))
        write_file(expected_path, loaded.messages);
    char *expected = read_file(expected_path);
    bool same = expected && strcmp(expected, loaded.messages) == 0;
    if (!same)
        fprintf(stderr, "\n%s:\n%s\nbut expected:\n%s\n", name, loaded.messages,
            expected ? expected : "(no such file)");
    CU_ASSERT(same);
    free(expected);
    unload(&loaded);
}

static int is_yaml(const struct dirent *entry)
{
    size_t length = strlen(entry->d_name);
    return length > 5 && strcmp(entry->d_name + length - 5, ".yaml") == 0;
}

static void test_bad_files(void)
{
    struct dirent **names;
    int count = scandir(".", &names, is_yaml, alphasort);
    CU_ASSERT(count >= 20);
    for (int i = 0; i < count; i++) {
        check_bad(names[i]->d_name);
        free(names[i]);
    }
    free(names);
}

static void test_reference(void)
{
    static const char begin[] = "<!-- fields: begin -->\n", end[] = "<!-- fields: end -->";
    char *printed;
    size_t size;
    FILE *stream = open_memstream(&printed, &size);
    scenario_schema_print(stream);
    fclose(stream);
    char *page = read_file("../../docs/scenario.md");
    CU_ASSERT_PTR_NOT_NULL_FATAL(page);
    char *from = strstr(page, begin), *to = strstr(page, end);
    CU_ASSERT_FATAL(from && to && from < to);
    from += sizeof begin - 1;
    if (getenv("EPSIM_WRITE_EXPECTED")) {
        struct text text = {0};
        text_add_bytes(&text, page, (size_t)(from - page));
        text_add_bytes(&text, printed, size);
        text_add(&text, to);
        write_file("../../docs/scenario.md", text.data);
        text_fini(&text);
    } else {
        CU_ASSERT_EQUAL((size_t)(to - from), size);
        CU_ASSERT((size_t)(to - from) == size && memcmp(from, printed, size) == 0);
    }
    free(page);
    free(printed);
}

int main(void)
{
    static const struct suite_test tests[] = {
        {"tests/bad", test_bad_files},
        {"docs/scenario.md", test_reference},
    };
    if (chdir("tests/bad") != 0) {
        perror("tests/bad");
        return 1;
    }
    return suite_main("scenario_bad", tests, sizeof tests / sizeof tests[0]);
}
