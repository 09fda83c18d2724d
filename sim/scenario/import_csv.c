/*
 * import_csv.c: table -> rows in memory -> texts. Nothing is written before the whole table was found good.
 */
#include "scenario/import_csv.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/calendar.h"
#include "base/number.h"
#include "base/suggest.h"
#include "base/text.h"
#include "model/names.h"
#include "scenario/csv.h"
#include "scenario/import_names.h"
#include "scenario/sources.h"

#define ABSENT INT64_MIN
#define NOISE_S 1e-6

struct row {
    const struct name *service, *pod, *node;
    const char *labels; /* "key=value,key=value"; "" for none */
    int64_t create_ns, delete_ns, ready_ns;
};

struct columns {
    uint32_t service, pod, create, delete_column, ready, node;
    uint32_t *labels;
};
#define NO_COLUMN UINT32_MAX

struct importer {
    const struct import_csv_options *options;
    struct arena *arena;
    struct diag *diag;
    struct import_csv_stats *stats;
    struct csv_reader csv;
    struct columns columns;
    struct names services, pods, nodes, values;
    const char **label_keys;
    VEC(struct row) rows;
};

static const struct csv_field *field_at(const struct importer *im, uint32_t column)
{
    return &im->csv.fields.items[column];
}

/* --- columns ---------------------------------------------------------------------------------------- */

static uint32_t find_column(struct importer *im, const char *option, const char *name)
{
    if (!name)
        return NO_COLUMN;
    uint32_t count = im->csv.fields.count;
    const char **names = mem_array(NULL, count, sizeof *names);
    uint32_t found = NO_COLUMN;
    for (uint32_t i = 0; i < count; i++) {
        names[i] = arena_strndup(im->arena, field_at(im, i)->text, field_at(im, i)->length);
        if (found == NO_COLUMN && strcmp(names[i], name) == 0)
            found = i;
    }
    if (found == NO_COLUMN) {
        const char *near = text_suggest(name, names, count);
        struct position at = {
            .source = im->csv.source, .line = field_at(im, 0)->at.line, .column = 1, .length = 1};
        if (near)
            diag_error(im->diag, at, "no column '%.80s' (%s); did you mean '%s'?", name, option, near);
        else
            diag_error(im->diag, at, "no column '%.80s' (%s)", name, option);
    }
    free(names);
    return found;
}

static bool read_header(struct importer *im)
{
    const struct import_csv_options *options = im->options;
    uint32_t errors = diag_error_count(im->diag);
    if (!csv_next(&im->csv)) {
        diag_error(im->diag, ((struct position){im->csv.source, 1, 1, 1}),
            "no table: its first line names the columns");
        return false;
    }
    im->columns.service = find_column(im, "--service", options->service);
    im->columns.pod = find_column(im, "--pod", options->pod);
    im->columns.create = find_column(im, "--create", options->create);
    im->columns.delete_column = find_column(im, "--delete", options->delete_column);
    im->columns.ready = find_column(im, "--ready", options->ready);
    im->columns.node = find_column(im, "--node", options->node);
    im->columns.labels = arena_alloc(im->arena, (options->label_count + 1) * sizeof *im->columns.labels);
    im->label_keys = arena_alloc(im->arena, (options->label_count + 1) * sizeof *im->label_keys);
    struct text key = {0};
    for (uint32_t i = 0; i < options->label_count; i++) {
        const char *column = options->labels[i];
        im->columns.labels[i] = find_column(im, "--label", column);
        name_fit(&key, column, strlen(column), NAME_LABEL);
        im->label_keys[i] = arena_strndup(im->arena, key.data, key.length);
        if (strcmp(column, im->label_keys[i]) != 0) {
            struct renaming renaming = {column, im->label_keys[i], false};
            vec_push(&im->stats->others_renamed, renaming);
        }
    }
    text_fini(&key);
    return diag_error_count(im->diag) == errors;
}

/* --- cells ------------------------------------------------------------------------------------------ */

static struct csv_field trimmed(struct csv_field field)
{
    while (field.length > 0 && (*field.text == ' ' || *field.text == '\t'))
        field.text++, field.length--, field.at.column++;
    while (field.length > 0 && (field.text[field.length - 1] == ' ' || field.text[field.length - 1] == '\t'))
        field.length--;
    return field;
}

/* Seconds, whole ones exactly. False when it is no time. */
static bool parse_seconds(const char *text, size_t length, int64_t *out_ns)
{
    int64_t whole;
    double seconds;
    if (int_parse(text, length, 0, INT64_MAX / NS_PER_S, &whole)) {
        *out_ns = whole * NS_PER_S;
        return true;
    }
    if (!real_parse(text, length, &seconds))
        return duration_parse(text, length, out_ns);
    if (seconds < -NOISE_S || seconds >= (double)(INT64_MAX / NS_PER_S))
        return false;
    double nearest = floor(seconds + 0.5);
    if (fabs(seconds - nearest) <= NOISE_S)
        *out_ns = (int64_t)nearest * NS_PER_S;
    else
        *out_ns = (int64_t)floor(seconds * 1e9 + 0.5);
    return true;
}

static bool read_time(struct importer *im, uint32_t column, int64_t *out_ns)
{
    *out_ns = ABSENT;
    if (column == NO_COLUMN)
        return true;
    struct csv_field field = trimmed(*field_at(im, column));
    if (field.length == 0)
        return true;
    if (!parse_seconds(field.text, field.length, out_ns)) {
        diag_error(im->diag, field.at, "not a time in seconds: '%.*s'",
            (int)(field.length < 40 ? field.length : 40), field.text);
        return false;
    }
    if (*out_ns > im->stats->last_ns)
        im->stats->last_ns = *out_ns;
    return true;
}

static const struct name *read_name(struct importer *im, uint32_t column, struct names *names,
    enum name_kind kind, const char *what, bool *is_new)
{
    struct csv_field field = trimmed(*field_at(im, column));
    if (field.length == 0) {
        diag_error(im->diag, field.at, "the %s is empty", what);
        return NULL;
    }
    return names_add(names, im->arena, field.text, field.length, field_at(im, 0)->at.line, kind, is_new);
}

static const char *read_labels(struct importer *im)
{
    struct text labels = {0};
    bool is_new;
    for (uint32_t i = 0; i < im->options->label_count; i++) {
        struct csv_field field = trimmed(*field_at(im, im->columns.labels[i]));
        if (field.length == 0)
            continue;
        const struct name *value =
            names_add(&im->values, im->arena, field.text, field.length, field.at.line, NAME_LABEL, &is_new);
        text_printf(&labels, "%s%s=%s", labels.length ? "," : "", im->label_keys[i], value->to);
    }
    const char *kept = labels.length ? arena_strndup(im->arena, labels.data, labels.length) : "";
    text_fini(&labels);
    return kept;
}

/* --- rows ------------------------------------------------------------------------------------------- */

static bool check_times(struct importer *im, const struct row *row)
{
    if (row->delete_ns != ABSENT && row->delete_ns < row->create_ns) {
        diag_error(im->diag, field_at(im, im->columns.delete_column)->at, "deleted before it is created");
        return false;
    }
    if (row->ready_ns != ABSENT && row->ready_ns < row->create_ns) {
        diag_error(im->diag, field_at(im, im->columns.ready)->at, "ready before it is created");
        return false;
    }
    return true;
}

static void count_row(struct import_csv_stats *stats, const struct row *row)
{
    stats->rows++;
    stats->creations += row->create_ns != ABSENT;
    stats->from_start += row->create_ns == ABSENT;
    stats->deletions += row->delete_ns != ABSENT;
    stats->never_deleted += row->delete_ns == ABSENT;
}

static void read_row(struct importer *im, uint32_t column_count)
{
    if (im->csv.fields.count != column_count) {
        struct position at = field_at(im, 0)->at;
        diag_error(im->diag, at, "%" PRIu32 " fields, where the first line names %" PRIu32,
            im->csv.fields.count, column_count);
        return;
    }
    struct row row = {0};
    bool is_new, pod_is_new = false;
    row.service = read_name(im, im->columns.service, &im->services, NAME_SERVICE, "service", &is_new);
    row.pod = read_name(im, im->columns.pod, &im->pods, NAME_OBJECT, "pod", &pod_is_new);
    if (row.pod && !pod_is_new) {
        const struct csv_field *pod = field_at(im, im->columns.pod);
        diag_error(im->diag, pod->at, "the pod '%.*s' has a row already, at line %" PRIu32,
            (int)(pod->length < 80 ? pod->length : 80), pod->text, row.pod->first_line);
        row.pod = NULL;
    }
    bool good = read_time(im, im->columns.create, &row.create_ns);
    good = read_time(im, im->columns.delete_column, &row.delete_ns) && good;
    good = read_time(im, im->columns.ready, &row.ready_ns) && good;
    if (im->columns.node != NO_COLUMN && trimmed(*field_at(im, im->columns.node)).length > 0)
        row.node = read_name(im, im->columns.node, &im->nodes, NAME_OBJECT, "node", &is_new);
    row.labels = read_labels(im);
    if (!good || !row.service || !row.pod || !check_times(im, &row))
        return;
    count_row(im->stats, &row);
    vec_push(&im->rows, row);
}

static void read_table(struct importer *im)
{
    if (!read_header(im))
        return;
    uint32_t column_count = im->csv.fields.count;
    while (csv_next(&im->csv))
        read_row(im, column_count);
    if (im->rows.count == 0 && diag_error_count(im->diag) == 0)
        diag_error(im->diag, ((struct position){im->csv.source, 1, 1, 1}), "a table without rows");
}

/* --- writing ---------------------------------------------------------------------------------------- */

static void add_seconds(struct text *text, int64_t ns)
{
    if (ns == ABSENT) {
        text_add_char(text, '-');
        return;
    }
    text_add_i64(text, ns / NS_PER_S);
    int64_t fraction = ns % NS_PER_S;
    if (fraction == 0)
        return;
    char digits[9];
    size_t count = 0;
    for (int i = 8; i >= 0; i--) {
        digits[i] = (char)('0' + fraction % 10);
        fraction /= 10;
        if (count == 0 && digits[i] != '0')
            count = (size_t)i + 1;
    }
    text_add_char(text, '.');
    text_add_bytes(text, digits, count);
}

/* By hand: formatting was a third of an import. */

static void write_rows(const struct importer *im, const char *indent, FILE *out)
{
    const struct import_csv_options *options = im->options;
    fprintf(out, "%sservice pod create delete%s%s%s\n", indent, options->ready ? " ready" : "",
        options->node ? " node" : "", options->label_count ? " labels" : "");
    struct text line = {0};
    for (uint32_t i = 0; i < im->rows.count; i++) {
        const struct row *row = &im->rows.items[i];
        text_clear(&line);
        text_add(&line, indent);
        text_add(&line, row->service->to);
        text_add_char(&line, ' ');
        text_add(&line, row->pod->to);
        text_add_char(&line, ' ');
        add_seconds(&line, row->create_ns);
        text_add_char(&line, ' ');
        add_seconds(&line, row->delete_ns);
        if (options->ready) {
            text_add_char(&line, ' ');
            add_seconds(&line, row->ready_ns);
        }
        if (options->node) {
            text_add_char(&line, ' ');
            text_add(&line, row->node ? row->node->to : "-");
        }
        if (options->label_count) {
            text_add_char(&line, ' ');
            text_add(&line, *row->labels ? row->labels : "-");
        }
        text_add_char(&line, '\n');
        fwrite(line.data, 1, line.length, out);
    }
    text_fini(&line);
}

static void write_scenario(const struct importer *im, FILE *out)
{
    const struct import_csv_options *options = im->options;
    struct text name = {0}, until = {0};
    name_fit(&name, options->name, strlen(options->name), NAME_OBJECT);
    text_add_duration(&until, im->stats->last_ns);
    for (uint32_t i = 0; i < im->services.items.count; i++)
        fprintf(out,
            "apiVersion: v1\nkind: Service\nmetadata: {name: \"%s\"}\nspec: {selector: {app: \"%s\"}, ports: "
            "[{port: 80}]}\n---\n",
            im->services.items.items[i]->to, im->services.items.items[i]->to);
    for (uint32_t i = 0; i < im->nodes.items.count; i++)
        fprintf(
            out, "apiVersion: v1\nkind: Node\nmetadata: {name: \"%s\"}\n---\n", im->nodes.items.items[i]->to);
    fprintf(out, "apiVersion: epsim.dev/v1\nkind: Scenario\nmetadata: {name: \"%s\"}\nspec:\n", name.data);
    fprintf(out, "  about: %" PRIu64 " pods of %" PRIu64 " services, imported from a table\n",
        im->stats->rows, im->stats->services);
    fprintf(out, "  until: %s\n  events:\n  - at: 0s\n    replay:\n", until.data);
    if (options->rows_file) {
        struct text quoted = {0};
        text_add_json(&quoted, options->rows_file, strlen(options->rows_file));
        fprintf(out, "      file: %s\n", quoted.data);
        text_fini(&quoted);
    } else {
        fprintf(out, "      pods: |\n");
        write_rows(im, "        ", out);
    }
    text_fini(&name);
    text_fini(&until);
}

/* --- the whole -------------------------------------------------------------------------------------- */

static void count_names(struct importer *im)
{
    im->stats->services = im->services.items.count;
    im->stats->nodes = im->nodes.items.count;
    struct names *names[] = {&im->services, &im->pods, &im->nodes, &im->values};
    for (size_t n = 0; n < sizeof names / sizeof *names; n++)
        for (uint32_t i = 0; i < names[n]->items.count; i++) {
            const struct name *name = names[n]->items.items[i];
            if (strlen(name->to) == name->length && memcmp(name->from, name->to, name->length) == 0)
                continue;
            struct renaming renaming = {
                arena_strndup(im->arena, name->from, name->length), name->to, name->taken};
            if (n == 0)
                vec_push(&im->stats->services_renamed, renaming);
            else if (n == 1)
                vec_push(&im->stats->pods_renamed, renaming);
            else
                vec_push(&im->stats->others_renamed, renaming);
        }
}

static enum status write_all(const struct importer *im, FILE *out, FILE *rows)
{
    write_scenario(im, out);
    if (im->options->rows_file)
        write_rows(im, "", rows);
    bool failed = fflush(out) != 0 || ferror(out);
    if (im->options->rows_file)
        failed = fflush(rows) != 0 || ferror(rows) || failed;
    return failed ? STATUS_IO : STATUS_OK;
}

enum status import_csv(const struct import_csv_options *options, struct arena *arena, struct diag *diag,
    FILE *out, FILE *rows, struct import_csv_stats *stats)
{
    struct importer im = {.options = options, .arena = arena, .diag = diag, .stats = stats};
    struct sources sources;
    enum status status = STATUS_BAD_INPUT;
    *stats = (struct import_csv_stats){0};
    sources_init(&sources, arena, diag);
    sources_add_input(&sources, options->path, NULL, 0);
    const struct source *source = &sources.items.items[0];
    if (sources.io_failures) {
        status = STATUS_IO;
    } else if (!source->is_bad) {
        csv_init(&im.csv, arena, diag, source->number, source->text, source->length);
        read_table(&im);
        names_choose(&im.services, im.arena, NAME_SERVICE);
        names_choose(&im.pods, im.arena, NAME_OBJECT);
        names_choose(&im.nodes, im.arena, NAME_OBJECT);
        count_names(&im);
        if (diag_error_count(diag) == 0)
            status = write_all(&im, out, rows);
        csv_fini(&im.csv);
    }
    names_fini(&im.services);
    names_fini(&im.pods);
    names_fini(&im.nodes);
    names_fini(&im.values);
    vec_fini(&im.rows);
    sources_fini(&sources);
    return status;
}

void import_csv_stats_fini(struct import_csv_stats *stats)
{
    vec_fini(&stats->services_renamed);
    vec_fini(&stats->pods_renamed);
    vec_fini(&stats->others_renamed);
}
