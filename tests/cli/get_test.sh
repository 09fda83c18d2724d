# get: kubectl's columns, words and formats, at any instant, from a scenario and from a recorded run.
. "$(dirname "$0")/assert.sh"
"$EPSIM" help example >web.yaml

run 0 "$EPSIM" get endpointslices --at 5s web.yaml
same "$(printf '%s\n' "$out" | head -n 1 | tr -s ' ')" "NAME ADDRESSTYPE PORTS ENDPOINTS AGE"
same "$(printf '%s\n' "$out" | wc -l)" 4
has "$out" " + 2 more...   5s"
has "$out" "   IPv4          8080    10.244."

run 0 "$EPSIM" get ep --at 5s web.yaml
has "$out" " + 12 more...   5s"
has "$out" ":8080,10.244."

run 0 "$EPSIM" get svc -o wide --at 2m5s web.yaml
has "$err" "the run ends at 1m"
same "$(printf '%s\n' "$out" | head -n 1 | tr -s ' ')" "NAME TYPE CLUSTER-IP EXTERNAL-IP PORT(S) AGE SELECTOR"
has "$out" "   80/TCP    60s   app=web"

run 0 "$EPSIM" get po --at 0s web.yaml
same "$(printf '%s\n' "$out" | head -n 1 | tr -s ' ')" "NAME READY STATUS RESTARTS AGE"
same "$(printf '%s\n' "$out" | wc -l)" 16
has "$out" "   1/1     Running   0          0s"
run 0 "$EPSIM" get pods -o wide --at 35s web.yaml
same "$(printf '%s\n' "$out" | head -n 1 | tr -s ' ')" "NAME READY STATUS RESTARTS AGE IP NODE NOMINATED NODE READINESS GATES"
has "$out" "   0/1     Running   0          "
has "$out" "   node-1   <none>           <none>"

run 0 "$EPSIM" get nodes web.yaml
has "$out" "node-1   Ready    <none>   60s   v1.37.0"
run 0 "$EPSIM" get no -o name web.yaml
same "$out" "$(printf 'node/node-%s\n' 1 2 3)"
run 0 "$EPSIM" get svc,ep -A -o name web.yaml
same "$out" "$(printf 'service/web\nendpoints/web')"
run 0 "$EPSIM" get all -A --at 5s web.yaml
has "$out" "NAMESPACE   NAME "
has "$out" "service/web "
has "$out" "endpointslice.discovery.k8s.io/web-"

# Names, labels, namespaces.
run 0 "$EPSIM" get endpoints web web.yaml
run 0 "$EPSIM" get endpoints/web web.yaml
run 1 "$EPSIM" get endpoints web nothere web.yaml
has "$err" 'Error from server (NotFound): endpoints "nothere" not found'
has "$out" "web "
run 1 "$EPSIM" get endpointslices nothere web.yaml
has "$err" 'Error from server (NotFound): endpointslices.discovery.k8s.io "nothere" not found'
run 0 "$EPSIM" get endpointslices -l kubernetes.io/service-name=web -o name --at 5s web.yaml
same "$(printf '%s\n' "$out" | wc -l)" 3
run 0 "$EPSIM" get pods -l app!=web web.yaml
same "$out" ""
same "$err" "No resources found in default namespace."
run 0 "$EPSIM" get pods -n kube-system web.yaml
same "$err" "No resources found in kube-system namespace."
run 0 "$EPSIM" get pods -A -l nope web.yaml
same "$err" "No resources found"

# Protobuf: the enveloped bytes of one object. Its size is the recorded one, with 28 bytes around an Endpoints object and
# 49 around a slice of this size (O-26).
"$EPSIM" run web.yaml -o sizes.db >/dev/null
bytes() { sqlite3 sizes.db "SELECT bytes FROM v_writes WHERE object = '$1' AND t_s <= 5 AND verb != 'noop' ORDER BY seq DESC LIMIT 1"; }
if command -v sqlite3 >/dev/null; then
    run 0 bash -c "\"\$0\" get endpoints web -o protobuf --at 5s sizes.db >object.bin" "$EPSIM"
    same "$(wc -c <object.bin)" "$(($(bytes web) + 28))"
    same "$(head -c 20 object.bin | od -An -tx1 | tr -d ' \n')" 6b3873000a0f0a0276311209456e64706f696e74
    slice=$("$EPSIM" get endpointslices -o name --at 5s web.yaml | head -n 1)
    run 0 bash -c "\"\$0\" get endpointslice ${slice#*/} -o protobuf --at 5s sizes.db >object.bin" "$EPSIM"
    same "$(wc -c <object.bin)" "$(($(bytes "${slice#*/}") + 49))"
    same "$(od -An -tx1 -N 4 object.bin | tr -d ' \n')" 6b387300
    # The envelope is that of the rules, byte by byte: magic, types, length, the object, two empty strings.
    same "$(tail -c 4 object.bin | od -An -tx1 | tr -d ' \n')" 1a002200
fi
run 2 "$EPSIM" get endpoints -o protobuf web.yaml
has "$err" "-o protobuf writes one object: give one KIND and one NAME"
run 2 "$EPSIM" get pod web-0 -o protobuf web.yaml
has "$err" "-o protobuf is for endpoints and endpointslices alone"
run 1 "$EPSIM" get endpoints nothere -o protobuf web.yaml
same "$(wc -c <"$work/.out")" 0

# JSON and YAML.
run 0 "$EPSIM" get endpoints web -o json --at 5s web.yaml
same "$(printf '%s\n' "$out" | head -n 2)" "$(printf '{\n    "apiVersion": "v1",')"
has "$out" '    "kind": "Endpoints",'
run 0 "$EPSIM" get endpoints -o json web.yaml
has "$out" '    "kind": "List",'
run 0 "$EPSIM" get service web -o yaml web.yaml
same "$(printf '%s\n' "$out" | head -n 2)" "$(printf 'apiVersion: v1\nkind: Service')"
has "$out" "    app: web"
run 0 "$EPSIM" get pods -n nowhere -o yaml web.yaml
same "$out" "$(printf 'apiVersion: v1\nitems: []\nkind: List\nmetadata:\n  resourceVersion: ""')"
# What is printed can be read: a starting state for another scenario.
"$EPSIM" get services,endpoints,endpointslices,pods,nodes -A -o yaml --at 15s web.yaml >state.yaml
run 0 "$EPSIM" get endpointslices -o name state.yaml
same "$(printf '%s\n' "$out" | wc -l)" 4
"$EPSIM" get services,endpoints,endpointslices,pods,nodes -A -o json --at 15s web.yaml >state.json
run 0 "$EPSIM" get pods -o name state.json
same "$(printf '%s\n' "$out" | wc -l)" 20

# All types of Services, families, ports and nodes, cell by cell.
cat >kinds.yaml <<'YAML'
apiVersion: v1
kind: Service
metadata: {name: six}
spec: {selector: {app: six}, ipFamilies: [IPv6], ports: [{name: http, port: 80}, {name: dns, port: 53, protocol: UDP}]}
---
apiVersion: v1
kind: Service
metadata: {name: bare, namespace: shop}
spec: {selector: {app: bare}, clusterIP: None}
---
apiVersion: v1
kind: Service
metadata: {name: lb, namespace: shop}
spec: {type: LoadBalancer, selector: {app: x, tier: front}, ports: [{port: 443, nodePort: 30443}]}
---
apiVersion: v1
kind: Service
metadata: {name: np}
spec: {type: NodePort, selector: {app: none}, ports: [{port: 80, nodePort: 30080}]}
---
apiVersion: v1
kind: Service
metadata: {name: ext}
spec: {type: ExternalName, externalName: example.com}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: six}
spec: {replicas: 2, selector: {matchLabels: {app: six}}, template: {metadata: {labels: {app: six}}}}
---
apiVersion: v1
kind: Pod
metadata: {name: bare, namespace: shop, labels: {app: bare}}
---
apiVersion: v1
kind: Node
metadata: {name: node-a, labels: {node-role.kubernetes.io/control-plane: ""}}
spec: {unschedulable: true}
---
apiVersion: v1
kind: Node
metadata: {name: node-b}
YAML
run 0 "$EPSIM" get svc -A -o wide kinds.yaml
same "$out" "$(
    cat <<'TABLE'
NAMESPACE   NAME   TYPE           CLUSTER-IP      EXTERNAL-IP   PORT(S)         AGE   SELECTOR
default     ext    ExternalName   <none>          example.com   <none>          0s    <none>
default     np     NodePort       10.96.0.2       <none>        80:30080/TCP    0s    app=none
default     six    ClusterIP      fd00:10:96::1   <none>        80/TCP,53/UDP   0s    app=six
shop        bare   ClusterIP      None            <none>        <none>          0s    app=bare
shop        lb     LoadBalancer   10.96.0.1       <pending>     443:30443/TCP   0s    app=x,tier=front
TABLE
)"
run 0 "$EPSIM" get ep -A kinds.yaml
same "$out" "$(
    cat <<'TABLE'
NAMESPACE   NAME   ENDPOINTS                                                                       AGE
default     np     <none>                                                                          0s
default     six    [fd00:10:244:1::2]:80,[fd00:10:244:1::3]:80,[fd00:10:244:1::2]:53 + 1 more...   0s
shop        bare   10.244.1.4                                                                      0s
shop        lb     <none>                                                                          0s
TABLE
)"
run 0 "$EPSIM" get endpointslices -n shop -l kubernetes.io/service-name=lb kinds.yaml
same "$(printf '%s\n' "$out" | tail -n 1 | sed 's/^lb-[^ ]* *//')" "IPv4          <unset>   <unset>     0s"
run 0 "$EPSIM" get nodes kinds.yaml
same "$out" "$(
    cat <<'TABLE'
NAME     STATUS                     ROLES           AGE   VERSION
node-a   Ready,SchedulingDisabled   control-plane   0s    v1.37.0
node-b   Ready                      <none>          0s    v1.37.0
TABLE
)"

# Ages, as kubectl rounds them.
while read -r at age; do
    run 0 "$EPSIM" get svc np --at "$at" kinds.yaml
    same "$at ${out##* }" "$at $age"
done <<'AGES'
0s 0s
1500ms 1s
119s 119s
120s 2m
125s 2m5s
9m59s 9m59s
10m30s 10m
179m 179m
3h 3h
7h59m 7h59m
8h5m 8h
47h 47h
48h 2d
7d23h 7d23h
8d 8d
729d 729d
731d 2y1d
2921d 8y
AGES

# A recorded run gives what its scenario gives, whatever became of the file.
run 0 "$EPSIM" get all --at 15s --set controllers.maxEndpointsPerSlice=7 --seed 3 web.yaml
expected=$out
"$EPSIM" run -q web.yaml -o web.db
"$EPSIM" run -q web.yaml --set controllers.maxEndpointsPerSlice=7 --seed 3 -o web.db --append
mv web.yaml gone.yaml
run 0 "$EPSIM" get all --at 15s web.db
same "$out" "$expected"
run 0 "$EPSIM" get endpointslices --at 5s --run-id 1 -o name web.db
same "$(printf '%s\n' "$out" | wc -l)" 3
run 2 "$EPSIM" get pods --run-id 3 web.db
has "$err" "web.db"
run 2 "$EPSIM" get pods --seed 3 web.db
has "$err" "--run-id chooses it"
# One that would come out differently is refused.
if command -v sqlite3 >/dev/null; then
    cp web.db other.db
    sqlite3 other.db "UPDATE runs SET digest = '0000000000000000' WHERE run_id = 2"
    run 1 "$EPSIM" get all --at 15s other.db
    same "$out" ""
    has "$err" "digest"
    sqlite3 other.db "UPDATE runs SET epsim_version = '0.0.1' WHERE run_id = 2"
    run 1 "$EPSIM" get all --at 15s other.db
    same "$out" ""
    has "$err" "0.0.1"
fi

# A line for each backend: conditions of a pod that is not ready, of one that terminates; published all the same; hints; nil conditions.
cat >backends.yaml <<'END'
{apiVersion: v1, kind: Service, metadata: {name: near}, spec: {selector: {app: a}, trafficDistribution: PreferSameNode, ports: [{port: 80}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: peers}, spec: {selector: {app: a}, publishNotReadyAddresses: true, ports: [{port: 80}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: hand}, spec: {ports: [{port: 80}]}}
---
apiVersion: epsim.dev/v1
kind: Scenario
spec:
  pods: {stop: 30s}
  events:
  - {at: 0s, create: pod/steady, labels: {app: a}}
  - {at: 0s, create: pod/leaving, labels: {app: a}}
  - {at: 0s, create: pod/slow, labels: {app: a}, ready: false}
  - {at: 5s, delete: pod/leaving}
  - {at: 6s, apply: {apiVersion: v1, kind: Endpoints, metadata: {name: hand}, subsets: [{addresses: [{ip: 192.0.2.1}], ports: [{port: 80}]}]}}
END
# of SERVICE: its slices' backends, without names, one blank between words.
of() { printf '%s\n' "$out" | sed -n "s/^$1-[a-z0-9]* *//p" | tr -s ' ' | sort; }
run 0 "$EPSIM" get endpointslices -o endpoints --at 10s backends.yaml
same "$(printf '%s\n' "$out" | head -n 1 | tr -s ' ')" "NAME ADDRESS READY SERVING TERMINATING POD NODE ZONE HINTS"
same "$(of near)" "$(printf '%s\n' "10.244.0.2 true true false steady node-1 zone-a zone-a,node-1" \
    "10.244.1.2 false true true leaving node-2 zone-b -" "10.244.2.2 false false false slow node-3 zone-c -")"
same "$(of peers)" "$(printf '%s\n' "10.244.0.2 true true false steady node-1 zone-a -" \
    "10.244.1.2 true true true leaving node-2 zone-b -" "10.244.2.2 true false false slow node-3 zone-c -")"
same "$(of hand)" "192.0.2.1 true - - - - - -"
run 0 "$EPSIM" get endpoints near hand -o endpoints --at 10s backends.yaml
same "$(printf '%s\n' "$out" | tr -s ' ')" "$(printf '%s\n' "NAME ADDRESS READY POD NODE" "hand 192.0.2.1 true - -" \
    "near 10.244.0.2 true steady node-1" "near 10.244.2.2 false slow node-3")"
run 0 "$EPSIM" get endpoints -A -l nope -o endpoints backends.yaml
same "$out" ""
has "$err" "No resources found"
run 0 "$EPSIM" get ep,endpointslices -A -o endpoints --at 10s backends.yaml
same "$(printf '%s\n' "$out" | grep -c '^NAMESPACE ')" 2
run 2 "$EPSIM" get ep,pods -o endpoints backends.yaml
has "$err" "-o endpoints is for endpoints and endpointslices alone"
run 0 "$EPSIM" get pods,nodes --show-labels --at 10s backends.yaml
has "$out" "   LABELS"
same "$(printf '%s\n' "$out" | grep -c ' app=a$')" 3
has "$out" "kubernetes.io/hostname=node-1"
run 0 "$EPSIM" get svc -o wide --show-labels --at 10s backends.yaml
same "$(printf '%s\n' "$out" | sed -n 's/^hand *//p' | tr -s ' ')" "ClusterIP 10.96.0.3 <none> 80/TCP 10s <none> <none>"
finish
