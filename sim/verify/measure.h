/*
 * measure.h: the encoded sizes of what a request left, by the encoders of the model (encode.h,
 * encode_json.h), without managedFields, as recordings of single steps have them.
 */
#ifndef EPSIM_VERIFY_MEASURE_H
#define EPSIM_VERIFY_MEASURE_H

#include "verify/kube_write.h"

/* Sets protobuf_bytes and json_bytes; 0 after a delete. Endpoints must be in explicit form. O(object). */
void measure_write(const struct catalog *catalog, struct kube_write *write);

#endif
