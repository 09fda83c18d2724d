/*
 * help.c: `epsim help [COMMAND]`, and three small files to start from.
 */
#include <string.h>

#include "cli/commands.h"
#include "cli/example_imports.h"
#include "cli/example_recording.h"
#include "cli/output.h"

/* Kept small on purpose: everything that a first scenario needs, on one screen. */
static const char example_scenario[] = //
    "# 15 pods behind one Service, at most 5 endpoints a slice: 3 slices.\n"
    "apiVersion: v1\n"
    "kind: Service\n"
    "metadata: {name: web}\n"
    "spec:\n"
    "  selector: {app: web}\n"
    "  ports: [{name: http, port: 80, targetPort: 8080}]\n"
    "---\n"
    "apiVersion: apps/v1\n"
    "kind: Deployment\n"
    "metadata: {name: web}\n"
    "spec:\n"
    "  replicas: 15\n"
    "  selector: {matchLabels: {app: web}}\n"
    "  template: {metadata: {labels: {app: web}}}\n"
    "---\n"
    "apiVersion: epsim.dev/v1\n"
    "kind: Scenario\n"
    "metadata: {name: web}\n"
    "spec:\n"
    "  until: 60s\n"
    "  controllers: {maxEndpointsPerSlice: 5}\n"
    "  events:\n"
    "  - {at: 10s, scale: deployment/web, replicas: 20}\n"
    "  - {at: 20s, delete: pod/web-3}\n"
    "  - {at: 30s, unready: pod/web-5}\n"
    "  - {at: 40s, rollout: deployment/web}\n"
    "  expect:\n"
    "  - {at: 5s, service: web, slices: 3, ready: 15, truncated: false}\n"
    "  - {at: 15s, service: web, slices: 4, ready: 20}\n";

static const char example_csv[] = //
    "app,instance,created,deleted\n"
    "shop,shop-a,,\n"
    "shop,shop-b,,120\n"
    "shop,shop-c,60,\n"
    "search,search-a,30,300\n"
    "search,search-b,90,\n";

static const char example_sweep[] = //
    "# How many slices, and how many writes? Six slice sizes, three times each.\n"
    "apiVersion: epsim.dev/v1\n"
    "kind: Sweep\n"
    "metadata: {name: sizes}\n"
    "spec:\n"
    "  scenario: web.yaml\n"
    "  expect: ignore # its expectations are for its own slice size\n"
    "  parameters:\n"
    "    controllers.maxEndpointsPerSlice: [1, 2, 5, 10, 20, 100]\n"
    "  repetitions: 3\n"
    "  record: series\n";

static const char *const examples[] = {
    "# What a command does, its options, and its exit codes.",
    "epsim help run",
    "epsim help import csv",
    "# A scenario, a trace and a recording to start from.",
    "epsim help example > web.yaml",
    "epsim help example-csv > pods.csv",
    "epsim help example-recording > sync.ndjson",
    "# A sweep over that scenario.",
    "epsim help example-sweep > sizes.yaml",
    NULL,
};

static int run(const struct arguments *arguments);

const struct command command_help = {
    .name = "help",
    .about = "about a command; 'help example' prints a small scenario",
    .usage = "[COMMAND]... | example[-WHAT]",
    .text = "Without a name: an overview of all commands. 'example' prints a small scenario; example-csv, "
            "example-watch, example-audit, example-kwok and example-simkube print something to try 'epsim "
            "import' with, "
            "example-recording one "
            "recorded sync for 'epsim verify', example-sweep a small sweep for 'epsim sweep'.",
    .examples = examples,
    .exit_ok = "all is well",
    .exit_failed = "standard output could not be written",
    .exit_usage = "no such command",
    .run = run,
};

static int run_version(const struct arguments *arguments)
{
    if (arguments->operands.count > 0)
        return usage_error(arguments, "unexpected '%s'", arguments->operands.items[0]);
    return version_print();
}

const struct command command_version = {
    .name = "version",
    .about = "the version, and nothing else",
    .usage = "",
    .examples = (const char *const[]){"epsim version", NULL},
    .exit_ok = "all is well",
    .exit_failed = "standard output could not be written",
    .exit_usage = "wrong usage",
    .run = run_version,
};

/* NULL when the topic is none. */
static const char *example_of(const char *topic)
{
    static const struct {
        const char *topic, *text;
    } all[] = {
        {"example", example_scenario},
        {"example-csv", example_csv},
        {"example-recording", example_recording},
        {"example-sweep", example_sweep},
        {"example-watch", example_watch},
        {"example-audit", example_audit},
        {"example-kwok", example_kwok},
        {"example-simkube", example_simkube},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (strcmp(topic, all[i].topic) == 0)
            return all[i].text;
    return NULL;
}

static int run(const struct arguments *arguments)
{
    const char *topic = arguments->operands.count > 0 ? arguments->operands.items[0] : "";
    struct text out = {0};
    enum exit_code code = EXIT_OK;
    const char *example = arguments->operands.count == 1 ? example_of(topic) : NULL;
    if (example != NULL) {
        text_add(&out, example);
    } else {
        struct text path = {0};
        const struct command *command = NULL;
        code = command_find(arguments, arguments->operands.items, arguments->operands.count, &command, &path);
        if (code == EXIT_OK)
            help_text(&out, command, path.data);
        text_fini(&path);
    }
    if (code == EXIT_OK)
        code = output_write(&out);
    text_fini(&out);
    return code;
}
