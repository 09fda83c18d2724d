/*
 * kube_table.c: see kube_table.h. Cost: O(objects), and O(n log n) for each Endpoints object, whose subsets
 * are made here.
 */
#include "cli/kube_table.h"

#include <string.h>

#include "cli/format.h"

/* kubectl's cells are at least this wide, gap included. */
#define CELL_WIDTH_MIN 6
#define CELL_GAP 3
/* Addresses and ports that are listed before " + N more...". */
#define LISTED_MAX 3

const struct kube_kind kube_kinds[KUBE_KIND_COUNT] = {
    {OBJECT_POD, "pods", "pod", "po", "pod", "pods", true},
    {OBJECT_SERVICE, "services", "service", "svc", "service", "services", true},
    {OBJECT_ENDPOINTS, "endpoints", "endpoint", "ep", "endpoints", "endpoints", true},
    {OBJECT_ENDPOINTSLICE, "endpointslices", "endpointslice", "eps", "endpointslice.discovery.k8s.io",
        "endpointslices.discovery.k8s.io", true},
    {OBJECT_NODE, "nodes", "node", "no", "node", "nodes", false},
};

static const struct meta *meta_of(enum object_kind kind, const void *object)
{
    switch (kind) {
    case OBJECT_SERVICE:
        return &((const struct service *)object)->meta;
    case OBJECT_NODE:
        return &((const struct node *)object)->meta;
    case OBJECT_ENDPOINTS:
        return &((const struct endpoints *)object)->meta;
    case OBJECT_ENDPOINTSLICE:
        return &((const struct endpointslice *)object)->meta;
    case OBJECT_POD:
        break;
    }
    return NULL;
}

struct kube_object kube_object_of(struct catalog *catalog, enum object_kind kind, const void *object)
{
    if (kind == OBJECT_POD) {
        const struct pod *pod = object;
        sym name = catalog_sym(catalog, target_name_here(pod_self(pod)));
        return (struct kube_object){kind, catalog_text(catalog, pod_self(pod)->namespace),
            catalog_text(catalog, name), pod_labels(pod), object};
    }
    const struct meta *meta = meta_of(kind, object);
    return (struct kube_object){kind, catalog_text(catalog, meta->namespace),
        catalog_text(catalog, meta->name), meta->labels, object};
}

void text_add_age(struct text *out, int64_t ns)
{
    if (ns < -2 * NS_PER_S) {
        text_add(out, "<invalid>");
        return;
    }
    int64_t s = ns < 0 ? 0 : ns / NS_PER_S;
    int64_t minutes = s / 60, hours = s / 3600, days = hours / 24;
    int64_t major, minor = 0;
    char unit, minor_unit = 0;
    if (s < 60 * 2) {
        major = s, unit = 's';
    } else if (minutes < 10) {
        major = minutes, unit = 'm', minor = s % 60, minor_unit = 's';
    } else if (minutes < 60 * 3) {
        major = minutes, unit = 'm';
    } else if (hours < 8) {
        major = hours, unit = 'h', minor = minutes % 60, minor_unit = 'm';
    } else if (hours < 48) {
        major = hours, unit = 'h';
    } else if (days < 8) {
        major = days, unit = 'd', minor = hours % 24, minor_unit = 'h';
    } else if (days < 365 * 2) {
        major = days, unit = 'd';
    } else if (days < 365 * 8) {
        major = days / 365, unit = 'y', minor = days % 365, minor_unit = 'd';
    } else {
        major = days / 365, unit = 'y';
    }
    text_add_i64(out, major);
    text_add_char(out, unit);
    if (minor != 0) {
        text_add_i64(out, minor);
        text_add_char(out, minor_unit);
    }
}

/* --- lists of at most three ------------------------------------------------------------------ */

struct listing {
    struct text *out;
    uint32_t listed;
    uint32_t count;
};

/* True when the next item is to be written out; a comma is then already there. */
static bool listing_takes(struct listing *listing)
{
    listing->count++;
    if (listing->listed == LISTED_MAX)
        return false;
    if (listing->listed++ > 0)
        text_add_char(listing->out, ',');
    return true;
}

static void listing_end(const struct listing *listing)
{
    if (listing->count > LISTED_MAX)
        text_printf(listing->out, " + %u more...", listing->count - LISTED_MAX);
}

static void add_ip(struct text *out, struct ip ip)
{
    char buffer[IP_TEXT_MAX];
    text_add_bytes(out, buffer, ip_format(ip, buffer));
}

/* The i-th address, with its port unless that is negative, as Go's net.JoinHostPort. */
static void add_address(
    const struct kube_view *view, const struct endpoint *endpoint, uint32_t i, int64_t port, struct text *out)
{
    char buffer[IP_TEXT_MAX];
    uint32_t length;
    const char *address = endpoint_address(view->catalog, endpoint, i, buffer, &length);
    bool brackets = port >= 0 && memchr(address, ':', length) != NULL;
    text_add(out, brackets ? "[" : "");
    text_add_bytes(out, address, length);
    text_add(out, brackets ? "]" : "");
    if (port >= 0)
        text_printf(out, ":%d", (int)port);
}

/* --- cells
 * --------------------------------------------------------------------------------------------------- */

static void take_or(struct table *table, struct text *cell, const char *otherwise)
{
    if (cell->length == 0)
        text_add(cell, otherwise);
    table_take(table, cell);
}

static void add_sym_or(const struct kube_view *view, struct table *table, sym symbol, const char *otherwise)
{
    table_add(table, symbol == SYM_EMPTY ? otherwise : catalog_text(view->catalog, symbol));
}

static void add_age_cell(const struct kube_view *view, struct table *table, int64_t created_s)
{
    struct text cell = {0};
    if (created_s == TIME_NONE)
        text_add(&cell, "<unknown>");
    else
        text_add_age(&cell, view->now_unix_ns - created_s * NS_PER_S);
    table_take(table, &cell);
    text_fini(&cell);
}

static void add_labels(const struct kube_view *view, const struct labels *labels, struct text *out)
{
    for (uint32_t i = 0; labels != NULL && i < labels->count; i++)
        text_printf(out, "%s%s=%s", i > 0 ? "," : "", catalog_text(view->catalog, labels->items[i].key),
            catalog_text(view->catalog, labels->items[i].value));
}

/* --- pods
 * ------------------------------------------------------------------------------------------------------- */

/* As kubectl derives it from phase and the containers' states; every pod here has one container, which waits
 * while the pod is Pending on a node. */
static const char *pod_status(const struct pod *pod)
{
    bool is_over = pod->phase == POD_SUCCEEDED || pod->phase == POD_FAILED;
    if (pod_is_terminating(pod) && !is_over)
        return "Terminating";
    switch (pod->phase) {
    case POD_PENDING:
        return pod->node_name == SYM_EMPTY ? "Pending" : "ContainerCreating";
    case POD_RUNNING:
        return "Running";
    case POD_SUCCEEDED:
        return "Completed";
    case POD_FAILED:
        return "Error";
    }
    return "Unknown";
}

static void add_pod(const struct kube_view *view, const void *object, struct table *table)
{
    const struct pod *pod = object;
    table_add(table, pod_is_ready(pod) ? "1/1" : "0/1");
    table_add(table, pod_status(pod));
    table_add(table, "0");
    add_age_cell(view, table, pod_created_s(pod));
    if (!view->wide)
        return;
    struct text cell = {0};
    if (pod_ip_count(pod) > 0)
        add_ip(&cell, pod_ip(pod, 0));
    take_or(table, &cell, "<none>");
    text_fini(&cell);
    add_sym_or(view, table, pod->node_name, "<none>");
    table_add(table, "<none>");
    table_add(table, "<none>");
}

/* --- services
 * --------------------------------------------------------------------------------------------------- */

static void add_service(const struct kube_view *view, const void *object, struct table *table)
{
    static const char *const types[] = {"ClusterIP", "NodePort", "LoadBalancer", "ExternalName"};
    const struct service *service = object;
    table_add(table, types[service->type]);
    add_sym_or(view, table, service->cluster_ip, "<none>");
    if (service->type == SERVICE_EXTERNAL_NAME)
        add_sym_or(view, table, service->external_name, "");
    else
        table_add(table, service->type == SERVICE_LOAD_BALANCER ? "<pending>" : "<none>");
    struct text cell = {0};
    for (uint32_t i = 0; i < service->port_count; i++) {
        const struct service_port *port = &service->ports[i];
        text_printf(&cell, "%s%d", i > 0 ? "," : "", port->port);
        if (port->node_port > 0)
            text_printf(&cell, ":%d", port->node_port);
        text_printf(&cell, "/%s", catalog_text(view->catalog, port->protocol));
    }
    take_or(table, &cell, "<none>");
    add_age_cell(view, table, service->meta.created_s);
    if (view->wide) {
        add_labels(view, service->selector, &cell);
        take_or(table, &cell, "<none>");
    }
    text_fini(&cell);
}

/* --- Endpoints and EndpointSlices
 * ------------------------------------------------------------------------------- */

static void list_subset(const struct kube_view *view, const struct subset *subset, struct listing *listing)
{
    if (subset->ports->count == 0) /* a headless Service without ports */
        for (uint32_t a = 0; a < subset->addresses.count; a++)
            if (listing_takes(listing))
                add_address(view, subset->addresses.items[a], 0, -1, listing->out);
    for (uint32_t p = 0; p < subset->ports->count; p++)
        for (uint32_t a = 0; a < subset->addresses.count; a++)
            if (listing_takes(listing))
                add_address(
                    view, subset->addresses.items[a], 0, subset->ports->items[p].number, listing->out);
}

static void add_endpoints(const struct kube_view *view, const void *object, struct table *table)
{
    const struct endpoints *endpoints = object;
    struct subset_list list = {0};
    repack_view(view->catalog, endpoints, view->hash, &list);
    struct text cell = {0};
    struct listing listing = {.out = &cell};
    for (uint32_t i = 0; i < list.items.count; i++)
        list_subset(view, &list.items.items[i], &listing);
    listing_end(&listing);
    /* Subsets with nothing but not-ready addresses leave the cell empty, as kubectl does. */
    if (list.items.count == 0)
        text_add(&cell, "<none>");
    table_take(table, &cell);
    text_fini(&cell);
    subset_list_fini(&list);
    add_age_cell(view, table, endpoints->meta.created_s);
}

static void add_endpointslice(const struct kube_view *view, const void *object, struct table *table)
{
    const struct endpointslice *slice = object;
    table_add(table, address_type_text(slice->address_type));
    struct text cell = {0};
    struct listing ports = {.out = &cell};
    for (uint32_t i = 0; slice->ports != NULL && i < slice->ports->count; i++) {
        const struct port *port = &slice->ports->items[i];
        if (!listing_takes(&ports))
            continue;
        if (port->set & PORT_NUMBER)
            text_printf(&cell, "%d", port->number);
        else
            text_add(&cell, port->set & PORT_NAME ? catalog_text(view->catalog, port->name) : "*");
    }
    listing_end(&ports);
    take_or(table, &cell, "<unset>");
    struct listing endpoints = {.out = &cell};
    for (uint32_t i = 0; i < slice->endpoints.count; i++) {
        const struct endpoint *endpoint = endpointslice_at(slice, i);
        for (uint32_t a = 0; a < endpoint_address_count(endpoint); a++)
            if (listing_takes(&endpoints))
                add_address(view, endpoint, a, -1, &cell);
    }
    listing_end(&endpoints);
    take_or(table, &cell, "<unset>");
    text_fini(&cell);
    add_age_cell(view, table, slice->meta.created_s);
}

/* --- nodes
 * ------------------------------------------------------------------------------------------------------- */

static void add_node(const struct kube_view *view, const void *object, struct table *table)
{
    static const char role_prefix[] = "node-role.kubernetes.io/";
    const struct node *node = object;
    struct text cell = {0};
    switch (node->ready) {
    case CONDITION_TRUE:
        text_add(&cell, "Ready");
        break;
    case CONDITION_ABSENT:
        text_add(&cell, "Unknown");
        break;
    default:
        text_add(&cell, "NotReady");
    }
    if (node->unschedulable)
        text_add(&cell, ",SchedulingDisabled");
    table_take(table, &cell);
    for (uint32_t i = 0; i < node->meta.labels->count; i++) {
        const char *key = catalog_text(view->catalog, node->meta.labels->items[i].key);
        if (strncmp(key, role_prefix, sizeof role_prefix - 1) == 0)
            text_printf(&cell, "%s%s", cell.length > 0 ? "," : "", key + sizeof role_prefix - 1);
    }
    take_or(table, &cell, "<none>");
    add_age_cell(view, table, node->meta.created_s);
    text_printf(&cell, "v1.%u.0", view->kube_minor);
    table_take(table, &cell);
    text_fini(&cell);
    if (view->wide) {
        table_add(table, "<none>");
        table_add(table, "<none>");
        for (int i = 0; i < 3; i++)
            table_add(table, "<unknown>");
    }
}

/* --- tables
 * ------------------------------------------------------------------------------------------------------- */

struct printer {
    void (*add)(const struct kube_view *view, const void *object, struct table *table);
    const char *const *heads; /* after NAME; NULL ends */
    const char *const *wide_heads;
};

#define HEADS(...) \
    (const char *const[]) \
    { \
        __VA_ARGS__, NULL \
    }
static const struct printer printers[] = {
    [OBJECT_POD] = {add_pod, HEADS("READY", "STATUS", "RESTARTS", "AGE"),
        HEADS("IP", "NODE", "NOMINATED NODE", "READINESS GATES")},
    [OBJECT_SERVICE] = {add_service, HEADS("TYPE", "CLUSTER-IP", "EXTERNAL-IP", "PORT(S)", "AGE"),
        HEADS("SELECTOR")},
    [OBJECT_ENDPOINTS] = {add_endpoints, HEADS("ENDPOINTS", "AGE"), NULL},
    [OBJECT_ENDPOINTSLICE] = {add_endpointslice, HEADS("ADDRESSTYPE", "PORTS", "ENDPOINTS", "AGE"), NULL},
    [OBJECT_NODE] = {add_node, HEADS("STATUS", "ROLES", "AGE", "VERSION"),
        HEADS("INTERNAL-IP", "EXTERNAL-IP", "OS-IMAGE", "KERNEL-VERSION", "CONTAINER-RUNTIME")},
};

static uint32_t head_count(const char *const *heads)
{
    uint32_t count = 0;
    while (heads != NULL && heads[count] != NULL)
        count++;
    return count;
}

void kube_table(const struct kube_view *view, const struct kube_kind *kind, const struct kube_object *objects,
    uint32_t count, struct text *out)
{
    const struct printer *printer = &printers[kind->object];
    bool with_namespace = view->with_namespace && kind->is_namespaced;
    uint32_t heads = head_count(printer->heads);
    uint32_t wide_heads = view->wide ? head_count(printer->wide_heads) : 0;
    struct table table;
    table_init(&table, with_namespace + 1 + heads + wide_heads + view->with_labels, CELL_GAP, NULL);
    table.width_min = CELL_WIDTH_MIN;
    if (with_namespace)
        table_add(&table, "NAMESPACE");
    table_add(&table, "NAME");
    for (uint32_t i = 0; i < heads; i++)
        table_add(&table, printer->heads[i]);
    for (uint32_t i = 0; i < wide_heads; i++)
        table_add(&table, printer->wide_heads[i]);
    if (view->with_labels)
        table_add(&table, "LABELS");
    struct text name = {0};
    for (uint32_t i = 0; i < count; i++) {
        if (with_namespace)
            table_add(&table, objects[i].namespace);
        if (view->with_kind)
            text_printf(&name, "%s/", kind->prefix);
        text_add(&name, objects[i].name);
        table_take(&table, &name);
        printer->add(view, objects[i].object, &table);
        if (view->with_labels) {
            struct text labels = {0};
            add_labels(view, objects[i].labels, &labels);
            take_or(&table, &labels, "<none>");
            text_fini(&labels);
        }
    }
    table_print(&table, out, false);
    text_fini(&name);
    table_fini(&table);
}
