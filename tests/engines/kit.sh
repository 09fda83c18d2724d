# kit.sh: what the tests of engines share: processes that end with their children, and a sweep of some seconds.
# Source it; it brings assert.sh along.
. "$(dirname "${BASH_SOURCE[0]}")/../cli/assert.sh"
PATH=$PATH:/usr/sbin

# family PID: it and all its descendants.
family() {
    local child
    echo "$1"
    for child in $(cat "/proc/$1/task/"*/children 2>/dev/null); do
        family "$child"
    done
}

# within SECONDS COMMAND...: tries it until it succeeds; 1 when time is over. Nothing here waits for anything without such an end.
within() {
    local end=$((SECONDS + $1))
    shift
    until "$@"; do
        [ "$SECONDS" -lt "$end" ] || return 1
        sleep 0.1
    done
}

# results NAME COUNT: so many files of results are there.
results() { [ "$(find "$1.runs" -name 'runs-*.db' 2>/dev/null | wc -l)" -ge "$2" ]; }

# next_port: sets `port` to the next one on which nobody listens.
next_port() {
    local _
    for _ in $(seq 200); do
        port=$((port + 1))
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || return 0
    done
    echo "skipped: no port is free" >&2
    exit 77
}

# make_sweep NAME SIZES: sweep.yaml, 6 runs for each of so many slice sizes.
make_sweep() {
    "$EPSIM" help example >web.yaml
    sed -e '/^  events:/,$d' -e 's/until: 60s/until: 6h/' web.yaml >churn.yaml
    echo "  events: [{at: 1s, churn: deployment/web, rate: 0.1/s, for: 5h}]" >>churn.yaml
    cat >sweep.yaml <<YAML
apiVersion: epsim.dev/v1
kind: Sweep
metadata: {name: $1}
spec:
  scenario: churn.yaml
  parameters: {controllers.maxEndpointsPerSlice: 1..$2}
  repetitions: 6
YAML
}

# same_as_straight NAME: what is in NAME.runs, merged, is what one thread makes of it.
same_as_straight() {
    run 0 "$EPSIM" sweep run -q sweep.yaml -o straight.runs -j 1
    run 0 "$EPSIM" sweep merge -q straight.runs -o straight.db
    run 0 "$EPSIM" sweep merge "$1.runs" -o "$1.db"
    run 0 "$EPSIM" compare --exact straight.db "$1.db"
}
