#!/usr/bin/env bash
# The release as users build it, optimised as a whole and by a profile of itself: its digests are those of the program under test; every profile
# is there and fits; a changed source is trained anew; when training fails the release is built without. By ninja and by make. Builds three
# times, so only with EPSIM_TEST_LONG=1. Pins nothing about speed.
set -euo pipefail
if [ -z "${EPSIM_TEST_LONG:-}" ]; then
    echo "SKIP: builds releases, which takes minutes; EPSIM_TEST_LONG=1 asks for it"
    exit 77
fi
command -v gcc >/dev/null || { echo "SKIP: gcc is not here"; exit 77; }
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/source"
cp -r CMakeLists.txt VERSION LICENSE README.md cmake sim analysis scenarios "$scratch/source"

fail() {
    echo "FAILED: $*" >&2
    tail -n 30 "$scratch/log" >&2
    exit 1
}

# build GENERATOR: configures and builds the copy of the source, in a folder of the generator's.
build() {
    cmake -S "$scratch/source" -B "$scratch/$1" -G "$1" -DCMAKE_C_COMPILER=gcc >"$scratch/log" 2>&1 || fail "configuring ($1)"
    cmake --build "$scratch/$1" -j "$(nproc)" >>"$scratch/log" 2>&1 || fail "building ($1)"
    if grep -q 'coverage-mismatch' "$scratch/log"; then fail "a profile does not fit ($1)"; fi
}

# profiles GENERATOR: how many sources are compiled by a profile, and how many have none.
profiles() {
    local stamps with
    stamps=$(find "$scratch/$1/profile" -name '*.stamp' | wc -l)
    with=$(find "$scratch/$1/profile" -name '*.gcda' | wc -l)
    echo "$with with, $((stamps - with)) without"
}

same_digests() {
    EPSIM_DETERMINISM="$EPSIM $scratch/$1/bin/epsim" bash tests/golden/determinism_test.sh || fail "digests ($1)"
}

sources=$(ls sim/{base,kernel,model,engine,scenario,simulation,record,bench}/*.c | wc -l)
build Ninja
[ "$(profiles Ninja)" = "$sources with, 0 without" ] || fail "of $sources sources $(profiles Ninja)"
same_digests Ninja

# A function more: the profile of its source is another one, and nothing else is compiled for that but the trainer's part.
before=$(cat "$scratch/Ninja/profile/base/hash.c.gcda.stamp")
printf '\nuint32_t hash_nothing(void);\nuint32_t hash_nothing(void)\n{\n    return 0;\n}\n' >>"$scratch/source/sim/base/hash.c"
build Ninja
[ "$before" != "$(cat "$scratch/Ninja/profile/base/hash.c.gcda.stamp")" ] || fail "a changed source was not trained anew"
[ "$(profiles Ninja)" = "$sources with, 0 without" ] || fail "after a change, of $sources sources $(profiles Ninja)"
same_digests Ninja

# A trainer that fails: one of its scenarios is none.
echo 'kind: Nonsense' >"$scratch/source/scenarios/nonsense.yaml"
build 'Unix Makefiles'
grep -q 'Built without a profile, since training failed' "$scratch/log" || fail "failing training is not told"
[ "$(profiles 'Unix Makefiles')" = "0 with, $sources without" ] || fail "after failing training, of $sources sources $(profiles 'Unix Makefiles')"
rm "$scratch/source/scenarios/nonsense.yaml"
build 'Unix Makefiles'
[ "$(profiles 'Unix Makefiles')" = "$sources with, 0 without" ] || fail "by make, of $sources sources $(profiles 'Unix Makefiles')"
build 'Unix Makefiles'
if grep -q 'Training' "$scratch/log"; then fail "trained although nothing changed (make)"; fi
cp "$scratch/Unix Makefiles/bin/epsim" "$scratch/by-make"
EPSIM_DETERMINISM="$EPSIM $scratch/by-make" bash tests/golden/determinism_test.sh || fail "digests (make)"
echo "release: $sources profiles by both generators"
