/*
 * sweep_axis.c: see sweep_axis.h.
 */
#include "experiment/sweep_axis.h"

#include <stdlib.h>
#include <string.h>

static int compare_values(const void *left, const void *right)
{
    return parameter_value_compare(*(const char *const *)left, *(const char *const *)right);
}

void sweep_axis_init(struct sweep_axis *axis, const struct results *results, int parameter)
{
    *axis = (struct sweep_axis){.parameter = parameter};
    if (parameter < 0) {
        vec_push(&axis->values, NULL);
        return;
    }
    for (uint32_t i = 0; i < results->variants.count; i++)
        vec_push(&axis->values, results->variants.items[i].values[parameter]);
    if (axis->values.count > 0)
        qsort(axis->values.items, axis->values.count, sizeof *axis->values.items, compare_values);
    uint32_t kept = 0;
    axis->is_numeric = true;
    for (uint32_t i = 0; i < axis->values.count; i++) {
        const char *value = axis->values.items[i];
        double number;
        if (kept > 0 && parameter_value_compare(axis->values.items[kept - 1], value) == 0)
            continue;
        axis->values.items[kept++] = value;
        axis->is_numeric = axis->is_numeric && parameter_value_number(value, &number);
    }
    axis->values.count = kept;
}

void sweep_axis_fini(struct sweep_axis *axis)
{
    vec_fini(&axis->values);
}

uint32_t sweep_axis_index(const struct sweep_axis *axis, const struct results *results, uint32_t variant)
{
    if (axis->parameter < 0)
        return 0;
    const char *value = results->variants.items[variant].values[axis->parameter];
    const char **found =
        bsearch(&value, axis->values.items, axis->values.count, sizeof *axis->values.items, compare_values);
    return (uint32_t)(found - axis->values.items);
}

double sweep_axis_position(const struct sweep_axis *axis, uint32_t index)
{
    double number = index + 1;
    if (axis->is_numeric)
        parameter_value_number(axis->values.items[index], &number);
    return number;
}

const char *sweep_axis_name(const struct sweep_axis *axis, const struct results *results)
{
    return axis->parameter < 0 ? "" : results_short_name(results, axis->parameter);
}

const char *sweep_axis_label(const struct sweep_axis *axis, uint32_t index)
{
    const char *value = axis->values.items[index];
    return value != NULL ? value : axis->parameter < 0 ? "" : "not set";
}
