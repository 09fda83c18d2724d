/*
 * pod.c: revisions of a Pod; see pod.h. They stand in a pool of the catalog.
 */
#include "model/pod.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/mem.h"

struct pod *pod_create(const struct catalog *catalog, struct target *self, int64_t created_s)
{
    EPSIM_ASSERT(self);
    struct pod *pod = pool_take(&catalog->pools->pods);
    *pod = (struct pod){.refs = 1, .self_ = pool_number(self)};
    target_set_created(self, created_s);
    return pod;
}

static void extra_unref(struct pod_extra *extra)
{
    if (!extra)
        return;
    EPSIM_ASSERT(extra->refs > 0);
    if (--extra->refs == 0)
        free(extra);
}

static struct map *extras_of(const struct pod *pod)
{
    return &((struct catalog *)pool_owner_of(pod))->pod_extras;
}

/* Takes over the reference; NULL: none. */
static void extra_set(struct pod *pod, struct pod_extra *extra)
{
    if (pod->has_extra_) {
        extra_unref(pod_extra(pod));
        map_remove(extras_of(pod), pool_number(pod));
    }
    pod->has_extra_ = extra != NULL;
    if (extra)
        map_put_ptr(extras_of(pod), pool_number(pod), extra);
}

struct pod *pod_edit(const struct pod *pod)
{
    struct pod *copy = pool_take(pool_chunk_of(pod)->pool);
    *copy = *pod;
    copy->refs = 1;
    target_ref(pod_self(copy));
    if (copy->has_extra_) {
        struct pod_extra *extra = pod_extra(pod);
        extra->refs++;
        map_put_ptr(extras_of(copy), pool_number(copy), extra);
    }
    return copy;
}

void pod_unref(struct pod *pod)
{
    if (!pod)
        return;
    EPSIM_ASSERT(pod->refs > 0);
    if (--pod->refs > 0)
        return;
    extra_set(pod, NULL);
    target_unref(pod_self(pod));
    pool_give(pool_chunk_of(pod)->pool, pod);
}

/* --- what most pods do not have ---------------------------------------------------------------- */

/* The pod's own from here on, with room for so many IPs, which are left to be filled in; what it says
 * otherwise is as before. */
static struct pod_extra *extra_renew(struct pod *pod, uint32_t ip_count)
{
    struct pod_extra *extra = mem_alloc(sizeof *extra + ip_count * sizeof extra->ips[0]);
    *extra = (struct pod_extra){.refs = 1,
        .ip_count = ip_count,
        .deletion_s = pod_deletion_s(pod),
        .grace_s = pod_grace_s(pod),
        .ready_since_s = pod_ready_since_s(pod)};
    extra_set(pod, extra);
    return extra;
}

/* The same with the IPs that it has. */
static struct pod_extra *extra_edit(struct pod *pod)
{
    struct pod_extra *before = pod_extra(pod);
    uint32_t ip_count = before ? before->ip_count : 0;
    if (before)
        before->refs++;
    struct pod_extra *extra = extra_renew(pod, ip_count);
    if (ip_count)
        memcpy(extra->ips, before->ips, ip_count * sizeof extra->ips[0]);
    extra_unref(before);
    return extra;
}

/* One that says nothing goes. */
static void extra_tidy(struct pod *pod)
{
    const struct pod_extra *extra = pod_extra(pod);
    if (extra && !extra->ip_count && extra->deletion_s == TIME_NONE && pod->ready_since_ != READY_SINCE_FAR)
        extra_set(pod, NULL);
}

void pod_set_deletion(struct pod *pod, int64_t deletion_s, int64_t grace_s)
{
    if (deletion_s != TIME_NONE || pod_is_terminating(pod)) {
        struct pod_extra *extra = extra_edit(pod);
        extra->deletion_s = deletion_s;
        extra->grace_s = deletion_s == TIME_NONE ? 0 : grace_s;
    }
    extra_tidy(pod);
}

void pod_set_ready_since(struct pod *pod, int64_t ready_since_s)
{
    if (ready_since_s == TIME_NONE) {
        pod->ready_since_ = 0;
    } else if (ready_since_s >= 0 && ready_since_s < (int64_t)READY_SINCE_FAR - 1) {
        pod->ready_since_ = (uint32_t)ready_since_s + 1;
    } else {
        extra_edit(pod)->ready_since_s = ready_since_s;
        pod->ready_since_ = READY_SINCE_FAR;
    }
    extra_tidy(pod);
}

static void forget_ips(struct pod *pod)
{
    if (pod->has_extra_ && pod_extra(pod)->ip_count)
        extra_renew(pod, 0);
    extra_tidy(pod);
    pod->has_ipv4_ = false;
    pod->has_pod_ip = false;
}

static bool ip_is_canonical(struct ip ip, const char *text, size_t length)
{
    char canonical[IP_TEXT_MAX];
    return ip.family != IP_NONE && ip_format(ip, canonical) == length && memcmp(canonical, text, length) == 0;
}

void pod_set_ips(struct pod *pod, struct catalog *catalog, const char *const *texts, uint32_t count)
{
    forget_ips(pod);
    if (count == 0)
        return;
    if (count == 1) {
        size_t length = strlen(texts[0]);
        struct ip ip = ip_parse(texts[0], length);
        if (ip_is_canonical(ip, texts[0], length)) {
            pod_set_ip(pod, ip);
            return;
        }
    }
    struct pod_extra *extra = extra_renew(pod, count);
    for (uint32_t i = 0; i < count; i++) {
        size_t length = strlen(texts[i]);
        extra->ips[i].ip = ip_parse(texts[i], length);
        extra->ips[i].raw = ip_is_canonical(extra->ips[i].ip, texts[i], length)
                                ? SYM_EMPTY
                                : sym_intern(catalog_symbols(catalog), texts[i], length);
    }
    pod->has_pod_ip = true;
}

void pod_set_ip(struct pod *pod, struct ip ip)
{
    forget_ips(pod);
    pod->has_pod_ip = ip.family != IP_NONE;
    if (ip.family == IP_V4) {
        pod->has_ipv4_ = true;
        pod->ipv4_ = ip_to_v4(ip);
    } else if (ip.family == IP_V6) {
        struct pod_extra *extra = extra_renew(pod, 1);
        extra->ips[0].ip = ip;
        extra->ips[0].raw = SYM_EMPTY;
    }
}

struct ip pod_extra_ip(const struct pod *pod, uint32_t i)
{
    EPSIM_ASSERT(i < pod_ip_count(pod));
    return pod_extra(pod)->ips[i].ip;
}

/* --- what the pods of a template have in common ------------------------------------------------ */

void pod_set_shape(struct pod *pod, const struct pod_shape *shape)
{
    pod->shape_ = shape_intern(pool_owner_of(pod), shape)->id;
}

void pod_set_owner(struct pod *pod, uint32_t owner)
{
    struct pod_shape shape = *pod_shape(pod);
    shape.owner = owner;
    pod_set_shape(pod, &shape);
}

void pod_set_labels(struct pod *pod, const struct labels *labels)
{
    struct pod_shape shape = *pod_shape(pod);
    shape.labels = labels;
    pod_set_shape(pod, &shape);
}

void pod_set_container_ports(struct pod *pod, const struct port_list *ports)
{
    struct pod_shape shape = *pod_shape(pod);
    shape.container_ports = ports;
    pod_set_shape(pod, &shape);
}

void pod_set_hostname(struct pod *pod, sym hostname, sym subdomain)
{
    struct pod_shape shape = *pod_shape(pod);
    shape.hostname = hostname;
    shape.subdomain = subdomain;
    pod_set_shape(pod, &shape);
}
