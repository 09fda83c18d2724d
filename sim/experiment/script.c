/*
 * script.c: see script.h.
 */
#include "experiment/script.h"

#include <inttypes.h>
#include <string.h>

/* One word of a shell, whatever is in it. */
static void add_quoted(struct text *out, const char *text)
{
    text_add_char(out, '\'');
    for (; *text != '\0'; text++) {
        if (*text == '\'')
            text_add(out, "'\\''");
        else
            text_add_char(out, *text);
    }
    text_add_char(out, '\'');
}

static void add_setting(struct text *out, const char *name, const char *value)
{
    text_printf(out, "%s=", name);
    add_quoted(out, value);
    text_add_char(out, '\n');
}

static uint32_t task_count(const struct script *script)
{
    return (script->runs - 1) / script->runs_per_task + 1;
}

static void add_head(const struct script *script, const char *engine, struct text *out)
{
    text_printf(out,
        "# Sweep %s: %" PRIu32 " runs in %" PRIu32 " tasks, by %s. Written by epsim %s sweep script.\n",
        script->name, script->runs, task_count(script), engine, script->version);
}

static void add_settings(const struct script *script, struct text *out)
{
    text_add(out, "set -eu\n");
    add_setting(out, "epsim", script->program);
    add_setting(out, "sweep", script->sweep);
    add_setting(out, "folder", script->folder);
    text_add_char(out, '\n');
}

/* {#} counts from 1. A job that ends with 255, as ssh does when its host is gone, or that cannot be started,
 * is tried on another host; one whose runs failed (1) would only fail again, so parallel is told that it is
 * well. */
static void write_parallel(const struct script *script, struct text *out)
{
    text_add(out, "#!/usr/bin/env bash\n");
    add_head(script, "GNU parallel", out);
    text_add(out,
        "#\n"
        "#     bash FILE                    on this machine\n"
        "#     bash FILE HOST,HOST          on these, through ssh; all see the folder and the sweep file\n"
        "#     bash FILE 8/HOST,8/HOST      8 jobs at a time on each\n"
        "#\n"
        "# Stop it and start it again: what is done is skipped. A host that dies loses its jobs to the "
        "others.\n");
    add_settings(script, out);
    text_printf(out,
        "seq %" PRIu32 " | parallel --sshlogin \"${1:-:}\" --retries 5 --delay 0.05 --halt never --joblog "
        "\"$folder.joblog\" \\\n"
        "    \"'$epsim' sweep run -q '$sweep' -o '$folder' --task \\$(({#} - 1)) --count %" PRIu32
        " || [ \\$? -eq 1 ]\" '#' {} || true\n"
        "exec \"$epsim\" sweep status \"$folder\"\n",
        task_count(script), script->runs_per_task);
}

/* Within a job it does the task's share; outside it submits itself, once for each thousand tasks. */
static void write_slurm(const struct script *script, struct text *out)
{
    text_add(out, "#!/usr/bin/env bash\n");
    text_printf(out,
        "#SBATCH --job-name=%s\n#SBATCH --ntasks=1\n#SBATCH --cpus-per-task=1\n#SBATCH --requeue\n",
        script->name);
    add_head(script, "Slurm", out);
    text_printf(out,
        "#\n"
        "#     bash FILE [SBATCH-OPTION]...     submits it: arrays of at most %d tasks\n"
        "#\n"
        "# Cancel it and submit it again: what is done is skipped.\n",
        SCRIPT_SLURM_TASKS_MAX);
    add_settings(script, out);
    text_printf(out,
        "if [ -n \"${SLURM_ARRAY_TASK_ID:-}\" ]; then\n"
        "    exec \"$epsim\" sweep run \"$sweep\" -o \"$folder\" --count %" PRIu32
        " --offset \"${EPSIM_OFFSET:-0}\"\n"
        "fi\n"
        "mkdir -p \"$folder\"\n"
        "tasks=%" PRIu32 "\n"
        "for ((offset = 0; offset < tasks; offset += %d)); do\n"
        "    last=$((tasks - offset > %d ? %d : tasks - offset - 1))\n"
        "    EPSIM_OFFSET=$offset sbatch --export=ALL --array=0-\"$last\" "
        "--output=\"$folder/slurm-%%A_%%a.log\" \"$@\" \"$0\"\n"
        "done\n",
        script->runs_per_task, task_count(script), SCRIPT_SLURM_TASKS_MAX, SCRIPT_SLURM_TASKS_MAX,
        SCRIPT_SLURM_TASKS_MAX - 1);
}

/* A name as Kubernetes takes it: lower case, digits and '-'. */
static void add_kubernetes_name(struct text *out, const char *name)
{
    size_t begin = out->length;
    for (; *name != '\0' && out->length - begin < 50; name++) {
        char c = *name >= 'A' && *name <= 'Z' ? (char)(*name - 'A' + 'a') : *name;
        bool is_good = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (is_good || out->length > begin)
            text_add_char(out, is_good ? c : '-');
    }
    while (out->length > begin && out->data[out->length - 1] == '-')
        out->data[--out->length] = '\0';
    if (out->length == begin)
        text_add(out, "sweep");
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

/* JOB_COMPLETION_INDEX is in the environment of each pod of an Indexed Job. */
static void write_kubernetes(const struct script *script, struct text *out)
{
    uint32_t tasks = task_count(script);
    add_head(script, "a Kubernetes Indexed Job", out);
    text_add(out,
        "#\n"
        "# The claim `epsim` is a volume that all pods can write (ReadWriteMany). Put the sweep file on it, "
        "with its\n"
        "# scenario at the same relative path. The image is yours to make: it has the program on its PATH.\n"
        "# Delete the Job and apply it again: what is done is skipped.\n"
        "apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: epsim-");
    add_kubernetes_name(out, script->name);
    text_printf(out,
        "\nspec:\n"
        "  completionMode: Indexed\n"
        "  completions: %" PRIu32 "\n"
        "  parallelism: %" PRIu32 "\n"
        "  backoffLimitPerIndex: 3\n"
        "  maxFailedIndexes: %" PRIu32 "\n"
        "  template:\n"
        "    spec:\n"
        "      restartPolicy: Never\n"
        "      containers:\n"
        "      - name: epsim\n"
        "        image: ",
        tasks, tasks < 10 ? tasks : 10, tasks);
    text_add_json(out, script->image, strlen(script->image));
    text_add(out, "\n        workingDir: /sweep\n        command: [epsim, sweep, run, -q, ");
    text_add_json(out, base_name(script->sweep), strlen(base_name(script->sweep)));
    text_add(out, ", -o, ");
    text_add_json(out, base_name(script->folder), strlen(base_name(script->folder)));
    text_printf(out,
        ", --count, \"%" PRIu32 "\"]\n"
        "        resources:\n"
        "          requests: {cpu: \"1\", memory: 256Mi}\n"
        "        volumeMounts:\n"
        "        - {name: sweep, mountPath: /sweep}\n"
        "      volumes:\n"
        "      - name: sweep\n"
        "        persistentVolumeClaim: {claimName: epsim}\n",
        script->runs_per_task);
}

void script_write(const struct script *script, struct text *out)
{
    switch (script->engine) {
    case SCRIPT_PARALLEL:
        write_parallel(script, out);
        return;
    case SCRIPT_SLURM:
        write_slurm(script, out);
        return;
    case SCRIPT_KUBERNETES:
        write_kubernetes(script, out);
        return;
    }
}
