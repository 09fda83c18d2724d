#!/usr/bin/env bash
# What share of backends and zones a consumer of Endpoints does not reach. Results are in out/truncation.
#
#     ./analysis/truncation/run.sh         # everything
#     ./analysis/truncation/run.sh 1500    # only Services of 1,500 pods at rest, and no pictures
. "$(dirname "$0")/../kit/study.sh"
only=${1:-}

# zone_nodes ZONE NODES SECOND: nodes whose pods have addresses 10.SECOND.0.0 and up.
zone_nodes() {
    awk -v zone="$1" -v nodes="$2" -v second="$3" 'BEGIN {
        for (i = 0; i < nodes; i++) {
            print "apiVersion: v1\nkind: Node"
            printf "metadata: {name: %s-%d, labels: {topology.kubernetes.io/zone: %s}}\nspec: {podCIDR: 10.%d.%d.0/24}\n---\n", zone, i + 1, zone, second, i
        }
    }'
}
# look DB VALUES OPTION...: the objects of a state as rows of DB.
look() {
    "$EPSIM" get endpoints,endpointslices "${@:3}" -o json >objects.json
    sqlite3 "$1" "INSERT INTO state VALUES (NULL, $2)" ".read '$here/load.sql'"
}
# states DB: what is there at the end of each run of a sweep.
states() {
    local run pods name
    while IFS='|' read -r run pods name; do
        look reach.db "'$name', $pods" "$1" --run-id "$run"
    done < <(sqlite3 "$1" "SELECT run_id, pods, scenario || coalesce(', ' || substr(json_extract(params, '\$.\"service/web.ipFamilies\"'), 2, 4) || ' first', '')
        FROM v_runs JOIN (SELECT run_id, pods, max(t_s) FROM v_timeline GROUP BY run_id) USING (run_id) WHERE pods = ${only:-pods} ORDER BY run_id")
}

{ zone_nodes zone-a 20 8 && zone_nodes zone-b 20 9 && zone_nodes zone-c 20 10; } >ranges.nodes.yaml
{ zone_nodes zone-a 36 0 && zone_nodes zone-b 18 1 && zone_nodes zone-c 6 2; } >uneven.nodes.yaml
for i in {1..40}; do
    echo "{apiVersion: apps/v1, kind: Deployment, metadata: {name: canary-$i}, spec: {selector: {matchLabels: {app: web, kind: canary-$i}}, template: {metadata:"
    echo "  {labels: {app: web, kind: canary-$i}}, spec: {containers: [{name: c, ports: [{name: http, containerPort: $((9000 + i))}]}]}}}}"
    echo ---
done >canaries.yaml
rm -f reach.db
sqlite3 reach.db "CREATE TABLE state(state INTEGER PRIMARY KEY, name, pods)"
for sweep in growth four-ports small-ports missing-port families; do
    sweep $sweep
    states $sweep.db
done
sqlite3 -batch reach.db ".read '$here/reach.sql'" | tee reach.md
if [ -n "$only" ]; then
    done_in
    exit
fi

# 1,500 pods that turn ready one after the other; and the same when addresses that are not ready are published as ready.
rm -f readiness.db flaps.db
readiness_rows 1500 >readiness.rows
sqlite3 readiness.db "CREATE TABLE state(state INTEGER PRIMARY KEY, published, ready)"
for published in false true; do
    for ready in 0 500 900 1000 1001 1250 1500; do
        look readiness.db "'$published', $ready" --at $((99 + ready))s readiness.yaml --set service/web.publishNotReadyAddresses=$published
    done
done
sqlite3 -batch readiness.db ".read '$here/readiness.sql'" | tee readiness.md

# Rolling updates of half of a Service; and who of 600 pods to which nothing happens is listed, every two seconds of one.
sweep rollout
sqlite3 flaps.db "CREATE TABLE state(state INTEGER PRIMARY KEY, t_s)"
for t in {56..122..2}; do
    look flaps.db "$t" --at ${t}s rollout.yaml
done
{
    sqlite3 -batch rollout.db ".read '$here/rollout.sql'"
    sqlite3 -batch flaps.db ".read '$here/flaps.sql'"
} | tee rollout.md
gnuplot "$here/shares.gp" "$here/flaps.gp"
done_in
