/*
 * html.h: the pieces of a self-contained page: text that is only text, tables, pictures in place.
 */
#ifndef EPSIM_EXPERIMENT_HTML_H
#define EPSIM_EXPERIMENT_HTML_H

#include "base/text.h"

/* Escapes what HTML would read, in contents and attributes; what is not UTF-8 becomes U+FFFD, control
 * characters but line ends and tabs become spaces. */
void text_add_html(struct text *out, const char *string);
void text_add_html_bytes(struct text *out, const char *bytes, size_t length);

/* A picture that gnuplot drew, as part of the page: its names get `prefix`, so that no other picture has
 * them, its size is the page's, and it has a title for whoever cannot see it. */
void text_add_svg(struct text *out, const struct text *svg, const char *prefix, const char *title);

/* <!DOCTYPE html>, style and all, up to the first heading. */
void html_begin(struct text *out, const char *title);
void html_end(struct text *out);
/* How every page of ours begins. */
#define HTML_BEGINNING "<!DOCTYPE html>\n<!-- epsim report -->\n"

#endif
