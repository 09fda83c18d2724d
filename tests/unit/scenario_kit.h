/*
 * scenario_kit.h: what the tests of the reading half of scenario/ share: a scenario from a text in memory,
 * and its mistakes as they are printed.
 */
#ifndef EPSIM_TESTS_UNIT_SCENARIO_KIT_H
#define EPSIM_TESTS_UNIT_SCENARIO_KIT_H

#include "suite.h"

#include "scenario/scenario.h"

struct loaded {
    struct scenario *scenario;
    enum status status;
    char *messages; /* as diag_print writes them */
};

static inline struct loaded load_inputs(
    const struct scenario_input *inputs, uint32_t input_count, const char *const *sets, uint32_t set_count)
{
    struct loaded loaded;
    size_t size;
    loaded.status = scenario_load(inputs, input_count, sets, set_count, &loaded.scenario);
    scenario_add_provenance(loaded.scenario);
    FILE *stream = open_memstream(&loaded.messages, &size);
    diag_print(loaded.scenario->diag, stream, true);
    fclose(stream);
    return loaded;
}

static inline struct loaded load_text_with(const char *text, const char *const *sets, uint32_t set_count)
{
    struct scenario_input input = {.path = "t.yaml", .text = text, .text_length = strlen(text)};
    return load_inputs(&input, 1, sets, set_count);
}

static inline struct loaded load_text(const char *text)
{
    return load_text_with(text, NULL, 0);
}

static inline void unload(struct loaded *loaded)
{
    scenario_destroy(loaded->scenario);
    free(loaded->messages);
}

/* A text that must load; its messages are shown when it does not. */
static inline struct loaded load_good(const char *text)
{
    struct loaded loaded = load_text(text);
    if (loaded.status != STATUS_OK)
        fprintf(stderr, "%s", loaded.messages);
    CU_ASSERT_EQUAL_FATAL(loaded.status, STATUS_OK);
    return loaded;
}

/* What the first line of the messages says is `expected`. */
static inline void expect_first_message(const char *text, const char *expected)
{
    struct loaded loaded = load_text(text);
    size_t length = strcspn(loaded.messages, "\n");
    CU_ASSERT_EQUAL(loaded.status, STATUS_BAD_INPUT);
    bool same = strlen(expected) == length && memcmp(loaded.messages, expected, length) == 0;
    if (!same)
        fprintf(stderr, "\nexpected: %s\nbut got:  %s\n", expected, loaded.messages);
    CU_ASSERT(same);
    unload(&loaded);
}

/* Some message has `part`. */
static inline bool says(const struct loaded *loaded, const char *part)
{
    return strstr(loaded->messages, part) != NULL;
}

#define SERVICE_WEB \
    "apiVersion: v1\nkind: Service\nmetadata: {name: web}\n" \
    "spec: {selector: {app: web}, ports: [{port: 80}]}\n---\n"
#define DEPLOYMENT_WEB \
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n" \
    "spec: {replicas: 3, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: " \
    "web}}}}\n---\n"
#define OURS "apiVersion: epsim.dev/v1\nkind: Scenario\nmetadata: {name: t}\nspec:\n"

#endif
