/*
 * pod.c: revisions of a Pod; see pod.h.
 */
#include "model/pod.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/mem.h"

struct pod *pod_create(const struct catalog *catalog, struct target *self, int64_t created_s)
{
    EPSIM_ASSERT(self);
    struct pod *pod = mem_alloc(sizeof *pod);
    *pod = (struct pod){
        .refs = 1,
        .self = self,
        .labels = labels_empty(catalog),
        .container_ports = ports_empty(catalog),
        .created_s = created_s,
        .ready_since_s = TIME_NONE,
        .deletion_s = TIME_NONE,
    };
    return pod;
}

static void pod_ips_unref(struct pod_ips *ips)
{
    if (!ips)
        return;
    EPSIM_ASSERT(ips->refs > 0);
    if (--ips->refs == 0)
        free(ips);
}

struct pod *pod_edit(const struct pod *pod)
{
    struct pod *copy = mem_alloc(sizeof *copy);
    *copy = *pod;
    copy->refs = 1;
    target_ref(copy->self);
    if (copy->ips)
        copy->ips->refs++;
    return copy;
}

struct pod *pod_ref(const struct pod *pod)
{
    struct pod *counted = (struct pod *)pod;
    if (counted)
        counted->refs++;
    return counted;
}

void pod_unref(struct pod *pod)
{
    if (!pod)
        return;
    EPSIM_ASSERT(pod->refs > 0);
    if (--pod->refs > 0)
        return;
    pod_ips_unref(pod->ips);
    target_unref(pod->self);
    free(pod);
}

static bool ip_is_canonical(struct ip ip, const char *text, size_t length)
{
    char canonical[IP_TEXT_MAX];
    return ip.family != IP_NONE && ip_format(ip, canonical) == length && memcmp(canonical, text, length) == 0;
}

void pod_set_ips(struct pod *pod, struct catalog *catalog, const char *const *texts, uint32_t count)
{
    pod_ips_unref(pod->ips);
    pod->ips = NULL;
    pod->ip = (struct ip){0};
    pod->has_pod_ip = count > 0;
    if (count == 0)
        return;
    if (count == 1) {
        size_t length = strlen(texts[0]);
        struct ip ip = ip_parse(texts[0], length);
        if (ip_is_canonical(ip, texts[0], length)) {
            pod->ip = ip;
            return;
        }
    }
    struct pod_ips *ips = mem_alloc(sizeof *ips + count * sizeof ips->items[0]);
    ips->refs = 1;
    ips->count = count;
    for (uint32_t i = 0; i < count; i++) {
        size_t length = strlen(texts[i]);
        ips->items[i].ip = ip_parse(texts[i], length);
        ips->items[i].raw = ip_is_canonical(ips->items[i].ip, texts[i], length)
                                ? SYM_EMPTY
                                : sym_intern(catalog_symbols(catalog), texts[i], length);
    }
    pod->ips = ips;
}

void pod_set_ip(struct pod *pod, struct ip ip)
{
    pod_ips_unref(pod->ips);
    pod->ips = NULL;
    pod->ip = ip;
    pod->has_pod_ip = ip.family != IP_NONE;
}

uint32_t pod_ip_count(const struct pod *pod)
{
    if (pod->ips)
        return pod->ips->count;
    return pod->ip.family != IP_NONE;
}

struct ip pod_ip(const struct pod *pod, uint32_t i)
{
    EPSIM_ASSERT(i < pod_ip_count(pod));
    return pod->ips ? pod->ips->items[i].ip : pod->ip;
}
