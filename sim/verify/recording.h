/*
 * recording.h: what recordings of every kind have: members of JSON objects, settings, times, resource
 * versions.
 */
#ifndef EPSIM_VERIFY_RECORDING_H
#define EPSIM_VERIFY_RECORDING_H

#include <jansson.h>

#include "base/text.h"
#include "engine/engine.h"

/* The member's text; "" when there is none. */
const char *recording_text(const json_t *json, const char *name);
/* The member if it is an object; else NULL. */
const json_t *recording_object(const json_t *json, const char *name);
/* The object has a name and, where it must, a namespace; else that is a problem of `where`. */
bool recording_has_name(const json_t *object, bool namespaced, const char *where, struct text *problems);
/* The controllers' settings of a line: `kube` and `config`; choices stay random. False, and a message, when
 * they make no sense. */
bool recording_config(struct engine_config *config, const json_t *line, struct text *message);
/* RFC 3339, to the nanosecond. */
bool recording_time(const json_t *json, const char *name, int64_t *out_ns, struct text *message);

#endif
