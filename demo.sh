#!/usr/bin/env bash
# demo.sh: installs what is missing, builds a release, runs the demo scenarios and shows what comes out:
# summaries on the terminal, a database and pictures a scenario under ./out/.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. .ci/packages.sh

step() { printf '\n== %s\n' "$*"; }
trap 'echo "demo.sh: failed at: ${current:-start}" >&2' ERR

current="installing packages"
step "Packages"
install_packages "${EPSIM_BUILD_PACKAGES[@]}" "${EPSIM_RUN_PACKAGES[@]}"

current="building"
step "Build (release, in ./build)"
mkdir -p out
if ! { cmake -S . -B build -G Ninja -DCMAKE_BUILD_TYPE=Release && cmake --build build; } >out/build.log 2>&1; then
    tail -n 30 out/build.log >&2
    echo "demo.sh: the build failed; the whole log is in out/build.log" >&2
    exit 1
fi
epsim=build/bin/epsim
echo "$("$epsim" --version): $epsim"

written=()
# demo NAME FILE: runs one scenario, keeps its summary, database and pictures.
demo() {
    local name=$1 file=$2
    current="scenario $file"
    step "epsim run $file -o out/$name.db --replace"
    "$epsim" run "$file" -o "out/$name.db" --replace | tee "out/$name.txt"
    local kind
    for kind in overview endpoints slices fill churn bytes; do
        current="picture $kind of $file"
        "$epsim" plot "out/$name.db" --kind "$kind" -o "out/$name-$kind.png"
        "$epsim" plot "out/$name.db" --kind "$kind" -o "out/$name-$kind.svg"
    done
    written+=("out/$name.txt" "out/$name.db" "out/$name-{overview,endpoints,slices,fill,churn,bytes}.{png,svg}")
}

demo fifteen-by-five scenarios/fifteen-by-five.yaml
demo mysvc scenarios/two-port-groups.yaml
demo truncation scenarios/truncation.yaml
demo rolling-update scenarios/rolling-update.yaml
demo fragmentation scenarios/fragmentation.yaml

# A month of a real production cluster where the recording is at hand; its synthetic look-alike elsewhere.
trace=../shared/data/alibaba_v2025_dlrm_instances.csv
if [ -r "$trace" ]; then
    current="importing $trace"
    step "epsim import csv $trace ... -o out/dlrm.yaml"
    "$epsim" import csv "$trace" --service app_name --pod instance_sn --create creation_time \
        --delete deletion_time -o out/dlrm.yaml --force
    demo dlrm out/dlrm.yaml
else
    echo
    echo "The month of a production cluster ($trace) is not here; its synthetic look-alike runs instead."
    demo month scenarios/synthetic-month.yaml
fi

current="looking at the objects"
step "epsim get endpointslices --at 5s scenarios/fifteen-by-five.yaml"
"$epsim" get endpointslices --at 5s scenarios/fifteen-by-five.yaml

step "Written"
printf '%s\n' "${written[@]}"
