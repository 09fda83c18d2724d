.print
.print # How far each size is from the best one
.print
.print Times the writes, and the bytes, of the size that has the fewest of them in the same situation and Service: the worst of all situations.
.print
.print | a slice | writes | where | bytes | where |
.print |--:|--:|---|--:|---|
SELECT printf('| %,d | %.2f | %s | %.2f | %s |', w.most, w.times, w.place, b.times, b.place)
FROM (SELECT most, max(writes_times) AS times, scenario || printf(', %,d', pods) AS place FROM line GROUP BY most) w
JOIN (SELECT most, max(sent_times) AS times, scenario || printf(', %,d', pods) AS place FROM line GROUP BY most) b USING (most) ORDER BY most;
.print
.print # The front and its knee
.print
.print Sizes that no other one beats in writes and bytes both; the knee is the one with the smallest product of the two.
.print
.print | situation | pods | front | knee | 100: times the knee in writes | in bytes |
.print |---|--:|---|--:|--:|--:|
WITH knee AS (SELECT scenario, pods, most, writes, sent, min(product) FROM (SELECT * FROM line ORDER BY most) GROUP BY 1, 2)
SELECT printf('| %s | %,d | %s | %,d | %.2f | %.2f |', k.scenario, k.pods,
              (SELECT group_concat(most, ' ') FROM (SELECT most FROM line f WHERE front AND f.scenario = k.scenario AND f.pods = k.pods ORDER BY most)),
              k.most, 1.0 * l.writes / k.writes, 1.0 * l.sent / k.sent)
FROM knee k JOIN line l ON l.scenario = k.scenario AND l.pods = k.pods AND l.most = 100 ORDER BY k.scenario, k.pods;
