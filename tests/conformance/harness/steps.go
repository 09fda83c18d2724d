package main

import (
	"encoding/json"
	"fmt"
	"time"

	v1 "k8s.io/api/core/v1"
	discovery "k8s.io/api/discovery/v1"
)

// stepCase is one recorded sync: the caches before it, and what the controller did.
type stepCase struct {
	Case           string            `json:"case"`
	Kube           string            `json:"kube"`
	About          string            `json:"about"`
	Controller     string            `json:"controller"`
	Config         map[string]int32  `json:"config"`
	Key            string            `json:"key"`
	TriggerTime    *string           `json:"triggerTime,omitempty"`
	HadHints       bool              `json:"hadHints,omitempty"`
	Server         serverState       `json:"server"`
	Service        json.RawMessage   `json:"service"`
	Pods           []json.RawMessage `json:"pods,omitempty"`
	Nodes          []json.RawMessage `json:"nodes,omitempty"`
	Endpoints      json.RawMessage   `json:"endpoints,omitempty"`
	EndpointSlices []json.RawMessage `json:"endpointSlices,omitempty"`
	Want           wanted            `json:"want"`
}

type serverState struct {
	ResourceVersion string `json:"resourceVersion"`
	Time            string `json:"time"`
}

type wanted struct {
	Error  bool     `json:"error,omitempty"`
	Writes []write  `json:"writes"`
	Events []string `json:"events,omitempty"`
}

var startTime = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// program is a random program: a cluster, a control plane, and what is recorded of both.
type program struct {
	*cluster
	plane  *controlPlane
	config config
	name   string
	out    *lines
	tries  int
	orders random // of the caches in the tries
	isWild bool
}

// recordProgram records single syncs along one random program.
func recordProgram(out *lines, o options, number uint64) error {
	stream := uint64(1)
	if o.kind == "wild" {
		stream = 2
	}
	r := newRandom(number, stream)
	c := config{
		endpointsPerSlice:    pick(r, int32(1), 2, 3, 3, 5, 5, 5, 10, 100),
		mirroredEndpointsMax: pick(r, int32(3), 10, 1000),
	}
	s := newServer(newRandom(number, stream+100), startTime)
	p := &program{
		cluster: newCluster(r, startTime, s.nextVersion),
		plane:   newControlPlane(s, c),
		config:  c,
		name:    fmt.Sprintf("%s-%d", map[string]string{"steps": "random", "wild": "wild"}[o.kind], number),
		out:     out,
		tries:   o.tries,
		orders:  newRandom(number, stream+200),
		isWild:  o.kind == "wild",
	}
	defer p.plane.shutDown()
	if o.pods > 0 {
		p.podsMax = o.pods
	}
	if p.isWild && p.chance(0.15) {
		p.names = append(p.names, "a-service-with-a-name-of-sixty-three-characters-012345678901234")
	}
	for i := range o.steps {
		p.now = p.now.Add(time.Duration(p.between(10, 5000)) * time.Millisecond)
		if i == 0 {
			p.now = startTime
			p.start()
		} else {
			p.act()
		}
		s.now = p.now
		changes, about := p.takeChanges()
		for _, change := range changes {
			p.plane.deliver(change)
		}
		if err := p.recordSyncs(i, about); err != nil {
			return err
		}
		p.collectGarbage()
	}
	return nil
}

// act is one step of the program's users.
func (p *program) act() {
	p.plane.server.now = p.now
	if p.chance(0.06) {
		p.say("nothing happened")
		return
	}
	if p.chance(0.75) {
		p.step(ordinaryEdits)
	}
	if p.chance(0.2) {
		p.foreignStep(foreignEdits)
	}
	if p.isWild {
		if p.chance(0.6) {
			p.step(wildEdits)
		}
		if p.chance(0.5) {
			p.foreignStep(wildForeignEdits)
		}
	}
	p.writeEndpointsByHand()
}

// recordSyncs runs every controller for every Service and writes down what they do.
func (p *program) recordSyncs(step int, about string) error {
	for _, name := range p.names {
		for _, controller := range []string{"endpoints", "endpointslice", "endpointslicemirroring"} {
			if p.chance(0.15) {
				continue // it comes later, with more to do
			}
			c := p.look(name, controller)
			c.Case = fmt.Sprintf("%s.%d.%s/%s", p.name, step, name, controller)
			c.About = about
			areSure := p.agree(c, name, p.tries)
			p.sync(c, name)
			if !areSure || p.isBoring(c) {
				continue
			}
			if err := p.out.write(c); err != nil {
				return err
			}
		}
	}
	return nil
}

// isBoring: a sync that had nothing to do is worth a line now and then.
func (p *program) isBoring(c *stepCase) bool {
	if len(c.Want.Writes) > 0 || c.Want.Error {
		return false
	}
	return !p.chance(map[string]float64{"endpoints": 0.1, "endpointslice": 0.25, "endpointslicemirroring": 0.12}[c.Controller])
}

// look writes down the caches as they are before the sync.
func (p *program) look(name, controller string) *stepCase {
	s := p.plane.server
	c := &stepCase{
		Kube:       release(),
		Controller: controller,
		Key:        namespace + "/" + name,
		Server: serverState{
			ResourceVersion: fmt.Sprint(s.version),
			Time:            p.now.Format(time.RFC3339Nano),
		},
		Service: json.RawMessage("null"),
	}
	if i := find(p.services, name); i >= 0 {
		c.Service = jsonOf(p.services[i])
	}
	switch controller {
	case "endpoints":
		c.Pods = jsonOfAll(p.pods)
		c.Endpoints = p.lookAtEndpoints(name)
	case "endpointslice":
		c.Config = map[string]int32{"maxEndpointsPerSlice": p.config.endpointsPerSlice}
		c.Pods, c.Nodes = jsonOfAll(p.pods), jsonOfAll(p.nodes)
		c.EndpointSlices = p.lookAtSlices(name)
		c.HadHints = p.plane.topology().HasPopulatedHints(c.Key)
	case "endpointslicemirroring":
		c.Config = map[string]int32{"mirroringMaxEndpointsPerSubset": p.config.mirroredEndpointsMax}
		c.Endpoints = p.lookAtEndpoints(name)
		c.EndpointSlices = p.lookAtSlices(name)
	}
	return c
}

func (p *program) lookAtEndpoints(name string) json.RawMessage {
	if object, ok := p.plane.server.endpoints.objects[name]; ok {
		return jsonOf(object)
	}
	return nil
}

func (p *program) lookAtSlices(name string) []json.RawMessage {
	var of []*discovery.EndpointSlice
	for _, slice := range p.plane.server.slices.list() {
		if slice.Labels[discovery.LabelServiceName] == name {
			of = append(of, slice)
		}
	}
	return jsonOfAll(of)
}

// sync runs the controller and adds to the case what it did.
func (p *program) sync(c *stepCase, name string) {
	p.plane.forgetWrites(name)
	p.plane.refreshTopology()
	p.plane.events.texts = nil
	c.Want.Error = p.plane.sync(c.Controller, c.Key) != nil
	c.Want.Events = p.plane.events.texts
	c.Want.Writes = p.plane.server.takeLog()
	if c.Want.Writes == nil {
		c.Want.Writes = []write{}
	}
	for _, w := range c.Want.Writes {
		if w.Verb != "delete" && c.Controller != "endpointslicemirroring" {
			c.TriggerTime = pointer(w.object.GetAnnotations()[v1.EndpointsLastChangeTriggerTime])
		}
	}
}

// collectGarbage deletes what belongs to Services that are gone, sooner or later.
func (p *program) collectGarbage() {
	s := p.plane.server
	for _, slice := range s.slices.list() {
		for _, owner := range slice.OwnerReferences {
			if owner.Kind == "Service" && !p.hasService(string(owner.UID)) && p.chance(0.3) {
				s.slices.forget(slice.Name)
			}
		}
	}
}

func (p *program) hasService(uid string) bool {
	for _, service := range p.services {
		if string(service.UID) == uid {
			return true
		}
	}
	return false
}
