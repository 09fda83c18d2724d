-- fill.sql: how full each slice is over time: from_s, to_s, row, fill. Rows are slices' lives in the order of
-- their creation, from 0; what a slice held before its first write is taken from that write.
--
-- Parameters: @run, @namespace, @service (as run.sql answers them), @bins: columns of a picture,
--             @cells: about as many rectangles at most
--
-- Of the writes of a slice that fall into one column of the picture only the last is kept.
WITH
the_run AS (
    SELECT endpoints_per_slice_max AS most,
        max(coalesce(sim_s, 0), coalesce((SELECT max(t_s) FROM v_timeline WHERE run_id = @run), 0)) AS last_s
    FROM v_runs WHERE run_id = @run
),
-- A run that is over at once is drawn as a second.
run AS (
    SELECT most, CASE last_s WHEN 0 THEN 1 ELSE last_s END AS end_s FROM the_run
),
requests AS MATERIALIZED (
    SELECT seq, t_s, namespace, service, object AS slice, verb, endpoints, endpoints - endpoints_added + endpoints_removed AS before
    FROM v_writes
    WHERE run_id = @run AND kind = 'EndpointSlice' AND object <> '' AND verb <> 'noop'
        AND (@service = '*' OR (namespace = @namespace AND service = @service))
),
firsts AS (
    SELECT namespace, slice, min(seq) AS seq, verb, before FROM requests GROUP BY namespace, slice
),
lives AS MATERIALIZED (
    SELECT s.namespace, s.slice, s.t_created_s, coalesce(s.t_deleted_s, run.end_s) AS t_end_s, s.peak, f.verb, f.before,
        row_number() OVER (ORDER BY s.t_created_s, f.seq, s.namespace, s.slice) - 1 AS row
    FROM v_slices s CROSS JOIN run LEFT JOIN firsts f USING (namespace, slice)
    WHERE s.run_id = @run AND (@service = '*' OR (s.namespace = @namespace AND s.service = @service))
),
columns AS (
    SELECT max(30, min(@bins, @cells / max(1, count(*)))) AS n FROM lives
),
events AS (
    SELECT l.row, l.t_end_s, r.t_s, r.seq, r.endpoints, CAST(r.t_s * columns.n / run.end_s AS INTEGER) AS bin
    FROM lives l JOIN requests r ON r.namespace = l.namespace AND r.slice = l.slice
        AND r.t_s BETWEEN l.t_created_s AND l.t_end_s, run, columns
    WHERE r.verb <> 'delete'
    UNION ALL
    SELECT row, t_end_s, t_created_s, 0, coalesce(before, peak), -1 FROM lives WHERE verb IS NOT 'create'
),
kept AS (
    SELECT row, t_end_s, t_s, seq, endpoints FROM (
        SELECT *, row_number() OVER (PARTITION BY row, bin ORDER BY seq DESC) AS back,
            row_number() OVER (PARTITION BY row ORDER BY seq) AS number
        FROM events)
    WHERE back = 1 OR number = 1
),
spans AS (
    SELECT t_s AS from_s, lead(t_s, 1, t_end_s) OVER (PARTITION BY row ORDER BY seq) AS to_s, row, endpoints FROM kept
)
-- What happens at the last instant would have no width: it gets one.
SELECT iif(from_s = run.end_s, 0.995 * from_s, from_s), to_s, row, 1.0 * endpoints / run.most AS fill FROM spans, run
WHERE to_s > from_s OR from_s = run.end_s ORDER BY row, from_s;
