/*
 * suite.h: what every unit test program shares: running a table of CUnit tests, a source of random
 * numbers with a printed seed, and a child process for what must end the program.
 *
 *     static const struct suite_test tests[] = {{"what it pins", test_function}, ...};
 *     int main(void) { return suite_main("map", tests, sizeof tests / sizeof tests[0]); }
 *
 * EPSIM_TEST_SEED=N runs the random tests with another seed.
 */
#ifndef EPSIM_TESTS_UNIT_SUITE_H
#define EPSIM_TESTS_UNIT_SUITE_H

#include <CUnit/Basic.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

struct suite_test {
    const char *name;
    void (*run)(void);
};

static inline uint64_t suite_seed(void)
{
    const char *text = getenv("EPSIM_TEST_SEED");
    return text ? strtoull(text, NULL, 10) : 20260102;
}

/* 0 when all tests passed, else 1 and the seed on standard error. */
static inline int suite_main(const char *name, const struct suite_test *tests, size_t count)
{
    if (CU_initialize_registry() != CUE_SUCCESS)
        return 1;
    CU_pSuite suite = CU_add_suite(name, NULL, NULL);
    bool added = suite != NULL;
    for (size_t i = 0; i < count && added; i++)
        added = CU_add_test(suite, tests[i].name, tests[i].run) != NULL;
    CU_basic_set_mode(CU_BRM_VERBOSE);
    bool passed = added && CU_basic_run_tests() == CUE_SUCCESS && CU_get_number_of_failures() == 0;
    CU_cleanup_registry();
    if (!passed)
        fprintf(stderr, "seed of the random tests: %" PRIu64 "\n", suite_seed());
    return passed ? 0 : 1;
}

/* A generator of its own (splitmix64), so that a fault in kernel/random.c cannot hide itself. */
static inline uint64_t suite_random(uint64_t *state)
{
    uint64_t x = *state += UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

static inline uint32_t suite_below(uint64_t *state, uint32_t bound)
{
    return (uint32_t)((suite_random(state) >> 32) * bound >> 32);
}

/* Runs `run` in a child; what it wrote on standard error is in `out`. Returns the wait status. */
static inline int suite_child(void (*run)(void), char *out, size_t size)
{
    int ends[2];
    size_t length = 0;
    int status = -1;
    out[0] = '\0';
    if (pipe(ends) != 0)
        return -1;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        close(ends[0]);
        close(ends[1]);
        run();
        _exit(0);
    }
    close(ends[1]);
    for (;;) {
        char piece[512];
        ssize_t got = read(ends[0], piece, sizeof piece);
        if (got <= 0)
            break;
        size_t kept = (size_t)got < size - 1 - length ? (size_t)got : size - 1 - length;
        memcpy(out + length, piece, kept);
        length += kept;
        out[length] = '\0';
    }
    close(ends[0]);
    if (child < 0 || waitpid(child, &status, 0) != child)
        return -1;
    return status;
}

/* True when `run` trips an assertion: it aborts with the message that check.c prints. */
static inline bool suite_asserts(void (*run)(void))
{
    char out[1024];
    int status = suite_child(run, out, sizeof out);
    return status != -1 && WIFSIGNALED(status) && strstr(out, "epsim: bug: ") != NULL;
}

#endif
