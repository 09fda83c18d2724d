.print # The month of a production cluster, by slice size
.print
.print Means of 3 runs; 156 Services, 5,000 nodes; the first hour left out. * is on the Pareto front of writes and bytes.
.print
.print | a slice | writes | MB sent | times 100 | slices | fill | kB read at start | * |
.print |--:|--:|--:|--:|--:|--:|--:|---|
SELECT printf('| %,d | %,d | %,d | %.3f | %,d.%d | %.3f | %,d | %s |', most, round(writes), round(sent / 1e6),
              1.0 * sent / (SELECT sent FROM line WHERE most = 100), round(slices * 10) / 10, CAST(round(slices * 10) AS INT) % 10, fill, round(listed / 1e3), iif(front, '*', ''))
FROM line ORDER BY most;
