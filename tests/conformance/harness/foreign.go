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
	{3, deleteSlice}, {3, labelSlice}, {3, dropEndpoint}, {3, editEndpoint}, {1, unlabelSlice}, {1, annotateSlice},
	{2, deleteEndpoints}, {2, labelEndpoints}, {2, editAddress}, {1, annotateEndpoints},
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

func unlabelSlice(p *program) bool {
	slice := p.someSlice()
	if slice == nil {
		return false
	}
	slice.Labels = without(slice.Labels, "team")
	p.plane.server.slices.byHand(slice)
	p.say("someone removes the label team of slice %s", slice.Name)
	return true
}

func annotateSlice(p *program) bool {
	slice := p.someSlice()
	if slice == nil {
		return false
	}
	slice.Annotations = with(slice.Annotations, "note", "mine")
	p.plane.server.slices.byHand(slice)
	p.say("someone annotates slice %s", slice.Name)
	return true
}

func dropEndpoint(p *program) bool {
	slice := p.someSlice()
	if slice == nil || len(slice.Endpoints) == 0 {
		return false
	}
	i := p.IntN(len(slice.Endpoints))
	slice.Endpoints = append(slice.Endpoints[:i:i], slice.Endpoints[i+1:]...)
	p.plane.server.slices.byHand(slice)
	p.say("someone removes an endpoint of slice %s", slice.Name)
	return true
}

func editEndpoint(p *program) bool {
	slice := p.someSlice()
	if slice == nil || len(slice.Endpoints) == 0 {
		return false
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
	p.plane.server.slices.byHand(slice)
	p.say("someone edits an endpoint of slice %s", slice.Name)
	return true
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

func annotateEndpoints(p *program) bool {
	object := p.someEndpoints()
	if object == nil {
		return false
	}
	object.Annotations = with(object.Annotations, pick(p.random, "note", v1.EndpointsOverCapacity), pick(p.random, "mine", "truncated"))
	p.plane.server.endpoints.byHand(object)
	p.say("someone annotates endpoints %s", object.Name)
	return true
}

func editAddress(p *program) bool {
	object := p.someEndpoints()
	if object == nil || len(object.Subsets) == 0 {
		return false
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
	p.plane.server.endpoints.byHand(object)
	p.say("someone edits an address of endpoints %s", object.Name)
	return true
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
