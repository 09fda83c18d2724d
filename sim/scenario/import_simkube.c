/*
 * import_simkube.c: a trace's events -> manifests and events of a scenario.
 */
#include "scenario/import_simkube.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "model/names.h"
#include "scenario/import_names.h"
#include "scenario/json_read.h"
#include "scenario/msgpack_read.h"

#define TRACE_BYTES_MAX ((size_t)1 << 30)
/* Of Unix time: in 2255, the last that a calendar in nanoseconds has whole. */
#define SECONDS_MAX INT64_C(9000000000)
/* The trees of so many bytes of a trace are kept before they are given back. */
#define TREE_BYTES ((size_t)1 << 20)

/* An object, by kind and name; `text` is its latest manifest. */
struct object {
    const struct object_kind_info *kind;
    const char *namespace, *name, *text;
    bool is_there;
};

struct importer {
    struct arena *arena;
    struct arena trees;
    struct diag *diag;
    struct import_simkube_stats *stats;
    uint32_t source;
    bool is_binary; /* positions are bytes */
    bool failed;
    bool has_events, has_begun;
    int64_t at_ns;
    struct map objects;
    struct text manifests, events;
};

static bool fail(struct importer *im, struct position at, const char *message)
{
    im->failed = true;
    if (im->is_binary) {
        diag_error(
            im->diag, (struct position){.source = im->source}, "byte %" PRIu32 ": %s", at.column, message);
        return false;
    }
    at.source = im->source;
    diag_error(im->diag, at, "%s", message);
    return false;
}

/* --- objects ------------------------------------------------------------------------------------------ */

static bool is_named(const void *value, const void *context)
{
    const struct object *a = value, *b = context;
    return a->kind == b->kind && strcmp(a->name, b->name) == 0 && strcmp(a->namespace, b->namespace) == 0;
}

static struct object *find(const struct importer *im, const struct object *wanted, uint64_t *out_hash)
{
    *out_hash = hash_mix(hash64(wanted->namespace, strlen(wanted->namespace)),
        hash64(wanted->name, strlen(wanted->name)) + (uint64_t)(wanted->kind - object_kinds));
    return map_find_where(&im->objects, *out_hash, is_named, wanted);
}

static const char *keep(struct importer *im, const char *text)
{
    return arena_strndup(im->arena, text, strlen(text));
}

static struct object *find_or_add(struct importer *im, const struct object *wanted)
{
    uint64_t hash;
    struct object *object = find(im, wanted, &hash);
    if (object)
        return object;
    object = arena_alloc(im->arena, sizeof *object);
    *object = (struct object){wanted->kind, keep(im, wanted->namespace), keep(im, wanted->name), "", false};
    map_add_ptr(&im->objects, hash, object);
    im->stats->objects++;
    im->stats->services += object->kind->reference_kind == REFERENCE_SERVICE;
    return object;
}

static bool is_controlled(const struct yaml_node *root)
{
    const struct yaml_node *owners = yaml_get(yaml_get(root, "metadata"), "ownerReferences");
    for (uint32_t i = 0; owners && owners->kind == YAML_SEQUENCE && i < owners->item_count; i++)
        if (strcmp(import_text(owners->items[i], "controller", NULL), "true") == 0)
            return true;
    return false;
}

/* True: *out is an object that scenarios have. False: it is passed over, or wrong, which is told. */
static bool read_object(struct importer *im, const struct yaml_node *root, struct object *out)
{
    const char *kind = import_text(root, "kind", NULL), *version = import_text(root, "apiVersion", NULL);
    const char *name = import_text(root, "metadata", "name", NULL);
    const struct object_kind_info *info = object_kind_named(kind);
    size_t group = info ? strlen(info->group) : 0;
    if (root->kind != YAML_MAPPING || !*kind || !*name)
        return fail(im, root->at, "an object needs 'kind' and 'metadata.name'");
    bool is_ours = info && strncmp(version, info->group, group) == 0 &&
                   (group > 0 ? version[group] == '/' : !strchr(version, '/'));
    if (!is_ours || info->reference_kind == REFERENCE_NAMESPACE) {
        import_ignore(&im->stats->others, im->arena, kind);
        return false;
    }
    if (is_controlled(root)) {
        import_ignore(&im->stats->others, im->arena, "objects that another one makes");
        return false;
    }
    const char *namespace = import_text(root, "metadata", "namespace", NULL);
    *out = (struct object){info,
        !info->namespaced ? ""
        : *namespace      ? namespace
                          : "default",
        name, "", false};
    if (info->name_check(name, strlen(name)) ||
        (*out->namespace && name_check_label(out->namespace, strlen(out->namespace))))
        return fail(im, root->at, "Kubernetes takes no such name or namespace");
    return true;
}

/* --- events ------------------------------------------------------------------------------------------- */

static void begin_event(struct importer *im, const char *verb)
{
    text_add(&im->events, "  - {at: ");
    text_add_duration(&im->events, im->at_ns);
    text_printf(&im->events, ", %s: ", verb);
}

static void apply(struct importer *im, const struct yaml_node *root, bool is_start)
{
    struct object wanted;
    struct text manifest = {0};
    if (!read_object(im, root, &wanted))
        return;
    struct object *object = find_or_add(im, &wanted);
    import_manifest_add(&manifest, object->kind, object->namespace, object->name, root);
    if (!object->is_there || strcmp(object->text, manifest.data) != 0) {
        object->text = arena_strndup(im->arena, manifest.data, manifest.length);
        if (is_start && !object->is_there) {
            text_printf(&im->manifests, "%s\n---\n", object->text);
            im->stats->at_start++;
        } else {
            begin_event(im, "apply");
            text_printf(&im->events, "%s}\n", object->text);
            im->stats->applies++;
        }
        object->is_there = true;
    }
    text_fini(&manifest);
}

static void delete_object(struct importer *im, const struct yaml_node *root)
{
    struct object wanted;
    uint64_t hash;
    if (!read_object(im, root, &wanted))
        return;
    struct object *object = find(im, &wanted, &hash);
    if (!object || !object->is_there)
        return;
    object->is_there = false;
    im->stats->deletions++;
    begin_event(im, "delete");
    if (*object->namespace && strcmp(object->namespace, "default") != 0)
        text_printf(&im->events, "%s/", object->namespace);
    text_printf(&im->events, "%s/%s}\n", object->kind->reference, object->name);
}

static bool take_event(struct importer *im, const struct yaml_node *event)
{
    const struct yaml_node *ts = yaml_get(event, "ts");
    const struct yaml_node *applied = yaml_get(event, "applied_objs");
    const struct yaml_node *deleted = yaml_get(event, "deleted_objs");
    int64_t ts_s;
    if (!ts || ts->kind != YAML_SCALAR || !int_parse(ts->text, ts->length, 0, SECONDS_MAX, &ts_s))
        return fail(im, ts ? ts->at : event->at, "an event needs 'ts', seconds since 1970");
    bool is_start = !im->has_begun;
    if (is_start)
        im->stats->start_s = ts_s;
    im->has_begun = true;
    int64_t at_ns = (ts_s - im->stats->start_s) * NS_PER_S;
    if (at_ns < im->at_ns)
        return fail(im, ts->at, "this event is earlier than the one before it");
    im->at_ns = im->stats->last_ns = at_ns;
    for (uint32_t i = 0; applied && applied->kind == YAML_SEQUENCE && i < applied->item_count; i++)
        apply(im, applied->items[i], is_start);
    for (uint32_t i = 0; deleted && deleted->kind == YAML_SEQUENCE && i < deleted->item_count; i++)
        delete_object(im, deleted->items[i]);
    return !im->failed;
}

/* --- the parts of a trace ------------------------------------------------------------------------------ */

static bool take_version(struct importer *im, const struct yaml_node *version)
{
    int64_t number;
    if (version->kind != YAML_SCALAR || !int_parse(version->text, version->length, 2, 3, &number))
        return fail(im, version->at, "no version of SimKube's traces that is known: 2 and 3 are");
    im->stats->version = (uint64_t)number;
    return true;
}

static void count_lifetimes(struct importer *im, const struct yaml_node *node)
{
    for (uint32_t i = 0; node->kind == YAML_SEQUENCE && i < node->item_count; i++)
        count_lifetimes(im, node->items[i]);
    for (uint32_t i = 0; node->kind == YAML_MAPPING && i < node->pair_count; i++)
        if (node->pairs[i].key->kind == YAML_SCALAR && strcmp(node->pairs[i].key->text, "Finished") == 0)
            im->stats->lifetimes++;
        else
            count_lifetimes(im, node->pairs[i].value);
}

static bool take_part(struct importer *im, const char *key, const struct yaml_node *value)
{
    if (strcmp(key, "version") == 0)
        return take_version(im, value);
    if (strcmp(key, "index") == 0 || strcmp(key, "pod_lifecycles") == 0)
        count_lifetimes(im, value);
    return true;
}

/* --- JSON --------------------------------------------------------------------------------------------- */

static bool read_json(struct importer *im, const char *text, size_t length)
{
    struct json_mistake mistake;
    const struct yaml_node *root = json_read(&im->trees, im->source, text, length, &mistake);
    if (!root)
        return fail(im, mistake.at, mistake.message);
    const struct yaml_node *events = yaml_get(root, "events");
    if (!yaml_get(root, "version") || !events || events->kind != YAML_SEQUENCE)
        return fail(im, root->at, "a trace of SimKube is a map with 'version' and 'events'");
    for (uint32_t i = 0; i < root->pair_count; i++)
        if (!take_part(im, root->pairs[i].key->text, root->pairs[i].value))
            return false;
    for (uint32_t i = 0; i < events->item_count; i++)
        if (!take_event(im, events->items[i]))
            return false;
    im->has_events = true;
    return true;
}

/* --- MessagePack --------------------------------------------------------------------------------------- */

static bool is_damaged(struct importer *im, const struct msgpack_reader *reader)
{
    if (reader->mistake)
        fail(im, (struct position){.column = (uint32_t)reader->mistake_at + 1}, reader->mistake);
    return reader->mistake != NULL;
}

/* Gives the trees back when they are many. */
static void forget_trees(struct importer *im, const struct msgpack_reader *reader, size_t *since)
{
    size_t offset = (size_t)(reader->at - reader->begin);
    if (offset - *since < TREE_BYTES)
        return;
    arena_fini(&im->trees);
    *since = offset;
}

static bool read_events(struct importer *im, struct msgpack_reader *reader)
{
    uint32_t count;
    size_t since = (size_t)(reader->at - reader->begin);
    struct position at = {.column = (uint32_t)since + 1};
    im->has_events = msgpack_enter(reader, YAML_SEQUENCE, &count);
    if (!im->has_events)
        return !is_damaged(im, reader) && fail(im, at, "'events' is a list");
    for (uint32_t i = 0; i < count; i++) {
        const struct yaml_node *event = msgpack_read(reader);
        if (!event)
            return !is_damaged(im, reader);
        if (!take_event(im, event))
            return false;
        forget_trees(im, reader, &since);
    }
    return true;
}

static bool read_msgpack(struct importer *im, const char *bytes, size_t length)
{
    static const char no_trace[] = "a trace of SimKube is a map with 'version' and 'events'";
    struct msgpack_reader reader;
    uint32_t count;
    size_t since = 0;
    im->is_binary = true;
    msgpack_init(&reader, &im->trees, bytes, length);
    if (!msgpack_enter(&reader, YAML_MAPPING, &count))
        return !is_damaged(im, &reader) && fail(im, (struct position){.column = 1}, no_trace);
    for (uint32_t i = 0; i < count; i++) {
        const struct yaml_node *key = msgpack_read(&reader);
        bool is_events = key && key->kind == YAML_SCALAR && strcmp(key->text, "events") == 0;
        const struct yaml_node *value = key && !is_events ? msgpack_read(&reader) : NULL;
        if (is_damaged(im, &reader))
            return false;
        if (is_events ? !read_events(im, &reader)
                      : !take_part(im, key->kind == YAML_SCALAR ? key->text : "", value))
            return false;
        forget_trees(im, &reader, &since);
    }
    if (!im->has_events || im->stats->version == 0)
        return fail(im, (struct position){.column = 1}, no_trace);
    return true;
}

/* --- the whole ---------------------------------------------------------------------------------------- */

/* NULL, or why it cannot be read. */
static const char *read_file(const char *path, struct text *out)
{
    bool is_stdin = strcmp(path, "-") == 0;
    FILE *file = is_stdin ? stdin : fopen(path, "rb");
    if (!file)
        return strerror(errno);
    char *block = mem_alloc(65536);
    size_t got;
    while ((got = fread(block, 1, 65536, file)) > 0 && out->length <= TRACE_BYTES_MAX)
        text_add_bytes(out, block, got);
    const char *problem = ferror(file)                    ? strerror(errno)
                          : out->length > TRACE_BYTES_MAX ? "larger than 1 GiB"
                                                          : NULL;
    free(block);
    if (!is_stdin)
        fclose(file);
    return problem;
}

/* No trace in MessagePack begins so: it is a map. */
static bool is_json(const struct text *trace)
{
    const char *bytes = trace->length ? trace->data : "";
    char first = bytes[strspn(bytes, " \t\r\n")];
    return first == '{' || first == '[' || first == '\0';
}

static bool read_trace(struct importer *im, const struct text *trace)
{
    const char *bytes = trace->length ? trace->data : "";
    size_t offset;
    if (!is_json(trace))
        return read_msgpack(im, bytes, trace->length);
    if (!utf8_valid(bytes, trace->length, &offset))
        return fail(im, (struct position){.line = 1, .column = 1, .length = 1}, "not in UTF-8");
    return read_json(im, bytes, trace->length);
}

static void write_scenario(
    const struct importer *im, const struct import_recording_options *options, FILE *out)
{
    struct text head = {0}, name = {0};
    name_fit(&name, options->name, strlen(options->name), NAME_OBJECT);
    text_printf(&head,
        "apiVersion: epsim.dev/v1\nkind: Scenario\nmetadata: {name: \"%s\"}\nspec:\n"
        "  about: imported from a trace of SimKube\n  start: ",
        name.data);
    text_add_rfc3339(&head, im->stats->start_s * NS_PER_S);
    text_add(&head, "\n  until: ");
    text_add_duration(&head, im->stats->last_ns);
    text_add(&head, im->events.length ? "\n  events:\n" : "\n");
    fwrite(im->manifests.data, 1, im->manifests.length, out);
    fwrite(head.data, 1, head.length, out);
    fwrite(im->events.data, 1, im->events.length, out);
    text_fini(&head);
    text_fini(&name);
}

static enum status finish(struct importer *im, const struct import_recording_options *options, FILE *out)
{
    if (im->stats->objects == 0) {
        diag_error(im->diag, (struct position){.source = im->source}, "no workloads, services or pods in it");
        return STATUS_BAD_INPUT;
    }
    write_scenario(im, options, out);
    return fflush(out) != 0 || ferror(out) ? STATUS_IO : STATUS_OK;
}

enum status import_simkube(const struct import_recording_options *options, struct arena *arena,
    struct diag *diag, FILE *out, struct import_simkube_stats *stats)
{
    struct importer im = {.arena = arena, .diag = diag, .stats = stats};
    struct text trace = {0};
    const char *path = options->paths[0], *problem = read_file(path, &trace);
    enum status status = STATUS_IO;
    *stats = (struct import_simkube_stats){0};
    arena_init(&im.trees);
    /* What is shown of it must outlive this function: all of JSON, nothing of MessagePack. */
    bool is_text = trace.length > 0 && is_json(&trace);
    im.source = diag_add_source(diag, strcmp(path, "-") ? path : "<stdin>",
        is_text ? arena_strndup(arena, trace.data, trace.length) : "", is_text ? trace.length : 0);
    if (problem) {
        diag_error(diag, (struct position){.source = im.source}, "cannot be read: %s", problem);
    } else {
        status = read_trace(&im, &trace) ? finish(&im, options, out) : STATUS_BAD_INPUT;
    }
    arena_fini(&im.trees);
    map_fini(&im.objects);
    text_fini(&im.manifests);
    text_fini(&im.events);
    text_fini(&trace);
    return status;
}

void import_simkube_stats_fini(struct import_simkube_stats *stats)
{
    import_recording_stats_fini(&stats->others);
}
