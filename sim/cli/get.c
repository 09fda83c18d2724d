/*
 * get.c: `epsim get`: a cluster's objects at any instant, as kubectl prints them.
 *
 * A run's state at a time is found by running to it: seconds of simulated months cost milliseconds. For a
 * recorded run the answer is held back until the run has gone to its end and its digest has proved that it
 * is the same run.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/endpoint_table.h"
#include "cli/get_source.h"
#include "cli/interrupt.h"
#include "cli/kube_encode.h"
#include "cli/kube_select.h"
#include "cli/load.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "simulation/simulation.h"

enum {
    GET_AT,
    GET_NAMESPACE,
    GET_ALL_NAMESPACES,
    GET_SELECTOR,
    GET_OUTPUT,
    GET_SHOW_LABELS,
    GET_RUN_ID,
    GET_SET,
    GET_POLICY,
    GET_SEED,
    GET_RUN,
    GET_OPTION_COUNT
};

enum { FORMAT_TABLE, FORMAT_WIDE, FORMAT_YAML, FORMAT_JSON, FORMAT_NAME, FORMAT_PROTOBUF, FORMAT_ENDPOINTS };

static const struct option options[GET_OPTION_COUNT] = {
    [GET_AT] = {OPTION_DURATION, 0, "at", "T", "the end", "the state after everything that happens at T"},
    [GET_NAMESPACE] = {OPTION_TEXT, 'n', "namespace", "NAME", "default", "objects of this namespace"},
    [GET_ALL_NAMESPACES] = {OPTION_FLAG, 'A', "all-namespaces", NULL, NULL, "objects of all namespaces"},
    [GET_SELECTOR] = {OPTION_TEXT, 'l', "selector", "LABELS", NULL,
        "objects with these labels: app=web, tier!=db, ready, !old, joined by commas"},
    [GET_OUTPUT] = {OPTION_CHOICE, 'o', "output", "table,wide,yaml,json,name,protobuf,endpoints", "table",
        "how they are printed; protobuf: the bytes that an API server stores, of one Endpoints object or "
        "slice; endpoints: of Endpoints objects and slices, a line for each backend, with its conditions"},
    [GET_SHOW_LABELS] = {OPTION_FLAG, 0, "show-labels", NULL, NULL,
        "tables have a last column with the labels"},
    [GET_RUN_ID] = {OPTION_NUMBER, 0, "run-id", "N", "the last one", "which run of a database"},
    [GET_SET] = {OPTION_LIST, 0, "set", "PATH=VALUE", NULL,
        "another value in a scenario, as for 'epsim run'"},
    [GET_POLICY] = LOAD_POLICY_OPTION,
    [GET_SEED] = {OPTION_NUMBER, 0, "seed", "N", "the scenario's, else 1", "of all that is drawn at random"},
    [GET_RUN] = {OPTION_NUMBER, 0, "run", "K", "0", "run number"},
};

static const char *const examples[] = {
    "# Three slices hold fifteen pods.",
    "epsim get endpointslices --at 5s web.yaml",
    "# The Endpoints object, and everything of one Service's slices.",
    "epsim get endpoints web --at 15s web.yaml",
    "epsim get endpointslices -l kubernetes.io/service-name=web -o yaml web.yaml",
    "# Pods with their IPs and nodes.",
    "epsim get pods -o wide --at 20s web.yaml",
    "# Each backend with its conditions; pods with their labels.",
    "epsim get endpointslices -o endpoints --at 5s web.yaml",
    "epsim get pods --show-labels --at 5s web.yaml",
    "# The bytes that an API server would store.",
    "epsim get endpoints web -o protobuf --at 5s web.yaml | wc -c",
    "# From a recorded run.",
    "epsim run web.yaml -o get.db",
    "epsim get all --at 10s get.db",
    NULL,
};

static int run(const struct arguments *arguments);

const struct command command_get = {
    .name = "get",
    .about = "the objects as kubectl would print them, at any instant",
    .usage = "KIND [NAME]... [--at T] SOURCE... [OPTION]...",
    .text =
        "KIND is pods (po), services (svc), endpoints (ep), endpointslices, nodes (no), several of them "
        "joined "
        "by commas, or all; KIND/NAME is understood too. SOURCE is what stands last: a scenario (its files, "
        "or '-' for standard input), or one database that 'epsim run -o' wrote. A recorded run is run again, "
        "and refused if it would come out differently.\n"
        "\n"
        "Pods here have one container, and no container restarts are counted.",
    .options = options,
    .option_count = GET_OPTION_COUNT,
    .examples = examples,
    .exit_ok = "printed (also when there is nothing to print)",
    .exit_failed =
        "an object with that name is not there, the run failed, or it differs from the recorded one",
    .exit_usage = "wrong usage or bad input",
    .run = run,
};

/* --- operands: KIND [NAME]... SOURCE... ---------------------------------------------------------------- */

struct operands {
    const char *kind;
    uint32_t name_first, name_count; /* indices into arguments->operands */
    uint32_t source_first, source_count;
};

static bool is_source(const char *operand)
{
    return strcmp(operand, "-") == 0 || access(operand, F_OK) == 0;
}

/* The sources are the operands at the end that are files. */
static enum exit_code split_operands(const struct arguments *arguments, struct operands *out)
{
    uint32_t count = arguments->operands.count;
    const char *const *items = arguments->operands.items;
    if (count == 0)
        return usage_error(arguments, "no KIND and no SOURCE given");
    uint32_t first = count;
    while (first > 1 && is_source(items[first - 1]))
        first--;
    if (first == count && count == 1 && !is_source(items[0]))
        return usage_error(arguments, "no SOURCE given: a scenario or a database");
    if (first == count && count == 1)
        return usage_error(
            arguments, "no KIND given: pods, services, endpoints, endpointslices, nodes or all");
    if (first == count)
        return usage_error(
            arguments, "'%s' is no file; SOURCE, a scenario or a database, stands last", items[count - 1]);
    *out = (struct operands){items[0], 1, first - 1, first, count - first};
    return EXIT_OK;
}

/* KIND, or KIND/NAME. */
static enum exit_code parse_kind(
    const struct arguments *arguments, const struct operands *operands, struct kube_request *request)
{
    const char *slash = strchr(operands->kind, '/');
    char *words = mem_strndup(
        operands->kind, slash != NULL ? (size_t)(slash - operands->kind) : strlen(operands->kind));
    char *bad = NULL;
    enum exit_code code = EXIT_OK;
    if (!kube_kinds_parse(request, words, &bad)) {
        const char *near = kube_kind_suggest(bad);
        code =
            near != NULL
                ? usage_error(arguments, "unknown kind '%s'; did you mean '%s'?", bad, near)
                : usage_error(arguments,
                      "unknown kind '%s': expected pods, services, endpoints, endpointslices, nodes or all",
                      bad);
    }
    if (slash != NULL)
        vec_push(&request->names, slash + 1);
    free(bad);
    free(words);
    return code;
}

/* Protobuf has no way to put objects one after the other, and only two kinds are encoded. */
static enum exit_code check_protobuf(const struct arguments *arguments, const struct kube_request *request)
{
    if (arguments->values[GET_OUTPUT].number != FORMAT_PROTOBUF)
        return EXIT_OK;
    if (request->names.count != 1)
        return usage_error(arguments, "-o protobuf writes one object: give one KIND and one NAME");
    enum object_kind kind = request->kinds.items[0]->object;
    if (kind != OBJECT_ENDPOINTS && kind != OBJECT_ENDPOINTSLICE)
        return usage_error(arguments, "-o protobuf is for endpoints and endpointslices alone");
    return EXIT_OK;
}

/* Only two kinds list backends. */
static enum exit_code check_endpoints(const struct arguments *arguments, const struct kube_request *request)
{
    if (arguments->values[GET_OUTPUT].number != FORMAT_ENDPOINTS)
        return EXIT_OK;
    for (uint32_t i = 0; i < request->kinds.count; i++)
        if (!endpoint_table_has(request->kinds.items[i]))
            return usage_error(arguments, "-o endpoints is for endpoints and endpointslices alone");
    return EXIT_OK;
}

static enum exit_code parse_request(
    const struct arguments *arguments, const struct operands *operands, struct kube_request *request)
{
    const struct option_value *values = arguments->values;
    *request = (struct kube_request){.namespace = "default"};
    if (values[GET_NAMESPACE].count > 0 && values[GET_ALL_NAMESPACES].count > 0)
        return usage_error(arguments, "--namespace and --all-namespaces exclude each other");
    if (values[GET_NAMESPACE].count > 0)
        request->namespace = values[GET_NAMESPACE].text;
    if (values[GET_ALL_NAMESPACES].count > 0)
        request->namespace = NULL;
    if (values[GET_SELECTOR].count > 0 &&
        !label_selector_parse(&request->selector, values[GET_SELECTOR].text))
        return usage_error(arguments,
            "--selector %s: expected labels such as app=web, tier!=db, ready or !old",
            values[GET_SELECTOR].text);
    enum exit_code code = parse_kind(arguments, operands, request);
    for (uint32_t i = 0; i < operands->name_count; i++)
        vec_push(&request->names, arguments->operands.items[operands->name_first + i]);
    if (code == EXIT_OK && request->names.count > 0) {
        if (request->is_all || request->kinds.count > 1)
            return usage_error(arguments, "a NAME needs one KIND");
        if (request->namespace == NULL && request->kinds.items[0]->is_namespaced)
            return usage_error(arguments, "a NAME needs one namespace, not --all-namespaces");
        if (request->selector.requirements.count > 0)
            return usage_error(arguments, "a NAME and --selector exclude each other");
    }
    if (code == EXIT_OK)
        code = check_protobuf(arguments, request);
    return code == EXIT_OK ? check_endpoints(arguments, request) : code;
}

/* --- printing -------------------------------------------------------------------------------- */

struct get {
    const struct arguments *arguments;
    struct kube_request request;
    struct get_source source;
    struct progress progress;
    struct text out;
    bool nothing_found;
};

static void tell_nothing(const struct get *get)
{
    if (get->request.namespace == NULL || !get->request.kinds.items[0]->is_namespaced) {
        struct text line = {0};
        text_add(&line, "No resources found\n");
        error_write(&line);
        text_fini(&line);
        return;
    }
    struct text line = {0};
    text_printf(&line, "No resources found in %s namespace.\n", get->request.namespace);
    error_write(&line);
    text_fini(&line);
}

static void add_names(const struct kube_kind *kind, const struct kube_objects *objects, struct text *out)
{
    for (uint32_t i = 0; i < objects->items.count; i++)
        text_printf(out, "%s/%s\n", kind->prefix, objects->items.items[i].name);
}

/* EXIT_FAILED when a name is not there; the rest is printed all the same. */
static enum exit_code print_objects(struct get *get, const struct simulation *simulation, int64_t at_ns)
{
    struct store *store = simulation_store((struct simulation *)simulation);
    const struct scenario *scenario = get->source.scenario;
    uint64_t format = get->arguments->values[GET_OUTPUT].number;
    struct kube_view view = {
        .catalog = store_catalog(store),
        .now_unix_ns = scenario->start_s * NS_PER_S + at_ns,
        .kube_minor = scenario->engine.kube_minor,
        .hash = scenario->engine.kube_minor <= 34 ? ORDER_MD5 : ORDER_FNV128,
        .wide = format == FORMAT_WIDE,
        .with_labels = get->arguments->values[GET_SHOW_LABELS].count > 0,
        .with_namespace = get->request.namespace == NULL,
        .with_kind = get->request.kinds.count > 1,
    };
    struct kube_encoder *encoder =
        format == FORMAT_YAML || format == FORMAT_JSON ? kube_encoder_create(&view) : NULL;
    uint32_t missing = 0, found = 0;
    for (uint32_t i = 0; i < get->request.kinds.count; i++) {
        const struct kube_kind *kind = get->request.kinds.items[i];
        struct kube_objects objects = {0};
        missing += kube_collect(&get->request, kind, store, view.catalog, &objects);
        if (format == FORMAT_PROTOBUF) {
            if (objects.items.count > 0)
                kube_encode_protobuf(&view, &objects.items.items[0], &get->out);
        } else if (encoder != NULL) {
            kube_encoder_add(encoder, objects.items.items, objects.items.count);
        } else if (format == FORMAT_NAME) {
            add_names(kind, &objects, &get->out);
        } else if (objects.items.count > 0) {
            text_add(&get->out, found > 0 ? "\n" : "");
            if (format == FORMAT_ENDPOINTS)
                endpoint_table(&view, kind, objects.items.items, objects.items.count, &get->out);
            else
                kube_table(&view, kind, objects.items.items, objects.items.count, &get->out);
        }
        found += objects.items.count;
        vec_fini(&objects.items);
    }
    /* One object that was asked for by its name stands alone, as kubectl has it; all else is a List. */
    bool alone = get->request.names.count == 1;
    if (encoder != NULL && !(alone && found == 0))
        kube_encoder_write(encoder, alone, format == FORMAT_YAML, &get->out);
    kube_encoder_destroy(encoder);
    get->nothing_found = found == 0 && missing == 0 && format != FORMAT_YAML && format != FORMAT_JSON;
    return missing > 0 ? EXIT_FAILED : EXIT_OK;
}

/* --- the run
 * ------------------------------------------------------------------------------------------------- */

static void on_progress(void *context, const struct simulation *simulation)
{
    progress_show(context, simulation);
}

/* A recorded run that failed fails again at the same event; its state is then shown all the same. */
static enum exit_code advance(struct get *get, struct simulation *simulation, int64_t until_ns)
{
    enum status status =
        simulation_run_until(simulation, until_ns, interrupt_catch(), on_progress, &get->progress);
    progress_clear(&get->progress);
    if (status == STATUS_FAILED) {
        struct position at;
        const char *message = simulation_failure(simulation, &at);
        load_print_failure(get->source.scenario, message, at);
        return get->source.is_failed ? EXIT_OK : EXIT_FAILED;
    }
    if (status == STATUS_INTERRUPTED)
        note_print("interrupted; nothing was printed");
    return status == STATUS_OK ? EXIT_OK : EXIT_FAILED;
}

/* The instant to be shown: what was asked for, at most the end. */
static int64_t instant(const struct get *get, const struct simulation *simulation)
{
    const struct option_value *at = &get->arguments->values[GET_AT];
    int64_t until_ns = get->source.scenario->until_ns;
    if (at->count == 0)
        return simulation_now_ns(simulation);
    if (until_ns >= 0 && at->ns > until_ns) {
        struct text end = {0};
        text_add_duration(&end, until_ns);
        note_print("the run ends at %s; this is its state then", end.data);
        text_fini(&end);
        return until_ns;
    }
    return at->ns;
}

static enum exit_code run_and_print(struct get *get)
{
    const struct option_value *at = &get->arguments->values[GET_AT];
    struct get_source *source = &get->source;
    struct simulation *simulation = simulation_create(source->scenario, source->seed, source->run);
    progress_init(&get->progress, true);
    simulation_start(simulation);
    enum exit_code code = advance(get, simulation, at->count > 0 ? at->ns : INT64_MAX);
    if (code == EXIT_OK) {
        code = print_objects(get, simulation, instant(get, simulation));
        if (source->has_digest &&
            (advance(get, simulation, INT64_MAX) != EXIT_OK || !get_source_matches(source, simulation))) {
            text_clear(&get->out);
            get->nothing_found = false;
            code = EXIT_FAILED;
        }
    }
    simulation_destroy(simulation);
    return code;
}

static int run(const struct arguments *arguments)
{
    struct get get = {.arguments = arguments};
    struct operands operands;
    enum exit_code code = split_operands(arguments, &operands);
    if (code != EXIT_OK)
        return code;
    code = parse_request(arguments, &operands, &get.request);
    const struct option_value *values = arguments->values;
    struct load_sets sets;
    load_sets_init(&sets, &values[GET_SET], &values[GET_POLICY]);
    if (code == EXIT_OK)
        code = get_source_open(&get.source, arguments, &arguments->operands.items[operands.source_first],
            operands.source_count, &sets, &values[GET_SEED], &values[GET_RUN], &values[GET_RUN_ID]);
    load_sets_fini(&sets);
    if (code == EXIT_OK) {
        load_note_policy(get.source.scenario);
        code = run_and_print(&get);
        if (get.nothing_found)
            tell_nothing(&get);
        enum exit_code written = output_write(&get.out);
        code = code != EXIT_OK ? code : written;
    }
    get_source_close(&get.source);
    kube_request_fini(&get.request);
    text_fini(&get.out);
    interrupt_die();
    return code;
}
