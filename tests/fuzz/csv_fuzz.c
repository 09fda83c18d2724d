/*
 * csv_fuzz.c: any bytes as a table. Pins: no crash, no leak, no hang; every field lies in its line or is a
 * copy.
 */
#include <stdint.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/mem.h"
#include "scenario/csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct csv_reader reader;
    char *text = mem_strndup((const char *)data, size);
    struct diag *diag = diag_create();
    arena_init(&arena);
    uint32_t source = diag_add_source(diag, "fuzz.csv", text, size);
    csv_init(&reader, &arena, diag, source, text, size);
    uint32_t line = 0;
    while (csv_next(&reader)) {
        if (reader.fields.count == 0 || reader.fields.items[0].at.line <= line)
            abort();
        for (uint32_t i = 0; i < reader.fields.count; i++)
            if (reader.fields.items[i].length > size)
                abort();
        line = reader.fields.items[0].at.line;
    }
    csv_fini(&reader);
    diag_destroy(diag);
    arena_fini(&arena);
    free(text);
    return 0;
}
