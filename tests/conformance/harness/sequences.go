package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"reflect"
	"sort"
	"strings"
	"time"

	"github.com/go-logr/logr"
	v1 "k8s.io/api/core/v1"
	discovery "k8s.io/api/discovery/v1"
)

type sequenceHead struct {
	Sequence string           `json:"sequence"`
	Kube     string           `json:"kube"`
	Config   map[string]int32 `json:"config"`
	Runs     int              `json:"runs"`
	Steps    int              `json:"steps"`
}

type sequenceStep struct {
	Sequence string                   `json:"sequence"`
	Step     int                      `json:"step"`
	Time     string                   `json:"time"`
	About    string                   `json:"about"`
	Watch    []watchEvent             `json:"watch"`
	Want     map[string]*stepOutcomes `json:"want"`
	changes  []change
	now      time.Time
}

type watchEvent struct {
	Type   string          `json:"type"`
	Object json.RawMessage `json:"object"`
}

// stepOutcomes is what the controllers left of one Service after a step.
type stepOutcomes struct {
	Endpoints         json.RawMessage   `json:"endpoints"`
	EndpointsProtobuf int               `json:"endpointsProtobuf,omitempty"`
	Requests          map[string]string `json:"requests"`
	Slices            map[string]int    `json:"slices"` // outcome -> in how many runs
}

// errVaries: runs differ in what the format wants to be exact, or in so many ways that so few runs say little.
var errVaries = errors.New("the runs differ")

// recordSequence records one whole history. A history on which the runs differ in Endpoints or requests (the mirroring
// controller may fail by chance), or in more ways than a third of their number, is given up for one of another stream.
func recordSequence(out *lines, o options, number uint64) error {
	for stream := uint64(3); ; stream++ {
		head, steps, c := planSequence(o, number, stream)
		err := error(nil)
		for run := 0; run < o.runs && err == nil; run++ {
			err = runSequence(steps, c, newRandom(number, stream+1000*uint64(run+1)), run == 0)
		}
		for _, step := range steps {
			for name, want := range step.Want {
				if err == nil && len(want.Slices) > (o.runs+2)/3 {
					err = fmt.Errorf("%w in %d ways at step %d in service %s", errVaries, len(want.Slices), step.Step, name)
				}
			}
		}
		if errors.Is(err, errVaries) {
			fmt.Fprintf(os.Stderr, "\n%s: %v; another history takes its place\n", head.Sequence, err)
			continue
		}
		if err != nil {
			return err
		}
		if err := out.write(head); err != nil {
			return err
		}
		for _, step := range steps {
			if err := out.write(step); err != nil {
				return err
			}
		}
		return nil
	}
}

// planSequence draws what users, kubelets and nodes do.
func planSequence(o options, number, stream uint64) (sequenceHead, []*sequenceStep, config) {
	r := newRandom(number, stream)
	c := config{
		endpointsPerSlice:    pick(r, int32(3), 5, 5, 5, 10),
		mirroredEndpointsMax: pick(r, int32(3), 10, 1000),
	}
	version := int64(1000)
	cluster := newCluster(r, startTime, func() string {
		version++
		return fmt.Sprint(version)
	})
	cluster.podsMax = r.between(10, 30)
	if o.pods > 0 {
		cluster.podsMax = o.pods
	}
	head := sequenceHead{
		Sequence: fmt.Sprintf("history-%d", number), Kube: release(), Runs: o.runs, Steps: o.steps,
		Config: map[string]int32{"maxEndpointsPerSlice": c.endpointsPerSlice, "mirroringMaxEndpointsPerSubset": c.mirroredEndpointsMax},
	}
	var steps []*sequenceStep
	for i := range o.steps {
		if i == 0 {
			cluster.start()
		} else {
			cluster.now = cluster.now.Add(time.Duration(cluster.between(10, 5000)) * time.Millisecond)
			if cluster.chance(0.9) {
				cluster.step(ordinaryEdits)
			}
		}
		step := &sequenceStep{Sequence: head.Sequence, Step: i, now: cluster.now, Time: cluster.now.Format(time.RFC3339Nano)}
		step.Want = map[string]*stepOutcomes{}
		for _, name := range cluster.names {
			step.Want[name] = &stepOutcomes{Requests: map[string]string{}, Slices: map[string]int{}}
		}
		step.changes, step.About = cluster.takeChanges()
		for _, change := range step.changes {
			step.Watch = append(step.Watch, watchEventOf(change))
		}
		steps = append(steps, step)
	}
	return head, steps, c
}

func watchEventOf(c change) watchEvent {
	switch {
	case c.old == nil:
		return watchEvent{"ADDED", jsonOf(c.new)}
	case c.new == nil:
		return watchEvent{"DELETED", jsonOf(c.old)}
	}
	return watchEvent{"MODIFIED", jsonOf(c.new)}
}

// requestCounts are the requests of one controller for one Service in one step.
type requestCounts struct{ syncs, creates, updates, noops, deletes int }

func (c requestCounts) String() string {
	return fmt.Sprintf("syncs=%d create=%d update=%d noop=%d delete=%d", c.syncs, c.creates, c.updates, c.noops, c.deletes)
}

func (c *requestCounts) add(writes []write) {
	for _, w := range writes {
		switch {
		case w.Noop:
			c.noops++
		case w.Verb == "create":
			c.creates++
		case w.Verb == "update":
			c.updates++
		default:
			c.deletes++
		}
	}
}

// replay is one run of a history; counts are by controller and Service.
type replay struct {
	plane  *controlPlane
	queues map[string]keyQueue
	counts map[string]map[string]*requestCounts
}

// runSequence lets the controllers run the history once, and adds what comes of it.
func runSequence(steps []*sequenceStep, c config, r random, isFirst bool) error {
	s := newServer(r, startTime)
	plane := newControlPlane(s, c)
	defer plane.shutDown()
	plane.isLive = true
	run := &replay{plane: plane, queues: plane.queues()}
	for _, step := range steps {
		s.now = step.now
		run.counts = map[string]map[string]*requestCounts{}
		for _, change := range step.changes {
			plane.deliver(change)
			run.settle()
			if service, ok := change.old.(*v1.Service); ok && change.new == nil {
				run.collect(service)
			}
		}
		if err := run.look(step, isFirst); err != nil {
			return err
		}
	}
	return nil
}

// settle does what the change made the controllers want to do. Nothing is retried.
func (r *replay) settle() {
	topologyQueue := *field[keyQueue](r.plane.slices, "topologyQueue")
	for {
		r.plane.drainPodQueues()
		for topologyQueue.Len() > 0 {
			key, _ := topologyQueue.Get()
			syncTopology(r.plane.slices, logr.Discard())
			topologyQueue.Done(key)
		}
		isBusy := false
		for _, controller := range []string{"endpoints", "endpointslice", "endpointslicemirroring"} {
			for queue := r.queues[controller]; queue.Len() > 0; isBusy = true {
				r.syncNext(controller, queue)
			}
		}
		if !isBusy {
			return
		}
	}
}

func (r *replay) syncNext(controller string, queue keyQueue) {
	key, _ := queue.Get()
	count := r.count(controller, strings.TrimPrefix(key, namespace+"/"))
	count.syncs++
	_ = r.plane.sync(controller, key) // a failure shows in what is missing
	count.add(r.plane.server.takeLog())
	queue.Done(key)
}

func (r *replay) count(controller, name string) *requestCounts {
	if r.counts[controller] == nil {
		r.counts[controller] = map[string]*requestCounts{}
	}
	if r.counts[controller][name] == nil {
		r.counts[controller][name] = &requestCounts{}
	}
	return r.counts[controller][name]
}

// collect is the garbage collector.
func (r *replay) collect(service *v1.Service) {
	for _, slice := range r.plane.server.slices.list() {
		for _, owner := range slice.OwnerReferences {
			if owner.UID == service.UID {
				r.plane.server.slices.forget(slice.Name)
			}
		}
	}
}

// look adds what the run left after a step to what other runs left.
func (r *replay) look(step *sequenceStep, isFirst bool) error {
	for name, want := range step.Want {
		got := stepOutcomes{Requests: map[string]string{
			"endpoints":              r.count("endpoints", name).String(),
			"endpointslicemirroring": r.count("endpointslicemirroring", name).String(),
		}, Endpoints: json.RawMessage("null")}
		if object, ok := r.plane.server.endpoints.objects[name]; ok {
			object = object.DeepCopy()
			object.UID, object.ResourceVersion = "", ""
			got.Endpoints, got.EndpointsProtobuf = jsonOf(object), len(must(object.Marshal()))
		}
		if isFirst {
			want.Endpoints, want.EndpointsProtobuf, want.Requests = got.Endpoints, got.EndpointsProtobuf, got.Requests
		} else if string(want.Endpoints) != string(got.Endpoints) || !reflect.DeepEqual(want.Requests, got.Requests) {
			return fmt.Errorf("%w at step %d in service %s", errVaries, step.Step, name)
		}
		want.Slices[r.count("endpointslice", name).String()+" | "+r.sizes(name)]++
	}
	return nil
}

// sizes are all slices of a Service, as "TYPE[PORTS]=[sizes, largest first] ..".
func (r *replay) sizes(name string) string {
	groups := map[string][]int{}
	for _, slice := range r.plane.server.slices.list() {
		if slice.Labels[discovery.LabelServiceName] == name {
			key := groupOf(slice)
			groups[key] = append(groups[key], len(slice.Endpoints))
		}
	}
	var texts []string
	for key, sizes := range groups {
		sort.Sort(sort.Reverse(sort.IntSlice(sizes)))
		texts = append(texts, key+"="+fmt.Sprint(sizes))
	}
	sort.Strings(texts)
	return strings.Join(texts, " ")
}

func groupOf(slice *discovery.EndpointSlice) string {
	var ports []string
	for _, port := range slice.Ports {
		text := fmt.Sprintf("%s/%d/%s", value(port.Name), value(port.Port), value(port.Protocol))
		if port.AppProtocol != nil {
			text += "/" + *port.AppProtocol
		}
		ports = append(ports, text)
	}
	prefix := ""
	if slice.Labels[discovery.LabelManagedBy] == "endpointslicemirroring-controller.k8s.io" {
		prefix = "mirrored:"
	}
	return fmt.Sprintf("%s%s[%s]", prefix, slice.AddressType, strings.Join(ports, ","))
}

func value[T any](pointer *T) T {
	if pointer == nil {
		return *new(T)
	}
	return *pointer
}
