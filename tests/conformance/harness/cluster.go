package main

import (
	"fmt"
	"strings"
	"time"

	v1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// change is what a watch shows: an object came (old is nil), went (new is nil), or has a new revision.
type change struct{ old, new runtime.Object }

// cluster is everything that users, kubelets and nodes write, and what they write next. It knows nothing of what
// controllers do, so the same seed gives the same history to every run.
type cluster struct {
	random
	now         time.Time
	nextVersion func() string
	names       []string // of Services that there may be
	podsMax     int
	isDual      bool // pods have addresses of both families
	primary     v1.IPFamily
	nodes       []*v1.Node
	pods        []*v1.Pod
	services    []*v1.Service
	addresses   int
	changes     []change
	about       []string
}

func (c *cluster) say(format string, args ...any) {
	c.about = append(c.about, fmt.Sprintf(format, args...))
}

// takeChanges returns what changed since the last time, and in words.
func (c *cluster) takeChanges() ([]change, string) {
	changes, about := c.changes, strings.Join(c.about, "; ")
	c.changes, c.about = nil, nil
	return changes, about
}

func (c *cluster) nowMeta() metav1.Time { return metav1.NewTime(c.now.Truncate(time.Second)) }

// written is an object that users write.
type written interface {
	runtime.Object
	metav1.Object
}

func find[T written](list []T, name string) int {
	for i, object := range list {
		if object.GetName() == name {
			return i
		}
	}
	return -1
}

// put stores a new revision of an object, or the first.
func put[T written](c *cluster, list *[]T, object T) {
	object.SetResourceVersion(c.nextVersion())
	if i := find(*list, object.GetName()); i >= 0 {
		c.changes = append(c.changes, change{(*list)[i], object})
		(*list)[i] = object
		return
	}
	c.changes = append(c.changes, change{nil, object})
	*list = append(*list, object)
}

func drop[T written](c *cluster, list *[]T, name string) {
	i := find(*list, name)
	c.nextVersion()
	c.changes = append(c.changes, change{(*list)[i], nil})
	*list = append((*list)[:i:i], (*list)[i+1:]...)
}

// --- nodes ---

func (c *cluster) addNode(zone string) *v1.Node {
	name := ""
	for i := 1; ; i++ {
		name = fmt.Sprintf("node-%d", i)
		if find(c.nodes, name) < 0 {
			break
		}
	}
	node := &v1.Node{ObjectMeta: metav1.ObjectMeta{Name: name, UID: c.uid()}}
	if zone != "" {
		node.Labels = map[string]string{v1.LabelTopologyZone: zone}
	}
	node.Status.Allocatable = v1.ResourceList{v1.ResourceCPU: resource.MustParse(pick(c.random, "1", "2", "4", "8", "500m"))}
	node.Status.Conditions = []v1.NodeCondition{{Type: v1.NodeReady, Status: v1.ConditionTrue}}
	put(c, &c.nodes, node)
	c.say("node %s added in zone %q", name, zone)
	return node
}

func (c *cluster) someNodeName() string {
	if len(c.nodes) == 0 || c.chance(0.01) {
		return "node-gone"
	}
	return pick(c.random, c.nodes...).Name
}

// --- pods ---

func (c *cluster) app() string {
	if c.chance(0.08) {
		return "other"
	}
	return pick(c.random, c.names...)
}

// addressesOfPod draws the addresses of the next sandbox.
func (c *cluster) addressesOfPod() []string {
	c.addresses++
	v4 := fmt.Sprintf("10.244.%d.%d", c.addresses/200, c.addresses%200+2)
	v6 := fmt.Sprintf("fd00:10:244::%x", c.addresses+1)
	if c.primary == v1.IPv6Protocol {
		v4, v6 = v6, v4
	}
	if c.isDual && !c.chance(0.03) {
		return []string{v4, v6}
	}
	return []string{v4}
}

func setAddresses(pod *v1.Pod, addresses []string) {
	pod.Status.PodIP, pod.Status.PodIPs = "", nil
	for i, ip := range addresses {
		if i == 0 {
			pod.Status.PodIP = ip
		}
		pod.Status.PodIPs = append(pod.Status.PodIPs, v1.PodIP{IP: ip})
	}
}

func (c *cluster) setReady(pod *v1.Pod, ready bool) {
	status := v1.ConditionFalse
	if ready {
		status = v1.ConditionTrue
	}
	pod.Status.Conditions = []v1.PodCondition{{Type: v1.PodReady, Status: status, LastTransitionTime: c.nowMeta()}}
}

func (c *cluster) containerPorts() []v1.ContainerPort {
	ports := []v1.ContainerPort{{Name: "http", ContainerPort: int32(pick(c.random, 8000, 8001)), Protocol: v1.ProtocolTCP}}
	if c.chance(0.6) {
		ports = append(ports, v1.ContainerPort{Name: "metrics", ContainerPort: 9100, Protocol: v1.ProtocolTCP})
	}
	if c.chance(0.8) {
		ports = append(ports, v1.ContainerPort{Name: "dns", ContainerPort: 5353, Protocol: v1.ProtocolUDP})
	}
	return ports
}

func (c *cluster) addPod(app string, ready bool) {
	name := app
	if len(name) > 57 {
		name = name[:57]
	}
	pod := &v1.Pod{ObjectMeta: metav1.ObjectMeta{
		Name: name + "-" + c.suffix(), Namespace: namespace, UID: c.uid(), CreationTimestamp: c.nowMeta(),
		Labels: map[string]string{"app": app},
	}}
	if c.chance(0.15) {
		pod.Labels["canary"] = "true"
	}
	pod.Spec.Containers = []v1.Container{{Name: "main", Ports: c.containerPorts()}}
	if c.chance(0.1) {
		always := v1.ContainerRestartPolicyAlways
		pod.Spec.InitContainers = []v1.Container{
			{Name: "setup", Ports: []v1.ContainerPort{{Name: "admin", ContainerPort: 1, Protocol: v1.ProtocolTCP}}},
			{Name: "sidecar", RestartPolicy: &always, Ports: []v1.ContainerPort{{Name: "admin", ContainerPort: 9901, Protocol: v1.ProtocolTCP}}},
		}
	}
	pod.Spec.NodeName = c.someNodeName()
	if c.chance(0.1) {
		c.addresses++
		pod.Spec.Hostname = fmt.Sprintf("host-%d", c.addresses)
		pod.Spec.Subdomain = pick(c.random, c.names...)
	}
	pod.Status.Phase = v1.PodRunning
	if c.chance(0.1) {
		pod.Status.Phase, ready = v1.PodPending, false
	} else {
		setAddresses(pod, c.addressesOfPod())
	}
	c.setReady(pod, ready)
	put(c, &c.pods, pod)
	c.say("pod %s created (ip %s, ready %t)", pod.Name, pod.Status.PodIP, ready)
}

// --- Services ---

func (c *cluster) port(name, protocol string, port int32, target string) v1.ServicePort {
	p := v1.ServicePort{Name: name, Protocol: v1.Protocol(protocol), Port: port}
	p.TargetPort.Type = 1 // a name
	p.TargetPort.StrVal = target
	var number int32
	if n, _ := fmt.Sscan(target, &number); n == 1 {
		p.TargetPort.Type, p.TargetPort.StrVal, p.TargetPort.IntVal = 0, "", number
	}
	return p
}

func (c *cluster) servicePorts() []v1.ServicePort {
	https := c.port("https", "TCP", 443, "8443")
	https.AppProtocol = pointer("https")
	sctp := c.port("sctp", "SCTP", 132, "132")
	sctp.AppProtocol = pointer("example.com/x")
	all := []v1.ServicePort{
		c.port("http", "TCP", 80, "8080"), c.port("named", "TCP", 81, "http"), c.port("metrics", "TCP", 9090, "metrics"),
		c.port("dns", "UDP", 53, "dns"), c.port("admin", "TCP", 9000, "admin"), https, sctp,
	}
	c.Shuffle(len(all), func(i, k int) { all[i], all[k] = all[k], all[i] })
	ports := all[:pickWeighted(c.random, []weighted[int]{{4, 1}, {3, 2}, {2, 3}, {1, 4}})]
	if len(ports) == 1 && c.chance(0.5) {
		ports[0].Name = ""
	}
	return ports
}

func (c *cluster) families() []v1.IPFamily {
	second := v1.IPv6Protocol
	if c.primary == v1.IPv6Protocol {
		second = v1.IPv4Protocol
	}
	if !c.isDual {
		return []v1.IPFamily{c.primary}
	}
	return pick(c.random, []v1.IPFamily{c.primary}, []v1.IPFamily{c.primary, second}, []v1.IPFamily{second, c.primary},
		[]v1.IPFamily{c.primary, second}, []v1.IPFamily{second})
}

func (c *cluster) clusterIP() string {
	if c.primary == v1.IPv6Protocol {
		return fmt.Sprintf("fd00:10:96::%x", c.between(10, 200))
	}
	return fmt.Sprintf("10.96.0.%d", c.between(10, 200))
}

func (c *cluster) addService(name string) {
	service := &v1.Service{ObjectMeta: metav1.ObjectMeta{
		Name: name, Namespace: namespace, UID: c.uid(), CreationTimestamp: c.nowMeta(),
		Labels: map[string]string{"app": name, "team": "payments"},
	}}
	service.Spec.Type = v1.ServiceTypeClusterIP
	service.Spec.ClusterIP = c.clusterIP()
	if c.chance(0.25) {
		service.Spec.ClusterIP = v1.ClusterIPNone
	}
	service.Spec.IPFamilies = c.families()
	service.Spec.Selector = map[string]string{"app": name}
	if !(service.Spec.ClusterIP == v1.ClusterIPNone && c.chance(0.3)) {
		service.Spec.Ports = c.servicePorts()
	}
	service.Spec.PublishNotReadyAddresses = c.chance(0.1)
	if c.chance(0.12) {
		service.Annotations = map[string]string{v1.AnnotationTopologyMode: "Auto"}
	}
	if c.chance(0.12) {
		service.Spec.TrafficDistribution = pointer(pick(c.random, "PreferClose", "PreferSameZone", "PreferSameNode"))
	}
	put(c, &c.services, service)
	c.say("service %s created", name)
}

func pointer[T any](value T) *T { return &value }

// --- the beginning ---

// newCluster draws what does not change later.
func newCluster(r random, now time.Time, nextVersion func() string) *cluster {
	c := &cluster{random: r, now: now, nextVersion: nextVersion, primary: v1.IPv4Protocol}
	c.names = pickWeighted(r, []weighted[[]string]{{4, []string{"web"}}, {6, []string{"web", "api"}}, {1, []string{"web", "api", "db"}}})
	c.podsMax = pickWeighted(r, []weighted[int]{{3, 6}, {5, 12}, {4, 20}, {2, 40}})
	c.isDual = c.chance(0.4)
	if c.chance(0.15) {
		c.primary = v1.IPv6Protocol
	}
	return c
}

// start makes the first nodes and Services.
func (c *cluster) start() {
	zones := []string{"zone-a", "zone-b", pick(c.random, "zone-c", "zone-a", ""), "zone-b", "zone-c", "zone-d"}
	for i := range c.between(1, 6) {
		c.addNode(zones[i])
	}
	for _, name := range c.names {
		c.addService(name)
	}
}
