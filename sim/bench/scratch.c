/*
 * scratch.c: see scratch.h.
 */
#include "bench/scratch.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool scratch_init(struct scratch *scratch, struct text *failure)
{
    const char *parent = getenv("TMPDIR");
    *scratch = (struct scratch){0};
    text_printf(&scratch->folder, "%s/epsim-bench-XXXXXX", parent != NULL && *parent ? parent : "/tmp");
    if (mkdtemp(scratch->folder.data) != NULL)
        return true;
    text_printf(failure, "%s: %s", scratch->folder.data, strerror(errno));
    text_fini(&scratch->folder);
    return false;
}

const char *scratch_file(struct scratch *scratch, const char *name)
{
    text_clear(&scratch->path);
    text_printf(&scratch->path, "%s/%s", scratch->folder.data, name);
    return scratch->path.data;
}

void scratch_fini(struct scratch *scratch)
{
    DIR *folder = scratch->folder.data != NULL ? opendir(scratch->folder.data) : NULL;
    for (struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;)
        if (entry->d_name[0] != '.')
            unlink(scratch_file(scratch, entry->d_name));
    if (folder != NULL) {
        closedir(folder);
        rmdir(scratch->folder.data);
    }
    text_fini(&scratch->folder);
    text_fini(&scratch->path);
}
