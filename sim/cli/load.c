/*
 * load.c: see load.h.
 */
#include "cli/load.h"

#include <stdio.h>
#include <string.h>

#include "cli/output.h"

enum exit_code load_scenario(const struct scenario_input *inputs, uint32_t input_count,
    const char *const *sets, uint32_t set_count, bool verbose, struct scenario **out)
{
    struct scenario *scenario;
    enum status status = scenario_load(inputs, input_count, sets, set_count, &scenario);
    diag_print(scenario->diag, stderr, verbose);
    *out = scenario;
    if (status == STATUS_OK)
        return EXIT_OK;
    if (diag_error_count(scenario->diag) == 0)
        error_print("%s: %s", inputs[0].path, status_text(status));
    scenario_destroy(scenario);
    *out = NULL;
    return EXIT_USAGE;
}

enum exit_code load_operands(const struct arguments *arguments, const char *const *paths, uint32_t path_count,
    const char *const *sets, uint32_t set_count, bool verbose, struct scenario **out)
{
    *out = NULL;
    VEC(struct scenario_input) inputs = {0};
    uint32_t standard_inputs = 0;
    for (uint32_t i = 0; i < path_count; i++) {
        standard_inputs += strcmp(paths[i], "-") == 0;
        vec_push(&inputs, ((struct scenario_input){.path = paths[i]}));
    }
    enum exit_code code;
    if (standard_inputs > 1)
        code = usage_error(arguments, "'-' (standard input) can be read only once");
    else
        code = load_scenario(inputs.items, inputs.count, sets, set_count, verbose, out);
    vec_fini(&inputs);
    return code;
}

void load_print_failure(const struct scenario *scenario, const char *message, struct position at)
{
    diag_clear(scenario->diag);
    diag_error(scenario->diag, at, "%s", message);
    diag_print(scenario->diag, stderr, false);
}
