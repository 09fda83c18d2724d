/*
 * import_history_write.c: a scenario goes out: what was there at the start as manifests, what changed then as
 * events.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "scenario/import_history_private.h"
#include "scenario/import_names.h"

struct writer {
    struct import_history *history;
    FILE *out;
    struct text line;
    bool has_events;
};

/* --- order -------------------------------------------------------------------------------------------- */

static int compare_numbers(const struct import_change *x, const struct import_change *y)
{
    return x->number < y->number ? -1 : 1;
}

static int by_version(const void *a, const void *b)
{
    const struct import_change *x = a, *y = b;
    return x->order != y->order ? (x->order < y->order ? -1 : 1) : compare_numbers(x, y);
}

static int by_time(const void *a, const void *b)
{
    const struct import_change *x = a, *y = b;
    return x->at_ns != y->at_ns ? (x->at_ns < y->at_ns ? -1 : 1) : compare_numbers(x, y);
}

/* Versions tell the order only if every change has one. */
static void sort_changes(struct import_history *history)
{
    bool versions = history->by_version;
    for (uint32_t i = 0; i < history->changes.count; i++)
        versions = versions && history->changes.items[i].order > 0;
    if (history->changes.count > 1)
        qsort(history->changes.items, history->changes.count, sizeof *history->changes.items,
            versions ? by_version : by_time);
}

/* Time never goes back: what has no time of its own, or an earlier one than what came before it, happened no
 * sooner than that. 0s is where the recording begins, or else its first change, in whole seconds. */
static void settle_times(struct import_history *history)
{
    struct import_counts *counts = &history->counts;
    int64_t start_ns = INT64_MIN, first_ns = INT64_MAX;
    for (uint32_t i = 0; i < history->changes.count; i++) {
        const struct import_change *change = &history->changes.items[i];
        if (change->is_start && change->at_ns > start_ns)
            start_ns = change->at_ns;
        if (!change->is_start && change->at_ns != INT64_MIN && change->at_ns < first_ns)
            first_ns = change->at_ns;
    }
    if (start_ns == INT64_MIN)
        start_ns = first_ns == INT64_MAX ? 0 : first_ns;
    int64_t rest = start_ns % NS_PER_S;
    start_ns -= rest < 0 ? rest + NS_PER_S : rest;
    int64_t now_ns = start_ns;
    for (uint32_t i = 0; i < history->changes.count; i++) {
        struct import_change *change = &history->changes.items[i];
        if (!change->is_start && change->at_ns > now_ns)
            now_ns = change->at_ns;
        change->at_ns = change->is_start ? 0 : now_ns - start_ns;
    }
    counts->start_ns = start_ns;
    counts->last_ns = now_ns - start_ns;
}

/* --- manifests ---------------------------------------------------------------------------------------- */

static void add_manifest(struct text *out, const struct import_life *life)
{
    if (life->pod)
        import_pod_add(
            out, life->pod, life->name->namespace, life->name->name, life->uid, life->created, life->spec);
    else
        text_add(out, life->text);
}

static bool is_controllers_own(const struct import_history *history, const struct import_life *life)
{
    const struct import_name *name = life->name;
    if (name->kind != IMPORT_ENDPOINTS && name->kind != IMPORT_SLICE)
        return false;
    if (!life->is_by_hand)
        return true;
    const struct import_name *service =
        name->kind == IMPORT_ENDPOINTS
            ? import_history_find(history, IMPORT_SERVICE, name->namespace, name->name)
            : NULL;
    return service && service->has_selector;
}

static bool is_down(const struct import_life *life)
{
    return life->text && !strstr(life->text, "[{type: Ready, status: \"True\"}]");
}

static void take(const struct import_change *change)
{
    struct import_life *life = change->life;
    life->pod = change->pod;
    life->text = change->text;
    life->name->present = life;
    life->name->is_down = life->name->kind == IMPORT_NODE && is_down(life);
}

static void write_line(struct writer *w)
{
    fwrite(w->line.data, 1, w->line.length, w->out);
    text_clear(&w->line);
}

static void write_document(struct writer *w)
{
    text_add(&w->line, "\n---\n");
    write_line(w);
}

/* Pods stand on nodes that nobody recorded: their names are all that is known of them. */
static void write_nodes_of_pods(struct writer *w)
{
    struct import_history *history = w->history;
    struct map seen = {0};
    for (uint32_t i = 0; i < history->changes.count; i++) {
        const char *node = history->changes.items[i].life->node;
        uint64_t hash = hash64(node, strlen(node));
        if (!*node || map_get(&seen, hash, NULL))
            continue;
        map_put(&seen, hash, 1);
        history->counts.nodes_made++;
        text_printf(&w->line, "{apiVersion: v1, kind: Node, metadata: {name: ");
        text_add_json(&w->line, node, strlen(node));
        text_add(&w->line, "}}");
        write_document(w);
    }
    map_fini(&seen);
}

static void write_start(struct writer *w)
{
    struct import_history *history = w->history;
    for (uint32_t i = 0; i < history->changes.count; i++)
        if (history->changes.items[i].is_start)
            take(&history->changes.items[i]);
    for (int kind = 0; kind < IMPORT_KIND_COUNT; kind++)
        for (uint32_t i = 0; i < history->all.count; i++) {
            const struct import_name *name = history->all.items[i];
            if (name->kind != (enum import_kind)kind || !name->present)
                continue;
            history->counts.at_start[kind]++;
            add_manifest(&w->line, name->present);
            write_document(w);
        }
    if (history->counts.objects[IMPORT_NODE] == 0)
        write_nodes_of_pods(w);
}

/* --- events ------------------------------------------------------------------------------------------- */

static void begin_event(struct writer *w, const struct import_change *change, const char *verb)
{
    text_add(&w->line, w->has_events ? "  - {at: " : "  events:\n  - {at: ");
    w->has_events = true;
    w->history->counts.events++;
    text_add_duration(&w->line, change->at_ns);
    text_printf(&w->line, ", %s: ", verb);
}

static void add_reference(struct text *out, const struct import_name *name)
{
    if (*name->namespace && strcmp(name->namespace, "default") != 0)
        text_printf(out, "%s/", name->namespace);
    text_printf(out, "%s/%s", import_kind_reference(name->kind), name->name);
}

static void end_event(struct writer *w)
{
    text_add(&w->line, "}\n");
    write_line(w);
}

static void write_apply(struct writer *w, const struct import_change *change)
{
    begin_event(w, change, "apply");
    add_manifest(&w->line, change->life);
    end_event(w);
}

/* What is gone is gone: of a pod that was being deleted and of one that was not. */
static void write_delete(struct writer *w, const struct import_change *change, const struct import_name *name)
{
    w->history->counts.deletions++;
    begin_event(w, change, "delete");
    add_reference(&w->line, name);
    if (name->kind == IMPORT_POD)
        text_add(&w->line, ", grace: 0s");
    if (name->kind == IMPORT_ENDPOINTS || name->kind == IMPORT_SLICE)
        text_add(&w->line, ", ifPresent: true"); /* they may have gone with their Service */
    end_event(w);
}

static void add_label(struct text *out, bool *is_first, const char *key, const char *value)
{
    text_add(out, *is_first ? "" : ", ");
    *is_first = false;
    text_add_json(out, key, strlen(key));
    text_add(out, ": ");
    if (value)
        text_add_json(out, value, strlen(value));
    else
        text_add(out, "null");
}

/* Both are sorted by key. */
static void write_label(struct writer *w, const struct import_change *change, const struct text_map *from,
    const struct text_map *to)
{
    bool is_first = true;
    begin_event(w, change, "label");
    add_reference(&w->line, change->life->name);
    text_add(&w->line, ", labels: {");
    for (uint32_t a = 0, b = 0; a < from->count || b < to->count;) {
        int order = a == from->count ? 1 : b == to->count ? -1 : strcmp(from->items[a].key, to->items[b].key);
        if (order < 0)
            add_label(&w->line, &is_first, from->items[a].key, NULL);
        else if (order > 0 || strcmp(from->items[a].value, to->items[b].value) != 0)
            add_label(&w->line, &is_first, to->items[b].key, to->items[b].value);
        a += order <= 0;
        b += order >= 0;
    }
    text_add_char(&w->line, '}');
    end_event(w);
    w->history->counts.labels++;
}

/* The kubelet of a node that is down, and of a pod that has finished, says nothing any more. */
static bool kubelet_answers(const struct writer *w, const struct import_life *life)
{
    const struct import_name *node = import_history_find(w->history, IMPORT_NODE, "", life->node);
    bool finished = strcmp(life->pod->phase, "Succeeded") == 0 || strcmp(life->pod->phase, "Failed") == 0;
    return !finished && !(node && node->is_down);
}

static void write_pod_change(struct writer *w, const struct import_change *change)
{
    struct import_life *life = change->life;
    const struct import_pod *before = life->pod, *after = change->pod;
    bool same_labels = import_pod_same_labels(before, after);
    bool same_ready = import_pod_is_ready(before) == import_pod_is_ready(after);
    bool same_status = import_pod_same_status(before, after);
    life->pod = after;
    if (same_status && same_labels && same_ready)
        return;
    if (same_status && same_ready) {
        write_label(w, change, &before->labels, &after->labels);
    } else if (same_status && same_labels && kubelet_answers(w, life)) {
        begin_event(w, change, import_pod_is_ready(after) ? "ready" : "unready");
        add_reference(&w->line, life->name);
        end_event(w);
        w->history->counts.readiness++;
    } else {
        write_apply(w, change);
        w->history->counts.applies++;
    }
}

static void write_change(struct writer *w, const struct import_change *change)
{
    struct import_life *life = change->life;
    struct import_name *name = life->name;
    if (is_controllers_own(w->history, life)) {
        w->history->counts.controllers_own++;
        return;
    }
    if (change->is_gone) {
        life->is_there = false;
        if (name->present != life)
            return;
        write_delete(w, change, name);
        name->present = NULL;
        return;
    }
    if (!life->is_there)
        return; /* a state that came after the end */
    if (name->present != life) {
        if (name->present)
            write_delete(w, change, name);
        take(change);
        write_apply(w, change);
        w->history->counts.creations++;
    } else if (change->pod) {
        write_pod_change(w, change);
    } else if (strcmp(life->text, change->text) != 0) {
        take(change);
        write_apply(w, change);
        w->history->counts.applies++;
    }
}

/* --- the whole ---------------------------------------------------------------------------------------- */

static void write_head(struct writer *w, const char *name, const char *about)
{
    const struct import_counts *counts = &w->history->counts;
    struct text fit = {0};
    name_fit(&fit, name, strlen(name), NAME_OBJECT);
    text_printf(
        &w->line, "apiVersion: epsim.dev/v1\nkind: Scenario\nmetadata: {name: \"%s\"}\nspec:\n", fit.data);
    text_fini(&fit);
    text_add(&w->line, "  about: ");
    text_add_json(&w->line, about, strlen(about));
    if (counts->start_ns > 0) {
        text_add(&w->line, "\n  start: ");
        text_add_rfc3339(&w->line, counts->start_ns);
    }
    text_add(&w->line, "\n  until: ");
    text_add_duration(&w->line, counts->last_ns);
    text_add(&w->line, "\n  nodes: {lifecycle: false}\n");
    write_line(w);
}

void import_history_write(struct import_history *history, const char *name, const char *about, FILE *out)
{
    struct writer w = {.history = history, .out = out};
    sort_changes(history);
    settle_times(history);
    for (uint32_t i = 0; i < history->all.count; i++)
        history->counts.objects[history->all.items[i]->kind]++;
    for (uint32_t i = 0; i < history->changes.count; i++) {
        struct import_life *life = history->changes.items[i].life;
        life->pod = NULL;
        life->text = NULL;
        life->is_there = true;
    }
    write_start(&w);
    write_head(&w, name, about);
    for (uint32_t i = 0; i < history->changes.count; i++)
        if (!history->changes.items[i].is_start)
            write_change(&w, &history->changes.items[i]);
    text_fini(&w.line);
}
