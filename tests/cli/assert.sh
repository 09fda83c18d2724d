# assert.sh: what the tests of the command line share. Source it; it makes a folder of its own, which goes
# at the end, and leaves EPSIM as an absolute path.
#
#     run 2 "$EPSIM" run            # runs it, keeps $out and $err, and wants exit code 2
#     has "$err" "no scenario file" # wants a fixed text in it
#     finish                        # exit code of the test
set -u
: "${EPSIM:?the path of the program}"
EPSIM=$(realpath "$EPSIM")
top=$(pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
export LC_ALL=C NO_COLOR=1
failures=0
checks=0

fail() {
    failures=$((failures + 1))
    printf 'FAILED line %s: %s\n' "${BASH_LINENO[${#BASH_LINENO[@]} - 2]}" "$*" >&2
}

# run CODE COMMAND...: standard input is that of the caller.
run() {
    local expected=$1 code=0
    shift
    "$@" >"$work/.out" 2>"$work/.err" || code=$?
    out=$(cat "$work/.out")
    err=$(cat "$work/.err")
    checks=$((checks + 1))
    if [ "$code" -ne "$expected" ]; then
        fail "exit code $code instead of $expected: ${*##*/}"
        printf '%s\n' "--- stdout" "$out" "--- stderr" "$err" >&2
    fi
}

has() {
    checks=$((checks + 1))
    case $1 in *"$2"*) ;; *) fail "no '$2' in: $1" ;; esac
}

has_not() {
    checks=$((checks + 1))
    case $1 in *"$2"*) fail "'$2' in: $1" ;; esac
}

same() {
    checks=$((checks + 1))
    [ "$1" = "$2" ] || fail "'$1' is not '$2'"
}

missing() {
    checks=$((checks + 1))
    [ ! -e "$1" ] || fail "$1 is there"
}

# widest TEXT: columns of its longest line.
widest() { printf '%s\n' "$1" | awk '{ if (length($0) > n) n = length($0) } END { print n + 0 }'; }

# Prints a scenario that would go on for long: deaths at random for a year.
long_scenario() {
    cat <<'YAML'
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 500
  selector: {matchLabels: {app: web}}
  template: {metadata: {labels: {app: web}}}
---
apiVersion: epsim.dev/v1
kind: Scenario
metadata: {name: long}
spec:
  until: 365d
  events:
  - {at: 1s, churn: deployment/web, rate: 10/s, for: 364d}
YAML
}

finish() {
    if [ "$checks" -eq 0 ]; then
        echo "no check was made" >&2
        exit 1
    fi
    printf '%s checks, %s failed\n' "$checks" "$failures"
    [ "$failures" -eq 0 ]
    exit
}
