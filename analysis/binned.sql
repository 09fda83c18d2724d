-- binned.sql: requests and bytes, added up over equal spans of time: from_s, to_s, Endpoints' and EndpointSlices'
-- writes, their no-ops, endpoints in the objects written (sums), bytes to watchers, and these bytes from the start
-- until from_s. A last row closes the last bin: it has no span and the sums of all.
--
-- Parameters: @run, @namespace, @service (as run.sql answers them; '*': all Services), @bins: at most so many
--
-- The width of a bin is a round number: 1, 2 or 5 of a power of ten of seconds, or minutes, hours and days as
-- clocks have them.
WITH RECURSIVE
widths (s) AS (
    VALUES (1e-9), (1e-6), (1e-5), (1e-4), (1e-3), (2e-3), (5e-3), (0.01), (0.02), (0.05), (0.1), (0.2), (0.5), (1), (2), (5),
    (10), (15), (30), (60), (120), (300), (600), (900), (1800), (3600), (7200), (10800), (21600), (43200), (86400),
    (172800), (604800), (2592000), (31536000), (315360000)
),
run AS (
    SELECT max(coalesce(sim_s, 0), coalesce((SELECT max(t_s) FROM v_timeline WHERE run_id = @run), 0)) AS end_s
    FROM v_runs WHERE run_id = @run
),
-- With all at one instant there is one bin of a second.
bins AS (
    SELECT end_s, iif(end_s = 0, 1, end_s) AS last_s,
        iif(end_s = 0, 1, (SELECT min(s) FROM widths WHERE s * @bins >= end_s)) AS width
    FROM run
),
edges (bin) AS (
    SELECT 0 UNION ALL SELECT bin + 1 FROM edges, bins WHERE bin * width < max(end_s, 1e-12)
),
requests AS (
    SELECT min(CAST(t_s / width AS INTEGER), (SELECT max(bin) - 1 FROM edges)) AS bin, kind, verb, endpoints, watch_bytes
    FROM v_writes, bins
    WHERE run_id = @run AND (@service = '*' OR (namespace = @namespace AND service = @service))
),
sums AS (
    SELECT bin,
        sum(kind = 'Endpoints' AND verb <> 'noop') AS ep_writes, sum(kind <> 'Endpoints' AND verb <> 'noop') AS slice_writes,
        sum(kind = 'Endpoints' AND verb = 'noop') AS ep_noops, sum(kind <> 'Endpoints' AND verb = 'noop') AS slice_noops,
        sum(CASE WHEN kind = 'Endpoints' AND verb <> 'noop' THEN endpoints ELSE 0 END) AS ep_endpoints,
        sum(CASE WHEN kind <> 'Endpoints' AND verb <> 'noop' THEN endpoints ELSE 0 END) AS slice_endpoints,
        sum(CASE WHEN kind = 'Endpoints' THEN watch_bytes ELSE 0 END) AS ep_bytes,
        sum(CASE WHEN kind <> 'Endpoints' THEN watch_bytes ELSE 0 END) AS slice_bytes
    FROM requests GROUP BY bin
)
SELECT min(bin * width, last_s) AS from_s, min((bin + 1) * width, last_s) AS to_s, -- 1, 2
    coalesce(ep_writes, 0), coalesce(slice_writes, 0),                      -- 3, 4
    coalesce(ep_noops, 0), coalesce(slice_noops, 0),                        -- 5, 6
    coalesce(ep_endpoints, 0), coalesce(slice_endpoints, 0),                -- 7, 8
    coalesce(ep_bytes, 0), coalesce(slice_bytes, 0),                        -- 9, 10
    coalesce(sum(ep_bytes) OVER w, 0), coalesce(sum(slice_bytes) OVER w, 0) -- 11, 12
FROM edges CROSS JOIN bins LEFT JOIN sums USING (bin)
WINDOW w AS (ORDER BY bin ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) ORDER BY bin;
