/*
 * import_watch.c: watch streams -> states of objects.
 */
#include "scenario/import_watch.h"

#include <stdlib.h>
#include <string.h>

#include "scenario/import_stream.h"

/* What is known of one kind within one file. A run is a list as kubectl prints it: objects that were added
 * (or, without watch events, not seen before), in ascending order. */
struct watched {
    bool is_start; /* the run that began the file is going on */
    bool has_begun;
    bool in_run;
    bool is_list; /* an object of the run was there before: everything is listed anew */
    char *last;   /* namespace/name of the run's latest object; owned */
    uint32_t run;
    uint64_t order; /* the highest version so far */
    int64_t at_ns;  /* the latest time so far */
};

struct importer {
    struct arena *arena;
    struct import_history *history;
    struct import_recording_stats *stats;
    struct import_stream stream;
    struct watched kinds[IMPORT_KIND_COUNT];
    uint32_t runs;
};

enum type { TYPE_NONE, TYPE_ADDED, TYPE_MODIFIED, TYPE_DELETED };

/* --- runs --------------------------------------------------------------------------------------------- */

static void end_run(struct importer *im, enum import_kind kind)
{
    struct watched *watched = &im->kinds[kind];
    if (watched->in_run && watched->is_list) {
        im->stats->lists++;
        import_history_end_list(im->history, kind, watched->run, watched->order, watched->at_ns);
    }
    watched->in_run = watched->is_start = watched->is_list = false;
}

static void begin_run(struct importer *im, struct watched *watched)
{
    watched->in_run = true;
    watched->is_start = !watched->has_begun;
    watched->has_begun = true;
    watched->run = ++im->runs;
    free(watched->last);
    watched->last = NULL;
}

/* Whether an object goes on, or begins, a list. */
static bool continues_run(struct importer *im, const struct import_object *object, enum type type)
{
    struct watched *watched = &im->kinds[object->kind];
    bool is_known = import_history_has(im->history, object->kind, object->namespace, object->name);
    struct text name = {0};
    text_printf(&name, "%s/%s", object->namespace, object->name); /* etcd's keys are in this order */
    bool ascends = !watched->last || strcmp(name.data, watched->last) > 0;
    bool may = type == TYPE_ADDED || (type == TYPE_NONE && !is_known);
    if (watched->in_run && (!may || !ascends))
        end_run(im, object->kind);
    if (may && !watched->in_run)
        begin_run(im, watched);
    if (watched->in_run) {
        free(watched->last);
        watched->last = name.data;
        watched->is_list = watched->is_list || (is_known && type == TYPE_ADDED);
    } else {
        text_fini(&name);
    }
    return watched->in_run;
}

/* --- objects ------------------------------------------------------------------------------------------ */

/* Without watch events: the kubelet's last word of a pod. */
static bool is_last_state(const struct import_object *object)
{
    return object->kind == IMPORT_POD && *import_text(object->root, "metadata", "deletionTimestamp", NULL) &&
           strcmp(import_text(object->root, "metadata", "deletionGracePeriodSeconds", NULL), "0") == 0;
}

/* A pod that is newer than all before it and to which nothing has happened yet was not in the list but
 * created when the watch was on; by the order of names alone it could go on the list. */
static bool is_newborn(const struct watched *watched, const struct import_object *object, int64_t at_ns)
{
    const char *created = import_text(object->root, "metadata", "creationTimestamp", NULL);
    int64_t created_ns;
    return object->kind == IMPORT_POD && !*import_text(object->root, "status", "podIP", NULL) &&
           rfc3339_parse(created, strlen(created), &created_ns) && created_ns == at_ns &&
           at_ns > watched->at_ns && watched->at_ns != INT64_MIN && object->version > watched->order;
}

static void take_object(struct importer *im, const struct import_object *object, enum type type)
{
    struct watched *watched = &im->kinds[object->kind];
    int64_t at_ns = import_newest_ns(object->root);
    bool in_run = type != TYPE_DELETED && continues_run(im, object, type);
    if (type == TYPE_DELETED && watched->in_run)
        end_run(im, object->kind);
    bool is_start = in_run && watched->is_start && !is_newborn(watched, object, at_ns);
    im->stats->without_time += !is_start && at_ns < watched->at_ns;
    if (at_ns > watched->at_ns)
        watched->at_ns = at_ns;
    if (object->version > watched->order)
        watched->order = object->version;
    watched->has_begun = true;
    if (type == TYPE_DELETED || (type == TYPE_NONE && is_last_state(object))) {
        import_history_remove(
            im->history, object->kind, object->namespace, object->name, watched->order, watched->at_ns);
        return;
    }
    if (!import_history_put(im->history, object, is_start ? at_ns : watched->at_ns, is_start))
        im->stats->told_before++;
    if (in_run)
        import_history_see(im->history, object, watched->run);
}

/* False, and told, when it is no object. */
static bool read_object(struct importer *im, const struct yaml_node *root, const char *kind, enum type type)
{
    struct import_object object;
    const char *problem;
    struct position at;
    if (!import_object_read(root, kind, &object, &problem, &at)) {
        import_stream_fail(&im->stream, at, "%s", problem);
        return false;
    }
    if (object.kind == IMPORT_OTHER)
        import_ignore(im->stats, im->arena, object.kind_name);
    else
        take_object(im, &object, type);
    return true;
}

/* --- documents ---------------------------------------------------------------------------------------- */

static bool read_list(struct importer *im, const struct yaml_node *root, const char *kind)
{
    const struct yaml_node *items = yaml_get(root, "items");
    size_t length = strlen(kind) - 4;
    char *item_kind = length > 0 ? arena_strndup(im->arena, kind, length) : NULL;
    bool good = true;
    for (uint32_t i = 0; good && items->kind == YAML_SEQUENCE && i < items->item_count; i++)
        good = read_object(im, items->items[i], item_kind, TYPE_ADDED);
    return good;
}

static bool is_list(const struct yaml_node *root, const char *kind)
{
    size_t length = strlen(kind);
    return length >= 4 && strcmp(kind + length - 4, "List") == 0 && yaml_get(root, "items");
}

static bool read_event(struct importer *im, const struct yaml_node *type_node, const struct yaml_node *object)
{
    static const char *const types[] = {
        [TYPE_ADDED] = "ADDED", [TYPE_MODIFIED] = "MODIFIED", [TYPE_DELETED] = "DELETED"};
    const char *text = type_node->kind == YAML_SCALAR ? type_node->text : "";
    im->stats->has_watch_events = true;
    for (int type = TYPE_ADDED; type <= TYPE_DELETED; type++)
        if (strcmp(types[type], text) == 0)
            return read_object(im, object, NULL, (enum type)type);
    if (strcmp(text, "BOOKMARK") == 0)
        return true;
    if (strcmp(text, "ERROR") == 0) {
        import_ignore(im->stats, im->arena, "watch that ended with an error");
        return true;
    }
    import_stream_fail(
        &im->stream, type_node->at, "'type' is one of ADDED, MODIFIED, DELETED, BOOKMARK, ERROR");
    return false;
}

static bool read_document(struct importer *im, const struct yaml_node *root)
{
    const struct yaml_node *type = yaml_get(root, "type"), *object = yaml_get(root, "object");
    const char *kind = import_text(root, "kind", NULL);
    im->stats->documents++;
    if (type && object && !*kind)
        return read_event(im, type, object);
    if (is_list(root, kind))
        return read_list(im, root, kind);
    return read_object(im, root, NULL, TYPE_NONE);
}

static bool read_file(struct importer *im, const char *path, struct diag *diag)
{
    const struct yaml_node *root;
    memset(im->kinds, 0, sizeof im->kinds);
    for (int kind = 0; kind < IMPORT_KIND_COUNT; kind++)
        im->kinds[kind].at_ns = INT64_MIN;
    import_stream_open(&im->stream, path, im->arena, diag);
    while ((root = import_stream_next(&im->stream)) != NULL && read_document(im, root))
        continue;
    bool good = !im->stream.failed;
    for (int kind = 0; kind < IMPORT_KIND_COUNT; kind++) {
        if (good)
            end_run(im, (enum import_kind)kind);
        free(im->kinds[kind].last);
    }
    im->stats->bytes += im->stream.bytes;
    import_stream_close(&im->stream);
    return good;
}

enum status import_watch(const struct import_recording_options *options, struct arena *arena,
    struct diag *diag, FILE *out, struct import_recording_stats *stats)
{
    struct import_history history;
    struct importer im = {.arena = arena, .history = &history, .stats = stats};
    enum status status = STATUS_OK;
    *stats = (struct import_recording_stats){0};
    import_history_init(&history, arena, true);
    for (uint32_t i = 0; i < options->path_count; i++)
        if (!read_file(&im, options->paths[i], diag))
            status = im.stream.cannot_read ? STATUS_IO : STATUS_BAD_INPUT;
    status = import_recording_finish(&history, options, "a watch", status, diag, out, stats);
    import_history_fini(&history);
    return status;
}
