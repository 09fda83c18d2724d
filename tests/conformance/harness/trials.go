package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"sort"
	"strings"

	discovery "k8s.io/api/discovery/v1"
	"k8s.io/endpointslice/topologycache"
	endpointsliceutil "k8s.io/endpointslice/util"
)

// A sync whose outcome depends on Go's map order in what the format holds to be fixed says nothing about another
// implementation. So every sync is tried several times from the same state, and recorded only if all tries agree.

// undo brings a control plane back to where it was when undo was made.
type undo struct {
	plane     *controlPlane
	version   int64
	endpoints func()
	slices    func()
	triggers  []map[endpointsliceutil.ServiceKey]endpointsliceutil.ServiceState
	populated map[string]struct{}
	zones     map[string]map[discovery.AddressType]topologycache.EndpointZoneInfo
}

// hintState is what the topology cache remembers of Services.
func (p *controlPlane) hintState() (*map[string]struct{}, *map[string]map[discovery.AddressType]topologycache.EndpointZoneInfo) {
	cache := p.topology()
	return field[map[string]struct{}](cache, "hintsPopulatedByService"),
		field[map[string]map[discovery.AddressType]topologycache.EndpointZoneInfo](cache, "endpointsByService")
}

func (p *controlPlane) triggerTrackers() []*endpointsliceutil.TriggerTimeTracker {
	return []*endpointsliceutil.TriggerTimeTracker{
		*field[*endpointsliceutil.TriggerTimeTracker](p.endpoints, "triggerTimeTracker"),
		*field[*endpointsliceutil.TriggerTimeTracker](p.slices, "triggerTimeTracker"),
	}
}

func (p *controlPlane) newUndo() *undo {
	u := &undo{plane: p, version: p.server.version, endpoints: p.server.endpoints.keep(), slices: p.server.slices.keep()}
	for _, tracker := range p.triggerTrackers() {
		u.triggers = append(u.triggers, maps.Clone(tracker.ServiceStates))
	}
	populated, zones := p.hintState()
	u.populated, u.zones = maps.Clone(*populated), map[string]map[discovery.AddressType]topologycache.EndpointZoneInfo{}
	for key, byType := range *zones {
		u.zones[key] = maps.Clone(byType)
	}
	return u
}

// do can be done once.
func (u *undo) do() {
	u.endpoints()
	u.slices()
	u.plane.server.version = u.version
	for i, tracker := range u.plane.triggerTrackers() {
		tracker.ServiceStates = u.triggers[i]
	}
	populated, zones := u.plane.hintState()
	*populated, *zones = u.populated, u.zones
}

// keep returns a function that brings the storage back to what it is now.
func (st *storage[T]) keep() func() {
	objects := maps.Clone(st.objects)
	return func() {
		for name, now := range st.objects {
			if _, existed := objects[name]; !existed {
				st.server.onChange(now, nil)
			}
		}
		for name, then := range objects {
			if now, exists := st.objects[name]; !exists || stored(now) != stored(then) {
				st.server.onChange(nil, then)
			}
		}
		st.objects = objects
	}
}

// agree tries the sync so often, and tells whether all tries agree.
func (p *program) agree(c *stepCase, name string, tries int) bool {
	first := ""
	for i := range tries {
		undo := p.plane.newUndo()
		p.plane.caches.pods.inner.shuffle(p.orders)
		p.plane.caches.slices.inner.shuffle(p.orders)
		tried := *c
		p.sync(&tried, name)
		undo.do()
		if text := p.signature(&tried, name); i == 0 {
			first = text
		} else if text != first {
			return false
		}
	}
	return true
}

// signature is what is fixed of a sync's outcome.
func (p *program) signature(c *stepCase, name string) string {
	texts := []string{fmt.Sprint(c.Want.Error)}
	isTwoTypes := false
	areHintsOpen := false
	if i := find(p.services, name); i >= 0 {
		isTwoTypes = len(p.services[i].Spec.IPFamilies) > 1
		for key := range p.services[i].Annotations {
			areHintsOpen = areHintsOpen || strings.HasPrefix(key, "service.kubernetes.io/topology-")
		}
	}
	texts = append(texts, signatureOfEvents(c.Want.Events, isTwoTypes)...)
	if c.Controller == "endpoints" {
		for _, w := range c.Want.Writes {
			texts = append(texts, w.Verb, fmt.Sprint(w.Noop), w.Name, string(w.Object))
		}
		return strings.Join(texts, "\n")
	}
	isMirroring := c.Controller == "endpointslicemirroring"
	areHintsOpen = areHintsOpen && !isMirroring
	texts = append(texts, signatureOfSlices(p.plane.server.slices.objects, c.Want.Writes, areHintsOpen, isMirroring)...)
	return strings.Join(texts, "\n")
}

func signatureOfEvents(events []string, isTwoTypes bool) []string {
	var texts []string
	for _, event := range events {
		words := strings.SplitN(event, " ", 3)
		switch {
		case !strings.HasPrefix(words[1], "TopologyAware"):
			event = words[0] + " " + words[1]
		case isTwoTypes && (words[1] == "TopologyAwareHintsEnabled" || strings.Contains(event, "has been disabled")):
			event, _, _ = strings.Cut(event, ", addressType: ")
		}
		texts = append(texts, event)
	}
	sort.Strings(texts)
	return texts
}

func signatureOfSlices(before map[string]*discovery.EndpointSlice, writes []write, areHintsOpen, isMirroring bool) []string {
	after := maps.Clone(before)
	var texts []string
	for _, w := range writes {
		verb := w.Verb
		if w.Noop && !isMirroring && !areHintsOpen {
			verb = "noop"
		}
		if w.Verb == "delete" {
			texts = append(texts, verb)
			delete(after, w.Name)
			continue
		}
		slice := w.object.(*discovery.EndpointSlice)
		after[w.Name] = slice
		texts = append(texts, verb, "meta "+w.Verb+string(must(json.Marshal(
			[]any{slice.Labels, slice.Annotations, slice.OwnerReferences, slice.GenerateName}))))
	}
	if !isMirroring {
		texts = append(texts, keptEndpoints(before, after)...)
	}
	zones := map[string]int{}
	for _, slice := range after {
		key := string(slice.AddressType) + string(must(json.Marshal(slice.Ports)))
		texts = append(texts, fmt.Sprintf("size %s %d", key, len(slice.Endpoints)))
		for _, endpoint := range slice.Endpoints {
			zones[string(slice.AddressType)+string(must(json.Marshal(endpoint.Hints)))]++
			if areHintsOpen {
				endpoint.Hints = nil
			}
			texts = append(texts, "endpoint "+key+string(must(json.Marshal(endpoint))))
		}
	}
	for zone, count := range zones {
		if areHintsOpen {
			zone, _, _ = strings.Cut(zone, "{")
		}
		texts = append(texts, fmt.Sprintf("hint %s %d", zone, count))
	}
	sort.Strings(texts)
	return texts
}

// keptEndpoints are, of each slice that keeps its ports, the endpoints that stay in it, in their order.
func keptEndpoints(before, after map[string]*discovery.EndpointSlice) []string {
	var texts []string
	for name, old := range before {
		new, exists := after[name]
		if !exists || new == old || string(must(json.Marshal(old.Ports))) != string(must(json.Marshal(new.Ports))) {
			continue
		}
		stored := map[string]bool{}
		for _, endpoint := range old.Endpoints {
			stored[identity(endpoint)] = true
		}
		text := "kept " + name
		for _, endpoint := range new.Endpoints {
			if id := identity(endpoint); stored[id] {
				text += " " + id
			}
		}
		texts = append(texts, text)
	}
	return texts
}

func identity(endpoint discovery.Endpoint) string {
	return fmt.Sprint(endpoint.Addresses, value(endpoint.Hostname), value(endpoint.TargetRef).Namespace, value(endpoint.TargetRef).Name)
}
