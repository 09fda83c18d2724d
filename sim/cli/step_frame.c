/*
 * step_frame.c: see step_frame in step_screen.h: lines (step_lines.h) become rows of a terminal.
 */
#include <stdlib.h>
#include <string.h>

#include "cli/step_screen.h"

#define HANGING 2
/* What stands beside a bar: a name, a count and a word or two. */
#define BESIDE_BAR_COLUMNS 54
#define BAR_COLUMNS_MIN 10
#define BAR_COLUMNS_MAX 100

struct frame {
    struct text *out;
    const struct step_look *look;
    uint32_t row, scroll; /* of the body */
    uint32_t body_rows;
    uint32_t column;
};

/* --- signs and colours ----------------------------------------------------------------------- */

static const char *tone_code(enum tone tone)
{
    static const char *const codes[] = {
        [TONE_PLAIN] = "1",
        [TONE_CAUSE] = "36",
        [TONE_ACTOR] = "4",
        [TONE_REASON] = "0",
        [TONE_REQUEST] = "32",
        [TONE_NOOP] = "2",
        [TONE_WARNING] = "31",
        [TONE_SERVICE] = "1",
        [TONE_OBJECT] = "0",
        [TONE_TOUCHED] = "33",
    };
    return codes[tone];
}

struct sign {
    const char *color, *utf8, *utf8_plain;
};

/* Without colours what is new has a sign of its own. */
static struct sign sign_of(char cell)
{
    switch ((enum cell)cell) {
    case CELL_READY:
        return (struct sign){"0", "\u2588", "\u2588"};
    case CELL_NEW:
        return (struct sign){"32", "\u2588", "\u2593"};
    case CELL_NOT_READY:
        return (struct sign){"33", "\u2592", "\u2592"};
    case CELL_TERMINATING:
        return (struct sign){"31", "\u2591", "\u2591"};
    case CELL_FREE:
        break;
    }
    return (struct sign){"2", "\u00b7", "\u00b7"};
}

static void set_color(const struct frame *frame, const char *code)
{
    if (frame->look->color)
        text_printf(frame->out, "\033[0;%sm", code);
}

static bool is_shown(const struct frame *frame)
{
    return frame->row >= frame->scroll && frame->row < frame->scroll + frame->body_rows;
}

static void end_row(struct frame *frame)
{
    if (is_shown(frame)) {
        set_color(frame, "0");
        text_add(frame->out, "\033[K\r\n");
    }
    frame->row++;
    frame->column = 0;
}

/* --- rows ------------------------------------------------------------------------------------ */

/* The columns of the character at `bytes`, and its length. What is no character takes one column, as '?'. */
static uint32_t width_of(const char *bytes, size_t left, uint32_t *out_length)
{
    uint32_t code;
    *out_length = utf8_decode(bytes, left, &code);
    if (*out_length == 0 || utf8_is_control(code)) {
        *out_length = *out_length ? *out_length : 1;
        return 1;
    }
    return utf8_width(code);
}

static void put(struct frame *frame, const char *bytes, uint32_t length, uint32_t width)
{
    frame->column += width;
    if (!is_shown(frame))
        return;
    uint32_t code;
    if (utf8_decode(bytes, length, &code) == 0 || utf8_is_control(code))
        text_add_char(frame->out, '?');
    else if (length > 1 && !frame->look->utf8)
        text_add(frame->out, width == 2 ? "??" : "?");
    else
        text_add_bytes(frame->out, bytes, length);
}

static void put_spaces(struct frame *frame, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        put(frame, " ", 1, 1);
}

static uint32_t word_width(const char *word, size_t length)
{
    uint32_t width = 0, n;
    for (size_t i = 0; i < length; i += n)
        width += width_of(word + i, length - i, &n);
    return width;
}

/* Words wrapped at the right edge; later rows hang. */
static void put_words(struct frame *frame, const char *text, uint32_t indent, const char *color)
{
    uint32_t columns = frame->look->columns;
    put_spaces(frame, indent);
    if (is_shown(frame))
        set_color(frame, color);
    for (bool first = true; *text; first = false) {
        size_t length = strcspn(text, " ");
        uint32_t width = word_width(text, length);
        if (!first && frame->column + 1 + width > columns) {
            end_row(frame);
            put_spaces(frame, indent + HANGING < columns / 2 ? indent + HANGING : 0);
            if (is_shown(frame))
                set_color(frame, color);
        } else if (!first) {
            put(frame, " ", 1, 1);
        }
        uint32_t n;
        for (size_t i = 0; i < length; i += n) {
            uint32_t w = width_of(text + i, length - i, &n);
            if (frame->column + w > columns)
                end_row(frame);
            put(frame, text + i, n, w);
        }
        text += length;
        text += *text == ' ';
    }
}

static void put_cells(struct frame *frame, const struct text *bar)
{
    const struct step_look *look = frame->look;
    for (size_t i = 0; i < bar->length; i++) {
        struct sign sign = sign_of(bar->data[i]);
        bool same = i > 0 && bar->data[i] == bar->data[i - 1];
        if (is_shown(frame) && !same)
            set_color(frame, sign.color);
        frame->column++;
        if (!is_shown(frame))
            continue;
        if (look->utf8)
            text_add(frame->out, look->color ? sign.utf8 : sign.utf8_plain);
        else
            text_add_char(frame->out, bar->data[i]);
    }
}

/* Bars are never wrapped: what stands behind one is cut at the edge. */
static void put_bar_line(struct frame *frame, const struct step_line *line)
{
    const char *color = tone_code(line->tone);
    put_spaces(frame, line->indent);
    if (is_shown(frame))
        set_color(frame, color);
    const char *parts[] = {line->text.data, line->tail.data};
    for (int part = 0; part < 2; part++) {
        if (part == 1) {
            put_cells(frame, &line->bar);
            if (is_shown(frame))
                set_color(frame, color);
            put_spaces(frame, 1);
        }
        uint32_t n;
        size_t length = strlen(parts[part]);
        for (size_t i = 0; i < length; i += n) {
            uint32_t w = width_of(parts[part] + i, length - i, &n);
            if (frame->column + w > frame->look->columns)
                break;
            put(frame, parts[part] + i, n, w);
        }
    }
}

static void put_line(struct frame *frame, const struct step_line *line)
{
    if (line->bar.length)
        put_bar_line(frame, line);
    else if (line->tail.length) {
        struct text joined = {0};
        text_printf(&joined, "%s %s", line->text.data, line->tail.data);
        put_words(frame, joined.data, line->indent, tone_code(line->tone));
        text_fini(&joined);
    } else {
        put_words(frame, line->text.data, line->indent, tone_code(line->tone));
    }
    end_row(frame);
}

/* A line over the whole width, cut at the edge. */
static void put_edge(struct frame *frame, const char *text, bool is_last)
{
    uint32_t n, column = 0;
    size_t length = strlen(text);
    if (frame->look->color)
        text_add(frame->out, "\033[0;7m");
    for (size_t i = 0; i < length; i += n) {
        uint32_t w = width_of(text + i, length - i, &n);
        if (column + w > frame->look->columns)
            break;
        column += w;
        uint32_t code;
        bool odd =
            utf8_decode(text + i, n, &code) == 0 || utf8_is_control(code) || (n > 1 && !frame->look->utf8);
        if (odd)
            text_add_char(frame->out, '?');
        else
            text_add_bytes(frame->out, text + i, n);
    }
    for (; column < frame->look->columns && frame->look->color; column++)
        text_add_char(frame->out, ' ');
    if (frame->look->color)
        text_add(frame->out, "\033[0m");
    text_add(frame->out, is_last ? "\033[K" : "\033[K\r\n");
}

/* --- a frame --------------------------------------------------------------------------------- */

static void add_title(struct text *out, struct walk *walk, const struct view_filter *filter)
{
    text_printf(out, " %s   ", walk_scenario(walk)->name);
    step_title(out, walk_step(walk));
    if (filter->name)
        text_printf(out, "   Service %s/%s alone", filter->namespace, filter->name);
    else if (filter->namespace)
        text_printf(out, "   namespace %s alone", filter->namespace);
}

static void add_services(
    struct step_lines *lines, struct walk *walk, const struct view *view, const struct frame *frame)
{
    uint32_t columns = frame->look->columns;
    uint32_t bar_columns =
        columns > BESIDE_BAR_COLUMNS + BAR_COLUMNS_MIN ? columns - BESIDE_BAR_COLUMNS : BAR_COLUMNS_MIN;
    uint32_t room = frame->body_rows / 2;
    struct step_detail detail = {
        .slices_max = room > 6 ? room - 3 : 3,
        .bar_columns = bar_columns < BAR_COLUMNS_MAX ? bar_columns : BAR_COLUMNS_MAX,
    };
    for (int touched = 1; touched >= 0; touched--) {
        for (uint32_t i = 0; i < view->services.count; i++) {
            const struct view_service *service = &view->services.items[i];
            bool is_full = service->is_touched || view->services.count == 1;
            if (is_full != (touched == 1))
                continue;
            if (!is_full && lines->items.count >= room)
                continue;
            struct step_detail shown = detail;
            if (!is_full)
                shown.slices_max = 0;
            step_lines_add_service(lines, walk, view, service, shown);
        }
    }
}

uint32_t step_frame(struct text *out, struct walk *walk, const struct view_filter *filter,
    const struct step_look *look, uint32_t scroll, const char *last_line)
{
    struct frame frame = {
        .out = out, .look = look, .scroll = scroll, .body_rows = look->rows > 3 ? look->rows - 2 : 1};
    struct view view = {0};
    struct step_lines lines = {0};
    struct text title = {0};
    text_add(out, "\033[H");
    add_title(&title, walk, filter);
    put_edge(&frame, title.data, false);
    view_make(&view, walk, filter, false);
    add_services(&lines, walk, &view, &frame);
    uint32_t services = lines.items.count;
    step_lines_add_story(&lines, walk, filter);
    for (uint32_t i = 0; i < lines.items.count; i++) {
        if (i == services && services > 0)
            end_row(&frame);
        put_line(&frame, &lines.items.items[i]);
    }
    uint32_t rows = frame.row;
    while (frame.row < scroll + frame.body_rows)
        end_row(&frame);
    put_edge(&frame, last_line, true);
    text_add(out, "\033[J");
    step_lines_fini(&lines);
    view_fini(&view);
    text_fini(&title);
    return rows;
}
