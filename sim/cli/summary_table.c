/*
 * summary_table.c: the summary for people, at most 100 columns wide.
 */
#include <string.h>

#include "cli/format.h"
#include "cli/output.h"
#include "cli/summary.h"
#include "kernel/digest.h"

#define SERVICES_SHOWN_MAX 20
#define STORIES_SHOWN_MAX 5
#define SERVICE_COLUMNS_MAX 28 /* wider names are cut: with a million pods all columns stay within 100 */
#define COLUMNS_MAX 100
#define LABEL_WIDTH 11

static void add_label(struct text *out, const char *label)
{
    text_printf(out, "%-*s", LABEL_WIDTH, label);
}

static void add_indent(struct text *out)
{
    text_printf(out, "%*s", LABEL_WIDTH, "");
}

/* --- Services ------------------------------------------------------------------------------------------ */

static bool all_in_default(const struct summary *summary, const struct service_order *order)
{
    sym word = catalog_word(summary->catalog, WORD_DEFAULT);
    for (uint32_t i = 0; i < order->items.count; i++)
        if (summary->services.items[order->items.items[i]].state.namespace != word)
            return false;
    return true;
}

static void add_service_name(
    const struct summary *summary, const struct service_state *state, bool short_name, struct text *out)
{
    struct text name = {0};
    if (!short_name)
        text_printf(&name, "%s/", catalog_text(summary->catalog, state->namespace));
    text_add(&name, catalog_text(summary->catalog, state->name));
    if (name.length > SERVICE_COLUMNS_MAX) {
        /* The end tells more than the middle: names that are made often differ there. */
        text_add_bytes(out, name.data, SERVICE_COLUMNS_MAX / 2 - 1);
        text_add(out, "..");
        text_add(out, name.data + name.length - (SERVICE_COLUMNS_MAX / 2 - 1));
    } else {
        text_add(out, name.data);
    }
    text_fini(&name);
}

static void add_service_row(
    const struct summary *summary, const struct service_state *state, bool short_name, struct table *table)
{
    struct text cell = {0};
    add_service_name(summary, state, short_name, &cell);
    table_take(table, &cell);
    table_add_grouped(table, state->pods);
    table_add_grouped(table, state->ready);
    table_add_grouped(table, state->ep_addresses);
    if (state->ep_truncated)
        table_add_grouped(table, state->ep_omitted);
    else
        table_add(table, "-");
    table_add_grouped(table, state->slices);
    table_add_grouped(table, state->slices_ideal);
    double places = (double)state->slices * summary->scenario->engine.endpoints_per_slice_max;
    if (state->slices == 0)
        table_add(table, "-");
    else {
        text_printf(&cell, "%.0f %%", 100 * state->slice_endpoints / places);
        table_take(table, &cell);
    }
    text_fini(&cell);
}

static void add_services(const struct summary *summary, const struct service_order *order, bool short_name,
    bool color, struct text *out)
{
    static const enum align aligns[] = {ALIGN_LEFT, ALIGN_RIGHT, ALIGN_RIGHT, ALIGN_RIGHT, ALIGN_RIGHT,
        ALIGN_RIGHT, ALIGN_RIGHT, ALIGN_RIGHT};
    static const char *const heads[] = {
        "SERVICE", "PODS", "READY", "ENDPOINTS", "LEFT OUT", "SLICES", "FEWEST", "FILL"};
    uint32_t gone = 0;
    for (uint32_t i = 0; i < summary->services.count; i++)
        gone += summary->services.items[i].is_known && summary->services.items[i].state.deleted;

    if (order->items.count == 0) {
        text_add(out, "No Service at the end.\n");
    } else {
        struct table table;
        table_init(&table, 8, 2, aligns);
        for (uint32_t i = 0; i < 8; i++)
            table_add(&table, heads[i]);
        uint32_t shown = order->items.count > SERVICES_SHOWN_MAX ? SERVICES_SHOWN_MAX : order->items.count;
        for (uint32_t i = 0; i < shown; i++)
            add_service_row(
                summary, &summary->services.items[order->items.items[i]].state, short_name, &table);
        table_print(&table, out, color);
        table_fini(&table);
        if (shown < order->items.count) {
            text_add(out, "and ");
            text_add_grouped(out, order->items.count - shown);
            text_add(out, " more (--format csv has all)\n");
        }
    }
    if (gone > 0) {
        text_add_grouped(out, gone);
        text_add(out, gone == 1 ? " Service was deleted\n" : " Services were deleted\n");
    }
}

/* --- writes -------------------------------------------------------------------------------------------- */

static void add_write_row(struct table *table, const char *name, const uint64_t writes[VERB_COUNT],
    uint64_t bytes, uint64_t watch_bytes)
{
    table_add(table, name);
    for (uint32_t v = 0; v < VERB_COUNT; v++)
        table_add_grouped(table, writes[v]);
    struct text cell = {0};
    text_add_bytes_human(&cell, bytes);
    table_take(table, &cell);
    text_add_bytes_human(&cell, watch_bytes);
    table_take(table, &cell);
    text_fini(&cell);
}

static void add_writes(const struct summary *summary, bool color, struct text *out)
{
    static const enum align aligns[] = {
        ALIGN_LEFT, ALIGN_RIGHT, ALIGN_RIGHT, ALIGN_RIGHT, ALIGN_RIGHT, ALIGN_RIGHT, ALIGN_RIGHT};
    static const char *const heads[] = {
        "WRITES BY", "CREATE", "UPDATE", "DELETE", "NO-OP", "WRITTEN", "TO WATCHERS"};
    const struct engine_totals *totals = &summary->totals;
    struct table table;
    table_init(&table, 7, 2, aligns);
    for (uint32_t i = 0; i < 7; i++)
        table_add(&table, heads[i]);
    uint64_t sums[VERB_COUNT] = {0}, bytes = 0, watch_bytes = 0;
    for (uint32_t c = 0; c < CONTROLLER_COUNT; c++) {
        uint64_t all = 0;
        for (uint32_t v = 0; v < VERB_COUNT; v++) {
            all += totals->writes[c][v];
            sums[v] += totals->writes[c][v];
        }
        bytes += totals->bytes[c];
        watch_bytes += totals->watch_bytes[c];
        if (all > 0 || c == CONTROLLER_ENDPOINTS || c == CONTROLLER_ENDPOINTSLICE)
            add_write_row(&table, controller_text((enum controller)c), totals->writes[c], totals->bytes[c],
                totals->watch_bytes[c]);
    }
    add_write_row(&table, "all", sums, bytes, watch_bytes);
    table_print(&table, out, color);
    table_fini(&table);
}

/* --- syncs that failed --------------------------------------------------------------------------------- */

/* Only their number is known, not the cause of each: what is told is what can be one. C-40: tried again up to
 * 15 times, then with the next event. */
static void add_errors(const struct summary *summary, bool color, struct text *out)
{
    static const char *const causes[CONTROLLER_COUNT] = {
        [CONTROLLER_ENDPOINTS] = "its cache was older than its last write",
        [CONTROLLER_ENDPOINTSLICE] = "a pod's node is missing, or the cache was older than a write",
        [CONTROLLER_MIRRORING] = "its cache was older than a write, or a name was taken",
    };
    bool is_first = true;
    for (uint32_t c = 0; c < CONTROLLER_COUNT; c++) {
        uint64_t failed = summary->totals.sync_errors[c];
        if (failed == 0)
            continue;
        struct text label = {0}, what = {0};
        text_printf(&label, "%-*s", LABEL_WIDTH, is_first ? "Errors" : "");
        text_add_color(out, color, COLOR_YELLOW, label.data);
        text_fini(&label);
        text_add_grouped(&what, failed);
        text_add(&what, " of ");
        text_add_grouped(&what, summary->totals.syncs[c]);
        text_printf(&what, " syncs of %s failed, to be tried again;", controller_text((enum controller)c));
        text_add(out, what.data);
        const char *cause = causes[c] != NULL ? causes[c] : "why is not known";
        text_printf(out, "\n%*spossible: %s\n", LABEL_WIDTH, "", cause);
        text_fini(&what);
        is_first = false;
    }
}

/* --- truncation ---------------------------------------------------------------------------------------- */

static void add_story(
    const struct summary *summary, const struct service_summary *service, bool short_name, struct text *out)
{
    struct text when = {0}, what = {0};
    add_service_name(summary, &service->state, short_name, &when);
    text_add(&when, " from ");
    text_add_time(&when, service->truncated_first_ns);
    text_add(&when, ", ");
    text_add_time(&when, service->truncated_ns);
    text_add(&when, service->truncated_since_ns >= 0 ? " in all, still at the end;" : " in all;");
    if (service->omitted_max == 0) {
        text_add(&what, "nothing left out");
    } else {
        text_add(&what, "at most ");
        text_add_grouped(&what, service->omitted_max);
        text_add(&what, " of ");
        text_add_grouped(&what, service->omitted_max_of);
        text_add(&what, " left out, at ");
        text_add_time(&what, service->omitted_max_at_ns);
    }
    text_add(out, when.data);
    if (LABEL_WIDTH + when.length + 1 + what.length > COLUMNS_MAX) {
        text_add(out, "\n");
        add_indent(out);
    } else {
        text_add_char(out, ' ');
    }
    text_add(out, what.data);
    text_add_char(out, '\n');
    text_fini(&when);
    text_fini(&what);
}

/* The Services that were ever truncated, deleted ones too: the greatest losses first. */
static void add_truncation(const struct summary *summary, bool short_name, bool color, struct text *out)
{
    const struct service_summary *greatest[STORIES_SHOWN_MAX];
    uint32_t shown = 0, count = 0;
    for (uint32_t i = 0; i < summary->services.count; i++) {
        const struct service_summary *service = &summary->services.items[i];
        if (service->truncated_first_ns < 0)
            continue;
        count++;
        uint32_t place = shown;
        while (place > 0 && greatest[place - 1]->omitted_max < service->omitted_max)
            place--;
        if (place == STORIES_SHOWN_MAX)
            continue;
        shown += shown < STORIES_SHOWN_MAX;
        memmove(&greatest[place + 1], &greatest[place], (shown - 1 - place) * sizeof *greatest);
        greatest[place] = service;
    }
    struct text label = {0};
    text_printf(&label, "%-*s", LABEL_WIDTH, "Truncated");
    text_add_color(out, color && count > 0, COLOR_YELLOW, label.data);
    text_fini(&label);
    if (count == 0)
        text_add(out, "never\n");
    for (uint32_t i = 0; i < shown; i++) {
        if (i > 0)
            add_indent(out);
        add_story(summary, greatest[i], short_name, out);
    }
    if (count > shown) {
        add_indent(out);
        text_add(out, "and ");
        text_add_grouped(out, count - shown);
        text_add(out, " more Services\n");
    }
}

/* --- the rest ------------------------------------------------------------------------------------------ */

static void add_head(const struct summary *summary, bool color, struct text *out)
{
    char digest[DIGEST_TEXT_LENGTH + 1];
    digest_format(summary->digest, digest);
    add_label(out, "Scenario");
    text_add_color(out, color, COLOR_BOLD, summary->scenario->name);
    text_printf(
        out, ", seed %llu, run %llu", (unsigned long long)summary->seed, (unsigned long long)summary->run);
    if (strcmp(summary->scenario->params_json, "{}") != 0)
        text_printf(out, ", set %s", summary->scenario->params_json);
    text_add_char(out, '\n');
    if (summary->scenario->engine.packing_policy != PACKING_UPSTREAM) {
        add_label(out, "Packing");
        text_printf(out, "%s: a what-if, the real controller packs as upstream does\n",
            packing_policy_text(summary->scenario->engine.packing_policy));
    }
    add_label(out, "Ended");
    bool complete = strcmp(summary->status, "complete") == 0;
    text_add_color(out, color, complete ? COLOR_GREEN : COLOR_RED, summary->status);
    text_add(out, " at ");
    text_add_time(out, summary->now_ns);
    text_printf(out, ", digest %s\n", digest);
    if (summary->database != NULL) {
        add_label(out, "Database");
        text_printf(out, "%s, run_id %lld\n", summary->database, (long long)summary->run_id);
    }
    text_add_char(out, '\n');
}

static void add_expectations(const struct summary *summary, bool color, struct text *out)
{
    uint32_t all = summary->expectations_passed + summary->expectations_failed;
    if (all == 0)
        return;
    add_label(out, "Expected");
    if (summary->expectations_failed == 0) {
        text_add_grouped(out, all);
        text_add(out, all == 1 ? " value, and it holds\n" : " values, and all hold\n");
        return;
    }
    struct text failed = {0};
    text_add_grouped(&failed, summary->expectations_failed);
    text_add(&failed, " of ");
    text_add_grouped(&failed, all);
    text_add(&failed, " values do not hold");
    text_add_color(out, color, COLOR_RED, failed.data);
    text_add(out, " (epsim check tells which)\n");
    text_fini(&failed);
}

/* When nothing waits and nothing takes time there is none to speak of. */
static void add_delay(const struct summary *summary, struct text *out)
{
    const struct engine_config *config = &summary->scenario->engine;
    bool waits = config->endpointslice_updates_batch_period_ns > 0 || !timing_is_instant(&config->timing);
    if (!waits || summary->latency_count == 0)
        return;
    add_label(out, "Delay");
    text_printf(out, "mean %.4g s, at most %.4g s, of ",
        (double)summary->latency_sum_ns / (double)summary->latency_count / (double)NS_PER_S,
        (double)summary->latency_max_ns / (double)NS_PER_S);
    text_add_grouped(out, summary->latency_count);
    text_add(out, " writes of slices, from the change of a pod\n");
}

static void add_speed(const struct summary *summary, struct text *out)
{
    double sim_s = (double)summary->now_ns / (double)NS_PER_S;
    add_label(out, "Speed");
    text_add_grouped(out, summary->events);
    text_add(out, " events (");
    text_add_grouped(out, summary->pod_events);
    text_add(out, " changes of pods) in ");
    text_add_wall_s(out, summary->wall_s);
    text_add_char(out, '\n');
    add_indent(out);
    if (summary->wall_s > 0) {
        text_add_rate(out, (double)summary->events / summary->wall_s);
        text_add(out, " events/s");
    }
    if (summary->wall_s > 0 && sim_s > 0) {
        text_add(out, ", ");
        text_add_rate(out, sim_s / summary->wall_s);
        text_add(out, " simulated s/s");
    }
    if (sim_s > 0) {
        text_add(out, summary->wall_s > 0 ? ", " : "");
        text_add_rate(out, (double)summary->events / sim_s);
        text_add(out, " events per simulated s");
    }
    text_add_char(out, '\n');
    add_indent(out);
    text_add(out, "An event is one step: a line of the scenario, a pod's change,\n");
    add_indent(out);
    text_add(out, "its delivery to the watchers, a controller's sync of one Service.\n");
}

void summary_table(const struct summary *summary, struct text *out, bool color)
{
    struct service_order order;
    summary_order(summary, true, &order);
    bool short_name = all_in_default(summary, &order);
    add_head(summary, color, out);
    add_services(summary, &order, short_name, color, out);
    text_add_char(out, '\n');
    add_writes(summary, color, out);
    text_add_char(out, '\n');
    add_truncation(summary, short_name, color, out);
    add_delay(summary, out);
    add_errors(summary, color, out);
    add_expectations(summary, color, out);
    add_speed(summary, out);
    vec_fini(&order.items);
}
