/*
 * help_text.c: --help, made from the same table that parses the options; 80 columns.
 */
#include <string.h>

#include "cli/options.h"

#define HELP_COLUMNS 80
#define OPTION_COLUMN 28

/* One paragraph from `column` on, wrapped at spaces and hanging at `indent`. */
static void wrap(struct text *out, const char *words, size_t length, size_t column, size_t indent)
{
    const char *end = words + length;
    bool first = true;
    while (words < end) {
        while (words < end && *words == ' ')
            words++;
        const char *stop = words;
        while (stop < end && *stop != ' ')
            stop++;
        size_t n = (size_t)(stop - words);
        if (n == 0)
            break;
        if (!first && column + 1 + n > HELP_COLUMNS) {
            text_printf(out, "\n%*s", (int)indent, "");
            column = indent;
            first = true;
        }
        if (!first) {
            text_add_char(out, ' ');
            column++;
        }
        text_add_bytes(out, words, n);
        column += n;
        words = stop;
        first = false;
    }
    text_add_char(out, '\n');
}

/* Lines that start with a space are kept as they are. */
static void add_paragraphs(struct text *out, const char *text)
{
    while (*text != '\0') {
        size_t length = strcspn(text, "\n");
        if (text[0] == ' ') {
            text_add_bytes(out, text, length);
            text_add_char(out, '\n');
        } else {
            wrap(out, text, length, 0, 0);
        }
        text += length;
        text += *text == '\n';
    }
}

static void add_entry(struct text *out, const char *left, const char *about)
{
    size_t column = strlen(left);
    text_add(out, left);
    if (column + 2 > OPTION_COLUMN) {
        text_add_char(out, '\n');
        column = 0;
    }
    text_printf(out, "%*s", (int)(OPTION_COLUMN - column), "");
    wrap(out, about, strlen(about), OPTION_COLUMN, OPTION_COLUMN);
}

static void add_option(struct text *out, const struct option *option)
{
    struct text left = {0};
    struct text about = {0};
    text_add(&left, "  ");
    if (option->letter != 0)
        text_printf(&left, "-%c, ", option->letter);
    text_printf(&left, "--%s", option->name);
    if (option->type != OPTION_FLAG)
        text_printf(&left, " %s", option->value);
    text_add(&about, option->about);
    if (option->fallback != NULL)
        text_printf(&about, " [default: %s]", option->fallback);
    add_entry(out, left.data, about.data);
    text_fini(&left);
    text_fini(&about);
}

static void add_exit_code(struct text *out, int code, const char *about)
{
    if (about == NULL)
        return;
    text_printf(out, "  %d  ", code);
    wrap(out, about, strlen(about), 5, 5);
}

static void add_exit_codes(struct text *out, const struct command *command)
{
    text_add(out, "\nExit codes:\n");
    add_exit_code(out, EXIT_OK, command->exit_ok);
    add_exit_code(out, EXIT_FAILED, command->exit_failed);
    add_exit_code(out, EXIT_USAGE, command->exit_usage);
}

static void add_children(struct text *out, const struct command *command)
{
    text_add(out, "\nCommands:\n");
    for (const struct command *const *child = command->children; *child != NULL; child++) {
        struct text left = {0};
        text_printf(&left, "  %s", (*child)->name);
        add_entry(out, left.data, (*child)->about);
        text_fini(&left);
    }
}

/* A command line; one that is too long goes on in the next line, as a shell takes it. */
static void add_example(struct text *out, const char *line)
{
    text_add(out, "  $ ");
    size_t column = 4;
    while (*line != '\0') {
        size_t n = strcspn(line, " ");
        if (column + n + 3 > HELP_COLUMNS) {
            text_add(out, "\\\n      ");
            column = 6;
        }
        text_add_bytes(out, line, n);
        column += n + 1;
        line += n;
        if (*line == ' ') {
            text_add_char(out, ' ');
            line++;
        }
    }
    text_add_char(out, '\n');
}

void help_text(struct text *out, const struct command *command, const char *path)
{
    text_printf(out, "%s: %s\n\nUsage: %s %s\n", path, command->about, path, command->usage);
    if (command->text != NULL) {
        text_add_char(out, '\n');
        add_paragraphs(out, command->text);
    }
    if (command->children != NULL)
        add_children(out, command);
    text_add(out, "\nOptions:\n");
    for (uint32_t i = 0; i < command->option_count; i++)
        add_option(out, &command->options[i]);
    add_entry(out, "  -h, --help", "this text");
    if (command->examples != NULL) {
        text_add(out, "\nExamples:\n");
        for (const char *const *line = command->examples; *line != NULL; line++) {
            if ((*line)[0] == '#')
                text_printf(out, "  %s\n", *line);
            else
                add_example(out, *line);
        }
    }
    add_exit_codes(out, command);
    if (command->children != NULL)
        text_printf(out, "\n'%s COMMAND --help' tells more about a command.\n", path);
}
