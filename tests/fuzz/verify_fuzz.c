/*
 * verify_fuzz.c: any bytes as a recording. Pins: no crash, no leak, no hang, no assert, whatever the objects
 * say; what is judged is counted once.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "verify/verify.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool on_answer(void *self, const struct text *line)
{
    (void)self;
    if (line->length == 0)
        abort();
    return true;
}

static void run(const char *path, bool answers)
{
    struct verify_options options = verify_options_default();
    options.runs = 2;
    options.answers = answers;
    struct verifier *verifier = verifier_create(&options, &(struct verify_observer){.on_answer = on_answer});
    verifier_file(verifier, path);
    verifier_destroy(verifier);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[] = "/tmp/epsim-fuzz-XXXXXX";
    int descriptor = mkstemp(path);
    if (descriptor < 0)
        abort();
    FILE *file = fdopen(descriptor, "wb");
    if (!file || (size > 0 && fwrite(data, 1, size, file) != size) || fclose(file) != 0)
        abort();
    run(path, false);
    run(path, true);
    unlink(path);
    return 0;
}
