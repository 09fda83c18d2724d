/*
 * names.h: which texts Kubernetes accepts as names, labels and ports.
 */
#ifndef EPSIM_MODEL_NAMES_H
#define EPSIM_MODEL_NAMES_H

#include <stdbool.h>
#include <stddef.h>

/* Each returns NULL when the text is valid, else what it must be, as a phrase for the user ("must be ...").
 * O(length). */

/* At most 63 of a-z 0-9 -, starting and ending with a letter or digit (namespaces, hostnames). */
const char *name_check_label(const char *text, size_t length);
/* The same, starting with a letter (Services). */
const char *name_check_service(const char *text, size_t length);
/* Labels joined by dots, at most 253 characters (pods, nodes, slices, workloads). */
const char *name_check_subdomain(const char *text, size_t length);
/* [PREFIX/]NAME: the prefix a subdomain, NAME at most 63 of A-Z a-z 0-9 - _ . */
const char *name_check_label_key(const char *text, size_t length);
/* Empty, or at most 63 of A-Z a-z 0-9 - _ . starting and ending with a letter or digit. */
const char *name_check_label_value(const char *text, size_t length);
/* At most 15 of a-z 0-9 -, at least one letter, no "--", no - at the ends (named target ports). */
const char *name_check_port(const char *text, size_t length);

#endif
