/*
 * expect.c: expectations: an instant, a Service, and a value for each column.
 */
#include "scenario/expect.h"

#include <math.h>
#include <string.h>

#include "base/number.h"
#include "model/names.h"

static const char *const column_names[EXPECT_COLUMN_COUNT] = {
    [EXPECT_PODS] = "pods",
    [EXPECT_READY] = "ready",
    [EXPECT_EP_ADDRESSES] = "ep_addresses",
    [EXPECT_EP_OMITTED] = "ep_omitted",
    [EXPECT_EP_TRUNCATED] = "ep_truncated",
    [EXPECT_SLICES] = "slices",
    [EXPECT_SLICES_IDEAL] = "slices_ideal",
    [EXPECT_FILL] = "fill",
    [EXPECT_NOT_YET_LISTED] = "not_yet_listed",
    [EXPECT_STILL_LISTED] = "still_listed",
};

const char *expect_column_name(enum expect_column column)
{
    return column_names[column];
}

/* --- values ----------------------------------------------------------------------------------------- */

static bool parse_number(const char *text, size_t length, double *out)
{
    while (length > 0 && *text == ' ')
        text++, length--;
    while (length > 0 && text[length - 1] == ' ')
        length--;
    return real_parse(text, length, out);
}

static bool parse_value(const struct yaml_node *value, struct expected_value *out)
{
    if (value->kind != YAML_SCALAR)
        return false;
    if (yaml_is_null(value)) {
        out->is_null = true;
        return true;
    }
    const char *type = yaml_plain_type(value);
    if (type && strcmp(type, "the boolean") == 0) {
        bool is_true = value->text[0] == 't' || value->text[0] == 'T';
        out->min = out->max = is_true;
        return is_true || value->text[0] == 'f' || value->text[0] == 'F';
    }
    const char *text = value->text;
    size_t length = value->length;
    const char *dots = strstr(text, "..");
    if (strncmp(text, ">=", 2) == 0) {
        out->max = HUGE_VAL;
        return parse_number(text + 2, length - 2, &out->min);
    }
    if (strncmp(text, "<=", 2) == 0) {
        out->min = -HUGE_VAL;
        return parse_number(text + 2, length - 2, &out->max);
    }
    if (dots)
        return parse_number(text, (size_t)(dots - text), &out->min) &&
               parse_number(dots + 2, length - (size_t)(dots + 2 - text), &out->max) && out->min <= out->max;
    bool good = parse_number(text, length, &out->min);
    out->max = out->min;
    return good;
}

static void bind_column(
    struct binder *binder, const struct field *field, const struct yaml_pair *pair, void *target)
{
    struct expectation *expectation = target;
    struct expected_value value = {.column = (enum expect_column)field->verb, .at = pair->value->at};
    if (!parse_value(pair->value, &value)) {
        bind_report_type(binder, field, pair->value);
        return;
    }
    if (value.is_null && value.column != EXPECT_FILL) {
        bind_report_type(binder, field, pair->value);
        return;
    }
    for (uint32_t i = 0; i < expectation->value_count; i++)
        if (expectation->values[i].column == value.column) {
            diag_error(
                binder->diag, pair->key->at, "'%s' is given already, under its other name", pair->key->text);
            return;
        }
    expectation->values[expectation->value_count++] = value;
}

/* --- the table -------------------------------------------------------------------------------------- */

#define VALUE_TEXT "a number, true, false, \">=3\", \"<=5\" or 1..4"
#define COLUMN(column_name, column, meaning) \
    { \
        .name = column_name, .type = FIELD_CUSTOM, .verb = column, .bind = bind_column, \
        .type_text = VALUE_TEXT, .help = meaning \
    }

static const struct field expect_fields[] = {
    {.name = "at",
        .type = FIELD_DURATION,
        .flags = FIELD_REQUIRED,
        .offset = offsetof(struct expectation, at_ns),
        .help = "after everything that happens at this instant"},
    {.name = "service",
        .type = FIELD_TEXT,
        .flags = FIELD_REQUIRED,
        .offset = offsetof(struct expectation, service),
        .check = name_check_service},
    {.name = "namespace",
        .type = FIELD_TEXT,
        .offset = offsetof(struct expectation, namespace),
        .check = name_check_label,
        .fallback = "default"},
    COLUMN("pods", EXPECT_PODS, "pods that the selector matches, until they are gone"),
    COLUMN("ready", EXPECT_READY, "those of them that are Ready and not terminating"),
    COLUMN("ep_addresses", EXPECT_EP_ADDRESSES, "addresses in the Endpoints object, ready or not"),
    COLUMN("ep_omitted", EXPECT_EP_OMITTED, "addresses that truncation left out"),
    COLUMN("ep_truncated", EXPECT_EP_TRUNCATED, "whether the Endpoints object is truncated"),
    COLUMN("addresses", EXPECT_EP_ADDRESSES, "the same as ep_addresses"),
    COLUMN("omitted", EXPECT_EP_OMITTED, "the same as ep_omitted"),
    COLUMN("truncated", EXPECT_EP_TRUNCATED, "the same as ep_truncated"),
    COLUMN("slices", EXPECT_SLICES, "slices of the Service"),
    COLUMN("slices_ideal", EXPECT_SLICES_IDEAL, "the fewest slices that could hold its endpoints"),
    {.name = "fill",
        .type = FIELD_CUSTOM,
        .flags = FIELD_NULL_KEEPS,
        .verb = EXPECT_FILL,
        .bind = bind_column,
        .type_text = VALUE_TEXT ", or null",
        .help = "endpoints / (slices x maxEndpointsPerSlice); null without slices"},
    COLUMN("not_yet_listed", EXPECT_NOT_YET_LISTED, "ready pods that no slice shows so yet (batch periods)"),
    COLUMN("still_listed", EXPECT_STILL_LISTED,
        "endpoints that slices show as ready, and that are not any more"),
};

static void expectation_init(void *target)
{
    *(struct expectation *)target = (struct expectation){.namespace = "default", .service = ""};
}

static void expectation_check(struct binder *binder, const struct yaml_node *node, void *target)
{
    struct expectation *expectation = target;
    const struct yaml_node *service = yaml_get(node, "service");
    expectation->at = service ? service->at : node->at;
    if (expectation->value_count > 0)
        return;
    for (uint32_t i = 0; i < node->pair_count; i++) {
        const struct field *field = schema_field(&expect_schema, node->pairs[i].key->text);
        if (!field || field->bind == bind_column)
            return; /* a mistake in a column is told already */
    }
    diag_error(binder->diag, node->at, "an expectation needs a column, such as 'slices: 3'");
}

const struct schema expect_schema = {
    .name = "an expectation", FIELDS(expect_fields), .init = expectation_init, .check = expectation_check};

void expect_bind(struct binder *binder, const struct field *field, const struct yaml_pair *pair, void *target)
{
    struct scenario *scenario = target;
    if (!bind_is_list(binder, field, pair->value))
        return;
    for (uint32_t i = 0; i < pair->value->item_count; i++) {
        struct expectation expectation = {0};
        bind_object(binder, &expect_schema, pair->value->items[i], &expectation);
        vec_push(&scenario->expectations, expectation);
    }
}
