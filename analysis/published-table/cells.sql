-- Every cell of the published table (temp.published) beside what epsim counts: by the table's own rule of sizes, and as encoded.
CREATE TEMP TABLE request AS
SELECT r.scenario AS "case", json_extract(r.params, '$."controllers.sizeModel"') AS model,
       CASE WHEN w.kind = 'Endpoints' THEN 'Endpoints' ELSE r.endpoints_per_slice_max || ' a slice' END AS "column",
       w.t_s, w.bytes, w.watchers, w.watch_bytes
FROM v_writes w JOIN v_runs r USING (run_id)
WHERE w.verb <> 'noop' AND (w.kind <> 'Endpoints' OR r.endpoints_per_slice_max = 100);

-- An action's requests. The one change is the first of the rolling update, in which every pod changes once.
CREATE TEMP TABLE counted AS
SELECT "case", model, a.action, "column", count(*) AS writes, max(bytes) AS "size", max(watchers) AS watchers, sum(watchers) AS events,
       sum(watch_bytes) AS sent
FROM request JOIN (SELECT 'creation' AS action, 0 AS first_s, 99 AS last_s UNION ALL SELECT 'one change', 100, 100
                   UNION ALL SELECT 'rolling update', 100, 1e9) AS a ON t_s BETWEEN first_s AND last_s
GROUP BY 1, 2, 3, 4;

CREATE TEMP TABLE figure AS
SELECT "case", model, action, "column", 'writes' AS figure, writes AS number FROM counted UNION ALL
SELECT "case", model, action, "column", 'object size', "size" FROM counted UNION ALL
SELECT "case", model, action, "column", 'watchers an object', watchers FROM counted UNION ALL
SELECT "case", model, action, "column", 'watch events', events FROM counted UNION ALL
SELECT "case", model, action, "column", 'bytes sent', sent FROM counted;

CREATE TEMP TABLE cell AS
SELECT p.place + 0 AS place, p."case", p.action, p.figure, p."column", p.published, p.number + 0 AS published_number, k.number AS rule,
       b.number AS encoded
FROM temp.published p
LEFT JOIN figure k ON k.model = 'kep' AND k."case" = p."case" AND k.action = p.action AND k.figure = p.figure AND k."column" = p."column"
LEFT JOIN figure b ON b.model = 'protobuf' AND b."case" = p."case" AND b.action = p.action AND b.figure = p.figure AND b."column" = p."column";

.print # The published table, cell by cell
.print
SELECT count(*) || ' cells: ' || sum(rule = published_number) || ' are the same by the rule of 100 bytes an endpoint, ' ||
       sum(rule IS NOT published_number) || ' are not.' FROM cell;
.print
.print | case | action | figure | column | published | 100 B an endpoint | same | why not | as encoded | published / encoded |
.print |---|---|---|---|--:|--:|---|---|--:|--:|
SELECT printf('| %s | %s | %s | %s | %s | %,d | %s | %s | %,d | %s |', "case", action, figure, "column", published, rule,
       CASE WHEN rule = published_number THEN 'yes' ELSE 'no' END,
       CASE WHEN rule = published_number THEN ''
            WHEN "case" = 'small' AND action = 'one change' AND figure = 'watch events' THEN '1 event stands for 10 watchers: each is sent one'
            WHEN figure IN ('object size', 'bytes sent') AND "column" = '1 a slice' THEN 'counted as 1 KB an object; one endpoint is 100 B'
            WHEN figure IN ('object size', 'bytes sent') AND "case" = 'small' THEN 'counted as 1 KB an object; 20 endpoints are 2 KB'
            ELSE 'UNEXPLAINED' END,
       encoded,
       CASE WHEN figure IN ('object size', 'bytes sent') THEN printf('%.3f', 1.0 * published_number / encoded) ELSE '' END)
FROM cell ORDER BY place;
.print
.output table.tsv
.mode tabs
SELECT row_number() OVER (ORDER BY place), action || ', ' || "column", published_number, rule, encoded FROM cell WHERE "case" = 'large' AND figure = 'bytes sent' ORDER BY place;
.output stdout
