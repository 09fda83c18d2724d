# run: summaries, databases that are kept, refused, added to and never left behind, and runs that fail.
. "$(dirname "$0")/assert.sh"
"$EPSIM" help example >web.yaml

# The table: what is told, in 100 columns, the same twice but for the speed.
run 0 "$EPSIM" run web.yaml
same "$err" ""
has "$out" "Scenario   web, seed 1, run 0"
has "$out" "complete at 1m"
has "$out" "SERVICE  PODS  READY  ENDPOINTS  LEFT OUT  SLICES  FEWEST"
has "$out" "endpointslice"
has "$out" "events/s"
has "$out" "simulated s/s"
has "$out" "events per simulated s"
has "$out" "5 values, and all hold"
checks=$((checks + 1))
[ "$(widest "$out")" -le 100 ] || fail "the summary is $(widest "$out") columns wide"
first=$(printf '%s\n' "$out" | sed '/^Speed/,$d')
run 0 "$EPSIM" run web.yaml
same "$(printf '%s\n' "$out" | sed '/^Speed/,$d')" "$first"
digest=$(printf '%s\n' "$out" | sed -n 's/.*digest //p')
same "${#digest}" 16

# Standard input, seeds, --until.
run 0 "$EPSIM" run - <web.yaml
has "$out" "digest $digest"
run 0 "$EPSIM" run --seed 2 web.yaml
has "$out" "seed 2, run 0"
has_not "$out" "$digest"
run 0 "$EPSIM" run --run 1 web.yaml
has "$out" "seed 1, run 1"
run 0 "$EPSIM" run --until 5s web.yaml
has "$out" "complete at 5s"
run 0 "$EPSIM" run -q web.yaml
same "$out$err" ""

# Truncation is told.
run 0 "$EPSIM" run web.yaml --set deployment/web.replicas=1203 --until 5s
has "$out" "web from 0s, 5s in all, still at the end; at most 203 of 1,203 left out, at 0s"
has "$out" "  203 "

# Long names do not make it wider.
cat >wide.yaml <<'YAML'
apiVersion: v1
kind: Service
metadata: {name: a-service-with-a-very-long-name-that-somebody-generated-0001, namespace: some-namespace}
spec: {selector: {app: a}, ports: [{port: 80}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: a, namespace: some-namespace}
spec: {replicas: 1203, selector: {matchLabels: {app: a}}, template: {metadata: {labels: {app: a}}}}
YAML
run 0 "$EPSIM" run wide.yaml
has "$out" "some-namespac..enerated-0001  1,203  1,203      1,000       203      13      13  93 %"
checks=$((checks + 1))
[ "$(widest "$out")" -le 100 ] || fail "the summary is $(widest "$out") columns wide"

# Syncs that failed are told: a pod on a node that is not there (S-27).
has_not "$out" "Errors"
cat >lost.yaml <<'YAML'
apiVersion: v1
kind: Service
metadata: {name: a}
spec: {selector: {app: a}, ports: [{port: 80}]}
---
apiVersion: v1
kind: Pod
metadata: {name: a-1, labels: {app: a}}
spec: {nodeName: gone, containers: [{name: a, image: a}]}
status: {phase: Running, podIP: 10.0.0.1, conditions: [{type: Ready, status: "True"}]}
YAML
run 0 "$EPSIM" run lost.yaml --until 10s
has "$out" " syncs of endpointslice failed"
has "$out" "a pod's node is missing"
checks=$((checks + 1))
[ "$(widest "$out")" -le 100 ] || fail "the summary is $(widest "$out") columns wide"

# JSON and CSV.
run 0 "$EPSIM" run web.yaml --format json
has "$out" "\"digest\":\"$digest\""
has "$out" '"status":"complete"'
has "$out" '"services":[{"namespace":"default","service":"web","pods":20,"ready":20,"ep_addresses":20,"ep_omitted":0,"ep_truncated":0,"slices":'
has "$out" '"database":null,"run_id":null'
same "$(printf '%s\n' "$out" | wc -l)" 1
run 0 "$EPSIM" run web.yaml --format csv
same "$(printf '%s\n' "$out" | head -n 1)" "run_id,t_s,namespace,service,pods,ready,ep_addresses,ep_omitted,ep_truncated,slices,slices_ideal,fill,packing_policy"
has "$out" ",60,default,web,20,20,20,0,0,"

# The database.
run 0 "$EPSIM" run web.yaml -o web.db
has "$out" "web.db, run_id 1"
has "$out" "digest $digest"
run 2 "$EPSIM" run web.yaml -o web.db
has "$err" "web.db exists already: --append adds a run to it, --replace writes it anew"
same "$out" ""
run 0 "$EPSIM" run web.yaml -o web.db --append --seed 2
has "$out" "web.db, run_id 2"
run 0 "$EPSIM" run web.yaml -o web.db --replace
has "$out" "web.db, run_id 1"
# It is made beside the old one, which stays when that cannot be. (With .new-PID-0 behind it this name is too long for any folder.)
long=$(printf 'n%.0s' $(seq 244)).db
run 0 "$EPSIM" run -q web.yaml -o "$long"
run 2 "$EPSIM" run -q web.yaml -o "$long" --replace
has "$err" "$long: cannot be replaced: "
has "$err" "cannot be created: File name too long"
run 0 "$EPSIM" get pods "$long"
run 2 "$EPSIM" run web.yaml -o web.yaml --replace
has "$err" "web.yaml"
run 0 "$EPSIM" check web.yaml # it was not touched
run 2 "$EPSIM" run web.yaml -o nothere/web.db
has "$err" "nothere/web.db"
for level in summary series full; do
    run 0 "$EPSIM" run web.yaml -o "$level.db" --record "$level"
    has "$out" "digest $digest"
done

# Bad input leaves no database and no trace behind.
sed 's/replicas: 15/replicas: many/' web.yaml >bad.yaml
run 2 "$EPSIM" run bad.yaml -o bad.db --trace bad.ndjson
has "$err" "bad.yaml:13:"
same "$out" ""
missing bad.db
missing bad.ndjson
run 2 "$EPSIM" run nothere.yaml -o bad.db
has "$err" "nothere.yaml"
missing bad.db
run 2 "$EPSIM" run web.yaml --set controllers.maxEndpointsPerSlice=0 -o bad.db
missing bad.db
: >empty.yaml
run 2 "$EPSIM" run empty.yaml -o bad.db
has "$err" "empty.yaml:1:1"
missing bad.db

# A run that fails: position, exit 1, and the database says so.
sed 's/{at: 20s, delete: pod\/web-3}/{at: 20s, delete: pod\/web-3}\n  - {at: 25s, delete: pod\/web-3}/' web.yaml >fails.yaml
run 1 "$EPSIM" run fails.yaml -o fails.db
has "$err" "fails.yaml:26:"
has "$out" "failed at 25s"
run 0 "$EPSIM" run -q web.yaml -o fails.db --append

# The trace.
run 0 "$EPSIM" run -q web.yaml --trace web.ndjson
same "$(head -c 1 web.ndjson)" "{"
run 2 "$EPSIM" run -q web.yaml --trace web.ndjson
has "$err" "web.ndjson exists"
run 2 "$EPSIM" run -q web.yaml --trace web.yaml
run 0 "$EPSIM" run web.yaml --trace -
same "$out" "$(cat web.ndjson)"
has "$err" "digest $digest"

# Outputs that would cost an input, or a file that epsim did not write.
cp web.yaml kept.yaml
ln -s web.yaml link.yaml
run 2 "$EPSIM" run -q web.yaml --trace web.yaml --replace
has "$err" "--trace web.yaml is the scenario itself"
run 2 "$EPSIM" run -q web.yaml --trace link.yaml --replace
has "$err" "--trace link.yaml is the scenario itself"
run 2 "$EPSIM" run -q - --trace web.yaml --replace <web.yaml
has "$err" "--trace web.yaml is the scenario itself"
run 2 "$EPSIM" run -q web.yaml -o web.yaml --replace
has "$err" "--output web.yaml is the scenario itself"
run 2 "$EPSIM" run -q kept.yaml --trace web.yaml --replace
has "$err" "web.yaml is no trace of epsim"
run 2 "$EPSIM" run -q web.yaml --trace web.db --replace
has "$err" "web.db is no trace of epsim"
same "$(cksum <web.yaml)" "$(cksum <kept.yaml)"
run 0 "$EPSIM" run -q web.yaml --trace web.ndjson --replace
: >empty.ndjson
run 0 "$EPSIM" run -q web.yaml --trace empty.ndjson --replace
same "$(cksum <empty.ndjson)" "$(cksum <web.ndjson)"
run 0 "$EPSIM" run -q web.yaml --trace /dev/null
run 2 "$EPSIM" run -q web.yaml -o both --trace both
has "$err" "--output and --trace are the same file, both"
run 2 "$EPSIM" run -q web.yaml -o both --trace ./both
has "$err" "--output both and --trace ./both are the same file"
missing both
run 2 "$EPSIM" run -q web.yaml -o web.db --append --trace ./web.db
has "$err" "are the same file"
run 0 "$EPSIM" get pods -o name web.db # it was not touched
run 2 "$EPSIM" run -q web.yaml -o -
has "$err" "a database cannot go to standard output"
missing -

# A damaged database: the schema's text says something else, with an escape in it. Nothing is added.
cp web.db damaged.db
LC_ALL=C sed -i 's/run_id /run\x1b\xff\x02 /' damaged.db
cp damaged.db kept.db
run 2 "$EPSIM" run -q web.yaml -o damaged.db --append
has "$err" "damaged.db: the database is damaged"
run 2 "$EPSIM" get pods damaged.db
has "$err" "damaged.db: the database is damaged"
has_not "$err" "$(printf '\033')"
has_not "$err" "$(printf '\377')"
# Zeros in its middle.
cp web.db zeros.db
dd if=/dev/zero of=zeros.db bs=4096 seek=2 count=6 conv=notrunc status=none
cp zeros.db zeros-kept.db
run 2 "$EPSIM" run -q web.yaml -o zeros.db --append
has "$err" "zeros.db: the database is damaged"
same "$(cksum <zeros.db)" "$(cksum <zeros-kept.db)"
same "$(cksum <damaged.db)" "$(cksum <kept.db)"
# No message brings an escape to the terminal.
run 2 "$EPSIM" run "$(printf 'no\033[31mthere')"
has "$err" "no?[31mthere"
finish
