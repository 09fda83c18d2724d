#!/usr/bin/env bash
# Golden walks: every step of two scenarios with every reason, as `epsim step` printed them when somebody last read
# them. A difference is either a bug or a change to be read and taken over with
#     EPSIM=build/bin/epsim tests/golden/step_test.sh --update
set -euo pipefail
: "${EPSIM:?the program to test}"
for name in fifteen-by-five two-port-groups; do
    golden=tests/golden/step/$name.txt
    if [ "${1:-}" = --update ]; then
        "$EPSIM" step "scenarios/$name.yaml" >"$golden"
        echo "wrote $golden"
        continue
    fi
    "$EPSIM" step "scenarios/$name.yaml" | diff -u "$golden" - || { echo "differs from $golden" >&2; exit 1; }
done
echo "step: ok"
