# sweep: what was done is never done again and never lost, whoever stops whom; the merged database depends on nothing
# but the sweep. EPSIM_TEST_LONG=1: ten thousand runs.
. "$(dirname "$0")/assert.sh"
"$EPSIM" help example >web.yaml
"$EPSIM" help example-sweep >sizes.yaml

# runs FOLDER: rows of all result files, one a run.
runs() {
    local file
    for file in "$1"/runs-*.db; do
        [ -e "$file" ] && sqlite3 "$file" "SELECT content_hash || ' ' || seed || ' ' || run FROM v_runs"
    done
}

# --- the plan -----------------------------------------------------------------------------------------
run 0 "$EPSIM" sweep plan sizes.yaml
has "$out" "index  controllers.maxEndpointsPerSlice  seed  run  hash"
same "$(printf '%s\n' "$out" | wc -l)" 19
run 0 "$EPSIM" sweep plan sizes.yaml --format csv
csv=$out
same "$(printf '%s\n' "$csv" | sed -n 1p)" "index,scenario,controllers.maxEndpointsPerSlice,seed,run,hash"
same "$(printf '%s\n' "$csv" | cut -d, -f6 | sort -u | wc -l)" 19
same "$(printf '%s\n' "$csv" | sed -n 8p | cut -d, -f1-5)" "6,web.yaml,5,1,0"
run 0 "$EPSIM" sweep plan sizes.yaml --format json
if command -v python3 >/dev/null; then
    same "$(printf '%s' "$out" | python3 -c 'import json, sys
p = json.load(sys.stdin); r = p["runs"][7]
print(p["sweep"], len(p["runs"]), r["index"], r["parameters"], r["run"])')" \
        "sizes 18 7 {'controllers.maxEndpointsPerSlice': '5'} 1"
fi
# Another scenario, another hash; another name of the file, the same.
cp sizes.yaml renamed.yaml
run 0 "$EPSIM" sweep plan renamed.yaml --format csv
same "$out" "$csv"
mkdir other
cp sizes.yaml other
sed 's/replicas: 15/replicas: 16/' web.yaml >other/web.yaml
run 0 "$EPSIM" sweep plan other/sizes.yaml --format csv
same "$(printf '%s\n' "$csv" "$out" | cut -d, -f6 | sort -u | wc -l)" 37

# --- running, and running again -----------------------------------------------------------------------
run 0 "$EPSIM" sweep run sizes.yaml -j 1
has "$out" "sizes: 18 runs: 0 were there, 18 done now"
run 0 "$EPSIM" sweep run sizes.yaml -j 2
has "$out" "18 were there, 0 done now"
run 0 "$EPSIM" sweep status sizes.yaml
has "$out" "done     18"
run 0 "$EPSIM" sweep merge sizes.runs -o one.db
run 0 "$EPSIM" sweep run -q sizes.yaml -j 3 -o three.runs
run 0 "$EPSIM" sweep merge -q three.runs -o three.db
run 0 "$EPSIM" compare --exact one.db three.db

# Everything that a run can leave, and rows of several Services: the same for one thread and for two.
sed -e 's/series/full/' -e 's/name: sizes/name: full/' sizes.yaml >full.yaml
run 0 "$EPSIM" sweep run -q full.yaml -j 1
run 0 "$EPSIM" sweep run -q full.yaml -j 2 -o full2.runs
run 0 "$EPSIM" sweep merge -q full.runs -o full.db
run 0 "$EPSIM" sweep merge -q full2.runs -o full2.db
run 0 "$EPSIM" compare --exact full.db full2.db
# A run alone is the same run.
run 0 "$EPSIM" run -q web.yaml -o alone.db --set controllers.maxEndpointsPerSlice=10 --set 'expect=[]' --run 1
if command -v sqlite3 >/dev/null; then
    same "$(sqlite3 full.db 'SELECT digest, content_hash, params FROM v_runs WHERE run_id = 11')" \
        "$(sqlite3 alone.db 'SELECT digest, content_hash, params FROM v_runs')"
    same "$(sqlite3 full.db 'SELECT t_s, controller, verb, object, bytes, watch_bytes FROM v_writes WHERE run_id = 11')" \
        "$(sqlite3 alone.db 'SELECT t_s, controller, verb, object, bytes, watch_bytes FROM v_writes')"
fi

# A list that grows does only what is new; run_id follows the new plan.
sed 's/\[1, 2,/[1, 50, 2,/' sizes.yaml >more.yaml
run 0 "$EPSIM" sweep run more.yaml -o sizes.runs
has "$out" "21 runs: 18 were there, 3 done now"
# A merged database is written anew, one with other runs is not.
run 0 "$EPSIM" sweep merge sizes.runs -o three.db --replace
has "$out" "21 runs"
run 2 "$EPSIM" sweep merge sizes.runs -o one.db
has "$err" "one.db holds other runs than this sweep's; --replace"
run 0 "$EPSIM" sweep merge sizes.runs -o three.db
run 2 "$EPSIM" sweep merge sizes.runs -o web.yaml
has "$err" "web.yaml: "
run 0 "$EPSIM" sweep run -q more.yaml -o again.runs
run 0 "$EPSIM" sweep merge -q again.runs -o again.db
run 0 "$EPSIM" compare --exact three.db again.db

# A run of the merged database can be looked at again, by its parameters.
run 0 "$EPSIM" get endpointslices one.db --run-id 1 --at 5s -o name
same "$(printf '%s\n' "$out" | wc -l)" 15
run 0 "$EPSIM" get endpointslices one.db --run-id 18 --at 5s -o name
same "$(printf '%s\n' "$out" | wc -l)" 1

# --- shares --------------------------------------------------------------------------------------------
rm -rf share.runs
run 0 "$EPSIM" sweep run sizes.yaml -o share.runs --index 4
has "$out" "1 run: 0 were there, 1 done now"
run 0 "$EPSIM" sweep run sizes.yaml -o share.runs --index 3 --count 3
has "$out" "3 runs: 1 were there, 2 done now"
run 0 env SLURM_ARRAY_TASK_ID=2 "$EPSIM" sweep run sizes.yaml -o share.runs --count 5
has "$out" "5 runs: 0 were there, 5 done now"
run 1 "$EPSIM" sweep status share.runs
has "$out" "missing: 0-2, 6-9, 15-17"
run 1 "$EPSIM" sweep merge share.runs -o share.db
has "$err" "10 of 18 runs are missing, the first is 0"
missing share.db
run 0 "$EPSIM" sweep merge share.runs -o share.db --partial
has "$out" "share.db: 8 runs, 10 missing"
run 0 env JOB_COMPLETION_INDEX=1 "$EPSIM" sweep run sizes.yaml -o share.runs --count 5 --offset 2
has "$out" "3 runs: 0 were there, 3 done now"
run 0 "$EPSIM" sweep run sizes.yaml -o share.runs --task 0 --count 10
run 0 "$EPSIM" sweep status share.runs
run 0 "$EPSIM" sweep merge share.runs -o share.db
run 0 "$EPSIM" compare --exact one.db share.db
run 2 "$EPSIM" sweep run sizes.yaml -o share.runs --index 18
has "$err" "--index: run 18 is not in the plan, which has 18 runs, 0 to 17"
run 2 env SLURM_ARRAY_TASK_ID=2 "$EPSIM" sweep run sizes.yaml -o share.runs --count 9
has "$err" "SLURM_ARRAY_TASK_ID: run 18 is not in the plan"
run 2 "$EPSIM" sweep run sizes.yaml --index 1 --task 1
run 2 "$EPSIM" sweep run sizes.yaml --offset 1
run 2 "$EPSIM" sweep run sizes.yaml --count 0
run 2 "$EPSIM" sweep run sizes.yaml -j 0

# --- kill -9 in the middle: nothing lost, nothing twice ------------------------------------------------
# 500 runs; a build with a sanitizer, which takes twenty times as long, does 100.
sizes=50
grep -q -e __asan_init -e __tsan_init "$EPSIM" && sizes=10
total=$((sizes * 10))
cat >long.yaml <<YAML
apiVersion: epsim.dev/v1
kind: Sweep
metadata: {name: long}
spec:
  scenario: churn.yaml
  parameters:
    controllers.maxEndpointsPerSlice: 1..$sizes
  repetitions: 10
YAML
sed -e '/^  events:/,$d' -e 's/until: 60s/until: 2h/' web.yaml >churn.yaml
echo "  events: [{at: 1s, churn: deployment/web, rate: 0.05/s, for: 110m}]" >>churn.yaml
# killed FOLDER SIGNAL NUMBER: starts the sweep and kills it when a third of the runs are begun.
killed() {
    "$EPSIM" sweep run long.yaml -o "$1" -j 2 -q &
    local process=$! code=0
    for _ in $(seq 3000); do
        awk -v third=$((total / 3)) '/^run / && $2 < 4294967295 && $2 + 0 >= third {found = 1} END {exit !found}' \
            "$1"/part-*.run 2>/dev/null && break
        sleep 0.02
    done
    kill "-$2" "$process"
    wait "$process" || code=$?
    same "$code" $((128 + $3))
}
killed kill.runs KILL 9
run 1 "$EPSIM" sweep status kill.runs
has "$out" "ended without a word: "
run 1 "$EPSIM" sweep merge kill.runs -o kill.db
has "$err" "of $total runs are missing"
missing kill.db
run 0 "$EPSIM" sweep run long.yaml -o kill.runs
has "$out" "long: $total runs: "
has_not "$out" ": 0 were there" # what was complete when the process died is taken in
same "$(ls kill.runs | grep -c part-)" 0
if command -v sqlite3 >/dev/null; then
    same "$(runs kill.runs | wc -l)" "$total"
    same "$(runs kill.runs | sort -u | wc -l)" "$total"
fi
run 0 "$EPSIM" sweep run -q long.yaml -o straight.runs -j 1
run 0 "$EPSIM" sweep merge -q straight.runs -o straight.db
run 0 "$EPSIM" sweep merge -q kill.runs -o kill.db
run 0 "$EPSIM" compare --exact straight.db kill.db

# SIGTERM stops in good order: what is complete is published at once.
killed term.runs TERM 15
same "$(ls term.runs | grep -c part-)" 0
run 1 "$EPSIM" sweep status term.runs --format json
has "$out" '"workers": []'
run 0 "$EPSIM" sweep run -q long.yaml -o term.runs
run 0 "$EPSIM" sweep merge -q term.runs -o term.db
run 0 "$EPSIM" compare --exact straight.db term.db

# Four processes at once, each with all runs: they may do the same, but nothing is there twice when merged.
for _ in 1 2 3 4; do "$EPSIM" sweep run -q full.yaml -o four.runs -j 1 & done
wait
run 0 "$EPSIM" sweep merge -q four.runs -o four.db
run 0 "$EPSIM" compare --exact full.db four.db

# --- failures ------------------------------------------------------------------------------------------
cat >fail.yaml <<'YAML'
apiVersion: epsim.dev/v1
kind: Sweep
metadata: {name: fail}
spec:
  scenario: web.yaml
  parameters:
    controllers.maxEndpointsPerSlice: [5, 7]
  rows:
  - {"spec.events[1].delete": pod/web-3}
  - {"spec.events[1].delete": pod/web-19}
  - {until: 12s}
YAML
run 1 "$EPSIM" sweep run fail.yaml
has "$err" "'epsim sweep status fail.runs' tells why"
run 1 "$EPSIM" sweep status fail.runs
has "$out" "failed: 1: expectation at web.yaml:"
has "$out" ": service web: slices: expected "
has "$out" "done     2"
has "$out" "failed   4"
has "$out" "failed: 4: the run ended before the time of an expectation"
run 1 "$EPSIM" sweep run fail.yaml
has "$out" "6 were there, 0 done now"
run 1 "$EPSIM" sweep run fail.yaml --retry
has "$out" "2 were there, 4 done now"
run 0 "$EPSIM" sweep merge fail.runs -o fail.db
has "$out" "6 runs, 4 of them failed, 4 that are there again left out"
if command -v sqlite3 >/dev/null; then
    same "$(sqlite3 fail.db "SELECT group_concat(run_id) FROM v_runs WHERE status = 'failed'")" "2,4,5,6"
    # Parameters of each run stand in v_runs.params.
    same "$(sqlite3 fail.db "SELECT json_extract(params, '\$.\"controllers.maxEndpointsPerSlice\"') FROM v_runs WHERE run_id = 4")" 7
fi

# A bug that ends the process: its run has failed, the others go on. (The signal has to be sent to the thread.)
if command -v python3 >/dev/null && [ "$(uname -m)" = x86_64 ]; then
    sed 's/until: 2h/until: 20000h/; s/110m/19999h/' churn.yaml >forever.yaml
    sed 's/churn.yaml/forever.yaml/; s/1\.\.[0-9]*/[5, 6]/; s/repetitions: 10/repetitions: 1/' long.yaml >crash.yaml
    "$EPSIM" sweep run crash.yaml -o crash.runs -j 1 -q 2>/dev/null &
    process=$!
    for _ in $(seq 100); do
        grep -qs "run 0000000000" crash.runs/part-*.run && break
        sleep 0.05
    done
    same "$(grep -c 'run 0000000000' crash.runs/part-*.run)" 1
    python3 -c 'import ctypes, os, sys
pid = int(sys.argv[1])
thread = max(int(t) for t in os.listdir(f"/proc/{pid}/task"))
ctypes.CDLL(None).syscall(234, pid, thread, 11)' "$process"
    wait "$process" 2>/dev/null
    run 1 "$EPSIM" sweep status crash.runs
    has "$out" "failed: 0: the program crashed: signal 11 (Segmentation fault)"
    has "$out" "missing: 1"
    sed 's/20000h/2h/; s/19999h/1h/' -i forever.yaml # another scenario: nothing of the crash belongs to it
    run 0 "$EPSIM" sweep run crash.yaml -o crash.runs
    has "$out" "2 runs: 0 were there, 2 done now"
fi

# --- what cannot be read or written --------------------------------------------------------------------
run 2 "$EPSIM" sweep status nowhere
run 2 "$EPSIM" sweep status other
has "$err" "other: no results of 'epsim sweep run' are here"
run 2 "$EPSIM" sweep run sizes.yaml -o web.yaml
has "$err" "a folder for results was expected"
run 2 "$EPSIM" sweep run web.yaml
has "$err" "a second document; a sweep file holds one"
run 2 "$EPSIM" sweep run one.db
has "$err" "is a database; a sweep is a YAML file"
run 2 "$EPSIM" sweep plan other
has "$err" "is a folder"
run 2 "$EPSIM" sweep merge sizes.runs
has "$err" "--output DB is missing"
if command -v sqlite3 >/dev/null; then
    cp -r three.runs mixed.runs
    file=$(ls mixed.runs/runs-*.db | head -n 1)
    sqlite3 "$file" "PRAGMA user_version = 99"
    run 2 "$EPSIM" sweep merge mixed.runs -o mixed.db
    has "$err" "$file: a database of schema version 99; this epsim has version"
    missing mixed.db
    run 2 "$EPSIM" sweep run sizes.yaml -o mixed.runs
    has "$err" "schema version 99"
fi
# A disk that is full: told, and nothing is lost of what was there.
run 1 bash -c 'ulimit -f 30; exec "$1" sweep run -q long.yaml -o disk.runs -j 2' - "$EPSIM"
has "$err" "epsim: error: disk.runs/"
run 0 "$EPSIM" sweep run -q long.yaml -o disk.runs
run 0 "$EPSIM" sweep merge -q disk.runs -o disk.db
run 0 "$EPSIM" compare --exact straight.db disk.db

# --- scripts ---------------------------------------------------------------------------------------------
run 0 "$EPSIM" sweep script sizes.yaml --engine slurm --count 4
printf '%s\n' "$out" >job.sh
has "$out" "tasks=5"
run 0 bash -n job.sh
run 0 "$EPSIM" sweep script sizes.yaml --engine parallel
printf '%s\n' "$out" >job.sh
run 0 bash -n job.sh
run 0 "$EPSIM" sweep script sizes.yaml --engine kubernetes --count 5 --image registry/epsim:1
has "$out" "completionMode: Indexed"
has "$out" "completions: 4"
has "$out" 'image: "registry/epsim:1"'
run 2 "$EPSIM" sweep script sizes.yaml
has "$err" "--engine is missing"

if [ -n "${EPSIM_TEST_LONG:-}" ]; then
    sed -e 's/\[1, 2.*/1..100/' -e 's/repetitions: 3/repetitions: 100/' -e 's/series/summary/' sizes.yaml >many.yaml
    run 0 "$EPSIM" sweep run many.yaml -o many.runs
    has "$out" "10,000 done now"
    printf '%s\n' "$out"
    run 0 "$EPSIM" sweep merge many.runs -o many.db
fi
finish
