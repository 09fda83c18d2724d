.print # Slices of 1 to 1,000 endpoints
.print
.print Means of 5 runs, the same random numbers at every size. MB go to all 5,001 watchers; kB is what one of them reads when it starts. From 100: the 95 %
.print interval of the paired difference of the bytes sent. * is on the Pareto front of writes and bytes.
.print
.print | situation | pods | a slice | writes | MB sent | from 100 | slices | fill | kB read at start | * |
.print |---|--:|--:|--:|--:|--:|--:|--:|--:|---|
SELECT printf('| %s | %,d | %,d | %,d | %,d | %s | %,d.%d | %.3f | %,d | %s |', scenario, pods, most, round(writes), round(sent / 1e6),
              CASE WHEN low IS NULL THEN '-' ELSE printf('%.1f to %.1f %%', low, high) END,
              round(slices * 10) / 10, CAST(round(slices * 10) AS INT) % 10, fill, round(listed / 1e3), iif(front, '*', ''))
FROM line ORDER BY scenario, pods, most;
