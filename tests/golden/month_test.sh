#!/usr/bin/env bash
# A month of a production cluster, imported and replayed: at its end each Service has the pods that can be counted in
# the table itself. Skipped where the table is not there: its licence keeps it out of this project.
set -euo pipefail
: "${EPSIM:?the program to test}"
csv=../shared/data/alibaba_v2025_dlrm_instances.csv
if [ ! -r "$csv" ]; then
    echo "SKIP: $csv is not there"
    exit 77
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
"$EPSIM" import csv "$csv" --service app_name --pod instance_sn --create creation_time --delete deletion_time \
    -o "$scratch/dlrm.yaml" 2>"$scratch/import.log"
grep -q '16,591 creations and 14,993 deletions; 7,280 there from the start' "$scratch/import.log" ||
    { cat "$scratch/import.log" >&2; exit 1; }
"$EPSIM" run "$scratch/dlrm.yaml" -o "$scratch/dlrm.db" >"$scratch/summary"

python3 - "$csv" "$scratch/dlrm.db" <<'P'
import collections, csv, sqlite3, sys

want = collections.Counter()
services = set()
with open(sys.argv[1], newline="", encoding="utf-8") as table:
    for row in csv.DictReader(table):
        name = row["app_name"].replace("_", "-")
        services.add(name)
        want[name] += row["deletion_time"] == ""
database = sqlite3.connect(sys.argv[2])
assert database.execute("select count(*) from v_runs where status = 'complete'").fetchone() == (1,)
# SQLite: beside max(), a bare column is that of the row with the greatest value.
got = {row[0]: row[1] for row in database.execute("select service, pods, max(t_s) from v_timeline group by service")}
assert len(services) == 156 and set(got) == services, (len(services), len(got))
wrong = {name: (want[name], got[name]) for name in services if want[name] != got[name]}
assert not wrong, f"service: (pods in the table, pods in v_timeline): {wrong}"
# app-0 is truncated from the first instant to the last.
assert database.execute("select min(ep_truncated), max(ep_addresses) from v_timeline where service = 'app-0'").fetchone() == (1, 1000)
assert database.execute("select count(distinct service) from v_timeline where ep_truncated").fetchone() == (1,)
print(f"month: {sum(got.values())} pods at the end, all {len(got)} Services agree")
P
