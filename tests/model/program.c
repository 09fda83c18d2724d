/*
 * program.c: making random programs; events are carried out in program_pod.c, program_service.c and
 * program_foreign.c.
 */
#include "model/program.h"

#include <stdlib.h>
#include <string.h>

#include "model/program_parts.h"

/* --- drawing --- */

uint64_t program_random(uint64_t *state)
{
    uint64_t x = *state += UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

uint32_t program_below(uint64_t *state, uint32_t bound)
{
    return (uint32_t)(program_random(state) % bound);
}

bool program_chance(uint64_t *state, uint32_t percent)
{
    return program_below(state, 100) < percent;
}

static enum program_kind draw_kind(uint64_t *state)
{
    static const uint32_t weights[] = {
#define X(name, weight) weight,
        PROGRAM_KINDS(X)
#undef X
    };
    uint32_t total = 0;
    for (int i = 0; i < PROGRAM_KIND_COUNT; i++)
        total += weights[i];
    uint32_t at = program_below(state, total);
    int kind = 0;
    while (at >= weights[kind])
        at -= weights[kind++];
    return (enum program_kind)kind;
}

static int64_t draw_delay(uint64_t *state)
{
    switch (program_below(state, 5)) {
    case 0:
    case 1:
        return 0;
    case 2:
        return (int64_t)program_below(state, 999999999);
    default: /* never a whole second after another event, so that no retry falls on one */
        return (int64_t)program_below(state, 20) * NS_PER_S + program_below(state, 999999999) + 1;
    }
}

static int64_t draw_period(uint64_t *state)
{
    switch (program_below(state, 4)) {
    case 0:
        return 0;
    case 1:
        return 1 + (int64_t)program_below(state, 999999999);
    default:
        return 1 + (int64_t)program_below(state, 40) * NS_PER_S + program_below(state, 999999999);
    }
}

/* Batch periods for one program in three; now and then an event comes at the very end of a window. Draws of
 * its own: the others are as they were without. */
static void draw_periods(struct program *program, uint64_t seed)
{
    uint64_t state = ~seed;
    struct engine_config *config = &program->config;
    if (seed % 3 != 0)
        return;
    config->endpoint_updates_batch_period_ns = draw_period(&state);
    config->endpointslice_updates_batch_period_ns = draw_period(&state);
    config->mirroring_endpointslice_updates_batch_period_ns = draw_period(&state);
    const int64_t periods_ns[] = {config->endpoint_updates_batch_period_ns,
        config->endpointslice_updates_batch_period_ns,
        config->mirroring_endpointslice_updates_batch_period_ns};
    for (uint32_t i = 0; i < program->count; i++) {
        if (program_chance(&state, 10))
            program->events[i].delay_ns = periods_ns[program_below(&state, 3)];
    }
}

void program_create(struct program *program, uint64_t seed, uint32_t count)
{
    static const uint32_t sizes[] = {1, 2, 3, 4, 5, 6, 7, 100};
    static const uint32_t capacities[] = {5, 10, 7, ENDPOINTS_CAPACITY_DEFAULT, UINT32_MAX};
    uint64_t state = seed;
    *program = (struct program){.config = engine_config_default(), .seed = program_random(&state)};
    program->config.endpoints_per_slice_max = sizes[program_below(&state, 8)];
    program->config.endpoints_capacity = capacities[program_below(&state, 5)];
    program->config.mirroring_endpoints_per_subset_max =
        program_chance(&state, 50) ? 1 + program_below(&state, 4) : MIRRORING_ENDPOINTS_PER_SUBSET_DEFAULT;
    program->config.choices = program_chance(&state, 70) ? CHOICE_RANDOM : CHOICE_FIXED;
    program->config.kube_minor = KUBE_MINOR_MIN + program_below(&state, 4);
    uint32_t silent_count = program_chance(&state, 50) ? 0 : program_below(&state, 30);
    program->count = count;
    program->events = mem_array(NULL, count, sizeof *program->events);
    /* Some programs are all about a few pods, some about many. */
    uint32_t pods = program_chance(&state, 40) ? 6 : PROGRAM_PODS;
    for (uint32_t i = 0; i < count; i++) {
        struct program_event *event = &program->events[i];
        event->kind = draw_kind(&state);
        event->subject = program_below(&state, pods);
        event->delay_ns = draw_delay(&state);
        event->salt = program_random(&state);
        event->silent = i < silent_count;
        event->many = (1u << (2 + program_below(&state, PROGRAM_MANY - 1))) - 1;
        if (i < 3) /* something to begin with */
            event->kind = i < 2 ? PROGRAM_NODE_PUT : PROGRAM_SERVICE_PUT;
    }
    draw_periods(program, seed);
    uint64_t wildness = seed ^ UINT64_C(0x5deece66d);
    program->wild = program_chance(&wildness, 50);
}

void program_destroy(struct program *program)
{
    free(program->events);
    program->events = NULL;
}

/* --- names --- */

sym program_namespace(struct catalog *catalog, uint32_t number)
{
    return catalog_sym(catalog, number ? "other" : "default");
}

sym program_service_namespace(struct catalog *catalog, uint32_t service)
{
    return program_namespace(catalog, service == PROGRAM_SERVICES - 1);
}

sym program_service_name(struct catalog *catalog, uint32_t service)
{
    static const char *const names[PROGRAM_SERVICES] = {"web", "api", "db", "web"};
    return catalog_sym(catalog, names[service]);
}

sym program_node_name(struct catalog *catalog, uint32_t node)
{
    char name[16];
    snprintf(name, sizeof name, "n%u", node);
    return catalog_sym(catalog, name);
}

const struct labels *program_make_labels(struct catalog *catalog, const char *const *pairs, uint32_t count)
{
    struct label items[8];
    for (uint32_t i = 0; i < count; i++)
        items[i] = (struct label){catalog_sym(catalog, pairs[2 * i]), catalog_sym(catalog, pairs[2 * i + 1])};
    return labels_intern(catalog, items, count);
}

/* --- events of nodes --- */

static void put_node(
    struct program_world *world, const struct program_event *event, uint64_t *state, struct text *out)
{
    static const char *const zones[] = {"zone-a", "zone-b", "zone-c", ""};
    struct catalog *catalog = store_catalog(world->store);
    sym name = program_node_name(catalog, event->subject % PROGRAM_NODES);
    const struct node *old = store_node(world->store, name);
    struct node *node = old ? node_edit(old) : node_create(catalog);
    node->meta.name = name;
    const char *zone = zones[program_chance(state, 90) ? program_below(state, 3) : 3];
    sym key = catalog_word(catalog, WORD_ZONE);
    node->meta.labels = program_chance(state, 4)
                            ? labels_without(catalog, node->meta.labels, key)
                            : labels_with(catalog, node->meta.labels, key, catalog_sym(catalog, zone));
    node->ready = program_chance(state, 80) ? CONDITION_TRUE : CONDITION_FALSE;
    node->cpu_milli = program_chance(state, 4) ? 0 : 1000 * (1 + (int64_t)program_below(state, 8));
    node->meta.labels =
        labels_without(catalog, node->meta.labels, catalog_sym(catalog, "node-role.kubernetes.io/master"));
    if (program_chance(state, 5))
        node->meta.labels = labels_with(
            catalog, node->meta.labels, catalog_sym(catalog, "node-role.kubernetes.io/master"), SYM_EMPTY);
    if (out)
        text_printf(out, "node %s put, zone '%s'", catalog_text(catalog, name),
            catalog_text(catalog, node_zone(node, catalog)));
    program_put_node(world, node);
}

/* --- all --- */

void program_apply(struct program_world *world, const struct program_event *event, struct text *out)
{
    uint64_t state = event->salt;
    switch (event->kind) {
    case PROGRAM_NODE_PUT:
        put_node(world, event, &state, out);
        break;
    case PROGRAM_NODE_REMOVE:
        if (out)
            text_printf(out, "node n%u removed", event->subject % PROGRAM_NODES);
        program_remove_node(
            world, program_node_name(store_catalog(world->store), event->subject % PROGRAM_NODES));
        break;
    case PROGRAM_SERVICE_PUT:
    case PROGRAM_SERVICE_DELETE:
    case PROGRAM_SERVICE_REPLACE:
    case PROGRAM_SERVICE_SELECTOR:
    case PROGRAM_SERVICE_PORTS:
    case PROGRAM_SERVICE_LABELS:
    case PROGRAM_SERVICE_FLAGS:
    case PROGRAM_SERVICE_TOUCH:
        program_apply_service(world, event, out);
        break;
    case PROGRAM_ENDPOINTS_EDIT:
    case PROGRAM_ENDPOINTS_DELETE:
    case PROGRAM_SLICE_EDIT:
    case PROGRAM_SLICE_CREATE:
    case PROGRAM_SLICE_DELETE:
        program_apply_foreign(world, event, out);
        break;
    case PROGRAM_WAIT:
        break;
    default:
        program_apply_pod(world, event, out);
        break;
    }
}
