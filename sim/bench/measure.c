/*
 * measure.c: see measure.h.
 */
#define _DEFAULT_SOURCE /* wait4: the peak of one child, not of all that there were */
#include "bench/measure.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

double measure_now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

double measure_processor_s(void)
{
    struct timespec used;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return (double)used.tv_sec + (double)used.tv_nsec * 1e-9;
}

void measure_warm_processor(double seconds, const volatile int *stop)
{
    double end_s = measure_now_s() + seconds;
    volatile uint64_t product = 1; /* so that the loop is carried out */
    while (measure_now_s() < end_s && !(stop != NULL && *stop)) {
        for (int i = 0; i < 100000; i++)
            product = product * UINT64_C(6364136223846793005) + 1;
    }
}

/* --- other processes ------------------------------------------------------------------------------------ */

/* In the child; it does not come back. */
static _Noreturn void become(const char *const *arguments, int input)
{
    int nowhere = open("/dev/null", O_WRONLY);
    if (nowhere >= 0 && dup2(input, STDIN_FILENO) >= 0 && dup2(nowhere, STDOUT_FILENO) >= 0 &&
        dup2(nowhere, STDERR_FILENO) >= 0)
        execv(arguments[0], (char *const *)(uintptr_t)arguments);
    _exit(127);
}

static bool wait_for(pid_t child, struct measured_process *out, struct text *failure)
{
    int status;
    struct rusage usage;
    while (wait4(child, &status, 0, &usage) < 0) {
        if (errno != EINTR) {
            text_printf(failure, "waiting failed: %s", strerror(errno));
            return false;
        }
    }
    out->peak_bytes = (uint64_t)usage.ru_maxrss * 1024;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return true;
    if (WIFEXITED(status))
        text_printf(failure, "it ended with exit code %d", WEXITSTATUS(status));
    else
        text_printf(failure, "it was ended by signal %d", WTERMSIG(status));
    return false;
}

bool measure_process(const char *const *arguments, const char *input, size_t input_length,
    struct measured_process *out, struct text *failure)
{
    *out = (struct measured_process){0};
    FILE *file = tmpfile();
    if (file == NULL || fwrite(input, 1, input_length, file) != input_length || fflush(file) != 0 ||
        lseek(fileno(file), 0, SEEK_SET) != 0) {
        text_printf(failure, "no temporary file: %s", strerror(errno));
        if (file != NULL)
            fclose(file);
        return false;
    }
    double started_s = measure_now_s();
    pid_t child = fork();
    if (child == 0)
        become(arguments, fileno(file));
    bool done = false;
    if (child < 0)
        text_printf(failure, "no process: %s", strerror(errno));
    else
        done = wait_for(child, out, failure);
    out->wall_s = measure_now_s() - started_s;
    fclose(file);
    return done;
}

/* --- this machine ---------------------------------------------------------------------------- */

const char *measure_compiler(void)
{
#if defined(__clang__)
    return "clang " __clang_version__;
#elif defined(__GNUC__)
    return "gcc " __VERSION__;
#else
    return "unknown compiler";
#endif
}

void measure_cpu(struct text *out)
{
    static const char field[] = "model name";
    char line[512];
    FILE *file = fopen("/proc/cpuinfo", "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, field, sizeof field - 1) != 0)
            continue;
        const char *name = line + sizeof field - 1 + strspn(line + sizeof field - 1, " \t:");
        text_add_bytes(out, name, strcspn(name, "\n"));
        break;
    }
    if (file != NULL)
        fclose(file);
    if (out->length == 0)
        text_add(out, "unknown CPU");
}

uint32_t measure_cores(void)
{
    long count = sysconf(_SC_NPROCESSORS_ONLN);
    return count > 0 ? (uint32_t)count : 1;
}
