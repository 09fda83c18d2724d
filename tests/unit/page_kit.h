/*
 * page_kit.h: tests that compare what is printed with a file of the tree, and can write it anew.
 */
#ifndef EPSIM_TESTS_UNIT_PAGE_KIT_H
#define EPSIM_TESTS_UNIT_PAGE_KIT_H

#include "suite.h"

#include "base/mem.h"
#include "base/text.h"

/* NULL when it cannot be read; the caller frees it. */
static inline char *page_read(const char *path)
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

static inline void page_write(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    fputs(text, file);
    fclose(file);
}

/* The file holds exactly `printed`; with EPSIM_WRITE_EXPECTED set it does afterwards. */
static inline void page_expect(const char *path, const char *about, const char *printed)
{
    if (getenv("EPSIM_WRITE_EXPECTED"))
        page_write(path, printed);
    char *expected = page_read(path);
    bool same = expected && strcmp(expected, printed) == 0;
    if (!same)
        fprintf(
            stderr, "\n%s:\n%s\nbut expected:\n%s\n", about, printed, expected ? expected : "(no such file)");
    CU_ASSERT(same);
    free(expected);
}

/* The same of what stands between two lines of a page of docs. */
static inline void page_expect_fields(const char *path, void (*print)(FILE *out))
{
    static const char begin[] = "<!-- fields: begin -->\n", end[] = "<!-- fields: end -->";
    char *printed;
    size_t size;
    FILE *stream = open_memstream(&printed, &size);
    print(stream);
    fclose(stream);
    char *page = page_read(path);
    CU_ASSERT_PTR_NOT_NULL_FATAL(page);
    char *from = strstr(page, begin), *to = strstr(page, end);
    CU_ASSERT_FATAL(from && to && from < to);
    from += sizeof begin - 1;
    if (getenv("EPSIM_WRITE_EXPECTED")) {
        struct text text = {0};
        text_add_bytes(&text, page, (size_t)(from - page));
        text_add_bytes(&text, printed, size);
        text_add(&text, to);
        page_write(path, text.data);
        text_fini(&text);
    } else {
        CU_ASSERT((size_t)(to - from) == size && memcmp(from, printed, size) == 0);
    }
    free(page);
    free(printed);
}

#endif
