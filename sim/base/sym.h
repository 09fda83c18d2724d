/*
 * sym.h: interned strings. Equal texts have equal numbers, so comparing and hashing names is
 * comparing integers. A symbol lives as long as its table; meant for what repeats (namespaces,
 * label keys and values, node names, zones), not for pod names, which come and go (model/target.h).
 */
#ifndef EPSIM_BASE_SYM_H
#define EPSIM_BASE_SYM_H

#include <stddef.h>
#include <stdint.h>

typedef uint32_t sym;

/* The empty string in every table. */
#define SYM_EMPTY ((sym)0)

struct symtab;

struct symtab *symtab_create(void);
void symtab_destroy(struct symtab *table);
/* O(length). At most 2^32 - 1 symbols. */
sym sym_intern(struct symtab *table, const char *bytes, size_t length);
sym sym_from(struct symtab *table, const char *string);
/* The symbol if it is there, else SYM_EMPTY. */
sym sym_find(const struct symtab *table, const char *bytes, size_t length);
/* NUL-terminated, owned by the table, never moves. O(1). */
const char *sym_text(const struct symtab *table, sym symbol);
uint32_t sym_length(const struct symtab *table, sym symbol);
/* Byte-wise order of the texts: <0, 0, >0. */
int sym_compare(const struct symtab *table, sym a, sym b);

#endif
