package main

import (
	"fmt"
	"maps"

	v1 "k8s.io/api/core/v1"
	discovery "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// A foreignEdit changes an object that a controller wrote; it returns false if there was none.
type foreignEdit func(p *program) bool

// foreignEdits are what people do to Endpoints and slices with kubectl.
var foreignEdits = []weighted[foreignEdit]{
	{3, deleteSlice}, {3, labelSlice}, {3, onSlice(dropEndpoint)}, {3, onSlice(editEndpoint)}, {1, onSlice(unlabelSlice)}, {1, onSlice(annotateSlice)},
	{2, deleteEndpoints}, {2, labelEndpoints}, {2, onEndpoints(editAddress)}, {1, onEndpoints(annotateEndpoints)},
}

func (p *program) someSlice() *discovery.EndpointSlice {
	slices := p.plane.server.slices.list()
	if len(slices) == 0 {
		return nil
	}
	return pick(p.random, slices...).DeepCopy()
}

func (p *program) someEndpoints() *v1.Endpoints {
	all := p.plane.server.endpoints.list()
	if len(all) == 0 {
		return nil
	}
	return pick(p.random, all...).DeepCopy()
}

func (p *program) foreignStep(edits []weighted[foreignEdit]) {
	for range 10 {
		if pickWeighted(p.random, edits)(p) {
			return
		}
	}
}

// onSlice makes an edit of what is done to one slice, and told as; if that is "", it could not be done.
func onSlice(do func(p *program, slice *discovery.EndpointSlice) string) foreignEdit {
	return func(p *program) bool {
		slice := p.someSlice()
		if slice == nil {
			return false
		}
		about := do(p, slice)
		if about != "" {
			p.plane.server.slices.byHand(slice)
			p.say("%s", about)
		}
		return about != ""
	}
}

func onEndpoints(do func(p *program, object *v1.Endpoints) string) foreignEdit {
	return func(p *program) bool {
		object := p.someEndpoints()
		if object == nil {
			return false
		}
		about := do(p, object)
		if about != "" {
			p.plane.server.endpoints.byHand(object)
			p.say("%s", about)
		}
		return about != ""
	}
}

// with is a copy of a map with one key more.
func with(m map[string]string, key, value string) map[string]string {
	m = maps.Clone(m)
	if m == nil {
		m = map[string]string{}
	}
	m[key] = value
	return m
}

func without(m map[string]string, key string) map[string]string {
	m = maps.Clone(m)
	delete(m, key)
	return m
}

func deleteSlice(p *program) bool {
	slice := p.someSlice()
	if slice == nil {
		return false
	}
	p.plane.server.slices.forget(slice.Name)
	p.say("someone deletes slice %s", slice.Name)
	return true
}

func labelSlice(p *program) bool {
	slice := p.someSlice()
	if slice == nil {
		return false
	}
	slice.Labels = with(slice.Labels, "z", "q")
	p.plane.server.slices.byHand(slice)
	p.say("someone labels slice %s", slice.Name)
	return true
}

func unlabelSlice(p *program, slice *discovery.EndpointSlice) string {
	slice.Labels = without(slice.Labels, "team")
	return "someone removes the label team of slice " + slice.Name
}

func annotateSlice(p *program, slice *discovery.EndpointSlice) string {
	slice.Annotations = with(slice.Annotations, "note", "mine")
	return "someone annotates slice " + slice.Name
}

func dropEndpoint(p *program, slice *discovery.EndpointSlice) string {
	if len(slice.Endpoints) == 0 {
		return ""
	}
	i := p.IntN(len(slice.Endpoints))
	slice.Endpoints = append(slice.Endpoints[:i:i], slice.Endpoints[i+1:]...)
	return "someone removes an endpoint of slice " + slice.Name
}

func editEndpoint(p *program, slice *discovery.EndpointSlice) string {
	if len(slice.Endpoints) == 0 {
		return ""
	}
	e := &slice.Endpoints[p.IntN(len(slice.Endpoints))]
	switch p.IntN(3) {
	case 0:
		e.Conditions.Ready = pointer(e.Conditions.Ready == nil || !*e.Conditions.Ready)
	case 1:
		e.Zone = pointer("zone-x")
	case 2:
		e.NodeName = pointer("node-x")
	}
	return "someone edits an endpoint of slice " + slice.Name
}

func deleteEndpoints(p *program) bool {
	object := p.someEndpoints()
	if object == nil {
		return false
	}
	p.plane.server.endpoints.forget(object.Name)
	p.say("someone deletes endpoints %s", object.Name)
	return true
}

func labelEndpoints(p *program) bool {
	object := p.someEndpoints()
	if object == nil {
		return false
	}
	object.Labels = with(object.Labels, "z", "q")
	p.plane.server.endpoints.byHand(object)
	p.say("someone labels endpoints %s", object.Name)
	return true
}

func annotateEndpoints(p *program, object *v1.Endpoints) string {
	object.Annotations = with(object.Annotations, pick(p.random, "note", v1.EndpointsOverCapacity), pick(p.random, "mine", "truncated"))
	return "someone annotates endpoints " + object.Name
}

func editAddress(p *program, object *v1.Endpoints) string {
	if len(object.Subsets) == 0 {
		return ""
	}
	subset := &object.Subsets[p.IntN(len(object.Subsets))]
	switch {
	case len(subset.Addresses) > 0 && p.chance(0.6):
		subset.NotReadyAddresses = append(subset.NotReadyAddresses, subset.Addresses[0])
		subset.Addresses = subset.Addresses[1:]
	case len(subset.NotReadyAddresses) > 0:
		subset.NotReadyAddresses = subset.NotReadyAddresses[1:]
	default:
		object.Subsets = object.Subsets[:len(object.Subsets)-1]
	}
	return "someone edits an address of endpoints " + object.Name
}

// --- Endpoints written by hand, for Services without selector ---

func (p *program) handPort(i int) v1.EndpointPort {
	port := v1.EndpointPort{Name: fmt.Sprintf("p%d", i), Port: int32(1000 + i), Protocol: v1.ProtocolTCP}
	if p.chance(0.2) {
		port.AppProtocol = pointer("http")
	}
	if p.chance(0.1) {
		port.Protocol = v1.ProtocolUDP
	}
	return port
}

func (p *program) handAddress() v1.EndpointAddress {
	n := p.between(1, 30)
	a := v1.EndpointAddress{IP: fmt.Sprintf("192.0.2.%d", n)}
	if p.chance(0.4) {
		a.IP = fmt.Sprintf("2001:db8::%x", n)
	}
	if p.isWild && p.chance(0.15) {
		a.IP = pick(p.random, "192.0.2.007", "::ffff:192.0.2.9", "2001:DB8::1", "not-an-ip", "", "fe80::1%eth0", "192.0.2.300")
	}
	if p.chance(0.2) {
		a.Hostname = fmt.Sprintf("h-%d", n)
	}
	if p.chance(0.3) {
		a.NodeName = pointer(pick(p.random, "node-1", "node-2", ""))
	}
	if p.chance(0.3) {
		a.TargetRef = &v1.ObjectReference{Kind: "Pod", Namespace: namespace, Name: fmt.Sprintf("pod-%d", n), UID: p.uid()}
	}
	return a
}

func (p *program) handSubsets() []v1.EndpointSubset {
	var subsets []v1.EndpointSubset
	for i := range pick(p.random, 0, 1, 1, 1, 2, 3) {
		subset := v1.EndpointSubset{}
		for range pick(p.random, 0, 1, 3, 6, 14) {
			a := p.handAddress()
			if p.chance(0.8) {
				subset.Addresses = append(subset.Addresses, a)
			} else {
				subset.NotReadyAddresses = append(subset.NotReadyAddresses, a)
			}
		}
		for k := range pick(p.random, 0, 1, 1, 2) {
			subset.Ports = append(subset.Ports, p.handPort(pick(p.random, i, k, 2*i+k)))
		}
		subsets = append(subsets, subset)
	}
	return subsets
}

// writeEndpointsByHand keeps the Endpoints of Services without selector busy.
func (p *program) writeEndpointsByHand() {
	for _, service := range p.services {
		if service.Spec.Selector != nil || !p.chance(0.8) {
			continue
		}
		object := &v1.Endpoints{ObjectMeta: metav1.ObjectMeta{Name: service.Name, Labels: map[string]string{"app": service.Name}}}
		if old, ok := p.plane.server.endpoints.objects[service.Name]; ok {
			object = old.DeepCopy()
		}
		switch p.IntN(8) {
		case 0:
			object.Labels = with(object.Labels, "rev", pick(p.random, "1", "2"))
		case 1:
			object.Annotations = with(object.Annotations, pick(p.random, "note", v1.EndpointsLastChangeTriggerTime,
				"kubectl.kubernetes.io/last-applied-configuration"), pick(p.random, "a", "b"))
		case 2:
			if _, ok := object.Labels[discovery.LabelSkipMirror]; ok {
				object.Labels = without(object.Labels, discovery.LabelSkipMirror)
			} else {
				object.Labels = with(object.Labels, discovery.LabelSkipMirror, pick(p.random, "true", "false"))
			}
		case 3:
			if len(object.Subsets) > 0 {
				object.Subsets = object.Subsets[1:]
			}
		case 4:
			for i := range object.Subsets {
				for k := range object.Subsets[i].Ports {
					object.Subsets[i].Ports[k].Port++
				}
			}
		default:
			object.Subsets = p.handSubsets()
		}
		p.plane.server.endpoints.byHand(object)
		p.say("someone writes endpoints %s", service.Name)
	}
}
