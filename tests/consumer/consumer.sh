#!/usr/bin/env bash
# Installs the package into an empty folder and builds a program against it that lives outside the tree.
# Pins: the exported target, the one public header, that the installed program finds its own files.
set -euo pipefail
source_dir=$PWD
tree=${EPSIM_RELEASE_TREE:-}
if [ -z "$tree" ] || [ ! -x "$tree/bin/epsim" ]; then
    echo "SKIP: EPSIM_RELEASE_TREE names no release build (test.sh sets it)"
    exit 77
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cmake --install "$tree" --prefix "$scratch/prefix" >"$scratch/log"
headers=$(cd "$scratch/prefix/include" && find . -type f | sort | tr '\n' ' ')
[ "$headers" = "./epsim.h " ] || { echo "installed headers: $headers, want epsim.h alone" >&2; exit 1; }
cp -r "$source_dir/tests/consumer" "$scratch/consumer"
cmake -G Ninja -S "$scratch/consumer" -B "$scratch/build" -DCMAKE_PREFIX_PATH="$scratch/prefix" >>"$scratch/log"
cmake --build "$scratch/build" >>"$scratch/log" || { cat "$scratch/log" >&2; exit 1; }
"$scratch/build/consumer"
# The installed program works where it stands, away from the sources.
cd "$scratch"
cp "$source_dir/scenarios/fifteen-by-five.yaml" .
prefix/bin/epsim run fifteen-by-five.yaml -o run.db >/dev/null
prefix/bin/epsim plot run.db --kind slices -o slices.svg
grep -q '<svg' slices.svg
echo "consumer: ok"
