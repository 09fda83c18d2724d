# plot --kind sweep, heatmap, pareto: every kind and format, what stands in them, and what has no place in a picture.
command -v gnuplot >/dev/null || {
    echo "gnuplot is not here"
    exit 77
}
. "$(dirname "$0")/assert.sh"
"$EPSIM" help example >web.yaml
for size in 1 5 100; do
    for replicas in 4 9; do
        for number in 0 1; do
            "$EPSIM" run -q web.yaml --set "controllers.maxEndpointsPerSlice=$size" --set "deployment/web.replicas=$replicas" --run $number \
                -o all.db --append
        done
    done
done

# Every kind in every format, without a complaint.
for format in svg png pdf txt; do
    run 0 "$EPSIM" plot all.db --kind sweep --by maxEndpointsPerSlice --series replicas -f writes,slices.max --log x -o "sweep.$format"
    same "$out$err" ""
    run 0 "$EPSIM" plot all.db --kind heatmap --by maxEndpointsPerSlice --series replicas -f slices.max -o "heatmap.$format"
    same "$out$err" ""
    run 0 "$EPSIM" plot all.db --kind pareto --by maxEndpointsPerSlice --series replicas --log xy -o "pareto.$format"
    same "$out$err" ""
done
for kind in sweep heatmap pareto; do
    has "$(cat $kind.svg)" "<svg"
    has "$(cat $kind.svg)" "scenario web; mean of 2 runs each"
    has "$(cat $kind.svg)" "maxEndpointsPerSlice"
    same "$(head -c 4 $kind.png | tail -c 3)" "PNG"
    same "$(head -c 4 $kind.pdf)" "%PDF"
    has "$(cat $kind.txt)" "by maxEndpointsPerSlice"
done
has "$(cat sweep.svg)" ">writes and slices.max by maxEndpointsPerSlice<"
has "$(cat sweep.svg)" ">replicas<"
has "$(cat sweep.svg)" ">default<"
has "$(cat pareto.svg)" ">100 (default)<"
# The numbers of a heat map are those of compare.
wanted=$("$EPSIM" compare all.db --by maxEndpointsPerSlice --where replicas=9 -f slices.max --export-csv - | cut -d, -f 6 | tail -n 3 | tr '\n' ' ')
same "$(sed -n 's/^ *9 +//p' heatmap.txt | tr -s ' ' | sed 's/^ //; s/ $//')" "${wanted% }"
# Small multiples, and a parameter of words.
run 0 "$EPSIM" plot all.db --kind sweep --by maxEndpointsPerSlice --split replicas -f endpointslice.watch_bytes -o split.svg
has "$(cat split.svg)" ">replicas = 4<"
has "$(cat split.svg)" ">replicas = 9<"
for choices in random fixed; do
    "$EPSIM" run -q web.yaml --set choices=$choices -o words.db --append
done
run 0 "$EPSIM" plot words.db --kind sweep -f endpointslice.writes -o words.svg
same "$err" ""
has "$(cat words.svg)" ">fixed<"
has "$(cat words.svg)" "one run each"
# Values that are nasty to gnuplot are values.
cp words.db nasty.db
if command -v sqlite3 >/dev/null; then
    sqlite3 nasty.db "UPDATE runs SET params = json_object('it''s %s @x', 'a''b\`c\$d\\n%d') WHERE run_id = 1; UPDATE runs SET scenario = 'x''y'"
    run 0 "$EPSIM" plot nasty.db --kind sweep --by "it's %s @x" --series choices -o nasty.svg
    same "$err" ""
    has "$(cat nasty.svg)" "a'b\`c\$d"
    has "$(cat nasty.svg)" ">endpointslice.writes by it's %s @x<"
    "$EPSIM" plot nasty.db --kind pareto --by "it's %s @x" --series choices -o nasty.svg || fail "pareto"
    "$EPSIM" plot nasty.db --kind heatmap --by "it's %s @x" --series choices -o nasty.svg || fail "heatmap"
fi
# One variant alone, by name.
run 0 "$EPSIM" plot all.db --kind sweep --by maxEndpointsPerSlice --where replicas=9 --where maxEndpointsPerSlice=5 -o one.svg
same "$err" ""

# What has no place.
run 2 "$EPSIM" plot all.db --kind sweep --by maxEndpointsPerSlice -o no.svg
has "$err" "deployment/web.replicas varies too: give it with --by, --series or --split, or keep one of its values with --where"
missing no.svg
run 2 "$EPSIM" plot words.db --kind heatmap -o no.svg
has "$err" "only one parameter varies; a picture of kind 'heatmap' needs two that vary"
run 2 "$EPSIM" plot words.db --kind sweep --where choices=fixed
has "$err" "all runs have the same parameters"
run 2 "$EPSIM" plot all.db --kind sweep --by replica
has "$err" "no run of all.db has a parameter 'replica'; there are: scenario"
run 2 "$EPSIM" plot all.db --kind pareto -f writes
has "$err" "a Pareto front has two figures; --figure names 1"
run 2 "$EPSIM" plot all.db --kind heatmap -f writes,bytes
has "$err" "a heat map has one figure; --figure names 2"
run 2 "$EPSIM" plot all.db --kind heatmap --split replicas
has "$err" "--split is for pictures of kind 'sweep'"
run 2 "$EPSIM" plot all.db --kind sweep --service web
has "$err" "--service is not for pictures of kind 'sweep'"
run 2 "$EPSIM" plot all.db --figure writes
has "$err" "--figure is not for pictures of kind 'overview'"
run 2 "$EPSIM" plot all.db --kind sweep --statistic p101
has "$err" "--statistic p101: expected mean, median or a percentile"
run 2 "$EPSIM" plot all.db --kind sweep --by maxEndpointsPerSlice --series replicas -o all.db --format svg
has "$err" "all.db is the database itself"
# Zero is no place on a logarithmic axis.
run 0 "$EPSIM" plot all.db --kind sweep --by maxEndpointsPerSlice --series replicas -f noops --log y -o zero.svg
has "$err" "cannot stand on a logarithmic axis"
finish
