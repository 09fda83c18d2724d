/*
 * cluster_player.c: see cluster_player.h.
 */
#include "conformance/cluster_player.h"

#include <stdlib.h>
#include <string.h>

#include "engine/repack.h"
#include "verify/kube_inputs.h"
#include "verify/kube_json.h"
#include "verify/kube_text.h"

/* From one change of a step to the next: about as long as the recorder's requests took. */
#define CHANGE_NS (10 * NS_PER_MS)
#define RECORDER "realcluster" /* its name in managedFields */

/* --- observing ----------------------------------------------------------------------------------------- */

static void on_write(void *self, const struct write *write)
{
    struct cluster_player *player = self;
    if (write->verb != VERB_NOOP)
        vec_push(
            &player->writes, ((struct cluster_write){write->slice != NULL, write->at_ns - player->began_ns}));
    if (write->controller == CONTROLLER_USER)
        return;
    if (write->slice)
        player->counts.slices[write->verb]++;
    else
        player->counts.endpoints[write->verb]++;
}

static void on_event(void *self, const struct kube_event *event)
{
    struct cluster_player *player = self;
    (void)event;
    player->counts.events++;
}

/* --- requests ------------------------------------------------------------------------------------------ */

static const json_t *request_at(const struct cluster_player *player, size_t i)
{
    return json_array_get(json_object_get(json_object_get(player->step, "event"), "ops"), i);
}

static bool is_removal(const json_t *request)
{
    return strcmp(cluster_text(request, "op"), "remove") == 0;
}

static json_t *without_managed_fields(const json_t *object)
{
    json_t *copy = json_deep_copy(object);
    json_object_del(json_object_get(copy, "metadata"), "managedFields");
    return copy;
}

static void remove_pod(struct cluster_player *player, const char *name)
{
    if (!store_remove_pod(player->store, player->namespace, name))
        text_printf(&player->problems, "pod %s is not there\n", name);
}

/* A pod whose last finalizer goes is gone. */
static void put_pod(struct cluster_player *player, const json_t *json, const char *name)
{
    bool is_released = cluster_meta(json, "deletionTimestamp") && !cluster_meta(json, "finalizers") &&
                       json_is_integer(cluster_meta(json, "deletionGracePeriodSeconds")) &&
                       json_integer_value(cluster_meta(json, "deletionGracePeriodSeconds")) == 0;
    if (is_released)
        remove_pod(player, name);
    else
        store_put_pod(player->store, kube_pod(player->catalog, json, &player->problems));
}

/* What a DELETE without grace does first (C-19a). */
static void terminate_pod(struct cluster_player *player, const char *name)
{
    const struct pod *pod = store_pod(player->store, player->namespace, name);
    if (!pod) {
        text_printf(&player->problems, "pod %s is not there\n", name);
        return;
    }
    struct pod *edit = pod_edit(pod);
    pod_set_deletion(edit, pod_is_terminating(pod) ? pod_deletion_s(pod) : store_now_s(player->store), 0);
    store_put_pod(player->store, edit);
}

static void play_pod(struct cluster_player *player, const json_t *request)
{
    const char *name = cluster_text(request, "name");
    const json_t *now = json_object_get(player->recording->pods, name), *object;
    if (is_removal(request)) {
        terminate_pod(player, name);
        return;
    }
    object = json_object_get(request, "object");
    put_pod(player, cluster_meta(object, "uid") ? object : now, name);
}

/* The second half of a removal. */
static void finish_pod(struct cluster_player *player, size_t i)
{
    const char *name = cluster_text(request_at(player, i), "name");
    if (!cluster_meta(json_object_get(player->recording->pods, name), "finalizers"))
        remove_pod(player, name);
}

static void play_service(struct cluster_player *player, const json_t *request)
{
    struct text *problems = &player->problems;
    if (strcmp(cluster_text(request, "op"), "delete") == 0)
        store_remove_service(
            player->store, player->namespace, catalog_sym(player->catalog, cluster_text(request, "name")));
    else
        store_put_service(
            player->store, kube_service(player->catalog, json_object_get(request, "object"), problems));
}

static void play_node(struct cluster_player *player, const json_t *request)
{
    struct text *problems = &player->problems;
    if (strcmp(cluster_text(request, "op"), "delete") == 0)
        store_remove_node(player->store, catalog_sym(player->catalog, cluster_text(request, "name")));
    else
        store_put_node(
            player->store, kube_node(player->catalog, json_object_get(request, "object"), problems));
}

static void play_endpoints(struct cluster_player *player, const json_t *request)
{
    const char *name = cluster_text(request, "name");
    if (strcmp(cluster_text(request, "op"), "delete") == 0) {
        engine_delete_endpoints(player->engine, player->namespace, catalog_sym(player->catalog, name));
        return;
    }
    json_t *json = without_managed_fields(cluster_recording_user_object(player->step, "Endpoints", name));
    struct endpoints *endpoints = kube_endpoints(player->catalog, json, &player->problems);
    endpoints->manager = catalog_sym(player->catalog, RECORDER);
    engine_apply_endpoints(player->engine, endpoints);
    json_decref(json);
}

static void play_slice(struct cluster_player *player, const json_t *request)
{
    const char *name = cluster_text(request, "name");
    const char *ours = json_string_value(json_object_get(player->slice_names, name));
    if (!ours) {
        text_printf(&player->problems, "slice %s is not there\n", name);
        return;
    }
    sym symbol = catalog_sym(player->catalog, ours);
    if (strcmp(cluster_text(request, "op"), "delete") == 0) {
        engine_delete_endpointslice(player->engine, player->namespace, symbol);
        return;
    }
    json_t *json = without_managed_fields(cluster_recording_user_object(player->step, "EndpointSlice", name));
    struct endpointslice *slice = kube_endpointslice(player->catalog, json, &player->problems);
    slice->meta.name = symbol;
    slice->manager = catalog_sym(player->catalog, RECORDER);
    engine_apply_endpointslice(player->engine, slice);
    json_decref(json);
}

static void play(struct cluster_player *player, size_t i)
{
    const json_t *request = request_at(player, i);
    static const struct {
        const char *kind;
        void (*play)(struct cluster_player *player, const json_t *request);
    } kinds[] = {
        {"Pod", play_pod},
        {"Service", play_service},
        {"Node", play_node},
        {"Endpoints", play_endpoints},
        {"EndpointSlice", play_slice},
    };
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
        if (strcmp(kinds[k].kind, cluster_text(request, "kind")) == 0) {
            kinds[k].play(player, request);
            return;
        }
    }
    text_printf(&player->problems, "%s %s\n", cluster_text(request, "op"), cluster_text(request, "kind"));
}

static size_t request_count(const struct cluster_player *player)
{
    return json_array_size(json_object_get(json_object_get(player->step, "event"), "ops"));
}

/* What reaches the API server at one time: all of it is there before anyone is told. */
static void play_group(void *subject, uint64_t argument)
{
    struct cluster_player *player = subject;
    const struct cluster_group *group = &player->groups.items[argument];
    for (uint32_t i = 0; i < group->count; i++) {
        const struct cluster_change *change = &player->changes.items[group->first + i];
        if (change->finishes)
            finish_pod(player, change->request);
        else
            play(player, change->request);
    }
}

/* A request is one change, the removal of a pod is two. */
static void list_changes(struct cluster_player *player)
{
    vec_clear(&player->changes);
    for (size_t i = 0; i < request_count(player); i++) {
        vec_push(&player->changes, ((struct cluster_change){i, false}));
        if (is_removal(request_at(player, i)))
            vec_push(&player->changes, ((struct cluster_change){i, true}));
    }
}

static void list_groups(struct cluster_player *player, const char *counts)
{
    vec_clear(&player->groups);
    for (uint32_t i = 0; i < player->changes.count;) {
        uint32_t count = *counts ? (uint32_t)(*counts++ - '0') : 1;
        vec_push(&player->groups, ((struct cluster_group){i, count}));
        i += count;
    }
}

/* --- the player ---------------------------------------------------------------------------------------- */

/* The value of a flag of the controller manager, "--NAME=2s"; 0 when it was not given. */
static int64_t period_of(const struct cluster_recording *recording, const char *flag)
{
    const char *value = strstr(cluster_text(recording->head, "controller_flags"), flag);
    int64_t ns = 0;
    if (value)
        duration_parse(value + strlen(flag), strcspn(value + strlen(flag), " "), &ns);
    return ns;
}

static int64_t start_of(const struct cluster_recording *recording)
{
    const json_t *request =
        json_array_get(json_object_get(json_object_get(recording->steps.items[0], "event"), "ops"), 0);
    const char *time = cluster_meta_text(json_object_get(request, "object"), "creationTimestamp");
    int64_t ns = 0;
    rfc3339_parse(time, strlen(time), &ns);
    return ns / NS_PER_S;
}

struct cluster_player *cluster_player_create(
    struct cluster_recording *recording, uint64_t seed, int64_t step_ns)
{
    struct cluster_player *player = mem_zalloc(sizeof *player);
    struct engine_config config = engine_config_default();
    config.endpoints_per_slice_max =
        (uint32_t)json_integer_value(json_object_get(recording->head, "max_endpoints_per_slice"));
    config.endpoint_updates_batch_period_ns = period_of(recording, "--endpoint-updates-batch-period=");
    config.endpointslice_updates_batch_period_ns =
        period_of(recording, "--endpointslice-updates-batch-period=");
    config.mirroring_endpointslice_updates_batch_period_ns =
        period_of(recording, "--mirroring-endpointslice-updates-batch-period=");
    player->recording = recording;
    player->step_ns = step_ns;
    clock_init(&player->clock, seed, 0);
    player->store = store_create(&player->clock, start_of(recording));
    player->catalog = store_catalog(player->store);
    player->namespace = catalog_sym(player->catalog, cluster_text(recording->head, "scenario"));
    player->slice_names = json_object();
    player->engine = engine_create(player->store, &config);
    engine_observe(player->engine,
        &(struct engine_observer){.self = player, .on_write = on_write, .on_event = on_event});
    engine_start(player->engine);
    return player;
}

void cluster_player_destroy(struct cluster_player *player)
{
    if (!player)
        return;
    engine_destroy(player->engine);
    store_destroy(player->store);
    clock_fini(&player->clock);
    json_decref(player->slice_names);
    vec_fini(&player->changes);
    vec_fini(&player->groups);
    vec_fini(&player->writes);
    text_fini(&player->problems);
    free(player);
}

void cluster_player_step(struct cluster_player *player, uint32_t step, const char *groups)
{
    const struct engine_totals *totals = engine_totals(player->engine);
    uint64_t errors = totals->sync_errors[CONTROLLER_ENDPOINTSLICE];
    player->step = player->recording->steps.items[step];
    player->counts = (struct cluster_counts){.events = 0};
    text_clear(&player->problems);
    vec_clear(&player->writes);
    int64_t at_ns = player->began_ns = player->next_ns;
    player->next_ns += player->step_ns;
    list_changes(player);
    list_groups(player, groups);
    for (uint32_t i = 0; i < player->groups.count; i++) {
        clock_at(&player->clock, at_ns, PHASE_SCENARIO, EVENT_USER, play_group, player, i);
        at_ns += CHANGE_NS;
    }
    if (player->next_ns < at_ns)
        player->next_ns = at_ns;
    clock_run(&player->clock, player->next_ns);
    player->counts.slice_sync_errors = totals->sync_errors[CONTROLLER_ENDPOINTSLICE] - errors;
}

/* --- objects as JSON ----------------------------------------------------------------------------------- */

static json_t *parse(struct text *text)
{
    json_t *json = json_loads(text->data, JSON_ALLOW_NUL, NULL);
    text_fini(text);
    return json;
}

json_t *cluster_player_endpoints(struct cluster_player *player, const struct endpoints *endpoints)
{
    struct endpoints view = *endpoints;
    struct text text = {0};
    view.is_explicit = true;
    view.subsets = (struct subset_list){0};
    repack_view(player->catalog, endpoints, ORDER_FNV128, &view.subsets);
    kube_text_endpoints(&text, player->catalog, &view);
    subset_list_fini(&view.subsets);
    return parse(&text);
}

json_t *cluster_player_slice(struct cluster_player *player, const struct endpointslice *slice)
{
    struct text text = {0};
    kube_text_slice(&text, player->catalog, slice);
    return parse(&text);
}
