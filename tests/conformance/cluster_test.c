/*
 * cluster_test.c: recordings of a whole control plane, played through the whole pipeline.
 *
 * Pins: after each step every Endpoints object and every slice, field by field (addresses, conditions,
 * ports, labels, annotations with trigger times, owners, hints, generations), up to names, uids, times of
 * creation and the controllers' own choices (cluster_match.h); the numbers of requests by verb, no-ops
 * included; Events; slice syncs that failed. With batch periods, when each write was made.
 * Does not pin: other delays, and restarts (recording restart).
 */
#include "conformance/cluster_match.h"
#include "unit/suite.h"

#define RECORDINGS "tests/conformance/cluster/"

/* How long a step is: whatever failed has been tried again (M-31 may fail several times). But the node of
 * missingnode appears between the retries after 3 s and after 7 s. */
#define STEP_NS (200 * NS_PER_S)
#define STEP_MISSINGNODE_NS (4250 * NS_PER_MS)

/* Steps of which the real cluster's timing made another history than the instant profile does. */
struct timing {
    const char *recording;
    int step;
    const char *groups; /* changes that met the controllers together are played so (cluster_player.h) */
    unsigned allowed;   /* enum cluster_difference: what differs all the same */
    const char *reason;
};
static const struct timing timings[] = {
    {"headless", 10, "", DIFFERENT_REQUESTS,
        "twelve changes in 165 ms: either Service's syncs missed others of them (5 were stale, S-58b)"},
    {"headless", 11, "11111131", 0, "three pods turned ready within one sync"},
    {"slices5", 12, "112112112", 0, "three of six removals met one sync with both of their changes"},
    {"slices5", 15, "111411322131111213", DIFFERENT_REQUESTS,
        "thirty changes in 300 ms: those of the slices' syncs; the Endpoints' missed others"},
    {"topologyhints", 9, "", DIFFERENT_EVENTS,
        "the controller's own write woke it (S-58a): a third sync found no hints once more and said so"},
    {"topologyhints", 13, "", DIFFERENT_REQUESTS,
        "the controller's own write woke it (S-58a): a second PUT, which changed nothing (H-15a)"},
    {"truncation", 12, "116", DIFFERENT_REQUESTS,
        "six of eight changes met one sync of the slices, seven one of the Endpoints"},
    {"truncation", 14, "14", 0, "four of five changes met one sync: 100 kB take 50 ms to write"},
    {"truncation", 15, "46", 0, "two pods, then three, met one sync"},
};

static const struct timing *timing_of(const char *recording, int step)
{
    static const struct timing none = {.groups = ""};
    for (size_t i = 0; i < sizeof timings / sizeof timings[0]; i++) {
        if (strcmp(timings[i].recording, recording) == 0 && timings[i].step == step)
            return &timings[i];
    }
    return &none;
}

/* From a request to the write that follows it at once, on the recording's machine: 13 to 47 ms when a Service
 * goes (C-67). */
#define DELAY_MAX_NS (100 * NS_PER_MS)

/* Each write of a kind came when the recording's did, or as much earlier as that took. Without batch periods
 * the recorded times say nothing of ours. */
static bool same_times(const struct cluster_player *player, bool of_slices, struct text *why)
{
    uint32_t at = 0, problems = 0;
    size_t i;
    const json_t *theirs;
    json_array_foreach(json_object_get(player->step, "writes"), i, theirs)
    {
        if ((strcmp(cluster_text(theirs, "kind"), "EndpointSlice") == 0) != of_slices)
            continue;
        while (at < player->writes.count && player->writes.items[at].is_slice != of_slices)
            at++;
        if (at == player->writes.count)
            break;
        int64_t want_ns = (int64_t)(json_number_value(json_object_get(theirs, "t_ms")) * 1e6);
        int64_t got_ns = player->writes.items[at++].after_ns;
        if (got_ns <= want_ns && want_ns - got_ns <= DELAY_MAX_NS)
            continue;
        problems++;
        text_printf(why, "a write of %s after %.1f ms: want %.1f ms\n", of_slices ? "slices" : "Endpoints",
            (double)got_ns / 1e6, (double)want_ns / 1e6);
    }
    return problems == 0;
}

static void check_recording(const char *name, uint32_t steps, uint64_t seed)
{
    char path[128];
    struct cluster_tally tally = {0};
    struct cluster_match match;
    uint32_t failed = 0;
    snprintf(path, sizeof path, RECORDINGS "%s.ndjson.gz", name);
    struct cluster_recording *recording = cluster_recording_open(path);
    CU_ASSERT_PTR_NOT_NULL_FATAL(recording);
    CU_ASSERT_EQUAL(recording->steps.count, steps);
    struct cluster_player *player = cluster_player_create(
        recording, seed, strcmp(name, "missingnode") == 0 ? STEP_MISSINGNODE_NS : STEP_NS);
    cluster_match_init(&match, player);
    for (uint32_t i = 0; i < recording->steps.count; i++) {
        const json_t *step = recording->steps.items[i];
        const struct timing *timing = timing_of(name, (int)i + 1);
        struct text why = {0};
        CU_ASSERT_TRUE(cluster_recording_advance(recording, i));
        cluster_player_step(player, i, timing->groups);
        bool same = cluster_match_requests(&match, timing->allowed, &why);
        same &= cluster_match_objects(&match, timing->allowed, &tally, &why);
        if (strstr(cluster_text(recording->head, "controller_flags"), "batch-period"))
            same &= same_times(player, false, &why) && same_times(player, true, &why);
        if (!same && failed++ < 20)
            printf("\nFAIL %s step %u, seed %u (%.80s)\n%.6000s", name, i + 1, (unsigned)seed,
                cluster_text(json_object_get(step, "event"), "note"), why.data);
        text_fini(&why);
    }
    if (seed == 1)
        printf(
            "\n    %s: %u steps, %u Endpoints and %u slices held, %u of these with the recording's choices",
            name, recording->steps.count, tally.endpoints, tally.slices, tally.adopted);
    CU_ASSERT_EQUAL(failed, 0);
    cluster_match_fini(&match);
    cluster_player_destroy(player);
    cluster_recording_close(recording);
}

static const struct {
    const char *name;
    uint32_t steps;
} recordings[] = {
    {"externalname", 7},
    {"headless", 12},
    {"labels", 17},
    {"mirrorquirk", 25},
    {"missingnode", 9},
    {"mysvc", 13},
    {"names", 7},
    {"publish", 15},
    {"single", 10},
    {"single-batch2", 10},
    {"slices5", 16},
    {"svcdelete", 15},
    {"svcdelete-batch2", 15},
    {"topologyhints", 15},
    {"truncation", 15},
};
#define RECORDINGS_COUNT (sizeof recordings / sizeof recordings[0])

static void all_recordings(void)
{
    for (size_t i = 0; i < RECORDINGS_COUNT; i++)
        check_recording(recordings[i].name, recordings[i].steps, 1);
}

/* Whatever our own choices are, the recording's are as good. The largest recording is left to long runs. */
static void other_choices(void)
{
    bool is_long = getenv("EPSIM_TEST_LONG") != NULL;
    for (uint64_t seed = 2; seed <= (is_long ? 32 : 4); seed++) {
        for (size_t i = 0; i < RECORDINGS_COUNT; i++) {
            if (is_long || strcmp(recordings[i].name, "truncation") != 0)
                check_recording(recordings[i].name, recordings[i].steps, seed);
        }
    }
}

int main(void)
{
    static const struct suite_test tests[] = {
        {"recordings of a whole control plane", all_recordings},
        {"the same with other choices", other_choices},
    };
    return suite_main("cluster", tests, sizeof tests / sizeof tests[0]);
}
