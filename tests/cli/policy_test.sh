# --policy and packingPolicy: every place where results of a what-if show says so, and none does for upstream.
. "$(dirname "$0")/assert.sh"
"$EPSIM" help example >web.yaml
words="packing policy rebalance"

# The option is the setting, and counts in the digest; upstream's is the digest without it.
digest() { "$EPSIM" run web.yaml --format json "$@" | sed -n 's/.*"digest":"\([0-9a-f]*\)".*/\1/p'; }
same "$(digest --policy upstream)" "$(digest)"
same "$(digest --policy rebalance)" "$(digest --set controllers.packingPolicy=rebalance)"
same "$(digest --set controllers.rebalanceSlackPercent=0)" "$(digest)"
for policy in best-fit-all rebalance one-slice-per-zone; do
    checks=$((checks + 1))
    [ "$(digest --policy $policy)" != "$(digest)" ] || fail "--policy $policy changes nothing"
done
checks=$((checks + 1))
[ "$(digest --policy rebalance --set controllers.rebalanceSlackPercent=0)" != "$(digest --policy rebalance)" ] || fail "slack changes nothing"

# Its place in a scenario; mistakes.
sed 's/controllers: {/controllers: {packingPolicy: rebalance, /' web.yaml >rebalance.yaml
run 0 "$EPSIM" run rebalance.yaml
has "$out" "Packing    rebalance: a what-if"
run 2 "$EPSIM" run web.yaml --policy tightest
has "$err" "upstream"
run 2 "$EPSIM" run web.yaml --set controllers.packingPolicy=rebalanced
has "$err" "takes one of upstream, best-fit-all, rebalance, one-slice-per-zone"
run 2 "$EPSIM" run web.yaml --set controllers.rebalanceSlackPercent=-1
run 2 "$EPSIM" verify --policy rebalance "$top/sim/cli/example_recording.ndjson"

# run
run 0 "$EPSIM" run web.yaml
has_not "$out$err" what-if
run 0 "$EPSIM" run web.yaml --policy rebalance --format json
has "$out" '"packing_policy":"rebalance"'
run 0 "$EPSIM" run web.yaml --policy rebalance --format csv
has "$out" ",packing_policy"
has "$out" ",rebalance"

# check and get
run 0 "$EPSIM" check -q rebalance.yaml --policy upstream
has_not "$err" what-if
run 0 "$EPSIM" check -q rebalance.yaml
has "$err" "$words"
run 0 "$EPSIM" get endpointslices web.yaml --policy rebalance
has "$err" "$words"
has_not "$out" what-if
run 0 "$EPSIM" run -q rebalance.yaml -o one.db
run 0 "$EPSIM" get endpointslices one.db
has "$err" "$words"
run 2 "$EPSIM" get endpointslices one.db --policy upstream
has "$err" "--policy"

# The database, pictures, reports.
run 0 sqlite3 one.db "SELECT packing_policy FROM v_runs"
same "$out" rebalance
if command -v gnuplot >/dev/null; then
    run 0 "$EPSIM" plot one.db --kind slices -o one.svg
    has "$(cat one.svg)" "WHAT-IF, packing policy rebalance"
    run 0 "$EPSIM" plot one.db -o overview.svg
    has "$(cat overview.svg)" "WHAT-IF, packing policy rebalance"
    run 0 "$EPSIM" run -q web.yaml -o up.db
    run 0 "$EPSIM" plot up.db --kind slices -o up.svg
    has_not "$(cat up.svg)" "WHAT-IF"
    run 0 "$EPSIM" report one.db -o one.html
    has "$(cat one.html)" "What-if: $words is a what-if"
fi

# Sweeps: plan, comparison, picture, report.
cat >policies.yaml <<'YAML'
apiVersion: epsim.dev/v1
kind: Sweep
metadata: {name: policies}
spec:
  scenario: web.yaml
  expect: ignore
  record: series
  parameters:
    policy: [upstream, rebalance, one-slice-per-zone]
    controllers.maxEndpointsPerSlice: [5, 10]
YAML
all="packing policies rebalance and one-slice-per-zone are what-ifs"
run 0 "$EPSIM" sweep plan policies.yaml
has "$err" "$all"
has "$out" "controllers.packingPolicy"
sed 's/scenario: web.yaml/scenario: rebalance.yaml/; /policy:/d' policies.yaml >own.yaml
run 0 "$EPSIM" sweep plan own.yaml --format csv
has "$err" "$words is a what-if"
run 0 "$EPSIM" sweep run -q policies.yaml
run 0 "$EPSIM" sweep merge -q policies.runs -o policies.db
run 0 "$EPSIM" compare policies.db --by packingPolicy --figure slices.max
has "$err" "$all"
run 0 "$EPSIM" compare policies.db --by maxEndpointsPerSlice --where packingPolicy=upstream --figure slices.max
has_not "$err" what-if
if command -v gnuplot >/dev/null; then
    run 0 "$EPSIM" plot policies.db --kind sweep --figure slices.max --by maxEndpointsPerSlice --series packingPolicy -o sweep.svg
    has "$(cat sweep.svg)" "$all"
    run 0 "$EPSIM" report policies.db -o policies.html
    has "$(cat policies.html)" "What-if: $all"
fi
finish
