/*
 * play_run.c: see play_run.h.
 */
#include "experiment/play_run.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "experiment/run_row.h"
#include "record/database.h"
#include "simulation/simulation.h"

void run_player_fini(struct run_player *player)
{
    scenario_destroy(player->scenario);
    vec_fini(&player->scenario_sets);
    planned_run_fini(&player->planned);
}

/* --- the scenario ------------------------------------------------------------------------------------ */

/* Texts of sets are the plan's own, so equal ones are the same pointer. */
static bool has_scenario(const struct run_player *player)
{
    const struct planned_run *planned = &player->planned;
    return player->scenario != NULL && player->scenario_number == planned->scenario &&
           player->scenario_sets.count == planned->set_count &&
           (planned->set_count == 0 || memcmp(player->scenario_sets.items, planned->sets,
                                           planned->set_count * sizeof *planned->sets) == 0);
}

static enum status prepare_scenario(struct run_player *player, struct text *why)
{
    const struct planned_run *planned = &player->planned;
    if (has_scenario(player))
        return STATUS_OK;
    scenario_destroy(player->scenario);
    player->scenario = NULL;
    enum status status = sweep_plan_load_scenario(player->plan, planned, &player->scenario, why);
    if (status != STATUS_OK)
        return status;
    player->scenario_number = planned->scenario;
    vec_clear(&player->scenario_sets);
    for (uint32_t i = 0; i < planned->set_count; i++)
        vec_push(&player->scenario_sets, planned->sets[i]);
    return STATUS_OK;
}

/* --- the row of the run ------------------------------------------------------------------------------ */

/* {"PATH": VALUE, ...} when there is no scenario to ask: as texts. */
static void add_params(struct text *out, const struct planned_run *planned)
{
    text_add_char(out, '{');
    for (uint32_t i = 0; i < planned->value_count; i++) {
        if (planned->values[i]->set == NULL)
            continue;
        text_add(out, out->length > 1 ? ", " : "");
        text_add_json(out, planned->paths[i], strlen(planned->paths[i]));
        text_add(out, ": ");
        text_add_json(out, planned->values[i]->text, strlen(planned->values[i]->text));
    }
    text_add_char(out, '}');
}

/* `scenario`: with its parameters, or the base when those make none. The stored text has no parameters, so
 * all runs of a scenario share it. */
static enum status begin_run(struct run_player *player, const struct scenario *scenario, const char *params,
    const struct catalog *catalog, struct recorder *recorder, struct engine_observer *observer)
{
    const struct planned_run *planned = &player->planned;
    const struct scenario *base = player->plan->bases[planned->scenario];
    struct text started = {0};
    player->add_wall_time(&started);
    const char *path = player->plan->file->scenarios[planned->scenario].paths[0];
    struct run_info info = run_row(scenario, path, planned->seed, planned->run, started.data);
    info.content_hash = planned->content_hash;
    info.params_json = params;
    info.source_text = base->text;
    info.source_length = base->text_length;
    info.run_id = (int64_t)planned->index + 1;
    enum status status = recorder_begin(recorder, &info, catalog, observer, NULL);
    text_fini(&started);
    return status;
}

static enum status tell(const struct recorder *recorder, enum status status, char **out_message)
{
    const char *message = NULL;
    if (status == STATUS_OK || recorder_status(recorder, &message) == STATUS_OK)
        return status;
    *out_message = mem_strndup(message, strlen(message));
    return status;
}

enum status play_failed_run(
    struct run_player *player, uint32_t index, struct recorder *recorder, const char *why, char **out_message)
{
    struct engine_observer observer = {0};
    struct text params = {0}, ended = {0};
    sweep_plan_run(player->plan, index, &player->planned);
    add_params(&params, &player->planned);
    enum status status = begin_run(
        player, player->plan->bases[player->planned.scenario], params.data, NULL, recorder, &observer);
    player->add_wall_time(&ended);
    if (status == STATUS_OK)
        status = recorder_end(recorder, "failed", why, 0, 0, 0, 0, ended.data);
    text_fini(&params);
    text_fini(&ended);
    return tell(recorder, status, out_message);
}

/* --- expectations ------------------------------------------------------------------------------------ */

static void add_expected(struct text *out, const struct expected_value *value)
{
    if (value->is_null)
        text_add(out, "null");
    else if (value->min == value->max)
        text_printf(out, "%.10g", value->min);
    else
        text_printf(out, "%.10g to %.10g", value->min, value->max);
}

/* The first expectation that was not met, and how many others. False when all were. */
static bool expectation_failure(
    const struct scenario *scenario, const struct simulation *simulation, struct text *why)
{
    uint32_t due = simulation_result_count(simulation), wanted = 0, failed = 0;
    for (uint32_t i = 0; i < scenario->expectations.count; i++)
        wanted += scenario->expectations.items[i].value_count;
    for (uint32_t i = 0; i < due; i++) {
        struct expectation_result result = simulation_result(simulation, i);
        if (result.passed || failed++ > 0)
            continue;
        const struct expected_value *value = result.value;
        text_printf(why, "expectation at %s:%" PRIu32 ": service %s: %s: expected ",
            diag_source_name(scenario->diag, value->at.source), value->at.line, result.expectation->service,
            expect_column_name(value->column));
        add_expected(why, value);
        if (result.service_missing)
            text_add(why, ", but there is no such Service then");
        else if (result.got_null)
            text_add(why, ", got null");
        else
            text_printf(why, ", got %.10g", result.got);
    }
    failed += wanted - due;
    if (due < wanted && failed == wanted - due)
        text_add(why, "the run ended before the time of an expectation");
    if (failed > 1)
        text_printf(why, "; %" PRIu32 " more are not met", failed - 1);
    return failed > 0;
}

/* --- playing ----------------------------------------------------------------------------------------- */

/* What became of it; true when it failed, with the reason in `why`. */
static bool has_failed(const struct run_player *player, const struct simulation *simulation,
    enum status status, struct text *why)
{
    if (status == STATUS_OK)
        return expectation_failure(player->scenario, simulation, why);
    struct position at;
    const char *message = simulation_failure(simulation, &at);
    text_printf(why, "%s:%" PRIu32 ":%" PRIu32 ": %s", diag_source_name(player->scenario->diag, at.source),
        at.line, at.column, message);
    return true;
}

static enum status play(struct run_player *player, struct simulation *simulation, struct recorder *recorder,
    struct played_run *out)
{
    double began_s = player->wall_s();
    simulation_start(simulation);
    recorder_adopt(recorder, simulation_store(simulation));
    enum status status = simulation_run_until(simulation, INT64_MAX, player->stop, NULL, NULL);
    if (status == STATUS_INTERRUPTED)
        return recorder_abandon(recorder) == STATUS_OK ? STATUS_INTERRUPTED : STATUS_IO;
    struct text why = {0}, ended = {0};
    struct clock *clock = simulation_clock(simulation);
    out->is_failed = has_failed(player, simulation, status, &why);
    out->events = clock_event_count(clock);
    player->add_wall_time(&ended);
    status = recorder_end(recorder, out->is_failed ? "failed" : "complete", out->is_failed ? why.data : NULL,
        digest_value(&clock->digest), out->events, simulation_now_ns(simulation), player->wall_s() - began_s,
        ended.data);
    text_fini(&why);
    text_fini(&ended);
    return status;
}

enum status play_run(struct run_player *player, uint32_t index, struct recorder *recorder,
    struct played_run *out, char **out_message)
{
    struct text why = {0};
    *out = (struct played_run){0};
    sweep_plan_run(player->plan, index, &player->planned);
    if (prepare_scenario(player, &why) != STATUS_OK) {
        out->is_failed = true;
        enum status status = play_failed_run(player, index, recorder, why.data, out_message);
        text_fini(&why);
        return status;
    }
    text_fini(&why);
    struct engine_observer observer = {0};
    struct simulation *simulation =
        simulation_create(player->scenario, player->planned.seed, player->planned.run);
    enum status status = begin_run(player, player->scenario, player->scenario->params_json,
        store_catalog(simulation_store(simulation)), recorder, &observer);
    if (status == STATUS_OK) {
        engine_observe(simulation_engine(simulation), &observer);
        status = play(player, simulation, recorder, out);
    }
    simulation_destroy(simulation);
    return tell(recorder, status, out_message);
}
