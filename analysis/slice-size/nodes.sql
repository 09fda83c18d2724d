.print
.print # More nodes
.print
.print | nodes | a slice | writes | MB sent | bytes a write and watcher |
.print |--:|--:|--:|--:|--:|
SELECT printf('| %,d | %,d | %,d | %,d | %,d |', nodes, most, round(avg(writes)), round(avg(sent) / 1e6), round(sum(sent) / sum(events)))
FROM (SELECT run_id, json_extract(r.params, '$."nodes.count"') + 0 AS nodes, r.endpoints_per_slice_max AS most, count(*) AS writes,
             sum(watch_bytes) AS sent, sum(watchers) AS events
      FROM v_writes JOIN v_runs r USING (run_id) WHERE kind = 'EndpointSlice' AND verb <> 'noop' AND t_s >= 3600 GROUP BY run_id)
GROUP BY nodes, most ORDER BY nodes, most;
