-- What a consumer of Endpoints reaches of the backends, and whether it is what the rules say.
CREATE TEMP TABLE reach AS
SELECT b.*, l.address IS NOT NULL AS hit
FROM backend b LEFT JOIN (SELECT DISTINCT state, address, port FROM listed WHERE ready) l USING (state, address, port);
CREATE TEMP TABLE cell AS SELECT state, family, port, zone, count(*) AS n, sum(hit) AS hit FROM reach GROUP BY 1, 2, 3, 4;
CREATE TEMP TABLE zone AS SELECT state, zone, sum(n) AS n, sum(hit) AS hit FROM cell GROUP BY 1, 2;
CREATE TEMP TABLE port AS SELECT state, family, port, sum(n) AS n, sum(hit) AS hit FROM cell GROUP BY 1, 2, 3;

-- E-57: subsets in their order; each has ceil(its share of all ready addresses x 1,000), as long as there is room.
CREATE TEMP TABLE size AS
SELECT s.state, s.subset, p.family, p.port, p.n, sum(p.n) OVER (PARTITION BY s.state) AS total
FROM subset s JOIN (SELECT state, iif(instr(max(address), ':'), 'IPv6', 'IPv4') AS family FROM listed GROUP BY state) f USING (state)
JOIN port p ON p.state = s.state AND p.family = f.family AND p.port = s.port;
CREATE TEMP TABLE part AS
WITH RECURSIVE cut(state, subset, kept, room) AS (
  SELECT state, -1, 0, 1000 FROM state
  UNION ALL
  SELECT z.state, z.subset, iif(z.total <= 1000, z.n, min(z.n, ceil(1.0 * z.n / z.total * 1000.0), c.room)),
         c.room - iif(z.total <= 1000, z.n, min(z.n, ceil(1.0 * z.n / z.total * 1000.0), c.room))
  FROM cut c JOIN size z ON z.state = c.state AND z.subset = c.subset + 1)
SELECT p.*, coalesce(c.kept, 0) AS rule
FROM port p LEFT JOIN size z USING (state, family, port) LEFT JOIN cut c ON c.state = z.state AND c.subset = z.subset;

.print # What a consumer of Endpoints does not reach
.print
.print A backend is an address and port of a ready pod, as the slices list it: consumers of slices reach all. A zone is lost when none of its backends is reached.
.print
.print | Service | pods | backends | listed | not reached | of all | of zone-a | of zone-b | of zone-c | zones lost |
.print |---|--:|--:|--:|--:|--:|--:|--:|--:|--:|
SELECT printf('| %s | %,d | %,d | %,d | %,d | %.1f %% | %.1f %% | %.1f %% | %.1f %% | %d |', name, pods, sum(n), sum(hit), sum(n - hit),
              100.0 * sum(n - hit) / sum(n), 100.0 * max((n - hit) / (1.0 * n)) FILTER (WHERE zone = 'zone-a'),
              100.0 * max((n - hit) / (1.0 * n)) FILTER (WHERE zone = 'zone-b'), 100.0 * max((n - hit) / (1.0 * n)) FILTER (WHERE zone = 'zone-c'), sum(hit = 0))
FROM zone JOIN state s USING (state) GROUP BY state ORDER BY state;

.print
.print # Port groups and families
.print
.print | Service | pods | family | port | backends | listed | by E-57 | not reached |
.print |---|--:|---|--:|--:|--:|--:|--:|
SELECT printf('| %s | %,d | %s | %d | %,d | %,d | %,d | %.1f %% |', name, pods, family, port, n, hit, rule, 100.0 * (n - hit) / n)
FROM part JOIN state USING (state) WHERE (SELECT count(*) FROM port p WHERE p.state = part.state) BETWEEN 2 AND 4 ORDER BY state, family, port;
.print
.print Forty ports of one pod each, beside one of all the others:
.print
.print | Service | pods | ports | lost | of the large one listed | not reached |
.print |---|--:|--:|--:|--:|--:|
SELECT printf('| %s | %,d | %d | %d | %,d | %.1f %% |', name, pods, count(*), sum(hit = 0), max(hit) FILTER (WHERE n > 1),
              max(100.0 * (n - hit) / n) FILTER (WHERE n > 1))
FROM part JOIN state USING (state) GROUP BY state HAVING count(*) > 4 ORDER BY state;

.print
.print # Held against the rules
.print
SELECT printf('- %d of %d parts have as many addresses as E-57 gives them.', sum(hit = rule), count(*)) FROM part;
SELECT printf('- In %d of %d parts that are cut, every address that is listed sorts before every one that is not (E-41).', sum(last < first), count(*))
FROM (SELECT max(address) FILTER (WHERE hit) AS last, min(address) FILTER (WHERE NOT hit) AS first FROM reach GROUP BY state, family, port HAVING min(hit) < max(hit));
SELECT printf('- In %d of %d states the slices list every pod.', sum(n = pods), count(*))
FROM (SELECT s.pods, count(DISTINCT b.address) / count(DISTINCT b.family) AS n FROM backend b JOIN state s USING (state) GROUP BY state);

.output shares.tsv
.mode tabs
SELECT name, pods, 1.0 * sum(n - hit) / sum(n), max((n - hit) / (1.0 * n)) FILTER (WHERE zone = 'zone-a'), max((n - hit) / (1.0 * n)) FILTER (WHERE zone = 'zone-b'),
       max((n - hit) / (1.0 * n)) FILTER (WHERE zone = 'zone-c')
FROM zone JOIN state USING (state) GROUP BY state ORDER BY state;
.output stdout
