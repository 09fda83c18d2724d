/*
 * dataset.h: the questions of analysis/NAME.sql, asked from C: what the scripts of the pictures ask through
 * the program sqlite3 when they run alone. One text of each question, wherever it is asked from.
 */
#ifndef EPSIM_RECORD_DATASET_H
#define EPSIM_RECORD_DATASET_H

#include <stdint.h>

#include "base/status.h"
#include "base/text.h"
#include "record/database.h"

/* Parameters by their names in the SQL; one that a question does not have is left out. Texts may be NULL. */
struct dataset_parameters {
    int64_t run;           /* @run; 0: the last one (run.sql only) */
    const char *namespace; /* @namespace */
    const char *service;   /* @service; see run.sql */
    int64_t bins;          /* @bins: columns of the picture */
    int64_t cells;         /* @cells: rectangles at most */
};

/* Asks the question in the file `folder`/`name`.sql and appends the answer to `out`: a line a row, columns
 * separated by tabs, NULL as nothing; tabs and line ends within a text become spaces. *out_rows may be NULL.
 * STATUS_NOT_FOUND: there is no such file. STATUS_IO. */
enum status dataset_ask(struct database *database, const char *folder, const char *name,
    const struct dataset_parameters *parameters, struct text *out, uint64_t *out_rows, char **out_message);

#endif
