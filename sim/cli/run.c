/*
 * run.c: `epsim run`: one run of one scenario, recorded if wanted, and its summary.
 *
 * Order matters: the scenario is read and checked before any file is touched, so that bad input leaves no
 * database behind; and the summary is written after the database is closed, so that a reader that leaves
 * (`epsim run ... | head`) loses nothing.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/commands.h"
#include "cli/format.h"
#include "cli/interrupt.h"
#include "cli/load.h"
#include "cli/output.h"
#include "cli/overwrite.h"
#include "cli/progress.h"
#include "cli/summary.h"
#include "cli/wall.h"
#include "experiment/run_row.h"
#include "record/recorder.h"
#include "record/trace.h"

enum {
    RUN_OUTPUT,
    RUN_APPEND,
    RUN_REPLACE,
    RUN_RECORD,
    RUN_TRACE,
    RUN_SET,
    RUN_SEED,
    RUN_RUN,
    RUN_UNTIL,
    RUN_KUBE,
    RUN_CHOICES,
    RUN_POLICY,
    RUN_SIZE_MODEL,
    RUN_FORMAT,
    RUN_QUIET,
    RUN_OPTION_COUNT
};

static const struct option options[RUN_OPTION_COUNT] = {
    [RUN_OUTPUT] = {OPTION_TEXT, 'o', "output", "DB", "nothing is recorded",
        "the SQLite database that the run is recorded in; one that exists is refused unless --append or "
        "--replace is given"},
    [RUN_APPEND] = {OPTION_FLAG, 0, "append", NULL, NULL, "DB exists: add the run to those in it"},
    [RUN_REPLACE] = {OPTION_FLAG, 0, "replace", NULL, NULL, "DB (or the trace) exists: write it anew"},
    [RUN_RECORD] = {OPTION_CHOICE, 0, "record", "summary,series,full", "full",
        "how much of it is recorded: series leaves out each write, summary keeps only totals"},
    [RUN_TRACE] = {OPTION_TEXT, 0, "trace", "FILE", NULL,
        "every event and write as NDJSON, one object a line; '-' is standard output, and the summary then "
        "goes "
        "to standard error"},
    [RUN_SET] = {OPTION_LIST, 0, "set", "PATH=VALUE", NULL,
        "another value for a number or word of the scenario, such as controllers.maxEndpointsPerSlice=7 or "
        "deployment/web.replicas=2000; may be repeated"},
    [RUN_SEED] = {OPTION_NUMBER, 0, "seed", "N", "the scenario's, else 1", "of all that is drawn at random"},
    [RUN_RUN] = {OPTION_NUMBER, 0, "run", "K", "0", "run number: other random numbers with the same seed"},
    [RUN_UNTIL] = {OPTION_DURATION, 0, "until", "T", "the scenario's, else no event is left",
        "simulated time at which the run ends"},
    [RUN_KUBE] = {OPTION_CHOICE, 0, "kube", "1.34,1.35,1.36,1.37", "the scenario's, else 1.37",
        "release of Kubernetes whose controllers run; up to 1.34 ports and subsets are in the order of MD5"},
    [RUN_CHOICES] = {OPTION_CHOICE, 0, "choices", "random,fixed", "the scenario's, else random",
        "what is taken where the real controllers' choice is open: any, drawn from the seed, or always the "
        "first"},
    [RUN_POLICY] = LOAD_POLICY_OPTION,
    [RUN_SIZE_MODEL] = {OPTION_CHOICE, 0, "size-model", "protobuf,json,kep,blog", "protobuf",
        "what 'bytes' count"},
    [RUN_FORMAT] = {OPTION_CHOICE, 0, "format", "table,json,csv", "table",
        "of the summary on standard output"},
    [RUN_QUIET] = {OPTION_FLAG, 'q', "quiet", NULL, NULL, "no progress, and no summary as a table"},
};

static const char *const examples[] = {
    "# What happens, in one screen.",
    "epsim run web.yaml",
    "# The same with 2,000 pods; the Endpoints object is then truncated.",
    "epsim run web.yaml --set deployment/web.replicas=2000",
    "# Keep everything; add another run to the same database.",
    "epsim run web.yaml -o runs.db",
    "epsim run web.yaml -o runs.db --append --seed 2",
    "# Numbers for a script.",
    "epsim run web.yaml --format json",
    "# A scenario from standard input.",
    "epsim help example | epsim run -",
    NULL,
};

static int run(const struct arguments *arguments);

const struct command command_run = {
    .name = "run",
    .about = "plays a scenario and tells what happened",
    .usage = "FILE... [OPTION]...",
    .text =
        "All FILEs together are one scenario: manifests, and at most one document 'kind: Scenario'. '-' is "
        "standard input.\n"
        "\n"
        "The summary shows for each Service its pods, how many of them are ready, how many addresses its "
        "Endpoints object lists and how many truncation left out, its EndpointSlices, the fewest that would "
        "do, and how full they are; then what each controller wrote (an update that changes nothing is a "
        "no-op) and how many bytes that sent to watchers.\n"
        "\n"
        "Ctrl-C or SIGTERM stops the run between two events. What happened until then is kept, the run is "
        "marked 'interrupted' in the database, and epsim ends as if by the signal (130 or 143 in a shell).",
    .options = options,
    .option_count = RUN_OPTION_COUNT,
    .examples = examples,
    .exit_ok = "the run is complete",
    .exit_failed =
        "an event could not be carried out (the run is marked 'failed'), or something could not be "
        "written",
    .exit_usage = "wrong usage or bad input; no database was written",
    .run = run,
};

/* Everything that a run has open. */
struct play {
    const struct arguments *arguments;
    struct scenario *scenario;
    struct simulation *simulation;
    struct recorder *recorder; /* NULL: not recorded */
    struct trace_writer *trace;
    FILE *trace_file;
    struct progress progress;
    struct summary summary;
    enum status status;
};

static const struct option_value *value(const struct play *play, int option)
{
    return &play->arguments->values[option];
}

/* --- before the run ------------------------------------------------------------------------------------ */

static enum exit_code check_arguments(const struct arguments *arguments)
{
    const struct option_value *values = arguments->values;
    if (arguments->operands.count == 0)
        return usage_error(arguments, "no scenario file given");
    if (values[RUN_APPEND].count > 0 && values[RUN_REPLACE].count > 0)
        return usage_error(arguments, "--append and --replace exclude each other");
    if (values[RUN_OUTPUT].count > 1)
        return usage_error(arguments, "--output is given twice; a run goes into one database");
    if (values[RUN_OUTPUT].count > 0 && values[RUN_OUTPUT].text[0] == '\0')
        return usage_error(arguments, "--output needs the name of a database");
    if (values[RUN_OUTPUT].count > 0 && strcmp(values[RUN_OUTPUT].text, "-") == 0)
        return usage_error(arguments, "--output -: a database cannot go to standard output; name a file");
    if (values[RUN_OUTPUT].count > 0 && values[RUN_TRACE].count > 0 &&
        strcmp(values[RUN_OUTPUT].text, values[RUN_TRACE].text) == 0)
        return usage_error(arguments, "--output and --trace are the same file, %s", values[RUN_OUTPUT].text);
    static const int with_output[] = {RUN_APPEND, RUN_RECORD};
    for (size_t i = 0; i < sizeof with_output / sizeof *with_output; i++)
        if (values[with_output[i]].count > 0 && values[RUN_OUTPUT].count == 0)
            return usage_error(
                arguments, "--%s has no meaning without --output DB", options[with_output[i]].name);
    return EXIT_OK;
}

/* No output is one of the inputs, whatever name it goes by. */
static enum exit_code check_overwrite(const struct arguments *arguments)
{
    static const int outputs[] = {RUN_OUTPUT, RUN_TRACE};
    for (size_t o = 0; o < sizeof outputs / sizeof *outputs; o++) {
        const struct option_value *output = &arguments->values[outputs[o]];
        for (uint32_t i = 0; output->count > 0 && i < arguments->operands.count; i++) {
            if (overwrite_is_same(output->text, arguments->operands.items[i])) {
                error_print("--%s %s is the scenario itself", options[outputs[o]].name, output->text);
                return EXIT_USAGE;
            }
        }
    }
    const char *database = arguments->values[RUN_OUTPUT].text, *trace = arguments->values[RUN_TRACE].text;
    if (database != NULL && trace != NULL && strcmp(trace, "-") != 0 && overwrite_is_same(trace, database)) {
        error_print("--output %s and --trace %s are the same file", database, trace);
        return EXIT_USAGE;
    }
    return EXIT_OK;
}

/* --until and the like are parameters of the scenario as any --set is: they are recorded with it, and count
 * in its hash. */
static enum exit_code load(struct play *play)
{
    static const struct {
        int option;
        const char *path;
    } settings[] = {{RUN_UNTIL, "until"}, {RUN_KUBE, "kube"}, {RUN_CHOICES, "choices"},
        {RUN_POLICY, LOAD_POLICY_PATH}, {RUN_SIZE_MODEL, "sizeModel"}};
    enum { SETTINGS = sizeof settings / sizeof settings[0] };
    VEC(const char *) sets = {0};
    for (uint32_t i = 0; i < value(play, RUN_SET)->list.count; i++)
        vec_push(&sets, value(play, RUN_SET)->list.items[i]);
    struct text made[SETTINGS] = {{0}};
    for (uint32_t i = 0; i < SETTINGS; i++) {
        if (value(play, settings[i].option)->count == 0)
            continue;
        text_printf(&made[i], "%s=%s", settings[i].path, value(play, settings[i].option)->text);
        vec_push(&sets, made[i].data);
    }
    /* Who says --until knows that events after it do not happen. */
    bool is_cut = value(play, RUN_UNTIL)->count > 0 && value(play, RUN_SET)->count == 0;
    enum load_detail detail = is_cut ? LOAD_ERRORS : LOAD_WARNINGS;
    enum exit_code code = load_operands(play->arguments, play->arguments->operands.items,
        play->arguments->operands.count, sets.items, sets.count, detail, &play->scenario);
    for (uint32_t i = 0; i < SETTINGS; i++)
        text_fini(&made[i]);
    vec_fini(&sets);
    return code;
}

static enum exit_code open_database(struct play *play)
{
    if (value(play, RUN_OUTPUT)->count == 0)
        return EXIT_OK;
    struct stat info;
    if (stat(value(play, RUN_OUTPUT)->text, &info) == 0 && S_ISDIR(info.st_mode)) {
        error_print("%s is a folder", value(play, RUN_OUTPUT)->text);
        return EXIT_USAGE;
    }
    enum record_mode mode = RECORD_CREATE;
    if (value(play, RUN_APPEND)->count > 0)
        mode = RECORD_APPEND;
    else if (value(play, RUN_REPLACE)->count > 0)
        mode = RECORD_REPLACE;
    char *message = NULL;
    enum status status = recorder_open(value(play, RUN_OUTPUT)->text, mode,
        (enum record_level)value(play, RUN_RECORD)->number, &play->recorder, &message);
    if (status == STATUS_OK)
        return EXIT_OK;
    error_print("%s", message != NULL ? message : status_text(status));
    free(message);
    play->recorder = NULL;
    return EXIT_USAGE;
}

/* A scenario named by mistake is not overwritten: only a trace is, with --replace, or what is no file. The
 * database is there by now: a name that was free and leads to it (./X beside X) is found out here. */
static enum exit_code open_trace(struct play *play)
{
    if (value(play, RUN_TRACE)->count == 0)
        return EXIT_OK;
    const char *path = value(play, RUN_TRACE)->text;
    if (strcmp(path, "-") == 0) {
        play->trace_file = stdout;
        return EXIT_OK;
    }
    const char *database = value(play, RUN_OUTPUT)->text;
    if (database != NULL && overwrite_is_same(path, database)) {
        error_print("--output %s and --trace %s are the same file", database, path);
        return EXIT_USAGE;
    }
    struct stat info;
    if (stat(path, &info) == 0 && S_ISREG(info.st_mode) && value(play, RUN_REPLACE)->count == 0) {
        error_print("%s exists; --replace writes it anew", path);
        return EXIT_USAGE;
    }
    if (!overwrite_trace_allowed(path))
        return EXIT_USAGE;
    play->trace_file = fopen(path, "w");
    if (play->trace_file != NULL)
        return EXIT_OK;
    error_print("%s: %s", path, strerror(errno));
    return EXIT_USAGE;
}

/* --- the run --------------------------------------------------------------------------------- */

static void on_progress(void *context, const struct simulation *simulation)
{
    struct play *play = context;
    progress_show(&play->progress, simulation);
    const char *message;
    if (play->recorder != NULL && recorder_status(play->recorder, &message) != STATUS_OK)
        interrupt_request();
}

static enum exit_code begin_record(struct play *play)
{
    if (play->recorder == NULL)
        return EXIT_OK;
    const struct scenario *scenario = play->scenario;
    scenario_add_provenance(play->scenario);
    struct text started = {0};
    text_add_wall_time(&started);
    struct run_info info = run_row(
        scenario, play->arguments->operands.items[0], play->summary.seed, play->summary.run, started.data);
    struct engine_observer observer = {0};
    enum status status =
        recorder_begin(play->recorder, &info, play->summary.catalog, &observer, &play->summary.run_id);
    text_fini(&started);
    if (status != STATUS_OK) {
        const char *message = NULL;
        recorder_status(play->recorder, &message);
        error_print("%s", message != NULL ? message : status_text(status));
        return status == STATUS_BAD_INPUT ? EXIT_USAGE : EXIT_FAILED;
    }
    engine_observe(simulation_engine(play->simulation), &observer);
    play->summary.database = value(play, RUN_OUTPUT)->text;
    return EXIT_OK;
}

static void begin_trace(struct play *play)
{
    if (play->trace_file == NULL)
        return;
    struct engine_observer observer = {0};
    play->trace = trace_writer_create(
        play->trace_file, simulation_clock(play->simulation), play->summary.catalog, &observer);
    engine_observe(simulation_engine(play->simulation), &observer);
}

static enum exit_code end_trace(struct play *play)
{
    if (play->trace == NULL)
        return EXIT_OK;
    enum status status = trace_writer_destroy(play->trace);
    if (play->trace_file != stdout && fclose(play->trace_file) != 0)
        status = STATUS_IO;
    if (status == STATUS_OK)
        return EXIT_OK;
    error_print("the trace could not be written: %s", strerror(errno));
    return EXIT_FAILED;
}

static enum exit_code end_record(struct play *play)
{
    if (play->recorder == NULL)
        return EXIT_OK;
    struct summary *summary = &play->summary;
    struct text ended = {0};
    text_add_wall_time(&ended);
    enum status status = recorder_end(play->recorder, summary->status, summary->message, summary->digest,
        summary->events, summary->now_ns, summary->wall_s, ended.data);
    text_fini(&ended);
    const char *message = NULL;
    if (recorder_status(play->recorder, &message) != STATUS_OK || status != STATUS_OK) {
        error_print("%s", message != NULL ? message : status_text(status));
        summary->database = NULL; /* the summary does not promise what is not there */
        return EXIT_FAILED;
    }
    return EXIT_OK;
}

static void take_outcome(struct play *play)
{
    struct summary *summary = &play->summary;
    summary->status = "complete";
    if (play->status == STATUS_INTERRUPTED) {
        summary->status = "interrupted";
    } else if (play->status != STATUS_OK) {
        struct position at;
        summary->status = "failed";
        summary->message = simulation_failure(play->simulation, &at);
        load_print_failure(play->scenario, summary->message, at);
    }
}

static enum exit_code write_summary(struct play *play)
{
    struct text out = {0};
    bool to_error = play->trace_file == stdout;
    switch (value(play, RUN_FORMAT)->number) {
    case 0:
        if (value(play, RUN_QUIET)->count == 0)
            summary_table(&play->summary, &out, to_error ? false : output_has_color());
        break;
    case 1:
        scenario_add_provenance(play->scenario);
        summary_json(&play->summary, &out);
        break;
    default:
        summary_csv(&play->summary, &out);
    }
    enum exit_code code = EXIT_OK;
    if (to_error)
        error_write(&out);
    else
        code = output_write(&out);
    text_fini(&out);
    return code;
}

static void tell_interruption(const struct play *play)
{
    if (interrupt_signal() == 0)
        return;
    struct text at = {0};
    text_add_time(&at, play->summary.now_ns);
    if (play->summary.database != NULL)
        note_print("interrupted at %s; what happened until then is in %s, run_id %lld, marked 'interrupted'",
            at.data, play->summary.database, (long long)play->summary.run_id);
    else
        note_print("interrupted at %s", at.data);
    text_fini(&at);
}

static enum exit_code worse(enum exit_code a, enum exit_code b)
{
    return a != EXIT_OK ? a : b;
}

static enum exit_code play_run(struct play *play)
{
    const volatile int *interrupted = interrupt_catch();
    double started_s = wall_monotonic_s();
    progress_init(&play->progress, value(play, RUN_QUIET)->count == 0);
    simulation_start(play->simulation);
    if (play->recorder != NULL)
        recorder_adopt(play->recorder, simulation_store(play->simulation));
    play->status = simulation_run_until(play->simulation, INT64_MAX, interrupted, on_progress, play);
    progress_clear(&play->progress);

    summary_finish(&play->summary, play->simulation);
    play->summary.wall_s = wall_monotonic_s() - started_s;
    take_outcome(play);
    enum exit_code code = play->status == STATUS_OK ? EXIT_OK : EXIT_FAILED;
    code = worse(end_record(play), code);
    code = worse(code, end_trace(play));
    tell_interruption(play);
    return worse(code, write_summary(play));
}

static int run(const struct arguments *arguments)
{
    struct play play = {.arguments = arguments};
    enum exit_code code = check_arguments(arguments);
    if (code == EXIT_OK)
        code = check_overwrite(arguments);
    if (code == EXIT_OK)
        code = load(&play);
    if (code != EXIT_OK)
        return code;
    code = open_database(&play);
    if (code == EXIT_OK)
        code = open_trace(&play);
    if (code == EXIT_OK) {
        uint64_t seed =
            value(&play, RUN_SEED)->count > 0 ? value(&play, RUN_SEED)->number : play.scenario->seed;
        uint64_t number = value(&play, RUN_RUN)->number;
        play.simulation = simulation_create(play.scenario, seed, number);
        summary_init(&play.summary, play.scenario, play.simulation);
        play.summary.seed = seed;
        play.summary.run = number;
        struct engine_observer observer = summary_observer(&play.summary);
        engine_observe(simulation_engine(play.simulation), &observer);
        code = begin_record(&play);
        if (code == EXIT_OK) {
            begin_trace(&play);
            code = play_run(&play);
        }
        summary_fini(&play.summary);
        simulation_destroy(play.simulation);
    }
    if (play.recorder != NULL)
        recorder_close(play.recorder);
    scenario_destroy(play.scenario);
    interrupt_die();
    return code;
}
