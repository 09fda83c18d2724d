#!/usr/bin/env bash
# How far the number of slices drifts from the fewest in three months, by slice size and packing policy. Results are in out/fragmentation.
#
#     ./analysis/fragmentation/run.sh          # everything; the month where ../shared/data has it
#     ./analysis/fragmentation/run.sh quick    # only steady months with slices of 100, and no pictures
. "$(dirname "$0")/../kit/study.sh"

# ask DB BY BASELINE SCRIPT...: figures of a sweep, and what SQL makes of them.
ask() {
    "$EPSIM" compare "$1" --by "$2" --baseline "$3" --figure slices,slices_ideal,slices_excess.max,slices_excess.final,fill,endpointslice.writes,endpointslice.watch_bytes \
        --export-json compared.json >/dev/null 2>&1
    cat "$here/figures.sql" "${@:4}" | sqlite3 -batch "$1"
}
# picture DB NAME OPTION...
picture() { "$EPSIM" plot "$1" --kind sweep --by maxEndpointsPerSlice --series packingPolicy --log x -o "$2.png" "${@:3}"; }

awk 'BEGIN {
    for (day = 1; day <= 90; day++)
        for (step = 1; step <= 8; step++) {
            printf "  - {at: %dd%dm, scale: deployment/web, replicas: %d}\n", day, 7 * 60 + 15 * step, 200 + 50 * step
            printf "  - {at: %dd%dm, scale: deployment/web, replicas: %d}\n", day, 19 * 60 + 15 * step, 600 - 50 * step
        }
    for (day = 7; day <= 90; day += 7)
        printf "  - {at: %dd10h, rollout: deployment/api}\n", day
}' >>daily.yaml

if [ "${1:-}" = quick ]; then
    sed -i '/three.yaml/d; s/\[0s, 30s\]/[30s]/; s/\[10, 20.*\]/[100]/' policies.sweep.yaml
    sweep policies
    ask policies.db packingPolicy upstream "$here/table.sql" | tee figures.md
    done_in
    exit
fi

sweep policies
sweep slack
{
    echo "# Slices over the fewest possible, in three months"
    echo
    echo "Means of 3 runs of 91 days, the same random numbers for every policy; slices and fill over time. Over: slices / fewest. Worst: most slices too many at any"
    echo "instant; end: slices too many when all is over. From upstream: 95 % intervals of paired differences. All policies but upstream are what-ifs."
    echo
    ask policies.db packingPolicy upstream "$here/table.sql" "$here/months.sql"
    ask slack.db rebalanceSlackPercent 10000 "$here/slack.sql"
} | tee figures.md
daily=(--where scenario=daily --height 900)
picture policies.db drift "${daily[@]}" --split endpointSliceUpdatesBatchPeriod --figure slices_excess
picture policies.db cost "${daily[@]}" --where endpointSliceUpdatesBatchPeriod=30s --figure endpointslice.writes,endpointslice.watch_bytes,fill,slices_excess

month=$top/../shared/data/alibaba_v2025_dlrm_instances.csv
if [ -r "$month" ]; then
    "$EPSIM" import csv "$month" --service app_name --pod instance_sn --create creation_time --delete deletion_time -o dlrm.yaml --force 2>/dev/null
    sweep month
    {
        echo "# The same in the month of a production cluster"
        echo
        ask month.db packingPolicy upstream "$here/table.sql"
    } | tee month.md
else
    echo "$name: the month of a production cluster is left out: $month is not there" >&2
fi
done_in
