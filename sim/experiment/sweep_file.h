/*
 * sweep_file.h: a sweep as read: which scenario, which parameters with which values, how often.
 *
 *     apiVersion: epsim.dev/v1
 *     kind: Sweep
 *     metadata: {name: slice-size}
 *     spec:
 *       scenario: ../scenarios/rolling-update.yaml
 *       parameters:
 *         controllers.maxEndpointsPerSlice: log 1..1000 steps 10
 *         deployment/web.replicas: [100, 1000]
 *       repetitions: 5
 *
 * Plain data, bound by the same tables as scenarios are, from which docs/sweep.md is printed too. Whether the
 * paths exist and the values make sense is found out when a scenario is loaded with them (sweep_plan.h).
 * Texts are NUL-terminated and live in the arena. Immutable once read.
 */
#ifndef EPSIM_EXPERIMENT_SWEEP_FILE_H
#define EPSIM_EXPERIMENT_SWEEP_FILE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/status.h"
#include "experiment/sweep_values.h"
#include "record/recorder.h"

/* Files that are one scenario together. */
struct sweep_scenario {
    const char **paths; /* as written: seen from the sweep file's folder */
    uint32_t path_count;
    struct position at;
};

enum sweep_combine { SWEEP_GRID, SWEEP_ZIP };
enum sweep_expect { SWEEP_EXPECT_CHECK, SWEEP_EXPECT_IGNORE };

struct sweep_file {
    struct arena arena;
    struct diag *diag;
    const char *name;
    const char *about;  /* "" when absent */
    const char *folder; /* of the file, with a '/' at the end; "" when it has none */
    const char *text;   /* as read */
    size_t text_length;
    struct sweep_scenario *scenarios;
    uint32_t scenario_count;
    struct sweep_row *rows; /* row_count 0: none */
    uint32_t row_count;
    struct sweep_parameter *parameters; /* in the order of the file */
    uint32_t parameter_count;
    enum sweep_combine combine;
    uint32_t repetitions;
    bool has_seed;
    uint64_t seed;
    enum record_level record;
    enum sweep_expect expect;
};

/* Reads a file. `text`: NULL, or its text when that is there already (then nothing is read from disk).
 * Mistakes are in file->diag. STATUS_OK, STATUS_BAD_INPUT or STATUS_IO. *out is always set; destroy it. */
enum status sweep_file_read(const char *path, const char *text, size_t length, struct sweep_file **out);
void sweep_file_destroy(struct sweep_file *file);

/* Markdown: the fields. docs/sweep.md holds this text; a test compares. */
void sweep_file_print_fields(FILE *out);

#endif
