#!/usr/bin/env bash
# Nothing includes upward: base <- kernel <- model <- engine <- {scenario <- simulation <- walk, record, verify} <- experiment <- bench <- cli. Pins the
# layering of sim/, that the modules of the lowest three layers are in an order too, and that the test itself notices
# includes that break either.
set -euo pipefail

declare -A may=(
    [base]="base"
    [kernel]="base kernel"
    [model]="base kernel model"
    [engine]="base kernel model engine epsim.h"
    [scenario]="base kernel model engine scenario"
    [simulation]="base kernel model engine scenario simulation"
    [walk]="base kernel model engine scenario simulation walk"
    [record]="base kernel model engine record"
    [verify]="base kernel model engine verify"
    [experiment]="base kernel model engine scenario simulation record experiment"
    [bench]="base kernel model engine scenario simulation record experiment bench"
    [cli]="base kernel model engine scenario simulation record verify walk experiment bench cli"
)

# violations DIR: prints every include of DIR/<layer>/ that goes where it may not.
violations() {
    local sim=$1 layer file included target
    for layer in "${!may[@]}"; do
        while IFS=: read -r file included; do
            target=${included%%/*}
            case " ${may[$layer]} " in
            *" $target "*) ;;
            *) echo "$file includes \"$included\", but $layer may include only: ${may[$layer]}" ;;
            esac
        done < <(grep -rHoE '^#include "[^"]+"' "$sim/$layer" --include='*.[ch]' |
            sed -E 's/^([^:]+):#include "([^"]+)"/\1:\2/')
    done
}

# An injected fault must be caught.
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir -p "$scratch"/{base,kernel,model,engine,scenario,simulation,walk,record,verify,experiment,bench,cli}
echo '#include "engine/engine.h"' >"$scratch/model/wrong.c"
[ "$(violations "$scratch" 2>/dev/null | wc -l)" -eq 1 ] || { echo "the test misses a wrong include" >&2; exit 1; }

# circles DIR LAYER: what tsort says of modules (a .c and its .h) of the layer that include each other in a circle.
# text.h includes the small formats that write into it, for convenience.
circles() {
    grep -rHoE "^#include \"$2/[^\"]+\"" "$1/$2" --include='*.[ch]' |
        sed -E "s|^$1/([^:]+)\.[ch]:#include \"(.+)\.h\"|\1 \2|" | grep -v '^base/text base/' |
        awk '$1 != $2' | tsort 2>&1 >/dev/null || true
}
mkdir -p "$scratch/model"
echo '#include "model/a.h"' >"$scratch/model/b.h"
echo '#include "model/b.h"' >"$scratch/model/a.c"
[ -n "$(circles "$scratch" model)" ] || { echo "the test misses a circle" >&2; exit 1; }
for layer in base kernel model; do
    found=$(circles sim "$layer")
    [ -z "$found" ] || { echo "modules of sim/$layer include each other in a circle: $found" >&2; exit 1; }
done

found=$(violations sim)
[ -z "$found" ] || { echo "$found" >&2; exit 1; }

# The core needs nothing but libc and libm.
outside=$(grep -rnE '^#include <(libfyaml|sqlite3|zlib|jansson|pthread)' sim/base sim/kernel sim/model sim/engine || true)
[ -z "$outside" ] || { echo "$outside" >&2; exit 1; }
# Distributions may not depend on libm's last bit.
libm=$(grep -rnwE '(log|exp|pow|sin|cos|log2|log10|expm1|log1p|cbrt|erf|tgamma|lgamma)f?\(' sim/base sim/kernel sim/model sim/engine \
    --include='*.c' | grep -vE '^\S+\s*(\*|//|/\*)' || true)
[ -z "$libm" ] || { echo "$libm" >&2; exit 1; }
# The core does not look at the wall clock.
clock=$(grep -rnwE '(time|clock_gettime|gettimeofday|getpid|rand|random|srand)\(' sim/base sim/kernel sim/model sim/engine \
    --include='*.c' || true)
[ -z "$clock" ] || { echo "$clock" >&2; exit 1; }
echo "layers: ok"
