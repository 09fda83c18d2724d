/*
 * plot_output.h: where pictures go, and the scripts that draw them: what `epsim plot` and `report` share.
 */
#ifndef EPSIM_CLI_PLOT_OUTPUT_H
#define EPSIM_CLI_PLOT_OUTPUT_H

#include "cli/options.h"
#include "record/plot.h"

/* "<folder of the program>/../share/epsim", installed or in the build folder; false when the program's own
 * place is not known. */
bool plot_scripts_folder(struct text *out);
/* --output and --format. */
enum exit_code plot_read_output(const struct arguments *arguments, const struct option_value *output,
    const struct option_value *format, const char **out_path, enum plot_format *out_format);
/* Neither the database nor a file that is no such picture is written over. */
enum exit_code plot_check_output(const char *output, const char *database, enum plot_format format);
/* A picture as text fills the terminal's width, and leaves a line for the prompt. */
void plot_fit_terminal(uint32_t *out_width, uint32_t *out_height);
/* What came of it; takes the message. */
enum exit_code plot_tell(enum status status, char *message);

#endif
