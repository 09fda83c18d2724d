/*
 * play_expectation.c: what was expected, held against the state after everything that happens at that time
 * (PHASE_OBSERVE).
 */
#include "simulation/play.h"

/* Of numbers that are no integers (fill), what a decimal in a file may differ by. */
#define TOLERANCE 1e-9

/* False: null. */
static bool column_value(
    const struct service_state *state, enum expect_column column, uint32_t per_slice, double *out)
{
    switch (column) {
    case EXPECT_PODS:
        *out = state->pods;
        return true;
    case EXPECT_READY:
        *out = state->ready;
        return true;
    case EXPECT_EP_ADDRESSES:
        *out = state->ep_addresses;
        return true;
    case EXPECT_EP_OMITTED:
        *out = state->ep_omitted;
        return true;
    case EXPECT_EP_TRUNCATED:
        *out = state->ep_truncated;
        return true;
    case EXPECT_SLICES:
        *out = state->slices;
        return true;
    case EXPECT_SLICES_IDEAL:
        *out = state->slices_ideal;
        return true;
    case EXPECT_FILL:
        if (state->slices == 0)
            return false;
        *out = (double)state->slice_endpoints / ((double)state->slices * (double)per_slice);
        return true;
    case EXPECT_NOT_YET_LISTED:
        *out = state->not_yet_listed;
        return true;
    case EXPECT_STILL_LISTED:
        *out = state->still_listed;
        return true;
    case EXPECT_COLUMN_COUNT:
        break;
    }
    return false;
}

static void evaluate(struct simulation *simulation, const struct expectation *expectation)
{
    struct cluster *cluster = &simulation->cluster;
    struct service_state state;
    bool found = engine_state(cluster->engine, cluster_sym(cluster, expectation->namespace),
        cluster_sym(cluster, expectation->service), &state);
    if (found && state.deleted)
        found = false;
    for (uint32_t i = 0; i < expectation->value_count; i++) {
        const struct expected_value *value = &expectation->values[i];
        struct expectation_result result = {
            .expectation = expectation, .value = value, .service_missing = !found};
        if (found) {
            result.got_null = !column_value(
                &state, value->column, cluster->scenario->engine.endpoints_per_slice_max, &result.got);
            if (value->is_null || result.got_null)
                result.passed = value->is_null && result.got_null;
            else
                result.passed = result.got >= value->min - TOLERANCE && result.got <= value->max + TOLERANCE;
        }
        vec_push(&simulation->results, result);
    }
}

static void on_expectation(void *subject, uint64_t argument)
{
    (void)argument;
    struct simulation *simulation = subject;
    const struct scenario *scenario = simulation->cluster.scenario;
    sim_time now_ns = cluster_now(&simulation->cluster);
    while (simulation->expectation_next < scenario->expectations.count &&
           scenario->expectations.items[simulation->expectation_next].at_ns == now_ns)
        evaluate(simulation, &scenario->expectations.items[simulation->expectation_next++]);
    play_expectations_begin(simulation);
}

void play_expectations_begin(struct simulation *simulation)
{
    const struct scenario *scenario = simulation->cluster.scenario;
    if (simulation->expectation_next < scenario->expectations.count)
        clock_at(&simulation->cluster.clock, scenario->expectations.items[simulation->expectation_next].at_ns,
            PHASE_OBSERVE, PLAY_EXPECTATION, on_expectation, simulation, simulation->expectation_next);
}
