/*
 * load.c: see load.h.
 */
#include "cli/load.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/output.h"

/* The first bytes of every SQLite database, NUL included. */
static const char sqlite_magic[16] = "SQLite format 3";

bool load_is_database(const char *path)
{
    struct stat info;
    if (strcmp(path, "-") == 0 || stat(path, &info) != 0 || !S_ISREG(info.st_mode))
        return false; /* a pipe is read once: it is a scenario's */
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return false; /* whoever reads it tells why it cannot be */
    char head[sizeof sqlite_magic];
    bool is =
        fread(head, 1, sizeof head, file) == sizeof head && memcmp(head, sqlite_magic, sizeof head) == 0;
    fclose(file);
    return is;
}

void load_sets_init(struct load_sets *sets, const struct option_value *set, const struct option_value *policy)
{
    *sets = (struct load_sets){0};
    for (uint32_t i = 0; i < set->list.count; i++)
        vec_push(&sets->items, set->list.items[i]);
    if (policy->count == 0)
        return;
    text_printf(&sets->policy, LOAD_POLICY_PATH "=%s", policy->text);
    vec_push(&sets->items, sets->policy.data);
}

void load_sets_fini(struct load_sets *sets)
{
    vec_fini(&sets->items);
    text_fini(&sets->policy);
}

void load_note_policy(const struct scenario *scenario)
{
    enum packing_policy_kind policy = scenario->engine.packing_policy;
    if (policy != PACKING_UPSTREAM)
        note_print("packing policy %s: a what-if, the real controller packs as upstream does",
            packing_policy_text(policy));
}

enum exit_code load_scenario(const struct scenario_input *inputs, uint32_t input_count,
    const char *const *sets, uint32_t set_count, enum load_detail detail, struct scenario **out)
{
    struct scenario *scenario;
    enum status status = scenario_load(inputs, input_count, sets, set_count, &scenario);
    if (status != STATUS_OK || detail != LOAD_ERRORS)
        diag_print(scenario->diag, stderr, detail == LOAD_NOTES);
    *out = scenario;
    if (status == STATUS_OK)
        return EXIT_OK;
    if (diag_error_count(scenario->diag) == 0)
        error_print("%s: %s", inputs[0].path, status_text(status));
    scenario_destroy(scenario);
    *out = NULL;
    return EXIT_USAGE;
}

/* What is no file at all has no position to be told at. */
static bool is_readable(const char *path)
{
    struct stat info;
    if (strcmp(path, "-") == 0)
        return true;
    if (stat(path, &info) != 0 || access(path, R_OK) != 0)
        error_print("%s: %s", path, strerror(errno));
    else if (S_ISDIR(info.st_mode))
        error_print("%s is a folder; a scenario is given by its files", path);
    else if (load_is_database(path))
        error_print("%s is a database; 'epsim get' and 'epsim plot' read it", path);
    else
        return true;
    return false;
}

enum exit_code load_operands(const struct arguments *arguments, const char *const *paths, uint32_t path_count,
    const char *const *sets, uint32_t set_count, enum load_detail detail, struct scenario **out)
{
    *out = NULL;
    VEC(struct scenario_input) inputs = {0};
    uint32_t standard_inputs = 0, unreadable = 0;
    for (uint32_t i = 0; i < path_count; i++) {
        standard_inputs += strcmp(paths[i], "-") == 0;
        unreadable += !is_readable(paths[i]);
        vec_push(&inputs, ((struct scenario_input){.path = paths[i]}));
    }
    enum exit_code code = EXIT_USAGE;
    if (standard_inputs > 1)
        code = usage_error(arguments, "'-' (standard input) can be read only once");
    else if (unreadable == 0)
        code = load_scenario(inputs.items, inputs.count, sets, set_count, detail, out);
    vec_fini(&inputs);
    return code;
}

void load_print_failure(const struct scenario *scenario, const char *message, struct position at)
{
    diag_clear(scenario->diag);
    diag_error(scenario->diag, at, "%s", message);
    diag_print(scenario->diag, stderr, false);
}
