/*
 * pod_template.c: see pod_template.h.
 */
#include "simulation/pod_template.h"

#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "base/text.h"
#include "simulation/cluster.h"
#include "simulation/objects.h"

struct pod_template pod_template_make(struct cluster *cluster, const struct pod_spec *spec)
{
    return (struct pod_template){
        .spec = spec,
        .labels = objects_labels(cluster, &spec->labels),
        .ports = objects_container_ports(cluster, spec),
        .hostname = cluster_sym(cluster, spec->hostname ? spec->hostname : ""),
        .subdomain = cluster_sym(cluster, spec->subdomain ? spec->subdomain : ""),
        .node_name = cluster_sym(cluster, spec->node_name ? spec->node_name : ""),
    };
}

/* Strings with their ends, so that none runs into the next. */
static void add_field(struct text *text, const char *field)
{
    if (field)
        text_add(text, field);
    text_add_char(text, '\n');
}

/* The order of a map's entries says nothing: their hashes are added up. */
static uint64_t map_hash(const struct text_map *map, const char *without)
{
    uint64_t sum = map->count;
    for (uint32_t i = 0; i < map->count; i++) {
        const struct text_pair *pair = &map->items[i];
        if (!strcmp(pair->key, without)) {
            sum--;
            continue;
        }
        const char *value = pair->value ? pair->value : "";
        sum += hash_mix(hash64(pair->key, strlen(pair->key)), hash64(value, strlen(value)));
    }
    return sum;
}

uint64_t pod_template_hash(const struct pod_spec *spec, uint32_t rollouts)
{
    struct text text = {0};
    text_add_u64(&text, map_hash(&spec->labels, "pod-template-hash"));
    add_field(&text, NULL);
    text_add_u64(&text, map_hash(&spec->annotations, ""));
    add_field(&text, NULL);
    add_field(&text, spec->node_name);
    add_field(&text, spec->hostname);
    add_field(&text, spec->subdomain);
    text_add_i64(&text, spec->grace_s);
    add_field(&text, NULL);
    for (uint32_t i = 0; i < spec->container_port_count; i++) {
        add_field(&text, spec->container_ports[i].name);
        add_field(&text, spec->container_ports[i].protocol);
        text_add_i64(&text, spec->container_ports[i].number);
        add_field(&text, NULL);
    }
    text_add_u64(&text, spec->content_hash);
    add_field(&text, NULL);
    text_add_u64(&text, rollouts);
    uint64_t hash = hash64(text.data, text.length);
    text_fini(&text);
    return hash;
}

void pod_template_hash_text(uint64_t hash, char out[HASH_TEXT_SIZE])
{
    snprintf(out, HASH_TEXT_SIZE, "%u", (unsigned)(uint32_t)(hash ^ hash >> 32));
    for (char *c = out; *c; c++)
        *c = MADE_NAME_ALPHABET[(unsigned char)*c % (sizeof MADE_NAME_ALPHABET - 1)];
}

struct pod_birth pod_template_birth(const struct pod_template *template, const struct labels *labels)
{
    return (struct pod_birth){
        .labels = labels,
        .ports = template->ports,
        .hostname = template->hostname,
        .subdomain = template->subdomain,
        .spec = template->spec,
        .node_name = template->node_name,
    };
}

void generate_free_name(const struct workload *workload, struct random_stream *stream,
    struct pod_birth *birth, char room[MADE_NAME_MAX + 1])
{
    const struct cluster *cluster = workload->cluster;
    sym namespace = workload->namespace, prefix = workload->name_prefix;
    const char *text = cluster_text(cluster, prefix);
    birth->namespace = namespace;
    if (text[catalog_length(cluster->catalog, prefix) - 1] == '-') {
        birth->name_prefix = prefix;
        do
            birth->name_suffix = made_name_draw_suffix(stream);
        while (store_pod_made(cluster->store, namespace, prefix, birth->name_suffix));
        return;
    }
    /* So long that it was cut: a text like any other. */
    birth->name = room;
    do
        birth->name_hash = pod_name_hash(room, made_name_draw(stream, text, room));
    while (life_find_hashed(cluster, namespace, room, birth->name_hash));
}
