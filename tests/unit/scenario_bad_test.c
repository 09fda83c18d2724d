/*
 * scenario_bad_test.c: every tests/bad/NAME.yaml fails to load, and prints exactly NAME.expected. With
 * EPSIM_WRITE_EXPECTED set, the .expected files are written instead; read the difference before committing
 * it.
 *
 * Also: docs/scenario.md holds the reference that the tables of fields print.
 */
#include "page_kit.h"
#include "scenario_kit.h"

#include <dirent.h>

#include "scenario/schema_print.h"

/* In the folder of the bad files, so that messages name no folder. */
static void check_bad(const char *name)
{
    char expected_path[300];
    snprintf(expected_path, sizeof expected_path, "%.*s.expected", (int)(strlen(name) - 5), name);
    struct scenario_input input = {.path = name};
    struct loaded loaded = load_inputs(&input, 1, NULL, 0);
    CU_ASSERT_EQUAL(loaded.status, STATUS_BAD_INPUT);
    page_expect(expected_path, name, loaded.messages);
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
    page_expect_fields("../../docs/scenario.md", scenario_schema_print);
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
