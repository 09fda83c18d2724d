/*
 * subset_classes.c: see subset_classes.h.
 */
#include "engine/subset_classes.h"

#include <string.h>

/* One port, and the groups that have it. */
struct port_row {
    struct port port;
    VEC(uint32_t) groups;
};

struct port_rows {
    VEC(struct port_row) items;
};

static void add_port(struct port_rows *rows, const struct port *port, uint32_t group)
{
    for (uint32_t i = 0; i < rows->items.count; i++) {
        struct port_row *row = &rows->items.items[i];
        if (port_equal(&row->port, port)) {
            /* A list that has a port twice still has it once as a key (E-34). */
            if (vec_last(&row->groups) != group)
                vec_push(&row->groups, group);
            return;
        }
    }
    struct port_row row = {.port = *port};
    vec_push(&row.groups, group);
    vec_push(&rows->items, row);
}

/* Groups come in ascending order, so equal sets are equal lists. */
static void add_row(struct subset_classes *classes, const struct port_row *row)
{
    for (uint32_t i = 0; i < classes->items.count; i++) {
        struct subset_class *class = &classes->items.items[i];
        if (class->groups.count == row->groups.count &&
            memcmp(class->groups.items, row->groups.items, row->groups.count * sizeof(uint32_t)) == 0) {
            vec_push(&class->ports, row->port);
            return;
        }
    }
    struct subset_class class = {0};
    vec_push(&class.ports, row->port);
    for (uint32_t i = 0; i < row->groups.count; i++)
        vec_push(&class.groups, row->groups.items[i]);
    vec_push(&classes->items, class);
}

void subset_classes_make(struct address_group *const *groups, uint32_t count, struct subset_classes *out)
{
    struct port_rows rows = {0};
    *out = (struct subset_classes){0};
    for (uint32_t g = 0; g < count; g++) {
        const struct port_list *ports = groups[g]->ports;
        for (uint32_t p = 0; p < ports->count; p++)
            add_port(&rows, &ports->items[p], g);
        if (ports->count == 0) {
            struct subset_class class = {0};
            vec_push(&class.groups, g);
            vec_push(&out->items, class);
        }
    }
    for (uint32_t i = 0; i < rows.items.count; i++) {
        add_row(out, &rows.items.items[i]);
        vec_fini(&rows.items.items[i].groups);
    }
    vec_fini(&rows.items);
}

void subset_classes_fini(struct subset_classes *classes)
{
    for (uint32_t i = 0; i < classes->items.count; i++) {
        vec_fini(&classes->items.items[i].ports);
        vec_fini(&classes->items.items[i].groups);
    }
    vec_fini(&classes->items);
}
