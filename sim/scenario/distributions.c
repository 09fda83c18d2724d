/*
 * distributions.c: see distributions.h.
 */
#include "scenario/distributions.h"

#include <string.h>

#include "base/number.h"
#include "kernel/distribution.h"

/* A duration as real nanoseconds, for a parameter of a distribution. */
static void bind_ns(
    struct binder *binder, const struct field *field, const struct yaml_pair *pair, void *target)
{
    int64_t ns;
    if (pair->value->kind == YAML_SCALAR && duration_parse(pair->value->text, pair->value->length, &ns))
        *(double *)(void *)((char *)target + field->offset) = (double)ns;
    else
        bind_report_type(binder, field, pair->value);
}

#define NS_PARAMETER(parameter, member, meaning) \
    { \
        .name = parameter, .type = FIELD_CUSTOM, .flags = FIELD_REQUIRED, \
        .offset = offsetof(struct distribution, member), .bind = bind_ns, \
        .type_text = "a duration such as 250ms, 10s or 1h30m", .help = meaning \
    }
#define REAL_PARAMETER(parameter, member, meaning) \
    { \
        .name = parameter, .type = FIELD_REAL, .flags = FIELD_REQUIRED, \
        .offset = offsetof(struct distribution, member), .help = meaning \
    }

static const struct field exponential_fields[] = {NS_PARAMETER("mean", a, "the mean")};
static const struct field uniform_fields[] = {
    NS_PARAMETER("min", a, "the lowest"), NS_PARAMETER("max", b, "the highest")};
static const struct field log_normal_fields[] = {
    NS_PARAMETER("median", a, "half of the draws are below"), REAL_PARAMETER("sigma", b, "of the logarithm")};
static const struct field weibull_fields[] = {NS_PARAMETER("scale", a, "63 % of the draws are below"),
    REAL_PARAMETER("shape", b, "below 1: many short ones")};

static const struct schema exponential_schema = {.name = "exponential", FIELDS(exponential_fields)};
static const struct schema uniform_schema = {.name = "uniform", FIELDS(uniform_fields)};
static const struct schema log_normal_schema = {.name = "logNormal", FIELDS(log_normal_fields)};
static const struct schema weibull_schema = {.name = "weibull", FIELDS(weibull_fields)};

/* [[p, duration], ...] */
static void bind_empirical(
    struct binder *binder, const struct field *field, const struct yaml_pair *pair, void *target)
{
    struct distribution *distribution = target;
    const struct yaml_node *list = pair->value;
    if (!bind_is_list(binder, field, list) || list->item_count == 0)
        return;
    if (list->item_count > QUANTILES_MAX) {
        diag_error(binder->diag, list->at, "'empirical' has at most %d points", QUANTILES_MAX);
        return;
    }
    struct quantile *quantiles = arena_alloc(binder->arena, list->item_count * sizeof *quantiles);
    for (uint32_t i = 0; i < list->item_count; i++) {
        const struct yaml_node *item = list->items[i];
        int64_t ns;
        bool good = item->kind == YAML_SEQUENCE && item->item_count == 2 &&
                    item->items[0]->kind == YAML_SCALAR && item->items[1]->kind == YAML_SCALAR &&
                    real_parse(item->items[0]->text, item->items[0]->length, &quantiles[i].p) &&
                    duration_parse(item->items[1]->text, item->items[1]->length, &ns);
        if (!good) {
            diag_error(
                binder->diag, item->at, "a point of 'empirical' is [SHARE, DURATION], such as [0.5, 2s]");
            return;
        }
        quantiles[i].value_ns = (double)ns;
    }
    distribution->quantiles = quantiles;
    distribution->quantile_count = list->item_count;
}

static const struct field distribution_fields[] = {
    {.name = "exponential",
        .type = FIELD_OBJECT,
        .object = &exponential_schema,
        .type_text = "`{mean}`",
        .help = "memoryless: most are short, some long"},
    {.name = "uniform",
        .type = FIELD_OBJECT,
        .object = &uniform_schema,
        .type_text = "`{min, max}`",
        .help = "all between are equally likely"},
    {.name = "logNormal",
        .type = FIELD_OBJECT,
        .object = &log_normal_schema,
        .type_text = "`{median, sigma}`",
        .help = "start-up times are often like this"},
    {.name = "weibull",
        .type = FIELD_OBJECT,
        .object = &weibull_schema,
        .type_text = "`{scale, shape}`",
        .help = "lifetimes"},
    {.name = "empirical",
        .type = FIELD_CUSTOM,
        .bind = bind_empirical,
        .type_text = "`[[share, duration], ...]`",
        .help = "measured: the share of draws that are at most so long; shares rise from 0 to 1"},
};
const struct schema distributions_schema = {.name = "a distribution", FIELDS(distribution_fields)};

static enum distribution_kind distribution_kind_named(const char *name)
{
    static const enum distribution_kind kinds[] = {DISTRIBUTION_EXPONENTIAL, DISTRIBUTION_UNIFORM,
        DISTRIBUTION_LOG_NORMAL, DISTRIBUTION_WEIBULL, DISTRIBUTION_EMPIRICAL};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(distribution_fields[i].name, name) == 0)
            return kinds[i];
    return DISTRIBUTION_CONSTANT;
}

void bind_distribution(
    struct binder *binder, const struct field *field, const struct yaml_pair *pair, void *target)
{
    const struct yaml_node *value = pair->value;
    struct distribution *out = (void *)((char *)target + field->offset);
    int64_t ns;
    if (value->kind == YAML_SCALAR && duration_parse(value->text, value->length, &ns)) {
        *out = distribution_constant(ns);
        return;
    }
    if (value->kind != YAML_MAPPING || value->pair_count == 0) {
        bind_report_type(binder, field, value);
        return;
    }
    if (value->pair_count > 1) {
        diag_error(binder->diag, value->pairs[1].key->at,
            "'%s' has one distribution, '%.40s' was given before", field->name, value->pairs[0].key->text);
        return;
    }
    uint32_t errors = diag_error_count(binder->diag);
    struct distribution drawn = {.kind = distribution_kind_named(value->pairs[0].key->text)};
    bind_object(binder, &distributions_schema, value, &drawn);
    if (diag_error_count(binder->diag) > errors)
        return;
    const char *problem = distribution_check(&drawn);
    if (problem)
        diag_error(binder->diag, value->pairs[0].value->at, "%s", problem);
    else
        *out = drawn;
}

void bind_duration_up_to(
    struct binder *binder, const struct field *field, const struct yaml_pair *pair, void *target)
{
    const struct yaml_node *value = pair->value;
    int64_t ns;
    if (value->kind == YAML_SCALAR && duration_parse(value->text, value->length, &ns) && ns <= field->max)
        *(int64_t *)(void *)((char *)target + field->offset) = ns;
    else
        bind_report_type(binder, field, value);
}
