/*
 * measure.c: sizes by the model's encoders; see measure.h.
 */
#include "verify/measure.h"

#include "model/encode.h"
#include "model/encode_json.h"

void measure_write(const struct catalog *catalog, struct kube_write *write)
{
    struct text protobuf = {0}, json = {0};
    struct arena arena;
    arena_init(&arena);
    if (write->endpoints) {
        encode_endpoints(catalog, write->endpoints, &write->endpoints->subsets, NULL, &protobuf);
        json_tree_write_compact(
            encode_endpoints_json(&arena, catalog, write->endpoints, &write->endpoints->subsets, NULL),
            &json);
    } else if (write->slice) {
        encode_endpointslice(catalog, write->slice, NULL, &protobuf);
        json_tree_write_compact(encode_endpointslice_json(&arena, catalog, write->slice, NULL), &json);
    }
    write->protobuf_bytes = protobuf.length;
    write->json_bytes = json.length;
    text_fini(&protobuf);
    text_fini(&json);
    arena_fini(&arena);
}
