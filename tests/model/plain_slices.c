/*
 * plain_slices.c: the EndpointSlice controller from scratch (S-*), one address type after the other.
 *
 * What Go's maps leave open is decided by the orders and draws that engine/packing.h lays down.
 */
#include "model/plain_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"

/* --- one address type --- */

enum fate { UNCHANGED, UPDATED, DELETED };

struct candidate {
    const struct endpointslice *stored;
    struct endpointslice *now; /* the copy that will be sent, when it is updated. Owned. */
    enum fate fate;
};

/* Slices and wanted endpoints that share a port key. */
struct group {
    struct plain_hash key;
    bool desired;                  /* S-26 */
    const struct port_list *ports; /* of a desired key */
    VEC(struct endpoint *) wanted; /* D; one reference each, in the order of pods */
    VEC(struct candidate) slices;  /* in the order of creation */
};

struct plan {
    const struct plain_input *input;
    struct choices *choices;
    enum address_type type;
    VEC(struct group) groups;
    uint32_t existing;                /* slices of this address type, owned or not */
    struct plain_text_list *failures; /* each once; shared by the address types */
    struct plain_text_list events;
    struct plain_slice_list creates; /* owned */
    struct plain_slice_list updates; /* owned */
    VEC(const struct endpointslice *) deletes;
};

/* The service's owner reference is on the slice (S-15). */
static bool owned(const struct plain_input *input, const struct endpointslice *slice)
{
    for (uint32_t i = 0; i < slice->owner_count; i++) {
        const struct owner *owner = &slice->owners[i];
        if (owner->kind == catalog_word(input->catalog, WORD_SERVICE) &&
            owner->api_version == catalog_word(input->catalog, WORD_V1) &&
            owner->uid_text == input->service->meta.uid_text &&
            memcmp(&owner->uid, &input->service->meta.uid, sizeof owner->uid) == 0)
            return true;
    }
    return false;
}

/* S-5. */
static bool listed(const struct plain_input *input, const struct endpointslice *slice)
{
    sym value;
    return slice->meta.deletion_s == TIME_NONE &&
           labels_get(slice->meta.labels, catalog_word(input->catalog, WORD_SERVICE_NAME), &value) &&
           value == input->name &&
           labels_get(slice->meta.labels, catalog_word(input->catalog, WORD_SLICE_MANAGED_BY), &value) &&
           value == catalog_word(input->catalog, WORD_SLICE_CONTROLLER);
}

static struct group *group_of(struct plan *plan, const struct plain_hash *key)
{
    for (uint32_t i = 0; i < plan->groups.count; i++)
        if (plain_hash_compare(&plan->groups.items[i].key, key) == 0)
            return &plan->groups.items[i];
    vec_push(&plan->groups, ((struct group){.key = *key}));
    return &vec_last(&plan->groups);
}

static int compare_groups(const void *a, const void *b)
{
    return plain_hash_compare(&((const struct group *)a)->key, &((const struct group *)b)->key);
}

/* Existing slices by key; those without our owner go straight to the delete list (S-15, S-16). */
static void group_slices(struct plan *plan)
{
    const struct plain_input *input = plan->input;
    for (uint32_t i = 0; i < input->slice_count; i++) {
        const struct endpointslice *slice = input->slices[i];
        if (!listed(input, slice) || slice->address_type != plan->type)
            continue;
        plan->existing++;
        if (!owned(input, slice)) {
            vec_push(&plan->deletes, slice);
            continue;
        }
        struct plain_hash key;
        plain_sort_ports(input, slice->ports, &key);
        vec_push(&group_of(plan, &key)->slices, ((struct candidate){.stored = slice}));
    }
}

static const struct node *find_node(const struct plain_input *input, sym name)
{
    for (uint32_t i = 0; i < input->node_count; i++)
        if (input->nodes[i]->meta.name == name)
            return input->nodes[i];
    return NULL;
}

/* S-7, S-27. */
static void add_failure(struct plan *plan, const struct pod *pod)
{
    const struct plain_input *input = plan->input;
    struct text text = {0};
    text_printf(&text, "skipping Pod %s for Service %s/%s: Node %s Not Found",
        target_name_here(pod_self(pod)), catalog_text(input->catalog, input->namespace),
        catalog_text(input->catalog, input->name), catalog_text(input->catalog, pod->node_name));
    for (uint32_t i = 0; i < plan->failures->count; i++) {
        if (strcmp(plan->failures->items[i], text.data) == 0) {
            text_fini(&text);
            return;
        }
    }
    vec_push(plan->failures, text.data);
}

/* S-25 to S-28. */
static void group_pods(struct plan *plan)
{
    const struct plain_input *input = plan->input;
    for (uint32_t i = 0; i < input->pod_count; i++) {
        const struct pod *pod = input->pods[i];
        if (!plain_selects(input->service, pod) || !plain_pod_belongs(pod, true))
            continue;
        struct plain_hash key;
        const struct port_list *ports = plain_make_ports(input, pod, &key);
        struct group *group = group_of(plan, &key);
        group->desired = true;
        group->ports = ports;
        const struct node *node = find_node(input, pod->node_name);
        if (!node && !input->service->publish_not_ready_addresses) { /* S-27 */
            add_failure(plan, pod);
            continue;
        }
        struct endpoint *endpoint = plain_make_endpoint(input, pod, node, plan->type);
        if (!endpoint)
            continue;
        uint32_t at = 0; /* S-35 */
        while (at < group->wanted.count &&
               !plain_same_identity(input->catalog, group->wanted.items[at], endpoint))
            at++;
        if (at < group->wanted.count) {
            endpoint_unref(group->wanted.items[at]);
            group->wanted.items[at] = endpoint;
        } else {
            vec_push(&group->wanted, endpoint);
        }
    }
}

/* --- labels and frames of slices (S-50 to S-52) --- */

static const struct labels *without_reserved(const struct plain_input *input, const struct labels *labels)
{
    static const enum catalog_word reserved[] = {WORD_SERVICE_NAME, WORD_SLICE_MANAGED_BY, WORD_HEADLESS};
    for (int i = 0; i < 3; i++)
        labels = labels_without(input->catalog, labels, catalog_word(input->catalog, reserved[i]));
    return labels;
}

/* S-52. */
static bool labels_changed(const struct plain_input *input, const struct endpointslice *slice)
{
    return without_reserved(input, slice->meta.labels) !=
           without_reserved(input, input->service->meta.labels);
}

/* S-51. */
static const struct labels *wanted_labels(const struct plain_input *input)
{
    struct catalog *catalog = input->catalog;
    const struct labels *labels = without_reserved(input, input->service->meta.labels);
    if (service_is_headless(input->service, catalog))
        labels = labels_with(catalog, labels, catalog_word(catalog, WORD_HEADLESS), SYM_EMPTY);
    labels =
        labels_with(catalog, labels, catalog_word(catalog, WORD_SERVICE_NAME), input->service->meta.name);
    return labels_with(catalog, labels, catalog_word(catalog, WORD_SLICE_MANAGED_BY),
        catalog_word(catalog, WORD_SLICE_CONTROLLER));
}

/* S-50. Service names are DNS labels, so "<svc>-" is always a valid prefix. */
static struct endpointslice *new_slice(
    const struct plain_input *input, enum address_type type, const struct port_list *ports)
{
    struct catalog *catalog = input->catalog;
    const struct service *service = input->service;
    struct endpointslice *slice = endpointslice_create(catalog);
    struct text prefix = {0};
    text_printf(&prefix, "%s-", catalog_text(catalog, service->meta.name));
    slice->meta.namespace = input->namespace;
    slice->meta.generate_name = catalog_sym(catalog, prefix.data);
    slice->meta.labels = wanted_labels(input);
    text_fini(&prefix);
    struct owner owner = {
        .kind = catalog_word(catalog, WORD_SERVICE),
        .name = service->meta.name,
        .api_version = catalog_word(catalog, WORD_V1),
        .uid = service->meta.uid,
        .uid_text = service->meta.uid_text,
        .controller = 1,
        .block_owner_deletion = 1,
    };
    plain_set_owners(slice, &owner, 1);
    slice->address_type = type;
    slice->ports = ports;
    return slice;
}

/* --- packing (S-40 to S-46) --- */

/* `take` of packing.h on the wanted endpoints. The reference passes to the caller. */
static struct endpoint *take_endpoint(struct plan *plan, struct group *group)
{
    struct endpoint **items = group->wanted.items;
    uint32_t k = choices_pick(plan->choices, CHOICE_ENDPOINT, group->wanted.count);
    struct endpoint *taken = items[k];
    items[k] = items[0];
    for (uint32_t i = 1; i < group->wanted.count; i++)
        items[i - 1] = items[i];
    group->wanted.count--;
    return taken;
}

static void fill(struct plan *plan, struct group *group, struct endpointslice *slice)
{
    while (group->wanted.count > 0 && slice->endpoints.count < plan->input->config.endpoints_per_slice_max)
        endpointslice_append(slice, take_endpoint(plan, group));
}

/* Takes the wanted endpoint of this identity out of D, keeping the order of the others; NULL: not wanted. */
static struct endpoint *take_wanted(struct plan *plan, struct group *group, const struct endpoint *stored)
{
    for (uint32_t i = 0; i < group->wanted.count; i++) {
        struct endpoint *wanted = group->wanted.items[i];
        if (!plain_same_identity(plan->input->catalog, wanted, stored))
            continue;
        for (uint32_t j = i + 1; j < group->wanted.count; j++)
            group->wanted.items[j - 1] = group->wanted.items[j];
        group->wanted.count--;
        return wanted;
    }
    return NULL;
}

/* Step 1: S-40, S-41. */
static void keep_stored(struct plan *plan, struct group *group, struct candidate *candidate)
{
    const struct plain_input *input = plan->input;
    const struct endpointslice *stored = candidate->stored;
    struct endpointslice *next = plain_copy_frame(input, stored);
    bool changed = false;
    for (uint32_t i = 0; i < stored->endpoints.count; i++) {
        struct endpoint *wanted = take_wanted(plan, group, endpointslice_at(stored, i));
        if (!wanted)
            continue;
        changed |= !plain_same_beyond_identity(input->catalog, wanted, endpointslice_at(stored, i));
        endpointslice_append(next, wanted);
    }
    changed |= next->endpoints.count != stored->endpoints.count;
    if (changed && next->endpoints.count > 0) {
        candidate->fate = UPDATED;
        candidate->now = next;
        next->meta.labels = wanted_labels(input);
        return;
    }
    endpointslice_destroy(next);
    if (changed) {
        candidate->fate = DELETED;
    } else if (labels_changed(input, stored)) {
        candidate->fate = UPDATED;
        candidate->now = plain_copy_slice(input, stored);
        candidate->now->meta.labels = wanted_labels(input);
    }
}

/* Step 2: S-43. */
static void fill_updated(struct plan *plan, struct group *group)
{
    uint32_t max = plan->input->config.endpoints_per_slice_max;
    bool *out = mem_zalloc(group->slices.count);
    uint32_t *longest = mem_array(NULL, group->slices.count, sizeof *longest);
    while (group->wanted.count > 0) {
        uint32_t count = 0;
        for (uint32_t i = 0; i < group->slices.count; i++) {
            const struct candidate *candidate = &group->slices.items[i];
            if (candidate->fate != UPDATED || out[i] || candidate->now->endpoints.count >= max)
                continue;
            uint32_t length = candidate->now->endpoints.count;
            if (count > 0 && length > group->slices.items[longest[0]].now->endpoints.count)
                count = 0;
            if (count == 0 || length == group->slices.items[longest[0]].now->endpoints.count)
                longest[count++] = i;
        }
        if (count == 0)
            break;
        uint32_t pick = longest[choices_pick(plan->choices, CHOICE_UPDATE_TIE, count)];
        fill(plan, group, group->slices.items[pick].now);
        out[pick] = true;
    }
    free(longest);
    free(out);
}

/* The unchanged slice that takes all of D and has the least room left; NULL: none (S-44). */
static struct candidate *best_fit(struct plan *plan, struct group *group)
{
    uint32_t max = plan->input->config.endpoints_per_slice_max, wanted = group->wanted.count;
    if (wanted >= max)
        return NULL;
    uint32_t *best = mem_array(NULL, group->slices.count, sizeof *best);
    uint32_t count = 0;
    for (uint32_t i = 0; i < group->slices.count; i++) {
        const struct candidate *candidate = &group->slices.items[i];
        uint32_t length = candidate->stored->endpoints.count;
        if (candidate->fate != UNCHANGED || length + wanted > max)
            continue;
        if (count > 0 && length > group->slices.items[best[0]].stored->endpoints.count)
            count = 0;
        if (count == 0 || length == group->slices.items[best[0]].stored->endpoints.count)
            best[count++] = i;
    }
    struct candidate *found = NULL;
    if (count > 0)
        found = &group->slices.items[best[choices_pick(plan->choices, CHOICE_FILL_TIE, count)]];
    free(best);
    return found;
}

static void pack_group(struct plan *plan, struct group *group)
{
    for (uint32_t i = 0; i < group->slices.count; i++)
        keep_stored(plan, group, &group->slices.items[i]);
    fill_updated(plan, group);
    while (group->wanted.count > 0) { /* step 3: S-44 */
        struct candidate *unchanged = best_fit(plan, group);
        if (unchanged) {
            unchanged->fate = UPDATED;
            unchanged->now = plain_copy_slice(plan->input, unchanged->stored);
            fill(plan, group, unchanged->now);
        } else {
            struct endpointslice *slice = new_slice(plan->input, plan->type, group->ports);
            fill(plan, group, slice);
            vec_push(&plan->creates, slice);
        }
    }
    for (uint32_t i = 0; i < group->slices.count; i++) {
        struct candidate *candidate = &group->slices.items[i];
        if (candidate->fate == UPDATED)
            vec_push(&plan->updates, candidate->now);
        else if (candidate->fate == DELETED)
            vec_push(&plan->deletes, candidate->stored);
    }
}

/* --- across port keys (S-47 to S-49) --- */

static bool contains_labels(const struct labels *labels, const struct labels *others)
{
    for (uint32_t i = 0; i < others->count; i++) {
        sym value = SYM_EMPTY; /* missing is the empty text */
        labels_get(labels, others->items[i].key, &value);
        if (value != others->items[i].value)
            return false;
    }
    return true;
}

static void add_placeholder(struct plan *plan)
{
    if (plan->existing != plan->deletes.count || plan->creates.count > 0)
        return;
    const struct plain_input *input = plan->input;
    if (plan->deletes.count == 1) {
        const struct endpointslice *only = plan->deletes.items[0];
        const struct labels *labels = wanted_labels(input);
        if (only->meta.namespace == input->namespace && only->endpoints.count == 0 &&
            only->ports->count == 0 && contains_labels(only->meta.labels, labels) &&
            contains_labels(labels, only->meta.labels)) {
            plan->deletes.count = 0;
            return;
        }
    }
    vec_push(&plan->creates, new_slice(input, plan->type, ports_empty(input->catalog)));
}

/* Slices of wanted keys that nothing is done to, by their creation. */
static void list_unchanged(struct plan *plan, struct plain_stored_list *out)
{
    for (uint32_t s = 0; s < plan->input->slice_count; s++) {
        for (uint32_t g = 0; g < plan->groups.count; g++) {
            for (uint32_t i = 0; i < plan->groups.items[g].slices.count; i++) {
                const struct candidate *candidate = &plan->groups.items[g].slices.items[i];
                if (plan->groups.items[g].desired && candidate->fate == UNCHANGED &&
                    candidate->stored == plan->input->slices[s])
                    vec_push(out, candidate->stored);
            }
        }
    }
}

static void give_hints(struct plan *plan)
{
    struct plain_stored_list unchanged = {0};
    list_unchanged(plan, &unchanged);
    plain_give_hints(&(struct plain_hint_stage){
        .input = plan->input,
        .creates = &plan->creates,
        .updates = &plan->updates,
        .unchanged = &unchanged,
        .type = plan->type,
        .choices = plan->choices,
        .events = &plan->events,
    });
    vec_fini(&unchanged);
}

static void make_plan(struct plan *plan)
{
    group_slices(plan);
    group_pods(plan);
    if (plan->groups.count > 1)
        qsort(plan->groups.items, plan->groups.count, sizeof *plan->groups.items, compare_groups);
    for (uint32_t i = 0; i < plan->groups.count; i++)
        if (plan->groups.items[i].desired)
            pack_group(plan, &plan->groups.items[i]);
    for (uint32_t i = 0; i < plan->groups.count; i++) /* S-47 */
        for (uint32_t j = 0; !plan->groups.items[i].desired && j < plan->groups.items[i].slices.count; j++)
            vec_push(&plan->deletes, plan->groups.items[i].slices.items[j].stored);
    add_placeholder(plan);
    give_hints(plan);
}

static void plan_fini(struct plan *plan)
{
    for (uint32_t i = 0; i < plan->groups.count; i++) {
        struct group *group = &plan->groups.items[i];
        EPSIM_ASSERT(group->wanted.count == 0);
        vec_fini(&group->wanted);
        vec_fini(&group->slices);
    }
    vec_fini(&plan->groups);
    vec_fini(&plan->creates);
    vec_fini(&plan->updates);
    vec_fini(&plan->deletes);
}

/* --- writing (S-60 to S-71) --- */

static const struct endpointslice *find_stored(const struct plain_input *input, sym name)
{
    for (uint32_t i = 0; i < input->slice_count; i++)
        if (input->slices[i]->meta.name == name)
            return input->slices[i];
    return NULL;
}

/* S-71, with the draws of packing.h. */
static void recycle(struct plan *plan)
{
    VEC(uint32_t) eligible = {0};
    for (uint32_t i = 0; i < plan->deletes.count; i++)
        if (owned(plan->input, plan->deletes.items[i]))
            vec_push(&eligible, i);
    while (plan->creates.count > 0 && eligible.count > 0) {
        uint32_t k = choices_pick(plan->choices, CHOICE_RECYCLE, eligible.count);
        uint32_t at = eligible.items[k];
        eligible.items[k] = eligible.items[0];
        for (uint32_t i = 1; i < eligible.count; i++)
            eligible.items[i - 1] = eligible.items[i];
        eligible.count--;
        struct endpointslice *slice = vec_pop(&plan->creates);
        slice->meta.name = plan->deletes.items[at]->meta.name;
        plan->deletes.items[at] = NULL;
        vec_push(&plan->updates, slice);
    }
    vec_fini(&eligible);
}

static void set_trigger(const struct plain_input *input, struct endpointslice *slice)
{
    slice->meta.annotations = labels_without(
        input->catalog, slice->meta.annotations, catalog_word(input->catalog, WORD_TRIGGER_TIME));
    slice->meta.trigger_s = input->trigger_s;
}

static void send_create(const struct plan *plan, struct endpointslice *slice, struct plain_result *result)
{
    const struct plain_input *input = plan->input;
    set_trigger(input, slice);
    slice->meta.name = input->name_slice(input->context, slice->meta.generate_name);
    slice->meta.created_s = input->now_s;
    slice->meta.generation = 1;
    slice->meta.resource_version = ++result->resource_version;
    vec_push(&result->requests,
        ((struct plain_request){.verb = PLAIN_CREATE, .name = slice->meta.name, .slice = slice}));
}

static void send_update(const struct plan *plan, struct endpointslice *slice, struct plain_result *result)
{
    const struct plain_input *input = plan->input;
    const struct endpointslice *stored = find_stored(input, slice->meta.name);
    set_trigger(input, slice);
    /* What the server fills in when it is not sent (S-62, O-49). */
    slice->meta.uid = stored->meta.uid;
    slice->meta.uid_text = stored->meta.uid_text;
    slice->meta.created_s = stored->meta.created_s;
    slice->meta.resource_version = stored->meta.resource_version;
    slice->sequence = stored->sequence;
    /* S-63 */
    bool changed =
        !plain_same_content(input->catalog, stored, slice) || stored->meta.labels != slice->meta.labels;
    slice->meta.generation = stored->meta.generation + changed;
    struct plain_request request = {.verb = PLAIN_UPDATE, .name = slice->meta.name, .slice = slice};
    request.noop = !changed && stored->meta.annotations == slice->meta.annotations &&
                   stored->meta.trigger_s == slice->meta.trigger_s &&
                   stored->meta.generate_name == slice->meta.generate_name &&
                   plain_same_owners(stored, slice);
    if (!request.noop)
        slice->meta.resource_version = ++result->resource_version;
    vec_push(&result->requests, request);
}

static void send_delete(const struct endpointslice *slice, struct plain_result *result)
{
    result->resource_version++;
    vec_push(&result->requests, ((struct plain_request){.verb = PLAIN_DELETE, .name = slice->meta.name}));
}

/* Empty lists are nil once they went through the wire (O-42). */
static void set_nil(struct endpointslice *slice)
{
    slice->ports_nil = slice->ports->count == 0;
    slice->endpoints_nil = slice->endpoints.count == 0;
}

/* S-60. */
static void carry_out(struct plan *plan, struct plain_result *result)
{
    recycle(plan);
    for (uint32_t i = 0; i < plan->creates.count; i++) {
        set_nil(plan->creates.items[i]);
        if (plan->input->service->meta.deletion_s == TIME_NONE) /* S-64 */
            send_create(plan, plan->creates.items[i], result);
        else
            endpointslice_destroy(plan->creates.items[i]);
    }
    for (uint32_t i = 0; i < plan->updates.count; i++) {
        set_nil(plan->updates.items[i]);
        send_update(plan, plan->updates.items[i], result);
    }
    for (uint32_t i = 0; i < plan->deletes.count; i++)
        if (plan->deletes.items[i])
            send_delete(plan->deletes.items[i], result);
}

/* --- the sync --- */

/* S-10: the supported types, in the order in which they are reconciled. Returns how many. */
static uint32_t supported_types(const struct plain_input *input, enum address_type types[2])
{
    const struct service *service = input->service;
    uint32_t count = 0;
    for (uint32_t i = 0; i < service->family_count; i++) {
        enum address_type type = service->families[i] == IP_V6 ? ADDRESS_IPV6 : ADDRESS_IPV4;
        if (count == 0 || types[0] != type)
            types[count++] = type;
    }
    if (count > 0)
        return count;
    if (!service_is_headless(service, input->catalog)) {
        const char *text = catalog_text(input->catalog, service->cluster_ip);
        types[0] = ip_parse(text, strlen(text)).family == IP_V6 ? ADDRESS_IPV6 : ADDRESS_IPV4;
        return 1;
    }
    types[0] = ADDRESS_IPV4;
    types[1] = ADDRESS_IPV6;
    return 2;
}

/* S-7. Frees the texts. */
static void tell_failures(
    const struct plain_input *input, struct plain_text_list *failures, struct plain_result *result)
{
    result->error = failures->count > 0;
    struct text text = {0};
    text_printf(&text,
        "Warning FailedToUpdateEndpointSlices Error updating Endpoint Slices for Service %s/%s: ",
        catalog_text(input->catalog, input->namespace), catalog_text(input->catalog, input->name));
    text_add(&text, failures->count > 1 ? "[" : "");
    for (uint32_t i = 0; i < failures->count; i++) {
        text_printf(&text, "%s%s", i ? ", " : "", failures->items[i]);
        free(failures->items[i]);
    }
    text_add(&text, failures->count > 1 ? "]" : "");
    if (result->error)
        vec_push(&result->events, text.data);
    else
        text_fini(&text);
    vec_fini(failures);
}

void plain_sync_slices(const struct plain_input *input, struct choices *choices, struct plain_result *result)
{
    result->resource_version = input->resource_version;
    if (!plain_is_reconciled(input->service)) /* S-2, S-3 */
        return;
    enum address_type types[2];
    uint32_t type_count = supported_types(input, types);
    for (uint32_t i = 0; i < input->slice_count; i++) { /* S-11: their hints go at once */
        const struct endpointslice *slice = input->slices[i];
        if (listed(input, slice) && slice->address_type != types[0] &&
            (type_count == 1 || slice->address_type != types[1]))
            plain_hints_forget(input->hint_cache, slice->address_type);
    }
    struct plain_text_list failures = {0};
    for (uint32_t t = 0; t < type_count; t++) {
        struct plan plan = {.input = input, .choices = choices, .type = types[t], .failures = &failures};
        make_plan(&plan);
        carry_out(&plan, result);
        for (uint32_t i = 0; i < plan.events.count; i++) /* H-8 */
            vec_push(&result->events, plan.events.items[i]);
        vec_fini(&plan.events);
        plan_fini(&plan);
    }
    for (uint32_t i = 0; i < input->slice_count; i++) { /* S-11 */
        const struct endpointslice *slice = input->slices[i];
        bool supported = false;
        for (uint32_t t = 0; t < type_count; t++)
            supported |= slice->address_type == types[t];
        if (listed(input, slice) && !supported)
            send_delete(slice, result);
    }
    tell_failures(input, &failures, result);
}
