.print # The month of a production cluster, by batch period
.print
.print Means of 3 runs; 156 Services, 5,000 nodes; the first hour left out.
.print
.print | period | writes | times 0 | MB sent | times 0 | delay: mean | p99 | wrong |
.print |--:|--:|--:|--:|--:|--:|--:|--:|
SELECT printf('| %s | %,d | %.3f | %,d | %.3f | %.3f | %.3f | %,d |', period, round(writes), 1.0 * writes / (SELECT writes FROM line WHERE seconds = 0),
              round(sent / 1e6), 1.0 * sent / (SELECT sent FROM line WHERE seconds = 0), delay, delay_p99, round(wrong))
FROM line ORDER BY seconds;
