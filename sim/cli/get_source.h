/*
 * get_source.h: what `epsim get` looks at: a scenario, or a run in a database that is run again.
 *
 * A database holds everything that the run was made of: its texts, parameters, seed and run number. Running
 * it again with the same version of epsim gives the same digest; anything else is refused.
 */
#ifndef EPSIM_CLI_GET_SOURCE_H
#define EPSIM_CLI_GET_SOURCE_H

#include <stdbool.h>

#include "cli/load.h"
#include "record/query.h"
#include "simulation/simulation.h"

struct get_source {
    struct scenario *scenario;
    uint64_t seed;
    uint64_t run;
    /* Of a recorded run: */
    struct stored_run *stored; /* NULL for a scenario; owned */
    int64_t run_id;
    bool has_digest; /* it is complete: once it is over, get_source_matches tells whether it is the same */
    bool is_failed;  /* it stopped at an event, and will again */
};

/* `paths`: the operands that are sources. On a mistake it is told. Close it in any case. */
enum exit_code get_source_open(struct get_source *source, const struct arguments *arguments,
    const char *const *paths, uint32_t path_count, const struct load_sets *sets,
    const struct option_value *seed, const struct option_value *run, const struct option_value *run_id);
void get_source_close(struct get_source *source);
/* After the end of a run with has_digest: compares, and tells a difference. */
bool get_source_matches(const struct get_source *source, struct simulation *simulation);

#endif
