#!/usr/bin/env bash
# Slices of 1 to 1,000 endpoints: writes, bytes, slices, fill. Results are in out/slice-size.
#
#     ./analysis/slice-size/run.sh        # everything; the month where ../shared/data has it
#     ./analysis/slice-size/run.sh 50     # only Services of 50 pods, and no pictures
. "$(dirname "$0")/../kit/study.sh"

# ask DB SCRIPT...: figures of a sweep against the slice size, and what SQL makes of them.
ask() {
    local db=$1
    shift
    "$EPSIM" compare "$db" --by maxEndpointsPerSlice --baseline 100 --warm-up 1h --figure endpointslice.writes,endpointslice.watch_bytes,slices,fill \
        --export-json compared.json >/dev/null
    cat "$here/figures.sql" "$@" | sqlite3 -batch "$db"
}
# picture DB KIND NAME OPTION...
picture() { "$EPSIM" plot "$1" --kind "$2" --by maxEndpointsPerSlice --log xy --warm-up 1h -o "$3.png" "${@:4}"; }

pods=${1:-}
[ -z "$pods" ] || sed -i "s/\[50, 500, 5000\]/[$pods]/" situations.sweep.yaml
sweep situations
if [ -n "$pods" ]; then
    ask situations.db "$here/situations.sql" | tee figures.md
    done_in
    exit
fi
sweep nodes
{
    ask situations.db "$here/situations.sql" "$here/worst.sql"
    sqlite3 -batch nodes.db ".read '$here/nodes.sql'"
} | tee figures.md
sent=endpointslice.watch_bytes
picture situations.db sweep bytes --series replicas --split scenario --figure $sent --height 900
picture situations.db sweep writes --series replicas --split scenario --figure endpointslice.writes --height 900
picture situations.db pareto pareto-waves --where scenario=rollout-in-waves --where replicas=5000 --figure endpointslice.writes,$sent
picture situations.db pareto pareto-churn --series replicas --where scenario=churn --figure slices,$sent

month=$top/../shared/data/alibaba_v2025_dlrm_instances.csv
if [ -r "$month" ]; then
    "$EPSIM" import csv "$month" --service app_name --pod instance_sn --create creation_time --delete deletion_time -o dlrm.yaml --force 2>/dev/null
    sweep month
    ask month.db "$here/month.sql" | tee month.md
    picture month.db sweep month --figure endpointslice.writes,$sent,slices,fill
    picture month.db pareto pareto-month --figure slices,$sent
else
    echo "$name: the month of a production cluster is left out: $month is not there" >&2
fi
done_in
