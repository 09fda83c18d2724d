/*
 * step_screen.c: see step_screen.h: keys, and where they lead.
 */
#include "cli/step_screen.h"

#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "base/mem.h"
#include "cli/output.h"

#define COUNT_MAX 1000000
#define PROMPT_BYTES_MAX 300

struct screen {
    struct terminal *terminal;
    struct walk *walk;
    struct view_filter filter;
    char *namespace, *name; /* what the filter borrows when it was changed here */
    int64_t to_ns;
    enum walk_result result;
    struct step_look look;
    uint32_t scroll, lines; /* of the body */
    uint64_t count;         /* digits before a key; 0: none */
    struct text message;    /* for the last line, until the next key */
};

static const char keys[] = " n next  b back  c next change  t time  s Service  j/k scroll  ? help  q quit";

static const char *const help[] = {
    "n, space, right    the next step             10n        ten steps on",
    "b, left            one step back             10b        ten steps back",
    "c                  on to the next step that changes an object",
    "t                  to a time: the state after everything that happens then",
    "0, home            to the start              G, end     to the end",
    "s                  one Service alone: its name, or NAMESPACE/NAME; nothing: all",
    "j, down; k, up     scroll a line             page keys  scroll a page",
    "q                  quit",
    "",
    "A step is one thing that happens, and all that it brings about at once.",
    "In a bar each place is an endpoint, or several of them:",
    "",
};

/* --- drawing --------------------------------------------------------------------------------- */

static void draw(struct screen *screen, const char *last_line)
{
    struct text out = {0};
    terminal_size(screen->terminal, &screen->look.columns, &screen->look.rows);
    screen->lines = step_frame(&out, screen->walk, &screen->filter, &screen->look, screen->scroll, last_line);
    if (!terminal_write(screen->terminal, &out))
        screen->result = WALK_INTERRUPTED;
    text_fini(&out);
}

static void draw_usual(struct screen *screen)
{
    struct text line = {0};
    if (screen->message.length)
        text_printf(&line, " %s", screen->message.data);
    else if (screen->count)
        text_printf(&line, " %llu: n that many steps on, b back", (unsigned long long)screen->count);
    else
        text_add(&line, keys);
    draw(screen, line.data);
    uint32_t body = screen->look.rows > 3 ? screen->look.rows - 2 : 1;
    if (!screen->message.length && !screen->count && screen->scroll + body < screen->lines) {
        text_clear(&line);
        text_printf(&line, " (%u more lines: j)%s", screen->lines - screen->scroll - body, keys);
        draw(screen, line.data);
    }
    text_fini(&line);
}

static void say(struct screen *screen, const char *message)
{
    text_clear(&screen->message);
    text_add(&screen->message, message);
}

static void show_help(struct screen *screen)
{
    static const struct {
        const char *ascii, *utf8, *about;
    } signs[] = {{"#", "\u2588", "ready"},
        {"+", "\u2593", "ready, and new in this step (green where there are colours)"},
        {"o", "\u2592", "not ready"}, {"x", "\u2591", "terminating"}, {".", "\u00b7", "free"}};
    struct text out = {0};
    text_add(&out, "\033[H\033[J");
    for (size_t i = 0; i < sizeof help / sizeof *help; i++)
        text_printf(&out, " %.*s\r\n", (int)screen->look.columns - 1, help[i]);
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        text_printf(
            &out, "   %s  %s\r\n", screen->look.utf8 ? signs[i].utf8 : signs[i].ascii, signs[i].about);
    text_add(&out, "\r\n [any key]");
    (void)terminal_write(screen->terminal, &out);
    text_fini(&out);
    if (terminal_key(screen->terminal) == KEY_GONE)
        screen->result = WALK_INTERRUPTED;
}

/* A line of text; false: given up. */
static bool prompt(struct screen *screen, const char *question, struct text *answer)
{
    for (;;) {
        struct text line = {0};
        text_printf(&line, " %s %s_", question, answer->data ? answer->data : "");
        draw(screen, line.data);
        text_fini(&line);
        int key = terminal_key(screen->terminal);
        if (key == KEY_GONE)
            screen->result = WALK_INTERRUPTED;
        if (key == KEY_GONE || key == KEY_ESCAPE)
            return false;
        if (key == '\r' || key == '\n')
            return true;
        if ((key == 0x7f || key == '\b') && answer->length > 0)
            answer->data[--answer->length] = '\0';
        else if (key > ' ' && key < 0x7f && answer->length < PROMPT_BYTES_MAX)
            text_add_char(answer, (char)key);
    }
}

/* --- moving ---------------------------------------------------------------------------------- */

/* What came of a move. False: it is over with moving. */
static bool settle(struct screen *screen, enum walk_result result)
{
    screen->scroll = 0;
    if (result == WALK_END)
        say(screen, "the run is over: this is its end");
    else if (result == WALK_FAILED)
        say(screen, "the run failed here: an event could not be carried out (q tells which)");
    if (result == WALK_INTERRUPTED)
        screen->result = WALK_INTERRUPTED;
    return result == WALK_STEP;
}

static bool concerns(struct screen *screen)
{
    const struct catalog *catalog = store_catalog(simulation_store(walk_simulation(screen->walk)));
    return view_concerns(walk_step(screen->walk), catalog, &screen->filter);
}

/* To the next step about the Services that are shown. Steps beyond `to_ns` are not taken. */
static bool forward(struct screen *screen)
{
    do {
        if (walk_step(screen->walk)->at_ns >= screen->to_ns) {
            uint64_t number = walk_step(screen->walk)->number;
            enum walk_result result = walk_seek_time(screen->walk, screen->to_ns);
            if (result == WALK_STEP && walk_step(screen->walk)->number == number)
                result = WALK_END;
            return settle(screen, result);
        }
        if (!settle(screen, walk_next(screen->walk)))
            return false;
    } while (!concerns(screen));
    return true;
}

static bool backward(struct screen *screen)
{
    do {
        uint64_t number = walk_step(screen->walk)->number;
        if (number == 0)
            return false;
        if (!settle(screen, walk_seek(screen->walk, number - 1)))
            return false;
    } while (walk_step(screen->walk)->number > 0 && !concerns(screen));
    return true;
}

static void move(struct screen *screen, bool (*step)(struct screen *screen), uint64_t count)
{
    for (uint64_t i = 0; i < count && step(screen); i++) {
    }
}

static void to_change(struct screen *screen)
{
    while (forward(screen) && !walk_step(screen->walk)->writes) {
    }
}

static void to_time(struct screen *screen)
{
    struct text answer = {0};
    int64_t at_ns;
    if (prompt(screen, "to which time (10s, 2m30s)?", &answer) && answer.length > 0) {
        if (duration_parse(answer.data, answer.length, &at_ns) && at_ns >= 0) {
            settle(screen, walk_seek_time(screen->walk, at_ns < screen->to_ns ? at_ns : screen->to_ns));
        } else {
            text_clear(&screen->message);
            text_printf(&screen->message, "'%s' is no time: try 10s or 2m30s", answer.data);
        }
    }
    text_fini(&answer);
}

static void choose_service(struct screen *screen)
{
    struct text answer = {0};
    if (prompt(screen, "which Service ([NAMESPACE/]NAME, nothing for all)?", &answer)) {
        free(screen->namespace);
        free(screen->name);
        screen->namespace = screen->name = NULL;
        if (answer.length > 0) {
            const char *slash = strchr(answer.data, '/');
            const char *name = slash ? slash + 1 : answer.data;
            screen->namespace =
                slash ? mem_strndup(answer.data, (size_t)(slash - answer.data)) : mem_strndup("default", 7);
            screen->name = mem_strndup(name, strlen(name));
        }
        screen->filter = (struct view_filter){screen->namespace, screen->name};
        screen->scroll = 0;
    }
    text_fini(&answer);
}

/* --- keys ------------------------------------------------------------------------------------ */

static void scroll_by(struct screen *screen, int64_t rows)
{
    uint32_t body = screen->look.rows > 3 ? screen->look.rows - 2 : 1;
    int64_t last = screen->lines > body ? screen->lines - body : 0;
    int64_t at = (int64_t)screen->scroll + rows;
    screen->scroll = (uint32_t)(at < 0 ? 0 : at > last ? last : at);
}

/* False: quit. */
static bool act(struct screen *screen, int key, uint64_t count)
{
    int64_t page = screen->look.rows > 4 ? screen->look.rows - 4 : 1;
    switch (key) {
    case 'n':
    case ' ':
    case '\r':
    case KEY_RIGHT:
        move(screen, forward, count);
        return true;
    case 'b':
    case 0x7f:
    case KEY_LEFT:
        if (count >= walk_step(screen->walk)->number)
            settle(screen, walk_seek(screen->walk, 0));
        else if (!screen->filter.namespace)
            settle(screen, walk_seek(screen->walk, walk_step(screen->walk)->number - count));
        else
            move(screen, backward, count);
        return true;
    case 'c':
        to_change(screen);
        return true;
    case 't':
        to_time(screen);
        return true;
    case 's':
        choose_service(screen);
        return true;
    case '0':
    case KEY_HOME:
        settle(screen, walk_seek(screen->walk, 0));
        return true;
    case 'G':
    case KEY_END:
        settle(screen, walk_seek_time(screen->walk, screen->to_ns));
        return true;
    case 'j':
    case KEY_DOWN:
        scroll_by(screen, 1);
        return true;
    case 'k':
    case KEY_UP:
        scroll_by(screen, -1);
        return true;
    case KEY_PAGE_DOWN:
        scroll_by(screen, page);
        return true;
    case KEY_PAGE_UP:
        scroll_by(screen, -page);
        return true;
    case '?':
    case 'h':
        show_help(screen);
        return true;
    case 'q':
        return false;
    default:
        return true;
    }
}

enum walk_result step_screen_run(
    struct terminal *terminal, struct walk *walk, const struct view_filter *filter, int64_t to_ns)
{
    struct screen screen = {
        .terminal = terminal,
        .walk = walk,
        .filter = *filter,
        .to_ns = to_ns,
        .look = {.color = output_has_color(), .utf8 = terminal_is_utf8()},
    };
    for (bool goes_on = true; goes_on && screen.result == WALK_STEP;) {
        draw_usual(&screen);
        int key = terminal_key(terminal);
        if (key == KEY_GONE)
            screen.result = WALK_INTERRUPTED;
        if (key == KEY_GONE || key == KEY_NONE)
            continue;
        text_clear(&screen.message);
        if ((key >= '1' && key <= '9') || (key == '0' && screen.count)) {
            screen.count = screen.count * 10 + (uint64_t)(key - '0');
            screen.count = screen.count < COUNT_MAX ? screen.count : COUNT_MAX;
            continue;
        }
        goes_on = act(&screen, key, screen.count ? screen.count : 1);
        screen.count = 0;
    }
    free(screen.namespace);
    free(screen.name);
    text_fini(&screen.message);
    return screen.result;
}
