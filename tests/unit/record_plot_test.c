/*
 * record_plot_test.c: every kind of picture in every format, from a small database: it is what its name says,
 * gnuplot has nothing to complain about, and titles and axes tell what is shown, in units. What fails leaves
 * nothing behind, and what was there stays. A picture that the scripts draw alone, through sqlite3, is the
 * same.
 *
 * What it does not pin is that a picture looks good.
 */
#include "record_support.h"

#include "record/plot.h"

static char here[600];

static struct recorder *begin(struct made_engine *made, const char *path, enum record_level level)
{
    struct recorder *recorder = NULL;
    char *message = NULL;
    struct run_info info = info_default();
    struct engine_observer observer;
    made_init(made, 5, 12);
    info.endpoints_capacity = 12;
    CU_ASSERT_EQUAL_FATAL(recorder_open(path, RECORD_APPEND, level, &recorder, &message), STATUS_OK);
    CU_ASSERT_EQUAL_FATAL(recorder_begin(recorder, &info, made->catalog, &observer, NULL), STATUS_OK);
    made_observe(made, observer);
    return recorder;
}

/* Two Services, one of them beyond its capacity for a while, over a minute. */
static void make_database(const char *path, enum record_level level)
{
    struct made_engine made;
    struct recorder *recorder = begin(&made, path, level);
    uint32_t web = made_add_service(&made, "default", "web"), api = made_add_service(&made, "shop", "api");
    made_add_pods(&made, web, 9, 0);
    made_add_pods(&made, api, 3, 0);
    made_add_pods(&made, web, 8, 10 * NS_PER_S);
    for (int i = 0; i < 7; i++)
        made_remove_pod(&made, web, (uint32_t)i % made.services.items[web].slices.count, (20 + i) * NS_PER_S);
    CU_ASSERT_EQUAL(end_complete(recorder), STATUS_OK);
    recorder_close(recorder);
    made_fini(&made);
}

static enum status draw(const char *database, enum plot_kind kind, enum plot_format format,
    const char *service, const char *output, char **out_message)
{
    struct plot_request request = {.database = database,
        .kind = kind,
        .format = format,
        .service = service,
        .output = output,
        .scripts = "analysis"};
    return plot_render(&request, out_message);
}

/* Draws without any complaint. */
static void draw_well(const char *database, enum plot_kind kind, enum plot_format format, const char *service,
    const char *output)
{
    char *message = NULL;
    enum status status = draw(database, kind, format, service, output, &message);
    if (status != STATUS_OK || message)
        fprintf(
            stderr, "\n%s %s: %s\n", plot_kind_name(kind), plot_format_name(format), message ? message : "");
    CU_ASSERT_EQUAL(status, STATUS_OK);
    CU_ASSERT_PTR_NULL(message);
    free(message);
}

static void check_magic(const char *path, enum plot_format format)
{
    static const char *const magic[PLOT_FORMAT_COUNT] = {"<?xml", "\x89PNG\r\n\x1a\n", "%PDF-", ""};
    size_t length;
    char *bytes = file_read(path, &length);
    CU_ASSERT(length > 1000);
    CU_ASSERT_EQUAL(strncmp(bytes, magic[format], strlen(magic[format])), 0);
    /* The last thing of each format is there too. */
    if (format == PLOT_SVG)
        CU_ASSERT_PTR_NOT_NULL(strstr(bytes, "</svg>"));
    if (format == PLOT_PNG)
        CU_ASSERT(length > 12 && memcmp(bytes + length - 8, "IEND", 4) == 0);
    if (format == PLOT_PDF)
        CU_ASSERT(length > 6 && strstr(bytes + length - 7, "%%EOF") != NULL);
    free(bytes);
}

static void test_all(void)
{
    folder_empty();
    make_database(in_folder("p.db"), RECORD_FULL);
    for (int kind = 0; kind < PLOT_KIND_COUNT; kind++) {
        for (int format = 0; format < PLOT_FORMAT_COUNT; format++) {
            draw_well(in_folder("p.db"), (enum plot_kind)kind, (enum plot_format)format, NULL,
                in_folder("picture"));
            check_magic(in_folder("picture"), (enum plot_format)format);
            /* Nothing else is left, neither beside the picture nor where gnuplot worked (TMPDIR is this
             * folder). */
            CU_ASSERT_EQUAL(folder_count(NULL, 0), 2);
        }
    }
}

/* A NULL-terminated list of what the SVG must say. */
static void check_says(enum plot_kind kind, const char *service, const char *const *words)
{
    draw_well(in_folder("p.db"), kind, PLOT_SVG, service, in_folder("says.svg"));
    char *text = file_read(in_folder("says.svg"), NULL);
    for (; *words; words++) {
        if (!strstr(text, *words))
            fprintf(stderr, "\n%s does not say '%s'\n", plot_kind_name(kind), *words);
        CU_ASSERT_PTR_NOT_NULL(strstr(text, *words));
    }
    free(text);
}
#define SAYS(kind, service, ...) check_says((kind), (service), (const char *const[]){__VA_ARGS__, NULL})

static void test_words(void)
{
    folder_empty();
    make_database(in_folder("p.db"), RECORD_FULL);
    SAYS(PLOT_ENDPOINTS, NULL, ">Endpoints against pods: default/web<", ">time (s)<", ">pods, addresses<",
        ">ready pods<", ">addresses in Endpoints<", ">left out by truncation<", ">capacity 12<", "seed 7",
        "0123456789abcdef");
    SAYS(PLOT_SLICES, NULL,
        ">EndpointSlices, of at most 5 endpoints, against the fewest possible: default/web<", ">time (s)<",
        ">slices<", ">fewest possible<");
    SAYS(PLOT_FILL, NULL, ">How full each EndpointSlice is: default/web<", ">time (s)<",
        ">slices in the order of creation<", ">endpoints, % of 5<");
    SAYS(PLOT_CHURN, NULL, ">Writes of Endpoints and EndpointSlices: default/web<", ">time (s)<",
        ">writes per second<", ">endpoints per write (mean)<", ">Endpoints: 9 writes<",
        ">EndpointSlices: 12 writes<");
    SAYS(PLOT_BYTES, NULL, ">Bytes to watchers: default/web<", ">time (s)<", ">kB per second<",
        ">kB since the start<", "what-if: as if kube-proxy", ">Endpoints (what-if: 4 watchers)<",
        ">EndpointSlices (4 watchers)<");
    SAYS(PLOT_OVERVIEW, NULL, ">default/web<", ">time (s)<", ">Addresses in Endpoints against pods<",
        ">EndpointSlices against the fewest possible<", ">Fill of slices, % of 5<", ">Endpoints per write<",
        ">Bytes to watchers, from the start<", "what-if");
    SAYS(PLOT_ENDPOINTS, "*", ">Endpoints against pods: 2 Services together<");
    SAYS(PLOT_ENDPOINTS, "api", ">Endpoints against pods: shop/api<");
    SAYS(PLOT_ENDPOINTS, "shop/api", ">Endpoints against pods: shop/api<");
}

/* A run that did not end says so. */
static void test_incomplete(void)
{
    folder_empty();
    struct made_engine made;
    struct recorder *recorder = begin(&made, in_folder("p.db"), RECORD_FULL);
    made_add_pods(&made, made_add_service(&made, "default", "web"), 9, 0);
    recorder_close(recorder);
    made_fini(&made);
    SAYS(PLOT_ENDPOINTS, NULL, "RUN incomplete");
}

/* What there is nothing of is said in the picture and to the caller. */
static void test_nothing(void)
{
    folder_empty();
    char *message = NULL;
    make_database(in_folder("series.db"), RECORD_SERIES);
    make_database(in_folder("summary.db"), RECORD_SUMMARY);
    struct made_engine made;
    struct recorder *recorder = begin(&made, in_folder("empty.db"), RECORD_FULL);
    CU_ASSERT_EQUAL(end_complete(recorder), STATUS_OK);
    recorder_close(recorder);
    made_fini(&made);
    for (int kind = 0; kind < PLOT_KIND_COUNT; kind++) {
        for (int format = 0; format < PLOT_FORMAT_COUNT; format++) {
            CU_ASSERT_EQUAL(draw(in_folder("summary.db"), (enum plot_kind)kind, (enum plot_format)format,
                                NULL, in_folder("x"), &message),
                STATUS_OK);
            MESSAGE(message, "note: recorded with --record summary");
            CU_ASSERT_EQUAL(draw(in_folder("empty.db"), (enum plot_kind)kind, (enum plot_format)format, NULL,
                                in_folder("x"), &message),
                STATUS_OK);
            MESSAGE(message, "note: the run has no Service");
            CU_ASSERT_EQUAL(draw(in_folder("series.db"), (enum plot_kind)kind, (enum plot_format)format, NULL,
                                in_folder("x"), &message),
                STATUS_OK);
            if (kind == PLOT_ENDPOINTS || kind == PLOT_SLICES) { /* they need no writes */
                CU_ASSERT_PTR_NULL(message);
            } else {
                MESSAGE(message, "note: recorded with --record series: there are no writes");
            }
        }
    }
}

/* One instant, and a long time: axes have their units. */
static void test_times(void)
{
    static const struct {
        int64_t end_ns;
        const char *axis;
    } times[] = {{0, ">time (s)<"}, {900, ">time (us)<"}, {40 * NS_PER_MS, ">time (ms)<"},
        {180 * NS_PER_S, ">time (s)<"}, {3600 * NS_PER_S, ">time (min)<"}, {86400 * NS_PER_S, ">time (h)<"},
        {31 * 86400 * NS_PER_S, ">time (days)<"}, {20 * 365 * 86400 * NS_PER_S, ">time (days)<"}};
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        folder_empty();
        struct made_engine made;
        struct recorder *recorder = begin(&made, in_folder("p.db"), RECORD_FULL);
        made_add_pods(&made, made_add_service(&made, "default", "web"), 3, times[i].end_ns);
        CU_ASSERT_EQUAL(
            recorder_end(recorder, "complete", NULL, 1, 2, times[i].end_ns, 0, "then"), STATUS_OK);
        recorder_close(recorder);
        made_fini(&made);
        for (int kind = 0; kind < PLOT_KIND_COUNT; kind++) {
            SAYS((enum plot_kind)kind, NULL, times[i].axis);
            draw_well(in_folder("p.db"), (enum plot_kind)kind, PLOT_TXT, NULL, in_folder("x.txt"));
        }
    }
}

/* Names that a shell or gnuplot would take for more than names. */
static void test_names(void)
{
    folder_empty();
    const char *path = in_folder("it's \"a\" $(touch bad) `touch bad`; %s {x}.db");
    const char *output = in_folder("o' \"$(touch bad)\" .svg");
    make_database(path, RECORD_FULL);
    draw_well(path, PLOT_CHURN, PLOT_SVG, NULL, output);
    check_magic(output, PLOT_SVG);
    CU_ASSERT_EQUAL(folder_count(NULL, 0), 2);
    char *message = NULL;
    CU_ASSERT_EQUAL(
        draw(path, PLOT_CHURN, PLOT_SVG, "'; DROP TABLE runs; --", output, &message), STATUS_NOT_FOUND);
    MESSAGE(message, "it has: default/web, shop/api");
    ROWS(path, "SELECT count(*) FROM runs", "1");
}

static void test_errors(void)
{
    folder_empty();
    char *message = NULL;
    make_database(in_folder("p.db"), RECORD_FULL);
    file_write(in_folder("o.svg"), "before", 6);
    struct plot_request good = {.database = in_folder("p.db"),
        .format = PLOT_SVG,
        .output = in_folder("o.svg"),
        .scripts = "analysis"};
    struct plot_request request = good;
    request.database = in_folder("no.db");
    CU_ASSERT_EQUAL(plot_render(&request, &message), STATUS_NOT_FOUND);
    MESSAGE(message, "no.db: No such file");
    request = good;
    request.run_id = 5;
    CU_ASSERT_EQUAL(plot_render(&request, &message), STATUS_NOT_FOUND);
    MESSAGE(message, "there is no run 5");
    request = good;
    request.width = 10;
    CU_ASSERT_EQUAL(plot_render(&request, &message), STATUS_USAGE);
    MESSAGE(message, "between 320 and 10000 pixels");
    request = good;
    request.scripts = in_folder("nowhere");
    CU_ASSERT_EQUAL(plot_render(&request, &message), STATUS_IO);
    MESSAGE(message, "scripts");
    request = good;
    request.output = in_folder("nowhere/o.svg");
    CU_ASSERT_EQUAL(plot_render(&request, &message), STATUS_IO);
    MESSAGE(message, "nowhere/o.svg: No such file");
    CU_ASSERT_FALSE(file_exists(in_folder("no.db")));
    CU_ASSERT_EQUAL(folder_count(NULL, 0), 2);
    char *before = file_read(in_folder("o.svg"), NULL);
    CU_ASSERT_STRING_EQUAL(before, "before");
    free(before);
    /* A device stays a device. */
    draw_well(in_folder("p.db"), PLOT_SLICES, PLOT_SVG, NULL, "/dev/null");
    struct stat found;
    CU_ASSERT(stat("/dev/null", &found) == 0 && S_ISCHR(found.st_mode));
}

/* gnuplots that are not there, that fail, and that draw nothing. */
static void test_gnuplot(void)
{
    static const struct {
        const char *program; /* NULL: none */
        const char *message;
    } gnuplots[] = {
        {NULL, "gnuplot was not found"},
        {"#!/bin/sh\necho half > picture\necho 'line 7: it is broken' >&2\nexit 3\n",
            "gnuplot failed: line 7: it is broken"},
        {"#!/bin/sh\necho half > picture\nkill -9 $$\n", "gnuplot failed: without a word"},
        {"#!/bin/sh\nexit 0\n", "gnuplot drew nothing"},
    };
    char path[5000];
    snprintf(path, sizeof path, "%s", getenv("PATH"));
    for (size_t i = 0; i < sizeof gnuplots / sizeof *gnuplots; i++) {
        folder_empty();
        make_database(in_folder("p.db"), RECORD_FULL);
        char *message = NULL;
        if (gnuplots[i].program) {
            file_write(in_folder("gnuplot"), gnuplots[i].program, strlen(gnuplots[i].program));
            chmod(in_folder("gnuplot"), 0755);
        }
        setenv("PATH", folder_path, 1);
        CU_ASSERT_EQUAL(
            draw(in_folder("p.db"), PLOT_FILL, PLOT_SVG, NULL, in_folder("o.svg"), &message), STATUS_IO);
        setenv("PATH", path, 1);
        MESSAGE(message, gnuplots[i].message);
        CU_ASSERT_FALSE(file_exists(in_folder("o.svg")));
        CU_ASSERT_EQUAL(folder_count(NULL, 0), gnuplots[i].program ? 2 : 1);
    }
}

/* Alone, from a database in a folder with an unkind name, the scripts draw the very same. */
static void test_alone(void)
{
    if (system("sqlite3 --version > /dev/null 2>&1") != 0) {
        fprintf(stderr, "skipped, sqlite3 is not installed: ");
        return;
    }
    folder_empty();
    make_database(in_folder("it's a $HOME.db"), RECORD_FULL);
    for (int kind = 0; kind < PLOT_KIND_COUNT; kind++) {
        for (int format = 0; format < PLOT_FORMAT_COUNT; format += PLOT_TXT) {
            const char *type = plot_format_name((enum plot_format)format);
            draw_well(in_folder("it's a $HOME.db"), (enum plot_kind)kind, (enum plot_format)format,
                "shop/api", in_folder("by-c"));
            char command[3000];
            snprintf(command, sizeof command,
                "cd '%s' && gnuplot -d -e \"database = \\\"it's a \\$HOME.db\\\"; service = 'api'; output = "
                "'alone.%s'\" "
                "'%s/analysis/%s.gp' > complaints 2>&1",
                folder_path, type, here, plot_kind_name((enum plot_kind)kind));
            CU_ASSERT_EQUAL(system(command), 0);
            char *complaints = file_read(in_folder("complaints"), NULL);
            CU_ASSERT_STRING_EQUAL(complaints, "");
            free(complaints);
            char name[30];
            snprintf(name, sizeof name, "alone.%s", type);
            char *alone = file_read(in_folder(name), NULL), *by_c = file_read(in_folder("by-c"), NULL);
            CU_ASSERT_STRING_EQUAL(alone, by_c);
            free(alone);
            free(by_c);
        }
    }
}

static void test_parse(void)
{
    enum plot_format format;
    CU_ASSERT(plot_format_of_path("a.b/c.svg", &format) && format == PLOT_SVG);
    CU_ASSERT(plot_format_of_path("c.txt", &format) && format == PLOT_TXT);
    CU_ASSERT_FALSE(plot_format_of_path("svg", &format));
    CU_ASSERT_FALSE(plot_format_of_path("a.svg/b", &format));
}

static const struct suite_test tests[] = {
    {"names of kinds and formats", test_parse},
    {"every kind in every format", test_all},
    {"titles and axes", test_words},
    {"an incomplete run says so", test_incomplete},
    {"nothing to draw", test_nothing},
    {"one instant to twenty years", test_times},
    {"names that are more than names", test_names},
    {"errors leave nothing behind", test_errors},
    {"gnuplots that fail", test_gnuplot},
    {"the scripts alone draw the same", test_alone},
};

int main(void)
{
    if (system("gnuplot --version > /dev/null 2>&1") != 0) {
        fprintf(stderr, "skipped: gnuplot is not installed\n");
        return 0;
    }
    folder_make();
    setenv("TMPDIR", folder_path, 1);
    if (!getcwd(here, sizeof here))
        return 1;
    int code = suite_main("record_plot", tests, sizeof tests / sizeof *tests);
    folder_remove();
    return code;
}
