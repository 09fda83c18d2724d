/*
 * import_recording.c: `epsim import kubectl-watch` and `epsim import audit`: what happened in a real cluster
 * as a scenario.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "cli/commands.h"
#include "cli/import_target.h"
#include "cli/output.h"
#include "scenario/import_audit.h"
#include "scenario/import_watch.h"

/* Kinds that are passed over and shown; --verbose shows all. */
#define IGNORED_SHOWN_MAX 4

enum { OUTPUT, FORCE, NAME, VERBOSE, QUIET, OPTION_COUNT };

static const struct option options[OPTION_COUNT] = {
    [OUTPUT] = {OPTION_TEXT, 'o', "output", "S.yaml", "standard output", "where the scenario goes"},
    [FORCE] = {OPTION_FLAG, 'f', "force", NULL, NULL, "write over a file that exists"},
    [NAME] = {OPTION_TEXT, 0, "name", "NAME", "that of the first file", "name of the scenario"},
    [VERBOSE] = {OPTION_FLAG, 'v', "verbose", NULL, NULL, "tell all that was passed over, not only a few"},
    [QUIET] = {OPTION_FLAG, 'q', "quiet", NULL, NULL, "tell only mistakes"},
};

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
    .options = options,
    .option_count = OPTION_COUNT,
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
    .options = options,
    .option_count = OPTION_COUNT,
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

static void add_ignored(struct text *out, const struct import_recording_stats *stats, bool all)
{
    uint32_t shown =
        all || stats->ignored.count <= IGNORED_SHOWN_MAX ? stats->ignored.count : IGNORED_SHOWN_MAX;
    if (stats->ignored.count == 0)
        return;
    text_add(out, "  passed over:");
    for (uint32_t i = 0; i < shown; i++) {
        text_add(out, i ? ", " : " ");
        text_add_grouped(out, stats->ignored.items[i].count);
        text_printf(out, " %s", stats->ignored.items[i].what);
    }
    if (shown < stats->ignored.count)
        text_printf(out, " and %u more (--verbose tells all)", stats->ignored.count - shown);
    text_add_char(out, '\n');
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
    const struct arguments *arguments, const struct import_recording_stats *stats, const char *exactness)
{
    struct text out = {0};
    const struct import_counts *counts = &stats->counts;
    add_objects(&out, counts->objects);
    text_add(&out, " over ");
    text_add_duration(&out, counts->last_ns);
    if (counts->start_ns > 0) {
        text_add(&out, " from ");
        text_add_rfc3339(&out, counts->start_ns);
    }
    text_add(&out, "\n  at the start: ");
    add_objects(&out, counts->at_start);
    text_add(&out, "\n  ");
    import_add_count(&out, counts->events, "event", "events");
    text_add(&out, ": ");
    import_add_count(&out, counts->creations, "creation", "creations");
    text_add(&out, ", ");
    import_add_count(&out, counts->deletions, "deletion", "deletions");
    text_add(&out, ", ");
    text_add_grouped(&out, counts->readiness);
    text_add(&out, " of readiness, ");
    text_add_grouped(&out, counts->labels);
    text_add(&out, " of labels, ");
    text_add_grouped(&out, counts->applies);
    text_add(&out, " other\n");
    add_notes(&out, stats);
    add_ignored(&out, stats, arguments->values[VERBOSE].count > 0);
    text_add(&out, exactness);
    if (arguments->values[OUTPUT].text != NULL)
        text_printf(&out, "  written: %s\n", arguments->values[OUTPUT].text);
    error_write(&out);
    text_fini(&out);
}

static void tell_watch(const struct arguments *arguments, const struct import_recording_stats *stats)
{
    struct text exactness = {0};
    text_add(
        &exactness, "  times are whole seconds, as objects hold them; within one only the order is known");
    if (stats->without_time > 0) {
        text_add(&exactness, ";\n  ");
        import_add_count(&exactness, stats->without_time, "change has", "changes have");
        text_add(&exactness, " no time of their own and stand at that of the one before");
    }
    text_add_char(&exactness, '\n');
    if (!stats->has_watch_events)
        text_add(&exactness, "  no watch events (--output-watch-events): deletions are seen of pods alone\n");
    tell(arguments, stats, exactness.data);
    text_fini(&exactness);
}

/* --- the command --------------------------------------------------------------------------------------- */

typedef enum status importer(const struct import_recording_options *options, struct arena *arena,
    struct diag *diag, FILE *out, struct import_recording_stats *stats);
typedef void teller(const struct arguments *arguments, const struct import_recording_stats *stats);

static enum exit_code convert(
    const struct arguments *arguments, struct import_target *target, importer *import, teller *tell_of)
{
    const struct option_value *values = arguments->values;
    char *name = import_stem(arguments->operands.items[0], "recording");
    struct import_recording_options request = {
        .paths = arguments->operands.items,
        .path_count = arguments->operands.count,
        .name = values[NAME].count > 0 ? values[NAME].text : name,
    };
    struct import_recording_stats stats = {0};
    struct arena arena;
    arena_init(&arena);
    struct diag *diag = diag_create();
    enum status status = import(&request, &arena, diag, target->file, &stats);
    diag_print(diag, stderr, false);
    enum exit_code code = EXIT_OK;
    if (status == STATUS_IO && diag_error_count(diag) == 0) {
        error_print("the scenario could not be written: %s", strerror(errno));
        code = EXIT_FAILED;
    } else if (status != STATUS_OK) {
        code = EXIT_USAGE;
    }
    enum exit_code closed = import_target_close(target, code == EXIT_OK);
    code = code != EXIT_OK ? code : closed;
    if (code == EXIT_OK && values[QUIET].count == 0)
        tell_of(arguments, &stats);
    import_recording_stats_fini(&stats);
    diag_destroy(diag);
    arena_fini(&arena);
    free(name);
    return code;
}

static enum exit_code run_import(const struct arguments *arguments, importer *import, teller *tell_of)
{
    const char *output = arguments->values[OUTPUT].text;
    struct import_target target = {0};
    if (arguments->operands.count == 0)
        return usage_error(arguments, "no FILE given");
    if (output == NULL || strcmp(output, "-") == 0) {
        target.file = stdout;
        return convert(arguments, &target, import, tell_of);
    }
    enum exit_code code = import_target_open(&target, output, arguments->values[FORCE].count > 0,
        arguments->operands.items, arguments->operands.count);
    return code == EXIT_OK ? convert(arguments, &target, import, tell_of) : code;
}

static int run_watch(const struct arguments *arguments)
{
    return run_import(arguments, import_watch, tell_watch);
}

static void tell_audit(const struct arguments *arguments, const struct import_recording_stats *stats)
{
    tell(arguments, stats, "");
}

static int run_audit(const struct arguments *arguments)
{
    return run_import(arguments, import_audit, tell_audit);
}
