#!/usr/bin/env bash
# Batch periods of 0 to 60 s: writes, bytes and delay. Results are in out/batch-period.
#
#     ./analysis/batch-period/run.sh            # everything; the month where ../shared/data has it
#     ./analysis/batch-period/run.sh rollout    # one situation alone, and no pictures
. "$(dirname "$0")/../kit/study.sh"

period=endpointSliceUpdatesBatchPeriod
# ask DB SCRIPT...: figures of a sweep against the batch period, and what SQL makes of them.
ask() {
    local db=$1
    shift
    "$EPSIM" compare "$db" --by $period --baseline 0s --warm-up 1h --export-json compared.json \
        --figure endpointslice.writes,endpointslice.watch_bytes,latency.mean,latency.p99,out_of_date,still_listed.max,sim_s >/dev/null
    cat "$here/figures.sql" "$@" | sqlite3 -batch "$db"
}
# picture DB KIND NAME OPTION...
picture() { "$EPSIM" plot "$1" --kind "$2" --by $period --warm-up 1h -o "$3.png" "${@:4}"; }

awk 'BEGIN { for (i = 0; i < 500; i++) printf "  - {at: %dms, label: pod/paint-%d, labels: {color: green}}\n", 3600000 + 40 * i, i }' >>relabel-storm.yaml
if [ -n "${1:-}" ]; then
    sed -i "/^  - /{/[^a-z-]$1\.yaml/!d}" situations.sweep.yaml
    sweep situations
    ask situations.db "$here/situations.sql" | tee figures.md
    done_in
    exit
fi
sweep situations
ask situations.db "$here/situations.sql" "$here/law.sql" | tee figures.md
picture situations.db sweep lines --series scenario --figure endpointslice.writes,endpointslice.watch_bytes,latency,out_of_date --height 900 --log xy 2>/dev/null
picture situations.db pareto pareto-churn --where scenario=churn --figure endpointslice.writes,latency
picture situations.db pareto pareto-rollout --where scenario=rollout --figure endpointslice.writes,latency

month=${MONTH:-$top/../shared/data/alibaba_v2025_dlrm_instances.csv}
if [ -r "$month" ]; then
    "$EPSIM" import csv "$month" --service app_name --pod instance_sn --create creation_time --delete deletion_time -o dlrm.yaml --force 2>/dev/null
    sweep month
    ask month.db "$here/month.sql" | tee month.md
    picture month.db pareto pareto-month --figure endpointslice.writes,latency
else
    echo "$name: the month of a production cluster is left out: $month is not there" >&2
fi
done_in
