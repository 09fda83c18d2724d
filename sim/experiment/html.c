/*
 * html.c: see html.h.
 */
#include "experiment/html.h"

#include <string.h>

#include "experiment/report_css.h"

void text_add_html_bytes(struct text *out, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length;) {
        uint32_t code_point;
        size_t step = utf8_decode(bytes + i, length - i, &code_point);
        if (step == 0) {
            text_add(out, "\xef\xbf\xbd");
            i++;
            continue;
        }
        switch (bytes[i]) {
        case '<':
            text_add(out, "&lt;");
            break;
        case '>':
            text_add(out, "&gt;");
            break;
        case '&':
            text_add(out, "&amp;");
            break;
        case '"':
            text_add(out, "&quot;");
            break;
        case '\'':
            text_add(out, "&#39;");
            break;
        default:
            if (((unsigned char)bytes[i] < ' ' && bytes[i] != '\n' && bytes[i] != '\t') || bytes[i] == 0x7f)
                text_add_char(out, ' ');
            else
                text_add_bytes(out, bytes + i, step);
        }
        i += step;
    }
}

void text_add_html(struct text *out, const char *string)
{
    text_add_html_bytes(out, string, strlen(string));
}

/* --- pictures ----------------------------------------------------------------------------------------- */

static bool begins(const char *at, const char *with)
{
    return strncmp(at, with, strlen(with)) == 0;
}

/* Copies up to and with `what`; where it goes on. */
static const char *copy_through(struct text *out, const char *at, const char *what)
{
    text_add(out, what);
    return at + strlen(what);
}

void text_add_svg(struct text *out, const struct text *svg, const char *prefix, const char *title)
{
    const char *at = svg->data != NULL ? strstr(svg->data, "<svg") : NULL;
    const char *box = at != NULL ? strstr(at, "viewBox=\"") : NULL;
    const char *body = box != NULL ? strchr(at, '>') : NULL;
    if (body == NULL || body < box)
        return;
    text_add(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" "
                  "role=\"img\" ");
    text_add_bytes(out, box, strcspn(box + 9, "\"") + 10);
    text_add(out, "><title>");
    text_add_html(out, title);
    text_add(out, "</title>");
    for (at = body + 1; *at != '\0';) {
        /* gnuplot's own titles would pop up over every line. */
        if (begins(at, "<title>") && strstr(at, "</title>") != NULL) {
            at = strstr(at, "</title>") + 8;
        } else if (begins(at, "<desc>") && strstr(at, "</desc>") != NULL) {
            at = strstr(at, "</desc>") + 7;
        } else if (begins(at, " id='") || begins(at, " id=\"")) {
            at = copy_through(out, at, at[4] == '"' ? " id=\"" : " id='");
            text_add(out, prefix);
        } else if (begins(at, "href='#")) {
            at = copy_through(out, at, "href='#");
            text_add(out, prefix);
        } else if (begins(at, "url(#")) {
            at = copy_through(out, at, "url(#");
            text_add(out, prefix);
        } else if (begins(at, "\n\n")) {
            at++;
        } else {
            text_add_char(out, *at++);
        }
    }
}

/* --- the page ----------------------------------------------------------------------------------------- */

void html_begin(struct text *out, const char *title)
{
    text_add(out, HTML_BEGINNING "<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                                 "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                                 /* Nothing is fetched from anywhere, and no script runs. */
                                 "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                                 "style-src 'unsafe-inline'\">\n"
                                 "<title>");
    text_add_html(out, title);
    text_add(out, "</title>\n<style>\n");
    text_add(out, report_css);
    text_add(out, "</style>\n</head>\n<body>\n");
}

void html_end(struct text *out)
{
    text_add(out, "</body>\n</html>\n");
}
