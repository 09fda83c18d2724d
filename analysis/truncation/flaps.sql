-- The 600 pods to which nothing happens, by their addresses as Endpoints sorts them: whether each is listed, every two seconds.
CREATE TEMP TABLE calm AS
SELECT b.state, b.address, l.address IS NOT NULL AS hit, dense_rank() OVER (ORDER BY b.address) AS place
FROM backend b LEFT JOIN listed l ON l.state = b.state AND l.address = b.address AND l.ready WHERE b.pod LIKE 'calm-%';
CREATE TEMP TABLE step AS SELECT address, state, hit, lag(hit) OVER (PARTITION BY address ORDER BY state) AS before FROM calm;
CREATE TEMP TABLE flap AS SELECT address, sum(hit <> before) AS changes, min(hit) AS always, max(hit) AS ever FROM step GROUP BY address;
.print
.print # Who flaps
.print
.print 1,200 pods, 600 of them rolled out, run 0. Nothing happens to the other 600, which are ready all the time; seen every 2 s from 56s to 122s:
.print
.print | of 600 pods | |
.print |---|--:|
SELECT printf('| always listed | %,d |', sum(always)) FROM flap;
SELECT printf('| never listed | %,d |', sum(NOT ever)) FROM flap;
SELECT printf('| sometimes | %,d |', sum(NOT always AND ever)) FROM flap;
SELECT printf('| most changes of one pod | %,d |', max(changes)) FROM flap;
.output flaps.tsv
.mode tabs
SELECT t_s, place, hit FROM calm JOIN state USING (state) ORDER BY place, t_s;
.output stdout
