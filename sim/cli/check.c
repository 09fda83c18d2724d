/*
 * check.c: `epsim check`: a scenario's expectations, as a test.
 *
 * Cost: that of the runs.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/format.h"
#include "cli/interrupt.h"
#include "cli/load.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "simulation/simulation.h"

enum { CHECK_TOGETHER, CHECK_SET, CHECK_POLICY, CHECK_QUIET, CHECK_VERBOSE, CHECK_OPTION_COUNT };

static const struct option options[CHECK_OPTION_COUNT] = {
    [CHECK_TOGETHER] = {OPTION_FLAG, 't', "together", NULL, NULL,
        "all FILEs are one scenario (manifests in several files)"},
    [CHECK_SET] = {OPTION_LIST, 0, "set", "PATH=VALUE", NULL,
        "another value for a number or word of the scenario, such as controllers.maxEndpointsPerSlice=7 or "
        "deployment/web.replicas=2000; may be repeated"},
    [CHECK_POLICY] = LOAD_POLICY_OPTION,
    [CHECK_QUIET] = {OPTION_FLAG, 'q', "quiet", NULL, NULL, "only what failed, and the count"},
    [CHECK_VERBOSE] = {OPTION_FLAG, 'v', "verbose", NULL, NULL,
        "also tell which fields and documents were accepted and ignored"},
};

static const char *const examples[] = {
    "# Does the scenario do what its 'expect' says?",
    "epsim check web.yaml",
    "# The same with other settings, as one command of a test script.",
    "epsim check --quiet --set seed=7 web.yaml",
    "# Which fields of the manifests have no meaning here?",
    "epsim check -v web.yaml",
    NULL,
};

static int run(const struct arguments *arguments);

const struct command command_check = {
    .name = "check",
    .about = "parses strictly, runs, and evaluates the 'expect' blocks",
    .usage = "FILE... [OPTION]...",
    .text =
        "Each FILE is a scenario of its own, so 'epsim check scenarios/*.yaml' checks a whole library; with "
        "--together all FILEs are one scenario. '-' is standard input.\n"
        "\n"
        "One line for each expected value, on standard output:\n"
        "\n"
        "  SUCCESS web.yaml:29 at 5s service web: slices 3\n"
        "  FAILED web.yaml:30 at 15s service web: ready: expected 20, got 19\n",
    .options = options,
    .option_count = CHECK_OPTION_COUNT,
    .examples = examples,
    .exit_ok = "every expectation holds (also when there is none)",
    .exit_failed = "an expectation does not hold, or a run failed",
    .exit_usage = "wrong usage or bad input; the other FILEs were checked all the same",
    .run = run,
};

struct check {
    const struct arguments *arguments;
    const volatile int *interrupted;
    bool color;
    uint64_t passed;
    uint64_t failed;
    uint32_t scenarios;
    uint32_t not_read;
    struct progress progress;
    struct text out;
};

/* --- one expectation ---------------------------------------------------------------------------------- */

static void add_number(struct text *out, enum expect_column column, double value)
{
    if (column == EXPECT_EP_TRUNCATED)
        text_add(out, value != 0 ? "true" : "false");
    else
        text_add_real(out, value);
}

static void add_expected(struct text *out, const struct expected_value *value)
{
    if (value->is_null) {
        text_add(out, "null");
    } else if (value->min == value->max) {
        add_number(out, value->column, value->min);
    } else if (!isfinite(value->max)) {
        text_add(out, ">= ");
        add_number(out, value->column, value->min);
    } else if (!isfinite(value->min)) {
        text_add(out, "<= ");
        add_number(out, value->column, value->max);
    } else {
        add_number(out, value->column, value->min);
        text_add(out, " to ");
        add_number(out, value->column, value->max);
    }
}

static void begin_line(struct check *check, bool passed, const struct scenario *scenario,
    const struct expectation *expectation, const struct expected_value *value)
{
    text_add_color(
        &check->out, check->color, passed ? COLOR_GREEN : COLOR_RED, passed ? "SUCCESS" : "FAILED");
    text_printf(&check->out, " %s:%u at ", diag_source_name(scenario->diag, value->at.source),
        (unsigned)value->at.line);
    text_add_duration(&check->out, expectation->at_ns);
    text_add(&check->out, " service ");
    if (strcmp(expectation->namespace, "default") != 0)
        text_printf(&check->out, "%s/", expectation->namespace);
    text_printf(&check->out, "%s: %s", expectation->service, expect_column_name(value->column));
}

static void add_result(struct check *check, const struct scenario *scenario, struct expectation_result result)
{
    const struct expected_value *value = result.value;
    if (result.passed) {
        check->passed++;
        if (check->arguments->values[CHECK_QUIET].count > 0)
            return;
        begin_line(check, true, scenario, result.expectation, value);
        text_add_char(&check->out, ' ');
        add_expected(&check->out, value);
        if (value->is_null || value->min != value->max) {
            text_add(&check->out, ", got ");
            if (result.got_null)
                text_add(&check->out, "null");
            else
                add_number(&check->out, value->column, result.got);
        }
    } else {
        check->failed++;
        begin_line(check, false, scenario, result.expectation, value);
        text_add(&check->out, ": expected ");
        add_expected(&check->out, value);
        text_add(&check->out, ", ");
        if (result.service_missing) {
            text_add(&check->out, "but there is no such Service then");
        } else {
            text_add(&check->out, "got ");
            if (result.got_null)
                text_add(&check->out, "null");
            else
                add_number(&check->out, value->column, result.got);
        }
    }
    text_add_char(&check->out, '\n');
}

/* Expectations whose time never came. */
static void add_missed(
    struct check *check, const struct scenario *scenario, const struct simulation *simulation)
{
    uint32_t due = 0; /* results come in the order of the expectations */
    for (uint32_t i = 0; i < scenario->expectations.count; i++) {
        const struct expectation *expectation = &scenario->expectations.items[i];
        bool was_due = due < simulation_result_count(simulation) &&
                       simulation_result(simulation, due).expectation == expectation;
        if (was_due) {
            due += expectation->value_count;
            continue;
        }
        for (uint32_t v = 0; v < expectation->value_count; v++) {
            check->failed++;
            begin_line(check, false, scenario, expectation, &expectation->values[v]);
            text_add(&check->out, ": expected ");
            add_expected(&check->out, &expectation->values[v]);
            text_add(&check->out, ", but the run ended at ");
            text_add_duration(&check->out, simulation_now_ns(simulation));
            text_add_char(&check->out, '\n');
        }
    }
}

/* --- one scenario --------------------------------------------------------------------------------------- */

static void list_ignored(const struct scenario *scenario)
{
    struct text lines = {0};
    for (uint32_t i = 0; i < scenario->ignored.count; i++)
        text_printf(&lines, "%s\n", scenario->ignored.items[i]);
    if (scenario->ignored.count == 0)
        text_printf(&lines, "%s: nothing was ignored\n", scenario->name);
    error_write(&lines);
    text_fini(&lines);
}

static void on_progress(void *context, const struct simulation *simulation)
{
    progress_show(context, simulation);
}

static enum exit_code check_scenario(struct check *check, const char *const *paths, uint32_t count)
{
    const struct option_value *values = check->arguments->values;
    bool verbose = values[CHECK_VERBOSE].count > 0;
    struct load_sets sets;
    load_sets_init(&sets, &values[CHECK_SET], &values[CHECK_POLICY]);
    struct scenario *scenario;
    enum exit_code code = load_operands(check->arguments, paths, count, sets.items.items, sets.items.count,
        verbose ? LOAD_NOTES : LOAD_WARNINGS, &scenario);
    load_sets_fini(&sets);
    if (code != EXIT_OK)
        return code;
    load_note_policy(scenario);
    check->scenarios++;
    if (verbose)
        list_ignored(scenario);

    uint64_t failed_before = check->failed;
    struct simulation *simulation = simulation_create(scenario, scenario->seed, 0);
    progress_init(&check->progress, check->arguments->values[CHECK_QUIET].count == 0);
    simulation_start(simulation);
    enum status status =
        simulation_run_until(simulation, INT64_MAX, check->interrupted, on_progress, &check->progress);
    progress_clear(&check->progress);
    for (uint32_t i = 0; i < simulation_result_count(simulation); i++)
        add_result(check, scenario, simulation_result(simulation, i));
    if (status == STATUS_FAILED) {
        struct position at;
        const char *message = simulation_failure(simulation, &at);
        load_print_failure(scenario, message, at);
    }
    if (status != STATUS_INTERRUPTED)
        add_missed(check, scenario, simulation);
    simulation_destroy(simulation);
    scenario_destroy(scenario);
    return status != STATUS_OK || check->failed > failed_before ? EXIT_FAILED : EXIT_OK;
}

static enum exit_code flush(struct check *check)
{
    enum exit_code code = output_write(&check->out);
    text_clear(&check->out);
    return code;
}

static void add_plural(struct text *out, uint64_t count, const char *one, const char *many)
{
    text_add_grouped(out, count);
    text_printf(out, " %s", count == 1 ? one : many);
}

static void add_count_line(struct check *check)
{
    struct text *out = &check->out;
    add_plural(out, check->scenarios, "scenario", "scenarios");
    text_add(out, ", ");
    add_plural(out, check->passed + check->failed, "expected value", "expected values");
    text_add(out, ": ");
    text_add_grouped(out, check->passed);
    text_add(out, " succeeded, ");
    text_add_grouped(out, check->failed);
    text_add(out, " failed");
    if (check->not_read > 0) {
        text_add(out, "; ");
        text_add_grouped(out, check->not_read);
        text_add(out, " not read: bad input");
    }
    text_add_char(out, '\n');
}

static int run(const struct arguments *arguments)
{
    if (arguments->operands.count == 0)
        return usage_error(arguments, "no scenario file given");
    struct check check = {
        .arguments = arguments, .interrupted = interrupt_catch(), .color = output_has_color()};
    bool together = arguments->values[CHECK_TOGETHER].count > 0;
    enum exit_code worst = EXIT_OK;
    for (uint32_t i = 0; i < arguments->operands.count && interrupt_signal() == 0;) {
        uint32_t count = together ? arguments->operands.count : 1;
        enum exit_code code = check_scenario(&check, &arguments->operands.items[i], count);
        check.not_read += code == EXIT_USAGE;
        worst = code > worst ? code : worst;
        i += count;
        code = flush(&check);
        if (code != EXIT_OK) {
            text_fini(&check.out);
            return code;
        }
    }
    if (interrupt_signal() != 0)
        note_print("interrupted; not everything was checked");
    add_count_line(&check);
    enum exit_code code = flush(&check);
    text_fini(&check.out);
    interrupt_die();
    return worst == EXIT_OK ? code : worst;
}
