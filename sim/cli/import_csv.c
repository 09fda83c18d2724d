/*
 * import_csv.c: `epsim import csv`: a table of pods as a scenario.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "cli/commands.h"
#include "cli/format.h"
#include "cli/import_target.h"
#include "cli/output.h"
#include "scenario/import_csv.h"

/* Changed names that are shown of each kind; --verbose shows all. */
#define RENAMED_SHOWN_MAX 3

enum {
    CSV_SERVICE,
    CSV_POD,
    CSV_CREATE,
    CSV_DELETE,
    CSV_READY,
    CSV_NODE,
    CSV_LABEL,
    CSV_OUTPUT,
    CSV_EXTERNAL,
    CSV_FORCE,
    CSV_NAME,
    CSV_VERBOSE,
    CSV_QUIET,
    CSV_OPTION_COUNT
};

static const struct option options[CSV_OPTION_COUNT] = {
    [CSV_SERVICE] = {OPTION_TEXT, 0, "service", "C", NULL, "column with the name of the pod's Service"},
    [CSV_POD] = {OPTION_TEXT, 0, "pod", "C", NULL, "column with the pod's name"},
    [CSV_CREATE] = {OPTION_TEXT, 0, "create", "C", NULL,
        "column with the time of its creation; empty: it is there from the start"},
    [CSV_DELETE] = {OPTION_TEXT, 0, "delete", "C", NULL,
        "column with the time of its deletion; empty: it is never deleted"},
    [CSV_READY] = {OPTION_TEXT, 0, "ready", "C", "at its creation",
        "column with the time at which it is ready"},
    [CSV_NODE] = {OPTION_TEXT, 0, "node", "C", "as the scenario places it", "column with its node"},
    [CSV_LABEL] = {OPTION_LIST, 0, "label", "C", NULL, "column that becomes a label; may be repeated"},
    [CSV_OUTPUT] = {OPTION_TEXT, 'o', "output", "S.yaml", "standard output", "where the scenario goes"},
    [CSV_EXTERNAL] = {OPTION_FLAG, 0, "external", NULL, NULL,
        "the rows go to a file beside it, S.rows, instead of into it"},
    [CSV_FORCE] = {OPTION_FLAG, 'f', "force", NULL, NULL, "write over files that exist"},
    [CSV_NAME] = {OPTION_TEXT, 0, "name", "NAME", "that of the table's file", "name of the scenario"},
    [CSV_VERBOSE] = {OPTION_FLAG, 'v', "verbose", NULL, NULL,
        "tell all names that were changed, not only a few"},
    [CSV_QUIET] = {OPTION_FLAG, 'q', "quiet", NULL, NULL, "tell only mistakes"},
};

static const char *const examples[] = {
    "# app,instance,created,deleted are the columns of this table.",
    "epsim import csv pods.csv --service app --pod instance --create created --delete deleted -o pods.yaml",
    "epsim run pods.yaml",
    "# Through a pipe.",
    "epsim import csv pods.csv -q --service app --pod instance --create created --delete deleted | epsim run "
    "-",
    NULL,
};

static int run(const struct arguments *arguments);

const struct command command_import_csv = {
    .name = "csv",
    .about = "a table of pods and their times as a scenario",
    .usage = "FILE --service C --pod C --create C --delete C [...]",
    .text =
        "The table's first row names its columns; each other row is a pod. Times are in seconds from the "
        "start. "
        "'-' is standard input. The scenario has each Service with the selector app=NAME, each node, and one "
        "replay of all rows. Names that Kubernetes would not take are changed, and what was changed is told.",
    .options = options,
    .option_count = CSV_OPTION_COUNT,
    .examples = examples,
    .exit_ok = "the scenario is written",
    .exit_failed = "it could not be written",
    .exit_usage = "wrong usage or bad input; nothing was written",
    .run = run,
};

/* --- messages ---------------------------------------------------------------------------------------- */

static void add_renamed(
    struct text *out, const struct renaming *items, uint32_t count, const char *kind, bool all)
{
    uint32_t shown = all || count <= RENAMED_SHOWN_MAX ? count : RENAMED_SHOWN_MAX;
    if (count == 0)
        return;
    text_printf(out, "  %s changed, as Kubernetes would not take them:\n", kind);
    for (uint32_t i = 0; i < shown; i++)
        text_printf(out, "    %s -> %s%s\n", items[i].from, items[i].to,
            items[i].taken ? " (another has the name without the number)" : "");
    if (shown < count) {
        text_add(out, "    and ");
        text_add_grouped(out, count - shown);
        text_add(out, " more (--verbose tells all)\n");
    }
}

static void tell(const struct arguments *arguments, const struct import_csv_stats *stats, const char *output)
{
    struct text out = {0};
    bool all = arguments->values[CSV_VERBOSE].count > 0;
    text_printf(&out, "%s: ", arguments->operands.items[0]);
    import_add_count(&out, stats->rows, "pod", "pods");
    text_add(&out, " of ");
    import_add_count(&out, stats->services, "Service", "Services");
    if (stats->nodes > 0) {
        text_add(&out, " on ");
        import_add_count(&out, stats->nodes, "node", "nodes");
    }
    text_add(&out, ", up to ");
    text_add_time(&out, stats->last_ns);
    text_add(&out, "\n  ");
    import_add_count(&out, stats->creations, "creation", "creations");
    text_add(&out, " and ");
    import_add_count(&out, stats->deletions, "deletion", "deletions");
    text_add(&out, "; ");
    text_add_grouped(&out, stats->from_start);
    text_add(&out, " there from the start, ");
    text_add_grouped(&out, stats->never_deleted);
    text_add(&out, " never deleted\n");
    add_renamed(&out, stats->services_renamed.items, stats->services_renamed.count, "Services' names", all);
    add_renamed(&out, stats->pods_renamed.items, stats->pods_renamed.count, "Pods' names", all);
    add_renamed(
        &out, stats->others_renamed.items, stats->others_renamed.count, "Nodes' and labels' names", all);
    if (output != NULL)
        text_printf(&out, "  written: %s\n", output);
    error_write(&out);
    text_fini(&out);
}

/* --- the command
 * ----------------------------------------------------------------------------------------------- */

static enum exit_code check_arguments(const struct arguments *arguments)
{
    static const int needed[] = {CSV_SERVICE, CSV_POD, CSV_CREATE, CSV_DELETE};
    if (arguments->operands.count == 0)
        return usage_error(arguments, "no FILE given");
    if (arguments->operands.count > 1)
        return usage_error(arguments, "one FILE at a time; unexpected '%s'", arguments->operands.items[1]);
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (arguments->values[needed[i]].count == 0)
            return usage_error(
                arguments, "--%s is needed: %s", options[needed[i]].name, options[needed[i]].about);
    if (arguments->values[CSV_EXTERNAL].count > 0 && arguments->values[CSV_OUTPUT].count == 0)
        return usage_error(arguments, "--external needs --output S.yaml, for the rows go beside it");
    return EXIT_OK;
}

struct targets {
    struct import_target scenario, rows;
    char *rows_name; /* as the scenario refers to it: beside itself */
};

static enum exit_code open_targets(const struct arguments *arguments, struct targets *targets)
{
    const char *input = arguments->operands.items[0];
    const char *output = arguments->values[CSV_OUTPUT].text;
    bool force = arguments->values[CSV_FORCE].count > 0;
    if (output == NULL || strcmp(output, "-") == 0) {
        targets->scenario.file = stdout;
        return EXIT_OK;
    }
    enum exit_code code = import_target_open(&targets->scenario, output, force, &input, 1);
    if (code != EXIT_OK || arguments->values[CSV_EXTERNAL].count == 0)
        return code;
    char *name = import_stem(output, "table");
    const char *slash = strrchr(output, '/');
    struct text rows = {0};
    text_printf(&rows, "%s.rows", name);
    targets->rows_name = mem_strndup(rows.data, rows.length);
    text_clear(&rows);
    text_add_bytes(&rows, output, slash != NULL ? (size_t)(slash + 1 - output) : 0);
    text_add(&rows, targets->rows_name);
    if (strcmp(rows.data, output) == 0) {
        error_print("--external: the rows would go to %s, too; call the scenario otherwise", output);
        code = EXIT_USAGE;
    } else {
        code = import_target_open(&targets->rows, rows.data, force, &input, 1);
    }
    text_fini(&rows);
    free(name);
    return code;
}

static enum exit_code convert(const struct arguments *arguments, struct targets *targets)
{
    const struct option_value *values = arguments->values;
    char *name = import_stem(arguments->operands.items[0], "table");
    struct import_csv_options request = {
        .path = arguments->operands.items[0],
        .service = values[CSV_SERVICE].text,
        .pod = values[CSV_POD].text,
        .create = values[CSV_CREATE].text,
        .delete_column = values[CSV_DELETE].text,
        .ready = values[CSV_READY].text,
        .node = values[CSV_NODE].text,
        .labels = values[CSV_LABEL].list.items,
        .label_count = values[CSV_LABEL].list.count,
        .name = values[CSV_NAME].count > 0 ? values[CSV_NAME].text : name,
        .rows_file = targets->rows_name,
    };
    struct import_csv_stats stats = {0};
    struct arena arena;
    arena_init(&arena);
    struct diag *diag = diag_create();
    enum status status =
        import_csv(&request, &arena, diag, targets->scenario.file, targets->rows.file, &stats);
    enum exit_code code = import_tell(status, diag);
    enum exit_code closed = import_target_close(&targets->rows, code == EXIT_OK);
    if (closed == EXIT_OK)
        closed = import_target_close(&targets->scenario, code == EXIT_OK);
    else
        import_target_close(&targets->scenario, false);
    code = code != EXIT_OK ? code : closed;
    if (code == EXIT_OK && values[CSV_QUIET].count == 0)
        tell(arguments, &stats, values[CSV_OUTPUT].text);
    diag_destroy(diag);
    import_csv_stats_fini(&stats);
    arena_fini(&arena);
    free(name);
    return code;
}

static int run(const struct arguments *arguments)
{
    enum exit_code code = check_arguments(arguments);
    if (code != EXIT_OK)
        return code;
    struct targets targets = {0};
    code = open_targets(arguments, &targets);
    if (code == EXIT_OK) {
        code = convert(arguments, &targets);
    } else {
        import_target_close(&targets.scenario, false);
        import_target_close(&targets.rows, false);
    }
    free(targets.rows_name);
    return code;
}
