/*
 * program_foreign.c: what others do to Endpoints and slices in a random program. Each edit starts from the
 * twin's copy of the object, which is the engine's as long as both agree, and goes to both.
 */
#include "model/program_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* --- parts --- */

static void drop_label(struct catalog *catalog, uint64_t *state, const struct labels **labels)
{
    if ((*labels)->count > 0)
        *labels =
            labels_without(catalog, *labels, (*labels)->items[program_below(state, (*labels)->count)].key);
}

static void set_label(
    struct catalog *catalog, const struct labels **labels, const char *key, const char *value)
{
    *labels = labels_with(catalog, *labels, catalog_sym(catalog, key), catalog_sym(catalog, value));
}

static const struct port_list *draw_ports(struct catalog *catalog, uint64_t *state, bool core)
{
    struct port ports[] = {
        {.name = catalog_sym(catalog, "http"), .protocol = catalog_word(catalog, WORD_TCP), .number = 8080},
        {.name = catalog_sym(catalog, "odd"), .protocol = catalog_sym(catalog, "UDP"), .number = 1},
        {.name = catalog_sym(catalog, "x"),
            .protocol = catalog_word(catalog, WORD_TCP),
            .number = 7,
            .app_protocol = catalog_sym(catalog, "http")},
    };
    for (int i = 0; i < 3; i++)
        ports[i].set = PORT_NAME | PORT_PROTOCOL | PORT_NUMBER | (i == 2 ? PORT_APP_PROTOCOL : 0);
    if (!core && program_chance(state, 20))
        ports[0].set &= (uint8_t)~PORT_NAME;
    if (!core && !(ports[0].set & PORT_NAME))
        ports[0].name = SYM_EMPTY;
    uint32_t count = program_below(state, 4);
    if (program_chance(state, 50)) { /* in another order */
        struct port first = ports[0];
        ports[0] = ports[1];
        ports[1] = first;
    }
    return ports_intern(catalog, ports, count);
}

static const struct port_list *reversed(struct catalog *catalog, const struct port_list *list)
{
    struct port ports[8];
    uint32_t count = list->count < 8 ? list->count : 8;
    for (uint32_t i = 0; i < count; i++)
        ports[i] = list->items[count - 1 - i];
    return ports_intern(catalog, ports, count);
}

/* A copy to change; extras are deep. */
static struct endpoint_draft draft_of(const struct endpoint *endpoint)
{
    struct endpoint_draft draft = endpoint_read(endpoint);
    target_ref(draft.target);
    draft.extra = endpoint_extra(endpoint) ? endpoint_extra_copy(endpoint_extra(endpoint)) : NULL;
    return draft;
}

static void set_text_address(struct catalog *catalog, struct endpoint_draft *draft, const char *text)
{
    if (!draft->extra)
        draft->extra = mem_zalloc(sizeof *draft->extra);
    free(draft->extra->addresses);
    draft->extra->addresses = mem_alloc(sizeof *draft->extra->addresses);
    draft->extra->addresses[0] = catalog_sym(catalog, text);
    draft->extra->address_count = 1;
}

/* Somebody's own. */
static struct endpoint *bogus(const struct program_world *world, uint64_t *state, bool core)
{
    struct catalog *catalog = store_catalog(world->store);
    static const char *const texts[] = {"192.168.0.1", "192.168.0.2", "10.0.0.1", "FD00::0:1", "example.com"};
    struct endpoint_draft draft = {0};
    const char *text = texts[program_below(state, core ? 4 : 5)];
    set_text_address(
        catalog, &draft, core && world->wild && *state >> 62 == 0 ? "no-address" : text); /* M-12 */
    if (program_chance(state, 50)) {
        struct target_extra extra = {.kind = catalog_sym(catalog, program_chance(state, 50) ? "Pod" : "VM"),
            .uid_text = catalog_sym(catalog, program_chance(state, 50) ? "u1" : "u2")};
        draft.target =
            target_create(catalog, program_namespace(catalog, 0), "p1", 2, (struct uuid){{0}}, &extra);
    }
    if (program_chance(state, 30)) {
        draft.node_name = catalog_sym(catalog, "n0");
        draft.flags |= core ? ENDPOINT_ADDRESS_NODE_NAME : ENDPOINT_SLICE_NODE_NAME;
    }
    if (!core && program_chance(state, 60))
        draft.ready = CONDITION_TRUE;
    return endpoint_create(catalog, &draft);
}

/* A reference that knows its object's resourceVersion, which counts for nothing. */
static void set_version(struct catalog *catalog, struct endpoint_draft *draft)
{
    if (!draft->target)
        return;
    struct target_extra extra = {.kind = target_kind(draft->target),
        .resource_version = catalog_sym(catalog, "5"),
        .uid_text = target_uid_text(draft->target)};
    struct target *target = target_create(catalog, draft->target->namespace, target_name_here(draft->target),
        target_name_length(draft->target), target_uid(draft->target), &extra);
    target_unref(draft->target);
    draft->target = target;
}

/* --- Endpoints --- */

static struct subset *draw_subset(uint64_t *state, struct endpoints *endpoints)
{
    uint32_t count = endpoints->subsets.items.count;
    return count ? &endpoints->subsets.items.items[program_below(state, count)] : NULL;
}

static void edit_address(struct catalog *catalog, uint64_t *state, struct subset *subset)
{
    if (!subset || subset->addresses.count == 0)
        return;
    struct endpoint **place = &subset->addresses.items[program_below(state, subset->addresses.count)];
    struct endpoint_draft draft = draft_of(*place);
    if (program_chance(state, 40)) {
        draft.node_name = catalog_sym(catalog, "elsewhere");
        draft.flags |= ENDPOINT_ADDRESS_NODE_NAME;
    } else if (program_chance(state, 50)) {
        draft.hostname = catalog_sym(catalog, "h");
    } else {
        set_version(catalog, &draft);
    }
    endpoint_unref(*place);
    *place = endpoint_create(catalog, &draft);
}

static void shuffle_subset(struct subset *subset)
{
    for (uint32_t i = 0; subset && i < subset->addresses.count / 2; i++) {
        struct endpoint *first = subset->addresses.items[i];
        subset->addresses.items[i] = subset->addresses.items[subset->addresses.count - 1 - i];
        subset->addresses.items[subset->addresses.count - 1 - i] = first;
    }
}

/* A subset without some of its addresses, or its last address as a subset of its own. */
static void split_subset(struct endpoints *endpoints, struct subset *subset, bool keep)
{
    if (!subset || subset->addresses.count < 2)
        return;
    struct subset rest = {.ports = subset->ports};
    struct endpoint *last = vec_pop(&subset->addresses);
    if (keep) {
        vec_push(&rest.addresses, last);
        vec_push(&endpoints->subsets.items, rest);
    } else {
        endpoint_unref(last);
    }
}

static void edit_endpoints(
    struct program_world *world, uint64_t *state, struct endpoints *endpoints, struct text *out)
{
    struct catalog *catalog = store_catalog(world->store);
    static const char *const what[] = {"a label more", "a label less", "an annotation", "over capacity",
        "over capacity, in other words", "an address changed", "an address more", "no subsets",
        "addresses in another order", "a subset split", "an address less", "other ports", "a leader",
        "a trigger time", "ports in another order", "not to be mirrored", "another address more",
        "no leader"};
    uint32_t kind = program_below(state, 18);
    struct subset *subset = draw_subset(state, endpoints);
    switch (kind) {
    case 0:
        set_label(catalog, &endpoints->meta.labels, "note", "mine");
        break;
    case 1:
        drop_label(catalog, state, &endpoints->meta.labels);
        break;
    case 2:
        set_label(catalog, &endpoints->meta.annotations, "note", "mine");
        set_label(
            catalog, &endpoints->meta.annotations, "kubectl.kubernetes.io/last-applied-configuration", "{}");
        break;
    case 3:
        endpoints->meta.annotations =
            labels_without(catalog, endpoints->meta.annotations, catalog_word(catalog, WORD_OVER_CAPACITY));
        endpoints->over_capacity = true;
        break;
    case 4:
        endpoints->over_capacity = false;
        set_label(catalog, &endpoints->meta.annotations, "endpoints.kubernetes.io/over-capacity", "warning");
        break;
    case 5:
        edit_address(catalog, state, subset);
        break;
    case 6:
    case 16:
        if (!subset) {
            struct subset fresh = {.ports = draw_ports(catalog, state, true)};
            vec_push(&endpoints->subsets.items, fresh);
            subset = &vec_last(&endpoints->subsets.items);
        }
        if (program_chance(state, 70))
            vec_push(&subset->addresses, bogus(world, state, true));
        else
            vec_push(&subset->not_ready_addresses, bogus(world, state, true));
        break;
    case 7:
        subset_list_fini(&endpoints->subsets);
        break;
    case 8:
        shuffle_subset(subset);
        break;
    case 9:
    case 10:
        split_subset(endpoints, subset, kind == 9);
        break;
    case 11:
        if (subset)
            subset->ports = draw_ports(catalog, state, true);
        break;
    case 12:
        set_label(catalog, &endpoints->meta.annotations, "control-plane.alpha.kubernetes.io/leader", "me");
        break;
    case 13:
        endpoints->meta.trigger_s = program_chance(state, 50) ? TIME_NONE : 1600000000;
        break;
    case 15:
        set_label(catalog, &endpoints->meta.labels, "endpointslice.kubernetes.io/skip-mirror",
            program_chance(state, 50) ? "true" : "false");
        break;
    case 17:
        endpoints->meta.annotations = labels_without(catalog, endpoints->meta.annotations,
            catalog_sym(catalog, "control-plane.alpha.kubernetes.io/leader"));
        break;
    default:
        if (subset)
            subset->ports = reversed(catalog, subset->ports);
        break;
    }
    if (out)
        text_printf(out, ": %s", what[kind]);
}

/* The controller manager's name, or one of two users'. Follows from the state without moving it on. */
static sym draw_writer(struct catalog *catalog, const uint64_t *state)
{
    static const char *const names[] = {"", "kubectl-edit", "operator"};
    return catalog_sym(catalog, names[(*state >> 20) % 3]);
}

static void put_endpoints(struct program_world *world, uint64_t *state, uint32_t service, struct text *out)
{
    struct catalog *catalog = store_catalog(world->store);
    sym namespace = program_service_namespace(catalog, service),
        name = program_service_name(catalog, service);
    const struct endpoints *old = twin_endpoints(world->twin, namespace, name);
    struct endpoints *endpoints;
    if (out)
        text_printf(out, "somebody writes Endpoints %s/%s", catalog_text(catalog, namespace),
            catalog_text(catalog, name));
    if (old) {
        endpoints = twin_copy_endpoints(world->twin, old);
    } else {
        endpoints = endpoints_create(catalog);
        endpoints->is_explicit = true;
        meta_init(&endpoints->meta, catalog);
        endpoints->meta.namespace = namespace;
        endpoints->meta.name = name;
    }
    for (uint32_t edits = 1 + program_below(state, 3); edits > 0; edits--)
        edit_endpoints(world, state, endpoints, out);
    program_write_endpoints(world, endpoints, draw_writer(catalog, state));
}

/* --- slices --- */

static uint32_t draw_place(uint64_t *state, const struct endpointslice *slice)
{
    return slice->endpoints.count ? program_below(state, slice->endpoints.count) : 0;
}

static void remove_endpoint(struct endpointslice *slice, uint32_t at)
{
    if (slice->endpoints.count == 0)
        return;
    endpoint_unref(endpointslice_at(slice, at));
    for (uint32_t i = at + 1; i < slice->endpoints.count; i++)
        endpointslice_put(slice, i - 1, endpointslice_at(slice, i));
    slice->endpoints.count--;
}

/* Hints of any kind, none among them. */
static void set_hint(struct catalog *catalog, uint64_t *state, struct endpoint_draft *draft)
{
    sym zones[2] = {catalog_sym(catalog, "zone-a"),
        catalog_sym(catalog, program_chance(state, 50) ? "zone-b" : "zone-x")};
    struct endpoint_extra *extra =
        endpoint_extra_with_zone_hints(draft->extra, zones, program_below(state, 3));
    if (program_chance(state, 40)) {
        extra->node_hints = mem_alloc(sizeof *extra->node_hints);
        extra->node_hints[0] = catalog_sym(catalog, "n0");
        extra->node_hint_count = 1;
    }
    if (draft->extra) {
        free(draft->extra->addresses);
        free(draft->extra->zone_hints);
        free(draft->extra->node_hints);
        free(draft->extra);
    }
    draft->extra = extra;
}

static void edit_endpoint(struct catalog *catalog, uint64_t *state, struct endpointslice *slice)
{
    if (slice->endpoints.count == 0)
        return;
    uint32_t place = draw_place(state, slice);
    struct endpoint_draft draft = draft_of(endpointslice_at(slice, place));
    switch (program_below(state, 9)) {
    case 0:
        draft.ready = (uint8_t)program_below(state, 3);
        break;
    case 1:
        draft.terminating = (uint8_t)program_below(state, 3);
        break;
    case 2:
        draft.zone = catalog_sym(catalog, "zone-x");
        draft.flags ^= ENDPOINT_ZONE;
        if (!(draft.flags & ENDPOINT_ZONE))
            draft.zone = SYM_EMPTY;
        break;
    case 3:
        draft.node_name = catalog_sym(catalog, "elsewhere");
        draft.flags |= ENDPOINT_SLICE_NODE_NAME;
        break;
    case 4:
        set_hint(catalog, state, &draft);
        break;
    case 5:
        draft.hostname = catalog_sym(catalog, program_chance(state, 50) ? "h" : "");
        draft.flags |= ENDPOINT_HOSTNAME;
        break;
    case 6:
        if (!draft.extra)
            draft.extra = mem_zalloc(sizeof *draft.extra);
        draft.extra->deprecated_topology =
            program_make_labels(catalog, (const char *const[]){"topology", "old"}, 1);
        break;
    case 7:
        set_version(catalog, &draft);
        break;
    default:
        if (draft.extra && draft.extra->address_count > 1) { /* in another order */
            sym first = draft.extra->addresses[0];
            draft.extra->addresses[0] = draft.extra->addresses[1];
            draft.extra->addresses[1] = first;
        }
        break;
    }
    endpoint_unref(endpointslice_at(slice, place));
    endpointslice_put(slice, place, endpoint_create(catalog, &draft));
}

static void edit_owners(struct program_world *world, uint64_t *state, struct endpointslice *slice)
{
    struct catalog *catalog = store_catalog(world->store);
    struct owner other = {
        .kind = catalog_sym(catalog, program_chance(state, 70)   ? "Service"
                                     : program_chance(state, 50) ? "Endpoints"
                                                                 : "Other"),
        .name = catalog_sym(catalog, "web"),
        .api_version = catalog_word(catalog, WORD_V1),
        .uid_text = catalog_sym(catalog, "gone"),
        .controller = -1,
        .block_owner_deletion = -1,
    };
    uint32_t kind = program_below(state, 3);
    if (kind == 0 || slice->owner_count > 2) {
        slice->owner_count = 0;
        return;
    }
    slice->owners = mem_array(slice->owners, slice->owner_count + 1, sizeof *slice->owners);
    if (kind == 1 && slice->owner_count > 0) { /* in front */
        slice->owners[slice->owner_count] = slice->owners[0];
        slice->owners[0] = other;
    } else {
        slice->owners[slice->owner_count] = other;
    }
    slice->owner_count++;
}

static void edit_slice(
    struct program_world *world, uint64_t *state, struct endpointslice *slice, struct text *out)
{
    static const char *const what[] = {"a label more", "a label less", "another Service's",
        "another manager's", "managed again", "an annotation", "an endpoint less", "an endpoint twice",
        "an endpoint changed", "endpoints in another order", "ports in another order", "other ports",
        "other owners", "a stranger among the endpoints", "no endpoints", "an endpoint of another slice",
        "nothing at all"};
    struct catalog *catalog = store_catalog(world->store);
    uint32_t kind = program_below(state, 18);
    switch (kind) {
    case 0:
        set_label(catalog, &slice->meta.labels, program_chance(state, 70) ? "note" : "rev", "1");
        break;
    case 1:
        drop_label(catalog, state, &slice->meta.labels);
        break;
    case 2:
        set_label(catalog, &slice->meta.labels, "kubernetes.io/service-name",
            catalog_text(catalog, program_service_name(catalog, program_below(state, PROGRAM_SERVICES))));
        break;
    case 3:
        set_label(catalog, &slice->meta.labels, "endpointslice.kubernetes.io/managed-by", "me");
        break;
    case 4:
        set_label(catalog, &slice->meta.labels, "endpointslice.kubernetes.io/managed-by",
            program_chance(state, 70) ? "endpointslice-controller.k8s.io"
                                      : "endpointslicemirroring-controller.k8s.io");
        break;
    case 5:
        set_label(catalog, &slice->meta.annotations, "note", "mine");
        slice->meta.trigger_s = program_chance(state, 50) ? slice->meta.trigger_s : TIME_NONE;
        break;
    case 6:
        remove_endpoint(slice, draw_place(state, slice));
        break;
    case 7:
        if (slice->endpoints.count > 0)
            endpointslice_append(slice, endpoint_ref(endpointslice_at(slice, draw_place(state, slice))));
        break;
    case 8:
        edit_endpoint(catalog, state, slice);
        break;
    case 9:
        for (uint32_t i = 0; i < slice->endpoints.count / 2; i++) {
            struct endpoint *first = endpointslice_at(slice, i);
            endpointslice_put(slice, i, endpointslice_at(slice, slice->endpoints.count - 1 - i));
            endpointslice_put(slice, slice->endpoints.count - 1 - i, first);
        }
        break;
    case 10:
        slice->ports = reversed(catalog, slice->ports);
        break;
    case 11:
        slice->ports = draw_ports(catalog, state, false);
        break;
    case 12:
        edit_owners(world, state, slice);
        break;
    case 13:
        endpointslice_append(slice, bogus(world, state, false));
        break;
    case 14:
        while (slice->endpoints.count > 0)
            remove_endpoint(slice, 0);
        break;
    case 15: {
        const struct endpointslice *other =
            world->twin->slices.items[program_below(state, world->twin->slices.count)].object;
        if (other->endpoints.count > 0)
            endpointslice_append(slice, endpoint_ref(endpointslice_at(other, draw_place(state, other))));
        break;
    }
    case 16:
        slice->address_type = (enum address_type)program_below(state, 3);
        break;
    default:
        break;
    }
    if (out)
        text_printf(out, ": %s", what[kind]);
}

static void put_slice(struct program_world *world, const uint64_t *state, struct endpointslice *slice)
{
    program_write_slice(world, slice, draw_writer(store_catalog(world->store), state));
}

static void create_slice(struct program_world *world, uint64_t *state, uint32_t service, struct text *out)
{
    struct catalog *catalog = store_catalog(world->store);
    sym namespace = program_service_namespace(catalog, service),
        name = program_service_name(catalog, service);
    char text[32];
    snprintf(text, sizeof text, "hand-%u", program_below(state, 6));
    const struct endpointslice *old = twin_slice(world->twin, namespace, catalog_sym(catalog, text));
    if (old)
        return;
    struct endpointslice *slice = endpointslice_create(catalog);
    meta_init(&slice->meta, catalog);
    slice->meta.namespace = namespace;
    slice->meta.name = catalog_sym(catalog, text);
    slice->address_type = (enum address_type)program_below(state, 3);
    slice->ports = program_chance(state, 50) ? draw_ports(catalog, state, false) : ports_empty(catalog);
    if (program_chance(state, 80))
        set_label(catalog, &slice->meta.labels, "kubernetes.io/service-name", catalog_text(catalog, name));
    if (program_chance(state, 80))
        set_label(catalog, &slice->meta.labels, "endpointslice.kubernetes.io/managed-by",
            program_chance(state, 75) ? "endpointslice-controller.k8s.io"
                                      : "endpointslicemirroring-controller.k8s.io");
    const struct service *owner = store_service(world->store, namespace, name);
    if (owner && program_chance(state, 60)) {
        slice->owners = mem_zalloc(sizeof *slice->owners);
        slice->owners[0] = (struct owner){
            .kind = catalog_word(catalog, WORD_SERVICE),
            .name = name,
            .api_version = catalog_word(catalog, WORD_V1),
            .uid = owner->meta.uid,
            .uid_text = owner->meta.uid_text,
            .controller = 1,
            .block_owner_deletion = 1,
        };
        slice->owner_count = 1;
    }
    /* Endpoints of another slice, or strangers. */
    uint32_t others = world->twin->slices.count;
    if (others > 0 && program_chance(state, 60)) {
        const struct endpointslice *other = world->twin->slices.items[program_below(state, others)].object;
        slice->ports = other->ports;
        for (uint32_t i = 0; i < other->endpoints.count; i++)
            endpointslice_append(slice, endpoint_ref(endpointslice_at(other, i)));
    } else if (program_chance(state, 50)) {
        endpointslice_append(slice, bogus(world, state, false));
    }
    if (out)
        text_printf(out, "somebody creates slice %s/%s for %s: %s, %u endpoints, %u ports, %u owners",
            catalog_text(catalog, namespace), text, catalog_text(catalog, name),
            address_type_text(slice->address_type), slice->endpoints.count, slice->ports->count,
            slice->owner_count);
    put_slice(world, state, slice);
}

static void change_slice(
    struct program_world *world, const struct program_event *event, uint64_t *state, struct text *out)
{
    struct catalog *catalog = store_catalog(world->store);
    if (world->twin->slices.count == 0)
        return;
    const struct endpointslice *old =
        world->twin->slices.items[event->subject % world->twin->slices.count].object;
    if (out)
        text_printf(out, "somebody %s slice %s/%s", event->kind == PROGRAM_SLICE_DELETE ? "deletes" : "edits",
            catalog_text(catalog, old->meta.namespace), catalog_text(catalog, old->meta.name));
    if (event->kind == PROGRAM_SLICE_DELETE) {
        sym namespace = old->meta.namespace, name = old->meta.name;
        program_delete_slice(world, namespace, name);
        return;
    }
    struct endpointslice *slice = twin_copy_slice(world->twin, old);
    for (uint32_t edits = 1 + (program_below(state, 4) == 0); edits > 0; edits--)
        edit_slice(world, state, slice, out);
    put_slice(world, state, slice);
}

/* --- all --- */

void program_apply_foreign(struct program_world *world, const struct program_event *event, struct text *out)
{
    uint64_t state = event->salt;
    struct catalog *catalog = store_catalog(world->store);
    uint32_t service = event->subject % PROGRAM_SERVICES;
    sym namespace = program_service_namespace(catalog, service),
        name = program_service_name(catalog, service);
    if (!world->engine && event->kind != PROGRAM_SLICE_CREATE &&
        (event->kind != PROGRAM_ENDPOINTS_EDIT || twin_endpoints(world->twin, namespace, name)))
        return; /* a starting state is only added to */
    switch (event->kind) {
    case PROGRAM_ENDPOINTS_EDIT:
        put_endpoints(world, &state, service, out);
        break;
    case PROGRAM_ENDPOINTS_DELETE:
        if (out)
            text_printf(out, "somebody deletes Endpoints %s/%s", catalog_text(catalog, namespace),
                catalog_text(catalog, name));
        program_delete_endpoints(world, namespace, name);
        break;
    case PROGRAM_SLICE_CREATE:
        create_slice(world, &state, service, out);
        break;
    default:
        change_slice(world, event, &state, out);
        break;
    }
}
