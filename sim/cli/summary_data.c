/*
 * summary_data.c: the summary for machines: JSON and CSV.
 */
#include <string.h>

#include "cli/format.h"
#include "cli/summary.h"
#include "kernel/digest.h"

static void add_key(struct text *out, const char *key)
{
    char last = out->length > 0 ? out->data[out->length - 1] : '{';
    if (last != '{' && last != '[')
        text_add_char(out, ',');
    text_add_json(out, key, strlen(key));
    text_add_char(out, ':');
}

static void add_string(struct text *out, const char *key, const char *value)
{
    add_key(out, key);
    if (value != NULL)
        text_add_json(out, value, strlen(value));
    else
        text_add(out, "null");
}

static void add_number(struct text *out, const char *key, uint64_t value)
{
    add_key(out, key);
    text_add_u64(out, value);
}

static void add_real(struct text *out, const char *key, double value)
{
    add_key(out, key);
    text_add_real(out, value);
}

static void add_seconds(struct text *out, const char *key, int64_t ns)
{
    add_key(out, key);
    if (ns < 0)
        text_add(out, "null");
    else
        text_add_seconds(out, ns);
}

static void add_fill(const struct summary *summary, const struct service_state *state, struct text *out)
{
    double places = (double)state->slices * summary->scenario->engine.endpoints_per_slice_max;
    if (state->slices == 0)
        text_add(out, "null");
    else
        text_add_real(out, state->slice_endpoints / places);
}

static void add_service(
    const struct summary *summary, const struct service_summary *service, struct text *out)
{
    const struct service_state *state = &service->state;
    if (out->data[out->length - 1] == '}')
        text_add_char(out, ',');
    text_add_char(out, '{');
    add_string(out, "namespace", catalog_text(summary->catalog, state->namespace));
    add_string(out, "service", catalog_text(summary->catalog, state->name));
    add_number(out, "pods", state->pods);
    add_number(out, "ready", state->ready);
    add_number(out, "ep_addresses", state->ep_addresses);
    add_number(out, "ep_omitted", state->ep_omitted);
    add_number(out, "ep_truncated", state->ep_truncated);
    add_number(out, "slices", state->slices);
    add_number(out, "slices_ideal", state->slices_ideal);
    add_key(out, "fill");
    add_fill(summary, state, out);
    add_seconds(out, "truncated_first_s", service->truncated_first_ns);
    add_seconds(out, "truncated_s", service->truncated_ns);
    add_number(out, "ep_omitted_max", service->omitted_max);
    add_seconds(out, "ep_omitted_max_at_s", service->omitted_max > 0 ? service->omitted_max_at_ns : -1);
    text_add_char(out, '}');
}

static void add_services(const struct summary *summary, struct text *out)
{
    struct service_order order;
    summary_order(summary, false, &order);
    add_key(out, "services");
    text_add_char(out, '[');
    for (uint32_t i = 0; i < order.items.count; i++)
        add_service(summary, &summary->services.items[order.items.items[i]], out);
    text_add_char(out, ']');
    vec_fini(&order.items);
}

static void add_writes(const struct summary *summary, struct text *out)
{
    const struct engine_totals *totals = &summary->totals;
    add_key(out, "writes");
    text_add_char(out, '[');
    for (uint32_t c = 0; c < CONTROLLER_COUNT; c++) {
        if (c > 0)
            text_add_char(out, ',');
        text_add_char(out, '{');
        add_string(out, "controller", controller_text((enum controller)c));
        for (uint32_t v = 0; v < VERB_COUNT; v++)
            add_number(out, verb_text((enum verb)v), totals->writes[c][v]);
        add_number(out, "bytes", totals->bytes[c]);
        add_number(out, "watch_bytes", totals->watch_bytes[c]);
        add_number(out, "syncs", totals->syncs[c]);
        add_number(out, "sync_errors", totals->sync_errors[c]);
        text_add_char(out, '}');
    }
    text_add_char(out, ']');
}

/* As in v_latency. */
static void add_latency(const struct summary *summary, struct text *out)
{
    uint64_t count = summary->latency_count;
    add_key(out, "latency");
    text_add_char(out, '{');
    add_number(out, "samples", count);
    add_seconds(out, "mean_s", count > 0 ? summary->latency_sum_ns / (int64_t)count : -1);
    add_seconds(out, "max_s", count > 0 ? summary->latency_max_ns : -1);
    text_add_char(out, '}');
}

void summary_json(const struct summary *summary, struct text *out)
{
    char digest[DIGEST_TEXT_LENGTH + 1];
    digest_format(summary->digest, digest);
    double sim_s = (double)summary->now_ns / (double)NS_PER_S;
    text_add_char(out, '{');
    add_string(out, "epsim", EPSIM_VERSION);
    add_string(out, "scenario", summary->scenario->name);
    add_string(out, "status", summary->status);
    add_string(out, "message", summary->message);
    add_number(out, "seed", summary->seed);
    add_number(out, "run", summary->run);
    add_string(out, "digest", digest);
    add_string(out, "content_hash", summary->scenario->content_hash);
    add_key(out, "params");
    text_add(out, summary->scenario->params_json);
    add_string(out, "packing_policy", packing_policy_text(summary->scenario->engine.packing_policy));
    add_string(out, "database", summary->database);
    add_key(out, "run_id");
    if (summary->database != NULL)
        text_add_i64(out, summary->run_id);
    else
        text_add(out, "null");
    add_number(out, "nodes", summary->nodes);
    add_services(summary, out);
    add_writes(summary, out);
    add_latency(summary, out);
    add_number(out, "expectations_succeeded", summary->expectations_passed);
    add_number(out, "expectations_failed", summary->expectations_failed);
    add_number(out, "events", summary->events);
    add_number(out, "pod_events", summary->pod_events);
    add_seconds(out, "sim_s", summary->now_ns);
    add_real(out, "wall_s", summary->wall_s);
    if (summary->wall_s > 0) {
        add_real(out, "events_per_s", (double)summary->events / summary->wall_s);
        add_real(out, "sim_s_per_s", sim_s / summary->wall_s);
    }
    if (sim_s > 0)
        add_real(out, "events_per_sim_s", (double)summary->events / sim_s);
    text_add(out, "}\n");
}

void summary_csv(const struct summary *summary, struct text *out)
{
    struct service_order order;
    summary_order(summary, false, &order);
    text_add(out, "run_id,t_s,namespace,service,pods,ready,ep_addresses,ep_omitted,ep_truncated,slices,"
                  "slices_ideal,fill,packing_policy\n");
    for (uint32_t i = 0; i < order.items.count; i++) {
        const struct service_state *state = &summary->services.items[order.items.items[i]].state;
        if (summary->database != NULL)
            text_add_i64(out, summary->run_id);
        text_add_char(out, ',');
        text_add_seconds(out, summary->now_ns);
        /* Names of namespaces and Services have no character that CSV would quote. */
        text_printf(out, ",%s,%s,%u,%u,%u,%u,%u,%u,%u,", catalog_text(summary->catalog, state->namespace),
            catalog_text(summary->catalog, state->name), state->pods, state->ready, state->ep_addresses,
            state->ep_omitted, state->ep_truncated ? 1 : 0, state->slices, state->slices_ideal);
        if (state->slices > 0)
            add_fill(summary, state, out);
        text_printf(out, ",%s\n", packing_policy_text(summary->scenario->engine.packing_policy));
    }
    vec_fini(&order.items);
}
