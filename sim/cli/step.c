/*
 * step.c: `epsim step`: a run step by step, forward and back, with the reason of every decision.
 *
 * On a terminal it is walked through by keys, which are read from /dev/tty and never from standard input,
 * where a scenario may come from. Everywhere else all steps are printed.
 */
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/get_source.h"
#include "cli/interrupt.h"
#include "cli/load.h"
#include "cli/output.h"
#include "cli/step_print.h"
#include "cli/step_screen.h"

enum {
    STEP_PRINT,
    STEP_JSON,
    STEP_FROM,
    STEP_TO,
    STEP_SERVICE,
    STEP_NAMESPACE,
    STEP_RUN_ID,
    STEP_SET,
    STEP_POLICY,
    STEP_SEED,
    STEP_RUN,
    STEP_OPTION_COUNT
};

static const struct option options[STEP_OPTION_COUNT] = {
    [STEP_PRINT] = {OPTION_FLAG, 'p', "print", NULL, NULL,
        "all steps as text, also on a terminal; as always elsewhere"},
    [STEP_JSON] = {OPTION_FLAG, 0, "json", NULL, NULL, "all steps as JSON, one object a line"},
    [STEP_FROM] = {OPTION_DURATION, 0, "from", "T", "0s", "steps at T and later"},
    [STEP_TO] = {OPTION_DURATION, 0, "to", "T", "the end", "steps until T, T included"},
    [STEP_SERVICE] = {OPTION_TEXT, 0, "service", "NAME", "all", "steps that are about this Service"},
    [STEP_NAMESPACE] = {OPTION_TEXT, 'n', "namespace", "NAME", "all; of --service: default",
        "steps that are about Services of this namespace"},
    [STEP_RUN_ID] = {OPTION_NUMBER, 0, "run-id", "N", "the last one", "which run of a database"},
    [STEP_SET] = {OPTION_LIST, 0, "set", "PATH=VALUE", NULL,
        "another value in a scenario, as for 'epsim run'"},
    [STEP_POLICY] = LOAD_POLICY_OPTION,
    [STEP_SEED] = {OPTION_NUMBER, 0, "seed", "N", "the scenario's, else 1", "of all that is drawn at random"},
    [STEP_RUN] = {OPTION_NUMBER, 0, "run", "K", "0", "run number"},
};

static const char *const examples[] = {
    "# Walk through a run; ? shows the keys.",
    "epsim step web.yaml",
    "# What happens at 20 seconds, and why.",
    "epsim step --print --from 20s --to 20s web.yaml",
    "# For a program: how many steps wrote something.",
    "epsim step --json web.yaml | grep -c '\"writes\":true'",
    NULL,
};

static int run(const struct arguments *arguments);

const struct command command_step = {
    .name = "step",
    .about = "a run step by step, forward and back, with the reason of every decision",
    .usage = "SOURCE... [--from T] [--to T] [--service NAME] [OPTION]...",
    .text =
        "A step is one thing that happens, such as a new pod, and all that it brings about at once: what the "
        "controllers decided and by which rule, what they sent, and how the Services stand then. SOURCE is a "
        "scenario (its files, or '-' for standard input), or one database that 'epsim run -o' wrote, whose "
        "run "
        "is run again.\n"
        "\n"
        "On a terminal, keys lead through it: n and b to the next step and back, t to a time, ? to all the "
        "others. Going back plays the run again from its start. Elsewhere all steps are printed.",
    .options = options,
    .option_count = STEP_OPTION_COUNT,
    .examples = examples,
    .exit_ok = "shown",
    .exit_failed = "no step is about that Service, the run failed, or it differs from the recorded one",
    .exit_usage = "wrong usage or bad input",
    .run = run,
};

/* Handed on when there is more than this. */
#define PRINTED_BYTES_MAX 65536

struct stepping {
    const struct arguments *arguments;
    struct get_source source;
    struct view_filter filter;
    int64_t from_ns, to_ns;
    const volatile int *interrupted;
    uint64_t shown; /* steps */
};

/* --- printing -------------------------------------------------------------------------------- */

static enum exit_code flush(struct text *out)
{
    enum exit_code code = out->length ? output_write(out) : EXIT_OK;
    text_clear(out);
    return code;
}

static void print_step(struct stepping *stepping, struct walk *walk, struct view *view, struct text *out)
{
    const struct catalog *catalog = store_catalog(simulation_store(walk_simulation(walk)));
    if (walk_step(walk)->at_ns < stepping->from_ns ||
        !view_concerns(walk_step(walk), catalog, &stepping->filter))
        return;
    view_make(view, walk, &stepping->filter, true);
    if (stepping->arguments->values[STEP_JSON].count > 0) {
        step_print_json(out, walk, view, &stepping->filter);
    } else {
        text_add(out, stepping->shown > 0 ? "\n" : "");
        step_print_text(out, walk, view, &stepping->filter);
    }
    stepping->shown++;
}

static enum exit_code print_steps(struct stepping *stepping, struct walk *walk, enum walk_result *out_result)
{
    struct text out = {0};
    struct view view = {0};
    enum exit_code code = EXIT_OK;
    while (code == EXIT_OK && (*out_result = walk_next(walk)) == WALK_STEP &&
           walk_step(walk)->at_ns <= stepping->to_ns) {
        print_step(stepping, walk, &view, &out);
        if (out.length > PRINTED_BYTES_MAX)
            code = flush(&out);
    }
    if (code == EXIT_OK)
        code = flush(&out);
    text_fini(&out);
    view_fini(&view);
    return code;
}

/* --- the run --------------------------------------------------------------------------------- */

/* A recorded run is shown only if it is the same again. */
static enum exit_code check_recorded(struct stepping *stepping)
{
    const struct get_source *source = &stepping->source;
    if (!source->has_digest)
        return EXIT_OK;
    struct simulation *simulation = simulation_create(source->scenario, source->seed, source->run);
    simulation_start(simulation);
    enum status status = simulation_run_until(simulation, INT64_MAX, stepping->interrupted, NULL, NULL);
    enum exit_code code = EXIT_FAILED;
    if (status == STATUS_INTERRUPTED || get_source_matches(source, simulation))
        code = EXIT_OK;
    simulation_destroy(simulation);
    return code;
}

static enum exit_code end(struct stepping *stepping, struct walk *walk, enum walk_result result)
{
    if (result == WALK_FAILED) {
        struct position at;
        const char *message = simulation_failure(walk_simulation(walk), &at);
        load_print_failure(stepping->source.scenario, message, at);
        return stepping->source.is_failed ? EXIT_OK : EXIT_FAILED;
    }
    return result == WALK_INTERRUPTED ? EXIT_FAILED : EXIT_OK;
}

static bool wants_terminal(const struct arguments *arguments)
{
    return arguments->values[STEP_PRINT].count + arguments->values[STEP_JSON].count == 0;
}

static enum exit_code walk_through(struct stepping *stepping)
{
    const struct get_source *source = &stepping->source;
    struct walk *walk = walk_create(source->scenario, source->seed, source->run, stepping->interrupted);
    enum walk_result result = WALK_STEP;
    enum exit_code code = EXIT_OK;
    struct terminal *terminal =
        wants_terminal(stepping->arguments) ? terminal_open(stepping->interrupted) : NULL;
    if (terminal != NULL) {
        if (stepping->from_ns > 0)
            result = walk_seek_time(walk, stepping->from_ns - 1);
        if (result == WALK_STEP || result == WALK_END)
            result = step_screen_run(terminal, walk, &stepping->filter, stepping->to_ns);
        terminal_close(terminal);
        code = end(stepping, walk, result);
    } else {
        code = print_steps(stepping, walk, &result);
        if (code == EXIT_OK)
            code = end(stepping, walk, result);
        if (code == EXIT_OK && stepping->shown == 0 && stepping->filter.name != NULL) {
            error_print("no step is about Service %s in namespace %s", stepping->filter.name,
                stepping->filter.namespace);
            code = EXIT_FAILED;
        } else if (code == EXIT_OK && stepping->shown == 0) {
            note_print("nothing happens");
        }
    }
    walk_destroy(walk);
    return code;
}

static enum exit_code parse(struct stepping *stepping)
{
    const struct arguments *arguments = stepping->arguments;
    const struct option_value *values = arguments->values;
    if (arguments->operands.count == 0)
        return usage_error(arguments, "no SOURCE given: a scenario or a database");
    if (values[STEP_PRINT].count > 0 && values[STEP_JSON].count > 0)
        return usage_error(arguments, "--print and --json exclude each other");
    stepping->from_ns = values[STEP_FROM].ns;
    stepping->to_ns = values[STEP_TO].count > 0 ? values[STEP_TO].ns : INT64_MAX;
    if (stepping->from_ns > stepping->to_ns)
        return usage_error(arguments, "--from lies after --to");
    stepping->filter = (struct view_filter){values[STEP_NAMESPACE].text, values[STEP_SERVICE].text};
    if (stepping->filter.name != NULL && stepping->filter.namespace == NULL)
        stepping->filter.namespace = "default";
    return EXIT_OK;
}

static int run(const struct arguments *arguments)
{
    struct stepping stepping = {.arguments = arguments};
    enum exit_code code = parse(&stepping);
    if (code != EXIT_OK)
        return code;
    const struct option_value *values = arguments->values;
    struct load_sets sets;
    load_sets_init(&sets, &values[STEP_SET], &values[STEP_POLICY]);
    code = get_source_open(&stepping.source, arguments, arguments->operands.items, arguments->operands.count,
        &sets, &values[STEP_SEED], &values[STEP_RUN], &values[STEP_RUN_ID]);
    if (code == EXIT_OK) {
        stepping.interrupted = interrupt_catch();
        load_note_policy(stepping.source.scenario);
        code = check_recorded(&stepping);
    }
    if (code == EXIT_OK)
        code = walk_through(&stepping);
    get_source_close(&stepping.source);
    load_sets_fini(&sets);
    interrupt_die();
    return code;
}
