/*
 * texts.c: see texts.h. Random pods are from a stream of their own: the same text every time.
 */
#include "bench/texts.h"

#include <inttypes.h>

#include "base/diag.h"
#include "base/vec.h"
#include "kernel/random.h"

#define LIFE_STEP_MS 250

void texts_add_deployments(struct text *out, uint32_t services, uint32_t replicas)
{
    for (uint32_t i = 0; i < services; i++)
        text_printf(out,
            "---\n"
            "apiVersion: v1\n"
            "kind: Service\n"
            "metadata:\n"
            "  name: app-%" PRIu32 "\n"
            "  labels:\n"
            "    team: team-%" PRIu32 "\n"
            "spec:\n"
            "  selector:\n"
            "    app: app-%" PRIu32 "\n"
            "  ports:\n"
            "  - name: http\n"
            "    port: 80\n"
            "    targetPort: 8080\n"
            "---\n"
            "apiVersion: apps/v1\n"
            "kind: Deployment\n"
            "metadata:\n"
            "  name: app-%" PRIu32 "\n"
            "spec:\n"
            "  replicas: %" PRIu32 "\n"
            "  selector:\n"
            "    matchLabels:\n"
            "      app: app-%" PRIu32 "\n"
            "  template:\n"
            "    metadata:\n"
            "      labels:\n"
            "        app: app-%" PRIu32 "\n"
            "    spec:\n"
            "      containers:\n"
            "      - name: main\n"
            "        image: registry.example/app-%" PRIu32 ":1.0\n"
            "        ports:\n"
            "        - name: http\n"
            "          containerPort: 8080\n",
            i, i % 17, i, i, replicas, i, i, i);
}

void texts_add_scenario(struct text *out, const char *spec)
{
    text_printf(
        out, "---\napiVersion: epsim.dev/v1\nkind: Scenario\nmetadata: {name: bench}\nspec:\n%s", spec);
}

/* Service web and Deployment web; a pod is in the Service while its label serve says so. */
static void add_web(struct text *out, uint32_t replicas)
{
    text_printf(out,
        "apiVersion: v1\nkind: Service\nmetadata: {name: web}\n"
        "spec: {selector: {app: web, serve: \"yes\"}, ports: [{port: 80}]}\n"
        "---\n"
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n"
        "spec:\n"
        "  replicas: %" PRIu32 "\n"
        "  selector: {matchLabels: {app: web}}\n"
        "  template: {metadata: {labels: {app: web, serve: \"yes\"}}}\n",
        replicas);
    texts_add_scenario(out, "  events:\n");
}

void texts_add_churn(struct text *out, uint32_t replicas, uint64_t deaths)
{
    add_web(out, replicas);
    text_printf(out, "  - {at: 1s, churn: deployment/web, rate: 100/s, for: %" PRIu64 "ms}\n", deaths * 10);
}

void texts_add_slow_churn(struct text *out, uint32_t services, uint32_t replicas, uint64_t deaths)
{
    const uint32_t per_s = services * replicas < 10000 ? 100 : 1000;
    texts_add_deployments(out, services, replicas);
    texts_add_scenario(out, "  pods: {start: 1s, ready: 2s, stop: 1s}\n  events:\n");
    for (uint32_t i = 0; i < services; i++)
        text_printf(out,
            "  - {at: 10s, churn: deployment/app-%" PRIu32 ", rate: %.3f/s, for: %" PRIu64 "ms}\n", i,
            (double)per_s / services, deaths * 1000 / per_s);
}

static void begin_event(struct text *out, uint64_t number)
{
    text_printf(out, "  - {at: %" PRIu64 "ms, ", number + 1);
}

void texts_add_replacements(struct text *out, uint32_t replicas, uint64_t changes)
{
    struct random_stream stream;
    random_stream_init(&stream, 1, 0, "texts");
    add_web(out, replicas);
    /* The n-th to die is replaced by ordinal replicas + n. */
    VEC(uint32_t) ordinals = {0};
    for (uint32_t i = 0; i < replicas; i++)
        vec_push(&ordinals, i);
    for (uint64_t i = 0; i < changes; i++) {
        uint32_t *victim = &ordinals.items[random_below(&stream, replicas)];
        begin_event(out, i);
        text_printf(out, "delete: pod/web-%" PRIu32 "}\n", *victim);
        *victim = replicas + (uint32_t)i;
    }
    vec_fini(&ordinals);
}

static void add_pairs(struct text *out, uint32_t replicas, uint64_t changes, const char *go, const char *come,
    const char *go_more, const char *come_more)
{
    struct random_stream stream;
    random_stream_init(&stream, 1, 0, "texts");
    add_web(out, replicas);
    uint32_t pod = 0;
    for (uint64_t i = 0; i < changes; i++) {
        bool goes = i % 2 == 0;
        if (goes)
            pod = random_below(&stream, replicas);
        begin_event(out, i);
        text_printf(out, "%s: pod/web-%" PRIu32 "%s}\n", goes ? go : come, pod, goes ? go_more : come_more);
    }
}

void texts_add_readiness(struct text *out, uint32_t replicas, uint64_t changes)
{
    add_pairs(out, replicas, changes, "unready", "ready", "", "");
}

void texts_add_relabels(struct text *out, uint32_t replicas, uint64_t changes)
{
    add_pairs(
        out, replicas, changes, "label", "label", ", labels: {serve: \"no\"}", ", labels: {serve: \"yes\"}");
}

/* --- traces ---------------------------------------------------------------------------------- */

/* Pod number n is of Service n mod `services` and begins n steps from the start; it lives until `standing`
 * later ones of its Service have begun. Those that stand at the start have no creation, those at the end no
 * deletion. */
struct life {
    uint32_t service;
    int64_t create_ms, delete_ms; /* -1: none */
};

static struct life life_of(uint64_t number, uint32_t services, uint32_t standing, uint64_t pods)
{
    uint64_t stand = (uint64_t)services * standing;
    struct life life = {.service = (uint32_t)(number % services), .create_ms = -1, .delete_ms = -1};
    if (number >= stand)
        life.create_ms = (int64_t)(number - stand) * LIFE_STEP_MS + 1;
    if (number + stand < pods)
        life.delete_ms = (int64_t)number * LIFE_STEP_MS + 1 + LIFE_STEP_MS / 2;
    return life;
}

static void add_time(struct text *out, int64_t ms)
{
    if (ms >= 0)
        text_printf(out, "%" PRId64 ".%03d", ms / 1000, (int)(ms % 1000));
}

static void add_row_time(struct text *out, int64_t ms)
{
    text_add(out, " ");
    if (ms >= 0)
        add_time(out, ms);
    else
        text_add(out, "-");
}

void texts_add_replay(struct text *out, uint32_t services, uint32_t standing, uint64_t pods)
{
    for (uint32_t i = 0; i < services; i++)
        text_printf(out,
            "---\napiVersion: v1\nkind: Service\nmetadata: {name: app-%" PRIu32 "}\n"
            "spec: {selector: {app: app-%" PRIu32 "}, ports: [{port: 80}]}\n",
            i, i);
    texts_add_scenario(
        out, "  events:\n  - at: 0s\n    replay:\n      pods: |\n        service pod create delete\n");
    for (uint64_t i = 0; i < pods; i++) {
        struct life life = life_of(i, services, standing, pods);
        text_printf(out, "        app-%" PRIu32 " instance-%" PRIu64, life.service, i);
        add_row_time(out, life.create_ms);
        add_row_time(out, life.delete_ms);
        text_add(out, "\n");
    }
}

void texts_add_csv(struct text *out, uint32_t services, uint32_t standing, uint64_t pods)
{
    text_add(out, "app,instance,created,deleted\n");
    for (uint64_t i = 0; i < pods; i++) {
        struct life life = life_of(i, services, standing, pods);
        text_printf(out, "app-%" PRIu32 ",instance-%" PRIu64 ",", life.service, i);
        add_time(out, life.create_ms);
        text_add(out, ",");
        add_time(out, life.delete_ms);
        text_add(out, "\n");
    }
}

struct scenario *texts_load(const struct text *text, struct bench_plan *plan)
{
    struct scenario_input input = {.path = "bench.yaml", .text = text->data, .text_length = text->length};
    struct scenario *scenario;
    if (scenario_load(&input, 1, NULL, 0, &scenario) == STATUS_OK)
        return scenario;
    text_add(&plan->failure, "the benchmark's own scenario is not accepted");
    diag_print(scenario->diag, stderr, false);
    scenario_destroy(scenario);
    return NULL;
}
