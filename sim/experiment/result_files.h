/*
 * result_files.h: which runs of a plan are there.
 *
 * Every row of `runs` in every result file is known by its hash (sweep_plan.h). Files in the order of their
 * names; of a run that is there twice (two machines did it at once) the first counts, unless it failed and
 * another did not. Cost: opening each file, and a row of some hundred bytes a run.
 */
#ifndef EPSIM_EXPERIMENT_RESULT_FILES_H
#define EPSIM_EXPERIMENT_RESULT_FILES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/map.h"
#include "experiment/sweep_folder.h"

struct result {
    uint8_t hash[32];
    uint32_t file;  /* index of its file's name */
    int64_t run_id; /* in that file */
    bool is_failed;
    char *message; /* why it failed; owned, NULL */
};

struct result_files {
    char *folder;
    struct file_names names;
    VEC(struct result) items;
    struct map by_hash;  /* first 8 bytes of the hash -> struct result *, once all are read */
    uint32_t duplicates; /* rows that are there again */
};

/* Reads all files, or only those whose names tell of runs within [first, last]. STATUS_BAD_INPUT: a file is
 * no database of this schema version, or damaged; the message names it. */
enum status result_files_read(
    const char *folder, uint32_t first, uint32_t last, struct result_files *out, char **out_message);
void result_files_fini(struct result_files *files);
/* NULL when it is not there. O(1). */
const struct result *result_find(const struct result_files *files, const char hash[RUN_HASH_TEXT]);

#endif
