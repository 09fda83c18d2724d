# What comes from outside while epsim works: Ctrl-C, SIGTERM, a reader that leaves, a full disk.
. "$(dirname "$0")/assert.sh"
"$EPSIM" help example >web.yaml

long_scenario >long.yaml

# interrupted SIGNAL CODE
interrupted() {
    rm -f long.db
    "$EPSIM" run long.yaml -o long.db >"$work/.out" 2>"$work/.err" &
    local process=$! code=0
    for _ in $(seq 100); do # its row is there once the run has begun
        [ -s long.db ] && break
        sleep 0.1
    done
    sleep 1
    kill "-$1" "$process"
    wait "$process" || code=$?
    same "$code" "$2"
    has "$(cat "$work/.err")" "marked 'interrupted'"
    has "$(cat "$work/.err")" "long.db, run_id 1"
    has "$(cat "$work/.out")" "interrupted at "
    if command -v sqlite3 >/dev/null; then
        same "$(sqlite3 long.db 'SELECT status FROM v_runs')" interrupted
    fi
    # The database is whole and can be added to.
    run 0 "$EPSIM" run -q web.yaml -o long.db --append
}
interrupted TERM 143
# A shell's background jobs ignore SIGINT unless it has job control.
set -m
interrupted INT 130

# A benchmark: what was measured is told, and the folder that it works in goes.
mkdir scratch
TMPDIR=$PWD/scratch "$EPSIM" bench kernel/hold/1 recorder --warm-up 0 --scale 1 --repeat 1000 >"$work/.out" 2>"$work/.err" &
process=$! code=0
for _ in $(seq 300); do # kernel/hold/1 is over once there is a folder
    [ -n "$(ls scratch)" ] && break
    sleep 0.1
done
kill -INT "$process"
wait "$process" || code=$?
same "$code" 130
has "$(cat "$work/.err")" "interrupted; not everything was measured"
has "$(cat "$work/.out")" "kernel/hold/1 "
same "$(grep -c recorder/rows "$work/.out")" 0
same "$(ls scratch)" ""
set +m

# Nor is one half measured that cannot be set up: each of its cases says why.
run 1 env TMPDIR="$PWD/no-such-folder" "$EPSIM" bench recorder/adds recorder/rows --scale 1 --repeat 1
has "$err" "recorder/adds: $PWD/no-such-folder/"
same "$(grep -c CASE <<<"$out")" 0 # a table of nothing is not shown
has "$err" "recorder/rows: $PWD/no-such-folder/"

# A reader that leaves: nothing of the database is lost, and it is told.
code=0
"$EPSIM" run web.yaml -o pipe.db 2>"$work/.err" | true
code=${PIPESTATUS[0]}
# Whether the pipe breaks depends on who is faster; a slow reader is sure of it.
{ sleep 0.2; "$EPSIM" get pods --at 5s web.yaml 2>"$work/.err"; echo "$?" >"$work/.code"; } | true
same "$(cat "$work/.code")" 1
has "$(cat "$work/.err")" "standard output"
run 0 "$EPSIM" get services pipe.db

# A full disk.
run 1 bash -c '"$1" run web.yaml >/dev/full' - "$EPSIM"
has "$err" "standard output could not be written: No space left on device"
run 1 bash -c '"$1" --help >/dev/full' - "$EPSIM"
has "$err" "No space left"
run 1 bash -c '"$1" run -q web.yaml --trace /dev/full' - "$EPSIM"
has "$err" "trace"

# A database that cannot grow: it is told, and another run can be added later.
run 1 bash -c 'ulimit -f 500; exec "$1" run long.yaml --until 10m -o limit.db' - "$EPSIM"
has "$err" "epsim: error: limit.db: "
has_not "$out" "limit.db"
run 0 "$EPSIM" run -q web.yaml -o limit.db --append

# Closed standard streams: the database does not get their numbers.
run 1 bash -c '"$1" run web.yaml -o closed.db >&-' - "$EPSIM"
run 0 "$EPSIM" get services closed.db
run 0 bash -c '"$1" run -q web.yaml -o closed2.db <&- >&- 2>&-' - "$EPSIM"
run 0 "$EPSIM" get services closed2.db
finish
