/*
 * msgpack_read.c: the first byte of a value tells what follows.
 */
#include "scenario/msgpack_read.h"

#include <inttypes.h>
#include <string.h>

#include "base/text.h"

void msgpack_init(struct msgpack_reader *reader, struct arena *arena, const void *bytes, size_t length)
{
    *reader = (struct msgpack_reader){
        .begin = bytes, .at = bytes, .end = (const unsigned char *)bytes + length, .arena = arena};
}

static bool fail(struct msgpack_reader *r, const unsigned char *at, const char *mistake)
{
    if (!r->mistake) {
        r->mistake = mistake;
        r->mistake_at = (size_t)(at - r->begin);
    }
    return false;
}

static bool has(struct msgpack_reader *r, size_t bytes)
{
    if ((size_t)(r->end - r->at) >= bytes)
        return true;
    return fail(r, r->end, "the file ends within a value");
}

/* `bytes` bytes, the highest first; has() them. */
static uint64_t take(struct msgpack_reader *r, size_t bytes)
{
    uint64_t number = 0;
    for (size_t i = 0; i < bytes; i++)
        number = number << 8 | *r->at++;
    return number;
}

static struct yaml_node *add_scalar(struct msgpack_reader *r, const unsigned char *start,
    enum yaml_style style, const char *text, size_t length)
{
    struct yaml_node *node = arena_alloc(r->arena, sizeof *node);
    *node = (struct yaml_node){.kind = YAML_SCALAR,
        .style = (uint8_t)style,
        .at = {.line = 1, .column = (uint32_t)(start - r->begin) + 1, .length = 1},
        .text = arena_strndup(r->arena, text, length),
        .length = length};
    return node;
}

static struct yaml_node *read_text(struct msgpack_reader *r, const unsigned char *start, uint64_t length)
{
    size_t offset;
    if (!has(r, length))
        return NULL;
    const char *text = (const char *)r->at;
    if (!utf8_valid(text, length, &offset) || memchr(text, '\0', length)) {
        fail(r, start, "a text that is not in UTF-8, or has a NUL in it");
        return NULL;
    }
    r->at += length;
    return add_scalar(r, start, YAML_QUOTED, text, length);
}

/* Binary data and extensions. */
static struct yaml_node *skip(struct msgpack_reader *r, const unsigned char *start, uint64_t length)
{
    if (!has(r, length))
        return NULL;
    r->at += length;
    return add_scalar(r, start, YAML_QUOTED, "", 0);
}

static struct yaml_node *add_number(
    struct msgpack_reader *r, const unsigned char *start, bool is_negative, uint64_t number)
{
    char text[24];
    int length = is_negative ? snprintf(text, sizeof text, "%" PRId64, (int64_t)number)
                             : snprintf(text, sizeof text, "%" PRIu64, number);
    return add_scalar(r, start, YAML_PLAIN, text, (size_t)length);
}

static struct yaml_node *read_real(struct msgpack_reader *r, const unsigned char *start, size_t bytes)
{
    double real;
    uint64_t bits = take(r, bytes);
    if (bytes == 4) {
        uint32_t half = (uint32_t)bits;
        float single;
        memcpy(&single, &half, sizeof single);
        real = (double)single;
    } else {
        memcpy(&real, &bits, sizeof real);
    }
    struct text text = {0};
    if (real - real == 0) /* neither infinite nor no number */
        text_add_real(&text, real);
    struct yaml_node *node =
        add_scalar(r, start, YAML_PLAIN, text.length ? text.data : "null", text.length ? text.length : 4);
    text_fini(&text);
    return node;
}

/* A value's first byte: what it is, and how long. */
enum form { FORM_MAP, FORM_ARRAY, FORM_TEXT, FORM_OTHER };

/* Of maps, arrays and texts; the length stands in the first byte or behind it. */
static enum form read_head(struct msgpack_reader *r, uint64_t *out_length)
{
    unsigned char first = *r->at;
    enum form form = FORM_OTHER;
    size_t bytes = 0;
    if (first >= 0x80 && first <= 0x8f)
        form = FORM_MAP, *out_length = first & 0x0f;
    else if (first >= 0x90 && first <= 0x9f)
        form = FORM_ARRAY, *out_length = first & 0x0f;
    else if (first >= 0xa0 && first <= 0xbf)
        form = FORM_TEXT, *out_length = first & 0x1f;
    else if (first >= 0xd9 && first <= 0xdb)
        form = FORM_TEXT, bytes = (size_t)1 << (first - 0xd9);
    else if (first == 0xdc || first == 0xdd)
        form = FORM_ARRAY, bytes = first == 0xdc ? 2 : 4;
    else if (first == 0xde || first == 0xdf)
        form = FORM_MAP, bytes = first == 0xde ? 2 : 4;
    if (form == FORM_OTHER || !has(r, 1 + bytes))
        return FORM_OTHER;
    r->at++;
    if (bytes > 0)
        *out_length = take(r, bytes);
    return form;
}

static struct yaml_node *read_scalar(struct msgpack_reader *r)
{
    const unsigned char *start = r->at;
    unsigned char first = *r->at++;
    if (first <= 0x7f)
        return add_number(r, start, false, first);
    if (first >= 0xe0)
        return add_number(r, start, true, (uint64_t)(int64_t)(int8_t)first);
    if (first == 0xc0)
        return add_scalar(r, start, YAML_PLAIN, "null", 4);
    if (first == 0xc2 || first == 0xc3)
        return add_scalar(r, start, YAML_PLAIN, first == 0xc2 ? "false" : "true", first == 0xc2 ? 5 : 4);
    /* Of the others: the bytes of a number, of a length, or of data; 0: there is no such byte. */
    static const uint8_t bytes_of[] = {[0xc4] = 1,
        [0xc5] = 2,
        [0xc6] = 4,
        [0xc7] = 1,
        [0xc8] = 2,
        [0xc9] = 4,
        [0xca] = 4,
        [0xcb] = 8,
        [0xcc] = 1,
        [0xcd] = 2,
        [0xce] = 4,
        [0xcf] = 8,
        [0xd0] = 1,
        [0xd1] = 2,
        [0xd2] = 4,
        [0xd3] = 8,
        [0xd4] = 1,
        [0xd5] = 2,
        [0xd6] = 4,
        [0xd7] = 8,
        [0xd8] = 16};
    size_t bytes = first < sizeof bytes_of ? bytes_of[first] : 0;
    if (bytes == 0) {
        fail(r, start, "no value of MessagePack begins so");
        return NULL;
    }
    if (first >= 0xd4)
        return skip(r, start, 1 + bytes); /* an extension: its type, then the data */
    if (!has(r, bytes))
        return NULL;
    if (first <= 0xc9)
        return skip(r, start, take(r, bytes) + (first >= 0xc7));
    if (first == 0xca || first == 0xcb)
        return read_real(r, start, bytes);
    uint64_t number = take(r, bytes);
    if (first <= 0xcf)
        return add_number(r, start, false, number);
    uint64_t sign = UINT64_C(1) << (8 * bytes - 1);
    return add_number(r, start, true, (number ^ sign) - sign);
}

static struct yaml_node *read_collection(
    struct msgpack_reader *r, const unsigned char *start, enum yaml_kind kind, uint64_t count)
{
    struct position at = {.line = 1, .column = (uint32_t)(start - r->begin) + 1, .length = 1};
    uint64_t nodes = kind == YAML_MAPPING ? 2 * count : count;
    if (++r->depth > YAML_DEPTH_MAX)
        fail(r, start, "nested too deeply");
    if (r->mistake || !has(r, nodes)) /* a value has at least a byte */
        return NULL;
    struct yaml_node *node = yaml_new_node(r->arena, kind, at);
    struct yaml_node **items = arena_alloc(r->arena, (nodes + 1) * sizeof *items);
    for (uint64_t i = 0; i < nodes; i++) {
        items[i] = msgpack_read(r);
        if (!items[i])
            return NULL;
        if (kind == YAML_MAPPING && i % 2 == 0 && items[i]->kind != YAML_SCALAR)
            items[i] = add_scalar(r, start, YAML_QUOTED, "", 0);
        if (items[i]->depth >= node->depth)
            node->depth = (uint8_t)(items[i]->depth + 1);
    }
    if (kind == YAML_MAPPING) {
        node->pairs = (void *)items; /* keys and values by turns are an array of pairs */
        node->pair_count = (uint32_t)count;
    } else {
        node->items = items;
        node->item_count = (uint32_t)count;
    }
    r->depth--;
    return node;
}

struct yaml_node *msgpack_read(struct msgpack_reader *r)
{
    const unsigned char *start = r->at;
    uint64_t length = 0;
    if (r->mistake || !has(r, 1))
        return NULL;
    switch (read_head(r, &length)) {
    case FORM_MAP:
        return read_collection(r, start, YAML_MAPPING, length);
    case FORM_ARRAY:
        return read_collection(r, start, YAML_SEQUENCE, length);
    case FORM_TEXT:
        return read_text(r, start, length);
    default:
        return r->mistake ? NULL : read_scalar(r);
    }
}

bool msgpack_enter(struct msgpack_reader *r, enum yaml_kind kind, uint32_t *out_count)
{
    const unsigned char *start = r->at;
    uint64_t count = 0;
    if (r->mistake || !has(r, 1))
        return false;
    enum form form = read_head(r, &count);
    if (form == (kind == YAML_MAPPING ? FORM_MAP : FORM_ARRAY)) {
        *out_count = (uint32_t)count;
        return true;
    }
    r->at = start;
    return false;
}
