/*
 * import_kwok.c: stages -> what they do -> a distribution for each role.
 */
#include "scenario/import_kwok.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/distribution.h"
#include "scenario/import_names.h"
#include "scenario/import_stream.h"

#define API_GROUP "kwok.x-k8s.io/"
/* What a pod's deletionTimestamp is ahead when its deletion begins: terminationGracePeriodSeconds when it
 * says none. */
#define GRACE_DEFAULT_S 30
/* A share that stands for none: those of an empirical distribution must rise. */
#define SHARE_NONE 1e-9

struct importer {
    struct arena *arena;
    struct import_kwok_stats *stats;
    struct import_stream stream;
};

/* What is known of a stage while it is read. */
struct draft {
    struct import_kwok_stage stage;
    bool ends_pod, makes_unready, has_status; /* of its templates */
    bool on_deletion;                         /* for pods that are being deleted */
    bool needs_init, needs_special;           /* init containers; labels, annotations, owners */
    bool has_no_selector;
};

/* --- messages ----------------------------------------------------------------------------------------- */

static const char *keep(struct arena *arena, const char *text)
{
    return arena_strndup(arena, text, strlen(text));
}

static void pass_over(struct importer *im, const char *name, const char *why)
{
    struct text line = {0};
    text_printf(&line, "%s: %s", name, why);
    vec_push(&im->stats->passed_over, keep(im->arena, line.data));
    text_fini(&line);
}

static void note(struct importer *im, const char *name, const char *what)
{
    struct text line = {0};
    text_printf(&line, "%s: %s", name, what);
    vec_push(&im->stats->notes, keep(im->arena, line.data));
    text_fini(&line);
}

/* --- what a stage does -------------------------------------------------------------------------------- */

struct line {
    const char *text;
    size_t length;
};

/* Without blanks around it. */
static struct line trimmed(struct line line)
{
    while (line.length > 0 && *line.text == ' ')
        line.text++, line.length--;
    while (line.length > 0 && (line.text[line.length - 1] == ' ' || line.text[line.length - 1] == '\r'))
        line.length--;
    return line;
}

/* The value of "key: value" without its quotes, or NULL. */
static bool is_member(struct line line, const char *key, const char *value)
{
    size_t length = strlen(key);
    if (line.length <= length || memcmp(line.text, key, length) != 0 || line.text[length] != ':')
        return false;
    struct line rest = trimmed((struct line){line.text + length + 1, line.length - length - 1});
    if (rest.length >= 2 && (*rest.text == '"' || *rest.text == '\'') &&
        rest.text[rest.length - 1] == *rest.text)
        rest = (struct line){rest.text + 1, rest.length - 2};
    return !value || (rest.length == strlen(value) && memcmp(rest.text, value, rest.length) == 0);
}

/* A template is YAML once it is carried out; its lines tell what it sets whatever the pod is like. */
static void read_template(const char *template, struct draft *draft)
{
    bool is_ready = false, is_true = false, is_false = false;
    draft->has_status = true;
    for (const char *at = template; *at;) {
        size_t length = strcspn(at, "\n");
        struct line line = trimmed((struct line){at, length});
        at += length + (at[length] == '\n');
        if (line.length >= 2 && line.text[0] == '-' && line.text[1] == ' ') {
            is_ready = is_true = is_false = false;
            line = trimmed((struct line){line.text + 1, line.length - 1});
        }
        is_ready = is_ready || is_member(line, "type", "Ready");
        is_true = is_true || is_member(line, "status", "True");
        is_false = is_false || is_member(line, "status", "False");
        draft->stage.makes_ready = draft->stage.makes_ready || (is_ready && is_true);
        draft->makes_unready = draft->makes_unready || (is_ready && is_false);
        draft->stage.gives_ip = draft->stage.gives_ip || is_member(line, "podIP", NULL);
        draft->ends_pod =
            draft->ends_pod || is_member(line, "phase", "Succeeded") || is_member(line, "phase", "Failed");
    }
}

static bool is_true(const struct yaml_node *node)
{
    return node && node->kind == YAML_SCALAR && strcmp(node->text, "true") == 0;
}

static void read_patches(const struct yaml_node *patches, struct draft *draft)
{
    for (uint32_t i = 0; patches && patches->kind == YAML_SEQUENCE && i < patches->item_count; i++) {
        const char *template = import_text(patches->items[i], "template", NULL);
        if (strcmp(import_text(patches->items[i], "root", NULL), "status") == 0)
            read_template(template, draft);
    }
}

static void read_effects(const struct yaml_node *spec, struct draft *draft)
{
    const struct yaml_node *next = yaml_get(spec, "next"), *steps = yaml_get(spec, "steps");
    const char *template = import_text(next, "statusTemplate", NULL);
    if (*template)
        read_template(template, draft);
    read_patches(yaml_get(next, "patches"), draft);
    draft->stage.deletes = is_true(yaml_get(next, "delete"));
    for (uint32_t i = 0; steps && steps->kind == YAML_SEQUENCE && i < steps->item_count; i++) {
        const struct yaml_node *patch = yaml_get(steps->items[i], "patch");
        if (patch && strcmp(import_text(patch, "root", NULL), "status") == 0)
            read_template(import_text(patch, "template", NULL), draft);
        draft->stage.deletes = draft->stage.deletes || is_true(yaml_get(steps->items[i], "delete"));
    }
}

/* --- for which pods ----------------------------------------------------------------------------------- */

static void read_requirement(const struct yaml_node *requirement, struct draft *draft)
{
    const struct yaml_node *jq = yaml_get(requirement, "jq");
    const struct yaml_node *from = jq ? jq : requirement;
    const char *key = import_text(from, "key", NULL), *operator= import_text(from, "operator", NULL);
    bool exists = strcmp(operator, "DoesNotExist") != 0 && strcmp(operator, "NotIn") != 0;
    if (strcmp(key, ".metadata.deletionTimestamp") == 0)
        draft->on_deletion = strcmp(operator, "Exists") == 0;
    else if (exists && (strstr(key, "initContainer") || strstr(key, "finalizers")))
        draft->needs_init = true;
    else if (exists && (strncmp(key, ".metadata.", 10) == 0 || !*key))
        draft->needs_special = true;
}

static void read_selector(const struct yaml_node *spec, struct draft *draft)
{
    const struct yaml_node *selector = yaml_get(spec, "selector");
    const struct yaml_node *requirements = yaml_get(selector, "matchExpressions");
    draft->has_no_selector = !selector || yaml_is_null(selector);
    draft->needs_special = yaml_get(selector, "matchLabels") || yaml_get(selector, "matchAnnotations");
    for (uint32_t i = 0; requirements && requirements->kind == YAML_SEQUENCE && i < requirements->item_count;
         i++)
        read_requirement(requirements->items[i], draft);
}

/* --- when --------------------------------------------------------------------------------------------- */

/* False, and told, when it is no number of milliseconds; *out_ns stays when there is none. */
static bool read_milliseconds(
    struct importer *im, const struct yaml_node *delay, const char *key, int64_t *out_ns)
{
    const struct yaml_node *value = yaml_get(delay, key);
    int64_t ms;
    if (!value || yaml_is_null(value))
        return true;
    if (value->kind != YAML_SCALAR || !int_parse(value->text, value->length, 0, INT64_MAX / NS_PER_S, &ms)) {
        import_stream_fail(&im->stream, value->at, "'%s' takes a number of milliseconds, from 0", key);
        return false;
    }
    *out_ns = ms * NS_PER_MS;
    return true;
}

static const char *expression_of(const struct yaml_node *delay, const char *key)
{
    const char *old = import_text(delay, key, "expressionFrom", NULL);
    return *old ? old : import_text(delay, key, "jq", "expression", NULL);
}

static bool read_delay(struct importer *im, const struct yaml_node *delay, struct import_kwok_stage *stage)
{
    int64_t jitter_ns = -1;
    const char *from = expression_of(delay, "durationFrom");
    const char *jitter_from = expression_of(delay, "jitterDurationFrom");
    if (!read_milliseconds(im, delay, "durationMilliseconds", &stage->min_ns) ||
        !read_milliseconds(im, delay, "jitterDurationMilliseconds", &jitter_ns))
        return false;
    if (strcmp(jitter_from, ".metadata.deletionTimestamp") == 0) {
        jitter_ns = GRACE_DEFAULT_S * NS_PER_S;
        note(im, stage->name, "takes at most the grace period: 30s, the default");
    } else if (*from || *jitter_from) {
        note(
            im, stage->name, "pods may say another delay (durationFrom, jitterDurationFrom): not known here");
    }
    /* A jitter below the duration takes its place. */
    stage->max_ns = jitter_ns >= 0 ? jitter_ns : stage->min_ns;
    if (stage->max_ns < stage->min_ns)
        stage->min_ns = stage->max_ns;
    return true;
}

/* --- stages ------------------------------------------------------------------------------------------- */

static const char *why_not(const struct draft *draft)
{
    if (draft->has_no_selector)
        return "selects nothing";
    if (draft->needs_special)
        return "for some pods only, by their metadata";
    if (draft->needs_init)
        return "for pods with init containers or finalizers only";
    if (draft->ends_pod)
        return "ends pods: Services do without them";
    if (draft->on_deletion != draft->stage.deletes)
        return draft->on_deletion ? "changes what is being deleted already" : "deletes pods by itself";
    if (draft->makes_unready && !draft->stage.gives_ip)
        return "makes pods not ready: an 'unready' event does that";
    if (!draft->stage.deletes && !draft->stage.gives_ip && !draft->stage.makes_ready)
        return "neither gives an address nor makes ready";
    return NULL;
}

static bool read_stage(struct importer *im, const struct yaml_node *root)
{
    const struct yaml_node *spec = yaml_get(root, "spec");
    const char *name = import_text(root, "metadata", "name", NULL);
    const char *kind = import_text(spec, "resourceRef", "kind", NULL);
    struct draft draft = {.stage = {.name = keep(im->arena, *name ? name : "a stage")}};
    if (!*kind) {
        import_stream_fail(&im->stream, (spec ? spec : root)->at, "a Stage needs 'spec.resourceRef.kind'");
        return false;
    }
    if (strcmp(kind, "Pod") != 0) {
        pass_over(im, draft.stage.name, strcmp(kind, "Node") == 0 ? "for nodes" : "not for pods");
        return true;
    }
    read_effects(spec, &draft);
    read_selector(spec, &draft);
    const char *why = why_not(&draft);
    if (why) {
        pass_over(im, draft.stage.name, why);
        return true;
    }
    const char *weight = import_text(spec, "weight", NULL);
    int64_t number = 0;
    int_parse(weight, strlen(weight), 0, INT32_MAX, &number);
    draft.stage.weight = (uint64_t)number;
    if (!read_delay(im, yaml_get(spec, "delay"), &draft.stage))
        return false;
    vec_push(&im->stats->stages, draft.stage);
    return true;
}

static bool read_document(struct importer *im, const struct yaml_node *root)
{
    const char *version = import_text(root, "apiVersion", NULL), *kind = import_text(root, "kind", NULL);
    const struct yaml_node *items = yaml_get(root, "items");
    bool good = true;
    if (root->kind != YAML_MAPPING || !*kind) {
        import_stream_fail(&im->stream, root->at, "a Stage of kwok.x-k8s.io is expected here");
        return false;
    }
    if (items && items->kind == YAML_SEQUENCE) {
        for (uint32_t i = 0; good && i < items->item_count; i++)
            good = read_document(im, items->items[i]);
        return good;
    }
    if (strncmp(version, API_GROUP, strlen(API_GROUP)) == 0 && strcmp(kind, "Stage") == 0)
        return read_stage(im, root);
    pass_over(im, kind, "no Stage");
    return true;
}

/* --- distributions ------------------------------------------------------------------------------------ */

static int compare_ns(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

/* The share of draws from [min, max) that are at most `ns`; before a step at `ns` itself, if `below`. */
static double share_of(const struct import_kwok_stage *stage, int64_t ns, bool below)
{
    if (stage->min_ns == stage->max_ns)
        return ns > stage->min_ns || (ns == stage->min_ns && !below);
    if (ns <= stage->min_ns)
        return 0;
    return ns >= stage->max_ns ? 1 : (double)(ns - stage->min_ns) / (double)(stage->max_ns - stage->min_ns);
}

static void add_point(struct text *out, double share, int64_t ns)
{
    text_add(out, out->length > 0 ? ", [" : "{empirical: [[");
    text_add_real(out, share);
    text_add(out, ", ");
    text_add_duration(out, ns);
    text_add_char(out, ']');
}

/* One of several is drawn by weight: the sum of their distribution functions, which are lines between the
 * ends of the delays, with steps where a delay is fixed. */
static void add_mixture(
    struct text *out, const struct import_kwok_stage **stages, uint32_t count, uint64_t total)
{
    int64_t *ends = mem_array(NULL, 2 * (size_t)count, sizeof *ends);
    struct text points = {0};
    double last = -1;
    int64_t last_ns = -1;
    for (uint32_t i = 0; i < count; i++) {
        ends[2 * i] = stages[i]->min_ns;
        ends[2 * i + 1] = stages[i]->max_ns;
    }
    qsort(ends, 2 * (size_t)count, sizeof *ends, compare_ns);
    for (uint32_t e = 0; e < 2 * count; e++)
        for (int step = 0; step < 2; step++) {
            bool is_end = e == 2 * count - 1 && step == 1;
            double share = 0;
            for (uint32_t i = 0; i < count; i++)
                share += (double)(total ? stages[i]->weight : 1) / (double)(total ? total : count) *
                         share_of(stages[i], ends[e], step == 0);
            if (is_end || share > 1)
                share = 1;
            if (share <= last && ends[e] > last_ns)
                share = last + SHARE_NONE; /* nothing lies between the two */
            if (share <= last)
                continue;
            add_point(&points, share, ends[e]);
            last = share;
            last_ns = ends[e];
        }
    text_add(out, points.data);
    text_add(out, "]}");
    text_fini(&points);
    free(ends);
}

/* Moves the stages that may be drawn to the front; those without a weight are not, if others have one. */
static void add_delay(struct text *out, const struct import_kwok_stage **stages, uint32_t count)
{
    uint64_t total = 0;
    uint32_t drawn = 0;
    for (uint32_t i = 0; i < count; i++)
        total += stages[i]->weight;
    for (uint32_t i = 0; i < count; i++)
        if (total == 0 || stages[i]->weight > 0)
            stages[drawn++] = stages[i];
    if (drawn > 1) {
        add_mixture(out, stages, drawn, total);
        return;
    }
    if (stages[0]->min_ns == stages[0]->max_ns) {
        text_add_duration(out, stages[0]->min_ns);
        return;
    }
    text_add(out, "{uniform: {min: ");
    text_add_duration(out, stages[0]->min_ns);
    text_add(out, ", max: ");
    text_add_duration(out, stages[0]->max_ns);
    text_add(out, "}}");
}

static bool has_role(const struct import_kwok_stage *stage, enum import_kwok_role role)
{
    return role == KWOK_START   ? stage->gives_ip
           : role == KWOK_READY ? stage->makes_ready && !stage->gives_ip
                                : stage->deletes;
}

static void choose_delays(struct importer *im)
{
    uint32_t all = im->stats->stages.count;
    const struct import_kwok_stage **found = mem_array(NULL, all + 1, sizeof *found);
    bool ready_at_once = false;
    for (int role = 0; role < KWOK_ROLE_COUNT; role++) {
        uint32_t count = 0;
        for (uint32_t i = 0; i < all; i++) {
            const struct import_kwok_stage *stage = &im->stats->stages.items[i];
            ready_at_once = ready_at_once || (stage->gives_ip && stage->makes_ready);
            if (has_role(stage, (enum import_kwok_role)role))
                found[count++] = stage;
        }
        struct text delay = {0};
        if (count > 0)
            add_delay(&delay, found, count);
        else if (role == KWOK_READY && ready_at_once)
            text_add(&delay, "0s");
        if (delay.length > 0)
            im->stats->delays[role] = keep(im->arena, delay.data);
        text_fini(&delay);
    }
    free(found);
}

/* --- the whole ---------------------------------------------------------------------------------------- */

static void write_scenario(
    const struct importer *im, const struct import_recording_options *options, FILE *out)
{
    static const char *const names[KWOK_ROLE_COUNT] = {"start", "ready", "stop"};
    struct text name = {0};
    name_fit(&name, options->name, strlen(options->name), NAME_OBJECT);
    fprintf(out,
        "apiVersion: epsim.dev/v1\nkind: Scenario\nmetadata: {name: \"%s\"}\nspec:\n"
        "  about: the delays of kwok's stages\n  pods:\n",
        name.data);
    for (int role = 0; role < KWOK_ROLE_COUNT; role++)
        if (im->stats->delays[role])
            fprintf(out, "    %s: %s\n", names[role], im->stats->delays[role]);
    text_fini(&name);
}

static enum status read_file(struct importer *im, const char *path, struct diag *diag)
{
    const struct yaml_node *root;
    import_stream_open(&im->stream, path, im->arena, diag);
    while ((root = import_stream_next(&im->stream)) != NULL && read_document(im, root))
        continue;
    enum status status = im->stream.cannot_read ? STATUS_IO
                         : im->stream.failed    ? STATUS_BAD_INPUT
                                                : STATUS_OK;
    import_stream_close(&im->stream);
    return status;
}

enum status import_kwok(const struct import_recording_options *options, struct arena *arena,
    struct diag *diag, FILE *out, struct import_kwok_stats *stats)
{
    struct importer im = {.arena = arena, .stats = stats};
    enum status status = STATUS_OK;
    *stats = (struct import_kwok_stats){0};
    for (uint32_t i = 0; i < options->path_count; i++) {
        enum status read = read_file(&im, options->paths[i], diag);
        status = read != STATUS_OK ? read : status;
    }
    if (status == STATUS_OK && stats->stages.count == 0) {
        uint32_t source =
            diag_add_source(diag, strcmp(options->paths[0], "-") == 0 ? "<stdin>" : options->paths[0], "", 0);
        diag_error(diag, (struct position){.source = source},
            "no Stage in it gives pods an address, makes them ready or deletes them");
        status = STATUS_BAD_INPUT;
    }
    if (status != STATUS_OK)
        return status;
    choose_delays(&im);
    write_scenario(&im, options, out);
    return fflush(out) != 0 || ferror(out) ? STATUS_IO : STATUS_OK;
}

void import_kwok_stats_fini(struct import_kwok_stats *stats)
{
    vec_fini(&stats->stages);
    vec_fini(&stats->passed_over);
    vec_fini(&stats->notes);
}
