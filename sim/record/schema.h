/*
 * schema.h: the text of schema.sql, put into the program when it is built (sim/CMakeLists.txt).
 */
#ifndef EPSIM_RECORD_SCHEMA_H
#define EPSIM_RECORD_SCHEMA_H

/* NUL-terminated. */
extern const char schema_sql[];

#endif
