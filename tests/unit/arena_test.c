/*
 * arena_test.c: pieces of all sizes are zeroed, aligned, apart from each other, and stay where they are.
 */
#include "suite.h"

#include <stdalign.h>
#include <stddef.h>

#include "base/arena.h"

static void test_pieces(void)
{
    enum { PIECES = 4000 };
    static unsigned char *pieces[PIECES];
    static size_t sizes[PIECES];
    uint64_t random = suite_seed();
    struct arena arena;
    arena_init(&arena);
    for (int i = 0; i < PIECES; i++) {
        uint32_t kind = suite_below(&random, 100);
        sizes[i] = kind < 90   ? suite_below(&random, 64)
                   : kind < 99 ? suite_below(&random, 5000)
                               : suite_below(&random, 2000000);
        pieces[i] = arena_alloc(&arena, sizes[i]);
        CU_ASSERT_EQUAL_FATAL((uintptr_t)pieces[i] % alignof(max_align_t), 0);
        for (size_t k = 0; k < sizes[i]; k++)
            CU_ASSERT_FATAL(pieces[i][k] == 0);
        memset(pieces[i], i % 255 + 1, sizes[i]);
    }
    for (int i = 0; i < PIECES; i++) {
        for (size_t k = 0; k < sizes[i]; k += 1 + sizes[i] / 64)
            CU_ASSERT_FATAL(pieces[i][k] == i % 255 + 1);
    }
    arena_fini(&arena);
    arena_fini(&arena);
}

static void test_first_is_large(void)
{
    struct arena arena;
    arena_init(&arena);
    char *large = arena_alloc(&arena, 100000);
    char *small = arena_alloc(&arena, 1);
    large[99999] = 1;
    CU_ASSERT(small < large || small >= large + 100000);
    CU_ASSERT_PTR_NOT_NULL(arena_alloc(&arena, 0));
    arena_fini(&arena);
}

static void test_strndup(void)
{
    struct arena arena;
    arena_init(&arena);
    CU_ASSERT_STRING_EQUAL(arena_strndup(&arena, "abcdef", 4), "abcd");
    CU_ASSERT_STRING_EQUAL(arena_strndup(&arena, NULL, 0), "");
    arena_fini(&arena);
}

static void exhaust(void)
{
    struct arena arena;
    arena_init(&arena);
    arena_alloc(&arena, SIZE_MAX - 3);
}
static void exhaust_block(void)
{
    struct arena arena;
    arena_init(&arena);
    arena_alloc(&arena, SIZE_MAX - 17);
}
static void exhaust_strndup(void)
{
    struct arena arena;
    arena_init(&arena);
    arena_strndup(&arena, "", SIZE_MAX);
}

static void test_exhausted(void)
{
    static void (*const runs[])(void) = {exhaust, exhaust_block, exhaust_strndup};
    for (int i = 0; i < 3; i++) {
        char out[1024];
        int status = suite_child(runs[i], out, sizeof out);
        CU_ASSERT(WIFEXITED(status) && WEXITSTATUS(status) == 1);
        CU_ASSERT_PTR_NOT_NULL(strstr(out, "out of memory"));
    }
}

int main(void)
{
    static const struct suite_test tests[] = {
        {"pieces", test_pieces},
        {"first is large", test_first_is_large},
        {"strndup", test_strndup},
        {"exhausted", test_exhausted},
    };
    return suite_main("arena", tests, sizeof tests / sizeof tests[0]);
}
