-- The published figures beside what epsim counts, with 300 bytes an endpoint and as encoded, with and without truncation.
CREATE TEMP TABLE sent AS
SELECT json_extract(r.params, '$."controllers.sizeModel"') AS model, r.endpoints_capacity AS capacity, w.kind, w.t_s, w.bytes, w.watch_bytes
FROM v_writes w JOIN v_runs r USING (run_id) WHERE w.verb <> 'noop' AND w.t_s >= 100;

CREATE TEMP TABLE figure AS
SELECT model, kind, capacity, 1 AS place, 'object' AS figure, max(bytes) AS number FROM sent GROUP BY 1, 2, 3 UNION ALL
SELECT model, kind, capacity, 2, 'one update', sum(watch_bytes) FROM sent WHERE t_s = 100 GROUP BY 1, 2, 3 UNION ALL
SELECT model, kind, capacity, 3, 'rolling update', sum(watch_bytes) FROM sent GROUP BY 1, 2, 3;

CREATE TEMP TABLE published(figure, said, number);
INSERT INTO published VALUES ('object', '1.5 MB', 1500000), ('one update', '4.5 GB', 4500000000), ('rolling update', '22.5 TB', 22500000000000);

CREATE TEMP TABLE line AS
SELECT f.place, f.figure, CASE WHEN f.kind = 'EndpointSlice' THEN 'EndpointSlices of 100' WHEN f.capacity IS NULL THEN 'Endpoints, all pods'
                               ELSE 'Endpoints, at most 1,000' END AS object,
       p.said, p.number AS published, f.number AS rule, e.number AS encoded
FROM figure f JOIN figure e ON e.model = 'protobuf' AND e.kind = f.kind AND e.capacity IS f.capacity AND e.figure = f.figure
LEFT JOIN published p ON p.figure = f.figure AND f.kind = 'Endpoints' AND f.capacity IS NULL
WHERE f.model = 'blog' AND (f.kind = 'Endpoints' OR f.capacity IS NULL);

.print # The other published figures: 5,000 pods, 3,000 nodes
.print
.print | what | of | published | 300 B an endpoint | same | as encoded | 300 B / encoded |
.print |---|---|--:|--:|---|--:|--:|
SELECT printf('| %s | %s | %s | %,d | %s | %,d | %.3f |', figure, object, coalesce(said, '-'), rule,
       CASE WHEN published IS NULL THEN '' WHEN published = rule THEN 'yes' ELSE 'no' END, encoded, 1.0 * rule / encoded)
FROM line ORDER BY place, object;
.output picture.tsv
.mode tabs
SELECT row_number() OVER (ORDER BY place, object), figure || ', ' || object, coalesce(published, '?'), rule, encoded FROM line ORDER BY place, object;
.output stdout
