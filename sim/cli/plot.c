/*
 * plot.c: `epsim plot`: pictures of a recorded run; record/plot.h draws them.
 *
 * The scripts are found from the program's own place, ../share/epsim, installed or in the build folder.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/output.h"
#include "cli/overwrite.h"
#include "record/plot.h"

/* Pixels that a character of text stands for (plot.h). */
#define CHARACTER_WIDTH 12
#define CHARACTER_HEIGHT 24

enum {
    PLOT_OPTION_KIND,
    PLOT_OPTION_OUTPUT,
    PLOT_OPTION_FORMAT,
    PLOT_OPTION_SERVICE,
    PLOT_OPTION_RUN_ID,
    PLOT_OPTION_ALL,
    PLOT_OPTION_WIDTH,
    PLOT_OPTION_HEIGHT,
    PLOT_OPTION_COUNT
};

static const struct option options[PLOT_OPTION_COUNT] = {
    [PLOT_OPTION_KIND] = {OPTION_CHOICE, 'k', "kind", "overview,endpoints,slices,fill,churn,bytes",
        "overview", "what is drawn, see above"},
    [PLOT_OPTION_OUTPUT] = {OPTION_TEXT, 'o', "output", "FILE", "text on standard output",
        "where the picture goes; its end says how it is drawn: .svg, .png, .pdf or .txt"},
    [PLOT_OPTION_FORMAT] = {OPTION_CHOICE, 0, "format", "svg,png,pdf,txt", "as FILE ends; with --all svg",
        "how it is drawn"},
    [PLOT_OPTION_SERVICE] = {OPTION_TEXT, 's', "service", "[NAMESPACE/]NAME", "the one with the most pods",
        "of which Service; '*' adds up all of them"},
    [PLOT_OPTION_RUN_ID] = {OPTION_NUMBER, 0, "run-id", "N", "the last one", "which run of the database"},
    [PLOT_OPTION_ALL] = {OPTION_FLAG, 'a', "all", NULL, NULL,
        "all kinds, as KIND.svg in the folder --output"},
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
    NULL,
};

static int run(const struct arguments *arguments);

#define KIND_LINE(name, text, about) "  " text ": " about "\n"
const struct command command_plot = {
    .name = "plot",
    .about = "pictures of a recorded run, drawn by gnuplot",
    .usage = "DB [OPTION]...",
    .text = "DB is a database that 'epsim run -o' wrote. Without --output the picture is drawn as text.\n"
            "\n"
            "Kinds:\n" PLOT_KINDS(KIND_LINE),
    .options = options,
    .option_count = PLOT_OPTION_COUNT,
    .examples = examples,
    .exit_ok = "drawn",
    .exit_failed = "it could not be drawn or written, or gnuplot is not there",
    .exit_usage = "wrong usage, or no such database, run or Service",
    .run = run,
};

/* "<folder of the program>/../share/epsim"; false when its name is not known. */
static bool scripts_folder(struct text *out)
{
    char path[4096];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path);
    if (length <= 0 || length == sizeof path)
        return false;
    while (length > 0 && path[length - 1] != '/')
        length--;
    text_add_bytes(out, path, (size_t)length);
    text_add(out, "../share/epsim");
    return true;
}

/* A picture as text fills the terminal's width, and leaves a line for the prompt. */
static void fit_terminal(struct plot_request *request)
{
    struct winsize size;
    if (!isatty(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return;
    uint32_t width = size.ws_col * CHARACTER_WIDTH, height = (size.ws_row - 1u) * CHARACTER_HEIGHT;
    if (request->width == 0 && width >= PLOT_SIZE_MIN && width <= PLOT_SIZE_MAX)
        request->width = width;
    if (request->height == 0 && height >= PLOT_SIZE_MIN && height <= PLOT_SIZE_MAX)
        request->height = height;
}

static enum exit_code check_size(const struct arguments *arguments, int option)
{
    const struct option_value *value = &arguments->values[option];
    if (value->count > 0 && (value->number < PLOT_SIZE_MIN || value->number > PLOT_SIZE_MAX))
        return usage_error(arguments, "--%s %s: expected %d to %d", options[option].name, value->text,
            PLOT_SIZE_MIN, PLOT_SIZE_MAX);
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
    enum exit_code code = check_size(arguments, PLOT_OPTION_WIDTH);
    return code != EXIT_OK ? code : check_size(arguments, PLOT_OPTION_HEIGHT);
}

static enum exit_code render(const struct plot_request *request)
{
    if (strcmp(request->output, "-") != 0) {
        if (overwrite_is_same(request->output, request->database)) {
            error_print("--output: %s is the database itself", request->output);
            return EXIT_USAGE;
        }
        if (!overwrite_picture_allowed(request->output, request->format))
            return EXIT_USAGE;
    }
    char *message = NULL;
    enum status status = plot_render(request, &message);
    if (status == STATUS_OK) {
        if (message != NULL)
            note_print("%s", message);
        free(message);
        return EXIT_OK;
    }
    error_print("%s", message != NULL ? message : status_text(status));
    free(message);
    return status == STATUS_IO ? EXIT_FAILED : EXIT_USAGE;
}

static enum exit_code render_all(const struct arguments *arguments, struct plot_request *request)
{
    const char *folder = arguments->values[PLOT_OPTION_OUTPUT].text;
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
    const struct option_value *output = &arguments->values[PLOT_OPTION_OUTPUT];
    const struct option_value *format = &arguments->values[PLOT_OPTION_FORMAT];
    enum plot_format by_name;
    bool is_named = output->count > 0 && strcmp(output->text, "-") != 0;
    request->output = is_named ? output->text : "-";
    request->format = format->count > 0 ? (enum plot_format)format->number : PLOT_TXT;
    if (is_named && plot_format_of_path(output->text, &by_name)) {
        if (format->count > 0 && by_name != request->format)
            return usage_error(
                arguments, "--output %s and --format %s do not go together", output->text, format->text);
        request->format = by_name;
    } else if (is_named && format->count == 0) {
        return usage_error(
            arguments, "--output %s: expected a name that ends in .svg, .png, .pdf or .txt", output->text);
    }
    if (request->format == PLOT_TXT && !is_named)
        fit_terminal(request);
    return render(request);
}

static int run(const struct arguments *arguments)
{
    enum exit_code code = check_arguments(arguments);
    if (code != EXIT_OK)
        return code;
    const struct option_value *values = arguments->values;
    struct text scripts = {0};
    if (!scripts_folder(&scripts)) {
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
    /* Ctrl-C ends gnuplot; the folder that it drew in is then cleaned up before the program ends. */
    interrupt_catch();
    if (values[PLOT_OPTION_ALL].count > 0) {
        code = render_all(arguments, &request);
    } else {
        plot_kind_parse(values[PLOT_OPTION_KIND].text, &request.kind);
        code = render_one(arguments, &request);
    }
    text_fini(&scripts);
    interrupt_die();
    return code;
}
