# step: what is printed off a terminal, from which source and which steps; that it agrees with `get`; the keys and
# the terminal's state on a terminal (with tmux, where that is there).
. "$(dirname "$0")/assert.sh"
"$EPSIM" help example >web.yaml

# Printed, not being a terminal: a block a step.
run 0 "$EPSIM" step web.yaml
same "$err" ""
same "$(printf '%s\n' "$out" | head -n 3)" "$(printf 'step 1 at 0s\n  web.yaml:4: create service/web\n  service/web is there')"
has "$out" "    - there is no Endpoints object yet: it is created, with 0 addresses [E-60]"
has "$out" "    web-b5g22 [####+] 5 of 5 (changed)"
all=$out
run 0 "$EPSIM" step --print web.yaml
same "$out" "$all"
run 0 "$EPSIM" step web.yaml --set controllers.maxEndpointsPerSlice=100
has "$out" "1 of 100"
has_not "$out" "of 5"

# Standard input is the scenario and nothing else.
run 0 bash -c "\"\$0\" step - <web.yaml" "$EPSIM"
same "$(printf '%s\n' "$out" | sed 's/<stdin>/web.yaml/')" "$all"
run 0 bash -c "printf 'nnnq' | \"\$0\" step web.yaml" "$EPSIM"
same "$out" "$all"

# Which steps.
run 0 "$EPSIM" step --from 20s --to 20s web.yaml
same "$(printf '%s\n' "$out" | grep -c '^step .* at 20s$')" "$(printf '%s\n' "$out" | grep -c '^step ')"
has "$out" "at 20s"
run 0 "$EPSIM" step --to 0s web.yaml
same "$(printf '%s\n' "$out" | grep '^step' | grep -vc ' at 0s$')" 0
run 0 "$EPSIM" step --service web web.yaml
has_not "$out" "create deployment/web" # a step about nobody's objects
has "$out" "Service web: 15 pods, 15 ready; Endpoints lists 15; 3 slices"
run 0 "$EPSIM" step -n default web.yaml
has "$out" "Service web: 15 pods"
run 1 "$EPSIM" step --service nope web.yaml
same "$out" ""
has "$err" "no step is about Service nope in namespace default"
run 1 "$EPSIM" step --service web -n kube-system web.yaml
has "$err" "no step is about Service web in namespace kube-system"

# Nothing happens.
printf 'apiVersion: epsim.dev/v1\nkind: Scenario\nmetadata: {name: empty}\nspec: {until: 5s}\n' >empty.yaml
run 0 "$EPSIM" step empty.yaml
same "$out" ""
has "$err" "nothing happens"

# Mistakes.
run 2 "$EPSIM" step
has "$err" "no SOURCE given"
run 2 "$EPSIM" step --print --json web.yaml
has "$err" "--print and --json exclude each other"
run 2 "$EPSIM" step --from 5s --to 1s web.yaml
has "$err" "--from lies after --to"
run 2 "$EPSIM" step --from soon web.yaml
has "$err" "soon"
run 2 "$EPSIM" step nofile.yaml
has "$err" "nofile.yaml: No such file"
printf 'kind: Scenario\napiVersion: epsim.dev/v1\nmetadata: {name: x}\nspec: {until: 5s, evnts: []}\n' >bad.yaml
run 2 "$EPSIM" step bad.yaml
has "$err" "bad.yaml:4:19: error: unknown field 'evnts'"
run 2 "$EPSIM" step --run-id 1 web.yaml
has "$err" "--run-id has a meaning only with a database"

# A run that fails is shown up to there.
cat >twice.yaml <<'END'
{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {selector: {app: web}, ports: [{port: 80}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: a, labels: {app: web}}}
---
apiVersion: epsim.dev/v1
kind: Scenario
metadata: {name: twice}
spec:
  events:
  - {at: 1s, delete: pod/a}
  - {at: 2s, delete: pod/a}
END
run 1 "$EPSIM" step twice.yaml
has "$out" "pod/a is gone"
has "$err" "twice.yaml:11:"

# A recorded run.
"$EPSIM" run web.yaml -o web.db >/dev/null
run 0 "$EPSIM" step web.db
same "$out" "$all"
run 2 "$EPSIM" step web.db --seed 2
has "$err" "a recorded run has its own"
run 2 "$EPSIM" step web.db --run-id 7
if command -v sqlite3 >/dev/null; then
    sqlite3 web.db "UPDATE runs SET digest = '0000000000000000'"
    run 1 "$EPSIM" step web.db
    same "$out" ""
    has "$err" "digest"
fi

# A reader that leaves.
run 0 bash -c "\"\$0\" step web.yaml | head -n 1 >/dev/null" "$EPSIM"

# Terminals are never written to with escapes unless they are one.
run 0 env TERM=xterm "$EPSIM" step web.yaml
has_not "$out" "$(printf '\033')"

# JSON, and that every instant's last step is what `get` shows: slices and their endpoints, and the Endpoints object.
run 0 "$EPSIM" step --json web.yaml
same "$(printf '%s\n' "$out" | head -n 1 | cut -c 1-33)" '{"step":1,"t_ns":0,"events":4,"wr'
has "$out" '"decision":"fill-unchanged","rule":"S-44"'
has "$out" '"type":"cause","file":"web.yaml","line":4,"column":18,"text":"create service/web"'
if command -v python3 >/dev/null; then
    for scenario in web.yaml "$top"/scenarios/{readiness,relabel,two-port-groups,scale-to-zero,terminating,mirroring}.yaml; do
        run 0 python3 - "$EPSIM" "$scenario" <<'END'
import json, subprocess, sys
epsim, scenario = sys.argv[1:]
def get(kind, at_ns):
    text = subprocess.run([epsim, "get", kind, "-A", "-o", "json", "--at", f"{at_ns}ns", scenario],
                          check=True, capture_output=True, text=True).stdout
    return json.loads(text)["items"]
steps = [json.loads(line) for line in
         subprocess.run([epsim, "step", "--json", scenario], check=True, capture_output=True, text=True).stdout.splitlines()]
services, checked = {}, 0
for i, step in enumerate(steps):
    for service in step["services"]:
        services[service["namespace"], service["service"]] = service
    if i + 1 < len(steps) and steps[i + 1]["t_ns"] == step["t_ns"]:
        continue
    shown = sorted((key[0], slice["name"], slice["addressType"], slice["endpoints"])
                   for key, service in services.items() for slice in service["slices"])
    there = sorted((item["metadata"]["namespace"], item["metadata"]["name"], item["addressType"],
                    len(item["endpoints"] or [])) for item in get("endpointslices", step["t_ns"]))
    assert shown == there, (step["t_ns"], shown, there)
    shown = sorted((key[0], key[1], service["ep_ready"], service["ep_not_ready"])
                   for key, service in services.items() if service["has_endpoints"])
    there = sorted((item["metadata"]["namespace"], item["metadata"]["name"],
                    sum(len(s.get("addresses", [])) for s in item.get("subsets") or []),
                    sum(len(s.get("notReadyAddresses", [])) for s in item.get("subsets") or []))
                   for item in get("endpoints", step["t_ns"]))
    assert shown == there, (step["t_ns"], shown, there)
    checked += 1
assert checked > 0
END
    done
fi

# On a terminal: keys, sizes, Ctrl-Z and Ctrl-C.
if ! command -v tmux >/dev/null; then
    echo "SKIP: tmux is not here, so no terminal was tried"
    finish
fi
export TMUX_TMPDIR=$work
tm() { tmux -L step "$@"; }
trap 'tmux -L step kill-server 2>/dev/null; rm -rf "$work"' EXIT
# shows TEXT: it comes to stand on the screen, in 10 s at most.
shows() {
    local i
    checks=$((checks + 1))
    for ((i = 0; i < 100; i++)); do
        screen=$(tm capture-pane -p -t 0)
        case $screen in *"$1"*) return ;; esac
        sleep 0.1
    done
    fail "no '$1' on the screen: $screen"
}
tm -f /dev/null new-session -d -x 80 -y 24 "bash --norc --noprofile"
tm send-keys -t 0 "PS1='ready> '; stty -a | tail -n +2 >before" Enter
shows "ready>"
tm send-keys -t 0 "clear; unset NO_COLOR; LC_ALL=C.UTF-8 '$EPSIM' step web.yaml" Enter
shows "the start: nothing has happened yet"
tm send-keys -t 0 n
shows "step 1 at 0s"
shows "a Service always has one"
tm send-keys -t 0 2n
shows "step 3 at 0s"
shows "█····" # in UTF-8
checks=$((checks + 1))
tm capture-pane -p -e -t 0 | grep -q "$(printf '\033\\[.*32m')" || fail "what is new has no colour"
tm send-keys -t 0 b
shows "step 2 at 0s"
tm send-keys -t 0 c
shows "step 3 at 0s"
tm send-keys -t 0 t
shows "to which time"
tm send-keys -t 0 soon Enter
shows "'soon' is no time"
tm send-keys -t 0 t
shows "to which time"
tm send-keys -t 0 20s Enter
shows " at 20s"
tm send-keys -t 0 0
shows "the start"
tm send-keys -t 0 G
shows "the run is over"
tm send-keys -t 0 s
shows "which Service"
tm send-keys -t 0 web Enter
shows "Service default/web alone"
tm send-keys -t 0 '?'
shows "one step back"
tm send-keys -t 0 x
shows "Service default/web alone"
tm resize-window -t 0 -x 50 -y 12
shows "more lines: j"
checks=$((checks + 1))
[ "$(printf '%s\n' "$screen" | LC_ALL=C.UTF-8 wc -L)" -le 50 ] || fail "a row is wider than the terminal"
tm send-keys -t 0 C-z
shows "Stopped"
tm send-keys -t 0 "clear; stty -a | tail -n +2 | diff - before && echo as-before" Enter
shows "as-before"
tm send-keys -t 0 fg Enter
shows "alone"
tm send-keys -t 0 q
shows "ready>"
tm send-keys -t 0 "clear; NO_COLOR=1 LC_ALL=C '$EPSIM' step --from 20s web.yaml" Enter
shows "at 10s"
tm send-keys -t 0 n
shows "at 20s"
checks=$((checks + 1))
tm capture-pane -p -e -t 0 | grep -q "$(printf '\033\\[[0-9;]*m')" && fail "colours in spite of NO_COLOR"
case $screen in *█*) fail "UTF-8 in a terminal that has none" ;; esac
tm send-keys -t 0 C-c
shows "ready>"
tm send-keys -t 0 "echo code \$?" Enter
shows "code 130"
tm send-keys -t 0 "clear; stty -a | tail -n +2 | diff - before && echo as-before" Enter
shows "as-before"
finish
