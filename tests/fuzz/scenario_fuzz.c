/*
 * scenario_fuzz.c: any bytes as a scenario. Pins: no crash, no leak, no hang; what is loaded from memory
 * loads again from its own bundle with the same result.
 *
 * The bytes are put into a bundle, so that no `file:` is looked up on disk. Bytes that are a bundle already
 * are taken as they are: so --set texts and data files are tried too.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "scenario/scenario.h"

static const char head[] = "# epsim sources 1\n";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct scenario *load(const char *text, size_t length, enum status *out_status)
{
    struct scenario_input input = {.path = "fuzz.yaml", .text = text, .text_length = length};
    struct scenario *scenario;
    *out_status = scenario_load(&input, 1, NULL, 0, &scenario);
    scenario_add_provenance(scenario);
    return scenario;
}

static void check_same(const struct scenario *a, const struct scenario *b)
{
    bool same = strcmp(a->content_hash, b->content_hash) == 0 &&
                strcmp(a->params_json, b->params_json) == 0 && a->text_length == b->text_length &&
                memcmp(a->text, b->text, a->text_length) == 0 && a->events.count == b->events.count &&
                a->manifests.count == b->manifests.count && a->traces.count == b->traces.count &&
                diag_error_count(a->diag) == diag_error_count(b->diag);
    if (!same)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct text text = {0};
    bool is_bundle = size >= sizeof head - 1 && memcmp(data, head, sizeof head - 1) == 0;
    if (!is_bundle)
        text_printf(&text, "%s# file %zu fuzz.yaml\n", head, size);
    text_add_bytes(&text, (const char *)data, size);
    enum status status, again;
    struct scenario *scenario = load(text.data ? text.data : "", text.length, &status);
    struct scenario *copy = load(scenario->text, scenario->text_length, &again);
    if (status != again)
        abort();
    check_same(scenario, copy);
    FILE *null = fopen("/dev/null", "w");
    if (null) {
        diag_print(scenario->diag, null, true);
        fclose(null);
    }
    scenario_destroy(copy);
    scenario_destroy(scenario);
    text_fini(&text);
    return 0;
}
