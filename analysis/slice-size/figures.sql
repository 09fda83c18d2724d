-- Means over the repetitions of a sweep (compared.json, from `epsim compare`), a row a variant. Differences are from 100 endpoints a slice, run by
-- run, in per cent of its mean.
CREATE TEMP TABLE variant AS
SELECT json_extract(value, '$.parameters.scenario') AS scenario, coalesce(json_extract(value, '$.parameters."deployment/web.replicas"'), 0) + 0 AS pods,
       json_extract(value, '$.parameters."controllers.maxEndpointsPerSlice"') + 0 AS most,
       max(json_extract(value, '$.mean')) FILTER (WHERE json_extract(value, '$.figure') = 'endpointslice.writes') AS writes,
       max(json_extract(value, '$.mean')) FILTER (WHERE json_extract(value, '$.figure') = 'endpointslice.watch_bytes') AS sent,
       max(100.0 * json_extract(value, '$.difference.low') / (json_extract(value, '$.mean') - json_extract(value, '$.difference.value')))
         FILTER (WHERE json_extract(value, '$.figure') = 'endpointslice.watch_bytes') AS low,
       max(100.0 * json_extract(value, '$.difference.high') / (json_extract(value, '$.mean') - json_extract(value, '$.difference.value')))
         FILTER (WHERE json_extract(value, '$.figure') = 'endpointslice.watch_bytes') AS high,
       max(json_extract(value, '$.mean')) FILTER (WHERE json_extract(value, '$.figure') = 'slices.mean') AS slices,
       max(json_extract(value, '$.mean')) FILTER (WHERE json_extract(value, '$.figure') = 'fill.mean') AS fill
FROM json_each(readfile('compared.json'), '$.results') GROUP BY 1, 2, 3;

-- What somebody who begins to watch reads first: all slices, as they are at the end. Mean over the repetitions.
CREATE TEMP TABLE listed AS
WITH last AS (
  SELECT run_id, object, bytes, verb, max(seq) FROM v_writes WHERE kind = 'EndpointSlice' AND verb <> 'noop' GROUP BY run_id, object)
SELECT scenario, pods, most, avg(bytes) AS bytes
FROM (SELECT r.scenario, coalesce(json_extract(r.params, '$."deployment/web.replicas"'), 0) + 0 AS pods, r.endpoints_per_slice_max AS most, sum(l.bytes) AS bytes
      FROM last l JOIN v_runs r USING (run_id) WHERE l.verb <> 'delete' GROUP BY run_id)
GROUP BY 1, 2, 3;

CREATE TEMP TABLE line AS
SELECT v.*, l.bytes AS listed, 1.0 * v.sent / b.sent AS sent_times, 1.0 * v.writes / w.writes AS writes_times,
       NOT EXISTS (SELECT * FROM variant o WHERE o.scenario = v.scenario AND o.pods = v.pods AND o.writes <= v.writes AND o.sent <= v.sent
                   AND (o.writes < v.writes OR o.sent < v.sent)) AS front,
       v.sent * v.writes AS product
FROM variant v JOIN listed l ON l.scenario = v.scenario AND l.pods = v.pods AND l.most = v.most
JOIN (SELECT scenario, pods, min(sent) AS sent FROM variant GROUP BY 1, 2) b ON b.scenario = v.scenario AND b.pods = v.pods
JOIN (SELECT scenario, pods, min(writes) AS writes FROM variant GROUP BY 1, 2) w ON w.scenario = v.scenario AND w.pods = v.pods;
