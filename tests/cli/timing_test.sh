# Profile kube-defaults from the command line: what happens to objects while requests for them are under way.
. "$(dirname "$0")/assert.sh"

# The deletion of a slice of Service a is under way when somebody gives the slice to Service b, which fills it. Then
# the deletion arrives: b did not expect it (S-55, S-58), and its third pod comes into another slice.
cat >taken-away.yaml <<'END'
apiVersion: v1
kind: Service
metadata: {name: a, uid: aaaaaaaa-1111-1111-1111-111111111111}
spec: {clusterIP: 10.96.0.10, selector: {app: a}, ports: [{name: http, port: 80, targetPort: 8080}]}
---
apiVersion: v1
kind: Service
metadata: {name: b, uid: bbbbbbbb-1111-1111-1111-111111111111}
spec: {clusterIP: 10.96.0.11, selector: {app: b}, ports: [{name: http, port: 80, targetPort: 8080}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: a}
spec: {replicas: 20, selector: {matchLabels: {app: a}}, template: {metadata: {labels: {app: a}}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: b}
spec: {replicas: 2, selector: {matchLabels: {app: b}}, template: {metadata: {labels: {app: b}}}}
---
apiVersion: epsim.dev/v1
kind: Scenario
metadata: {name: taken-away}
spec:
  profile: kube-defaults
  until: 1h
  controllers: {maxEndpointsPerSlice: 2}
  delays: {watch: 1ms, write: 500ms, answer: 1ms, endpointsSync: 0s, sliceSync: 0s, sliceEvent: 1s}
  events:
  - {at: 20s, apply: {apiVersion: v1, kind: Service, metadata: {name: a}, spec: {clusterIP: 10.96.0.10, selector: {app: zzz}, ports: [{name: http, port: 80, targetPort: 8080}]}}}
  - at: 20200ms
    apply:
      apiVersion: discovery.k8s.io/v1
      kind: EndpointSlice
      metadata:
        name: a-h6s6r
        labels: {kubernetes.io/service-name: b, endpointslice.kubernetes.io/managed-by: endpointslice-controller.k8s.io}
        ownerReferences: [{apiVersion: v1, kind: Service, name: b, uid: bbbbbbbb-1111-1111-1111-111111111111, controller: true, blockOwnerDeletion: true}]
      addressType: IPv4
      endpoints: []
      ports: [{name: http, port: 8080, protocol: TCP}]
  - {at: 20300ms, scale: deployment/b, replicas: 3}
  - {at: 40s, unready: pod/b-2}
  - {at: 40500ms, unready: pod/b-1}
  - {at: 41s, unready: pod/b-0}
  expect:
  - {at: 20900ms, service: b, ready: 3, slices: 2, fill: 0.75}
  - {at: 30s, service: b, ready: 3, slices: 2, fill: 0.75, not_yet_listed: 0}
  - {at: 50s, service: b, ready: 0, slices: 2}
END
run 0 "$EPSIM" check taken-away.yaml

# A run may end while a slice is to be made anew, and be looked at then.
cat >in-flight.yaml <<'END'
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports: [{name: http, port: 80, targetPort: 8080}]
---
apiVersion: epsim.dev/v1
kind: Scenario
metadata: {name: in-flight}
spec:
  profile: kube-defaults
  until: 60s
  delays: {watch: 1ms, write: 100ms, answer: 1ms, endpointsSync: 0s, sliceSync: 0s, sliceEvent: 1s}
  events:
  - {at: 1s, create: pod/a, labels: {app: web}, ip: 10.0.0.1}
  - at: 10s
    apply: {apiVersion: v1, kind: Service, metadata: {name: web}, spec: {selector: {app: web}, ipFamilyPolicy: PreferDualStack, ipFamilies: [IPv4, IPv6], ports: [{name: http, port: 80, targetPort: 9090}]}}
END
run 0 "$EPSIM" run -q in-flight.yaml --until 10050ms
run 0 "$EPSIM" get endpointslices in-flight.yaml --at 10050ms -o name
same "$out" "endpointslice.discovery.k8s.io/web-b5g22"

# Delays beyond all time: nothing is heard of any more.
run 0 "$EPSIM" run -q in-flight.yaml --set 'delays.watch={logNormal: {median: 10000d, sigma: 20}}'

finish
