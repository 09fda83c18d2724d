/*
 * sym.h: interned strings. Equal texts have equal numbers, so comparing and hashing names is
 * comparing integers. A symbol lives as long as its table; meant for what repeats (namespaces,
 * label keys and values, node names, zones), not for pod names, which come and go (model/target.h).
 */
#ifndef EPSIM_BASE_SYM_H
#define EPSIM_BASE_SYM_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/check.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/vec.h"

typedef uint32_t sym;

/* The empty string in every table. */
#define SYM_EMPTY ((sym)0)

/* Both are sym.c's own. They stand here because every size and every digest asks for lengths and hashes. */
struct sym_entry {
    uint64_t hash; /* hash64 of the text */
    sym number;
    uint32_t length;
    char text[];
};

struct symtab {
    struct arena arena;
    struct map by_hash;
    VEC(struct sym_entry *) entries;
};

struct symtab *symtab_create(void);
void symtab_destroy(struct symtab *table);
/* O(length). At most 2^32 - 1 symbols. */
sym sym_intern(struct symtab *table, const char *bytes, size_t length);
sym sym_from(struct symtab *table, const char *string);
/* The symbol if it is there, else SYM_EMPTY. */
sym sym_find(const struct symtab *table, const char *bytes, size_t length);
static inline const struct sym_entry *sym_entry(const struct symtab *table, sym symbol)
{
    EPSIM_ASSERT(symbol < table->entries.count);
    return table->entries.items[symbol];
}
/* NUL-terminated, owned by the table, never moves. O(1). */
static inline const char *sym_text(const struct symtab *table, sym symbol)
{
    return sym_entry(table, symbol)->text;
}
static inline uint32_t sym_length(const struct symtab *table, sym symbol)
{
    return sym_entry(table, symbol)->length;
}
/* hash64 of the text, O(1). */
static inline uint64_t sym_hash(const struct symtab *table, sym symbol)
{
    return sym_entry(table, symbol)->hash;
}
/* Ask for the memory of what is known of the symbol: first where that stands, then, once this is there,
 * itself. */
static inline void sym_prefetch_place(const struct symtab *table, sym symbol)
{
    mem_prefetch_line(&table->entries.items[symbol]);
}
static inline void sym_prefetch(const struct symtab *table, sym symbol)
{
    mem_prefetch_line(table->entries.items[symbol]);
}
/* Byte-wise order of the texts: <0, 0, >0. */
int sym_compare(const struct symtab *table, sym a, sym b);

#endif
