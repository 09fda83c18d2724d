/*
 * words.c: see words.h.
 */
#include "walk/words.h"

#include <string.h>

#include "scenario/kinds.h"

/* --- lines of the scenario ------------------------------------------------------------------- */

static void add_object(struct text *out, const char *kind, const char *namespace, const char *name)
{
    text_printf(out, "%s/", kind);
    if (*namespace && strcmp(namespace, "default") != 0)
        text_printf(out, "%s/", namespace);
    text_add(out, name);
}

static void add_labels(struct text *out, const struct text_map *labels)
{
    for (uint32_t i = 0; i < labels->count; i++) {
        const struct text_pair *pair = &labels->items[i];
        text_printf(out, " %s%s%s", pair->key, pair->value ? "=" : "-", pair->value ? pair->value : "");
    }
}

void words_add_event(struct text *out, const struct scenario_event *event)
{
    static const char *const verbs[] = {
        [EVENT_CREATE] = "create",
        [EVENT_DELETE] = "delete",
        [EVENT_LABEL] = "label",
        [EVENT_READY] = "ready",
        [EVENT_UNREADY] = "unready",
        [EVENT_SCALE] = "scale",
        [EVENT_ROLLOUT] = "rollout",
        [EVENT_RESTART] = "restart",
        [EVENT_READDRESS] = "readdress",
        [EVENT_FAIL] = "fail",
        [EVENT_RECOVER] = "recover",
        [EVENT_APPLY] = "apply",
        [EVENT_CHURN] = "churn",
    };
    text_printf(out, "%s ", verbs[event->verb]);
    if (event->verb == EVENT_APPLY && event->manifest_count == 1) {
        words_add_manifest(out, &event->manifests[0]);
        return;
    }
    if (event->verb == EVENT_APPLY) {
        text_printf(out, "%u objects, one by one", event->manifest_count);
        return;
    }
    const struct reference *target = &event->target;
    add_object(out, object_kind_of_reference(target->kind)->reference, target->namespace, target->name);
    add_labels(out, &event->labels);
    if (event->verb == EVENT_SCALE)
        text_printf(out, " to %u", event->replicas);
}

void words_add_manifest(struct text *out, const struct manifest *manifest)
{
    const struct metadata_spec *metadata = &manifest->metadata;
    add_object(out, object_kind_of_manifest(manifest)->reference, metadata->namespace, metadata->name);
}

/* --- changes --------------------------------------------------------------------------------- */

struct change_words {
    struct text *out;
    const struct catalog *catalog;
};

static void add_name(const struct change_words *w, const char *kind, sym namespace, const char *name)
{
    const char *space = catalog_text(w->catalog, namespace);
    add_object(w->out, kind, space, name);
}

static void add_ips(const struct change_words *w, const struct pod *pod)
{
    uint32_t count = pod_ip_count(pod);
    if (count == 0)
        text_add(w->out, "no IP yet");
    for (uint32_t i = 0; i < count; i++) {
        char buffer[IP_TEXT_MAX];
        uint32_t length = ip_format(pod_ip(pod, i), buffer);
        text_add(w->out, i ? "+" : "");
        text_add_bytes(w->out, buffer, length);
    }
}

static const char *readiness(const struct pod *pod)
{
    return pod_is_ready(pod) ? "ready" : "not ready";
}

static const char *phase_text(const struct pod *pod)
{
    static const char *const texts[] = {"Pending", "Running", "Succeeded", "Failed", "Unknown"};
    return texts[pod->phase];
}

static void add_pod_state(const struct change_words *w, const struct pod *pod)
{
    add_ips(w, pod);
    if (pod->node_name != SYM_EMPTY)
        text_printf(
            w->out, "%s on %s", pod_ip_count(pod) ? "" : ",", catalog_text(w->catalog, pod->node_name));
    text_printf(w->out, ", %s", readiness(pod));
    if (pod->phase == POD_SUCCEEDED || pod->phase == POD_FAILED)
        text_printf(w->out, ", %s", phase_text(pod));
    if (pod_is_terminating(pod))
        text_add(w->out, ", terminating");
}

static void add_label_changes(
    const struct change_words *w, const struct labels *old, const struct labels *now, const char *lead)
{
    for (uint32_t i = 0; i < now->count; i++) {
        sym value;
        if (labels_get(old, now->items[i].key, &value) && value == now->items[i].value)
            continue;
        text_printf(w->out, "%s%s=%s", lead, catalog_text(w->catalog, now->items[i].key),
            catalog_text(w->catalog, now->items[i].value));
        lead = ", ";
    }
    for (uint32_t i = 0; i < old->count; i++) {
        if (labels_get(now, old->items[i].key, NULL))
            continue;
        text_printf(w->out, "%s%s-", lead, catalog_text(w->catalog, old->items[i].key));
        lead = ", ";
    }
}

static bool same_ips(const struct pod *a, const struct pod *b)
{
    if (pod_ip_count(a) != pod_ip_count(b))
        return false;
    for (uint32_t i = 0; i < pod_ip_count(a); i++) {
        if (!ip_equal(pod_ip(a, i), pod_ip(b, i)))
            return false;
    }
    return true;
}

/* What is new, each after `lead`. */
static void add_pod_difference(const struct change_words *w, const struct pod *old, const struct pod *now)
{
    size_t before = w->out->length;
    if (!same_ips(old, now)) {
        text_add(w->out, ", ");
        add_ips(w, now);
    }
    if (old->node_name != now->node_name)
        text_printf(w->out, ", on %s", catalog_text(w->catalog, now->node_name));
    if (pod_is_ready(old) != pod_is_ready(now))
        text_printf(w->out, ", %s", readiness(now));
    if (old->phase != now->phase)
        text_printf(w->out, ", %s", phase_text(now));
    if (pod_is_terminating(now) && !pod_is_terminating(old))
        text_add(w->out, ", terminating");
    if (pod_labels(old) != pod_labels(now))
        add_label_changes(w, pod_labels(old), pod_labels(now), ", ");
    if (w->out->length == before)
        text_add(w->out, ", nothing that the controllers look at");
}

static void add_pod(const struct change_words *w, const struct pod *old, const struct pod *now)
{
    const struct target *self = pod_self(now ? now : old);
    add_name(w, "pod", self->namespace, target_name_here(self));
    if (!old) {
        text_add(w->out, " is there: ");
        add_pod_state(w, now);
    } else if (!now) {
        text_add(w->out, " is gone");
    } else {
        text_add(w->out, " changes: ");
        struct text difference = {0};
        add_pod_difference(&(struct change_words){&difference, w->catalog}, old, now);
        text_add(w->out, difference.data + 2);
        text_fini(&difference);
    }
}

static void add_meta(
    const struct change_words *w, const char *kind, const struct meta *old, const struct meta *now)
{
    const struct meta *meta = now ? now : old;
    add_name(w, kind, meta->namespace, catalog_text(w->catalog, meta->name));
    text_add(w->out, !old ? " is there" : !now ? " is gone" : " changes");
    if (old && now && old->labels != now->labels)
        add_label_changes(w, old->labels, now->labels, ", ");
}

static bool same_port(const struct service_port *a, const struct service_port *b)
{
    return a->name == b->name && a->protocol == b->protocol && a->app_protocol == b->app_protocol &&
           a->target_name == b->target_name && a->port == b->port && a->target_port == b->target_port &&
           a->has_app_protocol == b->has_app_protocol;
}

static bool same_ports(const struct service *a, const struct service *b)
{
    bool same = a->port_count == b->port_count;
    for (uint32_t i = 0; i < a->port_count && same; i++)
        same = same_port(&a->ports[i], &b->ports[i]);
    return same;
}

static void add_service(const struct change_words *w, const struct service *old, const struct service *now)
{
    add_meta(w, "service", old ? &old->meta : NULL, now ? &now->meta : NULL);
    if (!old || !now)
        return;
    if (!service_same_selector(old, now))
        text_add(w->out, ", its selector");
    if (!same_ports(old, now))
        text_add(w->out, ", its ports");
    if (old->type != now->type)
        text_add(w->out, ", its type");
    if (now->meta.deletion_s != TIME_NONE && old->meta.deletion_s == TIME_NONE)
        text_add(w->out, ", it is being deleted");
}

void words_add_change(
    struct text *out, const struct change *change, const struct catalog *catalog, const char **out_verb)
{
    struct change_words words = {out, catalog};
    *out_verb = !change->old ? "created" : !change->now ? "deleted" : "changed";
    if (change->kind == OBJECT_POD) {
        add_pod(&words, change->old, change->now);
    } else if (change->kind == OBJECT_SERVICE) {
        add_service(&words, change->old, change->now);
    } else {
        const struct node *old = change->old, *now = change->now;
        add_meta(&words, "node", old ? &old->meta : NULL, now ? &now->meta : NULL);
        if (now && (!old || old->ready != now->ready))
            text_add(out, now->ready == CONDITION_TRUE ? ", ready" : ", not ready");
    }
}
