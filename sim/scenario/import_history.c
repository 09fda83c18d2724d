/*
 * import_history.c: states come in. Only those that differ are kept: 56 bytes each, and what is new in them.
 */
#include "scenario/import_history.h"

#include <string.h>

#include "base/hash.h"
#include "scenario/import_history_private.h"

/* --- names -------------------------------------------------------------------------------------------- */

static uint64_t hash_of(enum import_kind kind, const char *namespace, const char *name)
{
    return hash_mix(hash64(namespace, strlen(namespace)), hash64(name, strlen(name)) + (uint64_t)kind);
}

static bool is_named(const void *value, const void *context)
{
    const struct import_name *a = value, *b = context;
    return a->kind == b->kind && strcmp(a->name, b->name) == 0 && strcmp(a->namespace, b->namespace) == 0;
}

struct import_name *import_history_find(
    const struct import_history *history, enum import_kind kind, const char *namespace, const char *name)
{
    struct import_name wanted = {.kind = kind, .namespace = namespace, .name = name};
    return map_find_where(&history->names, hash_of(kind, namespace, name), is_named, &wanted);
}

static const char *keep(struct import_history *history, const char *text)
{
    return *text ? arena_strndup(history->arena, text, strlen(text)) : "";
}

static struct import_name *find_or_add(struct import_history *history, const struct import_object *object)
{
    struct import_name *name = import_history_find(history, object->kind, object->namespace, object->name);
    if (name)
        return name;
    name = arena_alloc(history->arena, sizeof *name);
    *name = (struct import_name){.kind = object->kind,
        .namespace = keep(history, object->namespace),
        .name = keep(history, object->name)};
    map_add_ptr(&history->names, hash_of(name->kind, name->namespace, name->name), name);
    vec_push(&history->all, name);
    return name;
}

/* --- lives -------------------------------------------------------------------------------------------- */

static void add_change(struct import_history *history, const struct import_change *change)
{
    vec_push(&history->changes, *change);
    vec_last(&history->changes).number = history->changes.count;
}

static void end_life(struct import_history *history, struct import_life *life, uint64_t order, int64_t at_ns)
{
    life->is_there = false;
    add_change(
        history, &(struct import_change){.order = order, .at_ns = at_ns, .is_gone = true, .life = life});
}

static struct import_life *begin_life(
    struct import_history *history, struct import_name *name, const struct import_object *object)
{
    struct import_life *life = arena_alloc(history->arena, sizeof *life);
    *life = (struct import_life){.name = name,
        .uid = keep(history, object->uid),
        .created = keep(history, import_text(object->root, "metadata", "creationTimestamp", NULL)),
        .spec = "",
        .node = "",
        .is_there = true};
    if (name->kind == IMPORT_ENDPOINTS || name->kind == IMPORT_SLICE)
        life->is_by_hand = import_object_is_by_hand(object);
    name->latest = life;
    return life;
}

/* The life that an object is a state of. Another uid is another object: nobody told that the one before it
 * went. */
static struct import_life *life_of(
    struct import_history *history, const struct import_object *object, int64_t at_ns)
{
    struct import_name *name = find_or_add(history, object);
    struct import_life *life = name->latest;
    bool is_other = life && *life->uid && *object->uid && strcmp(life->uid, object->uid) != 0;
    if (life && life->is_there && !is_other)
        return life;
    if (life && life->is_there)
        end_life(history, life, object->version, at_ns);
    return begin_life(history, name, object);
}

/* --- states ------------------------------------------------------------------------------------------- */

/* What a pod is, but for its status; of a patch what it says. */
static void take_spec(struct import_history *history, struct import_life *life, const struct yaml_node *root)
{
    const char *node = import_text(root, "spec", "nodeName", NULL);
    if (*life->spec && (!*node || *life->node))
        return;
    struct text spec = {0};
    import_pod_add_spec(&spec, root);
    if (spec.length > 0)
        life->spec = arena_strndup(history->arena, spec.data, spec.length);
    life->node = keep(history, node);
    text_fini(&spec);
}

static bool same_pod(const struct import_pod *a, const struct import_pod *b)
{
    return import_pod_same_status(a, b) && import_pod_same_labels(a, b) && strcmp(a->ready, b->ready) == 0;
}

/* Fills in the state of a change; false when it is the one before. */
static bool take_state(struct import_history *history, struct import_life *life,
    const struct import_object *object, bool is_patch, struct import_change *change)
{
    if (life->name->kind == IMPORT_POD) {
        struct import_pod *pod = arena_alloc(history->arena, sizeof *pod);
        import_pod_read(history->arena, object->root, is_patch ? life->pod : NULL, pod);
        take_spec(history, life, object->root);
        if (life->pod && same_pod(life->pod, pod))
            return false;
        change->pod = life->pod = pod;
        return true;
    }
    struct text text = {0};
    import_object_add(&text, object);
    bool is_same = life->text && strcmp(life->text, text.data) == 0;
    if (!is_same)
        change->text = life->text = arena_strndup(history->arena, text.data, text.length);
    text_fini(&text);
    const struct yaml_node *selector = yaml_get(yaml_get(object->root, "spec"), "selector");
    if (life->name->kind == IMPORT_SERVICE && selector && selector->kind == YAML_MAPPING)
        life->name->has_selector = life->name->has_selector || selector->pair_count > 0;
    return !is_same;
}

static bool put(struct import_history *history, const struct import_object *object, int64_t at_ns,
    bool is_start, bool is_patch)
{
    struct import_life *life = life_of(history, object, at_ns);
    if (object->version > 0 && life->version >= object->version)
        return false;
    if (object->version > 0)
        life->version = object->version;
    struct import_change change = {
        .order = object->version, .at_ns = at_ns, .is_start = is_start, .life = life};
    if (take_state(history, life, object, is_patch, &change))
        add_change(history, &change);
    return true;
}

bool import_history_put(
    struct import_history *history, const struct import_object *object, int64_t at_ns, bool is_start)
{
    return put(history, object, at_ns, is_start, false);
}

bool import_history_patch(struct import_history *history, const struct import_object *object, int64_t at_ns)
{
    if (!import_history_has(history, object->kind, object->namespace, object->name))
        return false;
    return put(history, object, at_ns, false, true);
}

bool import_history_remove(struct import_history *history, enum import_kind kind, const char *namespace,
    const char *name, uint64_t order, int64_t at_ns)
{
    struct import_name *found = import_history_find(history, kind, namespace, name);
    if (!found || !found->latest || !found->latest->is_there)
        return false;
    end_life(history, found->latest, order, at_ns);
    return true;
}

bool import_history_has(
    const struct import_history *history, enum import_kind kind, const char *namespace, const char *name)
{
    const struct import_name *found = import_history_find(history, kind, namespace, name);
    return found && found->latest && found->latest->is_there;
}

static struct import_life *pod_there(
    const struct import_history *history, const char *namespace, const char *name)
{
    const struct import_name *found = import_history_find(history, IMPORT_POD, namespace, name);
    return found && found->latest && found->latest->is_there ? found->latest : NULL;
}

void import_history_bind(
    struct import_history *history, const char *namespace, const char *name, const char *node)
{
    struct import_life *life = pod_there(history, namespace, name);
    if (!life || *life->node)
        return;
    struct text spec = {0};
    text_add(&spec, "nodeName: ");
    text_add_json(&spec, node, strlen(node));
    if (*life->spec)
        text_printf(&spec, ", %s", life->spec);
    life->spec = arena_strndup(history->arena, spec.data, spec.length);
    life->node = keep(history, node);
    text_fini(&spec);
}

void import_history_end_pod(
    struct import_history *history, const char *namespace, const char *name, int64_t at_ns, int64_t grace_s)
{
    struct import_life *life = pod_there(history, namespace, name);
    if (!life || *life->pod->deleted)
        return;
    if (!*life->node) {
        end_life(history, life, 0, at_ns);
        return;
    }
    struct import_pod *pod = arena_alloc(history->arena, sizeof *pod);
    struct text deadline = {0};
    text_add_rfc3339(&deadline, at_ns - at_ns % NS_PER_S + grace_s * NS_PER_S);
    *pod = *life->pod;
    pod->deleted = arena_strndup(history->arena, deadline.data, deadline.length);
    life->pod = pod;
    add_change(history, &(struct import_change){.at_ns = at_ns, .life = life, .pod = pod});
    text_fini(&deadline);
}

/* --- lists -------------------------------------------------------------------------------------------- */

void import_history_see(struct import_history *history, const struct import_object *object, uint32_t list)
{
    struct import_name *found = import_history_find(history, object->kind, object->namespace, object->name);
    if (found && found->latest)
        found->latest->list = list;
}

void import_history_end_list(
    struct import_history *history, enum import_kind kind, uint32_t list, uint64_t order, int64_t at_ns)
{
    for (uint32_t i = 0; i < history->all.count; i++) {
        struct import_life *life = history->all.items[i]->latest;
        if (history->all.items[i]->kind == kind && life->is_there && life->list != list)
            end_life(history, life, order, at_ns);
    }
}

/* --- the whole ---------------------------------------------------------------------------------------- */

void import_history_init(struct import_history *history, struct arena *arena, bool by_version)
{
    *history = (struct import_history){.arena = arena, .by_version = by_version};
}

void import_history_fini(struct import_history *history)
{
    map_fini(&history->names);
    vec_fini(&history->all);
    vec_fini(&history->changes);
}
