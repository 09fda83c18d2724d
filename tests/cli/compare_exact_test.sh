# compare --exact: equal runs are equal in everything but the wall clock; what differs is named by table, key and column.
. "$(dirname "$0")/assert.sh"
"$EPSIM" help example >web.yaml
run 0 "$EPSIM" run -q web.yaml -o a.db
run 0 "$EPSIM" run -q web.yaml -o b.db
run 0 "$EPSIM" compare --exact a.db b.db
has "$out" "equal but for wall_s, started and ended"
run 0 "$EPSIM" compare --exact a.db a.db

run 0 "$EPSIM" run -q web.yaml -o c.db --set controllers.maxEndpointsPerSlice=3
run 1 "$EPSIM" compare --exact a.db c.db
has "$out" "runs: run_id 1: params is '{}' and '{"
has "$out" "..."
run 0 "$EPSIM" run -q web.yaml -o s.db --record summary
run 1 "$EPSIM" compare --exact a.db s.db
has "$out" "only in a.db"
if command -v sqlite3 >/dev/null; then
    cp a.db d.db
    sqlite3 d.db "UPDATE runs SET wall_s = 99, started = '1999', ended = NULL"
    run 0 "$EPSIM" compare --exact a.db d.db
    sqlite3 d.db "UPDATE writes SET bytes = bytes + 1 WHERE write_id = (SELECT max(write_id) FROM writes)"
    run 1 "$EPSIM" compare --exact a.db d.db
    has "$out" "bytes is "
    has "$out" ": 1 difference"
    sqlite3 d.db "DELETE FROM churn WHERE controller = 0"
    run 1 "$EPSIM" compare --exact d.db a.db
    has "$out" "churn: run_id 1, service 0, controller 0: only in a.db"
    sqlite3 d.db "PRAGMA user_version = 77"
    run 2 "$EPSIM" compare --exact a.db d.db
    has "$err" "d.db: a database of schema version 77"
fi
run 2 "$EPSIM" compare --exact a.db
run 2 "$EPSIM" compare --exact a.db nope.db
has "$err" "nope.db"
run 2 "$EPSIM" compare --exact a.db b.db --where seed=1
has "$err" "do not go together"
finish
