#!/usr/bin/env bash
# Golden scenarios: the digest and the last state of every Service, scenario by scenario, as they were when somebody
# last looked at them. A difference is either a bug or a change to be looked at and taken over with
#     EPSIM=build/bin/epsim tests/golden/golden_test.sh --update
set -euo pipefail
: "${EPSIM:?the program to test}"
golden=tests/golden/scenarios.golden

produce() {
    local file
    for file in scenarios/*.yaml; do
        echo "== $(basename "$file" .yaml)"
        "$EPSIM" run "$file" --format json | sed -n 's/.*"digest": *"\([0-9a-f]*\)".*/digest \1/p' | head -n 1
        if [ "$(basename "$file")" = synthetic-month.yaml ]; then
            "$EPSIM" run "$file" --format csv | head -n 6
        else
            "$EPSIM" run "$file" --format csv
        fi
    done
}

if [ "${1:-}" = --update ]; then
    produce >"$golden"
    echo "wrote $golden"
    exit
fi
produce | diff -u "$golden" - || { echo "differs from $golden" >&2; exit 1; }
echo "golden: ok"
