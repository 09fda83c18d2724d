.print | months | batch period | a slice | policy | slices | fewest | over | worst | end | fill | writes | GB sent | slices, from upstream | writes, from upstream |
.print |---|--:|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|
SELECT printf('| %s | %s | %,d | %s | %.1f | %.1f | %.2f | %.0f | %.1f | %.3f | %,d | %.1f | %s | %s |', scenario, period, most, policy, slices, ideal,
              slices / ideal, worst, final, fill, round(writes), sent / 1e9,
              CASE WHEN policy = 'upstream' THEN '-' ELSE printf('%.1f to %.1f', slices_low, slices_high) END,
              CASE WHEN policy = 'upstream' THEN '-' ELSE printf('%+,d to %+,d', round(writes_low), round(writes_high)) END)
FROM variant
ORDER BY scenario DESC, period, most, CASE policy WHEN 'upstream' THEN 0 WHEN 'best-fit-all' THEN 1 WHEN 'rebalance' THEN 2 ELSE 3 END;
