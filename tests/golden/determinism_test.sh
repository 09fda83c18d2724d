#!/usr/bin/env bash
# One digest for one (scenario, seed, version): from gcc and clang, -O0 and -O3, with and without recorder and trace,
# twice; another seed gives another. EPSIM_DETERMINISM names the programs (test.sh builds them).
set -euo pipefail
if [ -z "${EPSIM_DETERMINISM:-}" ]; then
    echo "SKIP: EPSIM_DETERMINISM names no programs (test.sh sets it)"
    exit 77
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

digest() {
    "$@" --format json | sed -n 's/.*"digest": *"\([0-9a-f]\{16\}\)".*/\1/p' | head -n 1
}

read -r -a programs <<<"$EPSIM_DETERMINISM"
[ ${#programs[@]} -ge 2 ] || { echo "only ${#programs[@]} programs to compare" >&2; exit 1; }
compared=0
for file in scenarios/*.yaml; do
    want=$(digest "${programs[0]}" run "$file")
    [ ${#want} -eq 16 ] || { echo "$file: no digest" >&2; exit 1; }
    for program in "${programs[@]}"; do
        for extra in "" "-o $scratch/x.db --replace" "--trace $scratch/x.ndjson --replace"; do
            # shellcheck disable=SC2086
            got=$(digest "$program" run "$file" $extra)
            [ "$got" = "$want" ] || { echo "$program run $file $extra: $got, want $want" >&2; exit 1; }
            compared=$((compared + 1))
        done
    done
done
other=$(digest "${programs[0]}" run scenarios/fragmentation.yaml --seed 2)
[ "$other" != "$(digest "${programs[0]}" run scenarios/fragmentation.yaml)" ] || { echo "the seed does nothing" >&2; exit 1; }
echo "determinism: $compared runs agree"
