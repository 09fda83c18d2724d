/*
 * main.c: the table of commands, and the way from argv to one of them.
 *
 * A command is one file here. The walk goes down the table while a command has children; what is left of
 * the command line is read against the options of the command that was reached.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cli/commands.h"
#include "cli/output.h"

enum { ROOT_VERSION, ROOT_OPTION_COUNT };
static const struct option root_options[ROOT_OPTION_COUNT] = {
    [ROOT_VERSION] = {OPTION_FLAG, 'V', "version", NULL, NULL, "the version, and nothing else"},
};

static const struct command *const children[] = {&command_run, &command_check, &command_get, &command_step,
    &command_plot, &command_compare, &command_report, &command_import, &command_sweep, &command_verify,
    &command_bench, &command_help, &command_version, NULL};

static const char *const examples[] = {
    "# A small scenario to start from, its story, and the objects after 5 seconds.",
    "epsim help example > web.yaml",
    "epsim run web.yaml",
    "epsim get endpointslices --at 5s web.yaml",
    "# Keep a run, and draw it.",
    "epsim run web.yaml -o web.db",
    "epsim plot web.db -o web.svg",
    NULL,
};

const struct command command_root = {
    .name = "epsim",
    .about = "how Kubernetes keeps Endpoints and EndpointSlices up to date, simulated",
    .usage = "COMMAND [OPTION]... [FILE]...",
    .text =
        "A scenario is a file of ordinary Kubernetes manifests (Services, Deployments, Pods, ...) and at "
        "most one document 'kind: Scenario' that says what happens when. epsim plays it in simulated time "
        "against controllers that behave as the real ones, always with the same result.",
    .options = root_options,
    .option_count = ROOT_OPTION_COUNT,
    .examples = examples,
    .exit_ok = "all is well",
    .exit_failed = "the run or an expectation failed, or something could not be written",
    .exit_usage = "wrong usage or bad input",
    .children = children,
};

static const struct command *find_child(const struct command *command, const char *name)
{
    for (const struct command *const *child = command->children; *child != NULL; child++)
        if (strcmp((*child)->name, name) == 0)
            return *child;
    return NULL;
}

static enum exit_code unknown_child(
    const struct arguments *arguments, const struct command *command, const char *name)
{
    VEC(const char *) names = {0};
    for (const struct command *const *child = command->children; *child != NULL; child++)
        vec_push(&names, (*child)->name);
    const char *near = text_suggest(name, names.items, names.count);
    vec_fini(&names);
    return near != NULL ? usage_error(arguments, "unknown command '%s'; did you mean '%s'?", name, near)
                        : usage_error(arguments, "unknown command '%s'", name);
}

enum exit_code command_find(const struct arguments *arguments, const char *const *names, uint32_t count,
    const struct command **out, struct text *path)
{
    const struct command *command = &command_root;
    text_add(path, command->name);
    for (uint32_t i = 0; i < count; i++) {
        if (command->children == NULL)
            return usage_error(arguments, "'%s' has no command '%s'", path->data, names[i]);
        const struct command *child = find_child(command, names[i]);
        if (child == NULL)
            return unknown_child(arguments, command, names[i]);
        command = child;
        text_printf(path, " %s", command->name);
    }
    *out = command;
    return EXIT_OK;
}

static enum exit_code print_help(const struct command *command, const char *path)
{
    struct text out = {0};
    help_text(&out, command, path);
    enum exit_code code = output_write(&out);
    text_fini(&out);
    return code;
}

enum exit_code version_print(void)
{
    struct text out = {0};
    text_add(&out, "epsim " EPSIM_VERSION "\n");
    enum exit_code code = output_write(&out);
    text_fini(&out);
    return code;
}

/* A command with children: its own options, or the name of a child. */
static int run_parent(const struct arguments *arguments)
{
    if (arguments->command == &command_root && arguments->values[ROOT_VERSION].count > 0)
        return version_print();
    struct text message = {0};
    help_text(&message, arguments->command, arguments->path);
    error_write(&message);
    text_fini(&message);
    return EXIT_USAGE;
}

static int run_command(const struct command *command, const char *path, int argc, char **argv)
{
    /* The name of a command that is none is the mistake, not the options after it. */
    bool is_name = command->children != NULL && argc > 0 && argv[0][0] != '-';
    struct arguments arguments;
    int code = (int)arguments_parse(&arguments, command, path, is_name ? 1 : argc, argv);
    if (code == EXIT_OK && arguments.help)
        code = (int)print_help(command, path);
    else if (code == EXIT_OK && command->children != NULL && arguments.operands.count > 0)
        code = (int)unknown_child(&arguments, command, arguments.operands.items[0]);
    else if (code == EXIT_OK)
        code = command->children != NULL ? run_parent(&arguments) : command->run(&arguments);
    arguments_fini(&arguments);
    return code;
}

int main(int argc, char **argv)
{
    output_setup();
    const struct command *command = &command_root;
    struct text path = {0};
    text_add(&path, command->name);
    int next = 1;
    while (command->children != NULL && next < argc) {
        const struct command *child = find_child(command, argv[next]);
        if (child == NULL)
            break;
        command = child;
        text_printf(&path, " %s", command->name);
        next++;
    }
    int code = run_command(command, path.data, argc - next, argv + next);
    text_fini(&path);
    return code;
}
