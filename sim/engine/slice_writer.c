/*
 * slice_writer.c: see slice_writer.h. O(length of the slice) a request.
 */
#include "engine/slice_writer.h"

#include <stdlib.h>
#include <string.h>

#include "engine/collector.h"
#include "engine/difference.h"
#include "engine/endpoint_build.h"
#include "engine/requests.h"
#include "engine/slice_cache.h"
#include "model/names.h"

/* --- what a slice of the Service looks like (S-50, S-51) ------------------------------------- */

const struct labels *slice_labels_of(struct service_entry *entry)
{
    if (entry->slice_labels)
        return entry->slice_labels;
    struct catalog *catalog = entry->engine->catalog;
    sym headless = catalog_word(catalog, WORD_HEADLESS);
    const struct labels *labels = entry->service->meta.labels;
    labels = labels_with(catalog, labels, catalog_word(catalog, WORD_SERVICE_NAME), entry->name);
    labels = labels_with(catalog, labels, catalog_word(catalog, WORD_SLICE_MANAGED_BY),
        catalog_word(catalog, WORD_SLICE_CONTROLLER));
    labels = service_is_headless(entry->service, catalog) ? labels_with(catalog, labels, headless, SYM_EMPTY)
                                                          : labels_without(catalog, labels, headless);
    entry->slice_labels = labels;
    return labels;
}

sym slice_generate_name(const struct service_entry *entry)
{
    struct catalog *catalog = entry->engine->catalog;
    struct text text = {0};
    text_add_bytes(&text, catalog_text(catalog, entry->name), catalog_length(catalog, entry->name));
    /* A prefix is checked as the API does it: without its last letter, and with an "a" for the dash. */
    if (text.length > 0)
        text.data[text.length - 1] = 'a';
    bool is_valid = text.length > 0 && !name_check_subdomain(text.data, text.length);
    text_clear(&text);
    text_add_bytes(&text, catalog_text(catalog, entry->name), catalog_length(catalog, entry->name));
    if (is_valid)
        text_add_char(&text, '-');
    sym name = sym_intern(catalog_symbols(catalog), text.data, text.length);
    text_fini(&text);
    return name;
}

static struct owner wanted_owner(const struct service_entry *entry)
{
    const struct catalog *catalog = entry->engine->catalog;
    return (struct owner){
        .kind = catalog_word(catalog, WORD_SERVICE),
        .name = entry->name,
        .api_version = catalog_word(catalog, WORD_V1),
        .uid = entry->service->meta.uid,
        .uid_text = entry->service->meta.uid_text,
        .controller = 1,
        .block_owner_deletion = 1,
    };
}

bool slice_same_owner(const struct owner *a, const struct owner *b)
{
    return a->kind == b->kind && a->name == b->name && a->api_version == b->api_version &&
           uid_equal(a->uid, a->uid_text, b->uid, b->uid_text) && a->controller == b->controller &&
           a->block_owner_deletion == b->block_owner_deletion;
}

/* --- parts of a write ------------------------------------------------------------------------ */

struct writer {
    struct slice_plan *plan;
    struct service_entry *entry;
    struct engine *engine;
    int64_t trigger_s;
};

/* Moves what is appended into the slice. The members' links follow with link_appended. */
static void append_all(struct writer *writer, struct endpointslice *slice, const struct slice_edit *edit)
{
    vec_reserve_usual(&slice->endpoints, slice->endpoints.count + edit->appended.count,
        writer->engine->config.endpoints_per_slice_max);
    for (uint32_t i = 0; i < edit->appended.count; i++) {
        request_content(writer->engine, edit->appended.items[i].endpoint);
        endpointslice_append(slice, edit->appended.items[i].endpoint);
    }
}

static void link_appended(struct writer *writer, struct slice_entry *entry, struct slice_edit *edit)
{
    uint32_t first = entry->slice->endpoints.count - edit->appended.count;
    for (uint32_t i = 0; i < edit->appended.count; i++) {
        const struct wanted_endpoint *wanted = &edit->appended.items[i];
        member_set_index(wanted->member, writer->plan->family, first + i);
        struct placement *placement = member_placement(wanted->member, writer->plan->family);
        placement->slice = pool_number(entry);
        placement->endpoint = pool_number(wanted->endpoint);
    }
    vec_clear(&edit->appended);
}

/* Sets to the trigger time; returns whether the annotations change. `keep`: the others stay. */
static bool set_annotations(struct writer *writer, struct meta *meta, bool keep)
{
    struct catalog *catalog = writer->engine->catalog;
    const struct labels *annotations =
        keep ? labels_without(catalog, meta->annotations, catalog_word(catalog, WORD_TRIGGER_TIME))
             : labels_empty(catalog);
    bool changed = annotations != meta->annotations || meta->trigger_s != writer->trigger_s;
    meta->annotations = annotations;
    meta->trigger_s = writer->trigger_s;
    return changed;
}

/* After the wire, a controller's empty list is nil (O-42). */
static void set_nil(struct endpointslice *slice)
{
    slice->ports_nil = slice->ports->count == 0;
    slice->endpoints_nil = slice->endpoints.count == 0;
}

/* The slice as it was written is where the controller looks for it from now on. */
static void settle(struct writer *writer, struct slice_entry *entry, struct slice_group *group)
{
    slice_cache_count(entry);
    if (entry->group != group)
        slice_cache_set_group(entry, group);
    else
        slice_cache_put_back(entry);
    slice_tracker_set(writer->entry, entry);
}

static struct slice_group *group_when_stored(struct writer *writer, struct slice_group *group)
{
    return group->ports->count
               ? group
               : slice_group_of_stored(writer->entry, writer->plan->family, group->ports, group->share);
}

/* --- creates --------------------------------------------------------------------------------- */

static void create(struct writer *writer, struct slice_edit *edit)
{
    struct service_entry *service = writer->entry;
    struct endpointslice *slice = endpointslice_create(writer->engine->catalog);
    slice->meta.namespace = service->namespace;
    slice->meta.generate_name = slice_generate_name(service);
    slice->meta.labels = slice_labels_of(service);
    slice->meta.trigger_s = writer->trigger_s;
    slice->address_type = service->families[writer->plan->family].type;
    slice->owners = mem_alloc(sizeof *slice->owners);
    slice->owners[0] = wanted_owner(service);
    slice->owner_count = 1;
    slice->ports = edit->group->ports;
    append_all(writer, slice, edit);
    set_nil(slice);
    store_create_endpointslice(writer->engine->store, slice, false);
    struct slice_entry *entry = slice_cache_see(writer->engine, slice);
    uint32_t added = edit->appended.count;
    link_appended(writer, entry, edit);
    settle(writer, entry, group_when_stored(writer, edit->group));
    request_slice(writer->engine, CONTROLLER_ENDPOINTSLICE, VERB_CREATE, slice, added, 0);
}

/* --- updates --------------------------------------------------------------------------------- */

struct outcome {
    bool content;   /* something outside metadata changed */
    bool endpoints; /* the list did */
    uint32_t added, removed;
};

/* Closes the gaps at `first` and after it. */
static void close_gaps(struct endpointslice *slice, uint32_t first, uint32_t gap_count)
{
    uint32_t *items = slice->endpoints.items;
    uint32_t count = slice->endpoints.count;
    if (gap_count == 1) {
        memmove(items + first, items + first + 1, (count - first - 1) * sizeof *items);
        slice->endpoints.count--;
        return;
    }
    uint32_t kept = first;
    for (uint32_t i = first; i < count; i++) {
        if (items[i])
            items[kept++] = items[i];
    }
    slice->endpoints.count = kept;
}

/* Replaces and takes out what the edit says, in one pass over what is kept (S-40, S-46). */
static void apply_changes(
    struct writer *writer, struct slice_entry *entry, struct slice_edit *edit, struct outcome *outcome)
{
    struct endpointslice *slice = entry->slice;
    uint32_t first_gap = UINT32_MAX;
    for (uint32_t i = 0; i < edit->changes.count; i++) {
        struct slice_change *change = &edit->changes.items[i];
        struct endpoint *old = endpointslice_at(slice, change->index);
        endpointslice_put(slice, change->index, change->endpoint);
        slice->endpoints_bytes -= endpoint_slice_bytes(old);
        if (change->endpoint) {
            slice->endpoints_bytes += endpoint_slice_bytes(change->endpoint);
            member_placement(change->member, writer->plan->family)->endpoint = pool_number(change->endpoint);
            if (!build_identical_in_slice(old, change->endpoint)) {
                outcome->content = true;
                request_content(writer->engine, change->endpoint);
            }
        } else {
            outcome->content = true;
            outcome->removed++;
            first_gap = change->index < first_gap ? change->index : first_gap;
            request_content(writer->engine, old);
        }
        endpoint_unref(old);
    }
    if (outcome->removed)
        close_gaps(slice, first_gap, outcome->removed);
    if (edit->changes.count && !edit->hints_only)
        entry->odd = false;
    vec_clear(&edit->changes);
}

static void report_update(struct writer *writer, struct slice_entry *entry, bool changed,
    bool generation_changed, const struct outcome *outcome)
{
    struct endpointslice *slice = entry->slice;
    if (!changed) {
        writer->engine->content_hash = 0;
        request_slice(writer->engine, CONTROLLER_ENDPOINTSLICE, VERB_NOOP, slice, 0, 0);
        return;
    }
    store_commit_endpointslice(
        writer->engine->store, slice, generation_changed, outcome->endpoints, false, SYM_EMPTY);
    request_slice(
        writer->engine, CONTROLLER_ENDPOINTSLICE, VERB_UPDATE, slice, outcome->added, outcome->removed);
}

static void update(struct writer *writer, struct slice_edit *edit)
{
    struct slice_entry *entry = edit->slice;
    struct endpointslice *slice = entry->slice;
    struct outcome outcome = {.added = edit->appended.count};
    apply_changes(writer, entry, edit, &outcome);
    outcome.content |= edit->appended.count > 0;
    outcome.endpoints = outcome.content;
    append_all(writer, slice, edit);
    link_appended(writer, entry, edit);
    /* The cached copy has its ports in the order of their hashes (S-20). */
    const struct port_list *ports = slice->ports;
    if (ports != edit->group->ports)
        ports = port_key_of(&writer->engine->port_keys, ports)->slice_ports;
    outcome.content |= ports != slice->ports;
    slice->ports = ports;
    set_nil(slice);
    const struct labels *labels = edit->relabels ? slice_labels_of(writer->entry) : slice->meta.labels;
    bool generation_changed = outcome.content || labels != slice->meta.labels;
    slice->meta.labels = labels;
    bool changed = set_annotations(writer, &slice->meta, true) || generation_changed;
    report_update(writer, entry, changed, generation_changed, &outcome);
    settle(writer, entry, edit->group);
}

/* --- recycling (S-62, S-71) ------------------------------------------------------------------ */

static bool same_endpoints(const struct endpointslice *slice, const struct slice_edit *edit)
{
    if (slice->endpoints.count != edit->appended.count)
        return false;
    for (uint32_t i = 0; i < slice->endpoints.count; i++) {
        if (!build_identical_in_slice(endpointslice_at(slice, i), edit->appended.items[i].endpoint))
            return false;
    }
    return true;
}

static bool set_owner(struct writer *writer, struct endpointslice *slice)
{
    struct owner owner = wanted_owner(writer->entry);
    if (slice->owner_count == 1 && slice_same_owner(&slice->owners[0], &owner))
        return false;
    collector_leave(writer->engine, slice_entry_of(slice));
    slice->owners = mem_array(slice->owners, 1, sizeof *slice->owners);
    slice->owners[0] = owner;
    slice->owner_count = 1;
    slice->sized = (struct size_memo){0};
    collector_join(writer->engine, slice_entry_of(slice));
    return true;
}

static void recycle(struct writer *writer, struct slice_edit *edit)
{
    struct slice_entry *entry = edit->slice;
    struct endpointslice *slice = entry->slice;
    const struct labels *labels = slice_labels_of(writer->entry);
    struct outcome outcome = {.endpoints = !same_endpoints(slice, edit)};
    outcome.content = outcome.endpoints || slice->ports != edit->group->ports;
    struct difference difference = {.added = 0};
    for (uint32_t i = 0; i < slice->endpoints.count; i++) {
        request_content(writer->engine, endpointslice_at(slice, i));
        difference_endpoint_before(&difference, endpointslice_at(slice, i));
        endpoint_unref(endpointslice_at(slice, i));
    }
    for (uint32_t i = 0; i < edit->appended.count; i++)
        difference_endpoint_after(&difference, edit->appended.items[i].endpoint);
    outcome.added = difference.added;
    outcome.removed = difference.removed;
    difference_fini(&difference);
    vec_clear(&slice->endpoints);
    slice->endpoints_bytes = 0;
    append_all(writer, slice, edit);
    link_appended(writer, entry, edit);
    entry->odd = false;
    slice->ports = edit->group->ports;
    set_nil(slice);
    bool generation_changed = outcome.content || labels != slice->meta.labels;
    sym prefix = slice_generate_name(writer->entry);
    bool changed = generation_changed || prefix != slice->meta.generate_name;
    slice->meta.labels = labels;
    slice->meta.generate_name = prefix;
    changed |= set_annotations(writer, &slice->meta, false);
    changed |= set_owner(writer, slice);
    report_update(writer, entry, changed, generation_changed, &outcome);
    settle(writer, entry, group_when_stored(writer, edit->group));
}

/* --- all (S-60) ------------------------------------------------------------------------------ */

void slice_writer_write(struct slice_plan *plan, struct slice_edit *edit, int64_t trigger_s)
{
    struct writer writer = {plan, plan->entry, plan->entry->engine, trigger_s};
    if (!edit->slice)
        create(&writer, edit);
    else if (edit->recycles)
        recycle(&writer, edit);
    else
        update(&writer, edit);
}

void slice_writer_send(struct slice_plan *plan, int64_t trigger_s)
{
    struct service_entry *entry = plan->entry;
    bool is_terminating = entry->service->meta.deletion_s != TIME_NONE;
    if (is_terminating && plan->creates.count)
        plan_tell(
            plan, NULL, (struct decision){.kind = DECISION_CREATES_REFUSED, .count = plan->creates.count});
    for (uint32_t i = 0; i < plan->creates.count; i++) {
        struct slice_edit *edit = plan->creates.items[i];
        if (is_terminating)
            entry->rescan[SYNC_SLICES] = true; /* S-64: these endpoints are nowhere */
        else
            slice_writer_write(plan, edit, trigger_s);
        plan_edit_close(plan, edit);
    }
    for (uint32_t i = 0; i < plan->updates.count; i++) {
        struct slice_edit *edit = plan->updates.items[i];
        slice_writer_write(plan, edit, trigger_s);
        plan_edit_close(plan, edit);
    }
    for (uint32_t i = 0; i < plan->deletes.count; i++)
        request_delete_slice(entry->engine, CONTROLLER_ENDPOINTSLICE, entry, plan->deletes.items[i]->slice);
    vec_clear(&plan->creates);
    vec_clear(&plan->updates);
    vec_clear(&plan->deletes);
}
