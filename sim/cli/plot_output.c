/*
 * plot_output.c: see plot_output.h.
 */
#include "cli/plot_output.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/output.h"
#include "cli/overwrite.h"

/* Pixels that a character of text stands for (plot.h). */
#define CHARACTER_WIDTH 12
#define CHARACTER_HEIGHT 24

bool plot_scripts_folder(struct text *out)
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

enum exit_code plot_read_output(const struct arguments *arguments, const struct option_value *output,
    const struct option_value *format, const char **out_path, enum plot_format *out_format)
{
    enum plot_format by_name;
    bool is_named = output->count > 0 && strcmp(output->text, "-") != 0;
    *out_path = is_named ? output->text : "-";
    *out_format = format->count > 0 ? (enum plot_format)format->number : PLOT_TXT;
    if (is_named && plot_format_of_path(output->text, &by_name)) {
        if (format->count > 0 && by_name != *out_format)
            return usage_error(
                arguments, "--output %s and --format %s do not go together", output->text, format->text);
        *out_format = by_name;
    } else if (is_named && format->count == 0) {
        return usage_error(
            arguments, "--output %s: expected a name that ends in .svg, .png, .pdf or .txt", output->text);
    }
    return EXIT_OK;
}

enum exit_code plot_check_output(const char *output, const char *database, enum plot_format format)
{
    if (strcmp(output, "-") == 0)
        return EXIT_OK;
    if (overwrite_is_same(output, database)) {
        error_print("--output: %s is the database itself", output);
        return EXIT_USAGE;
    }
    return overwrite_picture_allowed(output, format) ? EXIT_OK : EXIT_USAGE;
}

void plot_fit_terminal(uint32_t *out_width, uint32_t *out_height)
{
    struct winsize size;
    if (!isatty(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return;
    uint32_t width = size.ws_col * CHARACTER_WIDTH, height = (size.ws_row - 1u) * CHARACTER_HEIGHT;
    if (*out_width == 0 && width >= PLOT_SIZE_MIN && width <= PLOT_SIZE_MAX)
        *out_width = width;
    if (*out_height == 0 && height >= PLOT_SIZE_MIN && height <= PLOT_SIZE_MAX)
        *out_height = height;
}

enum exit_code plot_tell(enum status status, char *message)
{
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
