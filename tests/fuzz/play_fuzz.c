/*
 * play_fuzz.c: any scenario that loads, played. Pins: no crash, no leak, no assertion, whatever a scenario
 * says, and the same digest when it is played once more in pieces.
 *
 * Large scenarios are passed over and long ones cut, so that an input takes milliseconds.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "simulation/simulation.h"

#define SIZE_MAX_PLAYED 300
#define LOOKS_MAX 4 /* 4,096 events each */

static const char head[] = "# epsim sources 1\n";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_small(const struct scenario *scenario)
{
    uint64_t pods = 0;
    if (scenario->node_count > SIZE_MAX_PLAYED || scenario->manifests.count > SIZE_MAX_PLAYED)
        return false;
    for (uint32_t i = 0; i < scenario->manifests.count; i++) {
        if (scenario->manifests.items[i].kind == MANIFEST_WORKLOAD)
            pods += scenario->manifests.items[i].workload.replicas;
    }
    for (uint32_t i = 0; i < scenario->events.count; i++) {
        const struct scenario_event *event = &scenario->events.items[i];
        pods += event->replicas;
        for (uint32_t k = 0; k < event->manifest_count; k++) {
            if (event->manifests[k].kind == MANIFEST_WORKLOAD)
                pods += event->manifests[k].workload.replicas;
        }
    }
    return pods <= SIZE_MAX_PLAYED;
}

struct cut {
    volatile int flag;
    uint32_t looks;
};

static void look(void *context, const struct simulation *simulation)
{
    (void)simulation;
    struct cut *cut = context;
    cut->flag = ++cut->looks >= LOOKS_MAX;
}

/* In pieces of `piece_ns`, if that is above 0. *out_whole: it came to its end. */
static uint64_t play(const struct scenario *scenario, int64_t piece_ns, bool *out_whole)
{
    struct cut cut = {0};
    struct simulation *simulation = simulation_create(scenario, scenario->seed, 0);
    simulation_start(simulation);
    enum status status = STATUS_OK;
    int64_t until_ns = 0;
    for (int i = 0; piece_ns > 0 && i < 200 && status == STATUS_OK && until_ns < INT64_MAX - piece_ns; i++) {
        until_ns += piece_ns;
        status = simulation_run_until(simulation, until_ns, &cut.flag, look, &cut);
    }
    if (status == STATUS_OK)
        status = simulation_run_until(simulation, INT64_MAX, &cut.flag, look, &cut);
    uint64_t digest = digest_value(&simulation_clock(simulation)->digest);
    *out_whole = status != STATUS_INTERRUPTED;
    simulation_destroy(simulation);
    return digest;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct text text = {0};
    bool is_bundle = size >= sizeof head - 1 && memcmp(data, head, sizeof head - 1) == 0;
    if (!is_bundle)
        text_printf(&text, "%s# file %zu fuzz.yaml\n", head, size);
    text_add_bytes(&text, (const char *)data, size);
    struct scenario_input input = {
        .path = "fuzz.yaml", .text = text.data ? text.data : "", .text_length = text.length};
    struct scenario *scenario;
    if (scenario_load(&input, 1, NULL, 0, &scenario) == STATUS_OK && is_small(scenario)) {
        bool whole, again;
        uint64_t digest = play(scenario, 0, &whole);
        if (whole && play(scenario, INT64_C(1700000000), &again) != digest && again)
            abort();
    }
    scenario_destroy(scenario);
    text_fini(&text);
    return 0;
}
