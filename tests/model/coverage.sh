#!/usr/bin/env bash
# coverage.sh: which lines and branches of the engine the random programs reach, in a tree of its own. Fails when they reach
# less than 98 % of the lines: then a feature came without a program that uses it. Checks and growing lists are not counted as
# branches, since no program can take their other way; nor is the public interface (engine/epsim.c), which the programs do not
# go through.
#
# Usage: tests/model/coverage.sh [BUILD_DIRECTORY]    (default: build-coverage; needs Debian's gcovr; a minute or two)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
tree=${1:-build-coverage}
mkdir -p "$tree"
log=$tree/coverage.log
command -v gcovr >/dev/null || { echo "coverage.sh: gcovr is not there (Debian: gcovr)" >&2; exit 1; }

cmake -S . -B "$tree" -G Ninja -DCMAKE_C_COMPILER=gcc -DCMAKE_BUILD_TYPE=Debug -DCMAKE_C_FLAGS_DEBUG='-O1 --coverage' \
    -DEPSIM_TESTS=ON >"$log"
cmake --build "$tree" --target test_engine_model_test test_policies_test >>"$log"
find "$tree" -name '*.gcda' -delete
"$tree/tests/test_engine_model_test" >>"$log"
"$tree/tests/test_policies_test" >>"$log" # the packing policies that the plain reconciler does not know
gcovr --root . --object-directory "$tree" --gcov-executable gcov --filter 'sim/engine/' --exclude 'sim/engine/epsim\.c' \
    --exclude-unreachable-branches --exclude-branches-by-pattern '.*(EPSIM_ASSERT|vec_push|vec_reserve).*' \
    --print-summary --fail-under-line 98 "$tree"
