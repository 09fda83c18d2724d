/*
 * what_if.c: see what_if.h.
 */
#include "experiment/what_if.h"

#include <string.h>

#include "engine/engine.h"

#define PATH "controllers.packingPolicy"

uint32_t what_if_of(const char *policy)
{
    for (int i = PACKING_UPSTREAM + 1; policy && i < PACKING_POLICY_COUNT; i++) {
        if (strcmp(policy, packing_policy_text((enum packing_policy_kind)i)) == 0)
            return UINT32_C(1) << i;
    }
    return 0;
}

/* The parameter counts; without one, what the scenario says. */
static uint32_t of_run(const struct sweep_plan *plan, const struct planned_run *run)
{
    enum packing_policy_kind own = plan->bases[run->scenario]->engine.packing_policy;
    uint32_t found = what_if_of(packing_policy_text(own));
    for (uint32_t i = 0; i < run->value_count; i++) {
        const char *path = run->paths[i];
        if (strncmp(path, "spec.", 5) == 0)
            path += 5;
        if (strcmp(path, PATH) == 0)
            found = what_if_of(run->values[i]->text);
    }
    return found;
}

uint32_t what_if_of_plan(const struct sweep_plan *plan)
{
    uint32_t found = 0;
    struct planned_run run;
    planned_run_init(&run, plan);
    for (uint32_t i = 0; i < plan->run_count; i++) {
        sweep_plan_run(plan, i, &run);
        found |= of_run(plan, &run);
    }
    planned_run_fini(&run);
    return found;
}

void what_if_add(struct text *out, uint32_t policies)
{
    uint32_t left = 0, count = 0;
    for (int i = 0; i < PACKING_POLICY_COUNT; i++)
        left += policies >> i & 1;
    if (left == 0)
        return;
    text_add(out, left == 1 ? "packing policy " : "packing policies ");
    const char *verb = left == 1 ? " is a what-if" : " are what-ifs";
    for (int i = 0; i < PACKING_POLICY_COUNT; i++) {
        if (!(policies >> i & 1))
            continue;
        left--;
        text_add(out, count++ == 0 ? "" : left == 0 ? " and " : ", ");
        text_add(out, packing_policy_text((enum packing_policy_kind)i));
    }
    text_printf(out, "%s, the real controller packs as upstream does", verb);
}
