/*
 * import_recording.c: `epsim import kubectl-watch` and `epsim import audit`: what happened in a real cluster
 * as a scenario.
 */
#include "cli/commands.h"
#include "cli/import_files.h"
#include "cli/import_target.h"
#include "scenario/import_audit.h"
#include "scenario/import_watch.h"

static const char *const watch_examples[] = {
    "# A stream to try it with, and the scenario that it makes.",
    "epsim help example-watch > watch.json",
    "epsim import kubectl-watch watch.json -o cart.yaml",
    "epsim run cart.yaml -o cart.db",
    "# The Service's pods as they were 20 seconds after the watch began.",
    "epsim get endpointslices -n shop --at 20s -o yaml cart.yaml",
    NULL,
};

static int run_watch(const struct arguments *arguments);

const struct command command_import_watch = {
    .name = "kubectl-watch",
    .about = "what 'kubectl get --watch' printed as a scenario",
    .usage = "FILE... [-o S.yaml] [OPTION]...",
    .text =
        "Each FILE is what one 'kubectl get KIND -A -o json --watch --output-watch-events "
        "--show-managed-fields' printed, JSON or YAML, of pods, services, nodes, endpoints or endpointslices "
        "('-' is standard input). Pods and services are needed; nodes give zones. The list that a watch "
        "begins with is the starting state; what changed then becomes events.\n"
        "Times are those that the objects hold, in whole seconds; resourceVersions give the order. Without "
        "--show-managed-fields changes of labels and services have no time of their own, and without "
        "--output-watch-events only deletions of pods are seen.",
    .options = import_options,
    .option_count = IMPORT_OPTION_COUNT,
    .examples = watch_examples,
    .exit_ok = "the scenario is written",
    .exit_failed = "it could not be written",
    .exit_usage = "wrong usage or bad input; nothing was written",
    .run = run_watch,
};

static const char *const audit_examples[] = {
    "# A log to try it with, and the scenario that it makes.",
    "epsim help example-audit > audit.log",
    "epsim import audit audit.log -o cart.yaml",
    "epsim run cart.yaml -o cart.db",
    "# Through pipes, as a log that was put away comes.",
    "gzip audit.log && zcat audit.log.gz | epsim import audit - -q | epsim run -",
    NULL,
};

static int run_audit(const struct arguments *arguments);

const struct command command_import_audit = {
    .name = "audit",
    .about = "an API server's audit log as a scenario",
    .usage = "[DUMP] FILE... [-o S.yaml] [OPTION]...",
    .text =
        "Each FILE is a log of audit.k8s.io/v1, an Event a line ('-' is standard input); several API servers "
        "have a log each. Its policy should have level RequestResponse for pods and their subresources, "
        "services and nodes; level Request will do for whole objects and for patches of pods.\n"
        "DUMP, what 'kubectl get services,pods,nodes,endpointslices -A -o json' printed when the log began, "
        "is "
        "the starting state. Without it, what the log changes and does not create is taken to have been "
        "there "
        "from the start.",
    .options = import_options,
    .option_count = IMPORT_OPTION_COUNT,
    .examples = audit_examples,
    .exit_ok = "the scenario is written",
    .exit_failed = "it could not be written",
    .exit_usage = "wrong usage or bad input; nothing was written",
    .run = run_audit,
};

/* --- messages ----------------------------------------------------------------------------------------- */

static void add_objects(struct text *out, const uint64_t counts[IMPORT_KIND_COUNT])
{
    bool any = false;
    for (int kind = IMPORT_KIND_COUNT - 1; kind >= 0; kind--) {
        if (counts[kind] == 0)
            continue;
        text_add(out, any ? ", " : "");
        import_add_count(out, counts[kind], import_kind_reference((enum import_kind)kind),
            import_kind_plural((enum import_kind)kind));
        any = true;
    }
    text_add(out, any ? "" : "nothing");
}

static void add_notes(struct text *out, const struct import_recording_stats *stats)
{
    const struct import_counts *counts = &stats->counts;
    if (counts->nodes_made > 0) {
        text_add(out, "  no nodes in it: ");
        import_add_count(out, counts->nodes_made, "node", "nodes");
        text_add(out, " without zones made of what pods say\n");
    }
    if (counts->objects[IMPORT_SERVICE] == 0)
        text_add(out, "  no services in it: nothing will have endpoints\n");
    if (counts->controllers_own > 0) {
        text_add(out, "  ");
        import_add_count(out, counts->controllers_own, "change", "changes");
        text_add(out, " of endpoints and slices by controllers left out: the run writes its own\n");
    }
    if (stats->lists > 0) {
        text_add(out, "  ");
        import_add_count(out, stats->lists, "watch was", "watches were");
        text_add(out, " begun again: what went meanwhile goes when the new list begins\n");
    }
}

static void tell(
    struct text *out, const struct arguments *arguments, const struct import_recording_stats *stats)
{
    const struct import_counts *counts = &stats->counts;
    add_objects(out, counts->objects);
    text_add(out, " over ");
    text_add_duration(out, counts->last_ns);
    if (counts->start_ns > 0) {
        text_add(out, " from ");
        text_add_rfc3339(out, counts->start_ns);
    }
    text_add(out, "\n  at the start: ");
    add_objects(out, counts->at_start);
    text_add(out, "\n  ");
    import_add_count(out, counts->events, "event", "events");
    text_add(out, ": ");
    import_add_count(out, counts->creations, "creation", "creations");
    text_add(out, ", ");
    import_add_count(out, counts->deletions, "deletion", "deletions");
    text_add(out, ", ");
    text_add_grouped(out, counts->readiness);
    text_add(out, " of readiness, ");
    text_add_grouped(out, counts->labels);
    text_add(out, " of labels, ");
    text_add_grouped(out, counts->applies);
    text_add(out, " other\n");
    add_notes(out, stats);
    import_add_ignored(out, arguments, stats);
}

static void tell_exactness(struct text *out, const struct import_recording_stats *stats)
{
    text_add(out, "  times are whole seconds, as objects hold them; within one only the order is known");
    if (stats->without_time > 0) {
        text_add(out, ";\n  ");
        import_add_count(out, stats->without_time, "change has", "changes have");
        text_add(out, " no time of their own and stand at that of the one before");
    }
    text_add_char(out, '\n');
    if (!stats->has_watch_events)
        text_add(out, "  no watch events (--output-watch-events): deletions are seen of pods alone\n");
}

/* --- the commands -------------------------------------------------------------------------------------- */

static enum status watch(const struct arguments *arguments, const struct import_recording_options *request,
    struct arena *arena, struct diag *diag, FILE *out, struct text *told)
{
    struct import_recording_stats stats;
    enum status status = import_watch(request, arena, diag, out, &stats);
    tell(told, arguments, &stats);
    tell_exactness(told, &stats);
    import_recording_stats_fini(&stats);
    return status;
}

static int run_watch(const struct arguments *arguments)
{
    return import_files_run(arguments, watch);
}

static enum status audit(const struct arguments *arguments, const struct import_recording_options *request,
    struct arena *arena, struct diag *diag, FILE *out, struct text *told)
{
    struct import_recording_stats stats;
    enum status status = import_audit(request, arena, diag, out, &stats);
    tell(told, arguments, &stats);
    import_recording_stats_fini(&stats);
    return status;
}

static int run_audit(const struct arguments *arguments)
{
    return import_files_run(arguments, audit);
}
