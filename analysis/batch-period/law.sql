-- Churn: events of pods at rate L. A window opens with an event and is open for B, the next event comes 1 / L later on average: L / (1 + L B) syncs a second. Of
-- the 1 + L B events of a window the first waits B, the others B / 2 on average. Rates are those of the runs without batching; two of the four events of a death
-- (ready, and not ready any more) are shown wrongly meanwhile.
CREATE TEMP TABLE sync AS
SELECT scenario, json_extract(params, '$."controllers.endpointSliceUpdatesBatchPeriod"') AS period, count(DISTINCT run_id) AS runs, count(*) AS syncs
FROM (SELECT DISTINCT run_id, t_s FROM v_writes WHERE kind = 'EndpointSlice' AND verb <> 'noop' AND t_s >= 3600) JOIN v_runs USING (run_id)
WHERE scenario IN ('churn', 'calm') GROUP BY 1, 2;

CREATE TEMP TABLE rate AS
SELECT scenario, 1.0 * syncs / runs AS events, iif(scenario = 'churn', 3600.0, 86400.0) AS length FROM sync WHERE period = '0s';

.print
.print # What a short formula says
.print
.print Syncs: events / (1 + L B), L events a second without batching. Wait: of one change, on average; by the formula B (1 + L B / 2) / (1 + L B), measured as wrong / changes.
.print
.print | situation | period | L B | syncs | by the formula | wait | by the formula | slices a sync |
.print |---|--:|--:|--:|--:|--:|--:|--:|
SELECT printf('| %s | %s | %.3f | %,d | %,d | %.3f | %.3f | %.2f |', scenario, period, x, round(syncs), round(events / (1 + x)), wrong / (events / 2),
              seconds * (1 + x / 2) / (1 + x), writes / syncs)
FROM (SELECT l.*, 1.0 * s.syncs / s.runs AS syncs, r.events, r.events / r.length * l.seconds AS x
      FROM line l JOIN sync s ON s.scenario = l.scenario AND s.period = l.period JOIN rate r ON r.scenario = l.scenario)
ORDER BY scenario, seconds;

.print
.print # Writes a second without batching
.print
.print The most of any ten seconds, over all runs. A real controller may send 20 a second, after 30 at once.
.print
.print | situation | writes a second |
.print |---|--:|
SELECT printf('| %s | %.1f |', scenario, max(writes) / 10.0)
FROM (SELECT run_id, count(*) AS writes FROM v_writes WHERE kind = 'EndpointSlice' AND verb <> 'noop' AND t_s >= 3600 GROUP BY run_id, CAST(t_s / 10 AS INT))
JOIN v_runs USING (run_id) WHERE json_extract(params, '$."controllers.endpointSliceUpdatesBatchPeriod"') = '0s' GROUP BY scenario ORDER BY scenario;
