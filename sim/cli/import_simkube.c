/*
 * import_simkube.c: `epsim import simkube`: a trace of SimKube.
 */
#include "scenario/import_simkube.h"
#include "cli/commands.h"
#include "cli/import_files.h"
#include "cli/import_target.h"

static const char *const examples[] = {
    "# A trace to try it with, and the scenario that it makes.",
    "epsim help example-simkube > trace.json",
    "epsim import simkube trace.json -o trace.yaml",
    "epsim run trace.yaml",
    NULL,
};

static int run(const struct arguments *arguments);

const struct command command_import_simkube = {
    .name = "simkube",
    .about = "an exported trace of SimKube as a scenario",
    .usage = "FILE [-o S.yaml] [OPTION]...",
    .text =
        "FILE is a trace of version 2 or 3 as sk-tracer exports it, in MessagePack, or as JSON ('-' is "
        "standard input). What its first event applies is there from the start; the others become 'apply' "
        "and "
        "'delete' events. The trace has what owns pods: Deployments, ReplicaSets, StatefulSets, DaemonSets, "
        "pods and Services are taken, other kinds are passed over. A trace that tracks no Services is run "
        "beside a file that has them. Lifetimes of pods are left out: scenarios have nothing for them.",
    .options = import_options,
    .option_count = IMPORT_OPTION_COUNT,
    .examples = examples,
    .exit_ok = "the scenario is written",
    .exit_failed = "it could not be written",
    .exit_usage = "wrong usage or bad input; nothing was written",
    .run = run,
};

static void tell(
    const struct arguments *arguments, const struct import_simkube_stats *stats, struct text *told)
{
    import_add_count(told, stats->objects, "object", "objects");
    text_add(told, " over ");
    text_add_duration(told, stats->last_ns);
    text_add(told, " from ");
    text_add_rfc3339(told, stats->start_s * NS_PER_S);
    text_add(told, "\n  ");
    text_add_grouped(told, stats->at_start);
    text_add(told, " there from the start; ");
    import_add_count(told, stats->applies, "apply", "applies");
    text_add(told, " and ");
    import_add_count(told, stats->deletions, "deletion", "deletions");
    text_add(told, " later\n");
    if (stats->services == 0)
        text_add(told, "  no services in it: run it beside a file that has them\n");
    if (stats->lifetimes > 0) {
        text_add(told, "  lifetimes of ");
        import_add_count(told, stats->lifetimes, "pod", "pods");
        text_add(told, " left out\n");
    }
    import_add_ignored(told, arguments, &stats->others);
}

static enum status import(const struct arguments *arguments, const struct import_recording_options *request,
    struct arena *arena, struct diag *diag, FILE *out, struct text *told)
{
    struct import_simkube_stats stats;
    enum status status = import_simkube(request, arena, diag, out, &stats);
    tell(arguments, &stats, told);
    import_simkube_stats_fini(&stats);
    return status;
}

static int run(const struct arguments *arguments)
{
    if (arguments->operands.count > 1)
        return usage_error(arguments, "one FILE at a time; unexpected '%s'", arguments->operands.items[1]);
    return import_files_run(arguments, import);
}
