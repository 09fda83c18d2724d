/*
 * verify.c: `epsim verify`: the engine and the encoders against recordings of real controllers.
 *
 * Cost: some 500 single syncs a second and core, or as many runs of a step of a history as the engine does.
 */
#include <string.h>

#include "base/diag.h"
#include "cli/commands.h"
#include "cli/format.h"
#include "cli/interrupt.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "verify/verify.h"

enum {
    VERIFY_PRINT,
    VERIFY_RUNS,
    VERIFY_CHOICES,
    VERIFY_SEED,
    VERIFY_QUIET,
    VERIFY_VERBOSE,
    VERIFY_OPTION_COUNT
};

static const struct option options[VERIFY_OPTION_COUNT] = {
    [VERIFY_PRINT] = {OPTION_FLAG, 'p', "print", NULL, NULL,
        "judge nothing: print the answers, one JSON object a line, for another program to judge"},
    [VERIFY_RUNS] = {OPTION_NUMBER, 0, "runs", "N", "64",
        "how often each history is run; slices are judged from 16 runs on, their average from 64"},
    [VERIFY_CHOICES] = {OPTION_CHOICE, 0, "choices", "random,fixed", "random",
        "what the real controllers leave to chance: drawn, or always the first candidate"},
    [VERIFY_SEED] = {OPTION_NUMBER, 0, "seed", "N", "1", "of the first run's choices"},
    [VERIFY_QUIET] = {OPTION_FLAG, 'q', "quiet", NULL, NULL, "the counts alone, not each failure"},
    [VERIFY_VERBOSE] = {OPTION_FLAG, 'v', "verbose", NULL, NULL, "also a line for each case that passes"},
};

static const char *const examples[] = {
    "# One recorded sync to try it with.",
    "epsim help example-recording > sync.ndjson",
    "epsim verify -v sync.ndjson",
    "# What epsim answers to it.",
    "epsim verify --print sync.ndjson > answers.ndjson",
    "# Recordings may be compressed, and come through a pipe.",
    "gzip -c sync.ndjson | epsim verify -",
    NULL,
};

static int run(const struct arguments *arguments);

const struct command command_verify = {
    .name = "verify",
    .about = "holds the engine against recordings of real controllers",
    .usage = "FILE... [OPTION]...",
    .text =
        "A recording has one JSON object a line, plain or gzip; '-' is standard input. There are three "
        "kinds, and a file may hold any of them: single syncs (the caches before, the requests sent), "
        "histories (watch events from an empty cluster on, run many times), and watch events of a whole "
        "control plane with the sizes of their objects.\n"
        "\n"
        "Only cases that fail are listed, each with where it stands and what differs, then a count of every "
        "kind:\n"
        "\n"
        "  FAIL steps.ndjson:7 web.3/endpoints: pod web-2 is ready\n"
        "    .subsets[0].addresses[1].ip: expected \"10.0.0.3\", got \"10.0.0.2\"\n",
    .options = options,
    .option_count = VERIFY_OPTION_COUNT,
    .examples = examples,
    .exit_ok = "every case passes; with --print: every case was answered",
    .exit_failed = "a case fails, or something could not be written",
    .exit_usage =
        "wrong usage, or a file or line that is no recording; the others were verified all the same",
    .run = run,
};

struct verify {
    const struct arguments *arguments;
    const volatile int *interrupted;
    struct progress progress;
    bool color;
    bool is_broken; /* standard output cannot be written */
    struct text out;
};

/* --- what the verifier tells -------------------------------------------------------------------------- */

/* Written in pieces, so that a long listing shows while it is made. */
#define OUT_BYTES_MAX (1u << 16)

static bool flush(struct verify *verify, size_t at_least)
{
    if (verify->out.length < at_least || verify->is_broken)
        return !verify->is_broken;
    progress_clear(&verify->progress);
    verify->is_broken = output_write(&verify->out) != EXIT_OK;
    text_clear(&verify->out);
    return !verify->is_broken;
}

/* The lines of `text`, indented. */
static void add_lines(struct text *out, const char *text)
{
    while (*text) {
        size_t length = strcspn(text, "\n");
        text_add(out, "    ");
        text_add_bytes(out, text, length);
        text_add_char(out, '\n');
        text += length + (text[length] == '\n');
    }
}

static void on_case(void *self, const struct verify_case *result)
{
    struct verify *verify = self;
    const struct option_value *values = verify->arguments->values;
    if (result->passed ? values[VERIFY_VERBOSE].count == 0 : values[VERIFY_QUIET].count > 0)
        return;
    text_add_color(&verify->out, verify->color, result->passed ? COLOR_GREEN : COLOR_RED,
        result->passed ? "PASS" : "FAIL");
    text_printf(&verify->out, " %s:%u %s: %.200s\n", result->path, (unsigned)result->line, result->name,
        result->about);
    if (!result->passed)
        add_lines(&verify->out, result->why);
    flush(verify, OUT_BYTES_MAX);
}

static bool on_answer(void *self, const struct text *line)
{
    struct verify *verify = self;
    text_add_bytes(&verify->out, line->data, line->length);
    text_add_char(&verify->out, '\n');
    return flush(verify, OUT_BYTES_MAX);
}

/* As for scenarios, with the line and a caret: the text is the line at its number. */
static void on_error(void *self, const char *path, const struct recording_error *error)
{
    struct verify *verify = self;
    struct text text = {0};
    for (uint32_t i = 1; i < error->line && error->text.length > 0; i++)
        text_add_char(&text, '\n');
    text_add_bytes(&text, error->text.data, error->text.length);
    text_add(&text, "");
    struct diag *diag = diag_create();
    uint32_t source = diag_add_source(diag, path, text.data, text.length);
    struct position at = {source, error->line, error->column > 0 ? error->column : 1, 1};
    diag_error(diag, at, "%s", error->message.data);
    flush(verify, 1);
    progress_clear(&verify->progress);
    diag_print(diag, stderr, false);
    diag_destroy(diag);
    text_fini(&text);
}

static bool on_progress(void *self, const char *path, double share)
{
    struct verify *verify = self;
    progress_show_share(&verify->progress, share, path);
    return *verify->interrupted == 0;
}

/* --- the counts --------------------------------------------------------------------------------------- */

static void add_count(struct text *out, const char *what, uint64_t passed, uint64_t failed)
{
    text_printf(out, "%-32s", what);
    text_add_grouped(out, passed);
    text_add(out, " passed, ");
    text_add_grouped(out, failed);
    text_add(out, " failed\n");
}

static void add_distance(struct text *out, const struct verify_totals *totals)
{
    text_printf(out, "%-32s%.4f on average over ", "slices: distance of histograms",
        totals->distance_sum / (double)totals->histograms);
    text_add_grouped(out, totals->histograms);
    text_printf(out, " of %u runs", (unsigned)totals->runs_min);
    if (totals->runs_min < VERIFY_RUNS_MEAN_MIN)
        text_printf(out, "; judged from %d on", VERIFY_RUNS_MEAN_MIN);
    else
        text_printf(out, "; limit %.2f", VERIFY_MEAN_DISTANCE_MAX);
    text_add_char(out, '\n');
}

static void add_counts(struct text *out, const struct verify_totals *totals)
{
    uint64_t passed = 0, failed = 0;
    for (int p = 0; p < VERIFY_PART_COUNT; p++) {
        passed += totals->passed[p];
        failed += totals->failed[p];
        if (totals->passed[p] + totals->failed[p] > 0 && p != VERIFY_HISTORY_DISTANCE)
            add_count(out, verify_part_text((enum verify_part)p), totals->passed[p], totals->failed[p]);
    }
    if (totals->histograms > 0)
        add_distance(out, totals);
    if (totals->elided > 0) {
        text_printf(out, "%-32s", "not recorded in full");
        text_add_grouped(out, totals->elided);
        text_add(out, " objects passed over\n");
    }
    add_count(out, "all", passed, failed);
}

/* --- the command -------------------------------------------------------------------------------------- */

static enum exit_code read_options(const struct arguments *arguments, struct verify_options *out)
{
    const struct option_value *values = arguments->values;
    *out = verify_options_default();
    out->answers = values[VERIFY_PRINT].count > 0;
    out->choices = values[VERIFY_CHOICES].number == 0 ? CHOICE_RANDOM : CHOICE_FIXED;
    if (values[VERIFY_SEED].count > 0)
        out->seed = values[VERIFY_SEED].number;
    if (values[VERIFY_RUNS].count > 0) {
        if (values[VERIFY_RUNS].number < 1 || values[VERIFY_RUNS].number > VERIFY_RUNS_MAX)
            return usage_error(
                arguments, "--runs %s: expected a number from 1 to 100,000", values[VERIFY_RUNS].text);
        out->runs = (uint32_t)values[VERIFY_RUNS].number;
    }
    if (values[VERIFY_QUIET].count > 0 && values[VERIFY_VERBOSE].count > 0)
        return usage_error(arguments, "--quiet and --verbose exclude each other");
    if (out->answers && values[VERIFY_QUIET].count + values[VERIFY_VERBOSE].count > 0)
        return usage_error(
            arguments, "--print judges nothing: --quiet and --verbose have no meaning with it");
    if (arguments->operands.count == 0)
        return usage_error(arguments, "no FILE given: a recording of real controllers");
    return EXIT_OK;
}

static enum exit_code end(struct verify *verify, const struct verify_totals *totals, bool answers)
{
    uint64_t passed = 0, failed = 0;
    for (int p = 0; p < VERIFY_PART_COUNT; p++) {
        passed += totals->passed[p];
        failed += totals->failed[p];
    }
    bool nothing = totals->errors > 0 && totals->histograms + totals->elided + passed + failed == 0;
    if (!answers && !totals->stopped && !nothing)
        add_counts(&verify->out, totals);
    flush(verify, 1);
    progress_clear(&verify->progress);
    if (verify->is_broken)
        return EXIT_FAILED;
    if (*verify->interrupted)
        note_print("interrupted; not every case was looked at");
    if (totals->errors > 0)
        return EXIT_USAGE;
    return failed > 0 ? EXIT_FAILED : EXIT_OK;
}

static int run(const struct arguments *arguments)
{
    struct verify_options settings;
    enum exit_code code = read_options(arguments, &settings);
    if (code != EXIT_OK)
        return code;
    struct verify verify = {
        .arguments = arguments, .interrupted = interrupt_catch(), .color = output_has_color()};
    progress_init(&verify.progress, true);
    struct verifier *verifier = verifier_create(&settings, &(struct verify_observer){
                                                               .self = &verify,
                                                               .on_case = on_case,
                                                               .on_answer = on_answer,
                                                               .on_error = on_error,
                                                               .on_progress = on_progress,
                                                           });
    for (uint32_t i = 0; i < arguments->operands.count && !verifier_totals(verifier)->stopped; i++)
        verifier_file(verifier, arguments->operands.items[i]);
    code = end(&verify, verifier_totals(verifier), settings.answers);
    verifier_destroy(verifier);
    text_fini(&verify.out);
    interrupt_die();
    return code;
}
