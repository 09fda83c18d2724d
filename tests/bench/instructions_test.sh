#!/usr/bin/env bash
# How many instructions a handful of small benchmarks take, counted by callgrind inside their measured part, against
# the numbers in instructions.golden: a count is repeatable where a time is not. More than 5 % above fails; more than
# 5 % below is told, since the numbers then guard less than they could.
#
#     tests/bench/instructions_test.sh            the test; needs EPSIM_RELEASE_TREE, a tree built by gcc -O3
#     tests/bench/instructions_test.sh --record   writes the numbers anew
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
golden=tests/bench/instructions.golden
tolerance_percent=5

# case and --scale: seconds under valgrind, which is fifty times slower.
cases="
kernel/mm1 2
kernel/hold/1k 2
pod-events/1k/ready 10
pod-events/1k/replace 10
pod-events/1k/relabel 10
pod-events/10k/ready 10
services/1k/all 10
watchers/5k 1
pipeline/replace 10
pipeline/replay 10
parse/manifest 2
parse/csv 5
recorder/adds 2
"

skip() {
    echo "SKIP: $1"
    exit 77
}

command -v valgrind >/dev/null || skip "valgrind is not here"
[ -n "${EPSIM_RELEASE_TREE:-}" ] || skip "EPSIM_RELEASE_TREE names no tree built by gcc -O3"
epsim=$EPSIM_RELEASE_TREE/bin/epsim
[ -x "$epsim" ] || skip "there is no $epsim"
compiler=$("$epsim" bench start/smallest --repeat 1 --json | sed -n 's/.*"compiler": "\([^"]*\)".*/\1/p')
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# count CASE SCALE: instructions of one sample.
count() {
    valgrind --tool=callgrind --toggle-collect='bench_take_sample*' --callgrind-out-file="$scratch/out" \
        "$epsim" bench "$1" --repeat 1 --scale "$2" -q >"$scratch/log" 2>&1 || {
        cat "$scratch/log" >&2
        return 1
    }
    sed -n 's/^\(summary\|totals\): \([0-9]*\).*/\2/p' "$scratch/out" | head -n 1
}

if [ "${1:-}" = --record ]; then
    {
        echo "# Instructions of one sample: case, --scale, count. Written by instructions_test.sh --record."
        echo "compiler $compiler"
        while read -r name scale; do
            [ -z "$name" ] || echo "$name $scale $(count "$name" "$scale")"
        done <<<"$cases"
    } >"$scratch/golden"
    mv "$scratch/golden" "$golden"
    cat "$golden"
    exit 0
fi

recorded=$(sed -n 's/^compiler //p' "$golden")
[ "$recorded" = "$compiler" ] || skip "the numbers are of $recorded, this is $compiler"
failed=0 checked=0
while read -r name scale wanted; do
    case $name in '#' | compiler | '') continue ;; esac
    got=$(count "$name" "$scale")
    checked=$((checked + 1))
    change=$(awk -v got="$got" -v wanted="$wanted" 'BEGIN { printf "%+.1f", 100 * (got - wanted) / wanted }')
    printf '%-24s %12d instructions, %s %%\n' "$name" "$got" "$change"
    if awk -v c="$change" -v t=$tolerance_percent 'BEGIN { exit !(c > t) }'; then
        echo "FAILED: $name takes $change % more than recorded ($wanted)"
        failed=$((failed + 1))
    elif awk -v c="$change" -v t=$tolerance_percent 'BEGIN { exit !(c < -t) }'; then
        echo "hint: $name takes clearly less than recorded; $0 --record keeps that"
    fi
done <"$golden"
[ "$checked" -eq "$(wc -w <<<"$cases" | awk '{ print $1 / 2 }')" ] || {
    echo "FAILED: $golden does not have every case"
    failed=$((failed + 1))
}
[ "$failed" -eq 0 ] || { echo "If that is meant to be so: $0 --record"; exit 1; }
echo "$checked counts within $tolerance_percent %"
