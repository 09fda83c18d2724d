/*
 * overwrite.h: what an output may be written over: no input of the same command, and no stranger's file.
 *
 * An option such as --replace is meant for what an earlier command wrote; a name that was mistyped must not
 * cost a scenario or a database. All of it looks before anything is opened for writing; O(1) and some hundred
 * bytes read a call.
 */
#ifndef EPSIM_CLI_OVERWRITE_H
#define EPSIM_CLI_OVERWRITE_H

#include <stdbool.h>

#include "record/plot.h"

/* True when both lead to one ordinary file (by device and inode, so through links too). "-" as `input` is
 * standard input. Devices and pipes are never the same: writing to them loses nothing. */
bool overwrite_is_same(const char *output, const char *input);
/* Whether `output` may be written: true when it is not there, empty, or no ordinary file, or when it
 * begins as a trace of ours does (a picture of that format, with the second one). Otherwise a message on
 * standard error, and false. */
bool overwrite_trace_allowed(const char *output);
bool overwrite_picture_allowed(const char *output, enum plot_format format);
/* The same for a text that begins with `beginning`, told as `what` ("CSV of epsim compare"). */
bool overwrite_text_allowed(const char *output, const char *beginning, const char *what);

#endif
