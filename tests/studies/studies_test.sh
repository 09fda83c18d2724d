# The studies give the tables that are committed with them; real rolling updates quickly, or in full with EPSIM_TEST_LONG=1.
. "$(dirname "$0")/../cli/assert.sh"
for tool in sqlite3 gnuplot; do
    command -v $tool >/dev/null || {
        echo "$tool is not here"
        exit 77
    }
done
export EPSIM
part=table
[ "${EPSIM_TEST_LONG:-0}" = 0 ] || part=all

run 0 env OUT="$work/published" "$top/analysis/published-table/run.sh" $part
run 0 diff "$top/analysis/published-table/table.md" published/table.md
run 0 cat published/table.md
has "$out" "90 cells: 64 are the same"
has_not "$out" UNEXPLAINED
has "$out" "| large | rolling update | bytes sent | Endpoints | 200 TB | 200,000,000,000,000 | yes |"
has "$out" "| large | one change | bytes sent | 100 a slice | 50 MB | 50,000,000 | yes |"
if [ $part = all ]; then
    run 0 diff "$top/analysis/published-table/rollout.md" published/rollout.md
    run 0 test -s published/published-table.png
fi

# Writes of a real rolling update, by controller: three a pod and four a pod, beside what there was before it.
run 0 "$EPSIM" run -q published/rollout.yaml --set deployment/web.replicas=400 --set pods.start='{uniform: {min: 1s, max: 4s}}' \
    --set pods.ready='{logNormal: {median: 8s, sigma: 0.5}}' --set pods.stop='{uniform: {min: 1s, max: 30s}}' -o rollout.db
run 0 sqlite3 rollout.db "SELECT kind, count(*) FROM v_writes WHERE t_s >= 3600 AND verb <> 'noop' GROUP BY 1 ORDER BY 1"
same "$out" $'EndpointSlice|1600\nEndpoints|1200'

run 0 env OUT="$work/other" "$top/analysis/other-figures/run.sh"
run 0 diff "$top/analysis/other-figures/figures.md" other/figures.md
run 0 grep -c '| yes |' other/figures.md
same "$out" 3
run 0 test -s other/other-figures.png

# Slice sizes: Services of 50 pods have the rows that are committed; all of it with EPSIM_TEST_LONG=1, the month where its table is.
sizes=$top/analysis/slice-size
if [ $part = all ]; then
    run 0 env OUT="$work/sizes" "$sizes/run.sh"
    run 0 diff "$sizes/figures.md" sizes/figures.md
    [ ! -e sizes/month.md ] || run 0 diff "$sizes/month.md" sizes/month.md
    run 0 test -s sizes/pareto-churn.png
else
    run 0 env OUT="$work/sizes" "$sizes/run.sh" 50
    run 1 grep -vxF -f "$sizes/figures.md" sizes/figures.md
    run 0 grep -c '^| [a-z-]* | 50 |' sizes/figures.md
    same "$out" 50
fi

# Batch periods: two situations have the rows that are committed; all of it with EPSIM_TEST_LONG=1.
periods=$top/analysis/batch-period
if [ $part = all ]; then
    run 0 env OUT="$work/periods" "$periods/run.sh"
    run 0 diff "$periods/figures.md" periods/figures.md
    [ ! -e periods/month.md ] || run 0 diff "$periods/month.md" periods/month.md
    run 0 test -s periods/pareto-churn.png
else
    for situation in rollout relabel-storm; do
        run 0 env OUT="$work/$situation" "$periods/run.sh" $situation
        run 1 grep -vxF -f "$periods/figures.md" $situation/figures.md
        run 0 grep -c "^| $situation |" $situation/figures.md
        same "$out" 10
    done
fi

# Truncation: Services of 1,500 pods at rest have the rows that are committed, and are what the rules say; all of it with EPSIM_TEST_LONG=1.
cut=$top/analysis/truncation
if [ $part = all ]; then
    run 0 env OUT="$work/cut" "$cut/run.sh"
    for table in reach readiness rollout; do
        run 0 diff "$cut/$table.md" cut/$table.md
    done
    run 0 test -s cut/flaps.png
else
    run 0 env OUT="$work/cut" "$cut/run.sh" 1500
    run 0 grep '^| [a-z]' cut/reach.md
    printf '%s\n' "$out" >cut.rows
    run 1 grep -vxF -f "$cut/reach.md" cut.rows
    run 0 grep '^- ' cut/reach.md
    has "$out" "- 54 of 54 parts have as many addresses as E-57 gives them."
    has "$out" "- In 8 of 8 states the slices list every pod."
fi

# Fragmentation: steady months with slices of 100 have the rows that are committed; all of it with EPSIM_TEST_LONG=1.
drift=$top/analysis/fragmentation
if [ $part = all ]; then
    run 0 env OUT="$work/drift" "$drift/run.sh"
    run 0 diff "$drift/figures.md" drift/figures.md
    [ ! -e drift/month.md ] || run 0 diff "$drift/month.md" drift/month.md
    run 0 test -s drift/drift.png
else
    run 0 env OUT="$work/drift" "$drift/run.sh" quick
    run 1 grep -vxF -f "$drift/figures.md" drift/figures.md
    run 0 grep -c '^| steady | 30s | 100 |' drift/figures.md
    same "$out" 4
fi
finish
