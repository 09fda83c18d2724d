-- What a rolling update from 60s on writes to Endpoints. Every write follows a change of one pod, so what it adds and removes beyond one address
-- belongs to pods that did not change.
.print # A rolling update of half of the pods
.print
.print Means of 5 runs, from the start of the update on.
.print
.print | pods | capacity | writes | no-ops | addresses that came | that went | of pods that did not change |
.print |--:|--:|--:|--:|--:|--:|--:|
SELECT printf('| %,d | %s | %,d | %,d | %,d | %,d | %,d |', pods, iif(capacity IS NULL, 'none', printf('%,d', capacity)), round(avg(writes)), round(avg(noops)),
              round(avg(came)), round(avg(went)), round(avg(others)))
FROM (SELECT json_extract(params, '$."deployment/calm.replicas"') + json_extract(params, '$."deployment/rolling.replicas"') AS pods,
             endpoints_capacity AS capacity, sum(verb <> 'noop') AS writes, sum(verb = 'noop') AS noops, sum(endpoints_added) AS came,
             sum(endpoints_removed) AS went, sum(max(0, endpoints_added + endpoints_removed - 1)) AS others
      FROM v_writes JOIN v_runs USING (run_id) WHERE kind = 'Endpoints' AND t_s >= 60 GROUP BY run_id)
GROUP BY pods, capacity ORDER BY pods, capacity IS NULL;
