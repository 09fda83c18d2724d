/*
 * compare_test.c: the comparison against answers that are wrong on purpose.
 *
 * Pins: what the real controllers did passes as an answer to itself; each kind of mutation of it is found
 * wherever it can be made, in the curated and some of the random steps.
 */
#include "unit/suite.h"
#include "verify/compare.h"
#include "verify/compare_slices.h"
#include "verify/lines.h"
#include "verify/step.h"

#define GOLDEN "tests/conformance/golden/"

/* What is wanted of a step, read twice: `answer` gets changed. */
struct pair {
    struct catalog *catalog;
    struct step step;
    struct step_state before;
    struct step_want want, answer;
    bool is_endpoints;
};

static bool agrees(struct pair *pair, struct text *why)
{
    const struct slices_before before = {(const struct endpointslice *const *)pair->before.slices.items,
        pair->before.slices.count, pair->step.resource_version};
    if (pair->is_endpoints)
        return compare_endpoints(pair->catalog, &pair->want.writes, &pair->answer.writes, why);
    return compare_slices(pair->catalog, &before, &pair->want.writes, &pair->answer.writes, why);
}

/* --- mutations: each returns false when there is nothing to change --- */

static struct kube_write *first_write(struct pair *pair, enum kube_verb verb)
{
    struct kube_writes *writes = &pair->answer.writes;
    for (uint32_t i = 0; i < writes->items.count; i++)
        if (writes->items.items[i].verb == verb)
            return &writes->items.items[i];
    return NULL;
}

static struct kube_write *written(struct pair *pair)
{
    struct kube_write *write = first_write(pair, KUBE_UPDATE);
    return write ? write : first_write(pair, KUBE_CREATE);
}

static struct meta *meta_of(struct kube_write *write)
{
    return write->slice ? (struct meta *)&write->slice->meta : (struct meta *)&write->endpoints->meta;
}

static struct endpointslice *slice_of(const struct kube_write *write)
{
    return (struct endpointslice *)write->slice;
}

static void forget(struct kube_write *write)
{
    endpoints_destroy((struct endpoints *)write->endpoints);
    endpointslice_destroy(slice_of(write));
}

static bool drop_request(struct pair *pair)
{
    if (pair->answer.writes.items.count == 0)
        return false;
    forget(&vec_last(&pair->answer.writes.items));
    pair->answer.writes.items.count--;
    return true;
}

static bool repeat_delete(struct pair *pair)
{
    const struct kube_write *write = first_write(pair, KUBE_DELETE);
    if (!write)
        return false;
    struct kube_write copy = *write;
    vec_push(&pair->answer.writes.items, copy);
    return true;
}

static bool claim_noop(struct pair *pair)
{
    struct kube_write *write = first_write(pair, KUBE_UPDATE);
    if (write)
        write->noop = !write->noop;
    return write != NULL;
}

static bool other_label(struct pair *pair)
{
    struct kube_write *write = written(pair);
    if (write)
        meta_of(write)->labels = labels_with(pair->catalog, meta_of(write)->labels,
            catalog_sym(pair->catalog, "x"), catalog_sym(pair->catalog, "y"));
    return write != NULL;
}

static bool other_trigger(struct pair *pair)
{
    struct kube_write *write = written(pair);
    if (write)
        meta_of(write)->trigger_s = meta_of(write)->trigger_s == TIME_NONE ? 1 : TIME_NONE;
    return write != NULL;
}

static bool later_version(struct pair *pair)
{
    struct kube_write *write = written(pair);
    if (write)
        meta_of(write)->resource_version++;
    return write != NULL;
}

static bool later_creation(struct pair *pair)
{
    struct kube_write *write = written(pair);
    if (write)
        meta_of(write)->created_s++;
    return write != NULL;
}

static bool wrong_json_size(struct pair *pair)
{
    struct kube_write *write = written(pair);
    if (write)
        write->json_bytes++;
    return write != NULL;
}

static bool wrong_protobuf_size(struct pair *pair)
{
    struct kube_write *write = written(pair);
    if (write)
        write->protobuf_bytes++;
    return write != NULL;
}

static bool higher_generation(struct pair *pair)
{
    struct kube_write *write = written(pair);
    if (write)
        meta_of(write)->generation++;
    return write != NULL;
}

static bool invalid_name(struct pair *pair)
{
    struct kube_write *write = first_write(pair, KUBE_CREATE);
    if (write)
        write->name = meta_of(write)->name = catalog_sym(pair->catalog, "web-aaaaa");
    return write != NULL;
}

static bool no_owner(struct pair *pair)
{
    struct kube_write *write = written(pair);
    if (write)
        slice_of(write)->owner_count = 0;
    return write != NULL;
}

/* A written slice with at least `count` endpoints. */
static struct endpointslice *slice_with(struct pair *pair, uint32_t count)
{
    struct kube_writes *writes = &pair->answer.writes;
    for (uint32_t i = 0; i < writes->items.count; i++) {
        struct endpointslice *slice = slice_of(&writes->items.items[i]);
        if (slice && slice->endpoints.count >= count)
            return slice;
    }
    return NULL;
}

static bool lose_endpoint(struct pair *pair)
{
    struct endpointslice *slice = slice_with(pair, 1);
    if (slice)
        endpoint_unref(endpointslice_at(slice, --slice->endpoints.count));
    return slice != NULL;
}

static bool double_endpoint(struct pair *pair)
{
    struct endpointslice *slice = slice_with(pair, 1);
    if (slice)
        endpointslice_append(slice, endpoint_ref(endpointslice_at(slice, 0)));
    return slice != NULL;
}

static bool flip_readiness(struct pair *pair)
{
    struct endpointslice *slice = slice_with(pair, 1);
    if (!slice)
        return false;
    struct endpoint_draft draft = endpoint_read(endpointslice_at(slice, 0));
    target_ref(draft.target);
    draft.extra = endpoint_extra_copy(draft.extra);
    draft.ready = draft.ready == CONDITION_TRUE ? CONDITION_FALSE : CONDITION_TRUE;
    endpoint_unref(endpointslice_at(slice, 0));
    endpointslice_put(slice, 0, endpoint_create(pair->catalog, &draft));
    return true;
}

/* Kept endpoints change places, which only an update can do wrong. */
static bool swap_kept(struct pair *pair)
{
    struct kube_write *write = first_write(pair, KUBE_UPDATE);
    if (!write || write->slice->endpoints.count < 2)
        return false;
    struct endpointslice *slice = slice_of(write);
    const struct endpointslice *stored = NULL;
    for (uint32_t i = 0; i < pair->before.slices.count; i++)
        if (pair->before.slices.items[i]->meta.name == write->name)
            stored = pair->before.slices.items[i];
    if (!stored || stored->endpoints.count < 2 || stored->ports != slice->ports)
        return false;
    for (int i = 0; i < 2; i++)
        if (!endpoint_same_identity(endpointslice_at(stored, i), endpointslice_at(slice, i)))
            return false;
    struct endpoint *first = endpointslice_at(slice, 0);
    endpointslice_put(slice, 0, endpointslice_at(slice, 1));
    endpointslice_put(slice, 1, first);
    return true;
}

static bool other_ports(struct pair *pair)
{
    struct endpointslice *slice = slice_with(pair, 1);
    if (!slice || slice->ports->count == 0)
        return false;
    slice->ports = ports_empty(pair->catalog);
    return true;
}

static struct endpoints *endpoints_with_subset(struct pair *pair)
{
    struct kube_write *write = written(pair);
    return write && write->endpoints->subsets.items.count > 0 ? (struct endpoints *)write->endpoints : NULL;
}

static bool lose_subset(struct pair *pair)
{
    struct endpoints *endpoints = endpoints_with_subset(pair);
    if (!endpoints)
        return false;
    subset_fini(&vec_last(&endpoints->subsets.items));
    endpoints->subsets.items.count--;
    return true;
}

static bool swap_addresses(struct pair *pair)
{
    struct endpoints *endpoints = endpoints_with_subset(pair);
    if (!endpoints || endpoints->subsets.items.items[0].addresses.count < 2)
        return false;
    struct endpoint **addresses = endpoints->subsets.items.items[0].addresses.items;
    struct endpoint *first = addresses[0];
    addresses[0] = addresses[1];
    addresses[1] = first;
    return true;
}

static bool claim_truncation(struct pair *pair)
{
    struct kube_write *write = written(pair);
    struct endpoints *endpoints = write ? (struct endpoints *)write->endpoints : NULL;
    if (endpoints)
        endpoints->over_capacity = !endpoints->over_capacity;
    return endpoints != NULL;
}

/* --- all of them --- */

enum of { OF_BOTH, OF_ENDPOINTS, OF_SLICES };

static const struct mutation {
    const char *name;
    enum of of;
    bool (*make)(struct pair *pair);
} mutations[] = {
    {"a request less", OF_BOTH, drop_request},
    {"a delete twice", OF_BOTH, repeat_delete},
    {"noop or not", OF_BOTH, claim_noop},
    {"another label", OF_BOTH, other_label},
    {"another trigger time", OF_BOTH, other_trigger},
    {"another resource version", OF_BOTH, later_version},
    {"another creation time", OF_BOTH, later_creation},
    {"a wrong JSON size", OF_BOTH, wrong_json_size},
    {"a wrong protobuf size", OF_BOTH, wrong_protobuf_size},
    {"another generation", OF_BOTH, higher_generation},
    {"a name that is none", OF_SLICES, invalid_name},
    {"no owner", OF_SLICES, no_owner},
    {"an endpoint less", OF_SLICES, lose_endpoint},
    {"an endpoint twice", OF_SLICES, double_endpoint},
    {"another readiness", OF_SLICES, flip_readiness},
    {"endpoints that move", OF_SLICES, swap_kept},
    {"other ports", OF_SLICES, other_ports},
    {"a subset less", OF_ENDPOINTS, lose_subset},
    {"addresses that move", OF_ENDPOINTS, swap_addresses},
    {"truncated or not", OF_ENDPOINTS, claim_truncation},
};
#define MUTATIONS (sizeof mutations / sizeof mutations[0])

struct tally {
    uint32_t made[MUTATIONS], missed[MUTATIONS];
};

/* NULL: the step as it is. */
static void check(const json_t *line, const struct mutation *mutation, struct tally *tally)
{
    struct pair pair = {.catalog = catalog_create()};
    struct text why = {0}, problems = {0};
    CU_ASSERT_TRUE_FATAL(step_read(&pair.step, line, &why));
    step_state_read(&pair.before, pair.catalog, &pair.step, &problems);
    step_want_read(&pair.want, pair.catalog, &pair.step, &problems);
    step_want_read(&pair.answer, pair.catalog, &pair.step, &problems);
    CU_ASSERT_EQUAL(problems.length, 0);
    pair.is_endpoints = pair.step.controller == CONTROLLER_ENDPOINTS;
    size_t index = mutation ? (size_t)(mutation - mutations) : 0;
    if (!mutation) {
        bool same = agrees(&pair, &why);
        CU_ASSERT_TRUE(same);
        if (!same)
            printf("\n%s: %.2000s", pair.step.name, why.data);
    } else if (mutation->of != (pair.is_endpoints ? OF_SLICES : OF_ENDPOINTS) && mutation->make(&pair)) {
        tally->made[index]++;
        if (agrees(&pair, &why) && tally->missed[index]++ == 0)
            printf("\n%s: not found in %s", mutation->name, pair.step.name);
    }
    text_fini(&why);
    text_fini(&problems);
    step_want_fini(&pair.want);
    step_want_fini(&pair.answer);
    step_state_fini(&pair.before);
    step_fini(&pair.step);
    catalog_destroy(pair.catalog);
}

static void check_file(const char *path, uint32_t count, struct tally *tally)
{
    struct recording_error error = {0};
    struct lines *lines = lines_open(path, &error);
    CU_ASSERT_PTR_NOT_NULL_FATAL(lines);
    for (uint32_t i = 0; i < count; i++) {
        json_t *line = lines_next(lines, &error);
        CU_ASSERT_PTR_NOT_NULL_FATAL(line);
        const char *controller = json_string_value(json_object_get(line, "controller"));
        if (strcmp(controller, "endpointslicemirroring") != 0) {
            check(line, NULL, tally);
            /* A thousand pods twenty times over would be all that this test does. */
            for (size_t m = 0; m < MUTATIONS && json_array_size(json_object_get(line, "pods")) < 200; m++)
                check(line, &mutations[m], tally);
        }
        json_decref(line);
    }
    lines_close(lines);
    recording_error_fini(&error);
}

static void wrong_answers(void)
{
    struct tally tally = {0};
    check_file(GOLDEN "steps-curated.ndjson.gz", 101, &tally);
    check_file(GOLDEN "steps-random.ndjson.gz", 100, &tally);
    for (size_t m = 0; m < MUTATIONS; m++) {
        CU_ASSERT_TRUE(tally.made[m] > 0);
        CU_ASSERT_EQUAL(tally.missed[m], 0);
    }
}

int main(void)
{
    static const struct suite_test tests[] = {{"wrong answers are found", wrong_answers}};
    return suite_main("compare", tests, sizeof tests / sizeof tests[0]);
}
