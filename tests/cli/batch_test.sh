# Batch periods from the command line: what is written when, what the database says of the delay, and how periods are sorted.
. "$(dirname "$0")/assert.sh"
command -v sqlite3 >/dev/null || exit 77

cat >web.yaml <<'END'
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
---
apiVersion: epsim.dev/v1
kind: Scenario
metadata: {name: batch}
spec:
  controllers: {endpointSliceUpdatesBatchPeriod: 2s}
  events:
  - {at: 10.25s, create: pod/a, labels: {app: web}}
  - {at: 11s, create: pod/b, labels: {app: web}}
  - {at: 20s, delete: pod/a}
  - {at: 22s, create: pod/c, labels: {app: web}}
  expect:
  - {at: 12s, service: web, pods: 2, ready: 2, ep_addresses: 2, fill: 0}
  - {at: 12.25s, service: web, fill: 0.02}
  - {at: 23s, service: web, ready: 2, fill: 0.01}
  - {at: 24s, service: web, ready: 2, fill: 0.02}
END
run 0 "$EPSIM" check web.yaml
run 0 "$EPSIM" run web.yaml -o web.db
has "$out" "complete at 24s" # without until: when the last window is closed
has "$out" "Delay      mean 2 s, at most 2 s, of 2 writes of slices"
run 0 sqlite3 web.db "SELECT t_s, verb, endpoints FROM v_writes WHERE kind = 'EndpointSlice'"
same "$out" $'0.0|create|0\n12.25|update|2\n22.0|update|1\n24.0|update|2'
run 0 sqlite3 web.db "SELECT * FROM v_latency"
same "$out" $'1|12.25|default|web|2.0\n1|24.0|default|web|2.0' # the deletion has no trigger time
run 0 sqlite3 web.db "SELECT t_s, pods, not_yet_listed, still_listed FROM v_timeline"
same "$out" $'0.0|0|0|0\n10.25|1|1|0\n11.0|2|2|0\n12.25|2|0|0\n20.0|1|0|1\n22.0|2|1|0\n24.0|2|0|0'
run 0 "$EPSIM" get endpointslices --at 12s web.yaml -o json
has_not "$out" '"name": "a"'
run 0 "$EPSIM" get endpointslices --at 12.25s web.yaml -o json
has "$out" '"name": "a"'

# With until, an open window is left open.
run 0 "$EPSIM" run web.yaml --until 23s --format json
has "$out" '"latency":{"samples":1,"mean_s":2,"max_s":2}'
run 0 "$EPSIM" run web.yaml --set controllers.endpointSliceUpdatesBatchPeriod=0s --format json
has "$out" '"latency":{"samples":3,"mean_s":0,"max_s":0}'

# Swept, in the order of their lengths; the default is marked.
cat >periods.yaml <<'END'
apiVersion: epsim.dev/v1
kind: Sweep
metadata: {name: periods}
spec:
  scenario: web.yaml
  expect: ignore
  record: series
  parameters:
    controllers.endpointSliceUpdatesBatchPeriod: [10s, 500ms, 0s, 2s]
END
run 0 "$EPSIM" sweep run -q periods.yaml
run 0 "$EPSIM" sweep merge -q periods.runs -o periods.db
run 0 "$EPSIM" compare periods.db --figure latency.max,out_of_date.mean --export-csv -
same "$(printf '%s\n' "$out" | cut -d, -f 1,3,6)" "figure,variant,value
latency.max,0s,0
latency.max,500ms,0.5
latency.max,2s,2
latency.max,10s,10
out_of_date.mean,0s,0
out_of_date.mean,500ms,0.08888888888888889
out_of_date.mean,2s,0.3020833333333333
out_of_date.mean,10s,0.90625"

# Pictures: 0 has no place on a logarithmic axis, and is the default of a period.
if command -v gnuplot >/dev/null; then
    run 0 "$EPSIM" plot periods.db --kind sweep --figure latency --log x -o lines.svg
    run 0 grep -c '>500ms<' lines.svg
    run 1 grep '>0s<' lines.svg
    run 0 "$EPSIM" plot periods.db --kind pareto --figure endpointslice.writes,latency -o front.svg
    run 0 grep -c 'default (0)' front.svg
    run 0 grep -c '0s (default)' front.svg
    run 1 grep '10s (default)' front.svg
else
    echo "no gnuplot: pictures are left out"
fi
finish
