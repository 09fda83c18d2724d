/*
 * summary.c: collecting; see summary.h. What is told is in summary_table.c and summary_data.c.
 */
#include "cli/summary.h"

#include <string.h>

#include "model/catalog.h"

void summary_init(struct summary *summary, const struct scenario *scenario, struct simulation *simulation)
{
    *summary = (struct summary){.scenario = scenario, .catalog = store_catalog(simulation_store(simulation))};
}

void summary_fini(struct summary *summary)
{
    vec_fini(&summary->services);
}

static struct service_summary *service_of(struct summary *summary, uint32_t number)
{
    static const struct service_summary unknown = {.truncated_first_ns = -1, .truncated_since_ns = -1};
    while (summary->services.count <= number)
        vec_push(&summary->services, unknown);
    return &summary->services.items[number];
}

static void on_state(void *self, const struct service_state *state)
{
    struct service_summary *service = service_of(self, state->service_number);
    service->is_known = true;
    service->state = *state;
    if (state->ep_truncated && service->truncated_since_ns < 0) {
        service->truncated_since_ns = state->at_ns;
        if (service->truncated_first_ns < 0)
            service->truncated_first_ns = state->at_ns;
    } else if (!state->ep_truncated && service->truncated_since_ns >= 0) {
        service->truncated_ns += state->at_ns - service->truncated_since_ns;
        service->truncated_since_ns = -1;
    }
    if (state->ep_omitted > service->omitted_max) {
        service->omitted_max = state->ep_omitted;
        service->omitted_max_of = state->ep_addresses + state->ep_omitted;
        service->omitted_max_at_ns = state->at_ns;
    }
}

static void on_write(void *self, const struct write *write)
{
    struct summary *summary = self;
    if (write->trigger_ns <= 0)
        return;
    int64_t latency_ns = write->at_ns - write->trigger_ns;
    summary->latency_count++;
    summary->latency_sum_ns += latency_ns;
    if (latency_ns > summary->latency_max_ns)
        summary->latency_max_ns = latency_ns;
}

struct engine_observer summary_observer(struct summary *summary)
{
    return (struct engine_observer){.self = summary, .on_write = on_write, .on_state = on_state};
}

void summary_finish(struct summary *summary, struct simulation *simulation)
{
    summary->now_ns = simulation_now_ns(simulation);
    summary->events = clock_event_count(simulation_clock(simulation));
    summary->pod_events = simulation_pod_event_count(simulation);
    summary->digest = digest_value(&simulation_clock(simulation)->digest);
    summary->totals = *engine_totals(simulation_engine(simulation));
    summary->nodes = store_count(simulation_store(simulation), OBJECT_NODE);
    for (uint32_t i = 0; i < simulation_result_count(simulation); i++) {
        if (simulation_result(simulation, i).passed)
            summary->expectations_passed++;
        else
            summary->expectations_failed++;
    }
    for (uint32_t i = 0; i < summary->services.count; i++) {
        struct service_summary *service = &summary->services.items[i];
        if (service->truncated_since_ns >= 0)
            service->truncated_ns += summary->now_ns - service->truncated_since_ns;
    }
}

/* --- order --------------------------------------------------------------------------------------------- */

static int compare_name(const struct summary *summary, uint32_t a, uint32_t b)
{
    const struct symtab *symbols = catalog_symbols((struct catalog *)summary->catalog);
    const struct service_state *x = &summary->services.items[a].state;
    const struct service_state *y = &summary->services.items[b].state;
    int order = sym_compare(symbols, x->namespace, y->namespace);
    return order != 0 ? order : sym_compare(symbols, x->name, y->name);
}

static int compare(const struct summary *summary, bool largest_first, uint32_t a, uint32_t b)
{
    uint32_t pods_a = summary->services.items[a].state.pods;
    uint32_t pods_b = summary->services.items[b].state.pods;
    if (largest_first && pods_a != pods_b)
        return pods_a > pods_b ? -1 : 1;
    return compare_name(summary, a, b);
}

/* Bottom-up merge sort: qsort has no context, and 100,000 Services deserve better than O(n^2). */
static void sort(const struct summary *summary, bool largest_first, uint32_t *items, uint32_t count)
{
    uint32_t *from = items;
    uint32_t *spare = mem_array(NULL, count, sizeof *spare);
    uint32_t *to = spare;
    for (uint32_t width = 1; width < count; width *= 2) {
        for (uint32_t low = 0; low < count; low += 2 * width) {
            uint32_t middle = low + width < count ? low + width : count;
            uint32_t high = low + 2 * width < count ? low + 2 * width : count;
            uint32_t left = low, right = middle;
            for (uint32_t i = low; i < high; i++) {
                bool take_left = right == high || (left < middle && compare(summary, largest_first,
                                                                        from[left], from[right]) <= 0);
                to[i] = take_left ? from[left++] : from[right++];
            }
        }
        uint32_t *swap = from;
        from = to;
        to = swap;
    }
    if (from != items)
        memcpy(items, from, count * sizeof *items);
    free(spare);
}

void summary_order(const struct summary *summary, bool largest_first, struct service_order *out)
{
    *out = (struct service_order){0};
    for (uint32_t i = 0; i < summary->services.count; i++)
        if (summary->services.items[i].is_known && !summary->services.items[i].state.deleted)
            vec_push(&out->items, i);
    sort(summary, largest_first, out->items.items, out->items.count);
}
