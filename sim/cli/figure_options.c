/*
 * figure_options.c: see figure_options.h.
 */
#include "cli/figure_options.h"

#include <string.h>

#include "base/mem.h"
#include "experiment/statistic.h"

static enum exit_code add_figure(
    const struct arguments *arguments, const char *name, struct figure_list *list)
{
    struct figure figure;
    const char *near;
    if (figure_parse(name, &figure, &near)) {
        vec_push(&list->figures, figure);
        return EXIT_OK;
    }
    if (near != NULL)
        return usage_error(arguments, "unknown figure '%s'; did you mean '%s'?", name, near);
    return usage_error(arguments, "unknown figure '%s'; 'epsim compare --figures' lists them", name);
}

enum exit_code figure_list_read(const struct arguments *arguments, const struct option_value *value,
    const char *const *defaults, struct figure_list *out)
{
    *out = (struct figure_list){.is_default = value->count == 0};
    enum exit_code code = EXIT_OK;
    for (; out->is_default && *defaults != NULL; defaults++)
        add_figure(arguments, *defaults, out);
    for (uint32_t i = 0; i < value->list.count && code == EXIT_OK; i++) {
        const char *words = value->list.items[i];
        while (code == EXIT_OK) {
            size_t length = strcspn(words, ",");
            char *word = mem_strndup(words, length);
            code = add_figure(arguments, word, out);
            free(word);
            if (words[length] == '\0')
                break;
            words += length + 1;
        }
    }
    return code;
}

void figure_list_fini(struct figure_list *list)
{
    vec_fini(&list->figures);
}

enum exit_code confidence_read(
    const struct arguments *arguments, const struct option_value *value, double *out)
{
    double percent = 95;
    if (value->count > 0 && !real_parse(value->text, strlen(value->text), &percent))
        percent = -1;
    *out = percent / 100;
    if (*out >= CONFIDENCE_MIN && *out <= CONFIDENCE_MAX)
        return EXIT_OK;
    return usage_error(arguments, "--confidence %s: expected %g to %g per cent", value->text,
        100 * CONFIDENCE_MIN, 100 * CONFIDENCE_MAX);
}
