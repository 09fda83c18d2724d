/*
 * sym.c: the texts lie in an arena, each behind its hash, length and number; a map leads from the hash of
 * a text to it, and an array from the number.
 */
#include "base/sym.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"

struct wanted {
    const char *bytes;
    size_t length;
};

static bool entry_is(const void *value, const void *context)
{
    const struct sym_entry *entry = value;
    const struct wanted *wanted = context;
    return entry->length == wanted->length && memcmp(entry->text, wanted->bytes, wanted->length) == 0;
}

static struct sym_entry *entry_find(const struct symtab *table, uint64_t hash, struct wanted wanted)
{
    return map_find_where(&table->by_hash, hash, entry_is, &wanted);
}

struct symtab *symtab_create(void)
{
    struct symtab *table = mem_zalloc(sizeof *table);
    arena_init(&table->arena);
    sym empty = sym_intern(table, "", 0);
    EPSIM_ASSERT(empty == SYM_EMPTY);
    return table;
}

void symtab_destroy(struct symtab *table)
{
    if (!table)
        return;
    vec_fini(&table->entries);
    map_fini(&table->by_hash);
    arena_fini(&table->arena);
    free(table);
}

sym sym_intern(struct symtab *table, const char *bytes, size_t length)
{
    uint64_t hash = hash64(bytes, length);
    struct sym_entry *entry = entry_find(table, hash, (struct wanted){length ? bytes : "", length});
    if (entry)
        return entry->number;
    if (length > UINT32_MAX - 1)
        mem_exhausted(length);
    entry = arena_alloc(&table->arena, sizeof *entry + length + 1);
    entry->hash = hash;
    entry->number = table->entries.count;
    entry->length = (uint32_t)length;
    if (length)
        memcpy(entry->text, bytes, length);
    vec_push(&table->entries, entry);
    map_add_ptr(&table->by_hash, hash, entry);
    return entry->number;
}

sym sym_from(struct symtab *table, const char *string)
{
    return sym_intern(table, string, strlen(string));
}

sym sym_find(const struct symtab *table, const char *bytes, size_t length)
{
    struct wanted wanted = {length ? bytes : "", length};
    const struct sym_entry *entry = entry_find(table, hash64(bytes, length), wanted);
    return entry ? entry->number : SYM_EMPTY;
}

int sym_compare(const struct symtab *table, sym a, sym b)
{
    if (a == b)
        return 0;
    uint32_t a_length = sym_length(table, a);
    uint32_t b_length = sym_length(table, b);
    int order = memcmp(sym_text(table, a), sym_text(table, b), a_length < b_length ? a_length : b_length);
    return order ? order : (a_length > b_length) - (a_length < b_length);
}
