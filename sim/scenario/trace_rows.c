/*
 * trace_rows.c: one pass over the text; a column is a word between blanks.
 */
#include "scenario/trace_rows.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "base/hash.h"
#include "base/map.h"
#include "base/vec.h"
#include "model/names.h"

enum column {
    COLUMN_SERVICE,
    COLUMN_POD,
    COLUMN_CREATE,
    COLUMN_DELETE,
    COLUMN_READY,
    COLUMN_NODE,
    COLUMN_LABELS,
    COLUMN_COUNT
};

#define TIME_TEXT "seconds, or a duration"
static const struct field column_fields[COLUMN_COUNT] = {
    [COLUMN_SERVICE] = {.name = "service",
        .type_text = "a Service's name",
        .help = "its selector becomes the pod's labels"},
    [COLUMN_POD] = {.name = "pod", .type_text = "a name", .help = "a pod has one row"},
    [COLUMN_CREATE] = {.name = "create", .type_text = TIME_TEXT, .fallback = "there from the start"},
    [COLUMN_DELETE] = {.name = "delete", .type_text = TIME_TEXT, .fallback = "never"},
    [COLUMN_READY] = {.name = "ready",
        .type_text = TIME_TEXT,
        .fallback = "never; with the column absent, as `pods.ready` says",
        .help = "a pod that is there from the start and has '-' is ready from the start"},
    [COLUMN_NODE] = {.name = "node", .type_text = "a node's name", .fallback = "one is chosen"},
    [COLUMN_LABELS] = {.name = "labels",
        .type_text = "key=value,key=value",
        .fallback = "none",
        .help = "beside the Service's selector"},
};
const struct schema trace_columns_schema = {.name = "a row", FIELDS(column_fields)};

#define ABSENT INT64_MIN

struct word {
    const char *text;
    size_t length; /* 0: absent, or "-" */
};

/* A text that repeats (a service, a node, a set of labels), kept once. */
struct repeated {
    const char *text;
    size_t length;
    uint32_t index; /* of a service */
    bool valid;
    struct text_map map; /* of labels */
};

struct reader {
    struct arena *arena;
    struct diag *diag;
    const struct rows_origin *origin;
    int64_t offset_ns;
    enum column columns[COLUMN_COUNT]; /* by place in the row */
    uint32_t column_count;             /* 0: the first row is still to come */
    bool has_ready;
    const char *line;     /* the row's text */
    uint32_t line_number; /* from 0 */
    struct repeated *latest[COLUMN_COUNT];
    struct map repeated[COLUMN_COUNT];
    struct map pod_by_name;
    VEC(const char *) services;
    VEC(struct trace_pod) pods;
    VEC(struct trace_row) rows;
    uint32_t errors_before;
};

static struct position position_of(const struct reader *r, struct word word)
{
    if (!r->origin->is_exact)
        return r->origin->at;
    return (struct position){.source = r->origin->source,
        .line = r->origin->first_line + r->line_number,
        .column = r->origin->column + (uint32_t)(word.text - r->line),
        .length = word.length ? (uint32_t)word.length : 1};
}

#define report(r, word, ...) diag_error((r)->diag, position_of((r), (word)), __VA_ARGS__)

/* --- words ------------------------------------------------------------------------------------------ */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* The words of a line; more than COLUMN_COUNT are counted, not kept. */
static uint32_t split(const char *line, const char *end, struct word words[COLUMN_COUNT])
{
    uint32_t count = 0;
    for (const char *p = line; p < end;) {
        while (p < end && is_blank(*p))
            p++;
        const char *start = p;
        while (p < end && !is_blank(*p))
            p++;
        if (p > start && count++ < COLUMN_COUNT)
            words[count - 1] = (struct word){start, (size_t)(p - start)};
    }
    return count;
}

static bool same_text(const void *value, const void *context)
{
    const struct repeated *a = value;
    const struct word *b = context;
    return a->length == b->length && memcmp(a->text, b->text, b->length) == 0;
}

/* The one copy of a word of a column; *is_new when it was seen for the first time. */
static struct repeated *intern(struct reader *r, enum column column, struct word word, bool *is_new)
{
    *is_new = false;
    struct repeated *found = r->latest[column];
    if (found && same_text(found, &word))
        return found;
    uint64_t hash = hash64(word.text, word.length);
    found = map_find_where(&r->repeated[column], hash, same_text, &word);
    if (!found) {
        *is_new = true;
        found = arena_alloc(r->arena, sizeof *found);
        found->text = arena_strndup(r->arena, word.text, word.length);
        found->length = word.length;
        map_add_ptr(&r->repeated[column], hash, found);
    }
    r->latest[column] = found;
    return found;
}

static bool check_name(struct reader *r, struct word word, const char *what, const char *problem)
{
    if (problem)
        report(r, word, "the %s '%.*s' %s", what, (int)(word.length < 80 ? word.length : 80), word.text,
            problem);
    return !problem;
}

/* --- columns ---------------------------------------------------------------------------------------- */

static bool seconds_parse(struct word word, int64_t *out_ns)
{
    int64_t seconds = 0, fraction = 0, unit = NS_PER_S;
    size_t i = 0;
    for (; i < word.length && word.text[i] >= '0' && word.text[i] <= '9'; i++) {
        if (seconds > INT64_MAX / NS_PER_S / 10)
            return false;
        seconds = seconds * 10 + (word.text[i] - '0');
    }
    bool any = i > 0;
    if (i < word.length && word.text[i] == '.')
        for (i++; i < word.length && word.text[i] >= '0' && word.text[i] <= '9'; i++) {
            any = true;
            unit /= 10;
            fraction += unit * (word.text[i] - '0');
            if (unit == 0 && word.text[i] != '0')
                return false;
        }
    if (i < word.length || !any)
        return duration_parse(word.text, word.length, out_ns);
    if (seconds > (INT64_MAX - fraction) / NS_PER_S)
        return false;
    *out_ns = seconds * NS_PER_S + fraction;
    return true;
}

/* Simulated time of a column, ABSENT without one; false, and told, when it is no time. */
static bool read_time(struct reader *r, struct word word, const char *column, int64_t *out_ns)
{
    *out_ns = ABSENT;
    if (word.length == 0)
        return true;
    int64_t ns;
    if (!seconds_parse(word, &ns) || ns > INT64_MAX - r->offset_ns) {
        report(r, word, "'%s' takes seconds, a duration or '-', not '%.*s'", column,
            (int)(word.length < 40 ? word.length : 40), word.text);
        return false;
    }
    *out_ns = ns + r->offset_ns;
    return true;
}

static void read_labels(struct reader *r, struct word word, struct repeated *out)
{
    uint32_t count = 1;
    for (size_t i = 0; i < word.length; i++)
        count += word.text[i] == ',';
    out->map.items = arena_alloc(r->arena, count * sizeof *out->map.items);
    const char *end = word.text + word.length;
    for (const char *p = word.text; p <= end;) {
        const char *comma = memchr(p, ',', (size_t)(end - p));
        const char *stop = comma ? comma : end;
        const char *equals = memchr(p, '=', (size_t)(stop - p));
        struct word part = {p, (size_t)(stop - p)};
        if (!equals) {
            report(r, part, "labels are KEY=VALUE,KEY=VALUE");
            return;
        }
        struct word key = {p, (size_t)(equals - p)}, value = {equals + 1, (size_t)(stop - equals - 1)};
        if (!check_name(r, key, "label key", name_check_label_key(key.text, key.length)) ||
            !check_name(r, value, "label value", name_check_label_value(value.text, value.length)))
            return;
        out->map.items[out->map.count++] = (struct text_pair){
            arena_strndup(r->arena, key.text, key.length), arena_strndup(r->arena, value.text, value.length)};
        p = stop + 1;
    }
    out->valid = true;
}

/* --- rows ------------------------------------------------------------------------------------------- */

struct pod_lookup {
    const struct reader *reader;
    struct word name;
};

static bool pod_has_name(const void *value, const void *context)
{
    const struct pod_lookup *lookup = context;
    const char *name = lookup->reader->pods.items[(uintptr_t)value - 1].name;
    return strncmp(name, lookup->name.text, lookup->name.length) == 0 && !name[lookup->name.length];
}

static void add_row(struct reader *r, int64_t at_ns, enum trace_verb verb)
{
    struct trace_row row = {at_ns, r->pods.count - 1, (uint8_t)verb};
    vec_push(&r->rows, row);
}

static void add_pod(
    struct reader *r, const struct trace_pod *pod, int64_t create_ns, int64_t delete_ns, int64_t ready_ns)
{
    vec_push(&r->pods, *pod);
    /* "There from the start" of a replay that starts later is a creation at its start. */
    bool from_start = create_ns == ABSENT;
    if (from_start && r->offset_ns > 0)
        create_ns = r->offset_ns;
    add_row(r, create_ns, TRACE_CREATE);
    if (r->has_ready && ready_ns == ABSENT && from_start)
        ready_ns = create_ns;
    else if (ready_ns == ABSENT)
        ready_ns = INT64_MAX;
    if (r->has_ready && ready_ns < (delete_ns == ABSENT ? INT64_MAX : delete_ns))
        add_row(r, ready_ns, TRACE_READY);
    if (delete_ns != ABSENT)
        add_row(r, delete_ns, TRACE_DELETE);
}

static bool check_order(struct reader *r, const struct word words[COLUMN_COUNT], int64_t create_ns,
    int64_t delete_ns, int64_t ready_ns)
{
    if (delete_ns != ABSENT && delete_ns < create_ns) {
        report(r, words[COLUMN_DELETE], "deleted before it is created");
        return false;
    }
    if (ready_ns != ABSENT && ready_ns < create_ns) {
        report(r, words[COLUMN_READY], "ready before it is created");
        return false;
    }
    return true;
}

static bool read_service(struct reader *r, struct word word, uint32_t *out_index)
{
    bool is_new;
    struct repeated *service = intern(r, COLUMN_SERVICE, word, &is_new);
    if (is_new) {
        service->index = r->services.count;
        service->valid = check_name(r, word, "service", name_check_service(word.text, word.length));
        vec_push(&r->services, service->text);
    }
    *out_index = service->index;
    return service->valid;
}

static bool read_rest(struct reader *r, const struct word words[COLUMN_COUNT], struct trace_pod *pod)
{
    bool is_new, good = true;
    if (words[COLUMN_NODE].length) {
        struct repeated *node = intern(r, COLUMN_NODE, words[COLUMN_NODE], &is_new);
        if (is_new)
            node->valid = check_name(r, words[COLUMN_NODE], "node",
                name_check_subdomain(words[COLUMN_NODE].text, words[COLUMN_NODE].length));
        pod->node = node->text;
        good = node->valid;
    }
    if (words[COLUMN_LABELS].length) {
        struct repeated *labels = intern(r, COLUMN_LABELS, words[COLUMN_LABELS], &is_new);
        if (is_new)
            read_labels(r, words[COLUMN_LABELS], labels);
        pod->labels = labels->map;
        good = good && labels->valid;
    }
    return good;
}

static void read_pod(struct reader *r, const struct word words[COLUMN_COUNT])
{
    struct trace_pod pod = {.node = ""};
    struct word name = words[COLUMN_POD];
    if (!words[COLUMN_SERVICE].length || !name.length) {
        report(r, words[name.length ? COLUMN_SERVICE : COLUMN_POD], "a row needs a service and a pod");
        return;
    }
    bool good = read_service(r, words[COLUMN_SERVICE], &pod.service);
    good = check_name(r, name, "pod", name_check_subdomain(name.text, name.length)) && good;
    int64_t create_ns, delete_ns, ready_ns;
    good = read_time(r, words[COLUMN_CREATE], "create", &create_ns) && good;
    good = read_time(r, words[COLUMN_DELETE], "delete", &delete_ns) && good;
    good = read_time(r, words[COLUMN_READY], "ready", &ready_ns) && good;
    good = read_rest(r, words, &pod) && good;
    if (!good || !check_order(r, words, create_ns, delete_ns, ready_ns))
        return;
    struct pod_lookup lookup = {r, name};
    uint64_t hash = hash64(name.text, name.length);
    if (map_find_where(&r->pod_by_name, hash, pod_has_name, &lookup)) {
        report(r, name, "the pod '%.*s' has a row already", (int)(name.length < 80 ? name.length : 80),
            name.text);
        return;
    }
    pod.name = arena_strndup(r->arena, name.text, name.length);
    add_pod(r, &pod, create_ns, delete_ns, ready_ns);
    map_add_ptr(&r->pod_by_name, hash, (void *)(uintptr_t)r->pods.count);
}

#define HEADER_TEXT "the first row names the columns: service, pod, create, delete, ready, node, labels"

/* The first row. */
static bool read_header(struct reader *r, const struct word *words, uint32_t count)
{
    bool seen[COLUMN_COUNT] = {false};
    for (uint32_t i = 0; i < count && i < COLUMN_COUNT; i++) {
        char name[SCHEMA_NAME_MAX] = "", near_buffer[SCHEMA_NAME_MAX];
        if (words[i].length < sizeof name)
            memcpy(name, words[i].text, words[i].length);
        const struct field *field = schema_field(&trace_columns_schema, name);
        if (!field) {
            const char *near = schema_suggest(&trace_columns_schema, name, near_buffer);
            if (near)
                report(r, words[i], "no column '%s'; did you mean '%s'?", name, near);
            else
                report(r, words[i], HEADER_TEXT);
            return false;
        }
        uint32_t column = (uint32_t)(field - column_fields);
        if (seen[column]) {
            report(r, words[i], "the column '%s' is there twice", name);
            return false;
        }
        seen[column] = true;
        r->columns[i] = (enum column)column;
    }
    if (count > COLUMN_COUNT || !seen[COLUMN_SERVICE] || !seen[COLUMN_POD] ||
        !(seen[COLUMN_CREATE] || seen[COLUMN_DELETE])) {
        report(r, words[0], HEADER_TEXT);
        return false;
    }
    r->column_count = count;
    r->has_ready = seen[COLUMN_READY];
    return true;
}

/* False when nothing more can be read. */
static bool read_line(struct reader *r, const char *line, const char *end)
{
    struct word row[COLUMN_COUNT], words[COLUMN_COUNT] = {{NULL, 0}};
    uint32_t count = split(line, end, row);
    r->line = line;
    if (count == 0 || row[0].text[0] == '#')
        return true;
    if (r->column_count == 0)
        return read_header(r, row, count);
    if (count != r->column_count) {
        struct word all = {row[0].text, (size_t)(end - row[0].text)};
        report(r, all, "%" PRIu32 " columns, where the first row names %" PRIu32, count, r->column_count);
        return true;
    }
    for (uint32_t i = 0; i < COLUMN_COUNT; i++)
        words[i].text = line;
    for (uint32_t i = 0; i < count; i++) {
        bool absent = row[i].length == 1 && row[i].text[0] == '-';
        words[r->columns[i]] = (struct word){row[i].text, absent ? 0 : row[i].length};
    }
    read_pod(r, words);
    return true;
}

/* --- the whole -------------------------------------------------------------------------------------- */

static int row_compare(const void *a, const void *b)
{
    const struct trace_row *x = a, *y = b;
    if (x->at_ns != y->at_ns)
        return x->at_ns < y->at_ns ? -1 : 1;
    if (x->pod != y->pod)
        return x->pod < y->pod ? -1 : 1;
    return (int)x->verb - (int)y->verb;
}

static void *move(struct arena *arena, void *items, size_t count, size_t size)
{
    if (count == 0)
        return NULL;
    void *copy = arena_alloc(arena, count * size);
    memcpy(copy, items, count * size);
    return copy;
}

static void finish(struct reader *r, struct trace *out)
{
    if (r->rows.count > 1)
        qsort(r->rows.items, r->rows.count, sizeof *r->rows.items, row_compare);
    out->has_ready = r->has_ready;
    out->services = move(r->arena, r->services.items, r->services.count, sizeof *r->services.items);
    out->service_count = r->services.count;
    out->pods = move(r->arena, r->pods.items, r->pods.count, sizeof *r->pods.items);
    out->pod_count = r->pods.count;
    out->rows = move(r->arena, r->rows.items, r->rows.count, sizeof *r->rows.items);
    out->row_count = r->rows.count;
}

bool trace_rows_read(struct arena *arena, struct diag *diag, const char *text, size_t length,
    const struct rows_origin *origin, int64_t offset_ns, struct trace *out)
{
    struct reader r = {.arena = arena, .diag = diag, .origin = origin, .offset_ns = offset_ns};
    uint32_t errors = diag_error_count(diag);
    const char *end = text + length;
    bool going = true;
    for (const char *line = text; going && line < end; r.line_number++) {
        const char *newline = memchr(line, '\n', (size_t)(end - line));
        const char *line_end = newline ? newline : end;
        going = read_line(&r, line, line_end);
        line = line_end + 1;
    }
    if (going && r.pods.count == 0 && diag_error_count(diag) == errors)
        diag_error(diag, origin->at, "a replay without rows");
    finish(&r, out);
    for (int i = 0; i < COLUMN_COUNT; i++)
        map_fini(&r.repeated[i]);
    map_fini(&r.pod_by_name);
    vec_fini(&r.services);
    vec_fini(&r.pods);
    vec_fini(&r.rows);
    return diag_error_count(diag) == errors;
}
