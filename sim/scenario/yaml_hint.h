/*
 * yaml_hint.h: what a beginner meets most, and what libfyaml's messages leave unsaid.
 */
#ifndef EPSIM_SCENARIO_YAML_HINT_H
#define EPSIM_SCENARIO_YAML_HINT_H

/* To go behind libfyaml's `message` about the line that begins at `line` and ends, as all lines, with a line
 * feed or a NUL: a text of static life, "" for nothing to say. O(the line and the next one). */
const char *yaml_hint(const char *message, const char *line);

#endif
