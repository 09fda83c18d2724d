/*
 * options.c: reads a command line against a table. Cost: options x arguments; nobody will notice.
 */
#include "cli/options.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "cli/output.h"

/* -h and --help belong to every command; here they have no row in its table. */
#define HELP_NAME "help"

enum exit_code usage_error(const struct arguments *arguments, const char *format, ...)
{
    struct text message = {0};
    char *buffer = NULL;
    va_list list;
    va_start(list, format);
    va_list again;
    va_copy(again, list);
    int length = vsnprintf(NULL, 0, format, list);
    va_end(list);
    buffer = mem_alloc((size_t)length + 1);
    vsnprintf(buffer, (size_t)length + 1, format, again);
    va_end(again);
    text_printf(&message, "%s: error: %s\n", arguments->path, buffer);
    text_printf(&message, "Try '%s --help'.\n", arguments->path);
    error_write(&message);
    free(buffer);
    text_fini(&message);
    return EXIT_USAGE;
}

int choice_index(const char *words, const char *word, size_t length)
{
    int index = 0;
    while (*words != '\0') {
        size_t n = strcspn(words, ",");
        if (n == length && memcmp(words, word, n) == 0)
            return index;
        words += n;
        words += *words == ',';
        index++;
    }
    return -1;
}

/* "table, json or csv". */
static void add_choices(struct text *out, const char *words)
{
    for (;;) {
        size_t n = strcspn(words, ",");
        text_add_bytes(out, words, n);
        if (words[n] == '\0')
            return;
        words += n + 1;
        text_add(out, strchr(words, ',') != NULL ? ", " : " or ");
    }
}

static const char *suggest_choice(const char *words, const char *word, struct arena *arena)
{
    VEC(const char *) candidates = {0};
    while (*words != '\0') {
        size_t n = strcspn(words, ",");
        vec_push(&candidates, arena_strndup(arena, words, n));
        words += n;
        words += *words == ',';
    }
    const char *best = text_suggest(word, candidates.items, candidates.count);
    vec_fini(&candidates);
    return best;
}

/* --- values ----------------------------------------------------------------------------------------- */

static enum exit_code bad_value(
    const struct arguments *arguments, const struct option *option, const char *given, const char *expected)
{
    return usage_error(arguments, "--%s %s: expected %s", option->name, given, expected);
}

static enum exit_code bad_choice(
    const struct arguments *arguments, const struct option *option, const char *given)
{
    struct arena arena;
    arena_init(&arena);
    struct text expected = {0};
    add_choices(&expected, option->value);
    const char *near = suggest_choice(option->value, given, &arena);
    if (near != NULL)
        text_printf(&expected, "; did you mean '%s'?", near);
    enum exit_code code = bad_value(arguments, option, given, expected.data);
    text_fini(&expected);
    arena_fini(&arena);
    return code;
}

/* All of `given` as a decimal number up to 2^64 - 1. */
static bool number_parse(const char *given, uint64_t *out)
{
    if (given[0] == '\0' || strspn(given, "0123456789") != strlen(given))
        return false;
    errno = 0;
    unsigned long long value = strtoull(given, NULL, 10);
    *out = value;
    return errno == 0;
}

static enum exit_code take_value(const struct arguments *arguments, const struct option *option,
    struct option_value *value, const char *given)
{
    value->count++;
    value->text = given;
    switch (option->type) {
    case OPTION_FLAG:
    case OPTION_TEXT:
        return EXIT_OK;
    case OPTION_LIST:
        vec_push(&value->list, given);
        return EXIT_OK;
    case OPTION_NUMBER:
        if (!number_parse(given, &value->number))
            return bad_value(arguments, option, given, "a number from 0 to 18446744073709551615");
        return EXIT_OK;
    case OPTION_DURATION:
        if (!duration_parse(given, strlen(given), &value->ns))
            return bad_value(arguments, option, given, "a duration such as 250ms, 10s, 5m or 1h30m");
        return EXIT_OK;
    case OPTION_CHOICE: {
        int index = choice_index(option->value, given, strlen(given));
        if (index < 0)
            return bad_choice(arguments, option, given);
        value->number = (uint64_t)index;
        return EXIT_OK;
    }
    }
    return EXIT_OK;
}

/* --- names ------------------------------------------------------------------------------------------- */

static const struct option *find_long(const struct command *command, const char *name, size_t length)
{
    for (uint32_t i = 0; i < command->option_count; i++) {
        const struct option *option = &command->options[i];
        if (strlen(option->name) == length && memcmp(option->name, name, length) == 0)
            return option;
    }
    return NULL;
}

static const struct option *find_short(const struct command *command, char letter)
{
    for (uint32_t i = 0; i < command->option_count; i++)
        if (command->options[i].letter == letter)
            return &command->options[i];
    return NULL;
}

static enum exit_code unknown_long(const struct arguments *arguments, const char *name, size_t length)
{
    VEC(const char *) names = {0};
    for (uint32_t i = 0; i < arguments->command->option_count; i++)
        vec_push(&names, arguments->command->options[i].name);
    vec_push(&names, HELP_NAME);
    char *word = mem_strndup(name, length);
    const char *near = text_suggest(word, names.items, names.count);
    enum exit_code code =
        near != NULL ? usage_error(arguments, "unknown option '--%s'; did you mean '--%s'?", word, near)
                     : usage_error(arguments, "unknown option '--%s'", word);
    free(word);
    vec_fini(&names);
    return code;
}

/* --- the walk ---------------------------------------------------------------------------------------- */

struct walk {
    struct arguments *arguments;
    int argc;
    char **argv;
    int next;
};

static enum exit_code missing_value(const struct arguments *arguments, const struct option *option)
{
    struct text expected = {0};
    if (option->type == OPTION_CHOICE)
        add_choices(&expected, option->value);
    else
        text_add(&expected, option->value);
    enum exit_code code =
        usage_error(arguments, "option '--%s' needs a value: %s", option->name, expected.data);
    text_fini(&expected);
    return code;
}

static struct option_value *value_of(const struct walk *walk, const struct option *option)
{
    return &walk->arguments->values[option - walk->arguments->command->options];
}

static enum exit_code take_long(struct walk *walk, const char *word)
{
    size_t length = strcspn(word, "=");
    const char *given = word[length] == '=' ? word + length + 1 : NULL;
    if (length == strlen(HELP_NAME) && memcmp(word, HELP_NAME, length) == 0 && given == NULL) {
        walk->arguments->help = true;
        return EXIT_OK;
    }
    const struct option *option = find_long(walk->arguments->command, word, length);
    if (option == NULL)
        return unknown_long(walk->arguments, word, length);
    if (option->type == OPTION_FLAG) {
        if (given != NULL)
            return usage_error(walk->arguments, "option '--%s' takes no value", option->name);
    } else if (given == NULL) {
        if (walk->next == walk->argc)
            return missing_value(walk->arguments, option);
        given = walk->argv[walk->next++];
    }
    return take_value(walk->arguments, option, value_of(walk, option), given);
}

static enum exit_code take_short(struct walk *walk, const char *letters)
{
    for (; *letters != '\0'; letters++) {
        if (*letters == 'h') {
            walk->arguments->help = true;
            continue;
        }
        const struct option *option = find_short(walk->arguments->command, *letters);
        if (option == NULL)
            return usage_error(walk->arguments, "unknown option '-%c'", *letters);
        const char *given = NULL;
        if (option->type != OPTION_FLAG) {
            if (letters[1] != '\0')
                given = letters + 1;
            else if (walk->next < walk->argc)
                given = walk->argv[walk->next++];
            else
                return missing_value(walk->arguments, option);
        }
        enum exit_code code = take_value(walk->arguments, option, value_of(walk, option), given);
        if (code != EXIT_OK || given != NULL)
            return code;
    }
    return EXIT_OK;
}

static void set_fallbacks(struct arguments *arguments)
{
    for (uint32_t i = 0; i < arguments->command->option_count; i++) {
        const struct option *option = &arguments->command->options[i];
        if (option->type == OPTION_CHOICE && option->fallback != NULL) {
            arguments->values[i].text = option->fallback;
            int index = choice_index(option->value, option->fallback, strlen(option->fallback));
            arguments->values[i].number = index < 0 ? UINT64_MAX : (uint64_t)index;
        }
    }
}

enum exit_code arguments_parse(
    struct arguments *arguments, const struct command *command, const char *path, int argc, char **argv)
{
    *arguments = (struct arguments){
        .command = command,
        .path = mem_strndup(path, strlen(path)),
        .values = mem_zalloc(sizeof *arguments->values * (command->option_count + 1)),
    };
    set_fallbacks(arguments);
    struct walk walk = {.arguments = arguments, .argc = argc, .argv = argv};
    bool operands_only = false;
    while (walk.next < argc) {
        const char *word = argv[walk.next++];
        enum exit_code code = EXIT_OK;
        if (operands_only || word[0] != '-' || word[1] == '\0')
            vec_push(&arguments->operands, word);
        else if (strcmp(word, "--") == 0)
            operands_only = true;
        else if (word[1] == '-')
            code = take_long(&walk, word + 2);
        else
            code = take_short(&walk, word + 1);
        if (code != EXIT_OK)
            return code;
    }
    return EXIT_OK;
}

void arguments_fini(struct arguments *arguments)
{
    for (uint32_t i = 0; arguments->values != NULL && i < arguments->command->option_count; i++)
        vec_fini(&arguments->values[i].list);
    free(arguments->values);
    free((char *)arguments->path);
    vec_fini(&arguments->operands);
}
