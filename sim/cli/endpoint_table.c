/*
 * endpoint_table.c: see endpoint_table.h.
 */
#include "cli/endpoint_table.h"

#include "cli/format.h"

#define GAP 3
#define NOTHING "-"

struct lines {
    const struct kube_view *view;
    struct table table;
    const struct kube_object *object; /* whose endpoints are added */
};

bool endpoint_table_has(const struct kube_kind *kind)
{
    return kind->object == OBJECT_ENDPOINTS || kind->object == OBJECT_ENDPOINTSLICE;
}

static void add_sym(struct lines *lines, sym symbol)
{
    table_add(&lines->table, symbol == SYM_EMPTY ? NOTHING : catalog_text(lines->view->catalog, symbol));
}

/* Conditions that are nil (mirrored slices have such) say nothing. */
static void add_condition(struct lines *lines, uint8_t condition)
{
    table_add(&lines->table, condition == CONDITION_ABSENT ? NOTHING
                             : condition == CONDITION_TRUE ? "true"
                                                           : "false");
}

static void add_object(struct lines *lines)
{
    if (lines->view->with_namespace)
        table_add(&lines->table, lines->object->namespace);
    table_add(&lines->table, lines->object->name);
}

static void add_addresses(struct lines *lines, const struct endpoint *endpoint)
{
    struct text cell = {0};
    for (uint32_t i = 0; i < endpoint_address_count(endpoint); i++) {
        char buffer[IP_TEXT_MAX];
        uint32_t length;
        const char *address = endpoint_address(lines->view->catalog, endpoint, i, buffer, &length);
        text_add(&cell, i > 0 ? "," : "");
        text_add_bytes(&cell, address, length);
    }
    table_take(&lines->table, &cell);
    text_fini(&cell);
}

static void add_target(struct lines *lines, const struct endpoint *endpoint)
{
    const struct target *target = endpoint_target(endpoint);
    table_add(&lines->table, target == NULL ? NOTHING : target_name_here(target));
}

static void add_names(struct lines *lines, const sym *names, uint32_t count, struct text *out)
{
    for (uint32_t i = 0; i < count; i++)
        text_printf(out, "%s%s", out->length > 0 ? "," : "", catalog_text(lines->view->catalog, names[i]));
}

/* Zones, then nodes. */
static void add_hints(struct lines *lines, const struct endpoint *endpoint)
{
    const struct endpoint_extra *extra = endpoint_extra(endpoint);
    struct text cell = {0};
    if (extra != NULL) {
        add_names(lines, extra->zone_hints, extra->zone_hint_count, &cell);
        add_names(lines, extra->node_hints, extra->node_hint_count, &cell);
    }
    if (cell.length == 0)
        text_add(&cell, NOTHING);
    table_take(&lines->table, &cell);
    text_fini(&cell);
}

static void add_slice(struct lines *lines, const struct endpointslice *slice)
{
    for (uint32_t i = 0; i < slice->endpoints.count; i++) {
        const struct endpoint *endpoint = endpointslice_at(slice, i);
        add_object(lines);
        add_addresses(lines, endpoint);
        add_condition(lines, endpoint_ready(endpoint));
        add_condition(lines, endpoint_serving(endpoint));
        add_condition(lines, endpoint_terminating(endpoint));
        add_target(lines, endpoint);
        add_sym(lines, endpoint_node_name(endpoint));
        add_sym(lines, endpoint_zone(endpoint));
        add_hints(lines, endpoint);
    }
}

static void add_list(
    struct lines *lines, struct endpoint *const *endpoints, uint32_t count, const char *ready)
{
    for (uint32_t i = 0; i < count; i++) {
        add_object(lines);
        add_addresses(lines, endpoints[i]);
        table_add(&lines->table, ready);
        add_target(lines, endpoints[i]);
        add_sym(lines, endpoint_node_name(endpoints[i]));
    }
}

static void add_subsets(struct lines *lines, const struct endpoints *endpoints)
{
    struct subset_list list = {0};
    repack_view(lines->view->catalog, endpoints, lines->view->hash, &list);
    for (uint32_t i = 0; i < list.items.count; i++) {
        const struct subset *subset = &list.items.items[i];
        add_list(lines, subset->addresses.items, subset->addresses.count, "true");
        add_list(lines, subset->not_ready_addresses.items, subset->not_ready_addresses.count, "false");
    }
    subset_list_fini(&list);
}

void endpoint_table(const struct kube_view *view, const struct kube_kind *kind,
    const struct kube_object *objects, uint32_t count, struct text *out)
{
    static const char *const of_slices[] = {
        "NAME", "ADDRESS", "READY", "SERVING", "TERMINATING", "POD", "NODE", "ZONE", "HINTS", NULL};
    static const char *const of_endpoints[] = {"NAME", "ADDRESS", "READY", "POD", "NODE", NULL};
    const char *const *heads = kind->object == OBJECT_ENDPOINTS ? of_endpoints : of_slices;
    uint32_t columns = 0;
    while (heads[columns] != NULL)
        columns++;
    columns += view->with_namespace;
    struct lines lines = {.view = view};
    table_init(&lines.table, columns, GAP, NULL);
    if (view->with_namespace)
        table_add(&lines.table, "NAMESPACE");
    for (const char *const *head = heads; *head != NULL; head++)
        table_add(&lines.table, *head);
    for (uint32_t i = 0; i < count; i++) {
        lines.object = &objects[i];
        if (kind->object == OBJECT_ENDPOINTS)
            add_subsets(&lines, objects[i].object);
        else
            add_slice(&lines, objects[i].object);
    }
    table_print(&lines.table, out, false);
    table_fini(&lines.table);
}
