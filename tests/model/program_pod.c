/*
 * program_pod.c: what befalls pods in a random program.
 */
#include <stdlib.h>
#include <string.h>

#include "model/program_parts.h"

static sym pod_namespace(struct catalog *catalog, uint32_t pod)
{
    return program_namespace(catalog, pod % 8 == 7);
}

static void pod_name(uint32_t pod, char name[16])
{
    snprintf(name, 16, "p%u", pod);
}

/* --- parts of pods --- */

static const struct labels *draw_pod_labels(struct catalog *catalog, uint64_t *state)
{
    static const char *const pairs[][6] = {
        {"app", "a", "tier", "x"},
        {"app", "a", "tier", "y"},
        {"app", "b", "tier", "x"},
        {"app", "a"},
        {"app", "b"},
        {"app", "a", "tier", "x", "extra", "1"},
        {"nothing", "here"},
    };
    static const uint32_t counts[] = {2, 2, 2, 1, 1, 3, 1};
    if (program_chance(state, 3))
        return labels_empty(catalog);
    uint32_t i = program_chance(state, 60) ? 0 : program_below(state, 7);
    return program_make_labels(catalog, pairs[i], counts[i]);
}

static const struct port_list *draw_container_ports(struct catalog *catalog, uint64_t *state)
{
    static const struct {
        const char *name, *protocol;
        int32_t number;
    } layouts[][3] = {
        {{"http", "TCP", 8080}, {"metrics", "TCP", 9090}, {"dns", "UDP", 53}},
        {{"http", "TCP", 8081}, {"metrics", "TCP", 9090}},
        {{"http", "TCP", 8080}},
        {{"metrics", "TCP", 9091}, {"http", "UDP", 8080}},
        {{"http", "TCP", 8000}, {"http", "TCP", 8001}},
        {{NULL, NULL, 0}},
    };
    struct port ports[3];
    uint32_t count = 0, i = program_chance(state, 50) ? 0 : program_below(state, 6);
    while (count < 3 && layouts[i][count].name) {
        ports[count] = (struct port){
            .name = catalog_sym(catalog, layouts[i][count].name),
            .protocol = catalog_sym(catalog, layouts[i][count].protocol),
            .number = layouts[i][count].number,
            .set = PORT_NAME | PORT_PROTOCOL | PORT_NUMBER,
        };
        count++;
    }
    return ports_intern(catalog, ports, count);
}

/* Own addresses mostly; sometimes those of another pod (hostNetwork), two of a family, or none. */
static void draw_ips(const struct program_world *world, uint64_t *state, uint32_t number, struct pod *pod)
{
    struct catalog *catalog = store_catalog(world->store);
    char texts[3][32];
    const char *pointers[3] = {texts[0], texts[1], texts[2]};
    uint32_t host = program_chance(state, 85) ? number : program_below(state, 200);
    uint32_t second = program_below(state, 250);
    snprintf(texts[0], sizeof texts[0], "10.0.%u.%u", host / 100, host % 100 * 2 + 1);
    snprintf(texts[1], sizeof texts[1], "fd00::%x", host + 1);
    uint32_t kind = program_below(state, 20);
    uint32_t count = 1;
    if (kind < 2) {
        count = 0;
    } else if (kind < 7) {
        count = 2;
    } else if (kind == 7) {
        pointers[0] = texts[1];
        pointers[1] = texts[0];
        count = 2;
    } else if (kind == 8) {
        pointers[0] = texts[1];
    } else if (kind == 9) {
        snprintf(texts[1], sizeof texts[1], "%s.%u", second % 2 ? "10.9.0" : "1.2.3", second);
        count = 2;
    } else if (kind == 10) {
        snprintf(texts[1], sizeof texts[1], "FD00:0::%X", host + 1); /* not canonical */
        snprintf(texts[2], sizeof texts[2], "10.9.0.%u", second);
        count = 3;
    }
    pod_set_ips(pod, catalog, pointers, count);
    if (count == 0)
        pod->has_pod_ip = program_chance(state, 10);
    else if (program_chance(state, 3))
        pod->has_pod_ip = false;
    if (!world->wild)
        pod->has_pod_ip &= count > 0;
}

static void draw_readiness(const struct program_world *world, uint64_t *state, struct pod *pod, bool ready)
{
    pod->ready = ready ? CONDITION_TRUE : CONDITION_FALSE;
    if (program_chance(state, 5))
        pod->ready = program_chance(state, 50) ? CONDITION_UNKNOWN : CONDITION_ABSENT;
    pod_set_ready_since(pod, store_now_s(world->store));
    if (program_chance(state, 5)) /* a clock that is off */
        pod_set_ready_since(pod, pod_ready_since_s(pod) - program_below(state, 100));
    if (pod->ready == CONDITION_ABSENT || program_chance(state, 3))
        pod_set_ready_since(pod, TIME_NONE);
}

static sym draw_node(struct catalog *catalog, uint64_t *state)
{
    if (program_chance(state, 4))
        return SYM_EMPTY;
    return program_node_name(catalog, program_below(state, program_chance(state, 10) ? PROGRAM_NODES : 2));
}

/* --- events of pods --- */

static void describe_pod(
    const struct catalog *catalog, const struct pod *pod, const char *what, struct text *out)
{
    static const char *const conditions[] = {"no condition", "not ready", "ready", "unknown"};
    static const char *const phases[] = {"Pending", "Running", "Succeeded", "Failed", "Unknown"};
    if (!out)
        return;
    text_printf(out, "pod %s/%s %s: node '%s', [", catalog_text(catalog, pod_self(pod)->namespace),
        target_name_here(pod_self(pod)), what, catalog_text(catalog, pod->node_name));
    for (uint32_t i = 0; i < pod_ip_count(pod); i++) {
        char ip[IP_TEXT_MAX];
        ip_format(pod_ip(pod, i), ip);
        text_printf(out, "%s%s", i ? " " : "", ip);
    }
    text_printf(out, "]%s, %s since %lld, %s, labels {", pod->has_pod_ip ? "" : " (podIP empty)",
        conditions[pod->ready], (long long)pod_ready_since_s(pod), phases[pod->phase]);
    for (uint32_t i = 0; i < pod_labels(pod)->count; i++)
        text_printf(out, "%s%s=%s", i ? " " : "", catalog_text(catalog, pod_labels(pod)->items[i].key),
            catalog_text(catalog, pod_labels(pod)->items[i].value));
    text_add(out, "}, ports {");
    for (uint32_t i = 0; i < pod_container_ports(pod)->count; i++)
        text_printf(out, "%s%s/%d/%s", i ? " " : "",
            catalog_text(catalog, pod_container_ports(pod)->items[i].name),
            pod_container_ports(pod)->items[i].number,
            catalog_text(catalog, pod_container_ports(pod)->items[i].protocol));
    text_add(out, "}");
    if (pod_hostname(pod) != SYM_EMPTY || pod_subdomain(pod) != SYM_EMPTY)
        text_printf(out, ", hostname '%s', subdomain '%s'", catalog_text(catalog, pod_hostname(pod)),
            catalog_text(catalog, pod_subdomain(pod)));
    if (pod_deletion_s(pod) != TIME_NONE)
        text_add(out, ", terminating");
}

static struct pod *new_pod(struct program_world *world, uint64_t *state, uint32_t number)
{
    struct catalog *catalog = store_catalog(world->store);
    char name[16];
    pod_name(number, name);
    struct target *self = target_create(
        catalog, pod_namespace(catalog, number), name, (uint32_t)strlen(name), program_new_uid(world), NULL);
    struct pod *pod = pod_create(catalog, self, store_now_s(world->store));
    pod->phase = POD_RUNNING;
    pod_set_labels(pod, draw_pod_labels(catalog, state));
    pod_set_container_ports(pod, draw_container_ports(catalog, state));
    pod->node_name = draw_node(catalog, state);
    draw_ips(world, state, number, pod);
    draw_readiness(world, state, pod, program_chance(state, 75));
    if (program_chance(state, 15)) {
        sym hostname = catalog_sym(catalog, "host");
        pod_set_hostname(pod, hostname, catalog_sym(catalog, program_chance(state, 70) ? "web" : "other"));
    }
    return pod;
}

static const struct pod *find_pod(const struct program_world *world, uint32_t number)
{
    char name[16];
    pod_name(number, name);
    return store_pod(world->store, pod_namespace(store_catalog(world->store), number), name);
}

static void put_pod(struct program_world *world, struct pod *pod, const char *what, struct text *out)
{
    describe_pod(store_catalog(world->store), pod, what, out);
    program_put_pod(world, pod);
}

/* A pod that is like another but for its uid: its successor under the same name. */
static struct pod *successor_of(struct program_world *world, const struct pod *old)
{
    const struct target *self = pod_self(old);
    struct catalog *catalog = store_catalog(world->store);
    struct pod *pod = pod_create(catalog,
        target_create(catalog, self->namespace, target_name_here(self), target_name_length(self),
            program_new_uid(world), NULL),
        store_now_s(world->store));
    const char *texts[3];
    char buffers[3][IP_TEXT_MAX];
    uint32_t count = pod_ip_count(old);
    for (uint32_t i = 0; i < count; i++) {
        texts[i] = catalog_text(catalog, pod_ip_raw(old, i));
        if (pod_ip_raw(old, i) == SYM_EMPTY) {
            ip_format(pod_ip(old, i), buffers[i]);
            texts[i] = buffers[i];
        }
    }
    pod_set_ips(pod, catalog, texts, count);
    pod_set_labels(pod, pod_labels(old));
    pod_set_container_ports(pod, pod_container_ports(old));
    pod_set_hostname(pod, pod_hostname(old), pod_subdomain(old));
    pod_set_ready_since(pod, pod_ready_since_s(old));
    pod->node_name = old->node_name;
    pod->phase = old->phase;
    pod->ready = old->ready;
    pod->has_pod_ip = old->has_pod_ip;
    return pod;
}

static bool changes_another(const struct program_world *world, enum program_kind kind)
{
    return !world->wild && (kind == PROGRAM_POD_MOVE || kind == PROGRAM_POD_HOSTNAME);
}

static void edit_pod(
    struct program_world *world, const struct program_event *event, uint64_t *state, struct text *out)
{
    struct catalog *catalog = store_catalog(world->store);
    const struct pod *old = find_pod(world, event->subject);
    if (!old)
        return;
    bool another = changes_another(world, event->kind);
    struct pod *pod = another ? successor_of(world, old) : pod_edit(old);
    switch (event->kind) {
    case PROGRAM_POD_TERMINATE:
        if (pod_deletion_s(pod) == TIME_NONE) {
            pod_set_deletion(pod, store_now_s(world->store) + 30, 30);
        } else { /* the kubelet posts something about it */
            pod_set_deletion(pod, pod_deletion_s(pod), 0);
        }
        break;
    case PROGRAM_POD_RELABEL:
        pod_set_labels(pod, draw_pod_labels(catalog, state));
        if (program_chance(state, 20)) /* together with a change that counts (C-17) */
            draw_readiness(world, state, pod, !pod_is_ready(old));
        break;
    case PROGRAM_POD_PHASE:
        pod->phase = (uint8_t)program_below(state, 5);
        if (program_chance(state, 60))
            draw_readiness(world, state, pod, program_chance(state, 20));
        break;
    case PROGRAM_POD_ADDRESSES:
        draw_ips(world, state, event->subject, pod);
        break;
    case PROGRAM_POD_MOVE:
        pod->node_name = draw_node(catalog, state);
        break;
    case PROGRAM_POD_HOSTNAME: {
        sym hostname = catalog_sym(catalog, program_chance(state, 50) ? "other-host" : "");
        pod_set_hostname(pod, hostname, catalog_sym(catalog, program_chance(state, 70) ? "web" : "db"));
        break;
    }
    default:
        draw_readiness(world, state, pod, !pod_is_ready(old));
        break;
    }
    if (another) {
        describe_pod(catalog, pod, "changed, its uid too,", out);
        program_replace_pod(world, pod);
    } else {
        put_pod(world, pod, "changed", out);
    }
}

static void remove_pod(struct program_world *world, uint32_t number, struct text *out)
{
    const struct pod *old = find_pod(world, number);
    if (!old)
        return;
    char name[16];
    pod_name(number, name);
    if (out)
        text_printf(out, "pod %s deleted", name);
    program_remove_pod(world, old);
}

static void one_of_many(struct program_world *world, const struct program_event *event, uint32_t number,
    uint64_t *state, struct text *out)
{
    static const enum program_kind anything[] = {PROGRAM_POD_READINESS, PROGRAM_POD_RELABEL,
        PROGRAM_POD_ADDRESSES, PROGRAM_POD_TERMINATE, PROGRAM_PODS_CREATE, PROGRAM_PODS_DELETE};
    struct program_event one = {.kind = event->kind, .subject = number};
    if (event->kind == PROGRAM_PODS_ANYTHING)
        one.kind = anything[program_below(state, 6)];
    if (one.kind == PROGRAM_PODS_DELETE)
        remove_pod(world, number, out);
    else if (one.kind != PROGRAM_PODS_CREATE)
        edit_pod(world, &one, state, out);
    else if (!find_pod(world, number))
        put_pod(world, new_pod(world, state, number), "created", out);
}

/* Several pods in one event: their changes come one by one, the syncs collapse. What becomes of one does not
 * depend on the others. */
static void many_pods(struct program_world *world, const struct program_event *event, struct text *out)
{
    for (uint32_t i = 0; i < PROGRAM_MANY; i++) {
        uint64_t state = event->salt + i;
        if (!(event->many >> i & 1))
            continue;
        size_t length = out ? out->length : 0;
        if (out && length > 0)
            text_add(out, "\n           and ");
        size_t separated = out ? out->length : 0;
        one_of_many(world, event, (event->subject + i) % PROGRAM_PODS, &state, out);
        if (out && out->length == separated) { /* nothing to tell */
            out->length = length;
            out->data[length] = '\0';
        }
    }
}

void program_apply_pod(struct program_world *world, const struct program_event *event, struct text *out)
{
    uint64_t state = event->salt;
    const struct pod *old = find_pod(world, event->subject);
    struct pod *successor;
    switch (event->kind) {
    case PROGRAM_PODS_CREATE:
    case PROGRAM_PODS_DELETE:
    case PROGRAM_PODS_READINESS:
    case PROGRAM_PODS_ANYTHING:
        many_pods(world, event, out);
        break;
    case PROGRAM_POD_DELETE:
        remove_pod(world, event->subject, out);
        break;
    case PROGRAM_POD_REPLACE:
        successor = new_pod(world, &state, event->subject);
        if (old && program_chance(&state, 40)) {
            describe_pod(store_catalog(world->store), successor, "changed, its uid too,", out);
            program_replace_pod(world, successor);
            break;
        }
        remove_pod(world, event->subject, out);
        if (out && old)
            text_add(out, "\n           and ");
        put_pod(world, successor, "created again", out);
        break;
    default:
        if (event->kind == PROGRAM_POD_CREATE && !old)
            put_pod(world, new_pod(world, &state, event->subject), "created", out);
        else
            edit_pod(world, event, &state, out);
        break;
    }
}
