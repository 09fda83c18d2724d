/*
 * scenario.c: loading: sources -> documents -> --set -> binding -> checks over the whole.
 *
 * Mistakes do not stop it: each stage goes on with what it has, so that all of them are told at once. Only
 * the checks over the whole wait for texts that could be read to their end.
 */
#include "scenario/scenario.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scenario/bind.h"
#include "scenario/manifest.h"
#include "scenario/repeats.h"
#include "scenario/resolve.h"
#include "scenario/set.h"
#include "scenario/settings.h"
#include "scenario/sources.h"
#include "scenario/yaml.h"

/* --- reading ---------------------------------------------------------------------------------------- */

/* Adds a source's documents; false when not all of them could be read. */
static bool read_source(struct binder *binder, const struct source *source, struct documents *out)
{
    struct yaml_stream stream;
    if (source->is_bad)
        return false;
    yaml_parse(&binder->trees, binder->diag, source->number, source->text, source->length, 0, &stream);
    struct position start = {source->number, 1, 1, 1};
    if (stream.documents.count == 0 && !stream.failed) {
        diag_error(binder->diag, start, "no document: a scenario has at least one manifest");
        stream.failed = true;
    }
    for (uint32_t i = 0; i < stream.documents.count; i++)
        manifest_classify(binder, stream.documents.items[i], out);
    vec_fini(&stream.documents);
    return !stream.failed;
}

static bool read_sources(struct binder *binder, struct documents *out)
{
    bool whole = true;
    uint32_t inputs = 0;
    for (uint32_t i = 0; i < binder->sources->items.count; i++) {
        const struct source *source = &binder->sources->items.items[i];
        if (source->is_data)
            continue;
        inputs++;
        whole = read_source(binder, source, out) && whole;
    }
    return whole && inputs > 0;
}

/* --- binding ---------------------------------------------------------------------------------------- */

/* The Scenario document, of which there is at most one. */
static const struct yaml_node *find_scenario_document(
    struct binder *binder, const struct documents *documents)
{
    const struct yaml_node *found = NULL;
    for (uint32_t i = 0; i < documents->count; i++) {
        const struct document *document = &documents->items[i];
        if (document->kind)
            continue;
        if (found)
            diag_error(binder->diag, document->node->at, "a second Scenario document; there is at most one");
        else
            found = document->node;
    }
    return found;
}

static const struct yaml_node *bind_documents(struct binder *binder, const struct documents *documents)
{
    struct scenario *scenario = binder->scenario;
    const struct yaml_node *ours = find_scenario_document(binder, documents);
    vec_reserve(&scenario->manifests, documents->count);
    for (uint32_t i = 0; i < documents->count; i++) {
        struct manifest manifest;
        if (!documents->items[i].kind || !manifest_bind(binder, &documents->items[i], &manifest))
            continue;
        scenario->is_dump |= (manifest.kind == MANIFEST_POD && manifest.pod.has_status) ||
                             (manifest.kind == MANIFEST_NODE && manifest.node.has_status);
        vec_push(&scenario->manifests, manifest);
    }
    if (ours)
        settings_bind(binder, ours);
    return ours;
}

/* "shop" of "scenarios/shop.yaml". */
static const char *name_of_path(struct arena *arena, const char *path)
{
    static const char *const endings[] = {".yaml", ".yml", ".json"};
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    size_t length = strlen(name);
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t ending = strlen(endings[i]);
        if (length > ending && strcmp(name + length - ending, endings[i]) == 0) {
            length -= ending;
            break;
        }
    }
    return strcmp(path, "-") == 0 ? "stdin" : arena_strndup(arena, name, length);
}

/* --- order ------------------------------------------------------------------------------------------ */

struct order {
    int64_t at_ns;
    uint32_t index;
};

static int order_compare(const void *a, const void *b)
{
    const struct order *x = a, *y = b;
    if (x->at_ns != y->at_ns)
        return x->at_ns < y->at_ns ? -1 : 1;
    return x->index < y->index ? -1 : x->index > y->index;
}

/* Sorts by the int64 at `at_offset` of each item; equal ones keep their order. */
static void sort_by_time(void *items, uint32_t count, size_t size, size_t at_offset)
{
    if (count < 2)
        return;
    struct order *order = mem_array(NULL, count, sizeof *order);
    char *sorted = mem_array(NULL, count, size);
    for (uint32_t i = 0; i < count; i++) {
        memcpy(&order[i].at_ns, (const char *)items + i * size + at_offset, sizeof order[i].at_ns);
        order[i].index = i;
    }
    qsort(order, count, sizeof *order, order_compare);
    for (uint32_t i = 0; i < count; i++)
        memcpy(sorted + i * size, (const char *)items + order[i].index * size, size);
    memcpy(items, sorted, count * size);
    free(sorted);
    free(order);
}

/* --- loading ---------------------------------------------------------------------------------------- */

static void apply_sets(struct binder *binder, struct documents *documents)
{
    struct scenario *scenario = binder->scenario;
    struct set_parameters parameters = {0};
    struct text json = {0};
    for (uint32_t i = 0; i < binder->sources->sets.count; i++)
        set_apply(binder, documents, binder->sources->sets.items[i], &parameters);
    text_add_char(&json, '{');
    for (uint32_t i = 0; i < parameters.count; i++) {
        text_add(&json, i ? ", " : "");
        text_add_json(&json, parameters.items[i].path, strlen(parameters.items[i].path));
        text_printf(&json, ": %s", parameters.items[i].json);
    }
    text_add_char(&json, '}');
    scenario->params_json = arena_strndup(&scenario->arena, json.data, json.length);
    text_fini(&json);
    vec_fini(&parameters);
}

static void load(struct binder *binder)
{
    struct scenario *scenario = binder->scenario;
    struct documents documents = {0};
    bool whole = read_sources(binder, &documents);
    apply_sets(binder, &documents);
    const struct yaml_node *ours = bind_documents(binder, &documents);
    if (!*scenario->name && binder->sources->items.count > 0)
        scenario->name = name_of_path(&scenario->arena, binder->sources->items.items[0].path);
    sort_by_time(scenario->events.items, scenario->events.count, sizeof *scenario->events.items,
        offsetof(struct scenario_event, at_ns));
    sort_by_time(scenario->expectations.items, scenario->expectations.count,
        sizeof *scenario->expectations.items, offsetof(struct expectation, at_ns));
    if (whole)
        resolve(binder, ours);
    repeats_number(scenario);
    vec_fini(&documents);
}

void scenario_add_provenance(struct scenario *scenario)
{
    const struct sources *sources = scenario->sources;
    if (scenario->text)
        return;
    struct text bundle = {0};
    sources_bundle(sources, &bundle);
    scenario->text = arena_strndup(&scenario->arena, bundle.data, bundle.length);
    scenario->text_length = bundle.length;
    text_fini(&bundle);
    sources_hash_texts(sources, &scenario->text_hash);
    scenario_hash_with(scenario, sources->sets.items, sources->sets.count, scenario->content_hash);
}

void scenario_hash_with(
    const struct scenario *scenario, const char *const *sets, uint32_t set_count, char out[65])
{
    struct sha256 sha = scenario->text_hash;
    for (uint32_t i = 0; i < set_count; i++)
        sources_hash_set(&sha, sets[i]);
    uint8_t digest[32];
    sha256_end(&sha, digest);
    for (int i = 0; i < 32; i++)
        snprintf(out + 2 * i, 3, "%02x", digest[i]);
}

enum status scenario_load(const struct scenario_input *inputs, uint32_t input_count, const char *const *sets,
    uint32_t set_count, struct scenario **out)
{
    return scenario_load_from("", inputs, input_count, sets, set_count, out);
}

enum status scenario_load_from(const char *folder, const struct scenario_input *inputs, uint32_t input_count,
    const char *const *sets, uint32_t set_count, struct scenario **out)
{
    struct scenario *scenario = mem_zalloc(sizeof *scenario);
    *out = scenario;
    arena_init(&scenario->arena);
    scenario->diag = diag_create();
    settings_init(scenario);

    struct sources *sources = scenario->sources = mem_zalloc(sizeof *sources);
    sources_init(sources, &scenario->arena, scenario->diag);
    sources->folder = folder;
    for (uint32_t i = 0; i < input_count; i++)
        sources_add_input(sources, inputs[i].path, inputs[i].text, inputs[i].text_length);
    for (uint32_t i = 0; i < set_count; i++)
        vec_push(&sources->sets, arena_strndup(&scenario->arena, sets[i], strlen(sets[i])));

    struct binder binder;
    binder_init(&binder, scenario, sources);
    load(&binder);
    binder_fini(&binder);
    return sources->io_failures                   ? STATUS_IO
           : diag_error_count(scenario->diag) > 0 ? STATUS_BAD_INPUT
                                                  : STATUS_OK;
}

void scenario_destroy(struct scenario *scenario)
{
    if (!scenario)
        return;
    vec_fini(&scenario->manifests);
    vec_fini(&scenario->events);
    vec_fini(&scenario->traces);
    vec_fini(&scenario->makers);
    vec_fini(&scenario->expectations);
    vec_fini(&scenario->ignored);
    sources_fini(scenario->sources);
    free(scenario->sources);
    diag_destroy(scenario->diag);
    arena_fini(&scenario->arena);
    free(scenario);
}
