package main

import (
	"strings"

	v1 "k8s.io/api/core/v1"
	discovery "k8s.io/api/discovery/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// wildEdits are what nobody should do, and the API server would in part refuse: what controllers make of it is code
// all the same.
var wildEdits = []weighted[edit]{{6, onPod(wildPod)}, {4, onService(wildService)}, {3, onNode(wildNode)}}

// wildForeignEdits is the same for what controllers write.
var wildForeignEdits = []weighted[foreignEdit]{{6, onSlice(wildSlice)}, {2, wildNewSlice}, {4, onEndpoints(wildEndpoints)}}

func wildPod(c *cluster, pod *v1.Pod) string {
	other := c.somePod()
	switch c.IntN(14) {
	case 0:
		setAddresses(pod, pick(c.random, []string{"010.001.000.009"}, []string{"FD00::00AB"}, []string{"::ffff:10.9.9.9"}, []string{"nonsense"}, []string{""}))
	case 1:
		pod.Status.PodIPs = nil // podIP alone
	case 2:
		pod.Status.PodIP = "" // podIPs alone
	case 3:
		setAddresses(pod, []string{"fd00::7", "10.0.0.7", "10.0.0.8", "fd00::8"})
	case 4: // an address of another pod
		pod.Status.PodIP, pod.Status.PodIPs = other.Status.PodIP, other.Status.PodIPs
	case 5:
		pod.Spec.NodeName = pick(c.random, "", "node-gone", "node-1")
	case 6:
		pod.Status.Conditions = nil
	case 7:
		pod.Status.Conditions = []v1.PodCondition{
			{Type: "X", Status: v1.ConditionTrue, LastTransitionTime: c.nowMeta()},
			{Type: v1.PodReady, Status: pick(c.random, v1.ConditionTrue, v1.ConditionUnknown), LastTransitionTime: c.nowMeta()},
			{Type: v1.PodReady, Status: v1.ConditionFalse, LastTransitionTime: c.nowMeta()},
		}
	case 8:
		pod.Status.Phase = pick(c.random, v1.PodUnknown, v1.PodPending, v1.PodRunning)
	case 9:
		pod.Spec.Hostname, pod.Spec.Subdomain = pick(c.random, "h", ""), pick(c.random, pod.Labels["app"], "web", "")
	case 10: // ports of one name with other protocols, in several containers
		pod.Spec.Containers = []v1.Container{
			{Name: "a", Ports: []v1.ContainerPort{{Name: "http", ContainerPort: 1, Protocol: v1.ProtocolUDP}, {Name: "dns", ContainerPort: 9, Protocol: v1.ProtocolTCP}}},
			{Name: "b", Ports: []v1.ContainerPort{{Name: "http", ContainerPort: 2, Protocol: v1.ProtocolTCP}, {Name: "http", ContainerPort: 3, Protocol: v1.ProtocolTCP}}},
		}
	case 11:
		pod.Spec.Containers = []v1.Container{{Name: "none"}}
	case 12: // everything that another pod is, but for its name
		name := pod.Name
		*pod = *other
		pod.Name, pod.UID = name, c.uid()
	case 13: // terminating, and not ready for longer than its Ready condition says
		pod.DeletionTimestamp = pointer(c.nowMeta())
		pod.DeletionGracePeriodSeconds = pointer(int64(0))
		c.setReady(pod, c.chance(0.5))
	}
	return "wild pod " + pod.Name
}

// noFamilies is an empty list, or one of IPv4 alone up to 1.36, whose Endpoints controller crashes on an empty one.
func noFamilies() []v1.IPFamily {
	if strings.HasPrefix(release(), "1.34.") || strings.HasPrefix(release(), "1.35.") || strings.HasPrefix(release(), "1.36.") {
		return []v1.IPFamily{v1.IPv4Protocol}
	}
	return nil
}

func wildService(c *cluster, service *v1.Service) string {
	switch c.IntN(12) {
	case 0:
		service.Labels = map[string]string{
			"kubernetes.io/service-name": "other", "z": "q", "empty": "", "endpoints.kubernetes.io/managed-by": "x",
		}
	case 1:
		service.Labels = with(service.Labels, "service.kubernetes.io/headless", pick(c.random, "mine", ""))
	case 2:
		service.Labels = nil
	case 3:
		service.Spec.Ports = []v1.ServicePort{c.port("h", "TCP", 2, "http"), c.port("m", "TCP", 1, "metrics"), c.port("i", "TCP", 3, "8000")}
	case 4:
		service.Spec.Ports = []v1.ServicePort{c.port("", "TCP", 1, "nowhere")}
	case 5:
		service.Spec.Ports = nil
	case 6:
		service.Spec.ClusterIP = pick(c.random, "", v1.ClusterIPNone, "10.96.0.12")
	case 7:
		service.Spec.IPFamilies = pick(c.random, noFamilies(), []v1.IPFamily{v1.IPv6Protocol}, []v1.IPFamily{v1.IPv4Protocol},
			[]v1.IPFamily{v1.IPv6Protocol, v1.IPv4Protocol})
	case 8:
		service.Spec.TrafficDistribution = pointer(pick(c.random, "Bogus", "PreferSameZone", "PreferSameNode", ""))
	case 9:
		service.Annotations = map[string]string{
			v1.DeprecatedAnnotationTopologyAwareHints: pick(c.random, "", "Disabled", "auto"),
			v1.AnnotationTopologyMode:                 pick(c.random, "Auto", "auto", "x"),
		}
	case 10:
		service.Spec.Selector = pick(c.random, map[string]string{"app": pick(c.random, c.names...)}, map[string]string{"app": "other"},
			map[string]string{"app": ""}, map[string]string{"app": service.Name, "canary": "true", "x": "y"})
	case 11:
		service.Annotations = map[string]string{v1.AnnotationTopologyMode: "Auto", v1.EndpointsLastChangeTriggerTime: "x"}
		service.Spec.TrafficDistribution = pointer("PreferClose")
	}
	return "wild service " + service.Name
}

func wildNode(c *cluster, node *v1.Node) string {
	switch c.IntN(6) {
	case 0:
		node.Labels = nil
	case 1:
		node.Labels = with(node.Labels, v1.LabelTopologyZone, "")
	case 2:
		node.Status.Allocatable = nil
	case 3:
		node.Status.Allocatable = v1.ResourceList{v1.ResourceCPU: resource.MustParse("0")}
	case 4:
		node.Status.Conditions = nil
	case 5:
		node.Labels = with(node.Labels, v1.LabelTopologyZone, "zone-with-a-long-name")
	}
	return "wild node " + node.Name
}

func (p *program) wildHints() *discovery.EndpointHints {
	zone := func(name string) []discovery.ForZone { return []discovery.ForZone{{Name: name}} }
	return pick(p.random,
		nil,
		&discovery.EndpointHints{},
		&discovery.EndpointHints{ForZones: zone("zone-a")},
		&discovery.EndpointHints{ForZones: zone("nowhere")},
		&discovery.EndpointHints{ForZones: []discovery.ForZone{{Name: "zone-a"}, {Name: "zone-b"}}},
		&discovery.EndpointHints{ForNodes: []discovery.ForNode{{Name: "node-1"}}},
		&discovery.EndpointHints{ForZones: zone("zone-b"), ForNodes: []discovery.ForNode{{Name: "node-2"}}},
	)
}

func (p *program) wildEndpoint(e *discovery.Endpoint) {
	switch p.IntN(11) {
	case 0:
		e.Conditions = discovery.EndpointConditions{}
	case 1:
		e.Conditions = discovery.EndpointConditions{Ready: pointer(p.chance(0.5))}
	case 2:
		e.Conditions.Serving, e.Conditions.Terminating = pointer(p.chance(0.5)), pointer(p.chance(0.5))
	case 3:
		e.Hints = p.wildHints()
	case 4:
		e.Zone = pick(p.random, nil, pointer(""), pointer("zone-a"))
	case 5:
		e.NodeName = pick(p.random, nil, pointer(""), pointer("node-1"))
	case 6:
		e.TargetRef = nil
	case 7:
		if e.TargetRef != nil {
			e.TargetRef.ResourceVersion = "3"
		}
	case 8:
		e.Hostname = pick(p.random, nil, pointer(""), pointer("h"))
	case 9:
		e.Addresses = append(e.Addresses, "10.77.0.1")
	case 10:
		if e.TargetRef != nil {
			e.TargetRef.UID = p.uid()
		}
	}
}

func (p *program) wildPorts() []discovery.EndpointPort {
	return pick(p.random,
		nil,
		[]discovery.EndpointPort{{Name: pointer("http"), Port: pointer(int32(8080)), Protocol: pointer(v1.ProtocolTCP)}},
		[]discovery.EndpointPort{{}},
		[]discovery.EndpointPort{{Name: pointer(""), Port: pointer(int32(8080)), Protocol: pointer(v1.ProtocolTCP)}},
		[]discovery.EndpointPort{{Name: pointer("x"), Protocol: pointer(v1.ProtocolUDP)}},
	)
}

func wildSlice(p *program, slice *discovery.EndpointSlice) string {
	for range pick(p.random, 1, 1, 2, 3) {
		switch p.IntN(15) {
		case 0:
			slice.Labels = with(slice.Labels, discovery.LabelServiceName, pick(p.random, append([]string{"nobody"}, p.names...)...))
		case 1:
			slice.Labels = with(slice.Labels, discovery.LabelManagedBy, pick(p.random, "someone", "", "endpointslice-controller.k8s.io",
				"endpointslicemirroring-controller.k8s.io"))
		case 2:
			slice.OwnerReferences = nil
		case 3:
			slice.OwnerReferences = []metav1.OwnerReference{{APIVersion: "v1", Kind: pick(p.random, "Service", "Endpoints"), Name: slice.Labels[discovery.LabelServiceName], UID: p.uid()}}
		case 4:
			slice.GenerateName = ""
		case 5:
			slice.Ports = p.wildPorts()
		case 6:
			slice.Endpoints = nil
		case 7:
			slice.DeletionTimestamp = pointer(p.nowMeta())
		case 8: // endpoints of another slice, too
			if other := p.someSlice(); other.AddressType == slice.AddressType {
				slice.Endpoints = append(slice.Endpoints, other.Endpoints...)
			}
		case 9: // twice the same
			slice.Endpoints = append(slice.Endpoints, slice.Endpoints...)
		case 10:
			p.Shuffle(len(slice.Endpoints), func(i, k int) {
				slice.Endpoints[i], slice.Endpoints[k] = slice.Endpoints[k], slice.Endpoints[i]
			})
		case 11:
			slice.Labels = with(slice.Labels, v1.IsHeadlessService, pick(p.random, "", "mine"))
		default:
			for i := range slice.Endpoints {
				if p.chance(0.4) {
					p.wildEndpoint(&slice.Endpoints[i])
				}
			}
		}
	}
	return "wild slice " + slice.Name
}

// wildNewSlice is a slice that nobody asked for, under a controller's name.
func wildNewSlice(p *program) bool {
	name := pick(p.random, p.names...)
	slice := &discovery.EndpointSlice{
		ObjectMeta: metav1.ObjectMeta{Name: "hand-" + p.suffix(), Labels: map[string]string{
			discovery.LabelServiceName: name,
			discovery.LabelManagedBy:   pick(p.random, "endpointslice-controller.k8s.io", "endpointslice-controller.k8s.io", "endpointslicemirroring-controller.k8s.io"),
		}},
		AddressType: pick(p.random, discovery.AddressTypeIPv4, discovery.AddressTypeIPv6, discovery.AddressTypeFQDN),
		Ports:       p.wildPorts(),
	}
	if other := p.someSlice(); other != nil && p.chance(0.6) {
		slice.Ports = other.Ports
		if other.AddressType == slice.AddressType {
			slice.Endpoints = other.Endpoints
		}
	}
	if i := find(p.services, name); i >= 0 && p.chance(0.5) {
		slice.OwnerReferences = []metav1.OwnerReference{*metav1.NewControllerRef(p.services[i], v1.SchemeGroupVersion.WithKind("Service"))}
	}
	p.plane.server.slices.byHand(slice)
	p.say("wild new slice %s", slice.Name)
	return true
}

func wildEndpoints(p *program, object *v1.Endpoints) string {
	for range pick(p.random, 1, 2) {
		switch p.IntN(9) {
		case 0:
			object.Annotations = with(object.Annotations, "control-plane.alpha.kubernetes.io/leader", "me")
		case 1:
			object.Labels = with(object.Labels, discovery.LabelSkipMirror, pick(p.random, "true", "false"))
		case 2: // subsets that say the same in another way
			for _, subset := range object.Subsets {
				for _, port := range subset.Ports {
					split := *subset.DeepCopy()
					split.Ports = []v1.EndpointPort{port}
					object.Subsets = append(object.Subsets, split)
				}
			}
			if len(object.Subsets) > 1 {
				object.Subsets = object.Subsets[1:]
			}
		case 3:
			for i := range object.Subsets {
				for k := range object.Subsets[i].Addresses {
					if ref := object.Subsets[i].Addresses[k].TargetRef; ref != nil {
						ref.ResourceVersion = "3"
					}
				}
			}
		case 4:
			object.Subsets = p.handSubsets()
		case 5:
			object.Labels = nil
		case 6:
			object.Labels = with(object.Labels, pick(p.random, v1.IsHeadlessService, "endpoints.kubernetes.io/managed-by"), pick(p.random, "", "x"))
		case 7:
			object.Annotations = with(object.Annotations, v1.EndpointsOverCapacity, pick(p.random, "truncated", "x", ""))
		case 8:
			for i := range object.Subsets {
				subset := &object.Subsets[i]
				p.Shuffle(len(subset.Addresses), func(i, k int) {
					subset.Addresses[i], subset.Addresses[k] = subset.Addresses[k], subset.Addresses[i]
				})
			}
		}
	}
	return "wild endpoints " + object.Name
}
