/*
 * yaml_hint.c: see yaml_hint.h.
 */
#include "scenario/yaml_hint.h"

#include <stdbool.h>
#include <string.h>

static bool begins_with_tab(const char *line)
{
    return line[strspn(line, " ")] == '\t';
}

/* "key: >=3": YAML takes the '>' for the start of a block text. */
static bool has_bare_greater(const char *line)
{
    size_t length = strcspn(line, "\n");
    for (size_t i = 0; i + 3 < length; i++)
        if (line[i] == ':' && line[i + 1] == ' ' && line[i + 2] == '>' && line[i + 3] == '=')
            return true;
    return false;
}

/* The next line stands further right, so it goes on with this line's text. */
static bool is_continued(const char *line)
{
    const char *next = line + strcspn(line, "\n");
    if (*next == '\0')
        return false;
    size_t indent = strspn(line, " "), next_indent = strspn(++next, " ");
    return next_indent > indent && strchr("\n#", next[next_indent]) == NULL;
}

const char *yaml_hint(const char *message, const char *line)
{
    if (begins_with_tab(line) && strstr(message, "tab") == NULL)
        return " (the line begins with a tab; YAML indents with spaces)";
    if (has_bare_greater(line))
        return " (a value that begins with '>' needs quotes: \">=3\")";
    if (strcmp(message, "invalid multiline plain key") == 0 && is_continued(line))
        return " (the next line stands further right, so YAML reads it as more of this text)";
    return "";
}
