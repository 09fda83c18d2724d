# --kube: which release's controllers run. The order of ports changed with 1.35 (E-42, E-44, E-85), lists of no
# ports with 1.36 (S-23).
. "$(dirname "$0")/assert.sh"
cat >two-ports.yaml <<'YAML'
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{name: http, port: 80, targetPort: 8080}, {name: https, port: 443, targetPort: 8443}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec: {replicas: 2, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}}}
YAML
port_names() { # the subset's ports, in order
    "$EPSIM" get endpoints web -o yaml two-ports.yaml --set "kube=$1" | sed -n '/ports:/,$s/.*name: //p' | tr '\n' ' '
}
for old in 1.34; do same "$(port_names $old)" "https http "; done
for new in 1.35 1.36 1.37; do same "$(port_names $new)" "http https "; done

# The option is the setting; it is a parameter of the run, and counts in the digest.
digest() { "$EPSIM" run two-ports.yaml --format json "$@" | sed -n 's/.*"digest":"\([0-9a-f]*\)".*/\1/p'; }
same "$(digest --kube 1.34)" "$(digest --set kube=1.34)"
same "$(digest --kube 1.37)" "$(digest --set kube=1.37)"
same "$(digest --kube 1.37)" "$(digest)"
checks=$((checks + 1))
[ "$(digest --kube 1.34)" != "$(digest)" ] || fail "--kube 1.34 changes nothing"
run 0 "$EPSIM" run two-ports.yaml --kube 1.34 --format json
has "$out" '"params":{"kube": 1.34}'
run 2 "$EPSIM" run two-ports.yaml --kube 1.33
has "$err" "--kube"
run 2 "$EPSIM" run two-ports.yaml --kube

# Up to 1.35 a stored list of no ports never matches an empty one: each sync writes each slice of a headless
# Service without ports anew (S-23), whatever the sync is for.
cat >headless.yaml <<'YAML'
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, clusterIP: None}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec: {replicas: 2, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}}}
---
apiVersion: epsim.dev/v1
kind: Scenario
spec:
  until: 1m
  events:
  - at: 10s
    apply:
      apiVersion: v1
      kind: Service
      metadata: {name: web, annotations: {what: a sync and no change}}
      spec: {selector: {app: web}, clusterIP: None}
YAML
puts() { # of the EndpointSlice controller
    "$EPSIM" run headless.yaml --kube "$1" --format json |
        sed -n 's/.*"endpointslice","create":1,"update":\([0-9]*\),"delete":0,"noop":\([0-9]*\).*/\1 \2/p'
}
same "$(puts 1.35)" "$(puts 1.34)"
same "$(puts 1.36)" "$(puts 1.37)"
same "$(puts 1.35)" '3 0'
same "$(puts 1.36)" '2 0'
finish
