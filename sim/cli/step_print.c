/*
 * step_print.c: see step_print.h. Nothing depends on a terminal or a locale, so the same scenario always
 * gives the same bytes.
 */
#include "cli/step_print.h"

#include <string.h>

#include "walk/reason.h"

#define BAR_COLUMNS 40
#define SLICES_MAX 16

void step_print_text(
    struct text *out, struct walk *walk, const struct view *view, const struct view_filter *filter)
{
    struct step_lines lines = {0};
    step_lines_add_story(&lines, walk, filter);
    for (uint32_t i = 0; i < view->services.count; i++)
        step_lines_add_service(
            &lines, walk, view, &view->services.items[i], (struct step_detail){SLICES_MAX, BAR_COLUMNS});
    step_title(out, walk_step(walk));
    text_add_char(out, '\n');
    for (uint32_t i = 0; i < lines.items.count; i++) {
        const struct step_line *line = &lines.items.items[i];
        text_printf(out, "%*s%s", (int)line->indent, "", line->text.data);
        if (line->bar.length)
            text_printf(out, "[%s]", line->bar.data);
        if (line->tail.length)
            text_printf(out, " %s", line->tail.data);
        text_add_char(out, '\n');
    }
    step_lines_fini(&lines);
}

/* --- JSON ------------------------------------------------------------------------------------ */

static void add_string(struct text *out, const char *key, const char *value)
{
    text_printf(out, ",\"%s\":", key);
    text_add_json(out, value, strlen(value));
}

static void add_number(struct text *out, const char *key, uint64_t value)
{
    text_printf(out, ",\"%s\":", key);
    text_add_u64(out, value);
}

static void add_bool(struct text *out, const char *key, bool value)
{
    text_printf(out, ",\"%s\":%s", key, value ? "true" : "false");
}

struct printing {
    struct text *out;
    const struct walk_step *step;
    const struct catalog *catalog;
    const struct diag *diag;
};

static const char *object_kind_text(enum object_kind kind)
{
    return kind == OBJECT_POD ? "Pod" : kind == OBJECT_SERVICE ? "Service" : "Node";
}

static void add_request(const struct printing *p, const struct note *note)
{
    const struct write *write = &note->write;
    add_string(p->out, "verb", verb_text(write->verb));
    add_string(p->out, "kind", note->is_slice ? "EndpointSlice" : "Endpoints");
    add_string(p->out, "object", catalog_text(p->catalog, write->object));
    add_number(p->out, "endpoints", write->endpoints);
    add_number(p->out, "endpoints_added", write->endpoints_added);
    add_number(p->out, "endpoints_removed", write->endpoints_removed);
    add_number(p->out, "bytes", write->bytes);
    add_number(p->out, "watchers", write->watchers);
    add_number(p->out, "watch_bytes", write->watch_bytes);
}

static void add_note(const struct printing *p, const struct note *note)
{
    struct text *out = p->out;
    text_printf(out, "{\"type\":\"%s\"", note_kind_text(note->kind));
    if (note->kind >= NOTE_DECISION) {
        add_string(out, "controller", controller_text(note->controller));
        add_string(out, "namespace", catalog_text(p->catalog, note->namespace));
        add_string(out, "service", catalog_text(p->catalog, note->service));
    }
    switch (note->kind) {
    case NOTE_CAUSE:
        add_string(out, "file", diag_source_name(p->diag, note->at.source));
        add_number(out, "line", note->at.line);
        add_number(out, "column", note->at.column);
        break;
    case NOTE_CHANGE:
        add_string(out, "kind", object_kind_text(note->object_kind));
        add_string(out, "change", note->change);
        break;
    case NOTE_DECISION:
        add_string(out, "decision", reason_kind_text(note->decision));
        add_string(out, "rule", note->rule ? note->rule : "");
        break;
    case NOTE_REQUEST:
        add_request(p, note);
        break;
    default:
        break;
    }
    add_string(out, "text", note_words(p->step, note));
    text_add_char(out, '}');
}

static void add_slice(const struct printing *p, const struct view_slice *slice)
{
    const struct endpointslice *object = slice->slice;
    struct text *out = p->out;
    text_add(out, "{\"name\":");
    const char *name = catalog_text(p->catalog, object->meta.name);
    text_add_json(out, name, strlen(name));
    add_string(out, "addressType", address_type_text(object->address_type));
    add_number(out, "endpoints", object->endpoints.count);
    add_number(out, "ready", slice->counts[VIEW_READY]);
    add_number(out, "not_ready", slice->counts[VIEW_NOT_READY]);
    add_number(out, "terminating", slice->counts[VIEW_TERMINATING]);
    add_bool(out, "touched", slice->is_touched);
    text_add_char(out, '}');
}

static void add_service(const struct printing *p, const struct view *view, const struct view_service *service)
{
    struct text *out = p->out;
    text_add(out, "{\"namespace\":");
    const char *namespace = catalog_text(p->catalog, service->namespace);
    text_add_json(out, namespace, strlen(namespace));
    add_string(out, "service", catalog_text(p->catalog, service->name));
    add_bool(out, "deleted", !service->is_there);
    add_number(out, "pods", service->state.pods);
    add_number(out, "ready", service->state.ready);
    add_bool(out, "has_endpoints", service->has_endpoints);
    add_number(out, "ep_ready", service->ep_ready);
    add_number(out, "ep_not_ready", service->ep_not_ready);
    add_number(out, "ep_omitted", service->state.ep_omitted);
    text_add(out, ",\"slices\":[");
    for (uint32_t i = 0; i < service->slice_count; i++) {
        text_add(out, i ? "," : "");
        add_slice(p, &view->slices.items[service->slice_first + i]);
    }
    text_add(out, "]}");
}

void step_print_json(
    struct text *out, struct walk *walk, const struct view *view, const struct view_filter *filter)
{
    const struct walk_step *step = walk_step(walk);
    const struct catalog *catalog = store_catalog(simulation_store(walk_simulation(walk)));
    struct printing printing = {out, step, catalog, walk_scenario(walk)->diag};
    text_add(out, "{\"step\":");
    text_add_u64(out, step->number);
    add_number(out, "t_ns", (uint64_t)step->at_ns);
    add_number(out, "events", step->event_count);
    add_bool(out, "writes", step->writes);
    text_add(out, ",\"notes\":[");
    bool first = true;
    for (uint32_t i = 0; i < step->notes.count; i++) {
        const struct note *note = &step->notes.items[i];
        if (note->service != SYM_EMPTY && !view_note_concerns(note, catalog, filter))
            continue;
        text_add(out, first ? "" : ",");
        first = false;
        add_note(&printing, note);
    }
    text_add(out, "],\"services\":[");
    for (uint32_t i = 0; i < view->services.count; i++) {
        text_add(out, i ? "," : "");
        add_service(&printing, view, &view->services.items[i]);
    }
    text_add(out, "]}\n");
}
