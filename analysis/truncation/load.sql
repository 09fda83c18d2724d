-- One state of the objects (objects.json, from `epsim get endpoints,endpointslices -o json`) as rows:
-- a backend is an address and a port that the slices list as ready; what is listed is what Endpoints has of them; a subset may have none (E-58).
CREATE TABLE IF NOT EXISTS backend(state, family, address, port, zone, pod);
CREATE TABLE IF NOT EXISTS listed(state, subset, address, port, ready, pod);
CREATE TABLE IF NOT EXISTS subset(state, subset, port);
CREATE TEMP TABLE item AS SELECT value FROM json_each(readfile('objects.json'), '$.items');
-- Parts of objects are taken out first: a text of JSON is parsed anew for each row that asks it.
CREATE TEMP TABLE slice AS
SELECT (SELECT max(state) FROM state) AS state, json_extract(value, '$.addressType') AS family, json_extract(value, '$.endpoints') AS endpoints,
       json_extract(value, '$.ports') AS ports
FROM item WHERE json_extract(value, '$.kind') = 'EndpointSlice';
CREATE TEMP TABLE endpoint AS
SELECT state, family, ports, json_extract(e.value, '$.addresses[0]') AS address, json_extract(e.value, '$.zone') AS zone,
       json_extract(e.value, '$.targetRef.name') AS pod
FROM slice CROSS JOIN json_each(endpoints) e WHERE json_extract(e.value, '$.conditions.ready');
INSERT INTO backend SELECT state, family, address, json_extract(p.value, '$.port'), zone, pod FROM endpoint CROSS JOIN json_each(ports) p;

CREATE TEMP TABLE part AS
SELECT (SELECT max(state) FROM state) AS state, s.key AS subset, json_extract(s.value, '$.addresses') AS ready,
       json_extract(s.value, '$.notReadyAddresses') AS not_ready, json_extract(s.value, '$.ports') AS ports
FROM item CROSS JOIN json_each(item.value, '$.subsets') s WHERE json_extract(item.value, '$.kind') = 'Endpoints';
INSERT INTO subset SELECT state, subset, json_extract(p.value, '$.port') FROM part CROSS JOIN json_each(ports) p;
CREATE TEMP TABLE address AS
SELECT state, subset, ports, json_extract(a.value, '$.ip') AS ip, true AS ready, json_extract(a.value, '$.targetRef.name') AS pod
FROM part CROSS JOIN json_each(ready) a UNION ALL
SELECT state, subset, ports, json_extract(a.value, '$.ip'), false, json_extract(a.value, '$.targetRef.name') FROM part CROSS JOIN json_each(not_ready) a;
INSERT INTO listed SELECT state, subset, ip, json_extract(p.value, '$.port'), ready, pod FROM address CROSS JOIN json_each(ports) p;
