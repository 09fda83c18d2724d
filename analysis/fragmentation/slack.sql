.print
.print ## The slack of rebalance
.print
.print Daily months, batch period 30 s. A slack of 10,000 % never rebalances: it is upstream.
.print
.print | a slice | slack | slices | fewest | worst | fill | writes | GB sent |
.print |--:|--:|--:|--:|--:|--:|--:|--:|
SELECT printf('| %,d | %,d %% | %.1f | %.1f | %.0f | %.3f | %,d | %.1f |', most, slack, slices, ideal, worst, fill, round(writes), sent / 1e9)
FROM variant ORDER BY most, slack;
