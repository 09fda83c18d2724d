/*
 * options.h: one table tells a subcommand's options; parsing and --help both read it.
 *
 * A command is data: its name, what it is for, its options in the order of an enum, examples, and what
 * its exit codes mean. A command may have children (`epsim import csv`); the program itself is the root.
 * So an option that is parsed is an option that is documented, and an example that is printed is one
 * that tests/cli runs.
 *
 * The command line is read as GNU programs do: options and operands in any order, `--name=value`,
 * `--name value`, `-n value`, `-nvalue`, flags together (`-Av`), `--` ends the options, `-` is an operand.
 */
#ifndef EPSIM_CLI_OPTIONS_H
#define EPSIM_CLI_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "base/vec.h"

/* Exit codes of every command; 128 + signal after Ctrl-C or SIGTERM. */
enum exit_code {
    EXIT_OK = 0,
    EXIT_FAILED = 1, /* the run or an expectation failed, or something could not be written */
    EXIT_USAGE = 2,  /* wrong usage or bad input */
};

enum option_type {
    OPTION_FLAG,
    OPTION_TEXT,
    OPTION_LIST,     /* text; may be given several times */
    OPTION_NUMBER,   /* 0 to 2^64 - 1 */
    OPTION_DURATION, /* 250ms, 1h30m; kept as nanoseconds */
    OPTION_CHOICE,   /* one word of `value`, which is "table,json,csv" */
};

struct option {
    enum option_type type;
    char letter;          /* 0: none */
    const char *name;     /* without the dashes */
    const char *value;    /* what the value is called ("FILE"); the words of a choice; NULL for a flag */
    const char *fallback; /* the default as --help tells it; NULL: none. A choice's is one of its words. */
    const char *about;
};

struct option_value {
    uint32_t count;   /* how often it was given */
    const char *text; /* the last one, or a choice's default; NULL when absent */
    uint64_t number;  /* OPTION_NUMBER, and the index of a choice's word */
    int64_t ns;       /* OPTION_DURATION */
    VEC(const char *) list;
};

struct arguments;

struct command {
    const char *name;  /* "run"; for the root "epsim" */
    const char *about; /* one line */
    const char *usage; /* one line, without "epsim NAME": "FILE... [-o DB] [OPTION]..." */
    const char *text;  /* paragraphs; wrapped by --help, lines that start with a space are kept */
    const struct option *options;
    uint32_t option_count;
    const char *const *examples; /* command lines, each with a '#' comment line before it; NULL ends */
    const char *exit_ok, *exit_failed, *exit_usage; /* what 0, 1 and 2 mean here; NULL: does not occur */
    const struct command *const *children;          /* NULL ends; NULL: none */
    int (*run)(const struct arguments *arguments); /* returns an exit code; NULL with children */
};

struct arguments {
    const struct command *command;
    const char *path;            /* "epsim run", for messages; owned */
    struct option_value *values; /* by the command's enum */
    VEC(const char *) operands;
    bool help;
};

/* Reads argv (after the command's own name). All texts are borrowed from argv. On a mistake it is told on
 * standard error and EXIT_USAGE returned; else EXIT_OK. arguments_fini in both cases. */
enum exit_code arguments_parse(
    struct arguments *arguments, const struct command *command, const char *path, int argc, char **argv);
void arguments_fini(struct arguments *arguments);

/* "epsim run: error: ...", then where help is. Returns EXIT_USAGE. */
enum exit_code usage_error(const struct arguments *arguments, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The whole --help of a command, at most 80 columns wide. `path`: "epsim run". */
void help_text(struct text *out, const struct command *command, const char *path);

/* The index of `word` among the comma-separated words of `words`, or -1. */
int choice_index(const char *words, const char *word, size_t length);

#endif
