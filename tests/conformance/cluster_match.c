/*
 * cluster_match.c: see cluster_match.h.
 */
#include "conformance/cluster_match.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/sha256.h"
#include "engine/repack.h"
#include "engine/slice_cache.h"
#include "model/encode.h"
#include "model/size.h"

void cluster_match_init(struct cluster_match *match, struct cluster_player *player)
{
    *match = (struct cluster_match){.player = player};
    match->before = json_object();
    match->generations = json_object();
}

static void drop_pairs(struct cluster_match *match)
{
    for (uint32_t i = 0; i < match->pairs.count; i++) {
        json_decref(match->pairs.items[i].got);
        free(match->pairs.items[i].kind);
    }
    vec_clear(&match->pairs);
}

void cluster_match_fini(struct cluster_match *match)
{
    drop_pairs(match);
    vec_fini(&match->pairs);
    json_decref(match->before);
    json_decref(match->generations);
}

/* --- objects without what is each cluster's own ---------------------------------------------- */

static json_t *comparable(const json_t *object)
{
    json_t *copy = json_deep_copy(object), *metadata = json_object_get(copy, "metadata");
    static const char *const own[] = {
        "uid", "resourceVersion", "creationTimestamp", "managedFields", "generation"};
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
        json_object_del(metadata, own[i]);
    if (json_object_get(copy, "addressType"))
        json_object_del(metadata, "name");
    size_t i;
    json_t *owner;
    json_array_foreach(json_object_get(metadata, "ownerReferences"), i, owner)
    {
        if (strcmp(cluster_text(owner, "kind"), "Endpoints") == 0)
            json_object_del(owner, "uid");
    }
    return copy;
}

static bool same_object(const json_t *want, const json_t *got, struct text *why)
{
    json_t *a = comparable(want), *b = comparable(got);
    bool same = json_equal(a, b);
    if (!same) {
        char *want_text = json_dumps(a, JSON_COMPACT | JSON_SORT_KEYS);
        char *got_text = json_dumps(b, JSON_COMPACT | JSON_SORT_KEYS);
        text_printf(why, "  want %.1500s\n  got  %.1500s\n", want_text, got_text);
        free(want_text);
        free(got_text);
    }
    json_decref(a);
    json_decref(b);
    return same;
}

/* --- bytes ----------------------------------------------------------------------------------- */

/* The recording's own identity and times, for an object of ours. */
static struct meta recorded_meta(struct cluster_match *match, const struct meta *meta, const json_t *want)
{
    struct meta copy = *meta;
    const char *uid = cluster_meta_text(want, "uid"), *time = cluster_meta_text(want, "creationTimestamp");
    int64_t created_ns = 0;
    uuid_parse(uid, strlen(uid), &copy.uid);
    rfc3339_parse(time, strlen(time), &created_ns);
    copy.name = catalog_sym(match->player->catalog, cluster_meta_text(want, "name"));
    copy.resource_version = strtoull(cluster_meta_text(want, "resourceVersion"), NULL, 10);
    copy.generation = json_integer_value(cluster_meta(want, "generation"));
    copy.created_s = created_ns / NS_PER_S;
    return copy;
}

/* Our entries at the recording's times. */
static struct managed_list at_recorded_times(
    struct arena *arena, struct managed_list ours, const json_t *managed_fields)
{
    struct managed_entry *entries = arena_alloc(arena, (ours.count + 1) * sizeof *entries);
    for (uint32_t i = 0; i < ours.count; i++) {
        const char *time = cluster_text(json_array_get(managed_fields, i), "time");
        int64_t ns = 0;
        rfc3339_parse(time, strlen(time), &ns);
        entries[i] = ours.items[i];
        entries[i].time_s = ns / NS_PER_S;
    }
    return (struct managed_list){ours.count, entries};
}

static void hash_text(const struct text *bytes, char out[65])
{
    struct sha256 sha;
    uint8_t digest[32];
    sha256_init(&sha);
    sha256_add(&sha, bytes->data, bytes->length);
    sha256_end(&sha, digest);
    for (size_t i = 0; i < sizeof digest; i++)
        snprintf(out + 2 * i, 3, "%02x", digest[i]);
}

static bool same_bytes(struct cluster_match *match, const char *kind, const json_t *want, uint64_t size,
    const struct text *bytes, struct text *why)
{
    char key[300], hash[65];
    snprintf(key, sizeof key, "%s/%s", kind, cluster_meta_text(want, "name"));
    const json_t *write = json_object_get(match->player->recording->writes, key);
    json_int_t want_size = json_integer_value(json_object_get(write, "object_bytes"));
    hash_text(bytes, hash);
    if ((uint64_t)want_size == size && size == bytes->length &&
        strcmp(hash, cluster_text(write, "object_sha256")) == 0)
        return true;
    text_printf(why, "bytes of %s: want %d, got %d by arithmetic and %d written; hash: want %s, got %s\n",
        key, (int)want_size, (int)size, (int)bytes->length, cluster_text(write, "object_sha256"), hash);
    return false;
}

static bool same_endpoints_bytes(
    struct cluster_match *match, const struct endpoints *endpoints, const json_t *want, struct text *why)
{
    struct catalog *catalog = match->player->catalog;
    struct arena arena;
    struct text bytes = {0};
    struct subset_list subsets = {0};
    struct endpoints view = *endpoints;
    view.meta = recorded_meta(match, &view.meta, want);
    arena_init(&arena);
    repack_view(catalog, endpoints, ORDER_FNV128, &subsets);
    struct managed_list managed = at_recorded_times(
        &arena, managed_of_endpoints(&arena, catalog, &view, 0), cluster_meta(want, "managedFields"));
    encode_endpoints(catalog, &view, &subsets, &managed, &bytes);
    bool same = same_bytes(match, "Endpoints", want, size_endpoints(catalog, &view), &bytes, why);
    subset_list_fini(&subsets);
    text_fini(&bytes);
    arena_fini(&arena);
    return same;
}

static bool same_slice_bytes(
    struct cluster_match *match, const struct endpointslice *slice, const json_t *want, struct text *why)
{
    struct catalog *catalog = match->player->catalog;
    struct arena arena;
    struct text bytes = {0};
    struct endpointslice view = *slice;
    view.meta = recorded_meta(match, &view.meta, want);
    arena_init(&arena);
    view.owners = arena_alloc(&arena, (slice->owner_count + 1) * sizeof *view.owners);
    for (uint32_t i = 0; i < slice->owner_count; i++) {
        const json_t *owner = json_array_get(cluster_meta(want, "ownerReferences"), i);
        const char *uid = cluster_text(owner, "uid");
        view.owners[i] = slice->owners[i];
        uuid_parse(uid, strlen(uid), &view.owners[i].uid);
    }
    struct managed_list managed = at_recorded_times(
        &arena, managed_of_endpointslice(&arena, catalog, &view, 0), cluster_meta(want, "managedFields"));
    encode_endpointslice(catalog, &view, &managed, &bytes);
    bool same = same_bytes(match, "EndpointSlice", want, size_endpointslice(catalog, &view), &bytes, why);
    text_fini(&bytes);
    arena_fini(&arena);
    return same;
}

/* --- Endpoints ------------------------------------------------------------------------------- */

static bool match_endpoints(struct cluster_match *match, struct cluster_tally *tally, struct text *why)
{
    struct cluster_player *player = match->player;
    bool same =
        store_count(player->store, OBJECT_ENDPOINTS) == json_object_size(player->recording->endpoints);
    if (!same)
        text_printf(why, "Endpoints: want %u, got %u\n",
            (unsigned)json_object_size(player->recording->endpoints),
            store_count(player->store, OBJECT_ENDPOINTS));
    const char *name;
    json_t *want;
    json_object_foreach(player->recording->endpoints, name, want)
    {
        const struct endpoints *object =
            store_endpoints(player->store, player->namespace, catalog_sym(player->catalog, name));
        if (!object) {
            text_printf(why, "Endpoints %s: none\n", name);
            same = false;
            continue;
        }
        json_t *got = cluster_player_endpoints(player, object);
        bool equal = same_object(want, got, why);
        same &= equal && same_endpoints_bytes(match, object, want, why);
        json_decref(got);
        tally->endpoints++;
    }
    return same;
}

/* --- pairs ----------------------------------------------------------------------------------- */

/* A slice is of the same kind as another: Service, manager, type, ports. */
static char *kind_of(const json_t *slice)
{
    const json_t *labels = cluster_meta(slice, "labels");
    json_t *kind = json_pack("[s, s, s, O?]", cluster_text(labels, "kubernetes.io/service-name"),
        cluster_text(labels, "endpointslice.kubernetes.io/managed-by"), cluster_text(slice, "addressType"),
        json_object_get(slice, "ports"));
    char *text = json_dumps(kind, JSON_COMPACT | JSON_SORT_KEYS);
    json_decref(kind);
    return text;
}

static bool same_kind(const json_t *a, const json_t *b)
{
    char *x = kind_of(a), *y = kind_of(b);
    bool same = strcmp(x, y) == 0;
    free(x);
    free(y);
    return same;
}

static size_t length_of(const json_t *slice)
{
    return json_array_size(json_object_get(slice, "endpoints"));
}

/* An endpoint's identity (S-33), as a text. */
static const char *identity_of(const json_t *slice, size_t i, char buffer[256])
{
    const json_t *endpoint = json_array_get(json_object_get(slice, "endpoints"), i);
    const json_t *address = json_array_get(json_object_get(endpoint, "addresses"), 0);
    snprintf(buffer, 256, "%s %s", json_string_value(address),
        cluster_text(json_object_get(endpoint, "targetRef"), "name"));
    return buffer;
}

/* Identities of a slice's endpoints, each with its place. */
static json_t *identities_of(const json_t *slice)
{
    json_t *set = json_object();
    char buffer[256];
    for (size_t i = 0; i < length_of(slice); i++)
        json_object_set_new(set, identity_of(slice, i, buffer), json_integer((json_int_t)i));
    return set;
}

static size_t overlap(const json_t *identities, const json_t *slice)
{
    size_t count = 0;
    char buffer[256];
    for (size_t i = 0; i < length_of(slice); i++)
        count += json_object_get(identities, identity_of(slice, i, buffer)) != NULL;
    return count;
}

struct ours {
    struct cluster_player *player;
    VEC(struct cluster_pair) items; /* without `name` and `want` until they are paired */
};

static bool visit(void *context, const void *object)
{
    struct ours *ours = context;
    struct endpointslice *slice = (struct endpointslice *)object;
    struct cluster_pair pair = {.slice = slice, .got = cluster_player_slice(ours->player, slice)};
    pair.kind = kind_of(pair.got);
    vec_push(&ours->items, pair);
    return true;
}

/* How well they fit; 0: they are not of one kind. */
static size_t score(const struct cluster_match *match, const char *name, const char *kind, const json_t *want,
    const json_t *identities, const struct cluster_pair *ours)
{
    if (ours->want || strcmp(kind, ours->kind) != 0)
        return 0;
    const char *paired = json_string_value(json_object_get(match->player->slice_names, name));
    bool same_length = length_of(want) == length_of(ours->got);
    bool is_paired = paired && strcmp(paired, cluster_meta_text(ours->got, "name")) == 0;
    return 1 + overlap(identities, ours->got) + 10000 * (size_t)same_length + 100000 * (size_t)is_paired;
}

/* Fills match->pairs; false: some slice has no partner. */
static bool pair_all(struct cluster_match *match, struct text *why)
{
    struct cluster_player *player = match->player;
    struct ours ours = {.player = player};
    json_t *names = json_object();
    drop_pairs(match);
    store_each(player->store, OBJECT_ENDPOINTSLICE, SYM_EMPTY, visit, &ours);
    bool good = true;
    for (uint32_t left = (uint32_t)json_object_size(player->recording->slices); left > 0; left--) {
        /* The best of all pairs that are left. */
        size_t best = 0;
        struct cluster_pair *partner = NULL;
        const char *name, *best_name = NULL;
        json_t *want, *best_want = NULL;
        json_object_foreach(player->recording->slices, name, want)
        {
            if (json_object_get(names, name))
                continue;
            json_t *identities = identities_of(want);
            char *kind = kind_of(want);
            for (uint32_t k = 0; k < ours.items.count; k++) {
                size_t fit = score(match, name, kind, want, identities, &ours.items.items[k]);
                if (fit > best) {
                    best = fit;
                    partner = &ours.items.items[k];
                    best_name = name;
                    best_want = want;
                }
            }
            json_decref(identities);
            free(kind);
        }
        if (!partner)
            break;
        const char *before = json_string_value(json_object_get(player->slice_names, best_name));
        partner->name = best_name;
        partner->want = best_want;
        partner->is_new = !before || strcmp(before, cluster_meta_text(partner->got, "name")) != 0;
        json_object_set(names, best_name, cluster_meta(partner->got, "name"));
    }
    if (json_object_size(names) != json_object_size(player->recording->slices) ||
        json_object_size(names) != ours.items.count) {
        const char *name;
        json_t *want;
        json_object_foreach(player->recording->slices, name, want)
        {
            if (!json_object_get(names, name))
                text_printf(why, "slice %s (%u endpoints): none of ours\n", name, (unsigned)length_of(want));
        }
        for (uint32_t k = 0; k < ours.items.count; k++) {
            if (!ours.items.items[k].want)
                text_printf(why, "a slice of %u endpoints that the recording has not\n",
                    (unsigned)length_of(ours.items.items[k].got));
        }
        good = false;
    }
    for (uint32_t k = 0; k < ours.items.count; k++) {
        if (ours.items.items[k].want) {
            vec_push(&match->pairs, ours.items.items[k]);
        } else {
            json_decref(ours.items.items[k].got);
            free(ours.items.items[k].kind);
        }
    }
    vec_fini(&ours.items);
    json_decref(player->slice_names);
    player->slice_names = names;
    return good;
}

/* --- what no choice touches ------------------------------------------------------------------ */

/* The endpoints of `slice` that were in it before the step, in order. */
static void add_survivors(struct text *text, const json_t *before, const json_t *slice)
{
    json_t *identities = identities_of(before);
    char buffer[256];
    for (size_t i = 0; i < length_of(slice); i++) {
        const char *identity = identity_of(slice, i, buffer);
        if (json_object_get(identities, identity))
            text_printf(text, "%s, ", identity);
    }
    json_decref(identities);
}

static bool check_survivors(const struct cluster_match *match, struct text *why)
{
    bool same = true;
    for (uint32_t i = 0; i < match->pairs.count; i++) {
        const struct cluster_pair *pair = &match->pairs.items[i];
        const json_t *before = json_object_get(match->before, pair->name);
        /* A slice of mirroring is shuffled whenever it is written (M-23). */
        bool is_mirrored =
            strstr(cluster_text(cluster_meta(pair->want, "labels"), "endpointslice.kubernetes.io/managed-by"),
                "mirroring") != NULL;
        /* With other ports it was recycled: all its endpoints are new in it. */
        if (!before || pair->is_new || is_mirrored || !same_kind(before, pair->want))
            continue;
        struct text want = {0}, got = {0};
        add_survivors(&want, before, pair->want);
        add_survivors(&got, before, pair->got);
        if (want.length != got.length || (want.length && strcmp(want.data, got.data) != 0)) {
            text_printf(why, "slice %s keeps\n  want %s\n  got  %s\n", pair->name, want.data, got.data);
            same = false;
        }
        text_fini(&want);
        text_fini(&got);
    }
    return same;
}

static bool check_lengths(const struct cluster_match *match, struct text *why)
{
    /* Of each recorded slice's kind and length there must be as many of ours. */
    for (uint32_t i = 0; i < match->pairs.count; i++) {
        const struct cluster_pair *like = &match->pairs.items[i];
        uint32_t want = 0, got = 0;
        for (uint32_t k = 0; k < match->pairs.count; k++) {
            const struct cluster_pair *pair = &match->pairs.items[k];
            bool same_kind = strcmp(pair->kind, like->kind) == 0;
            want += same_kind && length_of(pair->want) == length_of(like->want);
            got += same_kind && length_of(pair->got) == length_of(like->want);
        }
        if (want != got) {
            text_printf(why, "slices like %s with %u endpoints: want %u, got %u\n", like->name,
                (unsigned)length_of(like->want), want, got);
            return false;
        }
    }
    return true;
}

static bool check_generation(
    struct cluster_match *match, const struct cluster_pair *pair, unsigned allowed, struct text *why)
{
    json_int_t offset = json_integer_value(cluster_meta(pair->want, "generation")) -
                        json_integer_value(cluster_meta(pair->got, "generation"));
    const json_t *known = json_object_get(match->generations, pair->name);
    bool same =
        !known || pair->is_new || offset == json_integer_value(known) || (allowed & DIFFERENT_GENERATIONS);
    if (!same)
        text_printf(why, "slice %s: generation is %d more than ours, was %d more\n", pair->name, (int)offset,
            (int)json_integer_value(known));
    json_object_set_new(match->generations, pair->name, json_integer(offset));
    return same;
}

/* --- adopting -------------------------------------------------------------------------------- */

static void make_key(char buffer[600], const struct cluster_pair *pair, const char *identity)
{
    snprintf(buffer, 600, "%s %s", identity, pair->kind);
}

/* Where each of our records is: by identity and kind, the pair's number and the place in its slice. */
static json_t *index_records(const struct cluster_match *match)
{
    json_t *index = json_object();
    char identity[256], key[600];
    for (uint32_t i = 0; i < match->pairs.count; i++) {
        const struct cluster_pair *pair = &match->pairs.items[i];
        for (size_t e = 0; e < length_of(pair->got); e++) {
            make_key(key, pair, identity_of(pair->got, e, identity));
            json_object_set_new(index, key, json_integer((json_int_t)i << 32 | (json_int_t)e));
        }
    }
    return index;
}

/* The record with the recording's hints, when only these are ours (H-19, H-20). */
static struct endpoint *with_hints(
    struct cluster_match *match, struct endpoint *record, const json_t *want, const json_t *got)
{
    const json_t *hints = json_object_get(want, "hints");
    if (json_equal(hints, json_object_get(got, "hints")) || (!hints && !json_object_get(got, "hints")))
        return endpoint_ref(record);
    struct catalog *catalog = match->player->catalog;
    const json_t *zone = json_array_get(json_object_get(hints, "forZones"), 0);
    sym name = catalog_sym(catalog, cluster_text(zone, "name"));
    struct endpoint_draft draft = endpoint_read(record);
    draft.extra = endpoint_extra_with_zone_hints(endpoint_extra(record), &name, 1);
    draft.target = target_ref(endpoint_target(record));
    return endpoint_create(catalog, &draft);
}

struct adopted {
    VEC(struct endpoint *) endpoints;
};

static bool is_adopted(const struct cluster_pair *pair)
{
    return !json_equal(json_object_get(pair->want, "endpoints"), json_object_get(pair->got, "endpoints"));
}

static void replace_endpoints(struct endpointslice *slice, struct adopted *adopted)
{
    struct slice_entry *entry = slice_entry_of(slice);
    bool is_filed = entry->filed != FILED_NOWHERE;
    if (is_filed)
        slice_cache_set_aside(entry);
    for (uint32_t e = 0; e < slice->endpoints.count; e++)
        endpoint_unref(endpointslice_at(slice, e));
    vec_clear(&slice->endpoints);
    slice->endpoints_bytes = 0;
    for (uint32_t e = 0; e < adopted->endpoints.count; e++)
        endpointslice_append(slice, adopted->endpoints.items[e]);
    vec_fini(&adopted->endpoints);
    slice_cache_count(entry);
    if (is_filed)
        slice_cache_put_back(entry);
    if (entry->service)
        entry->service->rescan[SYNC_SLICES] = true;
}

/* Gives each of our slices the endpoints of its recorded one. False: some endpoint is nowhere. */
static bool adopt(struct cluster_match *match, struct cluster_tally *tally, struct text *why)
{
    struct adopted *all = mem_zalloc((match->pairs.count + 1) * sizeof *all);
    json_t *index = index_records(match);
    bool good = true;
    for (uint32_t i = 0; i < match->pairs.count; i++) {
        const struct cluster_pair *pair = &match->pairs.items[i];
        const json_t *endpoints = json_object_get(pair->want, "endpoints");
        for (size_t e = 0; e < length_of(pair->want); e++) {
            char identity[256], key[600];
            make_key(key, pair, identity_of(pair->want, e, identity));
            const json_t *place = json_object_get(index, key);
            if (!place) {
                text_printf(why, "slice %s: endpoint %s is in none of ours\n", pair->name, identity);
                good = false;
                continue;
            }
            const struct cluster_pair *from = &match->pairs.items[json_integer_value(place) >> 32];
            size_t at = (size_t)(json_integer_value(place) & 0xffffffff);
            vec_push(&all[i].endpoints,
                with_hints(match, endpointslice_at(from->slice, at), json_array_get(endpoints, e),
                    json_array_get(json_object_get(from->got, "endpoints"), at)));
        }
    }
    json_decref(index);
    for (uint32_t i = 0; i < match->pairs.count; i++) {
        struct cluster_pair *pair = &match->pairs.items[i];
        if (good && is_adopted(pair)) {
            replace_endpoints(pair->slice, &all[i]);
            json_decref(pair->got);
            pair->got = cluster_player_slice(match->player, pair->slice);
            tally->adopted++;
            continue;
        }
        for (uint32_t e = 0; e < all[i].endpoints.count; e++)
            endpoint_unref(all[i].endpoints.items[e]);
        vec_fini(&all[i].endpoints);
    }
    free(all);
    return good;
}

/* --- slices ---------------------------------------------------------------------------------- */

static bool match_slices(
    struct cluster_match *match, unsigned allowed, struct cluster_tally *tally, struct text *why)
{
    bool same = pair_all(match, why) && check_survivors(match, why) && check_lengths(match, why) &&
                adopt(match, tally, why);
    for (uint32_t i = 0; i < match->pairs.count; i++) {
        const struct cluster_pair *pair = &match->pairs.items[i];
        bool equal = same_object(pair->want, pair->got, why);
        same &= equal && same_slice_bytes(match, pair->slice, pair->want, why);
        same &= check_generation(match, pair, allowed, why);
        tally->slices++;
    }
    json_decref(match->before);
    match->before = json_copy(match->player->recording->slices);
    return same;
}

bool cluster_match_objects(
    struct cluster_match *match, unsigned allowed, struct cluster_tally *tally, struct text *why)
{
    if (match->player->problems.length) {
        text_add(why, match->player->problems.data);
        return false;
    }
    bool same = match_endpoints(match, tally, why);
    return match_slices(match, allowed, tally, why) && same;
}

/* --- requests -------------------------------------------------------------------------------- */

/* Requests of one verb that the API server answered well. */
static json_int_t answered(const json_t *step, const char *verb, const char *resource, const char *code)
{
    char name[64];
    snprintf(name, sizeof name, "%s %s %s", verb, resource, code);
    return json_integer_value(json_object_get(json_object_get(step, "api_requests"), name));
}

/* Those of the scenario itself. */
static json_int_t own_requests(const json_t *step, const char *kind, const char *op)
{
    json_int_t count = 0;
    size_t i;
    json_t *request;
    json_array_foreach(json_object_get(json_object_get(step, "event"), "ops"), i, request) count +=
        strcmp(cluster_text(request, "kind"), kind) == 0 && strcmp(cluster_text(request, "op"), op) == 0;
    return count;
}

static bool match_verbs(const json_t *step, const char *resource, const char *kind,
    const uint32_t counts[VERB_COUNT], struct text *why)
{
    json_int_t want[3] = {
        answered(step, "POST", resource, "201") - own_requests(step, kind, "create"),
        answered(step, "PUT", resource, "200") - own_requests(step, kind, "update"),
        answered(step, "DELETE", resource, "200") - own_requests(step, kind, "delete"),
    };
    uint32_t got[3] = {counts[VERB_CREATE], counts[VERB_UPDATE] + counts[VERB_NOOP], counts[VERB_DELETE]};
    bool same = want[0] == got[0] && want[1] == got[1] && want[2] == got[2];
    if (!same)
        text_printf(why, "requests of %s: want %d POST, %d PUT, %d DELETE, got %u, %u, %u\n", resource,
            (int)want[0], (int)want[1], (int)want[2], got[0], got[1], got[2]);
    return same;
}

bool cluster_match_requests(struct cluster_match *match, unsigned allowed, struct text *why)
{
    const json_t *step = match->player->step;
    const struct cluster_counts *counts = &match->player->counts;
    struct text ignored = {0};
    struct text *requests = allowed & DIFFERENT_REQUESTS ? &ignored : why;
    bool same = match_verbs(step, "endpoints", "Endpoints", counts->endpoints, requests);
    same &= match_verbs(step, "endpointslices", "EndpointSlice", counts->slices, requests);
    same |= (allowed & DIFFERENT_REQUESTS) != 0;
    text_fini(&ignored);
    json_int_t events = answered(step, "POST", "events", "201") + answered(step, "PATCH", "events", "200");
    if (events != counts->events && !(allowed & DIFFERENT_EVENTS)) {
        text_printf(why, "Events: want %d, got %u\n", (int)events, counts->events);
        same = false;
    }
    json_int_t errors =
        json_integer_value(json_object_get(json_object_get(step, "controller"), "slice syncs error"));
    if ((uint64_t)errors != counts->slice_sync_errors) {
        text_printf(
            why, "slice syncs that failed: want %d, got %d\n", (int)errors, (int)counts->slice_sync_errors);
        same = false;
    }
    return same;
}
