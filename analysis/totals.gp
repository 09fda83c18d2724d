# totals.gp: sums over the whole run, and the largest bin, for keys and units of the pictures of binned.sql.
width_s = 0
ep_writes = 0; slice_writes = 0; ep_endpoints = 0; slice_endpoints = 0
ep_bytes = 0; slice_bytes = 0; bytes_max = 0; writes_max = 0
set table $none
plot binned using \
    (width_s = width_s > 0 ? width_s : $2 - $1, ep_writes = ep_writes + $3, slice_writes = slice_writes + $4, \
        writes_max = $3 > writes_max ? $3 : writes_max, writes_max = $4 > writes_max ? $4 : writes_max, 0) \
    : (ep_endpoints = ep_endpoints + $7, slice_endpoints = slice_endpoints + $8, 0) \
    : (bytes_max = $9 > bytes_max ? $9 : bytes_max, bytes_max = $10 > bytes_max ? $10 : bytes_max, \
        ep_bytes = $11, slice_bytes = $12, 0) \
    with table
unset table
mean_text(sum, n) = n > 0 ? (sum < 10 * n ? sprintf('%.1f', 1.0 * sum / n) : group(1.0 * sum / n)) : 'none'
writes_text(n) = group(n).(n == 1 ? ' write' : ' writes')
