/*
 * example_imports.h: what `epsim help example-...` prints for the imports: the files of examples/, put into
 * the program when it is built (sim/CMakeLists.txt).
 */
#ifndef EPSIM_CLI_EXAMPLE_IMPORTS_H
#define EPSIM_CLI_EXAMPLE_IMPORTS_H

/* NUL-terminated. */
extern const char example_watch[], example_audit[], example_kwok[], example_simkube[];

#endif
