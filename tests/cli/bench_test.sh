# bench: what is chosen, what is counted, and both forms of output. Not how fast anything is: no test may depend on
# a clock. How many instructions it takes is held by tests/bench.
. "$(dirname "$0")/assert.sh"

run 0 "$EPSIM" bench --list
same "$err" ""
for name in start/smallest memory/1M/bytes pod-events/1M/relabel subsets/10k services/100k/all watchers/5k \
    pipeline/replay churn/1M/many kernel/hold/1M parse/csv recorder/ratio replications/gain; do
    has "$out" "$name"
done
all=$(printf '%s\n' "$out" | wc -l)
run 0 "$EPSIM" bench --list --max-size 1000
has_not "$out" "10k"
checks=$((checks + 1))
[ "$(printf '%s\n' "$out" | wc -l)" -lt "$all" ] || fail "--max-size leaves nothing out"
run 0 "$EPSIM" bench --list pod-events/1k kernel
has "$out" "pod-events/1k/ready"
has "$out" "kernel/mm1"
has_not "$out" "pod-events/10k"
has_not "$out" "parse"

# The same work each time; every case that is small does its work without a failure.
run 0 "$EPSIM" bench --max-size 1000 --repeat 3 --scale 1 --json
same "$err" ""
printf '%s\n' "$out" >bench.json
run 0 python3 - bench.json <<'P'
import json, sys
bench = json.load(open(sys.argv[1]))
assert bench["epsim"] and bench["compiler"] and bench["cpu"] and bench["cores"] >= 1
results = {r["benchmark"] + "/" + r["case"]: r for r in bench["results"]}
for name, r in results.items():
    assert "failure" not in r, name
    assert r["repeats"] == 3 and r["min"] <= r["median"] <= r["max"] and r["work"] and r["counts"], name
    # "recorder" is a difference of two times; all others are amounts.
    assert r["median"] > 0 or r["benchmark"] == "recorder", name
assert results["pod-events/1k/ready"]["work"] == "1,000 endpoints, 200 events"
assert results["pod-events/1k/ready"]["unit"] == "1/s"
assert results["pipeline/replace"]["work"] == "1,000 endpoints, 200 events"
assert results["pipeline/replay"]["work"] == "1,000 endpoints, 200 events"
assert results["churn/1k"]["work"] == "1,000 endpoints, 1,099 events"
assert results["kernel/mm1"]["work"] == "10,000 customers, 20,000 events"
assert results["parse/csv"]["work"].startswith("2,001 lines")
assert results["recorder/sqlite"]["work"] == "3,143 rows"
assert len(results) > 20
P

run 0 "$EPSIM" bench services/1/one --scale 1
has "$out" "services/1/one"
has "$out" "1 Service of 10 endpoints, 200 events"
has "$out" "cores"
same "$err" ""
# Nothing is left behind.
mkdir scratch
run 0 env TMPDIR="$PWD/scratch" "$EPSIM" bench recorder parse/csv --repeat 1 --scale 1
same "$(ls -A scratch)" ""
run 1 env TMPDIR="$PWD/nowhere" "$EPSIM" bench recorder/adds --repeat 1 --scale 1
has "$err" "recorder/adds: "
has "$err" "No such file"

run 2 "$EPSIM" bench pod-event
has "$err" "there is no benchmark 'pod-event'; 'epsim bench --list' has them"
run 2 "$EPSIM" bench pod-events/1
run 2 "$EPSIM" bench --repeat 0
has "$err" "expected 1 to 1000"
run 2 "$EPSIM" bench --warm-up 3601
has "$err" "--warm-up 3601: expected 0 to 3600"
run 0 "$EPSIM" bench services/1/one --scale 1 --warm-up 1
run 2 "$EPSIM" bench --scale 0
has "$err" "expected 1 to 10000"
finish
