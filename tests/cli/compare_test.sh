# compare: figures against SQL over the views, differences run by run, exports, and what cannot be compared.
. "$(dirname "$0")/assert.sh"
command -v sqlite3 >/dev/null || {
    echo "sqlite3 is not here"
    exit 77
}
cat >churn.yaml <<'S'
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec: {replicas: 300, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}}}
---
apiVersion: epsim.dev/v1
kind: Scenario
metadata: {name: churn}
spec:
  until: 10m
  pods: {start: 2s, ready: {exponential: {mean: 10s}}, stop: 5s}
  events:
  - {at: 1m, churn: deployment/web, rate: 1/s, for: 8m}
S
scenario=churn.yaml
# Two sizes, four repetitions; one more of the first size, one again, and one that was killed.
for size in 10 50; do
    for number in 0 1 2 3; do
        "$EPSIM" run -q $scenario --set "controllers.maxEndpointsPerSlice=$size" --run $number -o all.db --append
    done
done
"$EPSIM" run -q $scenario --set controllers.maxEndpointsPerSlice=10 --run 4 -o all.db --append
"$EPSIM" run -q $scenario --set controllers.maxEndpointsPerSlice=50 --run 3 -o all.db --append
"$EPSIM" run -q $scenario --set controllers.maxEndpointsPerSlice=50 --run 9 -o all.db --append
sqlite3 all.db "UPDATE runs SET status = 'incomplete' WHERE run = 9"

# value FIGURE [OPTION]...: of the first size's first run, as CSV has it.
value() {
    local figure=$1
    shift
    sqlite3 -cmd 'DELETE FROM runs WHERE run_id <> 1' one.db </dev/null
    "$EPSIM" compare one.db --figure "$figure" "$@" --export-csv - | sed -n 2p | cut -d, -f6
}
# ask SQL: the same by SQL.
ask() { sqlite3 one.db "$1"; }
# near A B: up to rounding.
near() {
    checks=$((checks + 1))
    awk -v a="$1" -v b="$2" 'BEGIN { d = a - b; exit !(a != "" && b != "" && d * d <= 1e-18 * (1 + b * b)) }' ||
        fail "'$1' is not near '$2'"
}
cp all.db one.db
totals="WITH t AS (SELECT t_s, sum(d) OVER (ORDER BY t_s, n ROWS UNBOUNDED PRECEDING) AS v, lead(t_s, 1, 600) OVER (ORDER BY t_s, n) AS e
    FROM (SELECT t_s, row_number() OVER () AS n, COLUMN - lag(COLUMN, 1, 0) OVER (PARTITION BY namespace, service ORDER BY t_s) AS d
    FROM v_timeline WHERE run_id = 1))"
near "$(value writes)" "$(ask "SELECT sum(creates + updates + deletes) FROM v_churn WHERE run_id = 1")"
near "$(value endpointslice.watch_bytes)" "$(ask "SELECT sum(watch_bytes) FROM v_churn WHERE run_id = 1 AND controller = 'endpointslice'")"
near "$(value endpointslice.updates --warm-up 2m)" \
    "$(ask "SELECT count(*) FROM v_writes WHERE run_id = 1 AND controller = 'endpointslice' AND verb = 'update' AND t_s >= 120")"
near "$(value bytes --warm-up 1ms)" "$(ask "SELECT sum(bytes) FROM v_writes WHERE run_id = 1 AND t_s >= 0.001")"
near "$(value slices)" "$(ask "${totals//COLUMN/slices} SELECT sum(v * (e - t_s)) / sum(e - t_s) FROM t")"
near "$(value ready.mean --warm-up 5m)" \
    "$(ask "${totals//COLUMN/ready} SELECT sum(v * (e - max(t_s, 300))) / 300 FROM t WHERE e > 300")"
near "$(value ready.min --warm-up 5m)" "$(ask "${totals//COLUMN/ready} SELECT min(v) FROM t WHERE e > 300")"
near "$(value ready.max)" "$(ask "SELECT max(ready) FROM v_timeline WHERE run_id = 1")"
near "$(value fill.final)" "$(ask "SELECT fill FROM v_timeline WHERE run_id = 1 ORDER BY t_s DESC LIMIT 1")"
near "$(value slices_excess.final)" "$(ask "SELECT slices - slices_ideal FROM v_timeline WHERE run_id = 1 ORDER BY t_s DESC LIMIT 1")"
near "$(value ep_omitted_share)" 0
near "$(value sim_s)" 600
near "$(value events)" "$(ask "SELECT events FROM v_runs WHERE run_id = 1")"
near "$(value latency.p99)" 0
# Samples by hand, in place of those without a delay.
sqlite3 all.db "DELETE FROM latency"
sqlite3 all.db "INSERT INTO latency SELECT (1 << 40) + value, value * 1000000000, 0, value * 100000000 FROM generate_series(1, 11)" 2>/dev/null ||
    sqlite3 all.db "WITH RECURSIVE s (value) AS (VALUES (1) UNION ALL SELECT value + 1 FROM s WHERE value < 11)
        INSERT INTO latency SELECT (1 << 40) + value, value * 1000000000, 0, value * 100000000 FROM s"
cp all.db one.db
near "$(value latency.median)" 0.6
near "$(value latency.p90)" 1
near "$(value latency)" 0.6
near "$(value latency.max --warm-up 3s)" 1.1
near "$(value latency.min --warm-up 3s)" 0.3

# The table. Runs 0 to 3 are pairs; number 4 has no partner.
run 0 "$EPSIM" compare all.db --figure endpointslice.writes,slices.max
has "$err" "all.db: 1 run is not complete and does not count"
has "$err" "all.db: 1 run is there again with the same seed and run number; the last one counts"
has "$err" "1 run has no partner"
same "$out" "controllers.maxEndpointsPerSlice  runs   mean   95 % interval        difference     95 % interval  excludes 0
endpointslice.writes
  10                                 5  2,194  2,135 to 2,252          baseline
  50                                 4  2,178  2,097 to 2,258      -24 (-1.1 %)        -24 to -24  yes
slices.max
  10                                 5   31.2  30.64 to 31.76          baseline
  50                                 4      7          7 to 7  -24.25 (-77.6 %)  -25.05 to -23.45  yes"
run 0 "$EPSIM" compare all.db --figure writes --by maxEndpointsPerSlice --baseline 50
has "$out" "baseline"
# Paired differences by hand.
near "$("$EPSIM" compare all.db --figure endpointslice.writes --export-csv - 2>/dev/null | sed -n 3p | cut -d, -f16)" \
    "$(sqlite3 all.db "WITH w AS (SELECT run, endpoints_per_slice_max AS size, creates + updates + deletes AS n FROM v_churn JOIN v_runs USING (run_id)
        WHERE controller = 'endpointslice' AND run < 4 AND run_id <> 10 ) SELECT avg(b.n - a.n) FROM w a JOIN w b USING (run) WHERE a.size = 10 AND b.size = 50")"
run 0 "$EPSIM" compare all.db --figure fill --where maxEndpointsPerSlice=50
has_not "$out" "baseline"
has "$out" "fill.mean"
# The same twice, and with percentiles.
run 0 "$EPSIM" compare all.db --statistic p90 --confidence 99
first=$out
has "$out" "99 % interval"
run 0 "$EPSIM" compare all.db --statistic p90 --confidence 99
same "$out" "$first"

# Two databases: the variant that both have; two variants, whatever they are.
cp all.db fewer.db
sqlite3 fewer.db "DELETE FROM runs WHERE endpoints_per_slice_max = 50"
run 0 "$EPSIM" compare all.db fewer.db --figure writes
has "$err" "1 variant is in one database only"
has "$out" "fewer.db"
has_not "$out" "yes"
cp all.db fifty.db
sqlite3 fifty.db "DELETE FROM runs WHERE endpoints_per_slice_max = 10"
run 0 "$EPSIM" compare fewer.db fifty.db --figure endpointslice.writes
has "$out" "yes"
# Other seeds share nothing: not paired.
"$EPSIM" run -q $scenario --set controllers.maxEndpointsPerSlice=10 --seed 5 -o seeds.db
"$EPSIM" run -q $scenario --set controllers.maxEndpointsPerSlice=10 --seed 6 -o seeds.db --append
run 0 "$EPSIM" compare fewer.db seeds.db --figure endpointslice.writes
has "$err" "are not paired"
# A parameter that only some runs set; what a slice may hold is known of all.
"$EPSIM" run -q $scenario --set deployment/web.replicas=200 -o mixed.db
"$EPSIM" run -q $scenario --set controllers.maxEndpointsPerSlice=10 -o mixed.db --append
"$EPSIM" run -q $scenario -o mixed.db --append
run 0 "$EPSIM" compare mixed.db --figure writes --by replicas --where maxEndpointsPerSlice=100
same "$(printf '%s\n' "$out" | sed 's/   */ /g' | cut -d' ' -f 2-4 | tail -n 2)" "$(printf 'not set 1\n200 1 3,592')"
run 0 "$EPSIM" compare mixed.db --figure writes --where deployment/web.replicas=
same "$(printf '%s\n' "$out" | sed 's/   */ /g' | cut -d' ' -f 2-3 | tail -n 2)" "$(printf '10 1\n100 1')"
# With several that vary, whole variants, or a table for each combination of the others.
run 0 "$EPSIM" compare mixed.db --figure writes
has "$out" "maxEndpointsPerSlice=100, replicas=200"
run 0 "$EPSIM" compare mixed.db --figure writes --by maxEndpointsPerSlice
has "$out" "replicas=not set:"
has "$out" "replicas=200:"

# Exports.
run 0 "$EPSIM" compare all.db --export-csv all.csv --export-json all.json --export-markdown all.md
has "$out" "fill.mean"
same "$(head -n 1 all.csv | cut -d, -f 1-6)" "figure,unit,variant,statistic,runs,value"
same "$(wc -l <all.csv)" 17
same "$(awk -F, '{ print NF }' all.csv | sort -u)" 22
has "$(cat all.md)" "| slices.mean | 50 | 4 |"
if command -v python3 >/dev/null; then
    same "$(python3 -c '
import json
r = json.load(open("all.json"))["results"]
print(len(r), r[1]["parameters"]["controllers.maxEndpointsPerSlice"], len(r[0]["runs"]), r[1]["difference"]["paired"], r[1]["difference"]["runs"])
print(abs(sum(x["value"] for x in r[2]["runs"]) / 5 - r[2]["mean"]) < 1e-9)')" "$(printf '16 50 5 True 4\nTrue')"
fi
run 0 "$EPSIM" compare all.db --export-csv all.csv
run 0 "$EPSIM" compare all.db --export-markdown -
same "${out:0:11}" "| figure | "

# Mistakes.
cp all.db kept.db
run 2 "$EPSIM" compare all.db --export-csv all.db
has "$err" "all.db is a database to compare"
run 2 "$EPSIM" compare all.db --export-csv all.json
has "$err" "all.json exists and is no CSV of epsim compare"
cmp -s all.db kept.db || fail "the database has changed"
run 2 "$EPSIM" compare all.db --export-csv - --export-json -
has "$err" "only one export"
run 2 "$EPSIM" compare
has "$err" "no database given"
run 2 "$EPSIM" compare a.db b.db c.db
has "$err" "unexpected 'c.db'"
run 2 "$EPSIM" compare all.db fewer.db --by maxEndpointsPerSlice
has "$err" "--by is for the variants within one database"
run 2 "$EPSIM" compare nothere.db
has "$err" "nothere.db"
run 2 "$EPSIM" compare $scenario
has "$err" "not a database of epsim"
run 2 "$EPSIM" compare all.db --figure endpointslice.wirtes
has "$err" "unknown figure 'endpointslice.wirtes'; did you mean 'writes'?"
run 2 "$EPSIM" compare all.db --figure slices.last
has "$err" "unknown figure 'slices.last'"
run 2 "$EPSIM" compare all.db --figure ,
run 2 "$EPSIM" compare all.db --by maxEndpointPerSlice
has "$err" "no run of all.db has a parameter 'maxEndpointPerSlice'"
run 2 "$EPSIM" compare all.db --by scenario
has "$err" "all runs have the same scenario"
run 2 "$EPSIM" compare all.db --baseline 7
has "$err" "nothing has controllers.maxEndpointsPerSlice=7; there are: 10, 50"
run 2 "$EPSIM" compare all.db --where maxEndpointsPerSlice
has "$err" "expected PARAMETER=VALUE"
run 2 "$EPSIM" compare all.db --where maxEndpointsPerSlice=77
has "$err" "no run has these parameters"
run 2 "$EPSIM" compare all.db --statistic mode
has "$err" "unknown statistic 'mode'; expected mean, median or a percentile such as p90"
run 2 "$EPSIM" compare all.db --confidence 100
has "$err" "--confidence 100: expected 50 to 99.99 per cent"
run 1 bash -c '"$1" compare all.db >/dev/full' - "$EPSIM"
has "$err" "No space left"
run 1 "$EPSIM" compare all.db --export-csv nothere/all.csv
has "$err" "nothere/all.csv"

# What was not recorded.
"$EPSIM" run -q $scenario --record summary -o summary.db
run 0 "$EPSIM" compare summary.db
has "$out" "endpointslice.writes"
has_not "$out" "slices.mean"
has "$err" "they are left out"
run 2 "$EPSIM" compare summary.db --figure slices.mean
has "$err" "slices.mean needs --record series (or full); run 1 was recorded with --record summary"
run 2 "$EPSIM" compare summary.db --figure writes --warm-up 1m
has "$err" "writes with a warm-up needs --record full"

# A damaged database is told as such.
cp all.db damaged.db
LC_ALL=C sed -i 's/slice_endpoints/slice_endpo\xff\xfets/g' damaged.db
run 2 "$EPSIM" compare damaged.db
has "$err" "damaged.db: the database is damaged"
finish
