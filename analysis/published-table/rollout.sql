-- What a real rolling update writes and sends, from its start at 1h on, beside the published figures.
.print # A real rolling update of 20,000 pods
.print
.print | pods change | column | writes | a pod | sent, 100 B an endpoint | sent, as encoded | published | encoded / published |
.print |---|---|--:|--:|--:|--:|--:|--:|
CREATE TEMP TABLE result AS
WITH run AS (
  SELECT run_id, json_extract(params, '$."controllers.sizeModel"') AS model, endpoints_per_slice_max AS most,
         CASE WHEN json_extract(params, '$."pods.stop"') = '15s' THEN 'together' ELSE 'each at its own time' END AS timing
  FROM v_runs),
counted AS (
  SELECT timing, CASE WHEN kind = 'Endpoints' THEN 'Endpoints' ELSE most || ' a slice' END AS "column", count(*) / count(DISTINCT model) AS writes,
         sum(watch_bytes) FILTER (WHERE model = 'kep') AS rule, sum(watch_bytes) FILTER (WHERE model = 'protobuf') AS encoded
  FROM v_writes JOIN run USING (run_id) WHERE t_s >= 3600 AND verb <> 'noop' AND (kind <> 'Endpoints' OR most = 100) GROUP BY 1, 2),
published(place, "column", number, said) AS (VALUES (1, 'Endpoints', 2e14, '200 TB'), (2, '100 a slice', 1e12, '1 TB'), (3, '1 a slice', 1e11, '100 GB'))
SELECT timing, "column", place, said, number, writes, rule, encoded FROM counted JOIN published USING ("column");

SELECT printf('| %s | %s | %,d | %.2f | %,d | %,d | %s | %.3f |', timing, "column", writes, writes / 20000.0, rule, encoded, said, encoded / number)
FROM result ORDER BY timing, place;
.output rollout.tsv
.mode tabs
SELECT row_number() OVER (ORDER BY timing, place) + 9, 'real, ' || timing || ', ' || "column", '?', rule, encoded FROM result ORDER BY timing, place;
.output stdout
