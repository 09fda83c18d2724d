-- Who of 1,500 pods is listed as they turn ready: web-0 first, then web-1, ...
.print # Pods that are not ready
.print
.print 1,500 pods. Published: the Service has publishNotReadyAddresses, so all addresses are listed as ready ones.
.print
.print | published | ready pods | listed as ready | listed as not ready | ready pods not reached |
.print |---|--:|--:|--:|--:|
SELECT printf('| %s | %,d | %,d | %,d | %,d |', iif(published = 'true', 'yes', 'no'), s.ready, sum(l.ready), sum(NOT l.ready),
              s.ready - sum(l.ready AND substr(l.pod, 5) + 0 < s.ready))
FROM state s JOIN listed l USING (state) GROUP BY state ORDER BY state;
