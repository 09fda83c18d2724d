/*
 * schema_print.c: tables of fields as Markdown tables.
 */
#include "scenario/schema_print.h"
#include "scenario/distributions.h"

#include <string.h>

#include "base/text.h"
#include "scenario/events.h"
#include "scenario/expect.h"
#include "scenario/kinds.h"
#include "scenario/manifest.h"
#include "scenario/reference.h"
#include "scenario/replay.h"
#include "scenario/settings.h"
#include "scenario/trace_rows.h"

/* A cell: what would end it is escaped. */
static void print_cell(FILE *out, const char *text)
{
    for (; text && *text; text++) {
        if (*text == '|')
            fputc('\\', out);
        fputc(*text, out);
    }
    fputs(" |", out);
}

static void print_help(FILE *out, const struct field *field)
{
    struct text text = {0};
    text_add(&text, field->flags & FIELD_REQUIRED ? "required" : "");
    if (field->help)
        text_printf(&text, "%s%s", text.length ? "; " : "", field->help);
    fputc(' ', out);
    print_cell(out, text.data);
    fputc('\n', out);
    text_fini(&text);
}

static void print_row(FILE *out, const char *path, const struct field *field)
{
    char type[SCHEMA_TYPE_MAX];
    fprintf(out, "| `%s` | ", path);
    print_cell(out, schema_type_text(field, type));
    fputc(' ', out);
    print_cell(out, field->fallback);
    print_help(out, field);
}

static void print_head(FILE *out, const char *first)
{
    fprintf(out, "\n| %s | value | default | meaning |\n|---|---|---|---|\n", first);
}

static void set_path(struct text *path, const char *prefix, const struct field *field)
{
    bool is_list = field->type == FIELD_LIST || (field->type == FIELD_KNOWN && field->object);
    text_clear(path);
    text_printf(path, "%s%s%s%s", prefix, *prefix ? "." : "", field->name, is_list ? "[]" : "");
}

/* The fields that every manifest begins with are told once, and a workload's template is like a Pod. */
static bool is_told_elsewhere(const char *prefix, const struct field *field)
{
    bool is_head = !*prefix && (field->type == FIELD_KNOWN || field->object == &metadata_schema);
    bool is_template = strcmp(prefix, "spec.template") == 0 && field->object == &pod_spec_schema;
    return is_head || is_template;
}

/* Fields of fields have paths with dots; items of lists have []. */
static void print_fields(FILE *out, const char *prefix, const struct schema *schema)
{
    struct text path = {0};
    for (uint32_t i = 0; i < schema->field_count; i++) {
        const struct field *field = &schema->fields[i];
        bool nested = field->object && field->object->field_count > 0;
        set_path(&path, prefix, field);
        if (is_told_elsewhere(prefix, field)) {
            if (*prefix)
                fprintf(out, "| `%s` | as a Pod's |  |  |\n", path.data);
            continue;
        }
        if (!nested || field->help)
            print_row(out, path.data, field);
        if (nested)
            print_fields(out, path.data, field->object);
    }
    text_fini(&path);
}

/* --- events ----------------------------------------------------------------------------------------- */

static void print_parameters(FILE *out, int32_t verb)
{
    bool first = true;
    for (uint32_t i = 0; i < event_schema.field_count; i++) {
        const struct field *field = &event_schema.fields[i];
        if ((field->flags & FIELD_VERB) || !(field->verbs & (UINT32_C(1) << verb)) ||
            strcmp(field->name, "ifPresent") == 0)
            continue;
        fprintf(out, "%s`%s`", first ? "" : ", ", field->name);
        first = false;
    }
    fputs(" |", out);
}

static void print_verbs(FILE *out)
{
    fputs("\n| verb | of | parameters | meaning |\n|---|---|---|---|\n", out);
    for (uint32_t i = 0; i < event_schema.field_count; i++) {
        const struct field *field = &event_schema.fields[i];
        if (!(field->flags & FIELD_VERB))
            continue;
        struct text of = {0};
        reference_kinds_text(&of, event_verb_kinds(field->verb));
        fprintf(out, "| `%s` | ", field->name);
        print_cell(out, of.length ? of.data : field->type_text);
        fputc(' ', out);
        print_parameters(out, field->verb);
        print_help(out, field);
        text_fini(&of);
    }
}

static void print_event_parameters(FILE *out)
{
    print_head(out, "parameter");
    for (uint32_t i = 0; i < event_schema.field_count; i++)
        if (!(event_schema.fields[i].flags & FIELD_VERB))
            print_row(out, event_schema.fields[i].name, &event_schema.fields[i]);
}

/* --- manifests -------------------------------------------------------------------------------------- */

static void print_ignored(FILE *out, const char *prefix, const struct schema *schema, bool *first)
{
    struct text path = {0};
    if (schema->ignored && *schema->ignored) {
        fprintf(out, "%s%s%s%s", *first ? "\nIgnored: " : "; ", *prefix ? "in `" : "", prefix,
            *prefix ? "`: " : "");
        fputs(schema->ignored, out);
        *first = false;
    }
    for (uint32_t i = 0; i < schema->field_count; i++) {
        const struct field *field = &schema->fields[i];
        if (!field->object || is_told_elsewhere(prefix, field) || field->object == &pod_metadata_schema)
            continue;
        set_path(&path, prefix, field);
        print_ignored(out, path.data, field->object, first);
    }
    text_fini(&path);
}

static void print_manifest(FILE *out, const struct object_kind_info *kind)
{
    const struct schema *schema = manifest_schema(kind);
    bool first = true;
    fprintf(out, "\n### %s (`%s%s%s`)\n", kind->kind, kind->group, *kind->group ? "/" : "", kind->version);
    if (kind->reference_kind != REFERENCE_NAMESPACE) {
        print_head(out, "field");
        print_fields(out, "", schema);
    }
    print_ignored(out, "", schema, &first);
    if (!first)
        fputs(".\n", out);
}

void scenario_schema_print(FILE *out)
{
    fputs(
        "## Settings\n\nThe `spec` of the one document with `apiVersion: epsim.dev/v1`, `kind: Scenario`.\n",
        out);
    print_head(out, "field");
    print_fields(out, "", &scenario_spec_schema);
    fputs("\nA distribution is a mapping with one of these:\n", out);
    print_head(out, "distribution");
    for (uint32_t i = 0; i < distributions_schema.field_count; i++) {
        print_row(out, distributions_schema.fields[i].name, &distributions_schema.fields[i]);
        if (distributions_schema.fields[i].object)
            print_fields(out, distributions_schema.fields[i].name, distributions_schema.fields[i].object);
    }

    fputs("\n## Events\n\nAn item of `events` has `at`, one verb, and the verb's parameters.\n", out);
    print_verbs(out);
    print_event_parameters(out);

    fputs("\n## Traces\n\nThe value of `replay`:\n", out);
    print_head(out, "field");
    for (uint32_t i = 0; i < replay_schema.field_count; i++)
        print_row(out, replay_schema.fields[i].name, &replay_schema.fields[i]);
    fputs("\nThe first row names the columns; words are separated by blanks, '-' is absent, '#' begins a "
          "comment.\n",
        out);
    print_head(out, "column");
    for (uint32_t i = 0; i < trace_columns_schema.field_count; i++)
        print_row(out, trace_columns_schema.fields[i].name, &trace_columns_schema.fields[i]);

    fputs("\n## Expectations\n\nAn item of `expect`:\n", out);
    print_head(out, "field");
    print_fields(out, "", &expect_schema);

    fputs("\n## Kubernetes' manifests\n\nOf `metadata`, in all of them:\n", out);
    print_head(out, "field");
    print_fields(out, "metadata", &metadata_schema);
    for (uint32_t i = 0; i < object_kind_count; i++)
        if (object_kinds[i].has_manifest)
            print_manifest(out, &object_kinds[i]);
}

void schema_print_fields(FILE *out, const char *prefix, const struct schema *schema)
{
    print_head(out, "field");
    print_fields(out, prefix, schema);
}

void schema_print_rows(FILE *out, const char *prefix, const struct schema *schema)
{
    print_fields(out, prefix, schema);
}
