/*
 * recording.c: see recording.h.
 */
#include "verify/recording.h"

#include <stdlib.h>
#include <string.h>

const char *recording_text(const json_t *json, const char *name)
{
    const char *text = json_string_value(json_object_get(json, name));
    return text ? text : "";
}

const json_t *recording_object(const json_t *json, const char *name)
{
    const json_t *value = json_object_get(json, name);
    return json_is_object(value) ? value : NULL;
}

bool recording_has_name(const json_t *object, bool namespaced, const char *where, struct text *problems)
{
    const json_t *metadata = json_object_get(object, "metadata");
    if (*recording_text(metadata, "name") && (!namespaced || *recording_text(metadata, "namespace")))
        return true;
    text_printf(problems, "%s: an object without metadata.name%s\n", where,
        namespaced ? " or metadata.namespace" : "");
    return false;
}

/* The member as a number of 32 bits; what is none becomes 0, which no setting allows. */
static void read_limit(const json_t *json, const char *name, uint32_t *out)
{
    const json_t *value = json_object_get(json, name);
    if (!value || json_is_null(value))
        return;
    json_int_t number = json_integer_value(value);
    *out = number > 0 && number <= UINT32_MAX ? (uint32_t)number : 0;
}

bool recording_config(struct engine_config *config, const json_t *line, struct text *message)
{
    *config = engine_config_default();
    const char *kube = recording_text(line, "kube"); /* "1.37.2", with or without a v */
    kube += *kube == 'v';
    config->kube_minor = strncmp(kube, "1.", 2) == 0 ? (uint32_t)strtoul(kube + 2, NULL, 10) : 0;
    const json_t *limits = json_object_get(line, "config");
    read_limit(limits, "maxEndpointsPerSlice", &config->endpoints_per_slice_max);
    read_limit(limits, "mirroringMaxEndpointsPerSubset", &config->mirroring_endpoints_per_subset_max);
    const char *wrong = engine_config_check(config);
    if (wrong)
        text_printf(message, "%s, but \"kube\" is \"%.40s\" and \"config\" has %u and %u", wrong,
            recording_text(line, "kube"), config->endpoints_per_slice_max,
            config->mirroring_endpoints_per_subset_max);
    return !wrong;
}

bool recording_time(const json_t *json, const char *name, int64_t *out_ns, struct text *message)
{
    const char *text = recording_text(json, name);
    if (rfc3339_parse(text, strlen(text), out_ns) && *out_ns >= 0)
        return true;
    text_printf(message, "\"%s\" is \"%.60s\"; expected a time such as \"2026-01-02T03:04:05Z\"", name, text);
    return false;
}
