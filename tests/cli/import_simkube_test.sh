# import simkube: what a trace applies and deletes, in JSON and in MessagePack; what is left out; what is refused.
. "$(dirname "$0")/assert.sh"
msgpack=$top/tests/cli/msgpack.py
"$EPSIM" help example-simkube >trace.json

# Three pods at the start, five at 60s; another image at 120s: five others; deleted at 300s.
run 0 "$EPSIM" import simkube trace.json -o trace.yaml
has "$err" "3 objects over 6m from 2026-03-01T10:00:00Z"
has "$err" "2 there from the start; 3 applies and 1 deletion later"
has "$err" "lifetimes of 1 pod left out"
has "$err" "passed over: 1 Job"
run 0 "$EPSIM" check trace.yaml
run 0 "$EPSIM" run -q trace.yaml -o trace.db
run 0 sqlite3 trace.db "SELECT CAST(t_s AS INT) || ':' || pods || '/' || ready || '/' || ep_addresses FROM v_timeline ORDER BY t_s"
same "$(echo $out)" "0:3/3/3 60:5/5/5 300:0/0/0"
run 0 "$EPSIM" get pods -n shop -l app=web -o name --at 119s trace.yaml
before=$out
same "$(echo "$before" | wc -l)" 5
run 0 "$EPSIM" get pods -n shop -l app=web -o name --at 121s trace.yaml
same "$(printf '%s\n' "$before" "$out" | sort -u | wc -l)" 10
run 0 "$EPSIM" get pods -n shop -o name --at 300s trace.yaml
same "$(echo "$out" | grep -c cart)" 2

# As the tracer exports it.
python3 "$msgpack" <trace.json >trace.msgpack
run 0 "$EPSIM" import simkube trace.msgpack
same "$out" "$(cat trace.yaml)"
run 0 bash -c '"$1" import simkube - --name trace -q <trace.msgpack' - "$EPSIM"
same "$out" "$(cat trace.yaml)"

# What another object makes, what is not known, and what is a state of the cluster's own is left out; without
# Services it is said.
cat >more.json <<'J'
{"version": 3, "config": {}, "index": {"apps/v1.Deployment": {"shop/web": {"1": [{"lifecycle": {"Finished": [1, 2]}}, {"lifecycle": {"Running": [1]}}]}}},
 "events": [
  {"ts": 1000, "applied_objs": [
    {"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "db", "managedFields": []}, "status": {"replicas": 1},
     "spec": {"replicas": 1, "serviceName": "db", "selector": {"matchLabels": {"app": "db"}},
       "template": {"metadata": {"labels": {"app": "db"}}, "spec": {"containers": [{"name": "c", "image": "i", "newInTheNextRelease": 1}], "alsoNew": {}}}}},
    {"apiVersion": "apps/v1", "kind": "ReplicaSet", "metadata": {"name": "web-1", "ownerReferences": [{"kind": "Deployment", "controller": true}]}},
    {"apiVersion": "example.com/v1", "kind": "Deployment", "metadata": {"name": "another"}}], "deleted_objs": []},
  {"ts": 1005, "applied_objs": [], "deleted_objs": [{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "never"}}]},
  {"ts": 1010, "applied_objs": [{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "solo", "namespace": "x"}, "status": {"phase": "Running"}}], "deleted_objs": []}]}
J
run 0 "$EPSIM" import simkube more.json -o more.yaml
has "$err" "no services in it"
has "$err" "lifetimes of 1 pod left out"
has "$err" "passed over: 1 objects that another one makes, 1 Deployment"
run 0 "$EPSIM" check more.yaml
run 0 "$EPSIM" get pods -A -o name more.yaml
same "$out" "$(printf 'pod/db-0\npod/solo')"
has "$(cat more.yaml)" 'image: "i"'
has_not "$(cat more.yaml)" "New"

# Refused: of MessagePack the byte is told.
refused() {
    run 2 "$EPSIM" import simkube "$1" -o bad.yaml
    has "$err" "$2"
    missing bad.yaml
}
head -c 1000 trace.msgpack >bad
refused bad "bad: error: byte 1001: the file ends within a value"
printf '\x81\xa6events\x01' >bad
refused bad "bad: error: byte 9: 'events' is a list"
printf '\x93\x01\x02\x03' >bad
refused bad "bad: error: byte 1: a trace of SimKube is a map with 'version' and 'events'"
printf '\x82\xa7version\x01\xa6events\x90' >bad
refused bad "bad: error: byte 10: no version of SimKube's traces that is known: 2 and 3 are"
printf '{"version": 2,\n"events": [{"ts": "soon"}]}' >bad
refused bad "bad:2:20: error: an event needs 'ts', seconds since 1970"
printf '{"version": 2,\n"events": [{"ts": 5}, {"ts": 4}]}' >bad
refused bad "bad:2:30: error: this event is earlier than the one before it"
printf '{"version": 2,\n"events": [{"ts": 5, "applied_objs": [{"kind": "Pod"}]}]}' >bad
refused bad "bad:2:39: error: an object needs 'kind' and 'metadata.name'"
printf '{"version": 2, "events": [' >bad
refused bad "bad:1:27: error: the value is missing"
printf '{"events": []}' >bad
refused bad "bad:1:1: error: a trace of SimKube is a map with 'version' and 'events'"
: >bad
refused bad "bad:1:1: error:"
printf '{"version": 2, "events": []}' >bad
refused bad "bad: error: no workloads, services or pods in it"
refused nothere "nothere: error: cannot be read: No such file"
run 2 "$EPSIM" import simkube trace.json more.json
has "$err" "one FILE at a time"
finish
