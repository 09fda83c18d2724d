-- run.sql: what a picture is of: one row about a run and the Service in focus.
--
-- Parameters: @run       run_id; 0 or NULL: the last run
--             @service   NAME or NAMESPACE/NAME; '' or NULL: the Service with the most pods; '*': all together
--
-- No row: there is no such run. service_rows = 0: there is no such Service in it.
WITH
the_run AS (
    SELECT * FROM v_runs
    WHERE run_id = CASE WHEN coalesce(@run, 0) > 0 THEN @run ELSE (SELECT max(run_id) FROM v_runs) END
),
sizes AS (
    SELECT namespace, service, max(pods) AS pods, max(slices) AS slices, count(*) AS states, max(t_s) AS t_s,
        max(ep_omitted) AS omitted
    FROM v_timeline WHERE run_id = (SELECT run_id FROM the_run) GROUP BY 1, 2
),
-- Level summary has no timeline; the Services are then those that something was written for.
known AS (
    SELECT * FROM sizes
    UNION ALL
    SELECT DISTINCT namespace, service, 0, 0, 0, 0, 0 FROM v_churn
    WHERE run_id = (SELECT run_id FROM the_run) AND NOT EXISTS (SELECT * FROM sizes)
),
focus AS (
    SELECT namespace, service FROM known
    WHERE coalesce(@service, '') IN ('', service, namespace || '/' || service)
    ORDER BY pods DESC, states DESC, namespace, service LIMIT 1
),
picked AS (
    SELECT * FROM known WHERE @service = '*' OR (namespace, service) IN (SELECT namespace, service FROM focus)
),
requests AS (
    SELECT w.* FROM v_writes w JOIN picked USING (namespace, service) WHERE w.run_id = (SELECT run_id FROM the_run)
)
SELECT
    run_id,                                                                             --  1
    replace(scenario, '"', ''),                                                         --  2
    seed,                                                                               --  3
    run,                                                                                --  4
    status,                                                                             --  5
    level,                                                                              --  6
    coalesce(digest, '-'),                                                              --  7
    epsim_version,                                                                      --  8
    endpoints_per_slice_max,                                                            --  9
    coalesce(endpoints_capacity, 0),                                                    -- 10, 0: none
    CASE WHEN @service = '*' THEN '*' ELSE coalesce((SELECT namespace FROM focus), '-') END, -- 11
    CASE WHEN @service = '*' THEN '*' ELSE coalesce((SELECT service FROM focus), '-') END,   -- 12
    (SELECT count(*) FROM known),                                                       -- 13, Services of the run
    max(coalesce(sim_s, 0), coalesce((SELECT max(t_s) FROM sizes), 0)),                 -- 14, end of the time axis
    (SELECT count(*) FROM picked),                                                      -- 15, service_rows
    coalesce((SELECT sum(states) FROM picked), 0),                                      -- 16, rows of the timeline
    (SELECT count(*) FROM requests WHERE verb <> 'noop'),                               -- 17, writes
    (SELECT count(*) FROM v_slices s JOIN picked USING (namespace, service) WHERE s.run_id = the_run.run_id), -- 18
    coalesce((SELECT max(watchers) FROM requests WHERE kind = 'Endpoints'), 0),         -- 19
    coalesce((SELECT max(watchers) FROM requests WHERE kind = 'EndpointSlice'), 0),     -- 20
    coalesce((SELECT sum(pods) FROM picked), 0),                                        -- 21, pods at most
    coalesce((SELECT sum(slices) FROM picked), 0),                                      -- 22, slices at most
    coalesce((SELECT max(omitted) FROM picked), 0),                                     -- 23, > 0: truncated at times
    packing_policy                                                                      -- 24
FROM the_run;
