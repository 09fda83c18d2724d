/*
 * verify_cluster.c: see verify_cluster.h.
 */
#include "verify/verify_cluster.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "verify/cluster.h"
#include "verify/recording.h"
#include "verify/verifier_private.h"

static void answer_write(
    struct verifier *verifier, const json_t *step, size_t number, const struct cluster_sizes *got)
{
    struct text out = {0};
    text_add(&out, "{\"scenario\":");
    text_add_json(&out, verifier->scenario, strlen(verifier->scenario));
    text_printf(&out,
        ",\"step\":%lld,\"write\":%zu,\"object_bytes\":%llu,\"enveloped_bytes\":%llu,\"frame_bytes\":%llu,"
        "\"json_bytes\":%llu,\"object_sha256\":\"%s\"}",
        (long long)json_integer_value(json_object_get(step, "step")), number,
        (unsigned long long)got->object_bytes, (unsigned long long)got->enveloped_bytes,
        (unsigned long long)got->frame_bytes, (unsigned long long)got->json_bytes, got->object_sha256);
    verifier_answer(verifier, &out);
    text_fini(&out);
}

static void judge_write(struct verifier *verifier, const json_t *step, size_t number, const json_t *write,
    const struct cluster_sizes *got, struct text *why)
{
    const json_t *metadata = json_object_get(json_object_get(write, "object"), "metadata");
    bool holds = why->length == 0;
    bool passed = cluster_compare(write, got, why) && holds;
    struct text name = {0}, about = {0};
    text_printf(&name, "%s/%lld write %zu", verifier->scenario,
        (long long)json_integer_value(json_object_get(step, "step")), number);
    text_printf(&about, "%s: %s %s %s", recording_text(json_object_get(step, "event"), "note"),
        recording_text(write, "type"), recording_text(json_object_get(write, "object"), "kind"),
        recording_text(metadata, "name"));
    text_add(why, "");
    verifier_result(verifier, &(struct verify_case){
                                  .part = VERIFY_ENCODING,
                                  .path = verifier->path,
                                  .line = lines_number(verifier->lines),
                                  .name = name.data,
                                  .about = about.data,
                                  .passed = passed,
                                  .why = why->data,
                              });
    text_fini(&name);
    text_fini(&about);
}

static void take_write(struct verifier *verifier, const json_t *step, size_t number, const json_t *write)
{
    if (json_is_true(json_object_get(write, "elided"))) {
        verifier->totals.elided++;
        return;
    }
    struct cluster_sizes got;
    struct text why = {0};
    if (!cluster_encode(json_object_get(write, "object"), recording_text(write, "type"), &got, &why)) {
        text_clear(&why);
        text_printf(&why, "writes[%zu].object is no Endpoints object and no EndpointSlice", number);
        verifier_bad_line(verifier, &why);
    } else if (verifier->options.answers) {
        answer_write(verifier, step, number, &got);
    } else {
        judge_write(verifier, step, number, write, &got, &why);
    }
    text_fini(&why);
}

void verify_cluster_step(struct verifier *verifier, const json_t *line)
{
    struct text message = {0};
    if (!verifier->scenario)
        text_add(&message, "a step of a control plane, but no line with \"scenario\" came before it");
    else if (!json_is_integer(json_object_get(line, "step")))
        text_add(&message, "\"step\" must be a number");
    const json_t *writes = json_object_get(line, "writes");
    if (message.length)
        verifier_bad_line(verifier, &message);
    for (size_t i = 0; !message.length && i < json_array_size(writes); i++)
        take_write(verifier, line, i, json_array_get(writes, i));
    text_fini(&message);
}

void verify_cluster_head(struct verifier *verifier, const json_t *line)
{
    const char *name = recording_text(line, "scenario");
    free(verifier->scenario);
    verifier->scenario = mem_strndup(name, strlen(name));
}
