#!/usr/bin/env bash
# release.sh: builds the harness with the controllers of another Kubernetes release.
set -euo pipefail

usage() {
    cat <<'T'
usage: release.sh VERSION DIR

Copies the harness to DIR, points its go.mod at VERSION of Kubernetes (the staging modules k8s.io/* of the same
release take the place of v0.0.0), and builds DIR/harness.

Example:
  ./release.sh v1.34.4 /tmp/harness-1.34 && /tmp/harness-1.34/harness steps -o steps.ndjson.gz
T
}

case ${1-} in
-h | --help) usage; exit 0 ;;
v1.[0-9]*.[0-9]*) [ $# -eq 2 ] || { usage >&2; exit 2; } ;;
*) usage >&2; exit 2 ;;
esac
version=$1 dir=$2
staging=v0${version#v1}
minor=${version#v1.}
minor=${minor%%.*}

mkdir -p "$dir"
cp "$(dirname "${BASH_SOURCE[0]}")"/*.{go,s} "$dir"
cd "$dir"
rm -f go.mod go.sum
gomod=$(go mod download -json "k8s.io/kubernetes@$version" | sed -n 's/^\t"GoMod": "\(.*\)",$/\1/p')
{
    echo "module epsim/harness"
    sed -n '/^go 1/p; /^godebug /p' "$gomod"
    echo "require k8s.io/kubernetes $version"
    echo "replace ("
    sed -n "s/^\tk8s\.io\/\([a-z-]*\) v0\.0\.0\$/\tk8s.io\/\1 => k8s.io\/\1 $staging/p" "$gomod"
    echo ")"
} >go.mod
go mod tidy
tags=kube1$minor # what differs between releases is in files with build tags

# check_signatures: the linker takes any signature for a function that is reached by its name; so look before.
check_signatures() {
    local file name package arguments source failed=0
    for file in $(go list -tags "$tags" -f '{{join .GoFiles " "}}'); do
        while read -r package name arguments; do
            source=$(go list -tags "$tags" -f '{{.Dir}}' "$package")
            grep -qhF "Controller) $name($arguments {" "$source"/*_controller.go ||
                { echo "release.sh: $version has no $package $name($arguments" >&2; failed=1; }
        done < <(sed -n '/^\/\/go:linkname/{N; s/^.* \(k8s[^ ]*\)\.(\*Controller)\.\(.*\)\nfunc [a-zA-Z]*(c [^,]*\(, \)\{0,1\}\(.*\)$/\1 \2 \4/p}' "$file")
    done
    return $failed
}
check_signatures
go build -tags "$tags" -o harness .
echo "built $dir/harness of $version"
