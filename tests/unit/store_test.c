/*
 * store_test.c: what watchers are told, and when: merging of puts at one instant, ghosts, successors under
 * the same name, versions, order of creation, generated names. A random run: store_twin_test.c.
 */
#include "model_kit.h"

#include "base/text.h"
#include "model/store.h"

/* --- a watcher that writes down ------------------------------------------------------------------------ */

struct note {
    enum object_kind kind;
    char text[160]; /* "+web-0/7" added, "-web-0/7" deleted, "~web-0/7>9" modified: name and versions */
    bool foreign;
};

struct book {
    struct store *store;
    struct note notes[4096];
    uint32_t count;
    void (*react)(struct book *book, const struct change *change);
};

static const char *object_name(const struct book *book, enum object_kind kind, const void *object,
    char buffer[TARGET_NAME_BUFFER], uint64_t *out_version)
{
    const struct meta *meta = NULL;
    switch (kind) {
    case OBJECT_POD:
        *out_version = ((const struct pod *)object)->resource_version;
        return target_name(pod_self(object), buffer);
    case OBJECT_SERVICE:
        meta = &((const struct service *)object)->meta;
        break;
    case OBJECT_NODE:
        meta = &((const struct node *)object)->meta;
        break;
    case OBJECT_ENDPOINTS:
        meta = &((const struct endpoints *)object)->meta;
        break;
    case OBJECT_ENDPOINTSLICE:
        meta = &((const struct endpointslice *)object)->meta;
        break;
    }
    *out_version = meta->resource_version;
    return catalog_text(store_catalog(book->store), meta->name);
}

static void write_down(void *self, const struct change *change)
{
    struct book *book = self;
    CU_ASSERT_FATAL(book->count < sizeof book->notes / sizeof book->notes[0]);
    struct note *note = &book->notes[book->count++];
    note->kind = change->kind;
    note->foreign = change->foreign;
    uint64_t old_version = 0, version = 0;
    char buffers[2][TARGET_NAME_BUFFER];
    const char *old_name =
        change->old ? object_name(book, change->kind, change->old, buffers[0], &old_version) : "";
    const char *name = change->now ? object_name(book, change->kind, change->now, buffers[1], &version) : "";
    if (!change->old)
        snprintf(note->text, sizeof note->text, "+%.60s/%" PRIu64, name, version);
    else if (!change->now)
        snprintf(note->text, sizeof note->text, "-%.60s/%" PRIu64, old_name, old_version);
    else
        snprintf(note->text, sizeof note->text, "~%.60s/%" PRIu64 ">%" PRIu64, name, old_version, version);
    if (book->react)
        book->react(book, change);
}

/* --- a store to play with -------------------------------------------------------------------- */

static struct clock test_clock;
static struct store *store;
static struct catalog *catalog;
static struct book book;
static sym namespace;

static void open_store(uint64_t seed)
{
    clock_init(&test_clock, seed, 0);
    store = store_create(&test_clock, KIT_TIME);
    catalog = store_catalog(store);
    memset(&book, 0, sizeof book);
    book.store = store;
    namespace = catalog_sym(catalog, "default");
    store_watch(store, write_down, &book);
}

static void close_store(void)
{
    store_destroy(store);
    clock_fini(&test_clock);
}

static void deliver(void)
{
    clock_run(&test_clock, clock_now(&test_clock));
}

static void pass_time(void *subject, uint64_t argument)
{
    (void)subject;
    (void)argument;
}

static struct pod *new_pod(const char *name)
{
    struct target *self =
        target_create(catalog, namespace, name, (uint32_t)strlen(name), store_new_uid(store), NULL);
    return pod_create(catalog, self, store_now_s(store));
}

static void put_new(const char *name)
{
    store_put_pod(store, new_pod(name));
}

static void put_edit(const char *name)
{
    const struct pod *now = store_pod(store, namespace, name);
    CU_ASSERT_PTR_NOT_NULL_FATAL(now);
    struct pod *edit = pod_edit(now);
    edit->ready = CONDITION_TRUE;
    store_put_pod(store, edit);
}

/* The notes since the last call, joined by blanks. */
static const char *told(void)
{
    static char text[8192];
    size_t length = 0;
    text[0] = '\0';
    for (uint32_t i = 0; i < book.count && length < sizeof text - 200; i++)
        length +=
            (size_t)snprintf(text + length, sizeof text - length, "%s%s", i ? " " : "", book.notes[i].text);
    book.count = 0;
    return text;
}

static bool append_name(void *context, const void *object)
{
    char *text = context;
    const struct pod *pod = object;
    if (text[0])
        strcat(text, " ");
    strcat(text, target_name_here(pod_self(pod)));
    return strcmp(target_name_here(pod_self(pod)), "stop") != 0;
}

static const char *listed(void)
{
    static char text[4096];
    text[0] = '\0';
    store_each(store, OBJECT_POD, SYM_EMPTY, append_name, text);
    return text;
}

/* --- tests
 * --------------------------------------------------------------------------------------------------- */

static void test_puts_merge(void)
{
    open_store(1);
    put_new("a");
    CU_ASSERT_EQUAL(store_count(store, OBJECT_POD), 1);
    CU_ASSERT_STRING_EQUAL(told(), ""); /* not yet */
    put_edit("a");
    put_new("b");
    put_edit("a");
    CU_ASSERT_TRUE(pod_is_ready(store_pod(store, namespace, "a")));
    deliver();
    CU_ASSERT_STRING_EQUAL(told(), "+a/1 +b/2");
    CU_ASSERT_EQUAL(clock_event_count(&test_clock), 2);
    deliver();
    CU_ASSERT_STRING_EQUAL(told(), "");
    put_edit("b");
    put_edit("b");
    put_edit("a");
    deliver();
    CU_ASSERT_STRING_EQUAL(told(), "~b/2>3 ~a/1>4");
    CU_ASSERT_EQUAL(store_resource_version(store), 4);
    close_store();
}

static void test_removals(void)
{
    open_store(1);
    put_new("a");
    put_new("b");
    CU_ASSERT_TRUE(store_remove_pod(store, namespace, "a")); /* never seen */
    CU_ASSERT_FALSE(store_remove_pod(store, namespace, "a"));
    CU_ASSERT_PTR_NULL(store_pod(store, namespace, "a"));
    deliver();
    CU_ASSERT_STRING_EQUAL(told(), "+b/2");
    put_edit("b");
    CU_ASSERT_TRUE(store_remove_pod(store, namespace, "b")); /* watchers saw revision 2 last */
    CU_ASSERT_EQUAL(store_count(store, OBJECT_POD), 0);
    CU_ASSERT_FALSE(store_remove_pod(store, namespace, "b"));
    deliver();
    CU_ASSERT_STRING_EQUAL(told(), "-b/2");
    CU_ASSERT_FALSE(store_remove_pod(store, namespace, "b"));
    CU_ASSERT_FALSE(store_remove_pod(store, namespace, "never"));
    deliver();
    CU_ASSERT_STRING_EQUAL(told(), "");
    /* Created, removed, created: only the last is seen. */
    put_new("c");
    store_remove_pod(store, namespace, "c");
    put_new("c");
    deliver();
    CU_ASSERT_STRING_EQUAL(told(), "+c/5");
    close_store();
}

static void test_successors(void)
{
    open_store(1);
    put_new("a");
    put_new("b");
    deliver();
    told();
    struct uuid uid = target_uid(pod_self(store_pod(store, namespace, "a")));
    store_remove_pod(store, namespace, "a");
    put_new("a"); /* another uid: DELETED, then ADDED */
    CU_ASSERT_STRING_EQUAL(listed(), "b a");
    deliver();
    CU_ASSERT_STRING_EQUAL(told(), "-a/1 +a/4");
    CU_ASSERT_NOT_EQUAL(
        memcmp(&uid, target_uid(pod_self(store_pod(store, namespace, "a"))).bytes, sizeof uid), 0);
    put_new("b"); /* the same without a removal */
    CU_ASSERT_STRING_EQUAL(listed(), "a b");
    deliver();
    CU_ASSERT_STRING_EQUAL(told(), "-b/2 +b/5");
    /* Edited, removed, re-created, edited, removed: gone. */
    put_edit("a");
    store_remove_pod(store, namespace, "a");
    put_new("a");
    put_edit("a");
    store_remove_pod(store, namespace, "a");
    deliver();
    CU_ASSERT_STRING_EQUAL(told(), "-a/4");
    CU_ASSERT_STRING_EQUAL(listed(), "b");
    /* Removed and put again as the same object: it was only edited, and keeps its place. */
    put_new("z");
    deliver();
    told();
    struct pod *same = pod_edit(store_pod(store, namespace, "b"));
    uint64_t sequence = pod_self(same)->sequence;
    store_remove_pod(store, namespace, "b");
    CU_ASSERT_STRING_EQUAL(listed(), "z");
    CU_ASSERT_EQUAL(store_count(store, OBJECT_POD), 1);
    store_put_pod(store, same);
    CU_ASSERT_STRING_EQUAL(listed(), "b z");
    CU_ASSERT_EQUAL(pod_self(store_pod(store, namespace, "b"))->sequence, sequence);
    CU_ASSERT_TRUE(sequence < pod_self(store_pod(store, namespace, "z"))->sequence);
    deliver();
    CU_ASSERT_EQUAL(book.count, 1);
    CU_ASSERT_EQUAL(told()[0], '~');
    CU_ASSERT_EQUAL(store_count(store, OBJECT_POD), 2);
    close_store();
}

static void react_once(struct book *self, const struct change *change)
{
    self->react = NULL;
    CU_ASSERT_PTR_NULL(change->old);
    put_edit("a"); /* the entry is settled: a new change of its own */
    put_new("c");
    store_remove_pod(store, namespace, "b"); /* pending and never seen */
}

static void test_watchers_may_write(void)
{
    open_store(1);
    book.react = react_once;
    put_new("a");
    put_new("b");
    deliver();
    CU_ASSERT_STRING_EQUAL(told(), "+a/1 ~a/1>3 +c/4");
    CU_ASSERT_STRING_EQUAL(listed(), "a c");
    close_store();
}

static void test_destroyed_with_changes_pending(void)
{
    open_store(1);
    put_new("a");
    put_new("b");
    put_new("c");
    deliver();
    put_edit("a");
    store_remove_pod(store, namespace, "b"); /* a ghost */
    store_remove_pod(store, namespace, "c");
    put_new("c");
    put_new("d");
    store_remove_pod(store, namespace, "d");
    close_store(); /* leaks and double frees are the sanitizer's to find */
    store_destroy(NULL);
}

static void test_lists(void)
{
    open_store(1);
    char name[16];
    for (int i = 0; i < 5; i++) {
        snprintf(name, sizeof name, "p%d", i);
        put_new(name);
    }
    CU_ASSERT_STRING_EQUAL(listed(), "p0 p1 p2 p3 p4");
    store_remove_pod(store, namespace, "p2");
    store_remove_pod(store, namespace, "p0");
    store_remove_pod(store, namespace, "p4");
    put_new("p0");
    put_edit("p1");
    CU_ASSERT_STRING_EQUAL(listed(), "p1 p3 p0");
    put_new("stop");
    put_new("later");
    CU_ASSERT_STRING_EQUAL(listed(), "p1 p3 p0 stop");
    CU_ASSERT_EQUAL(store_count(store, OBJECT_POD), 5);
    struct target *self =
        target_create(catalog, catalog_sym(catalog, "other"), "p1", 2, store_new_uid(store), NULL);
    store_put_pod(store, pod_create(catalog, self, 0));
    CU_ASSERT_PTR_NOT_EQUAL(store_pod(store, namespace, "p1"), store_pod(store, self->namespace, "p1"));
    char text[64] = "";
    store_each(store, OBJECT_POD, self->namespace, append_name, text);
    CU_ASSERT_STRING_EQUAL(text, "p1");
    CU_ASSERT_PTR_NULL(store_pod(store, self->namespace, "p3"));
    /* A made name is found by its text, and by its parts. */
    sym prefix = catalog_sym(catalog, "web-");
    struct pod *made = pod_create(catalog, target_create_made(catalog, namespace, prefix, 27, 0), 0);
    store_create_pod(store, made, made_name_hash(catalog_hash(catalog, prefix), 27));
    CU_ASSERT_PTR_EQUAL(store_pod(store, namespace, "web-bbbcb"), made);
    CU_ASSERT_PTR_EQUAL(store_pod_made(store, namespace, prefix, 27), made);
    CU_ASSERT_PTR_EQUAL(store_pod_hashed(store, namespace, "web-bbbcb", pod_name_hash("web-bbbcb", 9)), made);
    CU_ASSERT_PTR_NULL(store_pod_made(store, namespace, prefix, 28));
    CU_ASSERT_PTR_NULL(store_pod_made(store, self->namespace, prefix, 27));
    close_store();
}

static void test_services_and_nodes(void)
{
    open_store(1);
    struct service *service = service_create(catalog, 1);
    service->meta.namespace = namespace;
    service->meta.name = catalog_sym(catalog, "web");
    store_put_service(store, service);
    struct node *node = node_create(catalog);
    node->meta.name = catalog_sym(catalog, "node-1");
    store_put_node(store, node);
    deliver();
    CU_ASSERT_STRING_EQUAL(told(), "+web/1 +node-1/2");
    const struct service *stored = store_service(store, namespace, service->meta.name);
    CU_ASSERT_PTR_EQUAL(stored, service);
    CU_ASSERT_FALSE(uid_is_none(stored->meta.uid, stored->meta.uid_text));
    CU_ASSERT_EQUAL(stored->meta.created_s, KIT_TIME);
    struct uuid uid = stored->meta.uid;

    clock_after(&test_clock, 90 * NS_PER_S, PHASE_SCENARIO, EVENT_USER, pass_time, NULL, 0);
    CU_ASSERT_TRUE(clock_run_some(&test_clock, INT64_MAX, 1));
    CU_ASSERT_EQUAL(store_now_s(store), KIT_TIME + 90);
    CU_ASSERT_EQUAL(store_now_unix_ns(store), (KIT_TIME + 90) * NS_PER_S);
    struct service *edit = service_create(catalog, 0); /* a manifest applied again: no uid, no times */
    edit->meta.namespace = namespace;
    edit->meta.name = catalog_sym(catalog, "web");
    store_put_service(store, edit);
    deliver();
    CU_ASSERT_STRING_EQUAL(told(), "~web/1>3");
    CU_ASSERT_EQUAL(memcmp(&edit->meta.uid, &uid, sizeof uid), 0);
    CU_ASSERT_EQUAL(edit->meta.created_s, KIT_TIME);
    CU_ASSERT_TRUE(store_remove_service(store, namespace, edit->meta.name));
    CU_ASSERT_FALSE(store_remove_service(store, namespace, catalog_sym(catalog, "web")));
    CU_ASSERT_TRUE(store_remove_node(store, catalog_sym(catalog, "node-1")));
    deliver();
    CU_ASSERT_STRING_EQUAL(told(), "-web/3 -node-1/2");
    CU_ASSERT_PTR_NULL(store_node(store, catalog_sym(catalog, "node-1")));
    close_store();
}

static void test_endpoints(void)
{
    open_store(1);
    struct endpoints *endpoints = endpoints_create(catalog);
    sym name = endpoints->meta.name = catalog_sym(catalog, "web");
    endpoints->meta.namespace = namespace;
    endpoints->meta.uid = kit_uid(KIT_UID); /* a server gives its own */
    store_create_endpoints(store, endpoints, false);
    CU_ASSERT_STRING_EQUAL(told(), "+web/1"); /* at once */
    CU_ASSERT_NOT_EQUAL(memcmp(&endpoints->meta.uid, &(struct uuid){{0}}, 16), 0);
    CU_ASSERT_FALSE(uid_equal(endpoints->meta.uid, SYM_EMPTY, kit_uid(KIT_UID), SYM_EMPTY));
    CU_ASSERT_EQUAL(endpoints->meta.created_s, KIT_TIME);
    CU_ASSERT_EQUAL(endpoints->meta.generation, 0); /* E-69 */
    CU_ASSERT_FALSE(endpoints->had_subsets);
    vec_push(&endpoints->groups, address_group_create(catalog, ports_empty(catalog)));
    store_commit_endpoints(store, endpoints, true, true, SYM_EMPTY);
    CU_ASSERT_TRUE(endpoints->had_subsets);
    CU_ASSERT_TRUE(book.notes[0].foreign);
    CU_ASSERT_STRING_EQUAL(told(), "~web/2>2"); /* one live object */
    CU_ASSERT_PTR_EQUAL(store_endpoints(store, namespace, name), endpoints);
    address_group_destroy(vec_pop(&endpoints->groups));
    store_commit_endpoints(store, endpoints, true, false, SYM_EMPTY);
    CU_ASSERT_FALSE(endpoints->had_subsets); /* O-46 */
    told();
    CU_ASSERT_TRUE(store_delete_endpoints(store, namespace, name, false));
    CU_ASSERT_STRING_EQUAL(told(), "-web/4"); /* a deletion takes a version (O-32) */
    CU_ASSERT_FALSE(store_delete_endpoints(store, namespace, name, false));
    CU_ASSERT_PTR_NULL(store_endpoints(store, namespace, name));
    CU_ASSERT_EQUAL(store_resource_version(store), 4);
    close_store();
}

static struct endpointslice *new_slice(const char *generate_name)
{
    struct endpointslice *slice = endpointslice_create(catalog);
    slice->meta.namespace = namespace;
    slice->meta.generate_name = catalog_sym(catalog, generate_name);
    return slice;
}

static void test_slices(void)
{
    open_store(1);
    struct endpointslice *slice = new_slice("web-");
    store_create_endpointslice(store, slice, false);
    const char *name = catalog_text(catalog, slice->meta.name);
    CU_ASSERT_EQUAL(strlen(name), 9);
    CU_ASSERT_EQUAL(strncmp(name, "web-", 4), 0);
    CU_ASSERT_EQUAL(strspn(name + 4, "bcdfghjklmnpqrstvwxz2456789"), 5);
    CU_ASSERT_EQUAL(slice->meta.generation, 1);
    CU_ASSERT_EQUAL(slice->sequence, 1);
    CU_ASSERT_FALSE(slice->had_endpoints);
    told();
    struct port port = kit_port(catalog, "http", 8080, "TCP");
    slice->ports = ports_intern(catalog, &port, 1);
    endpointslice_append(slice, kit_endpoint(catalog, "10.0.0.1", "web-0", "node-1", "zone-a"));
    store_commit_endpointslice(store, slice, true, true, false, SYM_EMPTY);
    CU_ASSERT_EQUAL(slice->meta.generation, 2);
    CU_ASSERT_EQUAL(slice->meta.resource_version, 2);
    store_commit_endpointslice(store, slice, false, false, false, SYM_EMPTY);
    CU_ASSERT_EQUAL(slice->meta.generation, 2);
    CU_ASSERT_EQUAL(slice->meta.resource_version, 3);
    endpoint_unref(endpointslice_at(slice, --slice->endpoints.count));
    slice->endpoints_bytes = 0;
    slice->ports = ports_empty(catalog);
    store_commit_endpointslice(store, slice, true, true, false, SYM_EMPTY);
    CU_ASSERT_TRUE(slice->had_endpoints); /* for good (O-46) */
    CU_ASSERT_TRUE(slice->had_ports);
    CU_ASSERT_EQUAL(book.count, 3);

    struct endpointslice *named = new_slice("");
    named->meta.name = catalog_sym(catalog, "by-hand");
    store_create_endpointslice(store, named, true);
    CU_ASSERT_EQUAL(named->sequence, 2);
    CU_ASSERT_PTR_EQUAL(store_endpointslice(store, namespace, named->meta.name), named);
    CU_ASSERT_EQUAL(store_count(store, OBJECT_ENDPOINTSLICE), 2);
    CU_ASSERT_TRUE(store_delete_endpointslice(store, namespace, slice->meta.name, false));
    CU_ASSERT_EQUAL(store_count(store, OBJECT_ENDPOINTSLICE), 1);
    close_store();
}

static void test_generated_names(void)
{
    open_store(7);
    char first[MADE_NAME_MAX + 1], name[MADE_NAME_MAX + 1], base[101];
    memset(base, 'x', 100);
    base[100] = '\0';
    CU_ASSERT_EQUAL(store_generate_name(store, base, name), 63); /* S-50: 58 and 5 */
    CU_ASSERT_EQUAL(strspn(name, "x") >= 58, true);
    CU_ASSERT_EQUAL(store_generate_name(store, "", first), 5);
    close_store();
    open_store(7); /* the same seed, the same names */
    store_generate_name(store, base, name);
    store_generate_name(store, "", name);
    CU_ASSERT_STRING_EQUAL(name, first);
    struct uuid uid = store_new_uid(store);
    CU_ASSERT_EQUAL(uid.bytes[6] >> 4, 4);
    CU_ASSERT_EQUAL(uid.bytes[8] >> 6, 2);
    CU_ASSERT_EQUAL(store_draw_uid(store), 1); /* the second one */
    CU_ASSERT_EQUAL(memcmp(catalog_uid(catalog, 0).bytes, uid.bytes, 16), 0);
    CU_ASSERT_EQUAL(memcmp(store_new_uid(store).bytes, catalog_uid(catalog, 2).bytes, 16), 0);
    close_store();
    open_store(8);
    CU_ASSERT_NOT_EQUAL(memcmp(store_new_uid(store).bytes, uid.bytes, 16), 0);
    /* Names that are taken are not given out again. */
    for (int i = 0; i < 2000; i++)
        store_create_endpointslice(store, new_slice("s-"), false);
    CU_ASSERT_EQUAL(store_count(store, OBJECT_ENDPOINTSLICE), 2000);
    book.count = 0;
    close_store();
}

/* A name in use is passed over: the stream is set back, so that the first draw is the taken name again. */
static void test_collision(void)
{
    open_store(3);
    struct endpointslice *first = new_slice("web-");
    store_create_endpointslice(store, first, false);
    char taken[80];
    snprintf(taken, sizeof taken, "%s", catalog_text(catalog, first->meta.name));
    close_store();
    open_store(3);
    struct endpointslice *by_hand = new_slice("");
    by_hand->meta.name = catalog_sym(catalog, taken);
    store_create_endpointslice(store, by_hand, true);
    struct endpointslice *second = new_slice("web-");
    store_create_endpointslice(store, second, false);
    CU_ASSERT_NOT_EQUAL(second->meta.name, by_hand->meta.name);
    CU_ASSERT_EQUAL(strlen(catalog_text(catalog, second->meta.name)), 9);
    close_store();
}

static void test_starting_state(void)
{
    open_store(1);
    store_set_silent(store, true);
    struct pod *pod = new_pod("a");
    pod->resource_version = 50;
    store_put_pod(store, pod);
    put_new("b"); /* carries none */
    store_put_pod(store, pod_edit(store_pod(store, namespace, "b")));
    put_new("c");
    store_remove_pod(store, namespace, "c");
    CU_ASSERT_EQUAL(store_pod(store, namespace, "a")->resource_version, 50);
    CU_ASSERT_EQUAL(store_pod(store, namespace, "b")->resource_version, 51);
    struct endpointslice *slice = new_slice("");
    slice->meta.name = catalog_sym(catalog, "kept");
    slice->meta.uid = kit_uid(KIT_UID);
    slice->meta.created_s = 5;
    slice->meta.generation = 9;
    slice->meta.resource_version = 40;
    store_create_endpointslice(store, slice, true);
    CU_ASSERT_TRUE(uid_equal(slice->meta.uid, SYM_EMPTY, kit_uid(KIT_UID), SYM_EMPTY));
    CU_ASSERT_EQUAL(slice->meta.created_s, 5);
    CU_ASSERT_EQUAL(slice->meta.generation, 9);
    CU_ASSERT_EQUAL(slice->meta.resource_version, 40);
    struct endpoints *endpoints = endpoints_create(catalog);
    endpoints->meta.namespace = namespace;
    endpoints->meta.name = slice->meta.name;
    store_create_endpoints(store, endpoints, true);
    CU_ASSERT_FALSE(uid_is_none(endpoints->meta.uid, SYM_EMPTY));
    CU_ASSERT_EQUAL(endpoints->meta.created_s, KIT_TIME);
    store_set_resource_version(store, 1000);
    store_set_silent(store, false);
    deliver();
    CU_ASSERT_STRING_EQUAL(told(), "");
    put_edit("a");
    deliver();
    CU_ASSERT_STRING_EQUAL(told(), "~a/50>1001");
    CU_ASSERT_STRING_EQUAL(listed(), "a b");
    close_store();
}

/* --- what trips an assertion
 * ---------------------------------------------------------------------------------------- */

static void create_twice(void)
{
    open_store(1);
    for (int i = 0; i < 2; i++) {
        struct endpoints *endpoints = endpoints_create(catalog);
        endpoints->meta.name = catalog_sym(catalog, "web");
        store_create_endpoints(store, endpoints, false);
    }
}

static void silence_too_late(void)
{
    open_store(1);
    put_new("a");
    store_set_silent(store, true);
}

static void test_assertions(void)
{
    CU_ASSERT_TRUE(suite_asserts(create_twice));
    CU_ASSERT_TRUE(suite_asserts(silence_too_late));
}

int main(void)
{
    static const struct suite_test tests[] = {
        {"puts at one instant are one change", test_puts_merge},
        {"removals, seen and unseen", test_removals},
        {"successors under the same name", test_successors},
        {"watchers may write", test_watchers_may_write},
        {"destroyed with changes pending", test_destroyed_with_changes_pending},
        {"lists are in the order of creation", test_lists},
        {"services and nodes", test_services_and_nodes},
        {"Endpoints", test_endpoints},
        {"slices: names, generations, what they had", test_slices},
        {"generated names and uids come from the seed", test_generated_names},
        {"a generated name that is taken", test_collision},
        {"starting states are silent and keep what they carry", test_starting_state},
        {"bugs of callers", test_assertions},
    };
    return suite_main("store", tests, sizeof tests / sizeof tests[0]);
}
