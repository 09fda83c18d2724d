/*
 * figure_options.h: options about figures, as compare, plot and report have them.
 */
#ifndef EPSIM_CLI_FIGURE_OPTIONS_H
#define EPSIM_CLI_FIGURE_OPTIONS_H

#include "cli/options.h"
#include "experiment/figure.h"

struct figure_list {
    VEC(struct figure) figures;
    bool is_default; /* none was named */
};

/* --figure NAME,NAME (also several times); without, `defaults` (NULL ends). EXIT_USAGE after a message. */
enum exit_code figure_list_read(const struct arguments *arguments, const struct option_value *value,
    const char *const *defaults, struct figure_list *out);
void figure_list_fini(struct figure_list *list);
/* --confidence PERCENT as a share; 95 % without. */
enum exit_code confidence_read(
    const struct arguments *arguments, const struct option_value *value, double *out);

#endif
