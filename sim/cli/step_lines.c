/*
 * step_lines.c: see step_lines.h.
 */
#include "cli/step_lines.h"

#include <string.h>

void step_lines_clear(struct step_lines *lines)
{
    lines->items.count = 0;
}

void step_lines_fini(struct step_lines *lines)
{
    for (uint32_t i = 0; i < lines->made; i++) {
        text_fini(&lines->items.items[i].text);
        text_fini(&lines->items.items[i].bar);
        text_fini(&lines->items.items[i].tail);
    }
    vec_fini(&lines->items);
}

static struct step_line *add_line(struct step_lines *lines, enum tone tone, uint32_t indent)
{
    if (lines->items.count == lines->made) {
        vec_push(&lines->items, ((struct step_line){.indent = 0}));
        lines->made++;
    } else {
        lines->items.count++;
    }
    struct step_line *line = &vec_last(&lines->items);
    line->tone = tone;
    line->indent = indent;
    text_clear(&line->text);
    text_clear(&line->bar);
    text_clear(&line->tail);
    return line;
}

void step_title(struct text *out, const struct walk_step *step)
{
    if (step->number == 0) {
        text_add(out, "the start: nothing has happened yet");
        return;
    }
    text_add(out, "step ");
    text_add_grouped(out, step->number);
    text_add(out, " at ");
    text_add_duration(out, step->at_ns);
}

/* "1 endpoint", "1,203 slices". */
static void add_count(struct text *out, uint64_t count, const char *one, const char *many)
{
    text_add_grouped(out, count);
    text_printf(out, " %s", count == 1 ? one : many);
}

static void add_service_name(struct text *out, const struct catalog *catalog, sym namespace, sym name)
{
    const char *space = catalog_text(catalog, namespace);
    if (strcmp(space, "default") != 0)
        text_printf(out, "%s/", space);
    text_add(out, catalog_text(catalog, name));
}

/* --- what happened --------------------------------------------------------------------------- */

struct story {
    struct step_lines *lines;
    const struct walk_step *step;
    const struct catalog *catalog;
    const struct diag *diag;
    const struct note *actor; /* who was told last; NULL: nobody yet */
};

static void tell_actor(struct story *story, const struct note *note)
{
    static const char *const actors[CONTROLLER_COUNT] = {"Endpoints controller", "EndpointSlice controller",
        "EndpointSliceMirroring controller", "garbage collector", "somebody else"};
    const struct note *last = story->actor;
    if (last && last->controller == note->controller && last->namespace == note->namespace &&
        last->service == note->service)
        return;
    story->actor = note;
    struct step_line *line = add_line(story->lines, TONE_ACTOR, 2);
    text_printf(&line->text, "%s, Service ", actors[note->controller]);
    add_service_name(&line->text, story->catalog, note->namespace, note->service);
}

static void add_difference(struct text *out, const struct write *write)
{
    if (write->endpoints_added)
        text_printf(out, ", %u came", write->endpoints_added);
    if (write->endpoints_removed)
        text_printf(out, ", %u went", write->endpoints_removed);
    if (!write->endpoints_added && !write->endpoints_removed && write->verb == VERB_UPDATE)
        text_add(out, ", none came or went");
}

static void tell_request(struct story *story, const struct note *note)
{
    const struct write *write = &note->write;
    bool is_noop = write->verb == VERB_NOOP;
    struct step_line *line = add_line(story->lines, is_noop ? TONE_NOOP : TONE_REQUEST, 4);
    struct text *out = &line->text;
    text_printf(out, "> %s %s %s", is_noop ? "update" : verb_text(write->verb),
        note->is_slice ? "EndpointSlice" : "Endpoints", catalog_text(story->catalog, write->object));
    if (is_noop) {
        text_add(out, ": sent, and the API server finds nothing new in it [O-50]");
        return;
    }
    if (write->verb != VERB_DELETE) {
        text_add(out, ": ");
        add_count(out, write->endpoints, note->is_slice ? "endpoint" : "address",
            note->is_slice ? "endpoints" : "addresses");
        add_difference(out, write);
        text_add(out, "; ");
        text_add_bytes_human(out, write->bytes);
    }
    text_add(out, write->verb == VERB_DELETE ? ": " : ", ");
    text_add(out, "to ");
    add_count(out, write->watchers, "watcher", "watchers");
}

static void tell_cause(struct story *story, const struct note *note)
{
    struct step_line *line = add_line(story->lines, TONE_CAUSE, 2);
    text_printf(&line->text, "%s:%u: %s", diag_source_name(story->diag, note->at.source), note->at.line,
        note_words(story->step, note));
}

static void tell(struct story *story, const struct note *note)
{
    const char *words = note_words(story->step, note);
    if (note->kind == NOTE_CAUSE) {
        tell_cause(story, note);
        return;
    }
    if (note->kind == NOTE_CHANGE) {
        text_add(&add_line(story->lines, TONE_PLAIN, 2)->text, words);
        return;
    }
    tell_actor(story, note);
    if (note->kind == NOTE_REQUEST)
        tell_request(story, note);
    else if (note->kind == NOTE_DECISION)
        text_printf(
            &add_line(story->lines, TONE_REASON, 4)->text, "- %s [%s]", words, note->rule ? note->rule : "");
    else
        text_printf(&add_line(story->lines, TONE_WARNING, 4)->text, "! %s", words);
}

void step_lines_add_story(struct step_lines *lines, struct walk *walk, const struct view_filter *filter)
{
    const struct walk_step *step = walk_step(walk);
    struct story story = {
        .lines = lines,
        .step = step,
        .catalog = store_catalog(simulation_store(walk_simulation(walk))),
        .diag = walk_scenario(walk)->diag,
    };
    for (uint32_t i = 0; i < step->notes.count; i++) {
        const struct note *note = &step->notes.items[i];
        if (note->service == SYM_EMPTY || view_note_concerns(note, story.catalog, filter))
            tell(&story, note);
    }
}

/* --- how a Service stands -------------------------------------------------------------------- */

static char cell_of(const struct view_slice *slice, uint32_t i)
{
    static const char cells[] = {
        [VIEW_READY] = CELL_READY, [VIEW_NOT_READY] = CELL_NOT_READY, [VIEW_TERMINATING] = CELL_TERMINATING};
    char cell = cells[view_endpoint_state(endpointslice_at(slice->slice, i))];
    bool is_new = i + slice->added >= slice->slice->endpoints.count;
    return is_new && cell == CELL_READY ? CELL_NEW : cell;
}

/* Of several endpoints in one column what is rarer shows. */
static char rarer(char a, char b)
{
    static const char order[] = {CELL_FREE, CELL_READY, CELL_NOT_READY, CELL_TERMINATING, CELL_NEW, '\0'};
    return strchr(order, a) > strchr(order, b) ? a : b;
}

/* A bar of `capacity` places in at most `columns` columns, as many places each. */
struct bar {
    struct text *out;
    uint32_t capacity, columns;
};

static uint32_t bar_begin(const struct bar *bar, uint32_t column)
{
    return (uint32_t)((uint64_t)column * bar->capacity / bar->columns);
}

static struct bar bar_of(struct text *out, uint32_t capacity, uint32_t columns)
{
    return (struct bar){out, capacity, capacity < columns ? capacity : columns};
}

static void add_slice_bar(struct text *out, const struct view_slice *slice, uint32_t max, uint32_t columns)
{
    uint32_t count = slice->slice->endpoints.count;
    struct bar bar = bar_of(out, max > count ? max : count, columns);
    for (uint32_t c = 0; c < bar.columns; c++) {
        char cell = CELL_FREE;
        for (uint32_t i = bar_begin(&bar, c); i < bar_begin(&bar, c + 1) && i < count; i++)
            cell = rarer(cell, cell_of(slice, i));
        text_add_char(out, cell);
    }
}

static void add_endpoints_bar(
    struct text *out, const struct view_service *service, uint32_t capacity, uint32_t columns)
{
    struct bar bar = bar_of(out, capacity, columns);
    for (uint32_t c = 0; c < bar.columns; c++) {
        uint32_t i = bar_begin(&bar, c);
        text_add_char(out, i < service->ep_ready                           ? CELL_READY
                           : i < service->ep_ready + service->ep_not_ready ? CELL_NOT_READY
                                                                           : CELL_FREE);
    }
}

static void add_counts(struct text *out, uint32_t not_ready, uint32_t terminating)
{
    if (not_ready)
        text_printf(out, ", %u not ready", not_ready);
    if (terminating)
        text_printf(out, ", %u terminating", terminating);
}

static void add_endpoints_line(struct step_lines *lines, const struct view_service *service,
    const struct engine_config *config, uint32_t name_columns, uint32_t bar_columns, bool touched)
{
    struct step_line *line = add_line(lines, touched ? TONE_TOUCHED : TONE_OBJECT, 4);
    text_printf(&line->text, "%-*s", (int)name_columns, "Endpoints");
    uint32_t count = service->ep_ready + service->ep_not_ready;
    text_add_grouped(&line->tail, count);
    if (config->endpoints_capacity != UINT32_MAX) {
        add_endpoints_bar(&line->bar, service, config->endpoints_capacity, bar_columns);
        text_add(&line->tail, " of at most ");
        text_add_grouped(&line->tail, config->endpoints_capacity);
    } else {
        text_add(&line->tail, count == 1 ? " address" : " addresses");
    }
    add_counts(&line->tail, service->ep_not_ready, 0);
    if (service->state.ep_omitted) {
        text_add(&line->tail, ", ");
        text_add_grouped(&line->tail, service->state.ep_omitted);
        text_add(&line->tail, " left out");
    }
}

static void add_ports(struct text *out, const struct catalog *catalog, const struct port_list *ports)
{
    text_add(out, ports->count ? ", port" : ", no ports");
    for (uint32_t i = 0; i < ports->count; i++)
        text_printf(out, "%s%d/%s", i ? "," : " ", ports->items[i].number,
            catalog_text(catalog, ports->items[i].protocol));
}

struct slice_lines {
    struct step_lines *lines;
    const struct catalog *catalog;
    const struct engine_config *config;
    struct step_detail detail;
    uint32_t name_columns;
    bool with_ports, with_type;
};

static void add_slice_line(const struct slice_lines *s, const struct view_slice *slice)
{
    const struct endpointslice *object = slice->slice;
    struct step_line *line = add_line(s->lines, slice->is_touched ? TONE_TOUCHED : TONE_OBJECT, 4);
    text_printf(&line->text, "%-*s", (int)s->name_columns, catalog_text(s->catalog, object->meta.name));
    add_slice_bar(&line->bar, slice, s->config->endpoints_per_slice_max, s->detail.bar_columns);
    text_printf(&line->tail, "%u of %u", object->endpoints.count, s->config->endpoints_per_slice_max);
    add_counts(&line->tail, slice->counts[VIEW_NOT_READY], slice->counts[VIEW_TERMINATING]);
    if (s->with_type)
        text_printf(&line->tail, ", %s", address_type_text(object->address_type));
    if (s->with_ports)
        add_ports(&line->tail, s->catalog, object->ports);
    if (slice->is_created)
        text_add(&line->tail, " (new)");
    else if (slice->is_touched)
        text_add(&line->tail, " (changed)");
}

static uint32_t columns_of_names(
    const struct view_slice *slices, uint32_t count, const struct catalog *catalog)
{
    uint32_t columns = (uint32_t)strlen("Endpoints");
    for (uint32_t i = 0; i < count; i++) {
        uint32_t length = catalog_length(catalog, slices[i].slice->meta.name);
        columns = length > columns ? length : columns;
    }
    return columns + 1;
}

static void add_slice_lines(struct slice_lines *s, const struct view_slice *slices, uint32_t count)
{
    for (uint32_t i = 1; i < count; i++) {
        s->with_ports |= slices[i].slice->ports != slices[0].slice->ports;
        s->with_type |= slices[i].slice->address_type != slices[0].slice->address_type;
    }
    uint32_t room = s->detail.slices_max, hidden = 0, hidden_endpoints = 0;
    for (uint32_t i = 0; i < count; i++)
        room -= slices[i].is_touched && room > 0;
    for (uint32_t i = 0; i < count; i++) {
        bool shown = slices[i].is_touched || room > 0;
        room -= !slices[i].is_touched && room > 0;
        if (shown) {
            add_slice_line(s, &slices[i]);
        } else {
            hidden++;
            hidden_endpoints += slices[i].slice->endpoints.count;
        }
    }
    if (hidden == 0)
        return;
    struct text *out = &add_line(s->lines, TONE_OBJECT, 4)->text;
    text_add(out, "and ");
    add_count(out, hidden, "more slice", "more slices");
    text_add(out, " with ");
    add_count(out, hidden_endpoints, "endpoint", "endpoints");
}

static void add_first_line(
    struct step_lines *lines, const struct catalog *catalog, const struct view_service *service)
{
    struct text *out = &add_line(lines, TONE_SERVICE, 2)->text;
    text_add(out, "Service ");
    add_service_name(out, catalog, service->namespace, service->name);
    text_add(out, service->is_there ? ": " : ", which is gone: ");
    if (service->is_there) {
        add_count(out, service->state.pods, "pod, ", "pods, ");
        text_add_grouped(out, service->state.ready);
        text_add(out, " ready; ");
    }
    if (service->has_endpoints) {
        text_add(out, "Endpoints lists ");
        text_add_grouped(out, service->ep_ready + service->ep_not_ready);
        text_add(out, "; ");
    } else {
        text_add(out, "no Endpoints; ");
    }
    add_count(out, service->slice_count, "slice", "slices");
}

/* Endpoints were written in this step. */
static bool endpoints_are_touched(const struct walk_step *step, const struct view_service *service)
{
    for (uint32_t i = 0; i < step->notes.count; i++) {
        const struct note *note = &step->notes.items[i];
        if (note->kind == NOTE_REQUEST && !note->is_slice && note->write.verb != VERB_NOOP &&
            note->namespace == service->namespace && note->service == service->name)
            return true;
    }
    return false;
}

void step_lines_add_service(struct step_lines *lines, struct walk *walk, const struct view *view,
    const struct view_service *service, struct step_detail detail)
{
    const struct catalog *catalog = store_catalog(simulation_store(walk_simulation(walk)));
    const struct view_slice *slices = &view->slices.items[service->slice_first];
    struct slice_lines s = {
        .lines = lines,
        .catalog = catalog,
        .config = &walk_scenario(walk)->engine,
        .name_columns = service->slice_count ? columns_of_names(slices, service->slice_count, catalog)
                                             : (uint32_t)strlen("Endpoints") + 1,
        .detail = detail,
    };
    add_first_line(lines, catalog, service);
    if (detail.slices_max == 0)
        return;
    if (service->has_endpoints)
        add_endpoints_line(lines, service, s.config, s.name_columns, detail.bar_columns,
            endpoints_are_touched(walk_step(walk), service));
    if (service->slice_count)
        add_slice_lines(&s, slices, service->slice_count);
}
