/*
 * figure_columns.h: the tables behind the names of figures, shared by figure.c and figure_read.c.
 */
#ifndef EPSIM_EXPERIMENT_FIGURE_COLUMNS_H
#define EPSIM_EXPERIMENT_FIGURE_COLUMNS_H

/* X(NAME, name, unit, what it says) */
#define FIGURE_RUN_COLUMNS(X) \
    X(EVENTS, "events", UNIT_COUNT, "steps that were executed") \
    X(SIM_S, "sim_s", UNIT_SECONDS, "simulated time at the end") \
    X(WALL_S, "wall_s", UNIT_SECONDS, "time that the run took")

#define FIGURE_REQUEST_COLUMNS(X) \
    X(WRITES, "writes", UNIT_COUNT, "creates, updates and deletes") \
    X(CREATES, "creates", UNIT_COUNT, "objects created") \
    X(UPDATES, "updates", UNIT_COUNT, "objects updated") \
    X(DELETES, "deletes", UNIT_COUNT, "objects deleted") \
    X(NOOPS, "noops", UNIT_COUNT, "updates that changed nothing") \
    X(ENDPOINTS_ADDED, "endpoints_added", UNIT_COUNT, "endpoints added by all requests") \
    X(ENDPOINTS_REMOVED, "endpoints_removed", UNIT_COUNT, "endpoints removed by all requests") \
    X(BYTES, "bytes", UNIT_BYTES, "sizes of the objects sent to the API server") \
    X(WATCH_BYTES, "watch_bytes", UNIT_BYTES, "what the API server sends to all watchers")

/* The first ones are columns of the table `timeline`, in the order of figure_read.c's question; then come
 * those that follow from them. */
#define FIGURE_TIMELINE_COLUMNS(X) \
    X(PODS, "pods", UNIT_COUNT, "pods that a selector matches") \
    X(READY, "ready", UNIT_COUNT, "those that are ready and not terminating") \
    X(EP_ADDRESSES, "ep_addresses", UNIT_COUNT, "addresses in Endpoints") \
    X(EP_OMITTED, "ep_omitted", UNIT_COUNT, "addresses that truncation leaves out") \
    X(EP_TRUNCATED, "ep_truncated", UNIT_COUNT, "Services whose Endpoints are truncated") \
    X(SLICES, "slices", UNIT_COUNT, "EndpointSlices") \
    X(SLICES_IDEAL, "slices_ideal", UNIT_COUNT, "the fewest that would do") \
    X(SLICE_ENDPOINTS, "slice_endpoints", UNIT_COUNT, "endpoints in all slices") \
    X(NOT_YET_LISTED, "not_yet_listed", UNIT_COUNT, "ready pods that no slice shows so yet") \
    X(STILL_LISTED, "still_listed", UNIT_COUNT, "endpoints shown as ready that are not, or are gone") \
    X(SLICES_EXCESS, "slices_excess", UNIT_COUNT, "slices beyond the fewest that would do") \
    X(FILL, "fill", UNIT_SHARE, "endpoints / (slices x endpoints a slice may have)") \
    X(EP_OMITTED_SHARE, "ep_omitted_share", UNIT_SHARE, "of all addresses those that truncation leaves out") \
    X(OUT_OF_DATE, "out_of_date", UNIT_COUNT, "not_yet_listed and still_listed together")

#define FIGURE_AGGREGATES(X) \
    X(MEAN, "mean") \
    X(MIN, "min") \
    X(MAX, "max") \
    X(FINAL, "final")

enum figure_run_column {
#define X(name, text, unit, about) RUN_##name,
    FIGURE_RUN_COLUMNS(X)
#undef X
};

enum figure_request_column {
#define X(name, text, unit, about) REQUEST_##name,
    FIGURE_REQUEST_COLUMNS(X)
#undef X
        REQUEST_COLUMN_COUNT
};

enum figure_timeline_column {
#define X(name, text, unit, about) TIMELINE_##name,
    FIGURE_TIMELINE_COLUMNS(X)
#undef X
        TIMELINE_COLUMN_COUNT,
    TIMELINE_STORED_COUNT = TIMELINE_SLICES_EXCESS /* columns of the table */
};

enum figure_aggregate {
#define X(name, text) AGGREGATE_##name,
    FIGURE_AGGREGATES(X)
#undef X
        AGGREGATE_COUNT
};

#endif
