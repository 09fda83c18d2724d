.print # Batch periods of 0 to 60 s
.print
.print Means of 10 runs, the same random numbers at every period. MB go to all 5,001 watchers. From 0: the 95 % interval of the paired difference. The delay is
.print that of a write of a slice, in seconds, as a proxy measures it. Wrong: endpoint-seconds that endpoints were shown wrongly. Stale:
.print endpoints shown as ready that were not any more, at the worst instant.
.print
.print | situation | period | writes | from 0 | MB sent | from 0 | delay: mean | p99 | wrong | stale |
.print |---|--:|--:|--:|--:|--:|--:|--:|--:|--:|
SELECT printf('| %s | %s | %,d | %s | %,d | %s | %s | %s | %,d | %,d |', scenario, period, round(writes),
              CASE WHEN writes_low IS NULL THEN '-' ELSE printf('%.1f to %.1f %%', writes_low, writes_high) END, round(sent / 1e6),
              CASE WHEN sent_low IS NULL THEN '-' ELSE printf('%.1f to %.1f %%', sent_low, sent_high) END, iif(delay IS NULL, '-', printf('%.3f', delay)), iif(delay_p99 IS NULL, '-', printf('%.3f', delay_p99)), round(wrong), round(stale))
FROM line ORDER BY scenario, seconds;
