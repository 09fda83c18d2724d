/*
 * example_recording.h: the text of example_recording.ndjson, one sync of the real Endpoints controller, put
 * into the program when it is built (sim/CMakeLists.txt).
 */
#ifndef EPSIM_CLI_EXAMPLE_RECORDING_H
#define EPSIM_CLI_EXAMPLE_RECORDING_H

/* NUL-terminated. */
extern const char example_recording[];

#endif
