/*
 * plain_mirroring.c: the EndpointSliceMirroring controller from scratch (M-*). Orders and draws are those
 * that engine/mirroring_controller.h lays down.
 */
#include "model/plain_parts.h"

#include <stdlib.h>
#include <string.h>

#define MIRRORING_MANAGER "endpointslicemirroring-controller.k8s.io"

/* --- which (M-1) --- */

bool plain_mirror_skips(struct catalog *catalog, const struct endpoints *endpoints)
{
    sym value;
    if (labels_get(endpoints->meta.labels, catalog_sym(catalog, "endpointslice.kubernetes.io/skip-mirror"),
            &value) &&
        strcmp(catalog_text(catalog, value), "true") == 0)
        return true;
    return labels_get(
        endpoints->meta.annotations, catalog_sym(catalog, "control-plane.alpha.kubernetes.io/leader"), NULL);
}

bool plain_mirror_manages(struct catalog *catalog, const struct endpointslice *slice)
{
    sym value;
    return labels_get(
               slice->meta.labels, catalog_sym(catalog, "endpointslice.kubernetes.io/managed-by"), &value) &&
           strcmp(catalog_text(catalog, value), MIRRORING_MANAGER) == 0;
}

/* M-3. */
static bool listed(const struct plain_input *input, const struct endpointslice *slice)
{
    sym value;
    return plain_mirror_manages(input->catalog, slice) &&
           labels_get(
               slice->meta.labels, catalog_sym(input->catalog, "kubernetes.io/service-name"), &value) &&
           value == input->name;
}

bool plain_is_mirrored(const struct plain_input *input)
{
    return input->endpoints && !plain_mirror_skips(input->catalog, input->endpoints) && input->service &&
           !input->service->selector;
}

/* --- what is wanted (M-10 to M-15) --- */

struct key {
    enum address_type type;
    struct plain_hash hash;
    const struct port_list *ports;
    VEC(struct endpoint *) wanted; /* one reference each */
};

struct draft {
    struct endpointslice *slice; /* owned */
    bool is_named;
};

struct plan {
    const struct plain_input *input;
    struct choices *choices;
    struct plain_result *result;
    VEC(struct key) keys;
    VEC(struct draft *) all; /* owned */
    VEC(struct draft *) creates;
    VEC(struct draft *) updates;
    VEC(const struct endpointslice *) deletes;
    uint32_t invalid, skipped;
};

static struct key *find_key(struct plan *plan, enum address_type type, const struct plain_hash *hash)
{
    for (uint32_t i = 0; i < plan->keys.count; i++)
        if (plan->keys.items[i].type == type && plain_hash_compare(&plan->keys.items[i].hash, hash) == 0)
            return &plan->keys.items[i];
    return NULL;
}

static void register_keys(struct plan *plan, const struct port_list *from, struct plain_hash *out_hash)
{
    const struct plain_input *input = plan->input;
    struct port *ports = mem_array(NULL, from->count, sizeof *ports);
    for (uint32_t i = 0; i < from->count; i++) {
        ports[i] = from->items[i];
        ports[i].set |= PORT_NAME | PORT_PROTOCOL | PORT_NUMBER;
    }
    *out_hash = plain_port_key(input->catalog, ports, from->count, false, input->config.kube_minor);
    const struct port_list *sorted = ports_intern(input->catalog, ports, from->count);
    free(ports);
    for (int t = ADDRESS_IPV4; t <= ADDRESS_IPV6; t++)
        if (!find_key(plan, (enum address_type)t, out_hash))
            vec_push(&plan->keys,
                ((struct key){.type = (enum address_type)t, .hash = *out_hash, .ports = sorted}));
}

/* M-13. */
static struct endpoint *convert(const struct plain_input *input, const struct endpoint *address, bool ready)
{
    struct endpoint_draft draft = {
        .ip = endpoint_ip(address), .ready = ready ? CONDITION_TRUE : CONDITION_FALSE};
    if (endpoint_hostname(address) != SYM_EMPTY) {
        draft.hostname = endpoint_hostname(address);
        draft.flags |= ENDPOINT_HOSTNAME;
    }
    if (endpoint_flags(address) & ENDPOINT_ADDRESS_NODE_NAME) {
        draft.node_name = endpoint_node_name(address);
        draft.flags |= ENDPOINT_SLICE_NODE_NAME;
    }
    if (endpoint_target(address))
        draft.target = target_ref(endpoint_target(address));
    return endpoint_create(input->catalog, &draft);
}

/* M-12, M-14. False: it is no IP. */
static bool add_address(
    struct plan *plan, const struct plain_hash *hash, const struct endpoint *address, bool ready)
{
    char buffer[IP_TEXT_MAX];
    const char *text = plain_address_text(plan->input->catalog, address, 0, buffer);
    struct ip ip = ip_parse(text, strlen(text));
    if (ip.family == IP_NONE)
        return false;
    struct key *key = find_key(plan, ip.family == IP_V6 ? ADDRESS_IPV6 : ADDRESS_IPV4, hash);
    struct endpoint *endpoint = convert(plan->input, address, ready);
    for (uint32_t i = 0; i < key->wanted.count; i++) {
        if (plain_same_identity(plan->input->catalog, key->wanted.items[i], endpoint)) {
            endpoint_unref(key->wanted.items[i]);
            key->wanted.items[i] = endpoint;
            return true;
        }
    }
    vec_push(&key->wanted, endpoint);
    return true;
}

static void find_wanted(struct plan *plan)
{
    uint32_t max = plan->input->config.mirroring_endpoints_per_subset_max;
    struct subset_list subsets = {0};
    plain_repack(plan->input, &plan->input->endpoints->subsets, &subsets);
    for (uint32_t s = 0; s < subsets.items.count; s++) {
        const struct subset *subset = &subsets.items.items[s];
        uint32_t ready = subset->addresses.count, total = ready + subset->not_ready_addresses.count;
        uint32_t taken = 0;
        struct plain_hash hash;
        register_keys(plan, subset->ports, &hash);
        for (uint32_t i = 0; i < total && taken < max; i++) {
            const struct endpoint *address =
                i < ready ? subset->addresses.items[i] : subset->not_ready_addresses.items[i - ready];
            if (add_address(plan, &hash, address, i < ready))
                taken++;
            else
                plan->invalid++;
        }
        plan->skipped += total - taken;
    }
    subset_list_fini(&subsets);
}

/* --- slices as they should be (M-22, M-23) --- */

static const struct labels *wanted_labels(const struct plain_input *input)
{
    struct catalog *catalog = input->catalog;
    const struct labels *labels = input->endpoints->meta.labels;
    labels = labels_with(catalog, labels, catalog_sym(catalog, "endpointslice.kubernetes.io/managed-by"),
        catalog_sym(catalog, MIRRORING_MANAGER));
    return labels_with(catalog, labels, catalog_sym(catalog, "kubernetes.io/service-name"), input->name);
}

static const struct labels *wanted_annotations(const struct plain_input *input)
{
    struct catalog *catalog = input->catalog;
    const struct labels *annotations = input->endpoints->meta.annotations;
    if (input->endpoints->over_capacity)
        annotations = labels_with(catalog, annotations,
            catalog_sym(catalog, "endpoints.kubernetes.io/over-capacity"), catalog_sym(catalog, "truncated"));
    annotations = labels_without(
        catalog, annotations, catalog_sym(catalog, "endpoints.kubernetes.io/last-change-trigger-time"));
    return labels_without(
        catalog, annotations, catalog_sym(catalog, "kubectl.kubernetes.io/last-applied-configuration"));
}

static bool same_contents(
    const struct plain_input *input, const struct endpointslice *slice, const struct key *key)
{
    int matched = 0;
    for (uint32_t i = 0; i < slice->endpoints.count; i++) {
        uint32_t k = 0;
        while (k < key->wanted.count &&
               !plain_same_identity(input->catalog, key->wanted.items[k], endpointslice_at(slice, i)))
            k++;
        if (k == key->wanted.count ||
            !plain_same_beyond_identity(input->catalog, key->wanted.items[k], endpointslice_at(slice, i)))
            return false;
        matched++;
    }
    return matched == (int)key->wanted.count;
}

static bool is_untouched(
    const struct plain_input *input, const struct endpointslice *slice, const struct key *key)
{
    struct catalog *catalog = input->catalog;
    const struct meta *meta = &input->endpoints->meta;
    const struct labels *labels = labels_without(
        catalog, slice->meta.labels, catalog_sym(catalog, "endpointslice.kubernetes.io/managed-by"));
    labels = labels_without(catalog, labels, catalog_sym(catalog, "kubernetes.io/service-name"));
    for (uint32_t i = 0; i < slice->owner_count; i++) {
        const struct owner *owner = &slice->owners[i];
        if (strcmp(catalog_text(catalog, owner->kind), "Endpoints") == 0 && owner->name == meta->name &&
            !(memcmp(&owner->uid, &meta->uid, sizeof owner->uid) == 0 && owner->uid_text == meta->uid_text))
            return false;
    }
    return labels == meta->labels && slice->meta.annotations == wanted_annotations(input) &&
           slice->meta.trigger_s == TIME_NONE && same_contents(input, slice, key);
}

static struct draft *new_slice(struct plan *plan, struct key *key)
{
    const struct plain_input *input = plan->input;
    struct catalog *catalog = input->catalog;
    struct endpointslice *slice = endpointslice_create(catalog);
    slice->meta.namespace = input->namespace;
    slice->meta.labels = wanted_labels(input);
    slice->meta.annotations = wanted_annotations(input);
    slice->address_type = key->type;
    slice->ports = key->ports;
    struct owner owner = {
        .kind = catalog_sym(catalog, "Endpoints"),
        .name = input->endpoints->meta.name,
        .api_version = catalog_sym(catalog, "v1"),
        .uid = input->endpoints->meta.uid,
        .uid_text = input->endpoints->meta.uid_text,
        .controller = 1,
        .block_owner_deletion = 1,
    };
    plain_set_owners(slice, &owner, 1);
    while (
        key->wanted.count > 0 && slice->endpoints.count < input->config.mirroring_endpoints_per_subset_max) {
        uint32_t k = choices_pick(plan->choices, CHOICE_ENDPOINT, key->wanted.count);
        endpointslice_append(slice, key->wanted.items[k]);
        key->wanted.items[k] = key->wanted.items[0];
        for (uint32_t i = 1; i < key->wanted.count; i++)
            key->wanted.items[i - 1] = key->wanted.items[i];
        key->wanted.count--;
    }
    slice->ports_nil = slice->ports->count == 0;
    slice->endpoints_nil = slice->endpoints.count == 0;
    struct draft *draft = mem_zalloc(sizeof *draft);
    draft->slice = slice;
    vec_push(&plan->all, draft);
    return draft;
}

/* --- per key (M-20 to M-23) --- */

/* The stored slice belongs to the key. */
static bool belongs(const struct plain_input *input, const struct endpointslice *slice, const struct key *key)
{
    struct plain_hash hash;
    plain_sort_ports(input, slice->ports, &hash);
    return slice->address_type == key->type && plain_hash_compare(&hash, &key->hash) == 0;
}

static void decide_key(struct plan *plan, struct key *key)
{
    const struct plain_input *input = plan->input;
    const struct endpointslice *first = NULL;
    for (uint32_t i = 0; i < input->slice_count; i++) {
        if (!listed(input, input->slices[i]) || !belongs(input, input->slices[i], key))
            continue;
        if (key->wanted.count == 0 || first)
            vec_push(&plan->deletes, input->slices[i]);
        else
            first = input->slices[i];
    }
    if (key->wanted.count == 0)
        return;
    if (first && is_untouched(input, first, key)) {
        vec_push(&plan->result->untouched, first->meta.name);
        return;
    }
    struct draft *draft = new_slice(plan, key);
    if (first) {
        draft->slice->meta.name = first->meta.name;
        draft->is_named = true;
        vec_push(&plan->updates, draft);
        return;
    }
    struct text prefix = {0};
    text_printf(&prefix, "%s-", catalog_text(input->catalog, input->name));
    draft->slice->meta.generate_name = catalog_sym(input->catalog, prefix.data);
    text_fini(&prefix);
    vec_push(&plan->creates, draft);
}

/* --- recycling (M-30, M-31) --- */

static void pair(struct plan *plan, struct draft *draft, uint32_t at)
{
    for (uint32_t i = 0; i < plan->creates.count; i++) { /* the quirk: whichever has no name yet */
        if (plan->creates.items[i]->is_named)
            continue;
        for (uint32_t k = i + 1; k < plan->creates.count; k++)
            plan->creates.items[k - 1] = plan->creates.items[k];
        plan->creates.count--;
        break;
    }
    draft->slice->meta.name = plan->deletes.items[at]->meta.name;
    draft->is_named = true;
    vec_push(&plan->updates, draft);
    for (uint32_t k = at + 1; k < plan->deletes.count; k++)
        plan->deletes.items[k - 1] = plan->deletes.items[k];
    plan->deletes.count--;
}

static void recycle_type(struct plan *plan, enum address_type type)
{
    VEC(struct draft *) creates = {0};
    for (uint32_t i = 0; i < plan->creates.count; i++)
        if (plan->creates.items[i]->slice->address_type == type)
            vec_push(&creates, plan->creates.items[i]);
    for (uint32_t i = 0; i < creates.count; i++) {
        uint32_t at = 0;
        while (at < plan->deletes.count && plan->deletes.items[at]->address_type != type)
            at++;
        if (at < plan->deletes.count)
            pair(plan, creates.items[i], at);
    }
    vec_fini(&creates);
}

static void recycle(struct plan *plan)
{
    if (plan->creates.count == 0 || plan->deletes.count == 0)
        return;
    enum address_type first = plan->creates.items[0]->slice->address_type;
    enum address_type other = first == ADDRESS_IPV4 ? ADDRESS_IPV6 : ADDRESS_IPV4;
    bool both = false;
    for (uint32_t i = 0; i < plan->creates.count; i++)
        both |= plan->creates.items[i]->slice->address_type == other;
    bool turned = both && choices_start(plan->choices, CHOICE_FAMILIES, 2) == 1;
    recycle_type(plan, turned ? other : first);
    if (both)
        recycle_type(plan, turned ? first : other);
}

/* --- writing (M-32) --- */

static void send_update(struct plan *plan, struct draft *draft)
{
    const struct plain_input *input = plan->input;
    struct endpointslice *slice = draft->slice;
    const struct endpointslice *stored = NULL;
    for (uint32_t i = 0; i < input->slice_count; i++)
        if (input->slices[i]->meta.name == slice->meta.name)
            stored = input->slices[i];
    slice->meta.uid = stored->meta.uid;
    slice->meta.uid_text = stored->meta.uid_text;
    slice->meta.created_s = stored->meta.created_s;
    slice->meta.deletion_s = stored->meta.deletion_s;
    slice->meta.resource_version = stored->meta.resource_version;
    slice->sequence = stored->sequence;
    bool changed =
        !plain_same_content(input->catalog, stored, slice) || stored->meta.labels != slice->meta.labels;
    slice->meta.generation = stored->meta.generation + changed;
    struct plain_request request = {.verb = PLAIN_UPDATE, .name = slice->meta.name, .slice = slice};
    request.noop = !changed && stored->meta.annotations == slice->meta.annotations &&
                   stored->meta.trigger_s == TIME_NONE &&
                   stored->meta.generate_name == slice->meta.generate_name &&
                   plain_same_owners(stored, slice);
    if (!request.noop)
        slice->meta.resource_version = ++plan->result->resource_version;
    draft->slice = NULL;
    vec_push(&plan->result->requests, request);
}

static void send(struct plan *plan)
{
    const struct plain_input *input = plan->input;
    struct plain_result *result = plan->result;
    bool going = input->endpoints->meta.deletion_s != TIME_NONE;
    for (uint32_t i = 0; i < plan->creates.count && !going; i++) {
        struct draft *draft = plan->creates.items[i];
        if (draft->is_named) { /* 409 */
            result->error = true;
            return;
        }
        struct endpointslice *slice = draft->slice;
        slice->meta.name = input->name_slice(input->context, slice->meta.generate_name);
        slice->meta.created_s = input->now_s;
        slice->meta.generation = 1;
        slice->meta.resource_version = ++result->resource_version;
        draft->slice = NULL;
        vec_push(&result->requests,
            ((struct plain_request){.verb = PLAIN_CREATE, .name = slice->meta.name, .slice = slice}));
    }
    for (uint32_t i = 0; i < plan->updates.count; i++)
        send_update(plan, plan->updates.items[i]);
    for (uint32_t i = 0; i < plan->deletes.count; i++) {
        result->resource_version++;
        vec_push(&result->requests,
            ((struct plain_request){.verb = PLAIN_DELETE, .name = plan->deletes.items[i]->meta.name}));
    }
}

/* M-16. */
static void tell_events(struct plan *plan)
{
    struct text text = {0};
    if (plan->invalid > 0) {
        text_printf(&text,
            "Warning InvalidIPAddress Skipped %u invalid IP addresses when mirroring to EndpointSlices",
            plan->invalid);
        vec_push(&plan->result->events, text.data);
        text = (struct text){0};
    }
    if (plan->skipped > plan->invalid) {
        text_printf(&text,
            "Warning TooManyAddressesToMirror A max of %u addresses can be mirrored to EndpointSlices per "
            "Endpoints subset. %u addresses were skipped",
            plan->input->config.mirroring_endpoints_per_subset_max, plan->skipped);
        vec_push(&plan->result->events, text.data);
    }
}

/* --- the sync --- */

static void clean_up(const struct plain_input *input, struct plain_result *result)
{
    for (uint32_t i = 0; i < input->slice_count; i++) {
        if (!listed(input, input->slices[i]))
            continue;
        result->resource_version++;
        vec_push(&result->requests,
            ((struct plain_request){.verb = PLAIN_DELETE, .name = input->slices[i]->meta.name}));
    }
}

static void drop_undesired(struct plan *plan)
{
    const struct plain_input *input = plan->input;
    for (uint32_t i = 0; i < input->slice_count; i++) {
        bool desired = false;
        for (uint32_t k = 0; k < plan->keys.count; k++)
            desired |= belongs(input, input->slices[i], &plan->keys.items[k]);
        if (listed(input, input->slices[i]) && !desired)
            vec_push(&plan->deletes, input->slices[i]);
    }
}

void plain_sync_mirroring(
    const struct plain_input *input, struct choices *choices, struct plain_result *result)
{
    result->resource_version = input->resource_version;
    if (!plain_is_mirrored(input)) {
        clean_up(input, result);
        return;
    }
    struct plan plan = {.input = input, .choices = choices, .result = result};
    find_wanted(&plan);
    uint32_t count = plan.keys.count;
    uint32_t start = count > 0 ? choices_start(choices, CHOICE_KEYS, count) : 0;
    for (uint32_t i = 0; i < count; i++)
        decide_key(&plan, &plan.keys.items[(start + i) % count]);
    drop_undesired(&plan);
    recycle(&plan);
    tell_events(&plan);
    send(&plan);
    for (uint32_t i = 0; i < plan.all.count; i++) {
        endpointslice_destroy(plan.all.items[i]->slice);
        free(plan.all.items[i]);
    }
    for (uint32_t i = 0; i < plan.keys.count; i++) {
        for (uint32_t k = 0; k < plan.keys.items[i].wanted.count; k++)
            endpoint_unref(plan.keys.items[i].wanted.items[k]);
        vec_fini(&plan.keys.items[i].wanted);
    }
    vec_fini(&plan.all);
    vec_fini(&plan.keys);
    vec_fini(&plan.creates);
    vec_fini(&plan.updates);
    vec_fini(&plan.deletes);
}
