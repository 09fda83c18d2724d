/*
 * run_row.c: see run_row.h.
 */
#include "experiment/run_row.h"

struct run_info run_row(const struct scenario *scenario, const char *source_name, uint64_t seed, uint64_t run,
    const char *started)
{
    const struct engine_config *engine = &scenario->engine;
    return (struct run_info){
        .scenario = scenario->name,
        .content_hash = scenario->content_hash,
        .params_json = scenario->params_json,
        .source_text = scenario->text,
        .source_length = scenario->text_length,
        .source_name = source_name,
        .seed = seed,
        .run = run,
        .start_s = scenario->start_s,
        .endpoints_per_slice_max = engine->endpoints_per_slice_max,
        .endpoints_capacity = engine->endpoints_capacity,
        .packing_policy = packing_policy_text(engine->packing_policy),
        .until_ns = scenario->until_ns,
        .started = started,
    };
}
