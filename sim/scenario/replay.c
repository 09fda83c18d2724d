/*
 * replay.c: see replay.h.
 */
#include "scenario/replay.h"

#include "model/names.h"
#include "scenario/sources.h"
#include "scenario/trace_rows.h"

struct replay_draft {
    const char *namespace;
};

static const struct field replay_fields[] = {
    {.name = "pods",
        .type = FIELD_KNOWN,
        .type_text = "rows",
        .help = "a literal block (`pods: |`), one pod a row"},
    {.name = "file",
        .type = FIELD_KNOWN,
        .type_text = "a path",
        .help = "the rows stand in this file, beside the scenario"},
    {.name = "namespace",
        .type = FIELD_TEXT,
        .offset = offsetof(struct replay_draft, namespace),
        .check = name_check_label,
        .fallback = "default",
        .help = "of the Services and the pods"},
};
const struct schema replay_schema = {.name = "a replay", FIELDS(replay_fields)};

/* Line i of a literal block is line i after its indicator, less the indentation. */
static struct rows_origin origin_of_block(struct binder *binder, const struct yaml_node *rows)
{
    struct rows_origin origin = {.source = rows->at.source, .first_line = rows->at.line, .at = rows->at};
    if (rows->style == YAML_LITERAL)
        origin.column = sources_block_column(binder->sources, rows->at.source, rows->at.line, rows->text);
    origin.is_exact = origin.column > 0;
    return origin;
}

bool replay_bind(struct binder *binder, const struct yaml_pair *pair, int64_t at_ns, struct trace *out)
{
    struct replay_draft replay = {"default"};
    bind_object(binder, &replay_schema, pair->value, &replay);
    if (pair->value->kind != YAML_MAPPING)
        return false;
    out->namespace = replay.namespace;
    out->at = pair->key->at;
    const struct yaml_node *rows = yaml_get(pair->value, "pods"), *file = yaml_get(pair->value, "file");
    if (!rows == !file) {
        diag_error(
            binder->diag, file ? file->at : pair->key->at, "a replay has 'pods' or 'file', one of them");
        return false;
    }
    if (file) {
        const struct source *source = bind_file(binder, file);
        struct rows_origin origin = {.first_line = 1, .column = 1, .is_exact = true, .at = file->at};
        if (!source)
            return false;
        origin.source = source->number;
        trace_rows_read(binder->arena, binder->diag, source->text, source->length, &origin, at_ns, out);
        return true;
    }
    if (rows->kind != YAML_SCALAR) {
        bind_report_type(binder, &replay_fields[0], rows);
        return false;
    }
    struct rows_origin origin = origin_of_block(binder, rows);
    trace_rows_read(binder->arena, binder->diag, rows->text, rows->length, &origin, at_ns, out);
    return true;
}
