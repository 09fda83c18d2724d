/*
 * note.c: see note.h.
 */
#include "walk/note.h"

const char *note_kind_text(enum note_kind kind)
{
    static const char *const texts[NOTE_KIND_COUNT] = {
        "cause", "change", "decision", "request", "event", "failure"};
    return texts[kind];
}

void walk_step_clear(struct walk_step *step)
{
    vec_clear(&step->notes);
    text_clear(&step->words);
    step->writes = false;
}

void walk_step_fini(struct walk_step *step)
{
    vec_fini(&step->notes);
    text_fini(&step->words);
}

void walk_step_add(struct walk_step *step, struct note note, uint32_t words)
{
    note.words = words;
    note.words_length = (uint32_t)step->words.length - words;
    text_add_char(&step->words, '\0');
    vec_push(&step->notes, note);
}
