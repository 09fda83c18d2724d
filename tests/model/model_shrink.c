/*
 * model_shrink.c: what is left of a failing program, and the scenario file that tells it. See model_run.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/calendar.h"
#include "model/model_run.h"
#include "model/program_script.h"

#define SHRINKING_RUNS_MAX 3000

bool model_run_apart(const struct program *program, uint32_t *out_step)
{
    int ends[2];
    *out_step = program->count; /* when not even the starting state is survived */
    if (pipe(ends) != 0)
        return false;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        if (!freopen("/dev/null", "w", stderr))
            _exit(2);
        struct model_run how = {.tells_steps = true, .steps = ends[1]};
        exit(model_run(program, &how) ? 0 : 1); /* with the leak checker, if there is one */
    }
    close(ends[1]);
    uint32_t step;
    while (read(ends[0], &step, sizeof step) == sizeof step)
        *out_step = step;
    close(ends[0]);
    int status;
    return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* Fewer pods and no delay, if it fails like that as well. Returns how many runs that took. */
static uint32_t simplify(struct program *program, struct program_event *event)
{
    uint32_t runs = 1, ignored;
    int64_t delay_ns = event->delay_ns;
    event->delay_ns = 0;
    if (model_run_apart(program, &ignored))
        event->delay_ns = delay_ns;
    bool of_many = event->kind >= PROGRAM_PODS_CREATE && event->kind <= PROGRAM_PODS_ANYTHING;
    for (uint32_t i = 0; of_many && i < PROGRAM_MANY; i++) {
        uint32_t many = event->many;
        event->many &= ~(1u << i);
        if (event->many == many)
            continue;
        runs++;
        if (model_run_apart(program, &ignored))
            event->many = many;
    }
    return runs;
}

/* Programs without what no API server lets anybody do can be told as a scenario. */
static void try_tame(struct program *program, uint32_t *step)
{
    struct program tame = *program;
    uint32_t tame_step;
    tame.wild = false;
    if (!program->wild || model_run_apart(&tame, &tame_step))
        return;
    program->wild = false;
    *step = tame_step;
}

void model_shrink(struct program *program, uint32_t step)
{
    uint32_t runs = 0, ignored;
    try_tame(program, &step);
    if (step + 1 < program->count)
        program->count = step + 1;
    for (uint32_t chunk = program->count / 2; chunk > 0; chunk = chunk > 1 ? chunk / 2 : 0) {
        for (uint32_t at = 0; at < program->count && runs < SHRINKING_RUNS_MAX;) {
            struct program smaller = *program;
            uint32_t removed = chunk < program->count - at ? chunk : program->count - at;
            smaller.count = program->count - removed;
            smaller.events = mem_array(NULL, smaller.count, sizeof *smaller.events);
            for (uint32_t i = 0; i < smaller.count; i++)
                smaller.events[i] = program->events[i < at ? i : i + removed];
            runs++;
            if (model_run_apart(&smaller, &ignored)) {
                program_destroy(&smaller);
                at += chunk;
            } else {
                program_destroy(program);
                *program = smaller;
            }
        }
    }
    for (uint32_t i = 0; i < program->count && runs < SHRINKING_RUNS_MAX; i++)
        runs += simplify(program, &program->events[i]);
}

/* --- as a scenario file --- */

struct printing {
    const struct program *program;
    const char *title, *path;
    struct program_script script;
    bool good;
};

static void write_file(struct printing *printing, const char *what)
{
    struct text about = {0}, file = {0};
    text_printf(&about, "%s\n", printing->title);
    if (printing->program->wild)
        text_add(&about, "It needs what no API server lets anybody do, so it may not play.\n");
    text_printf(&about, "\nAfter the last event:\n%s\n", what);
    text_add(&about, "To look at it: epsim get endpointslices -A -o yaml --at ");
    text_add_duration(&about, printing->script.end_ns);
    text_add(&about, " THIS-FILE");
    script_write(&printing->script, printing->program, about.data, &file);
    FILE *stream = fopen(printing->path, "w");
    printing->good = stream && fwrite(file.data, 1, file.length, stream) == file.length;
    if (stream && fclose(stream) != 0)
        printing->good = false;
    text_fini(&about);
    text_fini(&file);
}

static void write_before_a_crash(void *context)
{
    write_file(context, "the engine, or its twin, comes to no end.\n");
}

bool model_write_scenario(const struct program *program, const char *title, bool verbose, const char *path)
{
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        struct printing printing = {program, title, path, {.end_ns = 0}, false};
        struct text difference = {0};
        struct model_run how = {.verbose = verbose,
            .script = &printing.script,
            .difference = &difference,
            .after_change = write_before_a_crash,
            .context = &printing};
        model_run(program, &how);
        write_file(&printing, difference.length ? difference.data : "nothing differs.\n");
        text_fini(&difference);
        script_fini(&printing.script);
        fflush(NULL);
        _exit(printing.good ? 0 : 1);
    }
    int status;
    return child > 0 && waitpid(child, &status, 0) == child &&
           (!WIFEXITED(status) || WEXITSTATUS(status) == 0);
}
