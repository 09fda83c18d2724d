/*
 * plot.c: `epsim plot`: pictures of a recorded run, which record/plot.h draws, and of many (plot_sweep.c).
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/output.h"
#include "cli/plot_output.h"
#include "cli/plot_sweep.h"
#include "record/plot.h"

/* All kinds, with commas between them: those of one run, then those of many. An option's number says which.
 */
#define KIND_CHOICE(name, text, about) "," text
#define KIND_CHOICES &(PLOT_KINDS(KIND_CHOICE) SWEEP_KINDS(KIND_CHOICE))[1]

static const struct option options[PLOT_OPTION_COUNT] = {
    [PLOT_OPTION_KIND] = {OPTION_CHOICE, 'k', "kind", KIND_CHOICES, "overview", "what is drawn, see above"},
    [PLOT_OPTION_OUTPUT] = {OPTION_TEXT, 'o', "output", "FILE", "text on standard output",
        "where the picture goes; its end says how it is drawn: .svg, .png, .pdf or .txt"},
    [PLOT_OPTION_FORMAT] = {OPTION_CHOICE, 0, "format", "svg,png,pdf,txt", "as FILE ends; with --all svg",
        "how it is drawn"},
    [PLOT_OPTION_SERVICE] = {OPTION_TEXT, 's', "service", "[NAMESPACE/]NAME", "the one with the most pods",
        "of which Service; '*' adds up all of them"},
    [PLOT_OPTION_RUN_ID] = {OPTION_NUMBER, 0, "run-id", "N", "the last one", "which run of the database"},
    [PLOT_OPTION_ALL] = {OPTION_FLAG, 'a', "all", NULL, NULL,
        "all kinds, as KIND.svg in the folder --output"},
    [PLOT_OPTION_FIGURE] = {OPTION_LIST, 'f', "figure", "NAME[,NAME]...", "endpointslice.writes",
        "of many runs: what is shown ('epsim compare --figures'); a panel each; a Pareto front has two"},
    [PLOT_OPTION_BY] = {OPTION_TEXT, 'b', "by", "PARAMETER", "the one that varies",
        "against which parameter; the end of its path is enough"},
    [PLOT_OPTION_SERIES] = {OPTION_TEXT, 0, "series", "PARAMETER", NULL,
        "a line for each of its values; of a heat map the rows"},
    [PLOT_OPTION_SPLIT] = {OPTION_TEXT, 0, "split", "PARAMETER", NULL, "a panel for each of its values"},
    [PLOT_OPTION_LOG] = {OPTION_CHOICE, 0, "log", "none,x,y,xy", "none",
        "logarithmic axes; of a heat map, y is its colours"},
    [PLOT_OPTION_WHERE] = {OPTION_LIST, 0, "where", "PARAMETER=VALUE", NULL,
        "only runs with it; may be repeated"},
    [PLOT_OPTION_STATISTIC] = {OPTION_TEXT, 0, "statistic", "mean|median|pN", "mean", "over repetitions"},
    [PLOT_OPTION_CONFIDENCE] = {OPTION_TEXT, 0, "confidence", "PERCENT", "95", "of the intervals"},
    [PLOT_OPTION_WARM_UP] = {OPTION_DURATION, 0, "warm-up", "TIME", "0s", "leave out what happens before"},
    [PLOT_OPTION_WIDTH] = {OPTION_NUMBER, 0, "width", "PIXELS", "1200",
        "of the picture; text has a character for 12 of them"},
    [PLOT_OPTION_HEIGHT] = {OPTION_NUMBER, 0, "height", "PIXELS", "800",
        "of the picture; text has a line for 24 of them"},
};

static const char *const examples[] = {
    "# A run to look at, and its story as text.",
    "epsim run web.yaml -o web.db",
    "epsim plot web.db",
    "# A picture for a report, and all of them.",
    "epsim plot web.db --kind slices -o slices.svg",
    "epsim plot web.db --all -o pictures",
    "# Two slice sizes, and what they cost.",
    "epsim run -q web.yaml --set controllers.maxEndpointsPerSlice=5 -o sizes.db",
    "epsim run -q web.yaml --set controllers.maxEndpointsPerSlice=10 -o sizes.db --append",
    "epsim plot sizes.db --kind sweep --figure slices.max,endpointslice.watch_bytes -o sizes.svg",
    NULL,
};

static int run(const struct arguments *arguments);

#define KIND_LINE(name, text, about) "  " text ": " about "\n"
const struct command command_plot = {
    .name = "plot",
    .about = "pictures of recorded runs, drawn by gnuplot",
    .usage = "DB [OPTION]...",
    .text = "DB is a database that 'epsim run -o' wrote. Without --output the picture is drawn as text.\n"
            "\n"
            "Kinds:\n" PLOT_KINDS(KIND_LINE) "\nKinds for many runs:\n" SWEEP_KINDS(KIND_LINE),
    .options = options,
    .option_count = PLOT_OPTION_COUNT,
    .examples = examples,
    .exit_ok = "drawn",
    .exit_failed = "it could not be drawn or written, or gnuplot is not there",
    .exit_usage = "wrong usage, or no such database, run or Service",
    .run = run,
};

static enum exit_code check_size(const struct arguments *arguments, int option)
{
    const struct option_value *value = &arguments->values[option];
    if (value->count > 0 && (value->number < PLOT_SIZE_MIN || value->number > PLOT_SIZE_MAX))
        return usage_error(arguments, "--%s %s: expected %d to %d", options[option].name, value->text,
            PLOT_SIZE_MIN, PLOT_SIZE_MAX);
    return EXIT_OK;
}

static bool is_of_many(const struct option_value *kind)
{
    return kind->number >= PLOT_KIND_COUNT;
}

/* Options that say nothing to a kind are a mistake. */
static enum exit_code check_kind(const struct arguments *arguments)
{
    static const int of_run[] = {PLOT_OPTION_SERVICE, PLOT_OPTION_RUN_ID};
    static const int of_many[] = {PLOT_OPTION_FIGURE, PLOT_OPTION_BY, PLOT_OPTION_SERIES, PLOT_OPTION_SPLIT,
        PLOT_OPTION_LOG, PLOT_OPTION_WHERE, PLOT_OPTION_STATISTIC, PLOT_OPTION_CONFIDENCE,
        PLOT_OPTION_WARM_UP};
    const struct option_value *kind = &arguments->values[PLOT_OPTION_KIND];
    bool is_many = is_of_many(kind);
    const int *wrong = is_many ? of_run : of_many;
    size_t count = is_many ? sizeof of_run / sizeof *of_run : sizeof of_many / sizeof *of_many;
    for (size_t i = 0; i < count; i++)
        if (arguments->values[wrong[i]].count > 0)
            return usage_error(
                arguments, "--%s is not for pictures of kind '%s'", options[wrong[i]].name, kind->text);
    return EXIT_OK;
}

static enum exit_code check_arguments(const struct arguments *arguments)
{
    const struct option_value *values = arguments->values;
    if (arguments->operands.count == 0)
        return usage_error(arguments, "no database given");
    if (arguments->operands.count > 1)
        return usage_error(
            arguments, "one database at a time; unexpected '%s'", arguments->operands.items[1]);
    if (values[PLOT_OPTION_ALL].count > 0 && values[PLOT_OPTION_OUTPUT].count == 0)
        return usage_error(arguments, "--all needs --output, a folder");
    if (values[PLOT_OPTION_ALL].count > 0 && values[PLOT_OPTION_KIND].count > 0)
        return usage_error(arguments, "--all and --kind exclude each other");
    if (values[PLOT_OPTION_RUN_ID].count > 0 &&
        (values[PLOT_OPTION_RUN_ID].number == 0 || values[PLOT_OPTION_RUN_ID].number > INT64_MAX))
        return usage_error(arguments, "--run-id: runs of a database are numbered from 1");
    enum exit_code code = check_kind(arguments);
    if (code == EXIT_OK)
        code = check_size(arguments, PLOT_OPTION_WIDTH);
    return code != EXIT_OK ? code : check_size(arguments, PLOT_OPTION_HEIGHT);
}

static enum exit_code render(const struct plot_request *request)
{
    enum exit_code code = plot_check_output(request->output, request->database, request->format);
    if (code != EXIT_OK)
        return code;
    char *message = NULL;
    enum status status = plot_render(request, &message);
    return plot_tell(status, message);
}

static enum exit_code render_all(const struct arguments *arguments, struct plot_request *request)
{
    const char *folder = arguments->values[PLOT_OPTION_OUTPUT].text;
    struct stat there;
    if (stat(folder, &there) == 0 && !S_ISDIR(there.st_mode)) {
        error_print("--output %s: a folder was expected, it is a file", folder);
        return EXIT_USAGE;
    }
    if (mkdir(folder, 0777) != 0 && errno != EEXIST) {
        error_print("%s: %s", folder, strerror(errno));
        return EXIT_FAILED;
    }
    request->format = PLOT_SVG;
    if (arguments->values[PLOT_OPTION_FORMAT].count > 0)
        request->format = (enum plot_format)arguments->values[PLOT_OPTION_FORMAT].number;
    enum exit_code code = EXIT_OK;
    for (int kind = 0; kind < PLOT_KIND_COUNT && code == EXIT_OK; kind++) {
        struct text path = {0};
        request->kind = (enum plot_kind)kind;
        text_printf(
            &path, "%s/%s.%s", folder, plot_kind_name(request->kind), plot_format_name(request->format));
        request->output = path.data;
        code = render(request);
        text_fini(&path);
    }
    return code;
}

static enum exit_code render_one(const struct arguments *arguments, struct plot_request *request)
{
    enum exit_code code = plot_read_output(arguments, &arguments->values[PLOT_OPTION_OUTPUT],
        &arguments->values[PLOT_OPTION_FORMAT], &request->output, &request->format);
    if (code != EXIT_OK)
        return code;
    if (request->format == PLOT_TXT && strcmp(request->output, "-") == 0)
        plot_fit_terminal(&request->width, &request->height);
    return render(request);
}

static int run(const struct arguments *arguments)
{
    enum exit_code code = check_arguments(arguments);
    if (code != EXIT_OK)
        return code;
    const struct option_value *values = arguments->values;
    struct text scripts = {0};
    if (!plot_scripts_folder(&scripts)) {
        error_print("the program's own place is not known: /proc is not there");
        return EXIT_FAILED;
    }
    struct plot_request request = {
        .database = arguments->operands.items[0],
        .run_id = (int64_t)values[PLOT_OPTION_RUN_ID].number,
        .service = values[PLOT_OPTION_SERVICE].text,
        .width = (uint32_t)values[PLOT_OPTION_WIDTH].number,
        .height = (uint32_t)values[PLOT_OPTION_HEIGHT].number,
        .scripts = scripts.data,
    };
    const struct option_value *kind = &values[PLOT_OPTION_KIND];
    /* Ctrl-C ends gnuplot; the folder that it drew in is then cleaned up before the program ends. */
    interrupt_catch();
    if (is_of_many(kind)) {
        code = plot_sweep(arguments, (enum sweep_kind)(kind->number - PLOT_KIND_COUNT), scripts.data);
    } else if (values[PLOT_OPTION_ALL].count > 0) {
        code = render_all(arguments, &request);
    } else {
        request.kind = (enum plot_kind)kind->number;
        code = render_one(arguments, &request);
    }
    text_fini(&scripts);
    interrupt_die();
    return code;
}
