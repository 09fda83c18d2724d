-- schema.sql: the database of epsim's runs, schema version 3.
--
-- The views v_* at the end are a contract: their columns keep names, order and meaning; new ones are
-- added at their ends. The tables are ours and may change with PRAGMA user_version.
--
-- One file holds any number of runs. Times are integer nanoseconds of simulated time (t = 0 is the start
-- of the run), sizes are bytes. Names stand once, in services and objects; what there is much of (writes,
-- timeline, latency) holds integers only. Its rows are keyed by one integer,
--
--     run_id * 2^40 + number of the row within the run, from 1
--
-- so that rows are always appended at the end of their table (the fast path of a B-tree), a run is one
-- range of keys and needs no index, and writers of different runs never take each other's keys.
-- 2^40 = 1099511627776.
--
-- A run that does not reach its end keeps status 'incomplete': its row here is committed before anything
-- else of it. Its other rows are then a consistent beginning of the run, or absent.

PRAGMA application_id = 1701868397; -- "epsm"
PRAGMA user_version = 3;

CREATE TABLE runs (
    run_id INTEGER PRIMARY KEY,
    epsim_version TEXT NOT NULL,
    scenario TEXT NOT NULL,
    content_hash TEXT NOT NULL, -- SHA-256 of texts and parameters
    params TEXT NOT NULL,       -- every --set, as one JSON object
    source_id INTEGER REFERENCES sources,
    source_name TEXT NOT NULL,
    seed NOT NULL,              -- no type: 2^63 and above stand as decimal text
    run NOT NULL,
    level INTEGER NOT NULL,     -- 0 summary, 1 series, 2 full
    start_s INTEGER NOT NULL,   -- calendar time of t = 0, seconds since 1970
    endpoints_per_slice_max INTEGER NOT NULL,
    endpoints_capacity INTEGER, -- NULL: none
    packing_policy TEXT NOT NULL, -- 'upstream', or a what-if
    until_ns INTEGER,           -- NULL: to the end
    status TEXT NOT NULL,
    message TEXT,
    digest TEXT,
    events INTEGER,
    sim_ns INTEGER,
    wall_s REAL,
    started TEXT NOT NULL,
    ended TEXT
);

-- Everything that is needed to run it again. Runs of one text share its row.
CREATE TABLE sources (
    source_id INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL UNIQUE, -- of the text
    bytes INTEGER NOT NULL,      -- of the text
    text BLOB NOT NULL           -- zlib
);

CREATE TABLE controllers (controller INTEGER PRIMARY KEY, name TEXT NOT NULL);
INSERT INTO controllers VALUES
    (0, 'endpoints'), (1, 'endpointslice'), (2, 'mirroring'), (3, 'garbage-collector'), (4, 'user');

CREATE TABLE verbs (verb INTEGER PRIMARY KEY, name TEXT NOT NULL);
INSERT INTO verbs VALUES (0, 'create'), (1, 'update'), (2, 'delete'), (3, 'noop');

-- Services by name: one that is deleted and created again is one row.
CREATE TABLE services (
    run_id INTEGER NOT NULL,
    service INTEGER NOT NULL, -- from 0, in the order of first sight
    namespace TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (run_id, service)
) WITHOUT ROWID;

-- Lives of objects: one that is deleted and created again is two rows. Endpoints at level full only.
CREATE TABLE objects (
    run_id INTEGER NOT NULL,
    object INTEGER NOT NULL,  -- from 0, in the order of first sight
    service INTEGER NOT NULL,
    kind INTEGER NOT NULL,    -- 0 Endpoints, 1 EndpointSlice
    name TEXT NOT NULL,       -- '': a no-op that was about no object
    address_type TEXT,        -- of slices
    ports TEXT,               -- of slices: name:number/protocol, with commas
    created_ns INTEGER NOT NULL,
    deleted_ns INTEGER,
    peak INTEGER NOT NULL,    -- most endpoints that it ever held
    updates INTEGER NOT NULL,
    PRIMARY KEY (run_id, object)
) WITHOUT ROWID;

CREATE TABLE writes (
    write_id INTEGER PRIMARY KEY,
    t_ns INTEGER NOT NULL,
    object INTEGER NOT NULL,
    controller INTEGER NOT NULL,
    verb INTEGER NOT NULL,
    endpoints INTEGER NOT NULL,
    endpoints_added INTEGER NOT NULL,
    endpoints_removed INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    watchers INTEGER NOT NULL,
    watch_bytes INTEGER NOT NULL
);

CREATE TABLE timeline (
    state_id INTEGER PRIMARY KEY,
    t_ns INTEGER NOT NULL,
    service INTEGER NOT NULL,
    pods INTEGER NOT NULL,
    ready INTEGER NOT NULL,
    ep_addresses INTEGER NOT NULL,
    ep_omitted INTEGER NOT NULL,
    ep_truncated INTEGER NOT NULL,
    slices INTEGER NOT NULL,
    slices_ideal INTEGER NOT NULL,
    slice_endpoints INTEGER NOT NULL,
    deleted INTEGER NOT NULL,
    not_yet_listed INTEGER NOT NULL,
    still_listed INTEGER NOT NULL
);

CREATE TABLE churn (
    run_id INTEGER NOT NULL,
    service INTEGER NOT NULL,
    controller INTEGER NOT NULL,
    creates INTEGER NOT NULL,
    updates INTEGER NOT NULL,
    deletes INTEGER NOT NULL,
    noops INTEGER NOT NULL,
    endpoints_added INTEGER NOT NULL,
    endpoints_removed INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    watch_bytes INTEGER NOT NULL,
    PRIMARY KEY (run_id, service, controller)
) WITHOUT ROWID;

-- Network programming latency: one row for each write of a slice that has a trigger time, from then until
-- proxies have the slice.
CREATE TABLE latency (
    sample_id INTEGER PRIMARY KEY,
    t_ns INTEGER NOT NULL,
    service INTEGER NOT NULL,
    latency_ns INTEGER NOT NULL
);

-- DELETE FROM runs WHERE ... takes along everything of those runs but the text, which others may share.
CREATE TRIGGER runs_delete AFTER DELETE ON runs BEGIN
    DELETE FROM services WHERE run_id = old.run_id;
    DELETE FROM objects WHERE run_id = old.run_id;
    DELETE FROM churn WHERE run_id = old.run_id;
    DELETE FROM writes WHERE write_id BETWEEN old.run_id << 40 AND (old.run_id << 40) + 1099511627775;
    DELETE FROM timeline WHERE state_id BETWEEN old.run_id << 40 AND (old.run_id << 40) + 1099511627775;
    DELETE FROM latency WHERE sample_id BETWEEN old.run_id << 40 AND (old.run_id << 40) + 1099511627775;
END;

-- The contract. CROSS JOIN keeps the order of the loops: first the run, then its range of rows.

CREATE VIEW v_runs AS
SELECT run_id, scenario, seed, run, params, digest, status, events, sim_ns / 1e9 AS sim_s, wall_s, started, ended,
    epsim_version, content_hash, source_name, message,
    CASE level WHEN 0 THEN 'summary' WHEN 1 THEN 'series' ELSE 'full' END AS level,
    endpoints_per_slice_max, endpoints_capacity, until_ns / 1e9 AS until_s, start_s, packing_policy
FROM runs;

CREATE VIEW v_writes AS
SELECT r.run_id, w.write_id & 1099511627775 AS seq, w.t_ns / 1e9 AS t_s, c.name AS controller, v.name AS verb,
    s.namespace, s.name AS service, o.name AS object, w.endpoints, w.bytes, w.watchers, w.watch_bytes,
    CASE o.kind WHEN 0 THEN 'Endpoints' ELSE 'EndpointSlice' END AS kind,
    w.endpoints_added, w.endpoints_removed
FROM runs r
CROSS JOIN writes w ON w.write_id BETWEEN r.run_id << 40 AND (r.run_id << 40) + 1099511627775
CROSS JOIN objects o ON o.run_id = r.run_id AND o.object = w.object
CROSS JOIN services s ON s.run_id = r.run_id AND s.service = o.service
CROSS JOIN controllers c ON c.controller = w.controller
CROSS JOIN verbs v ON v.verb = w.verb;

CREATE VIEW v_timeline AS
SELECT r.run_id, t.t_ns / 1e9 AS t_s, s.namespace, s.name AS service, t.pods, t.ready, t.ep_addresses, t.ep_omitted,
    t.ep_truncated, t.slices, t.slices_ideal,
    1.0 * t.slice_endpoints / nullif(t.slices * r.endpoints_per_slice_max, 0) AS fill,
    t.slice_endpoints, t.deleted, t.not_yet_listed, t.still_listed
FROM runs r
CROSS JOIN timeline t ON t.state_id BETWEEN r.run_id << 40 AND (r.run_id << 40) + 1099511627775
CROSS JOIN services s ON s.run_id = r.run_id AND s.service = t.service;

CREATE VIEW v_churn AS
SELECT h.run_id, s.namespace, s.name AS service, c.name AS controller, h.creates, h.updates, h.deletes, h.noops,
    h.endpoints_added, h.endpoints_removed, h.bytes, h.watch_bytes
FROM churn h
JOIN services s ON s.run_id = h.run_id AND s.service = h.service
JOIN controllers c ON c.controller = h.controller;

CREATE VIEW v_slices AS
SELECT o.run_id, s.namespace, s.name AS service, o.name AS slice, o.address_type, o.ports,
    o.created_ns / 1e9 AS t_created_s, o.deleted_ns / 1e9 AS t_deleted_s, o.peak, o.updates
FROM objects o
JOIN services s ON s.run_id = o.run_id AND s.service = o.service
WHERE o.kind = 1 AND o.name <> '';

CREATE VIEW v_latency AS
SELECT r.run_id, l.t_ns / 1e9 AS t_s, s.namespace, s.name AS service, l.latency_ns / 1e9 AS seconds
FROM runs r
CROSS JOIN latency l ON l.sample_id BETWEEN r.run_id << 40 AND (r.run_id << 40) + 1099511627775
CROSS JOIN services s ON s.run_id = r.run_id AND s.service = l.service;
