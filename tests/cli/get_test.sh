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
finish
