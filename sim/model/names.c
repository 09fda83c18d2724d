/*
 * names.c: the syntax rules of names (RFC 1123, RFC 1035, IANA service names and Kubernetes' label rules).
 */
#include "model/names.h"

#include <string.h>

static bool is_lower_alnum(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}
static bool is_alnum(char c)
{
    return is_lower_alnum(c) || (c >= 'A' && c <= 'Z');
}

/* One DNS label of any length. */
static bool is_dns_label(const char *text, size_t length)
{
    if (length == 0 || !is_lower_alnum(text[0]) || !is_lower_alnum(text[length - 1]))
        return false;
    for (size_t i = 0; i < length; i++) {
        if (!is_lower_alnum(text[i]) && text[i] != '-')
            return false;
    }
    return true;
}

const char *name_check_label(const char *text, size_t length)
{
    if (length > 63)
        return "must be no more than 63 characters";
    return is_dns_label(text, length) ? NULL
                                      : "must consist of lower case letters, digits and '-', and start and "
                                        "end with a letter or digit";
}

const char *name_check_service(const char *text, size_t length)
{
    const char *problem = name_check_label(text, length);
    if (problem)
        return problem;
    return text[0] >= 'a' ? NULL : "must start with a letter";
}

const char *name_check_subdomain(const char *text, size_t length)
{
    if (length > 253)
        return "must be no more than 253 characters";
    size_t start = 0;
    for (size_t i = 0; i <= length; i++) {
        if (i < length && text[i] != '.')
            continue;
        if (!is_dns_label(text + start, i - start))
            return "must consist of lower case letters, digits, '-' and '.', and start and end with a letter "
                   "or digit";
        start = i + 1;
    }
    return NULL;
}

/* The common form of label values and of the name part of label keys; not empty. */
static bool is_qualified(const char *text, size_t length)
{
    if (length == 0 || length > 63 || !is_alnum(text[0]) || !is_alnum(text[length - 1]))
        return false;
    for (size_t i = 0; i < length; i++) {
        if (!is_alnum(text[i]) && !strchr("-_.", text[i]))
            return false;
    }
    return true;
}

const char *name_check_label_key(const char *text, size_t length)
{
    const char *slash = memchr(text, '/', length);
    if (slash) {
        const size_t prefix_length = (size_t)(slash - text);
        if (name_check_subdomain(text, prefix_length))
            return "must have a DNS subdomain before the '/'";
        text = slash + 1;
        length -= prefix_length + 1;
    }
    return is_qualified(text, length) ? NULL
                                      : "must be at most 63 letters, digits, '-', '_' or '.', starting and "
                                        "ending with a letter or digit";
}

const char *name_check_label_value(const char *text, size_t length)
{
    return length == 0 || is_qualified(text, length)
               ? NULL
               : "must be empty or at most 63 letters, digits, '-', '_' or '.', starting and ending with a "
                 "letter or digit";
}

const char *name_check_port(const char *text, size_t length)
{
    bool has_letter = false;
    for (size_t i = 0; i < length; i++) {
        if (!is_lower_alnum(text[i]) && text[i] != '-')
            return "must consist of lower case letters, digits and '-'";
        if (text[i] == '-' && (i == 0 || i + 1 == length || text[i + 1] == '-'))
            return "must not have '-' at an end or twice in a row";
        has_letter |= text[i] >= 'a';
    }
    if (length == 0 || length > 15)
        return "must be 1 to 15 characters";
    return has_letter ? NULL : "must have at least one letter";
}
