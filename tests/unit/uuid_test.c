/*
 * uuid_test.c: the one text form, both ways; version and variant; byte order is text order.
 */
#include "suite.h"

#include "base/uuid.h"

static void test_version_4(void)
{
    char text[UUID_TEXT_LENGTH + 1];
    uuid_format(uuid_from_random(0, 0), text);
    CU_ASSERT_STRING_EQUAL(text, "00000000-0000-4000-8000-000000000000");
    uuid_format(uuid_from_random(UINT64_MAX, UINT64_MAX), text);
    CU_ASSERT_STRING_EQUAL(text, "ffffffff-ffff-4fff-bfff-ffffffffffff");
    uuid_format(uuid_from_random(UINT64_C(0x0123456789abcdef), UINT64_C(0xfedcba9876543210)), text);
    CU_ASSERT_STRING_EQUAL(text, "01234567-89ab-4def-bedc-ba9876543210");
}

static void test_there_and_back(void)
{
    uint64_t random = suite_seed();
    char before[UUID_TEXT_LENGTH + 1] = "";
    struct uuid last = {{0}};
    for (int i = 0; i < 20000; i++) {
        uint64_t high = suite_random(&random), low = suite_random(&random);
        struct uuid uuid = uuid_from_random(high, low), again;
        char text[UUID_TEXT_LENGTH + 1];
        uuid_format(uuid, text);
        CU_ASSERT_FATAL(uuid_parse(text, UUID_TEXT_LENGTH, &again));
        CU_ASSERT_FATAL(memcmp(&uuid, &again, sizeof uuid) == 0);
        CU_ASSERT_FATAL(text[14] == '4' && strchr("89ab", text[19]) != NULL);
        if (i > 0) {
            int order = memcmp(&uuid, &last, sizeof uuid);
            CU_ASSERT_FATAL((order < 0) == (strcmp(text, before) < 0));
        }
        memcpy(before, text, sizeof text);
        last = uuid;
    }
}

static void test_refused(void)
{
    static const char *const texts[] = {
        "",
        "01234567-89ab-4def-bedc-ba987654321",
        "01234567-89ab-4def-bedc-ba98765432100",
        "01234567-89AB-4def-bedc-ba9876543210",
        "0123456789ab-4def-bedc-ba9876543210-",
        "01234567-89ab-4def-bedc-ba987654321g",
        "01234567-89ab-4def-bedc-ba987654321-",
        "01234567089ab-4def-bedc-ba9876543210",
        "{1234567-89ab-4def-bedc-ba987654321}",
    };
    struct uuid uuid = {{7}};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        CU_ASSERT(!uuid_parse(texts[i], strlen(texts[i]), &uuid));
    CU_ASSERT_EQUAL(uuid.bytes[0], 7); /* untouched */
}

int main(void)
{
    static const struct suite_test tests[] = {
        {"version 4", test_version_4},
        {"there and back", test_there_and_back},
        {"refused", test_refused},
    };
    return suite_main("uuid", tests, sizeof tests / sizeof tests[0]);
}
