/*
 * program.c: making random programs, and carrying out events of pods, nodes and Services; foreign edits are
 * in program_foreign.c.
 */
#include "model/program.h"

#include <stdlib.h>
#include <string.h>

#include "model/program_parts.h"

#define PODS 44
#define NODES 5

/* --- drawing --- */

uint64_t program_random(uint64_t *state)
{
    uint64_t x = *state += UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

uint32_t program_below(uint64_t *state, uint32_t bound)
{
    return (uint32_t)(program_random(state) % bound);
}

bool program_chance(uint64_t *state, uint32_t percent)
{
    return program_below(state, 100) < percent;
}

static enum program_kind draw_kind(uint64_t *state)
{
    static const uint32_t weights[] = {
#define X(name, weight) weight,
        PROGRAM_KINDS(X)
#undef X
    };
    uint32_t total = 0;
    for (int i = 0; i < PROGRAM_KIND_COUNT; i++)
        total += weights[i];
    uint32_t at = program_below(state, total);
    int kind = 0;
    while (at >= weights[kind])
        at -= weights[kind++];
    return (enum program_kind)kind;
}

static int64_t draw_delay(uint64_t *state)
{
    switch (program_below(state, 5)) {
    case 0:
    case 1:
        return 0;
    case 2:
        return (int64_t)program_below(state, 999999999);
    default: /* never a whole second after another event, so that no retry falls on one */
        return (int64_t)program_below(state, 20) * NS_PER_S + program_below(state, 999999999) + 1;
    }
}

void program_create(struct program *program, uint64_t seed, uint32_t count)
{
    static const uint32_t sizes[] = {1, 2, 3, 4, 5, 6, 7, 100};
    static const uint32_t capacities[] = {5, 10, 7, ENDPOINTS_CAPACITY_DEFAULT, UINT32_MAX};
    uint64_t state = seed;
    *program = (struct program){.config = engine_config_default(), .seed = program_random(&state)};
    program->config.endpoints_per_slice_max = sizes[program_below(&state, 8)];
    program->config.endpoints_capacity = capacities[program_below(&state, 5)];
    program->config.choices = program_chance(&state, 70) ? CHOICE_RANDOM : CHOICE_FIXED;
    program->config.kube_minor = KUBE_MINOR_MIN + program_below(&state, 4);
    uint32_t silent_count = program_chance(&state, 50) ? 0 : program_below(&state, 30);
    program->count = count;
    program->events = mem_array(NULL, count, sizeof *program->events);
    /* Some programs are all about a few pods, some about many. */
    uint32_t pods = program_chance(&state, 40) ? 6 : PODS;
    for (uint32_t i = 0; i < count; i++) {
        struct program_event *event = &program->events[i];
        event->kind = draw_kind(&state);
        event->subject = program_below(&state, pods);
        event->delay_ns = draw_delay(&state);
        event->salt = program_random(&state);
        event->silent = i < silent_count;
        if (i < 3) /* something to begin with */
            event->kind = i < 2 ? PROGRAM_NODE_PUT : PROGRAM_SERVICE_PUT;
    }
}

void program_destroy(struct program *program)
{
    free(program->events);
    program->events = NULL;
}

/* --- names --- */

sym program_namespace(struct catalog *catalog, uint32_t number)
{
    return catalog_sym(catalog, number ? "other" : "default");
}

sym program_service_namespace(struct catalog *catalog, uint32_t service)
{
    return program_namespace(catalog, service == PROGRAM_SERVICES - 1);
}

sym program_service_name(struct catalog *catalog, uint32_t service)
{
    static const char *const names[PROGRAM_SERVICES] = {"web", "api", "db", "web"};
    return catalog_sym(catalog, names[service]);
}

static sym pod_namespace(struct catalog *catalog, uint32_t pod)
{
    return program_namespace(catalog, pod % 8 == 7);
}

static void pod_name(uint32_t pod, char name[16])
{
    snprintf(name, 16, "p%u", pod);
}

static sym node_name(struct catalog *catalog, uint32_t node)
{
    char name[16];
    snprintf(name, sizeof name, "n%u", node);
    return catalog_sym(catalog, name);
}

/* --- parts of pods --- */

static const struct labels *make_labels(struct catalog *catalog, const char *const *pairs, uint32_t count)
{
    struct label items[8];
    for (uint32_t i = 0; i < count; i++)
        items[i] = (struct label){catalog_sym(catalog, pairs[2 * i]), catalog_sym(catalog, pairs[2 * i + 1])};
    return labels_intern(catalog, items, count);
}

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
    return make_labels(catalog, pairs[i], counts[i]);
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
static void draw_ips(struct catalog *catalog, uint64_t *state, uint32_t number, struct pod *pod)
{
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
}

static void draw_readiness(const struct program_world *world, uint64_t *state, struct pod *pod, bool ready)
{
    pod->ready = ready ? CONDITION_TRUE : CONDITION_FALSE;
    if (program_chance(state, 5))
        pod->ready = program_chance(state, 50) ? CONDITION_UNKNOWN : CONDITION_ABSENT;
    pod->ready_since_s = store_now_s(world->store);
    if (program_chance(state, 5)) /* a clock that is off */
        pod->ready_since_s -= program_below(state, 100);
    if (pod->ready == CONDITION_ABSENT || program_chance(state, 3))
        pod->ready_since_s = TIME_NONE;
}

static sym draw_node(struct catalog *catalog, uint64_t *state)
{
    if (program_chance(state, 4))
        return SYM_EMPTY;
    return node_name(catalog, program_below(state, program_chance(state, 10) ? NODES : 2));
}

/* --- events of pods --- */

static void describe_pod(
    const struct catalog *catalog, const struct pod *pod, const char *what, struct text *out)
{
    static const char *const conditions[] = {"no condition", "not ready", "ready", "unknown"};
    static const char *const phases[] = {"Pending", "Running", "Succeeded", "Failed", "Unknown"};
    if (!out)
        return;
    text_printf(out, "pod %s/%s %s: node '%s', [", catalog_text(catalog, pod->self->namespace),
        pod->self->name, what, catalog_text(catalog, pod->node_name));
    for (uint32_t i = 0; i < pod_ip_count(pod); i++) {
        char ip[IP_TEXT_MAX];
        ip_format(pod_ip(pod, i), ip);
        text_printf(out, "%s%s", i ? " " : "", ip);
    }
    text_printf(out, "]%s, %s since %lld, %s, labels {", pod->has_pod_ip ? "" : " (podIP empty)",
        conditions[pod->ready], (long long)pod->ready_since_s, phases[pod->phase]);
    for (uint32_t i = 0; i < pod->labels->count; i++)
        text_printf(out, "%s%s=%s", i ? " " : "", catalog_text(catalog, pod->labels->items[i].key),
            catalog_text(catalog, pod->labels->items[i].value));
    text_add(out, "}, ports {");
    for (uint32_t i = 0; i < pod->container_ports->count; i++)
        text_printf(out, "%s%s/%d/%s", i ? " " : "",
            catalog_text(catalog, pod->container_ports->items[i].name), pod->container_ports->items[i].number,
            catalog_text(catalog, pod->container_ports->items[i].protocol));
    text_add(out, "}");
    if (pod->hostname != SYM_EMPTY || pod->subdomain != SYM_EMPTY)
        text_printf(out, ", hostname '%s', subdomain '%s'", catalog_text(catalog, pod->hostname),
            catalog_text(catalog, pod->subdomain));
    if (pod->deletion_s != TIME_NONE)
        text_add(out, ", terminating");
}

static struct pod *new_pod(const struct program_world *world, uint64_t *state, uint32_t number)
{
    struct catalog *catalog = store_catalog(world->store);
    char name[16];
    pod_name(number, name);
    struct target *self = target_create(
        pod_namespace(catalog, number), name, (uint32_t)strlen(name), store_new_uid(world->store), NULL);
    struct pod *pod = pod_create(catalog, self, store_now_s(world->store));
    pod->phase = POD_RUNNING;
    pod->labels = draw_pod_labels(catalog, state);
    pod->container_ports = draw_container_ports(catalog, state);
    pod->node_name = draw_node(catalog, state);
    draw_ips(catalog, state, number, pod);
    draw_readiness(world, state, pod, program_chance(state, 75));
    if (program_chance(state, 15)) {
        pod->hostname = catalog_sym(catalog, "host");
        pod->subdomain = catalog_sym(catalog, program_chance(state, 70) ? "web" : "other");
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
    store_put_pod(world->store, pod);
}

static void edit_pod(
    struct program_world *world, const struct program_event *event, uint64_t *state, struct text *out)
{
    struct catalog *catalog = store_catalog(world->store);
    const struct pod *old = find_pod(world, event->subject);
    if (!old)
        return;
    struct pod *pod = pod_edit(old);
    switch (event->kind) {
    case PROGRAM_POD_TERMINATE:
        if (pod->deletion_s == TIME_NONE) {
            pod->deletion_s = store_now_s(world->store) + 30;
            pod->grace_s = 30;
        } else { /* the kubelet posts something about it */
            pod->grace_s = 0;
        }
        break;
    case PROGRAM_POD_RELABEL:
        pod->labels = draw_pod_labels(catalog, state);
        if (program_chance(state, 20)) /* together with a change that counts (C-17) */
            draw_readiness(world, state, pod, !pod_is_ready(old));
        break;
    case PROGRAM_POD_PHASE:
        pod->phase = (uint8_t)program_below(state, 5);
        if (program_chance(state, 60))
            draw_readiness(world, state, pod, program_chance(state, 20));
        break;
    case PROGRAM_POD_ADDRESSES:
        draw_ips(catalog, state, event->subject, pod);
        break;
    case PROGRAM_POD_MOVE:
        pod->node_name = draw_node(catalog, state);
        break;
    case PROGRAM_POD_HOSTNAME:
        pod->hostname = catalog_sym(catalog, program_chance(state, 50) ? "other-host" : "");
        pod->subdomain = catalog_sym(catalog, program_chance(state, 70) ? "web" : "db");
        break;
    default:
        draw_readiness(world, state, pod, !pod_is_ready(old));
        break;
    }
    put_pod(world, pod, "changed", out);
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
    store_remove_pod(world->store, old->self->namespace, name);
}

/* Several pods in one event: their changes come one by one, the syncs collapse. */
static void many_pods(
    struct program_world *world, const struct program_event *event, uint64_t *state, struct text *out)
{
    uint32_t count = 2 + program_below(state, 12);
    for (uint32_t i = 0; i < count; i++) {
        static const enum program_kind anything[] = {PROGRAM_POD_READINESS, PROGRAM_POD_RELABEL,
            PROGRAM_POD_ADDRESSES, PROGRAM_POD_TERMINATE, PROGRAM_PODS_CREATE, PROGRAM_PODS_DELETE};
        uint32_t number = (event->subject + i) % PODS;
        struct program_event one = {.kind = event->kind, .subject = number};
        if (event->kind == PROGRAM_PODS_ANYTHING)
            one.kind = anything[program_below(state, 6)];
        if (out && i)
            text_add(out, "\n           and ");
        if (one.kind == PROGRAM_PODS_DELETE)
            remove_pod(world, number, out);
        else if (one.kind != PROGRAM_PODS_CREATE)
            edit_pod(world, &one, state, out);
        else if (!find_pod(world, number))
            put_pod(world, new_pod(world, state, number), "created", out);
    }
}

/* --- events of nodes --- */

static void put_node(
    struct program_world *world, const struct program_event *event, uint64_t *state, struct text *out)
{
    static const char *const zones[] = {"zone-a", "zone-b", "zone-c", ""};
    struct catalog *catalog = store_catalog(world->store);
    sym name = node_name(catalog, event->subject % NODES);
    const struct node *old = store_node(world->store, name);
    struct node *node = old ? node_edit(old) : node_create(catalog);
    node->meta.name = name;
    const char *zone = zones[program_below(state, 4)];
    sym key = catalog_word(catalog, WORD_ZONE);
    node->meta.labels = program_chance(state, 10)
                            ? labels_without(catalog, node->meta.labels, key)
                            : labels_with(catalog, node->meta.labels, key, catalog_sym(catalog, zone));
    node->ready = program_chance(state, 80) ? CONDITION_TRUE : CONDITION_FALSE;
    if (out)
        text_printf(out, "node %s put, zone '%s'", catalog_text(catalog, name),
            catalog_text(catalog, node_zone(node, catalog)));
    store_put_node(world->store, node);
}

/* --- events of Services --- */

static const struct labels *draw_selector(struct catalog *catalog, uint64_t *state)
{
    static const char *const pairs[][4] = {
        {"app", "a"}, {"app", "a", "tier", "x"}, {"tier", "x"}, {"app", "b"}, {"tier", "y", "app", "a"}};
    static const uint32_t counts[] = {1, 2, 1, 1, 2};
    if (program_chance(state, 6))
        return NULL;
    uint32_t i = program_chance(state, 50) ? 0 : program_below(state, 5);
    return make_labels(catalog, pairs[i], counts[i]);
}

struct port_draft {
    const char *name, *protocol, *app_protocol, *target_name;
    int32_t port, target;
};

/* The Service with other ports; takes `service` over. */
static struct service *with_ports(struct catalog *catalog, uint64_t *state, struct service *service)
{
    static const struct port_draft layouts[][3] = {
        {{"http", "TCP", NULL, "", 80, 8080}},
        {{"http", "TCP", NULL, "http", 80, 0}},
        {{"http", "TCP", NULL, "http", 80, 0}, {"metrics", "TCP", NULL, "metrics", 90, 0}},
        {{"http", "TCP", "kubernetes.io/h2c", "", 80, 8080}, {"https", "TCP", NULL, "", 443, 8443}},
        {{"a", "TCP", "x", "http", 80, 0}, {"b", "TCP", "x", "http", 81, 0},
            {"dns", "UDP", NULL, "dns", 53, 0}},
        {{"none", "TCP", NULL, "nope", 80, 0}},
        {{"none", "TCP", NULL, "nope", 80, 0}, {"http", "TCP", NULL, "", 81, 8080}},
        {{NULL, NULL, NULL, NULL, 0, 0}},
    };
    uint32_t which = program_below(state, 8), count = 0;
    while (count < 3 && layouts[which][count].name)
        count++;
    struct service *edited = service_edit(service, count);
    for (uint32_t i = 0; i < count; i++) {
        const struct port_draft *draft = &layouts[which][i];
        edited->ports[i] = (struct service_port){
            .name = catalog_sym(catalog, count == 1 ? "" : draft->name),
            .protocol = catalog_sym(catalog, draft->protocol),
            .app_protocol = catalog_sym(catalog, draft->app_protocol ? draft->app_protocol : ""),
            .has_app_protocol = draft->app_protocol != NULL,
            .target_name = catalog_sym(catalog, draft->target_name),
            .port = draft->port,
            .target_port = draft->target,
        };
    }
    service_unref(service);
    return edited;
}

static const struct labels *draw_service_labels(struct catalog *catalog, uint64_t *state)
{
    static const char *const pairs[][4] = {
        {"app", "web"},
        {"app", "web", "rev", "1"},
        {"rev", "2"},
        {"app", "web", "service.kubernetes.io/headless", "mine"},
        {"app", "web", "endpoints.kubernetes.io/managed-by", "me"},
        {"kubernetes.io/service-name", "other", "endpointslice.kubernetes.io/managed-by", "me"},
    };
    static const uint32_t counts[] = {1, 2, 1, 2, 2, 2};
    if (program_chance(state, 20))
        return labels_empty(catalog);
    uint32_t i = program_chance(state, 70) ? program_below(state, 3) : program_below(state, 6);
    return make_labels(catalog, pairs[i], counts[i]);
}

static void draw_flags(struct catalog *catalog, uint64_t *state, struct service *service)
{
    static const struct {
        uint8_t families[2];
        uint8_t count;
    } families[] = {{{IP_V4}, 1}, {{IP_V4, IP_V6}, 2}, {{IP_V6, IP_V4}, 2}, {{IP_V6}, 1}, {{0}, 0}};
    static const char *const cluster_ips[] = {"10.96.0.10", "None", "", "fd00:96::10"};
    uint32_t f = program_chance(state, 60) ? 0 : program_below(state, 5);
    service->families[0] = families[f].families[0];
    service->families[1] = families[f].families[1];
    service->family_count = families[f].count;
    service->cluster_ip =
        catalog_sym(catalog, cluster_ips[program_chance(state, 60) ? 0 : program_below(state, 4)]);
    service->publish_not_ready_addresses = program_chance(state, 20);
    service->type = program_chance(state, 4) ? SERVICE_EXTERNAL_NAME : SERVICE_CLUSTER_IP;
    service->meta.deletion_s =
        program_chance(state, 4) ? service->meta.created_s : TIME_NONE; /* a finalizer */
}

static void describe_service(
    const struct catalog *catalog, const struct service *service, const char *what, struct text *out)
{
    if (!out)
        return;
    text_printf(out, "service %s/%s %s: clusterIP '%s'%s%s, families [",
        catalog_text(catalog, service->meta.namespace), catalog_text(catalog, service->meta.name), what,
        catalog_text(catalog, service->cluster_ip),
        service->publish_not_ready_addresses ? ", publishNotReadyAddresses" : "",
        service->type == SERVICE_EXTERNAL_NAME ? ", ExternalName" : "");
    if (service->meta.deletion_s != TIME_NONE)
        text_add(out, " being deleted,");
    for (uint32_t i = 0; i < service->family_count; i++)
        text_printf(out, "%s%u", i ? " " : "", service->families[i]);
    text_add(out, "], selector ");
    text_add(out, service->selector ? "{" : "none");
    for (uint32_t i = 0; service->selector && i < service->selector->count; i++)
        text_printf(out, "%s%s=%s", i ? " " : "", catalog_text(catalog, service->selector->items[i].key),
            catalog_text(catalog, service->selector->items[i].value));
    text_add(out, service->selector ? "}, ports {" : ", ports {");
    for (uint32_t i = 0; i < service->port_count; i++) {
        const struct service_port *port = &service->ports[i];
        text_printf(out, "%s%s/%s->%s%d", i ? " " : "", catalog_text(catalog, port->name),
            catalog_text(catalog, port->protocol), catalog_text(catalog, port->target_name),
            port->target_port);
    }
    text_add(out, "}, labels {");
    for (uint32_t i = 0; i < service->meta.labels->count; i++)
        text_printf(out, "%s%s=%s", i ? " " : "", catalog_text(catalog, service->meta.labels->items[i].key),
            catalog_text(catalog, service->meta.labels->items[i].value));
    text_add(out, "}");
}

static struct service *new_service(const struct program_world *world, uint64_t *state, uint32_t number)
{
    struct catalog *catalog = store_catalog(world->store);
    struct service *service = service_create(catalog, 0);
    service->meta.namespace = program_service_namespace(catalog, number);
    service->meta.name = program_service_name(catalog, number);
    service->meta.uid = store_new_uid(world->store);
    service->meta.created_s = store_now_s(world->store);
    service->meta.labels = draw_service_labels(catalog, state);
    service->selector = draw_selector(catalog, state);
    draw_flags(catalog, state, service);
    return with_ports(catalog, state, service);
}

static void change_service(
    struct program_world *world, const struct program_event *event, uint64_t *state, struct text *out)
{
    struct catalog *catalog = store_catalog(world->store);
    uint32_t number = event->subject % PROGRAM_SERVICES;
    sym namespace = program_service_namespace(catalog, number), name = program_service_name(catalog, number);
    const struct service *old = store_service(world->store, namespace, name);
    if (!old) {
        if (event->kind != PROGRAM_SERVICE_PUT && event->kind != PROGRAM_SERVICE_REPLACE)
            return;
        struct service *created = new_service(world, state, number);
        describe_service(catalog, created, "created", out);
        store_put_service(world->store, created);
        return;
    }
    if (event->kind == PROGRAM_SERVICE_DELETE || event->kind == PROGRAM_SERVICE_REPLACE) {
        if (out)
            text_printf(
                out, "service %s/%s deleted", catalog_text(catalog, namespace), catalog_text(catalog, name));
        store_remove_service(world->store, namespace, name);
        if (event->kind == PROGRAM_SERVICE_DELETE)
            return;
        struct service *again = new_service(world, state, number);
        if (out)
            text_add(out, "\n           and ");
        describe_service(catalog, again, "created again", out);
        store_put_service(world->store, again);
        return;
    }
    struct service *service = service_edit(old, old->port_count);
    for (uint32_t i = 0; i < old->port_count; i++)
        service->ports[i] = old->ports[i];
    if (event->kind == PROGRAM_SERVICE_SELECTOR)
        service->selector = draw_selector(catalog, state);
    else if (event->kind == PROGRAM_SERVICE_LABELS)
        service->meta.labels = draw_service_labels(catalog, state);
    else if (event->kind == PROGRAM_SERVICE_FLAGS)
        draw_flags(catalog, state, service);
    else if (event->kind != PROGRAM_SERVICE_TOUCH)
        service = with_ports(catalog, state, service);
    describe_service(catalog, service, "changed", out);
    store_put_service(world->store, service);
}

/* --- all --- */

void program_apply(struct program_world *world, const struct program_event *event, struct text *out)
{
    uint64_t state = event->salt;
    switch (event->kind) {
    case PROGRAM_POD_CREATE:
        if (!find_pod(world, event->subject)) {
            put_pod(world, new_pod(world, &state, event->subject), "created", out);
            break;
        }
        edit_pod(world, event, &state, out);
        break;
    case PROGRAM_POD_REPLACE:
        if (find_pod(world, event->subject) && program_chance(&state, 40)) {
            struct pod *successor = new_pod(world, &state, event->subject);
            describe_pod(store_catalog(world->store), successor, "changed, its uid too,", out);
            store_replace_pod(world->store, successor);
            break;
        }
        remove_pod(world, event->subject, out);
        if (out)
            text_add(out, "\n           and ");
        put_pod(world, new_pod(world, &state, event->subject), "created again", out);
        break;
    case PROGRAM_POD_DELETE:
        remove_pod(world, event->subject, out);
        break;
    case PROGRAM_PODS_CREATE:
    case PROGRAM_PODS_DELETE:
    case PROGRAM_PODS_READINESS:
    case PROGRAM_PODS_ANYTHING:
        many_pods(world, event, &state, out);
        break;
    case PROGRAM_NODE_PUT:
        put_node(world, event, &state, out);
        break;
    case PROGRAM_NODE_REMOVE:
        if (out)
            text_printf(out, "node n%u removed", event->subject % NODES);
        store_remove_node(world->store, node_name(store_catalog(world->store), event->subject % NODES));
        break;
    case PROGRAM_SERVICE_PUT:
    case PROGRAM_SERVICE_DELETE:
    case PROGRAM_SERVICE_REPLACE:
    case PROGRAM_SERVICE_SELECTOR:
    case PROGRAM_SERVICE_PORTS:
    case PROGRAM_SERVICE_LABELS:
    case PROGRAM_SERVICE_FLAGS:
    case PROGRAM_SERVICE_TOUCH:
        change_service(world, event, &state, out);
        break;
    case PROGRAM_ENDPOINTS_EDIT:
    case PROGRAM_ENDPOINTS_DELETE:
    case PROGRAM_SLICE_EDIT:
    case PROGRAM_SLICE_CREATE:
    case PROGRAM_SLICE_DELETE:
        program_apply_foreign(world, event, out);
        break;
    case PROGRAM_WAIT:
        if (out)
            text_add(out, "nothing");
        break;
    default:
        edit_pod(world, event, &state, out);
        break;
    }
}
