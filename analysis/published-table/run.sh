#!/usr/bin/env bash
# The published table of EndpointSlices, cell by cell, and a real rolling update beside it. Results are in out/published-table.
#
#     ./analysis/published-table/run.sh          # everything
#     ./analysis/published-table/run.sh table    # the table alone
. "$(dirname "$0")/../kit/study.sh"

readiness_rows 20000 >large.rows
readiness_rows 20 >small.rows
sweep table
sqlite3 -batch table.db ".mode tabs" ".import --schema temp '$here/published.tsv' published" ".mode list" ".read '$here/cells.sql'" >table.md
cat table.md
if [ "${1:-}" != table ]; then
    sweep rollout
    sqlite3 -batch rollout.db ".read '$here/rollout.sql'" >rollout.md
    cat rollout.md
    cat table.tsv rollout.tsv >picture.tsv
    gnuplot -e "heading = '20,000 pods, 5,000 nodes: bytes sent to all watchers'; rule = '100 bytes an endpoint'; output = 'published-table.png'" "$here/../kit/dots.gp"
fi
done_in
