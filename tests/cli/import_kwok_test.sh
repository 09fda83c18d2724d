# import kwok: which stages count and what their delays become; a run with them; mixtures; what is refused.
. "$(dirname "$0")/assert.sh"
"$EPSIM" help example-kwok >stages.yaml

run 0 "$EPSIM" import kwok stages.yaml -o delays.yaml
has "$err" "3 stages of pods: pod-start, pod-ready, pod-delete"
has "$err" "pod-delete: takes at most the grace period: 30s, the default"
has "$err" "passed over: pod-complete: for some pods only, by their metadata"
has "$err" "passed over: node-heartbeat: for nodes"
has "$err" "passed over: KwokConfiguration: no Stage"
same "$(sed -n '/  pods:/,$p' delays.yaml)" "  pods:
    start: {uniform: {min: 800ms, max: 2.5s}}
    ready: 4s
    stop: {uniform: {min: 1s, max: 30s}}"
run 0 "$EPSIM" check delays.yaml

# stage NAME SELECTOR DELAY NEXT...
alive='{key: .metadata.deletionTimestamp, operator: DoesNotExist}'
dying='{key: .metadata.deletionTimestamp, operator: Exists}'
stage() {
    printf -- '---\napiVersion: kwok.x-k8s.io/v1alpha1\nkind: Stage\nmetadata: {name: %s}\nspec:\n  resourceRef: {apiGroup: v1, kind: Pod}\n  selector: {matchExpressions: [%s]}\n  delay: {%s}\n%s\n' "$@"
}
ip='  next: {statusTemplate: "podIP: {{ PodIP }}"}'
ready='  next:
    statusTemplate: |
      conditions:
      - status: '"'True'"'
        type: Initialized
      - lastTransitionTime: {{ Now }}
        status: "True"
        type: Ready
      - type: ContainersReady
        status: "True"'
gone='  next: {delete: true}'

# With fixed delays: an address at 2s, ready at 5s; deleted at 20s, gone at 26s.
{
    stage a "$alive" "durationMilliseconds: 2000" "$ip"
    stage b "$alive" "durationMilliseconds: 9000, jitterDurationMilliseconds: 3000" "$ready"
    stage c "$dying" "durationMilliseconds: 6000" "$gone"
} >fixed.yaml
run 0 "$EPSIM" import kwok fixed.yaml -o kubelets.yaml
cat >web.yaml <<'Y'
{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {selector: {app: web}, ports: [{port: 80}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: solo, labels: {app: web}}}
Y
cat web.yaml <(echo ---) <(sed 's/^spec:/spec:\n  events: [{at: 20s, delete: pod\/solo}]/' kubelets.yaml) >run.yaml
run 0 "$EPSIM" run -q run.yaml -o run.db
run 0 sqlite3 run.db "SELECT t_s || ':' || pods || '/' || ready || '/' || ep_addresses FROM v_timeline ORDER BY t_s"
same "$(echo $out)" "0.0:1/0/0 2.0:1/0/1 5.0:1/1/1 20.0:1/0/0 26.0:0/0/0"

# One stage that gives an address and makes ready: ready at once. As newer releases write it.
cat >steps.yaml <<'Y'
apiVersion: kwok.x-k8s.io/v1alpha1
kind: Stage
metadata: {name: all}
spec:
  resourceRef: {kind: Pod}
  selector: {matchExpressions: [{jq: {key: .metadata.deletionTimestamp, operator: DoesNotExist}}]}
  delay: {durationFrom: {jq: {expression: '.metadata.annotations["d"]'}}, durationMilliseconds: 250}
  steps:
  - event: {reason: Started}
  - patch:
      root: status
      template: |
        conditions:
        - type: Ready
          status: "True"
        podIP: {{ $podIP }}
Y
run 0 "$EPSIM" import kwok steps.yaml
has "$out" "    start: 250ms
    ready: 0s"
has_not "$out" "stop"
has "$err" "all: pods may say another delay"
has "$err" "from deletion until gone: no stage says it"

# Several stages for the same: by weight. A fixed delay in a quarter of the draws, and 2s to 4s in the rest.
{
    stage quick "$alive" "durationMilliseconds: 1000" "  weight: 1
$ready"
    stage slow "$alive" "durationMilliseconds: 2000, jitterDurationMilliseconds: 4000" "  weight: 3
$ready"
    stage never "$alive" "durationMilliseconds: 9000" "$ready"
} >mixed.yaml
run 0 "$EPSIM" import kwok mixed.yaml -o mixture.yaml
same "$(grep ready: mixture.yaml)" "    ready: {empirical: [[0, 1s], [0.25, 1s], [0.250000001, 2s], [1, 4s]]}"
run 0 "$EPSIM" check mixture.yaml
# Without weights all are equally likely; overlapping delays add up.
{
    stage one "$alive" "durationMilliseconds: 0, jitterDurationMilliseconds: 4000" "$ip"
    stage two "$alive" "durationMilliseconds: 2000, jitterDurationMilliseconds: 6000" "$ip"
} >even.yaml
run 0 "$EPSIM" import kwok even.yaml
has "$out" "    start: {empirical: [[0, 0s], [0.25, 2s], [0.75, 4s], [1, 6s]]}"

# Stages that scenarios have nothing for.
{
    stage fine "$alive" "" "$ip"
    stage init "$alive, {key: '.status.initContainerStatuses.[].state', operator: Exists}" "" "$ready"
    stage fails "$alive" "" '  next: {statusTemplate: "phase: Failed"}'
    stage suddenly "$alive" "" "$gone"
    stage quiet "$dying" "" "$ready"
    stage labelled "{key: '.metadata.labels[\"x\"]', operator: In, values: [y]}" "" "$ready"
} >others.yaml
run 0 "$EPSIM" import kwok others.yaml
has "$err" "1 stage of pods: fine"
has "$err" "init: for pods with init containers"
has "$err" "fails: ends pods"
has "$err" "suddenly: deletes pods by itself"
has "$err" "quiet: changes what is being deleted"
has "$err" "labelled: for some pods only"

# Refused.
refused() {
    run 2 "$EPSIM" import kwok bad.yaml -o out.yaml
    has "$err" "$1"
    missing out.yaml
}
stage bad "$alive" "durationMilliseconds: soon" "$ip" >bad.yaml
refused "bad.yaml:8:33: error: 'durationMilliseconds' takes a number of milliseconds, from 0"
printf 'apiVersion: kwok.x-k8s.io/v1alpha1\nkind: Stage\nmetadata: {name: x}\nspec: {}\n' >bad.yaml
refused "bad.yaml:4:7: error: a Stage needs 'spec.resourceRef.kind'"
echo 'just a text' >bad.yaml
refused "bad.yaml:1:1: error:"
echo 'kind: KwokConfiguration' >bad.yaml
refused "no Stage in it gives pods an address, makes them ready or deletes them"
finish
