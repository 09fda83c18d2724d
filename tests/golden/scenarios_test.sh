#!/usr/bin/env bash
# Every scenario of the library holds what it promises, and says so when it does not.
# Pins: all expectations of scenarios/*.yaml; that breaking any single one makes `epsim check` exit 1 and name the
# line and what it got. Does not pin: how the rest of the output looks (see golden_test.sh).
set -euo pipefail
: "${EPSIM:?the program to test}"
shopt -s nullglob
scenarios=(scenarios/*.yaml)
[ ${#scenarios[@]} -ge 12 ] || { echo "only ${#scenarios[@]} scenarios" >&2; exit 1; }

for file in "${scenarios[@]}"; do
    grep -q '^  expect:' "$file" || { echo "$file expects nothing" >&2; exit 1; }
    "$EPSIM" check "$file" >/dev/null || { "$EPSIM" check "$file" >&2 || true; exit 1; }
done
echo "${#scenarios[@]} scenarios hold"

exec python3 tests/golden/break_expectations.py "$EPSIM" "${scenarios[@]}"
