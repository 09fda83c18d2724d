-- Means over the repetitions of a sweep (compared.json, from `epsim compare`), a row a variant. Differences are from a period of 0, run by run, in
-- per cent of its mean. `wrong` is how many endpoints were shown wrongly, added up over time: endpoint-seconds.
CREATE TEMP TABLE answer AS
SELECT json_extract(value, '$.parameters.scenario') AS scenario, json_extract(value, '$.parameters."controllers.endpointSliceUpdatesBatchPeriod"') AS period,
       json_extract(value, '$.figure') AS figure, json_extract(value, '$.mean') AS mean,
       100.0 * json_extract(value, '$.difference.low') / (json_extract(value, '$.mean') - json_extract(value, '$.difference.value')) AS low,
       100.0 * json_extract(value, '$.difference.high') / (json_extract(value, '$.mean') - json_extract(value, '$.difference.value')) AS high
FROM json_each(readfile('compared.json'), '$.results');

CREATE TEMP TABLE line AS
SELECT scenario, period, iif(period LIKE '%ms', period / 1000.0, period + 0.0) AS seconds,
       max(mean) FILTER (WHERE figure = 'endpointslice.writes') AS writes,
       max(low) FILTER (WHERE figure = 'endpointslice.writes') AS writes_low,
       max(high) FILTER (WHERE figure = 'endpointslice.writes') AS writes_high,
       max(mean) FILTER (WHERE figure = 'endpointslice.watch_bytes') AS sent,
       max(low) FILTER (WHERE figure = 'endpointslice.watch_bytes') AS sent_low,
       max(high) FILTER (WHERE figure = 'endpointslice.watch_bytes') AS sent_high,
       max(mean) FILTER (WHERE figure = 'latency.mean') AS delay,
       max(mean) FILTER (WHERE figure = 'latency.p99') AS delay_p99,
       max(mean) FILTER (WHERE figure = 'out_of_date.mean') * (max(mean) FILTER (WHERE figure = 'sim_s') - 3600) AS wrong,
       max(mean) FILTER (WHERE figure = 'still_listed.max') AS stale
FROM answer GROUP BY 1, 2;
