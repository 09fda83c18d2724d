/*
 * import_kwok.c: `epsim import kwok`: the delays of KWOK's stages.
 */
#include "scenario/import_kwok.h"
#include "cli/commands.h"
#include "cli/import_files.h"
#include "cli/import_target.h"

static const char *const examples[] = {
    "# Stages to try it with, and the scenario that they make.",
    "epsim help example-kwok > stages.yaml",
    "epsim import kwok stages.yaml -o delays.yaml",
    "# Pods of a manifest with these delays.",
    "epsim help example | sed '/epsim.dev/,$d' > web.yaml",
    "epsim run web.yaml delays.yaml",
    NULL,
};

static int run(const struct arguments *arguments);

const struct command command_import_kwok = {
    .name = "kwok",
    .about = "the delays of KWOK's Stages as those of kubelets",
    .usage = "FILE... [-o S.yaml] [OPTION]...",
    .text =
        "Each FILE has Stages of kwok.x-k8s.io, YAML or JSON ('-' is standard input). Of those for pods the "
        "one that gives an address becomes 'pods.start' of the scenario, the one that makes ready "
        "'pods.ready', the one that deletes 'pods.stop'. The scenario has nothing else: it is run beside "
        "manifests. Stages that scenarios have nothing for are passed over, and so is what is no Stage.",
    .options = import_options,
    .option_count = IMPORT_OPTION_COUNT,
    .examples = examples,
    .exit_ok = "the scenario is written",
    .exit_failed = "it could not be written",
    .exit_usage = "wrong usage or bad input; nothing was written",
    .run = run,
};

static void tell(const struct import_kwok_stats *stats, struct text *told)
{
    static const char *const roles[KWOK_ROLE_COUNT] = {
        "until they have an address", "from then until ready", "from deletion until gone"};
    import_add_count(told, stats->stages.count, "stage", "stages");
    text_add(told, " of pods:");
    for (uint32_t i = 0; i < stats->stages.count; i++)
        text_printf(told, "%s %s", i ? "," : "", stats->stages.items[i].name);
    text_add_char(told, '\n');
    for (int role = 0; role < KWOK_ROLE_COUNT; role++)
        text_printf(
            told, "  %s: %s\n", roles[role], stats->delays[role] ? stats->delays[role] : "no stage says it");
    for (uint32_t i = 0; i < stats->notes.count; i++)
        text_printf(told, "  %s\n", stats->notes.items[i]);
    for (uint32_t i = 0; i < stats->passed_over.count; i++)
        text_printf(told, "  passed over: %s\n", stats->passed_over.items[i]);
}

static enum status import(const struct arguments *arguments, const struct import_recording_options *request,
    struct arena *arena, struct diag *diag, FILE *out, struct text *told)
{
    (void)arguments;
    struct import_kwok_stats stats;
    enum status status = import_kwok(request, arena, diag, out, &stats);
    tell(&stats, told);
    import_kwok_stats_fini(&stats);
    return status;
}

static int run(const struct arguments *arguments)
{
    return import_files_run(arguments, import);
}
