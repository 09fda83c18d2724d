/*
 * own_batches.h: the recordings that our own harness made (tests/conformance/harness), and how much is in
 * them.
 */
#ifndef EPSIM_TESTS_CONFORMANCE_OWN_BATCHES_H
#define EPSIM_TESTS_CONFORMANCE_OWN_BATCHES_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

struct own_batch {
    const char *path;
    bool is_long;       /* only with EPSIM_TEST_LONG=1 */
    uint32_t syncs[3];  /* of the Endpoints, EndpointSlice and mirroring controllers */
    uint32_t histories; /* steps of histories, each Service's counted */
};

#define OWN "tests/conformance/golden/own/"

static const struct own_batch own_batches[] = {
    {OWN "steps-random.ndjson.gz", false, {461, 693, 158}, 0},
    {OWN "steps-wild.ndjson.gz", false, {621, 776, 172}, 0},
    {OWN "steps-random-1.34.ndjson.gz", false, {190, 277, 65}, 0},
    {OWN "steps-wild-1.34.ndjson.gz", false, {196, 205, 67}, 0},
    {OWN "sequences.ndjson.gz", false, {0, 0, 0}, 750},
    {OWN "long/steps-random.ndjson.gz", true, {1540, 2388, 525}, 0},
    {OWN "long/steps-wild.ndjson.gz", true, {1799, 2313, 558}, 0},
    {OWN "long/sequences.ndjson.gz", true, {0, 0, 0}, 3200},
};

#define OWN_BATCH_COUNT (sizeof own_batches / sizeof own_batches[0])

static inline bool own_batch_runs(const struct own_batch *batch)
{
    return !batch->is_long || getenv("EPSIM_TEST_LONG") != NULL;
}

#endif
