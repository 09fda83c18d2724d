# import kubectl-watch: the scenario plays what the stream says happened, worked out by hand; streams in pieces,
# without watch events, in YAML, begun again; what is refused.
. "$(dirname "$0")/assert.sh"
"$EPSIM" help example-watch >watch.json

# The life of the example's Service, at each instant at which anything of it changes:
#   0s two pods ready; 5s a third is created; 8s it has its address; 12s it is ready; 20s one is deleted: still
#   selected until 25s, but no longer ready nor in Endpoints; 40s one is not ready, until 45s; 70s it loses its
#   label.
run 0 "$EPSIM" import kubectl-watch watch.json -o cart.yaml
same "$out" ""
has "$err" "3 pods, 1 service, 2 nodes over 1m10s from 2026-03-01T10:00:00Z"
has "$err" "at the start: 2 pods, 1 service, 2 nodes"
has "$err" "10 events: 1 creation, 1 deletion, 4 of readiness, 1 of labels, 3 other"
has "$err" "whole seconds"
run 0 "$EPSIM" check -v cart.yaml
run 0 "$EPSIM" run -q cart.yaml -o cart.db
timeline="SELECT CAST(t_s AS INT) || ':' || pods || '/' || ready || '/' || ep_addresses FROM v_timeline ORDER BY t_s"
life="0:2/2/2 5:3/2/2 8:3/2/3 12:3/3/3 20:3/2/2 25:2/2/2 40:2/1/2 45:2/2/2 70:1/1/1"
run 0 sqlite3 cart.db "$timeline"
same "$(echo $out)" "$life"
# Nodes, addresses and uids are those of the cluster; 1m: the Service's target port has another spelling.
run 0 "$EPSIM" get endpointslices -n shop --at 22s -o json cart.yaml
has "$out" '"10.1.1.8"'
has "$out" '"uid": "00000000-0000-4000-8000-000000000103"'
has "$out" '"zone": "zone-a"'
has "$out" '"terminating": true'
run 0 "$EPSIM" get service cart -n shop --at 59s -o json cart.yaml
has "$out" '"targetPort": 8080'
run 0 "$EPSIM" get service cart -n shop --at 60s -o json cart.yaml
has "$out" '"targetPort": "http"'

# The same from a pipe, from a file of each kind, and as YAML.
run 0 bash -c '"$1" import kubectl-watch - --name watch <watch.json' - "$EPSIM"
same "$out" "$(cat cart.yaml)"
for kind in Pod Service Node; do grep "\"kind\":\"$kind\"" watch.json >"$kind.json"; done
run 0 "$EPSIM" import kubectl-watch Node.json Service.json Pod.json --name watch
same "$out" "$(cat cart.yaml)"
sed 's/^/---\n/' watch.json >watch.yaml
run 0 "$EPSIM" import kubectl-watch watch.yaml
same "$out" "$(cat cart.yaml)"

# Without watch events the kubelet's last word stands for a pod's end.
sed 's/^{"type":"[A-Z]*","object"://; s/}$//' watch.json >plain.json
run 0 "$EPSIM" import kubectl-watch plain.json --name watch
same "$out" "$(cat cart.yaml)"
has "$err" "deletions are seen of pods alone"

# object KIND NAME VERSION TIME [MORE]: a document as kubectl prints it.
object() {
    printf '{"apiVersion":"v1","kind":"%s","metadata":{"name":"%s","namespace":"shop","uid":"u-%s","resourceVersion":"%s","creationTimestamp":"2026-03-01T10:00:%sZ"%s}' \
        "$1" "$2" "$2" "$3" "$4" "${5:-}"
}
event() { printf '{"type":"%s","object":%s}\n' "$1" "$2"; }
service=$(object Service cart 5 00)',"spec":{"selector":{"app":"cart"},"ports":[{"port":80}]}}'
# pod NAME VERSION SECONDS IP READY
pod() {
    object Pod "$1" "$2" "$3" ',"labels":{"app":"cart"}'
    printf ',"spec":{"nodeName":"node-a"},"status":{"phase":"Running","podIPs":[{"ip":"%s"}],"conditions":[{"type":"Ready","status":"%s"}]}}' "$4" "$5"
}

# A watch that was begun again: cart-a went while nobody watched, cart-c came.
{
    event ADDED "$service"
    event ADDED "$(pod cart-a 6 00 10.0.0.1 True)"
    event ADDED "$(pod cart-b 7 00 10.0.0.2 True)"
    event MODIFIED "$(pod cart-b 8 05 10.0.0.2 False)"
    event ADDED "$(pod cart-b 8 05 10.0.0.2 False)"
    event ADDED "$(pod cart-c 12 20 10.0.0.3 True)"
} >again.json
run 0 "$EPSIM" import kubectl-watch again.json -o again.yaml
has "$err" "1 watch was begun again"
has "$err" "1 deletion"
run 0 "$EPSIM" get pods -n shop -o name again.yaml
same "$out" "$(printf 'pod/cart-b\npod/cart-c')"

# Another uid is another pod, and versions tell the order of files.
event ADDED "$service" >services.json
{
    event ADDED "$(pod cart-a 6 00 10.0.0.1 True)"
    event ADDED "$(pod cart-a 9 07 10.0.0.9 True | sed 's/u-cart-a/u-other/')"
} >pods.json
event DELETED "$service" | sed 's/"resourceVersion":"5"/"resourceVersion":"8"/' >>services.json
run 0 "$EPSIM" import kubectl-watch pods.json services.json
same "$(printf '%s\n' "$out" | sed -n 's/^  - {at: \([^,]*\), \([a-z]*: [^{},]*\).*/\1 \2/p')" \
    "$(printf '0s delete: shop/service/cart\n7s delete: shop/pod/cart-a\n7s apply: ')"
has "$err" "no nodes in it: 1 node without zones made of what pods say"

# What controllers wrote is kept at the start and no further; what somebody wrote, all along. A node that is
# not ready holds the kubelet's answers back: the pod's readiness is applied.
slice() {
    object EndpointSlice "$1" "$2" "$3" ",\"labels\":{\"kubernetes.io/service-name\":\"cart\"$4}${6:-}" | sed 's|"v1"|"discovery.k8s.io/v1"|'
    printf ',"addressType":"IPv4","endpoints":[{"addresses":["%s"]}],"ports":[{"port":80}]}' "$5"
}
owner=',"ownerReferences":[{"apiVersion":"v1","kind":"Service","name":"cart","uid":"u-cart"}]'
ours=',"endpointslice.kubernetes.io/managed-by":"endpointslice-controller.k8s.io"'
node() {
    object Node node-a "$1" "$2"
    printf ',"status":{"conditions":[{"type":"Ready","status":"%s"}]}}' "$3"
}
{
    event ADDED "$service"
    event ADDED "$(pod cart-a 6 00 10.0.0.1 True)"
    event ADDED "$(slice cart-x 7 00 "$ours" 10.0.0.1 "$owner")"
    event ADDED "$(slice hand 7 00 "" 10.9.9.1)"
    event ADDED "$(node 7 00 True)"
    event MODIFIED "$(slice cart-x 8 01 "$ours" 10.0.0.2 "$owner")"
    event MODIFIED "$(slice hand 9 02 "" 10.9.9.2)"
    event MODIFIED "$(node 10 03 Unknown)"
    event MODIFIED "$(pod cart-a 11 04 10.0.0.1 False)"
    printf '%s\n' '{"type":"ADDED","object":{"kind":"ConfigMap","metadata":{"name":"c"}}}' '{"type":"BOOKMARK","object":{"kind":"Pod"}}'
} >mixed.json
run 0 "$EPSIM" import kubectl-watch mixed.json -o mixed.yaml
has "$err" "1 change of endpoints and slices by controllers left out"
has "$err" "passed over: 1 ConfigMap"
same "$(sed -n 's/^  - {at: \([^,]*\), \([a-z]*\): .*kind: \([A-Za-z]*\).*/\1 \2 \3/p' mixed.yaml)" \
    "$(printf '2s apply EndpointSlice\n3s apply Node\n4s apply Pod')"
run 0 "$EPSIM" get endpointslices -n shop -o json mixed.yaml
has "$out" '"name": "cart-x"'
has "$out" '"10.9.9.2"'
has_not "$out" '"10.9.9.1"'
run 0 "$EPSIM" get pods -n shop mixed.yaml
has "$out" "0/1"

# A list is a starting state, too.
printf '{"apiVersion":"v1","kind":"List","items":[%s,%s]}' "$service" "$(pod cart-a 6 00 10.0.0.1 True)" >list.json
run 0 "$EPSIM" import kubectl-watch list.json -o list.yaml
has "$err" "0 events"
run 0 "$EPSIM" get endpoints -n shop list.yaml
has "$out" "10.0.0.1:80"

# Refused: with the place, and nothing written.
refused() {
    run 2 "$EPSIM" import kubectl-watch bad.json -o bad.yaml
    has "$err" "$1"
    missing bad.yaml
}
head -c 9000 watch.json >bad.json
refused "bad.json:14:1: error: the file ends within the object that begins here"
{ cat Node.json && printf '{"type": "ADDED",\n "object": {"kind": "Pod", }}'; } >bad.json
refused "bad.json:4:28: error: a key in quotes is expected here"
{ cat Node.json && printf ' {"type":"ADDED","object":{"kind":"Pod","metadata":{"name":"Bad_"}}}'; } >bad.json
refused "bad.json:3:61: error: Kubernetes takes no such name for this kind"
has "$err" '^~~~'
printf '{"kind":"Pod","metadata":{}}' >bad.json
refused "bad.json:1:1: error: an object needs 'metadata.name'"
printf '{"type":"GONE","object":{}}' >bad.json
refused "bad.json:1:10: error: 'type' is one of ADDED, MODIFIED, DELETED, BOOKMARK, ERROR"
printf '{"a":"\xff"}' >bad.json
refused "bad.json:1:7: error: not in UTF-8: the byte 0xff"
printf 'type: ADDED\nobject: {\n' >bad.json
refused "bad.json:"
printf '{"kind":"ConfigMap","metadata":{"name":"c"}}' >bad.json
refused "no pods, services, nodes, endpoints or endpointslices in it"
: >bad.json
refused "no pods, services, nodes, endpoints or endpointslices in it"
run 2 "$EPSIM" import kubectl-watch nothere.json -o bad.yaml
has "$err" "nothere.json: error: cannot be read: No such file"
run 2 "$EPSIM" import kubectl-watch
has "$err" "no FILE given"
run 2 "$EPSIM" import kubectl-watch watch.json -o watch.json --force
has "$err" "watch.json is the input itself"
run 2 "$EPSIM" import kubectl-watch watch.json -o cart.yaml
has "$err" "cart.yaml exists"
run 1 bash -c '"$1" import kubectl-watch watch.json -q >/dev/full' - "$EPSIM"
has "$err" "No space left"
finish
