/*
 * import_audit.c: requests and their answers -> states of objects.
 */
#include "scenario/import_audit.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/names.h"
#include "scenario/import_stream.h"

/* What a pod is given to end that says nothing else, as kubelets do it. */
#define GRACE_DEFAULT_S 30

enum request_verb {
    REQUEST_CREATE,
    REQUEST_UPDATE,
    REQUEST_PATCH,
    REQUEST_DELETE,
    REQUEST_DELETE_ALL,
    REQUEST_OTHER
};

/* One event of the log. Texts are the tree's. */
struct request {
    const struct yaml_node *root;
    enum request_verb verb;
    enum import_kind kind;
    const char *subresource;
    const char *namespace, *name;             /* of objectRef; "" when absent */
    const struct yaml_node *asked, *answered; /* requestObject, responseObject; NULL when absent */
    int64_t at_ns;
};

/* One file, with its next document. */
struct log {
    struct import_stream stream;
    const struct yaml_node *next; /* NULL: no more */
    int64_t next_ns;
};

struct importer {
    struct arena *arena;
    struct import_history *history;
    struct import_recording_stats *stats;
    struct import_stream *stream; /* of the present document */
    int64_t first_ns;
    uint64_t with_body, without_body; /* requests that changed something of ours */
};

static void ignore(struct importer *im, const char *what)
{
    import_ignore(im->stats, im->arena, what);
}

/* --- events ------------------------------------------------------------------------------------------- */

static enum request_verb verb_of(const char *text)
{
    static const char *const verbs[] = {[REQUEST_CREATE] = "create",
        [REQUEST_UPDATE] = "update",
        [REQUEST_PATCH] = "patch",
        [REQUEST_DELETE] = "delete",
        [REQUEST_DELETE_ALL] = "deletecollection"};
    for (int verb = REQUEST_CREATE; verb < REQUEST_OTHER; verb++)
        if (strcmp(text, verbs[verb]) == 0)
            return (enum request_verb)verb;
    return REQUEST_OTHER;
}

/* An object that was too large is a text in its place. */
static const struct yaml_node *body_of(const struct yaml_node *root, const char *key)
{
    const struct yaml_node *body = yaml_get(root, key);
    return body && body->kind != YAML_SCALAR ? body : NULL;
}

static bool has_failed(const struct yaml_node *root)
{
    const char *code = import_text(root, "responseStatus", "code", NULL);
    int64_t number;
    return int_parse(code, strlen(code), 0, 1000, &number) && number >= 300;
}

static int64_t time_of(const struct yaml_node *root)
{
    const char *text = import_text(root, "stageTimestamp", NULL);
    int64_t ns;
    if (!*text)
        text = import_text(root, "requestReceivedTimestamp", NULL);
    return rfc3339_parse(text, strlen(text), &ns) ? ns : INT64_MIN;
}

/* False when the event is none that changes anything of ours. */
static bool read_request(struct importer *im, const struct yaml_node *root, struct request *out)
{
    const char *resource = import_text(root, "objectRef", "resource", NULL);
    const char *group = import_text(root, "objectRef", "apiGroup", NULL);
    *out = (struct request){.root = root,
        .verb = verb_of(import_text(root, "verb", NULL)),
        .kind = import_kind_named(resource),
        .subresource = import_text(root, "objectRef", "subresource", NULL),
        .namespace = import_text(root, "objectRef", "namespace", NULL),
        .name = import_text(root, "objectRef", "name", NULL),
        .asked = body_of(root, "requestObject"),
        .answered = body_of(root, "responseObject"),
        .at_ns = time_of(root)};
    if (strcmp(import_text(root, "stage", NULL), "ResponseComplete") != 0 || out->verb == REQUEST_OTHER)
        return false;
    if (out->kind == IMPORT_OTHER ||
        strcmp(group, out->kind == IMPORT_SLICE ? "discovery.k8s.io" : "") != 0) {
        if (*resource)
            ignore(im, resource);
        return false;
    }
    if (has_failed(root) || strstr(import_text(root, "requestURI", NULL), "dryRun="))
        return false;
    if (!out->answered && !out->asked && out->verb <= REQUEST_PATCH) {
        ignore(im, "requests without a body");
        im->without_body++;
        return false;
    }
    im->with_body++;
    return true;
}

/* --- states ------------------------------------------------------------------------------------------- */

/* The object of a body. False when it has no name, or is another kind (a Status). Of a patch the request
 * knows the name: of an object that is there, or it is of no use. */
static bool read_object(
    const struct request *request, const struct yaml_node *body, struct import_object *out)
{
    const char *problem, *kind = import_text(body, "kind", NULL);
    struct position at;
    if (*kind && import_kind_named(kind) != request->kind)
        return false;
    bool has_namespace = *import_text(body, "metadata", "namespace", NULL);
    bool is_good = import_object_read(body, import_kind_name(request->kind), out, &problem, &at);
    if (!is_good && request->verb != REQUEST_PATCH)
        return false;
    if (!is_good)
        *out = (struct import_object){
            .kind = request->kind, .name = request->name, .uid = "", .root = body, .namespace = "default"};
    if (request->kind == IMPORT_NODE)
        out->namespace = "";
    else if (!has_namespace && !name_check_label(request->namespace, strlen(request->namespace)))
        out->namespace = request->namespace;
    return true;
}

/* A last finalizer that went, or a deletion without grace. */
static bool is_over(const struct yaml_node *body)
{
    const struct yaml_node *metadata = yaml_get(body, "metadata");
    const struct yaml_node *finalizers = yaml_get(metadata, "finalizers");
    bool held = finalizers && finalizers->kind == YAML_SEQUENCE && finalizers->item_count > 0;
    const char *grace = import_text(metadata, "deletionGracePeriodSeconds", NULL);
    return *import_text(metadata, "deletionTimestamp", NULL) && !held && (!*grace || strcmp(grace, "0") == 0);
}

static void put(struct importer *im, const struct request *request, const struct import_object *object)
{
    bool is_known = import_history_has(im->history, object->kind, object->namespace, object->name);
    const char *created = import_text(object->root, "metadata", "creationTimestamp", NULL);
    int64_t created_ns;
    bool is_slices = object->kind == IMPORT_ENDPOINTS || object->kind == IMPORT_SLICE;
    if (is_slices && !import_object_is_by_hand(object)) {
        im->history->counts.controllers_own++;
        return;
    }
    bool was_there = !is_known && !is_slices && request->verb != REQUEST_CREATE &&
                     rfc3339_parse(created, strlen(created), &created_ns) &&
                     created_ns + NS_PER_S <= im->first_ns;
    if (!import_history_put(im->history, object, was_there ? INT64_MIN : request->at_ns, was_there))
        im->stats->told_before++;
}

static void remove_object(
    struct importer *im, const struct request *request, const struct import_object *object)
{
    import_history_remove(
        im->history, object->kind, object->namespace, object->name, object->version, request->at_ns);
}

/* --- requests ----------------------------------------------------------------------------------------- */

/* A whole object, or what is asked to change of a pod. */
static void take_write(struct importer *im, const struct request *request)
{
    struct import_object object;
    if (request->answered && read_object(request, request->answered, &object)) {
        if (is_over(request->answered))
            remove_object(im, request, &object);
        else
            put(im, request, &object);
        return;
    }
    if (!request->asked || request->asked->kind != YAML_MAPPING ||
        !read_object(request, request->asked, &object)) {
        ignore(im, "requests of which the object is not known");
        return;
    }
    object.version = 0; /* the one that was asked to be changed */
    if (request->verb != REQUEST_PATCH)
        put(im, request, &object);
    else if (request->kind != IMPORT_POD)
        ignore(im, "patches at level Request");
    else if (!import_history_patch(im->history, &object, request->at_ns))
        ignore(im, "patches of pods that nothing is known of");
}

static void take_binding(struct importer *im, const struct request *request)
{
    const char *node = import_text(request->asked, "target", "name", NULL);
    if (*node)
        import_history_bind(im->history, request->namespace, request->name, node);
}

/* The grace that was asked for; -1: none was. */
static int64_t grace_asked(const struct request *request)
{
    const char *key = "gracePeriodSeconds=", *text = import_text(request->asked, "gracePeriodSeconds", NULL);
    size_t length = strlen(text);
    if (!*text)
        text = import_text(request->asked, "deleteOptions", "gracePeriodSeconds", NULL),
        length = strlen(text);
    if (!*text) {
        const char *found = strstr(import_text(request->root, "requestURI", NULL), key);
        text = found ? found + strlen(key) : "";
        length = strspn(text, "0123456789");
    }
    int64_t grace_s;
    return int_parse(text, length, 0, INT32_MAX, &grace_s) ? grace_s : -1;
}

/* A deletion of which nobody told what became of the object: a pod on a node ends in so many seconds. */
static void take_end(struct importer *im, const struct request *request)
{
    struct import_object object = {.kind = request->kind,
        .namespace = request->kind == IMPORT_NODE ? "" : request->namespace,
        .name = request->name,
        .uid = ""};
    int64_t grace_s = grace_asked(request);
    if (request->kind != IMPORT_POD || grace_s == 0)
        remove_object(im, request, &object);
    else
        import_history_end_pod(im->history, request->namespace, request->name, request->at_ns,
            grace_s < 0 ? GRACE_DEFAULT_S : grace_s);
}

static void take_deletion(
    struct importer *im, const struct request *request, const struct yaml_node *answered)
{
    struct import_object object;
    bool is_object = answered && read_object(request, answered, &object);
    bool is_ending = is_object && *import_text(answered, "metadata", "deletionTimestamp", NULL);
    if (is_ending && !is_over(answered))
        put(im, request, &object);
    else if (is_object)
        remove_object(im, request, &object);
    else if (*request->name)
        take_end(im, request);
}

static void take_collection(struct importer *im, const struct request *request)
{
    const struct yaml_node *items = yaml_get(request->answered, "items");
    if (!items || items->kind != YAML_SEQUENCE) {
        ignore(im, "deletions of collections of which the answer is not there");
        return;
    }
    for (uint32_t i = 0; i < items->item_count; i++)
        take_deletion(im, request, items->items[i]);
}

static void take_request(struct importer *im, const struct request *request)
{
    bool is_whole = !*request->subresource || strcmp(request->subresource, "status") == 0;
    if (strcmp(request->subresource, "binding") == 0)
        take_binding(im, request);
    else if (strcmp(request->subresource, "eviction") == 0)
        take_end(im, request);
    else if (!is_whole)
        ignore(im, "requests of other subresources");
    else if (request->verb == REQUEST_DELETE)
        take_deletion(im, request, request->answered);
    else if (request->verb == REQUEST_DELETE_ALL)
        take_collection(im, request);
    else
        take_write(im, request);
}

/* --- documents ---------------------------------------------------------------------------------------- */

static bool read_event(struct importer *im, const struct yaml_node *root)
{
    struct request request;
    if (strncmp(import_text(root, "apiVersion", NULL), "audit.k8s.io/", 13) != 0 ||
        strcmp(import_text(root, "kind", NULL), "Event") != 0) {
        import_stream_fail(im->stream, root->at, "an Event of audit.k8s.io is expected here");
        return false;
    }
    if (!read_request(im, root, &request))
        return true;
    if (request.at_ns == INT64_MIN) {
        import_stream_fail(im->stream, root->at, "an event needs 'stageTimestamp', a time of RFC 3339");
        return false;
    }
    if (request.at_ns < im->first_ns)
        im->first_ns = request.at_ns;
    take_request(im, &request);
    return true;
}

/* An object of a dump. */
static bool read_start(struct importer *im, const struct yaml_node *root, const char *kind)
{
    struct import_object object;
    const char *problem;
    struct position at;
    if (!import_object_read(root, kind, &object, &problem, &at)) {
        import_stream_fail(im->stream, at, "%s", problem);
        return false;
    }
    if (object.kind == IMPORT_OTHER)
        ignore(im, object.kind_name);
    else
        import_history_put(im->history, &object, import_newest_ns(root), true);
    return true;
}

static bool read_list(struct importer *im, const struct yaml_node *items, const char *kind)
{
    bool good = true;
    char *item_kind = arena_strndup(im->arena, kind, strlen(kind) - 4);
    for (uint32_t i = 0; good && items->kind == YAML_SEQUENCE && i < items->item_count; i++)
        good = strcmp(kind, "EventList") == 0 ? read_event(im, items->items[i])
                                              : read_start(im, items->items[i], item_kind);
    return good;
}

static bool read_document(struct importer *im, const struct yaml_node *root)
{
    const char *kind = import_text(root, "kind", NULL);
    const struct yaml_node *items = yaml_get(root, "items");
    size_t length = strlen(kind);
    im->stats->documents++;
    if (items && length >= 4 && strcmp(kind + length - 4, "List") == 0)
        return read_list(im, items, kind);
    return import_kind_named(kind) == IMPORT_OTHER ? read_event(im, root) : read_start(im, root, NULL);
}

/* --- files -------------------------------------------------------------------------------------------- */

/* A dump comes before everything. */
static void advance(struct log *log)
{
    log->next = import_stream_next(&log->stream);
    log->next_ns = log->next ? time_of(log->next) : INT64_MAX;
}

/* The log whose next document is the earliest; NULL: there is none. */
static struct log *earliest(struct log *logs, uint32_t count)
{
    struct log *found = NULL;
    for (uint32_t i = 0; i < count; i++)
        if (logs[i].next && (!found || logs[i].next_ns < found->next_ns))
            found = &logs[i];
    return found;
}

/* All files side by side, by time. */
static enum status read_files(
    struct importer *im, const struct import_recording_options *options, struct diag *diag)
{
    struct log *logs = mem_array(NULL, options->path_count, sizeof *logs), *log;
    enum status status = STATUS_OK;
    for (uint32_t i = 0; i < options->path_count; i++) {
        import_stream_open(&logs[i].stream, options->paths[i], im->arena, diag);
        advance(&logs[i]);
    }
    while ((log = earliest(logs, options->path_count)) != NULL) {
        im->stream = &log->stream;
        if (read_document(im, log->next))
            advance(log);
        else
            log->next = NULL;
    }
    for (uint32_t i = 0; i < options->path_count; i++) {
        if (logs[i].stream.failed)
            status = logs[i].stream.cannot_read ? STATUS_IO : STATUS_BAD_INPUT;
        im->stats->bytes += logs[i].stream.bytes;
        import_stream_close(&logs[i].stream);
    }
    free(logs);
    return status;
}

enum status import_audit(const struct import_recording_options *options, struct arena *arena,
    struct diag *diag, FILE *out, struct import_recording_stats *stats)
{
    struct import_history history;
    struct importer im = {.arena = arena, .history = &history, .stats = stats, .first_ns = INT64_MAX};
    *stats = (struct import_recording_stats){0};
    import_history_init(&history, arena, false);
    enum status status = read_files(&im, options, diag);
    if (status == STATUS_OK && im.with_body == 0 && im.without_body > 0) {
        uint32_t source = diag_add_source(diag, options->paths[options->path_count - 1], "", 0);
        diag_error(diag, (struct position){.source = source},
            "no request has a body: the audit policy needs level RequestResponse for pods and services, not "
            "Metadata");
        status = STATUS_BAD_INPUT;
    }
    status = import_recording_finish(&history, options, "an audit log", status, diag, out, stats);
    import_history_fini(&history);
    return status;
}
