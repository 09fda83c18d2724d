/*
 * mem_test.c: memory, growth and arrays (mem.h, vec.h), and the clear end when there is none left.
 */
#include "suite.h"

#include "base/mem.h"
#include "base/vec.h"

/* With sanitizers, let malloc answer NULL for absurd sizes as it does without. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "allocator_may_return_null=1";
}

const char *__tsan_default_options(void);
const char *__tsan_default_options(void)
{
    return "allocator_may_return_null=1";
}

static volatile size_t absurd = SIZE_MAX / 4;

static void exhaust_alloc(void)
{
    free(mem_alloc(absurd));
}
static void exhaust_zalloc(void)
{
    free(mem_zalloc(absurd));
}
static void exhaust_realloc(void)
{
    free(mem_realloc(NULL, absurd));
}
static void exhaust_array(void)
{
    free(mem_array(NULL, absurd, 8));
}
static void exhaust_strndup(void)
{
    free(mem_strndup("x", absurd * 4 + 3));
}
static void exhaust_capacity(void)
{
    mem_grown_capacity(UINT32_MAX, UINT64_C(1) << 32);
}

static void check_ends(void (*run)(void))
{
    char out[4096];
    int status = suite_child(run, out, sizeof out);
    CU_ASSERT(WIFEXITED(status) && WEXITSTATUS(status) == 1);
    CU_ASSERT_PTR_NOT_NULL(strstr(out, "epsim: out of memory ("));
}

static void test_exhausted(void)
{
    check_ends(exhaust_alloc);
    check_ends(exhaust_zalloc);
    check_ends(exhaust_realloc);
    check_ends(exhaust_array);
    check_ends(exhaust_strndup);
    check_ends(exhaust_capacity);
}

static void test_sizes(void)
{
    void *empty = mem_alloc(0);
    CU_ASSERT_PTR_NOT_NULL(empty);
    empty = mem_realloc(empty, 0);
    CU_ASSERT_PTR_NOT_NULL(empty);
    free(empty);
    unsigned char *zeros = mem_zalloc(100);
    for (int i = 0; i < 100; i++)
        CU_ASSERT_EQUAL(zeros[i], 0);
    free(zeros);
    free(mem_zalloc(0));
    uint16_t *numbers = mem_array(NULL, 3, sizeof *numbers);
    numbers[2] = 7;
    numbers = mem_array(numbers, 1000, sizeof *numbers);
    CU_ASSERT_EQUAL(numbers[2], 7);
    free(numbers);
    free(mem_array(NULL, 0, 8));
    free(mem_array(NULL, 8, 0));
}

static void test_strndup(void)
{
    char *copy = mem_strndup("abcdef", 3);
    CU_ASSERT_STRING_EQUAL(copy, "abc");
    free(copy);
    copy = mem_strndup(NULL, 0);
    CU_ASSERT_STRING_EQUAL(copy, "");
    free(copy);
}

static void test_grown_capacity(void)
{
    CU_ASSERT_EQUAL(mem_grown_capacity(0, 1), 8);
    CU_ASSERT_EQUAL(mem_grown_capacity(8, 9), 16);
    CU_ASSERT_EQUAL(mem_grown_capacity(8, 100), 128);
    CU_ASSERT_EQUAL(mem_grown_capacity(UINT32_C(1) << 31, (UINT64_C(1) << 31) + 1), UINT32_MAX);
}

static void test_vec(void)
{
    VEC(int) numbers = {0};
    for (int i = 0; i < 1000; i++)
        vec_push(&numbers, i);
    CU_ASSERT_EQUAL(numbers.count, 1000);
    CU_ASSERT_EQUAL(vec_last(&numbers), 999);
    CU_ASSERT_EQUAL(vec_pop(&numbers), 999);
    vec_swap_remove(&numbers, 10);
    CU_ASSERT_EQUAL(numbers.items[10], 998);
    CU_ASSERT_EQUAL(numbers.count, 998);
    vec_push(&numbers, numbers.items[0]);
    CU_ASSERT_EQUAL(vec_last(&numbers), 0);
    uint32_t capacity = numbers.capacity;
    vec_clear(&numbers);
    vec_reserve(&numbers, 5u);
    CU_ASSERT_EQUAL(numbers.capacity, capacity);
    vec_reserve(&numbers, 5000u);
    CU_ASSERT(numbers.capacity >= 5000);
    vec_fini(&numbers);
    CU_ASSERT_PTR_NULL(numbers.items);
    CU_ASSERT_EQUAL(numbers.capacity, 0);
}

/* What lies there stays, wherever the memory begins and ends; and what lies around it is left alone. */
static void test_huge(void)
{
    enum { BYTES = 5 * MEM_HUGE_BYTES / 2 };
    static const size_t firsts[] = {0, 1, 4095, MEM_HUGE_BYTES - 1, MEM_HUGE_BYTES + 1};
    unsigned char *memory = mem_aligned(MEM_HUGE_BYTES, BYTES);
    for (size_t i = 0; i < BYTES; i++)
        memory[i] = (unsigned char)(i % 251);
    for (size_t k = 0; k < sizeof firsts / sizeof *firsts; k++)
        mem_make_huge(memory + firsts[k], BYTES - firsts[k]);
    mem_make_huge(memory, 0);
    uint32_t wrong = 0;
    for (size_t i = 0; i < BYTES; i++)
        wrong += memory[i] != i % 251;
    CU_ASSERT_EQUAL(wrong, 0);
    free(memory);
    VEC(uint64_t) numbers = {0};
    for (uint64_t i = 0; i < 3 * MEM_HUGE_BYTES / 8; i++)
        vec_push(&numbers, i);
    for (uint64_t i = 0; i < numbers.count; i++)
        wrong += numbers.items[i] != i;
    CU_ASSERT_EQUAL(wrong, 0);
    vec_fini(&numbers);
}

int main(void)
{
    static const struct suite_test tests[] = {
        {"huge pages", test_huge},
        {"exhausted", test_exhausted},
        {"sizes", test_sizes},
        {"strndup", test_strndup},
        {"grown capacity", test_grown_capacity},
        {"vec", test_vec},
    };
    return suite_main("mem", tests, sizeof tests / sizeof tests[0]);
}
