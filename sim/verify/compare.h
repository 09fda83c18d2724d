/*
 * compare.h: holds the requests for Endpoints, and the Events, of one sync against those of the real
 * controllers. Endpoints leave nothing open: objects are equal but for a new one's uid.
 */
#ifndef EPSIM_VERIFY_COMPARE_H
#define EPSIM_VERIFY_COMPARE_H

#include <stdbool.h>
#include <stdint.h>

#include "verify/kube_write.h"

/* Both: true when they agree; else what differs is appended to `why`. O(objects). */
bool compare_endpoints(
    struct catalog *catalog, const struct kube_writes *want, const struct kube_writes *got, struct text *why);
/* Events as "type reason message": the same ones as often. Only those of topology hints word for word: texts
 * of others depend on the order of pods. `two_types`: which address type is the first to enable or disable
 * hints is open. */
bool compare_events(const char *const *want, uint32_t want_count, const char *const *got, uint32_t got_count,
    bool two_types, struct text *why);

#endif
