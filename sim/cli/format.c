/*
 * format.c: see format.h.
 */
#include "cli/format.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cli/output.h"

void text_add_time(struct text *out, int64_t ns)
{
    if (ns > NS_PER_S)
        ns = (ns + NS_PER_MS / 2) / NS_PER_MS * NS_PER_MS;
    text_add_duration(out, ns);
}

void text_add_rate(struct text *out, double rate)
{
    if (!(rate < 1e18)) {
        text_add(out, "very many");
        return;
    }
    if (rate < 100) {
        text_printf(out, "%.3g", rate);
        return;
    }
    double unit = 1;
    while (rate / unit >= 1000)
        unit *= 10;
    text_add_grouped(out, (uint64_t)(floor(rate / unit + 0.5) * unit));
}

void text_add_wall_s(struct text *out, double seconds)
{
    if (seconds < 1)
        text_printf(out, "%.3g ms", seconds * 1000);
    else
        text_printf(out, "%.3g s", seconds);
}

void text_add_seconds(struct text *out, int64_t ns)
{
    text_add_i64(out, ns / NS_PER_S);
    int64_t fraction = ns % NS_PER_S;
    if (fraction == 0)
        return;
    char digits[16];
    int length = snprintf(digits, sizeof digits, ".%09lld", (long long)fraction);
    while (digits[length - 1] == '0')
        length--;
    text_add_bytes(out, digits, (size_t)length);
}

/* --- tables ------------------------------------------------------------------------------------------ */

void table_init(struct table *table, uint32_t column_count, uint32_t gap, const enum align *aligns)
{
    *table = (struct table){.column_count = column_count, .gap = gap, .aligns = aligns};
}

void table_fini(struct table *table)
{
    for (uint32_t i = 0; i < table->cells.count; i++)
        free(table->cells.items[i]);
    vec_fini(&table->cells);
}

void table_add(struct table *table, const char *cell)
{
    vec_push(&table->cells, mem_strndup(cell, strlen(cell)));
}

void table_take(struct table *table, struct text *cell)
{
    table_add(table, cell->data != NULL ? cell->data : "");
    text_clear(cell);
}

void table_add_grouped(struct table *table, uint64_t value)
{
    struct text cell = {0};
    text_add_grouped(&cell, value);
    table_take(table, &cell);
    text_fini(&cell);
}

static void add_spaces(struct text *out, size_t count)
{
    while (count-- > 0)
        text_add_char(out, ' ');
}

static void print_row(const struct table *table, uint32_t row, const size_t *widths, struct text *out)
{
    uint32_t last = table->column_count;
    while (last > 1 && table->cells.items[row * table->column_count + last - 1][0] == '\0')
        last--; /* no spaces at the end of a line */
    for (uint32_t column = 0; column < last; column++) {
        const char *cell = table->cells.items[row * table->column_count + column];
        size_t padding = widths[column] - strlen(cell);
        bool right = table->aligns != NULL && table->aligns[column] == ALIGN_RIGHT;
        if (right)
            add_spaces(out, padding);
        text_add(out, cell);
        if (column + 1 == last)
            break;
        size_t gap = table->gap;
        if (!right)
            gap += padding;
        if (!right && strlen(cell) + gap < table->width_min)
            gap = table->width_min - strlen(cell);
        add_spaces(out, gap);
    }
    text_add_char(out, '\n');
}

void table_print(const struct table *table, struct text *out, bool bold_head)
{
    size_t *widths = mem_zalloc(sizeof *widths * table->column_count);
    for (uint32_t i = 0; i < table->cells.count; i++) {
        size_t width = strlen(table->cells.items[i]);
        if (width > widths[i % table->column_count])
            widths[i % table->column_count] = width;
    }
    struct text line = {0};
    for (uint32_t row = 0; row < table->cells.count / table->column_count; row++) {
        text_clear(&line);
        print_row(table, row, widths, &line);
        if (row == 0 && bold_head) {
            line.data[line.length - 1] = '\0';
            text_add_color(out, true, COLOR_BOLD, line.data);
            text_add_char(out, '\n');
        } else {
            text_add_bytes(out, line.data, line.length);
        }
    }
    text_fini(&line);
    free(widths);
}
