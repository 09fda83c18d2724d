#!/usr/bin/env bash
# test.sh: installs what tests need, builds with assertions and sanitizers, and runs everything; at most 25 minutes
# on 2 cores. --long adds what takes longer: long fuzzing, larger random batches, every compiler with every
# sanitizer, deliberate faults. The last line counts the tests.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. .ci/packages.sh

usage() {
    cat <<'T'
usage: ./test.sh [--long] [-h | --help]

Builds into ./build-test/ and prints a line a test; logs of what failed are shown and kept there.
  --long    also: long fuzzing, larger random batches, every compiler with every sanitizer; sweeps by GNU
            parallel and Slurm, which it installs; releases by ninja and by make; deliberate faults, each of
            which a test must notice; how much of the engine the random programs reach; about two hours
            (EPSIM_FUZZ_SECONDS: how long each fuzzer runs, 600 by default)

Example:
  ./test.sh
T
}

long=0
for argument in "$@"; do
    case $argument in
    --long) long=1 ;;
    -h | --help) usage; exit 0 ;;
    *) echo "test.sh: unknown option '$argument'" >&2; usage >&2; exit 2 ;;
    esac
done

top=$PWD/build-test
jobs=$(nproc)
passed=0 failed=0 skipped=0
failures=()
started=$SECONDS
mkdir -p "$top"

# finish: the count, alone on the last line.
finish() {
    echo
    local name
    for name in "${failures[@]}"; do
        echo "FAILED: $name"
    done
    echo "took $(((SECONDS - started) / 60)) min $(((SECONDS - started) % 60)) s; logs are in build-test/"
    echo "$passed passed, $failed failed, $skipped skipped"
    [ "$failed" -eq 0 ]
    exit
}

# check NAME COMMAND...: one test; its output is shown only when it fails.
check() {
    local name=$1 log began=$SECONDS
    shift
    log=$top/${name//[^A-Za-z0-9._-]/_}.log
    if "$@" >"$log" 2>&1 </dev/null; then
        passed=$((passed + 1))
        printf 'ok      %-50s %4d s\n' "$name" $((SECONDS - began))
        return 0
    fi
    failed=$((failed + 1))
    failures+=("$name (log: ${log#"$PWD"/})")
    printf 'FAILED  %-50s %4d s\n' "$name" $((SECONDS - began))
    tail -n 40 "$log" | sed 's/^/    /'
    return 1
}

# configure_and_build DIR OPTION...: a build tree of its own.
configure_and_build() {
    local dir=$1
    shift
    cmake -S . -B "$dir" -G Ninja "$@" && cmake --build "$dir" -j "$jobs"
}

# run_ctest DIR [OPTION...]: runs a tree's tests and adds up what they say.
run_ctest() {
    local dir=$1 report=$1/ctest.xml
    shift
    rm -f "$report"
    ctest --test-dir "$dir" -j "$jobs" --output-on-failure --no-tests=error --timeout 7200 --output-junit "$report" "$@" </dev/null |
        grep -vE '^ +Start |^Test project|^$'
    if [ ! -s "$report" ]; then
        failed=$((failed + 1))
        failures+=("ctest in ${dir#"$PWD"/} left no report")
        return
    fi
    local name status
    while read -r status name; do
        case $status in
        run) passed=$((passed + 1)) ;;
        fail) failed=$((failed + 1)); failures+=("$name") ;;
        *) skipped=$((skipped + 1)); echo "skipped: $name" ;;
        esac
    done < <(sed -n 's/.*<testcase name="\([^"]*\)".* status="\([a-z]*\)".*/\2 \1/p' "$report")
}

echo "== Packages"
check packages install_packages "${EPSIM_BUILD_PACKAGES[@]}" "${EPSIM_RUN_PACKAGES[@]}" "${EPSIM_TEST_PACKAGES[@]}" ||
    finish
[ "$long" -eq 0 ] || check engine-packages install_packages "${EPSIM_ENGINE_PACKAGES[@]}"
[ "$long" -eq 0 ] || check look-packages install_packages "${EPSIM_LOOK_PACKAGES[@]}"

echo "== Builds"
sanitizers=address,undefined
export ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1 UBSAN_OPTIONS=print_stacktrace=1
check build-gcc-sanitizers configure_and_build "$top/gcc-san" -DCMAKE_C_COMPILER=gcc -DCMAKE_BUILD_TYPE=Debug \
    -DCMAKE_C_FLAGS_DEBUG='-O1 -g1' -DEPSIM_TESTS=ON -DEPSIM_DEBUG_CHECKS=ON -DEPSIM_SANITIZE=$sanitizers || finish
# The same program by both compilers, without and with optimisation: their digests must agree.
trees=()
for compiler in gcc clang; do
    for level in O0 O3; do
        tree=$top/$compiler-$level
        check "build-$compiler-$level" configure_and_build "$tree" -DCMAKE_C_COMPILER=$compiler \
            -DCMAKE_BUILD_TYPE=None -DCMAKE_C_FLAGS=-$level && trees+=("$tree/bin/epsim")
    done
done

echo "== Tests (gcc, $sanitizers)"
export EPSIM_RELEASE_TREE=$top/gcc-O3
export EPSIM_DETERMINISM="${trees[*]}"
unset EPSIM_TEST_LONG
[ "$long" -eq 0 ] || export EPSIM_TEST_LONG=1
run_ctest "$top/gcc-san"

if [ "$long" -eq 1 ]; then
    unset EPSIM_TEST_LONG
    echo "== Every compiler with every sanitizer"
    for compiler in gcc clang; do
        for sanitizer in address,undefined thread; do
            tree=$top/long-$compiler-${sanitizer//,/-}
            check "build-$compiler-$sanitizer" configure_and_build "$tree" -DCMAKE_C_COMPILER=$compiler \
                -DCMAKE_BUILD_TYPE=Debug -DCMAKE_C_FLAGS_DEBUG='-O1 -g1' -DEPSIM_TESTS=ON -DEPSIM_SANITIZE=$sanitizer &&
                run_ctest "$tree"
        done
    done
    echo "== Lines of the engine that random programs reach"
    check coverage tests/model/coverage.sh "$top/coverage"
    echo "== Deliberate faults"
    check mutation python3 tests/mutation/run.py -j "$jobs"
    echo "== Fuzzing"
    check build-fuzzers configure_and_build "$top/fuzz" -DCMAKE_C_COMPILER=clang -DCMAKE_BUILD_TYPE=Debug \
        -DEPSIM_TESTS=ON -DEPSIM_FUZZ=ON -DEPSIM_SANITIZE=$sanitizers &&
        for fuzzer in "$top"/fuzz/tests/fuzz_*; do
            name=$(basename "$fuzzer")
            mkdir -p "$top/corpus-$name"
            check "$name" "$fuzzer" -max_total_time="${EPSIM_FUZZ_SECONDS:-600}" -timeout=20 -rss_limit_mb=4096 "$top/corpus-$name" \
                scenarios tests/bad
        done
fi
finish
