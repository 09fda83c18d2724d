# study.sh: what the studies share. Source it from a study's run.sh, which then stands in its folder out/NAME with `here` as
# the study's own folder. EPSIM is the program: from the environment, build/bin/epsim, or the one on the PATH.
set -euo pipefail
export LC_ALL=C NO_COLOR=1
here=$(cd "$(dirname "$0")" && pwd)
top=$PWD
name=${here##*/}
EPSIM=${EPSIM:-$([ -x build/bin/epsim ] && echo "$top/build/bin/epsim" || command -v epsim)} || {
    echo "run.sh: no program: build it (./test.sh, or cmake as README.md says), or set EPSIM" >&2
    exit 1
}
EPSIM=$(realpath "$EPSIM")
out=${OUT:-$top/out/$name}
mkdir -p "$out"
cp "$here"/*.yaml "$out"
cd "$out"

# readiness_rows PODS: rows of pods that are there from the start and turn ready one a second, from 100s on.
readiness_rows() {
    awk -v pods="$1" 'BEGIN { print "service pod create ready"; for (i = 0; i < pods; i++) printf "web web-%d - %d\n", i, 100 + i }'
}

# sweep NAME: runs NAME.sweep.yaml, or what is missing of it, into NAME.db.
sweep() {
    "$EPSIM" sweep run -q "$1.sweep.yaml" -o "$1.runs"
    "$EPSIM" sweep merge -q --replace "$1.runs" -o "$1.db"
}

# done_in: the last line of a study.
done_in() { echo "$name: done in $SECONDS s; tables and databases are in $out" >&2; }
