-- Means over the repetitions of a sweep (compared.json, from `epsim compare` against the first policy), a row a variant.
CREATE TEMP TABLE variant AS
SELECT json_extract(value, '$.parameters.scenario') AS scenario,
       coalesce(json_extract(value, '$.parameters."controllers.endpointSliceUpdatesBatchPeriod"'), '0s') AS period,
       json_extract(value, '$.parameters."controllers.maxEndpointsPerSlice"') + 0 AS most,
       json_extract(value, '$.parameters."controllers.packingPolicy"') AS policy,
       json_extract(value, '$.parameters."controllers.rebalanceSlackPercent"') + 0 AS slack,
       max(json_extract(value, '$.mean')) FILTER (WHERE json_extract(value, '$.figure') = 'slices.mean') AS slices,
       max(json_extract(value, '$.mean')) FILTER (WHERE json_extract(value, '$.figure') = 'slices_ideal.mean') AS ideal,
       max(json_extract(value, '$.mean')) FILTER (WHERE json_extract(value, '$.figure') = 'slices_excess.max') AS worst,
       max(json_extract(value, '$.mean')) FILTER (WHERE json_extract(value, '$.figure') = 'slices_excess.final') AS final,
       max(json_extract(value, '$.mean')) FILTER (WHERE json_extract(value, '$.figure') = 'fill.mean') AS fill,
       max(json_extract(value, '$.mean')) FILTER (WHERE json_extract(value, '$.figure') = 'endpointslice.writes') AS writes,
       max(json_extract(value, '$.mean')) FILTER (WHERE json_extract(value, '$.figure') = 'endpointslice.watch_bytes') AS sent,
       max(json_extract(value, '$.difference.low')) FILTER (WHERE json_extract(value, '$.figure') = 'slices.mean') AS slices_low,
       max(json_extract(value, '$.difference.high')) FILTER (WHERE json_extract(value, '$.figure') = 'slices.mean') AS slices_high,
       max(json_extract(value, '$.difference.low')) FILTER (WHERE json_extract(value, '$.figure') = 'endpointslice.writes') AS writes_low,
       max(json_extract(value, '$.difference.high')) FILTER (WHERE json_extract(value, '$.figure') = 'endpointslice.writes') AS writes_high
FROM json_each(readfile('compared.json'), '$.results') GROUP BY 1, 2, 3, 4, 5;
