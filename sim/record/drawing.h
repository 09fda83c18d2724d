/*
 * drawing.h: gnuplot, a script of analysis/ and tables of data: what every picture is made of.
 *
 * The tables lie in a folder of our own, which gnuplot draws into. So no name that a user chose ever reaches
 * gnuplot or a shell, and a picture appears under its name only when it is whole.
 */
#ifndef EPSIM_RECORD_DRAWING_H
#define EPSIM_RECORD_DRAWING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"
#include "base/text.h"

enum plot_format { PLOT_SVG, PLOT_PNG, PLOT_PDF, PLOT_TXT, PLOT_FORMAT_COUNT };

/* "svg", "png", "pdf", "txt". */
const char *plot_format_name(enum plot_format format);
/* From the end of a file name. False when it says nothing that we know. */
bool plot_format_of_path(const char *path, enum plot_format *out);

#define PLOT_WIDTH_DEFAULT 1200
#define PLOT_HEIGHT_DEFAULT 800
/* Below, titles do not fit; above, terminals of gnuplot fail in ways of their own. */
#define PLOT_SIZE_MIN 320
#define PLOT_SIZE_MAX 10000

struct drawing {
    char *folder;
    char *scripts; /* the folder of *.gp */
};

/* Makes the folder, in $TMPDIR. `scripts` is a folder. STATUS_IO. */
enum status drawing_create(struct drawing *drawing, const char *scripts, char **out_message);
/* A table for the script to read: NAME.tsv. */
enum status drawing_write(
    const struct drawing *drawing, const char *name, const struct text *table, char **out_message);
/* Draws with SCRIPT.gp. `settings` are gnuplot assignments ("bare = 1; "), made of numbers and words of ours,
 * or "". Width and height in pixels, 0: the default; a character of text stands for 12 x 24. STATUS_OK may
 * come with a message: what gnuplot had to say. STATUS_IO: it is not there, or failed. */
enum status drawing_run(const struct drawing *drawing, const char *script, const char *settings,
    enum plot_format format, uint32_t width, uint32_t height, char **out_message);
/* Appends the picture. */
enum status drawing_read(const struct drawing *drawing, struct text *out, char **out_message);
/* Puts the picture where it belongs: a path, or "-": standard output. */
enum status drawing_deliver(const struct drawing *drawing, const char *output, char **out_message);
/* Takes the folder away. Zeroed structs are allowed. */
void drawing_fini(struct drawing *drawing);

/* Writes beside the file and then puts it in its place, so that it is never there by half. STATUS_IO: errno
 * says why. */
enum status file_replace(const char *path, const struct text *content);

#endif
