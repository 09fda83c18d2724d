/*
 * json_writer.h: the parts that the JSON of all objects is made of: symbols, uids, times, labels, metadata.
 * Functions named _if leave out what is empty, as Go's omitempty does.
 */
#ifndef EPSIM_MODEL_JSON_WRITER_H
#define EPSIM_MODEL_JSON_WRITER_H

#include "base/json_tree.h"
#include "model/managed_fields.h"
#include "model/meta.h"

/* Where trees are built, and whose symbols they show. Both are borrowed. */
struct json_writer {
    struct arena *arena;
    const struct catalog *catalog;
};

struct json_tree *json_writer_sym(const struct json_writer *writer, sym symbol);
void json_writer_set_sym(
    const struct json_writer *writer, struct json_tree *object, const char *key, sym symbol);
void json_writer_set_sym_if(
    const struct json_writer *writer, struct json_tree *object, const char *key, sym symbol);
void json_writer_set_uid_if(
    const struct json_writer *writer, struct json_tree *object, const char *key, struct uuid uid, sym text);
/* RFC 3339 in UTC; nothing for TIME_NONE. */
void json_writer_set_time_if(
    const struct json_writer *writer, struct json_tree *object, const char *key, int64_t seconds);
/* A number as a string, as resource versions and quantities are. */
void json_writer_set_number_text(
    const struct json_writer *writer, struct json_tree *object, const char *key, uint64_t value);
struct json_tree *json_writer_labels(const struct json_writer *writer, const struct labels *labels);
/* `labels` may be NULL. */
void json_writer_set_labels_if(
    const struct json_writer *writer, struct json_tree *object, const char *key, const struct labels *labels);

struct json_tree *json_writer_owners(
    const struct json_writer *writer, const struct owner *owners, uint32_t count);

/* An object with its kind and apiVersion. */
struct json_tree *json_writer_object(
    const struct json_writer *writer, const char *kind, const char *api_version);
/* Its "metadata" (O-43). `managed` may be NULL. */
void json_writer_set_meta(const struct json_writer *writer, struct json_tree *object, const struct meta *meta,
    bool over_capacity, const struct owner *owners, uint32_t owner_count, const struct managed_list *managed);

#endif
