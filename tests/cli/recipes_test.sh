# The recipes of docs/experiments.md for pandas and R run, and agree with compare to nine digits: three programs, one result.
. "$(dirname "$0")/assert.sh"
python=
for candidate in python3 /usr/bin/python3; do
    "$candidate" -c 'import pandas, scipy' 2>/dev/null && python=$candidate && break
done
# r-base without the package for SQLite is no use here.
rscript=$(command -v Rscript) && "$rscript" -e 'library(RSQLite)' >/dev/null 2>&1 || rscript=
[ -n "$python$rscript" ] || {
    echo "neither pandas with SciPy nor R with RSQLite is here"
    exit 77
}
page=$top/docs/experiments.md
# block KIND: the page's only block of that kind; for yaml the first.
block() { awk -v kind="$1" '$0 == "```" { if (on) exit } on { print } $0 == "```" kind { on = 1 }' "$page"; }
block yaml >churn.yaml
for size in 10 30 100; do
    for number in 0 1 2 3 4; do
        "$EPSIM" run churn.yaml --set "controllers.maxEndpointsPerSlice=$size" --run $number -q --record summary -o sizes.db --append
    done
done
"$EPSIM" compare sizes.db --baseline 100 -f endpointslice.watch_bytes --export-csv - >wanted.csv
# agree FILE: its numbers, in the order of the recipe's lines, are those of wanted.csv, to nine digits or as many as it prints.
agree() {
    checks=$((checks + 1))
    tr -s ' ' '\n' <"$1" | grep -E '^-?[0-9]+(\.[0-9]+)?(e[+-]?[0-9]+)?$' | sort -g >got
    sort -g "$2" >wanted
    same "$(wc -l <got)" "$(wc -l <wanted)"
    paste got wanted | awk -v most="$3" '{ d = $1 - $2; s = $2 < 0 ? -$2 : $2; if (d < 0) d = -d; if (d > most * s) bad = 1 } END { exit bad }' ||
        fail "$1: $(paste got wanted)"
}
cut -d, -f 6-8 wanted.csv | tail -n +2 | tr ',' '\n' >means
cut -d, -f 16-18 wanted.csv | tail -n +2 | tr ',' '\n' | grep . >differences
if [ -n "$python" ]; then
    block python >recipe.py
    run 0 "$python" recipe.py sizes.db
    printf '%s\n' "$out" | grep '^[0-9]' | awk '{ print $3, $4, $5 }' >pandas
    cat means differences >all
    agree pandas all 1e-6
fi
if [ -n "$rscript" ]; then
    block r >recipe.R
    run 0 "$rscript" recipe.R sizes.db
    printf '%s\n' "$out" | sed 's/^[0-9]* - 100: //; s/^[0-9]* //' >r
    cat means differences >all
    agree r all 1e-8
fi
finish
