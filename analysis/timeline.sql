-- timeline.sql: a Service, or all together, over time: t_s, pods, ready, ep_addresses, ep_omitted, slices,
-- slices_ideal, slice_endpoints. What a row says holds until the next.
--
-- Parameters: @run, @namespace, @service (as run.sql answers them; '*': sums over all Services),
--             @bins: columns of a picture
--
-- Of what falls into one column of the picture only the first, the largest, the smallest and the last values
-- are kept, so a month of rows draws as fast as a minute, and no peak is lost.
WITH RECURSIVE
axis AS (
    SELECT max(coalesce(sim_s, 0), coalesce((SELECT max(t_s) FROM v_timeline WHERE run_id = @run), 0)) AS end_s
    FROM v_runs WHERE run_id = @run
),
picked AS (
    SELECT * FROM v_timeline
    WHERE run_id = @run AND (@service = '*' OR (namespace = @namespace AND service = @service))
),
-- Sums over Services change by what each changes.
steps AS (
    SELECT t_s,
        pods - lag(pods, 1, 0) OVER w AS pods,
        ready - lag(ready, 1, 0) OVER w AS ready,
        ep_addresses - lag(ep_addresses, 1, 0) OVER w AS ep_addresses,
        ep_omitted - lag(ep_omitted, 1, 0) OVER w AS ep_omitted,
        slices - lag(slices, 1, 0) OVER w AS slices,
        slices_ideal - lag(slices_ideal, 1, 0) OVER w AS slices_ideal,
        slice_endpoints - lag(slice_endpoints, 1, 0) OVER w AS slice_endpoints
    FROM picked WINDOW w AS (PARTITION BY namespace, service ORDER BY t_s)
),
instants AS (
    SELECT t_s, sum(pods) AS pods, sum(ready) AS ready, sum(ep_addresses) AS ep_addresses, sum(ep_omitted) AS ep_omitted,
        sum(slices) AS slices, sum(slices_ideal) AS slices_ideal, sum(slice_endpoints) AS slice_endpoints
    FROM steps GROUP BY t_s
),
states AS MATERIALIZED (
    SELECT t_s, sum(pods) OVER w AS pods, sum(ready) OVER w AS ready, sum(ep_addresses) OVER w AS ep_addresses,
        sum(ep_omitted) OVER w AS ep_omitted, sum(slices) OVER w AS slices, sum(slices_ideal) OVER w AS slices_ideal,
        sum(slice_endpoints) OVER w AS slice_endpoints
    FROM instants WINDOW w AS (ORDER BY t_s)
),
columns AS MATERIALIZED (
    SELECT min(t_s) AS first_s, max(t_s) AS last_s,
        min(pods) AS pods_min, min(ready) AS ready_min, min(ep_addresses) AS ep_addresses_min,
        min(ep_omitted) AS ep_omitted_min, min(slices) AS slices_min, min(slices_ideal) AS slices_ideal_min,
        min(slice_endpoints) AS slice_endpoints_min,
        max(pods) AS pods_max, max(ready) AS ready_max, max(ep_addresses) AS ep_addresses_max,
        max(ep_omitted) AS ep_omitted_max, max(slices) AS slices_max, max(slices_ideal) AS slices_ideal_max,
        max(slice_endpoints) AS slice_endpoints_max
    FROM states, axis
    -- Few rows are all kept.
    GROUP BY CASE WHEN (SELECT count(*) FROM states) <= @bins THEN t_s ELSE CAST(t_s * @bins / end_s AS INTEGER) END
),
-- Columns in which anything leaves the range between its first and its last value. What goes up within a column goes
-- through its smallest value first, so that a slope stays a slope.
swings AS MATERIALIZED (
    SELECT c.*, f.*,
        l.pods AS pods_last, l.ready AS ready_last, l.ep_addresses AS ep_addresses_last,
        l.ep_omitted AS ep_omitted_last, l.slices AS slices_last, l.slices_ideal AS slices_ideal_last,
        l.slice_endpoints AS slice_endpoints_last
    FROM columns c JOIN states f ON f.t_s = first_s JOIN states l ON l.t_s = last_s
    WHERE first_s < last_s AND (
        pods_min < min(f.pods, l.pods) OR pods_max > max(f.pods, l.pods) OR
        ready_min < min(f.ready, l.ready) OR ready_max > max(f.ready, l.ready) OR
        ep_addresses_min < min(f.ep_addresses, l.ep_addresses) OR ep_addresses_max > max(f.ep_addresses, l.ep_addresses) OR
        ep_omitted_min < min(f.ep_omitted, l.ep_omitted) OR ep_omitted_max > max(f.ep_omitted, l.ep_omitted) OR
        slices_min < min(f.slices, l.slices) OR slices_max > max(f.slices, l.slices) OR
        slices_ideal_min < min(f.slices_ideal, l.slices_ideal) OR slices_ideal_max > max(f.slices_ideal, l.slices_ideal) OR
        slice_endpoints_min < min(f.slice_endpoints, l.slice_endpoints) OR slice_endpoints_max > max(f.slice_endpoints, l.slice_endpoints))
)
SELECT * FROM states WHERE t_s IN (SELECT first_s FROM columns UNION SELECT last_s FROM columns)
UNION
SELECT first_s + (last_s - first_s) / 3,
    iif(pods <= pods_last, pods_min, pods_max), iif(ready <= ready_last, ready_min, ready_max),
    iif(ep_addresses <= ep_addresses_last, ep_addresses_min, ep_addresses_max),
    iif(ep_omitted <= ep_omitted_last, ep_omitted_min, ep_omitted_max),
    iif(slices <= slices_last, slices_min, slices_max),
    iif(slices_ideal <= slices_ideal_last, slices_ideal_min, slices_ideal_max),
    iif(slice_endpoints <= slice_endpoints_last, slice_endpoints_min, slice_endpoints_max)
FROM swings
UNION
SELECT first_s + (last_s - first_s) / 1.5,
    iif(pods <= pods_last, pods_max, pods_min), iif(ready <= ready_last, ready_max, ready_min),
    iif(ep_addresses <= ep_addresses_last, ep_addresses_max, ep_addresses_min),
    iif(ep_omitted <= ep_omitted_last, ep_omitted_max, ep_omitted_min),
    iif(slices <= slices_last, slices_max, slices_min),
    iif(slices_ideal <= slices_ideal_last, slices_ideal_max, slices_ideal_min),
    iif(slice_endpoints <= slice_endpoints_last, slice_endpoints_max, slice_endpoints_min)
FROM swings
UNION
-- What holds last holds to the end; of a run that is over at once that is a second.
SELECT * FROM (
    SELECT CASE end_s WHEN 0 THEN 1 ELSE end_s END, pods, ready, ep_addresses, ep_omitted, slices, slices_ideal, slice_endpoints
    FROM states, axis ORDER BY t_s DESC LIMIT 1
)
ORDER BY 1;
