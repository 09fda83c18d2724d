# import audit: the scenario plays what the requests did, worked out by hand; levels, dumps, deletions of every
# kind; what is refused.
. "$(dirname "$0")/assert.sh"
"$EPSIM" help example-audit >audit.log

# The example's Service: created at 0.25s; two pods at 1.1s, with addresses at 2.9s and 3.4s, ready at 5.5s and
# 6s; one is deleted at 20.3s and gone at 22.1s; a request that failed at 40.5s; 41s: the other loses its label.
run 0 "$EPSIM" import audit audit.log -o cart.yaml
has "$err" "2 pods, 1 service over 41s from 2026-03-01T10:00:00Z"
has "$err" "11 events: 3 creations, 1 deletion, 3 of readiness, 1 of labels, 3 other"
run 0 "$EPSIM" check -v cart.yaml
run 0 "$EPSIM" run -q cart.yaml -o cart.db
timeline="SELECT t_s || ':' || pods || '/' || ready || '/' || ep_addresses FROM v_timeline ORDER BY t_s"
run 0 sqlite3 cart.db "$timeline"
same "$(echo $out)" "0.25:0/0/0 1.105:1/0/0 1.118:2/0/0 2.903:2/0/1 3.41:2/0/2 5.507:2/1/2 6.02:2/2/2 20.3:2/1/1 22.115:1/1/1 41.0:0/0/0"
run 0 "$EPSIM" get pods -n shop -o wide --at 10s cart.yaml
has "$out" "10.1.2.9   node-b"

# Logs of several API servers, in any order.
sed -n 'p;n' audit.log >even.log
sed -n 'n;p' audit.log >odd.log
run 0 "$EPSIM" import audit odd.log even.log --name audit -q
same "$out" "$(cat cart.yaml)"

# request SECONDS VERB RESOURCE/NAME[/SUBRESOURCE] BODY...: an event at level Request.
request() {
    local at=$1 verb=$2 resource name sub
    IFS=/ read -r resource name sub <<<"$3"
    printf '{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Request","stage":"ResponseComplete","requestURI":"/%s","verb":"%s","objectRef":{"resource":"%s","namespace":"shop","name":"%s","subresource":"%s"%s},"responseStatus":{"code":200},"stageTimestamp":"2026-03-01T10:00:%sZ"%s}\n' \
        "${5:-}" "$verb" "$resource" "$name" "$sub" "${6:-}" "$at" "${4:+,$4}"
}
service='{"kind":"Service","metadata":{"name":"cart"},"spec":{"selector":{"app":"cart"},"ports":[{"port":80}]}}'
pod() { printf '{"kind":"Pod","metadata":{"name":"%s","labels":{"app":"cart"}},"spec":{"containers":[{"name":"c","ports":[{"name":"http","containerPort":80}]}]}}' "$1"; }
status() { printf '"requestObject":{"status":{"phase":"Running","podIPs":[{"ip":"%s"}],"conditions":[{"type":"Ready","status":"%s"}]}}' "$1" "$2"; }
# events FILE: what the scenario's events are.
events() { sed -n 's/^  - {at: \([^,]*\), \([a-z]*\): \({.*kind: \)*\([^,}]*\).*/\1 \2 \4/p' "$1"; }

# Level Request: patches of pods, a binding, an eviction; dry runs, failures and other stages do not count.
{
    request 01 create services/cart "\"requestObject\":$service"
    request 02 create pods/cart-a "\"requestObject\":$(pod cart-a)"
    request 02 create pods/cart-b "\"requestObject\":$(pod cart-b)"
    request 03 create pods/cart-a/binding '"requestObject":{"target":{"name":"node-a"}}'
    request 04 patch pods/cart-a/status "$(status 10.0.0.1 True)"
    request 05 patch pods/cart-a '"requestObject":{"metadata":{"labels":{"role":"x","app":null}}}' '?dryRun=All'
    request 06 patch pods/cart-a '"requestObject":{"metadata":{"labels":{"role":"x"}}}'
    request 06 patch pods/cart-a/status "$(status 10.0.0.1 False)" | sed 's/ResponseComplete/RequestReceived/'
    request 07 patch pods/cart-a/status "$(status 10.0.0.1 False)" | sed 's/"code":200/"code":409/'
    request 08 patch services/cart '"requestObject":{"spec":{"ports":[{"port":81}]}}'
    request 09 patch pods/stranger '"requestObject":{"metadata":{"labels":{"a":"b"}}}'
    request 10 delete pods/cart-b '"requestObject":{"kind":"DeleteOptions"}'
    request 11 create pods/cart-a/eviction '"requestObject":{"kind":"Eviction"}'
    request 12 delete pods/cart-a '"requestObject":{"kind":"DeleteOptions","gracePeriodSeconds":0}'
    request 13 delete services/cart ''
    request 14 create secrets/s '"requestObject":{}'
    request 15 create pods/p '"requestObject":{}' '' ',"apiGroup":"metrics.k8s.io"'
} >request.log
run 0 "$EPSIM" import audit request.log -o request.yaml -v
same "$(events request.yaml)" "$(printf '%s\n' '0s apply Service' '1s apply Pod' '1s apply Pod' '3s apply Pod' \
    '5s label shop/pod/cart-a' '9s delete shop/pod/cart-b' '10s apply Pod' '11s delete shop/pod/cart-a' '12s delete shop/service/cart')"
has "$err" "1 patches at level Request"
has "$err" "1 patches of pods that nothing is known of"
has "$err" "1 secrets"
run 0 "$EPSIM" get pods -n shop -o json --at 11s --set 'events[7].at=12s' request.yaml
has "$out" '"deletionTimestamp": "2026-03-01T10:00:41Z"'
has "$out" '"role": "x"'
has "$out" '"nodeName": "node-a"'

# A dump is the starting state; what it has already is not told again.
full() {
    printf '{"kind":"Pod","apiVersion":"v1","metadata":{"name":"%s","namespace":"shop","uid":"u-%s","resourceVersion":"%s","creationTimestamp":"2026-03-01T09:00:00Z","labels":{"app":"cart"}%s},"spec":{"nodeName":"node-a"},"status":{"phase":"Running","podIPs":[{"ip":"%s"}],"conditions":[{"type":"Ready","status":"%s","lastTransitionTime":"2026-03-01T10:00:00Z"}]}}' \
        "$1" "$1" "$2" "${5:-}" "$3" "$4"
}
stored=$(printf '%s' "$service" | sed 's/"name":"cart"/"name":"cart","namespace":"shop","uid":"u-s","resourceVersion":"3","creationTimestamp":"2026-03-01T09:00:00Z"/')
printf '{"kind":"List","apiVersion":"v1","items":[%s,%s,%s]}' "$stored" "$(full cart-a 5 10.0.0.1 True)" "$(full cart-b 6 10.0.0.2 True)" >dump.json
ending=',"deletionTimestamp":"2026-03-01T10:00:30Z","deletionGracePeriodSeconds":0'
{
    request 02 patch pods/cart-a/status "\"responseObject\":$(full cart-a 4 10.0.0.1 False)"
    request 05 patch pods/cart-a/status "\"responseObject\":$(full cart-a 9 10.0.0.1 False)"
    request 06 delete pods/cart-b "\"responseObject\":$(full cart-b 10 10.0.0.2 True "$ending,\"finalizers\":[\"example.com/wait\"]")"
    request 08 patch pods/cart-b "\"responseObject\":$(full cart-b 11 10.0.0.2 True "$ending")"
    request 09 deletecollection pods "\"responseObject\":{\"kind\":\"PodList\",\"items\":[$(full cart-a 12 10.0.0.1 False "$ending")]}"
} >after.log
run 0 "$EPSIM" import audit dump.json after.log -o after.yaml
has "$err" "at the start: 2 pods, 1 service"
same "$(events after.yaml)" "$(printf '%s\n' '5s unready shop/pod/cart-a' '6s apply Pod' '8s delete shop/pod/cart-b' '9s delete shop/pod/cart-a')"
run 0 "$EPSIM" get endpoints -n shop --at 4s after.yaml
has "$out" "10.0.0.1:80,10.0.0.2:80"
# Without it, what is changed first was there from the start.
run 0 "$EPSIM" import audit after.log -o alone.yaml
has "$err" "at the start: 2 pods"
has "$err" "no services in it"

# Refused.
refused() {
    run 2 "$EPSIM" import audit bad.log -o bad.yaml
    has "$err" "$1"
    missing bad.yaml
}
request 01 create pods/cart-a '' >bad.log
refused "bad.log: error: no request has a body: the audit policy needs level RequestResponse for pods and services, not Metadata"
{ head -n 2 audit.log && echo '{"kind":"Event","apiVersion":"v1"}'; } >bad.log
refused "bad.log:3:1: error: an Event of audit.k8s.io is expected here"
{ head -n 1 audit.log && sed -n 2p audit.log | sed 's/Timestamp":"2026/Timestamp":"26/g'; } >bad.log
refused "bad.log:2:1: error: an event needs 'stageTimestamp', a time of RFC 3339"
head -c 3000 audit.log >bad.log
refused "the file ends within the object that begins here"
echo 'I0301 10:00:00.000000 1 apiserver.go: hello' >bad.log
refused "bad.log:1:"
request 01 create secrets/s '"requestObject":{}' >bad.log
refused "no pods, services, nodes, endpoints or endpointslices in it"
finish
