-- The drift of each month by itself: slices and the fewest, over time, days 1 to 31, 31 to 61 and 61 to 91.
.print
.print ## Month by month
.print
.print Slices over the fewest possible, means over time and runs, under upstream.
.print
.print | months | batch period | a slice | 1st | 2nd | 3rd |
.print |---|--:|--:|--:|--:|--:|
WITH run AS (
  SELECT run_id, scenario, json_extract(params, '$."controllers.endpointSliceUpdatesBatchPeriod"') AS period, endpoints_per_slice_max AS most
  FROM v_runs WHERE packing_policy = 'upstream' AND endpoints_per_slice_max IN (20, 100)),
span AS (
  SELECT r.scenario, r.period, r.most, t.t_s AS low, lead(t.t_s, 1, 91 * 86400) OVER (PARTITION BY t.run_id, t.service ORDER BY t.t_s) AS high, t.slices, t.slices_ideal
  FROM run r CROSS JOIN v_timeline t ON t.run_id = r.run_id),
month(number, low, high) AS (VALUES (1, 1 * 86400, 31 * 86400), (2, 31 * 86400, 61 * 86400), (3, 61 * 86400, 91 * 86400)),
mean AS (
  SELECT scenario, period, most, number,
         sum(slices * (min(span.high, month.high) - max(span.low, month.low))) / sum(slices_ideal * (min(span.high, month.high) - max(span.low, month.low))) AS times
  FROM month JOIN span ON span.low < month.high AND span.high > month.low GROUP BY 1, 2, 3, 4)
SELECT printf('| %s | %s | %,d | %.2f | %.2f | %.2f |', scenario, period, most, max(times) FILTER (WHERE number = 1), max(times) FILTER (WHERE number = 2),
              max(times) FILTER (WHERE number = 3))
FROM mean GROUP BY scenario, period, most ORDER BY scenario DESC, period, most;
