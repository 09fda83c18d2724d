package main

import (
	"context"
	"fmt"
	"reflect"
	"unsafe"

	"github.com/go-logr/logr"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes/fake"
	"k8s.io/client-go/tools/record"
	"k8s.io/client-go/util/workqueue"
	"k8s.io/endpointslice/topologycache"
	endpointsliceutil "k8s.io/endpointslice/util"
	"k8s.io/klog/v2"
	"k8s.io/kubernetes/pkg/controller/endpoint"
	"k8s.io/kubernetes/pkg/controller/endpointslice"
	"k8s.io/kubernetes/pkg/controller/endpointslicemirroring"
)

// The controllers' own sync functions, which they do not export.

//go:linkname syncEndpoints k8s.io/kubernetes/pkg/controller/endpoint.(*Controller).syncService
func syncEndpoints(c *endpoint.Controller, ctx context.Context, key string) error

//go:linkname syncSlices k8s.io/kubernetes/pkg/controller/endpointslice.(*Controller).syncService
func syncSlices(c *endpointslice.Controller, logger klog.Logger, key string) error

//go:linkname syncTopology k8s.io/kubernetes/pkg/controller/endpointslice.(*Controller).checkNodeTopologyDistribution
func syncTopology(c *endpointslice.Controller, logger klog.Logger)

// config is what a cluster's administrator sets.
type config struct {
	endpointsPerSlice    int32
	mirroredEndpointsMax int32
}

// controlPlane is an API server with the three controllers, and nothing of it runs by itself.
type controlPlane struct {
	server    *server
	client    *fake.Clientset
	caches    *caches
	endpoints *endpoint.Controller
	slices    *endpointslice.Controller
	mirroring *endpointslicemirroring.Controller
	events    *eventLog
	ctx       context.Context
	stop      context.CancelFunc
	isLive    bool // handlers are called, too, but for slices
}

// eventLog is a recorder of Events, without the machinery that merges and posts them.
type eventLog struct{ texts []string }

func (l *eventLog) Event(_ runtime.Object, eventType, reason, message string) {
	l.texts = append(l.texts, fmt.Sprintf("%s %s %s", eventType, reason, message))
}

func (l *eventLog) Eventf(object runtime.Object, eventType, reason, format string, args ...any) {
	l.Event(object, eventType, reason, fmt.Sprintf(format, args...))
}

func (l *eventLog) AnnotatedEventf(object runtime.Object, _ map[string]string, eventType, reason, format string, args ...any) {
	l.Eventf(object, eventType, reason, format, args...)
}

// WithLogger makes the log a record.EventRecorderLogger.
func (l *eventLog) WithLogger(klog.Logger) record.EventRecorderLogger { return l }

// field reaches an unexported field of a controller.
func field[T any](object any, name string) *T {
	f := reflect.ValueOf(object).Elem().FieldByName(name)
	if !f.IsValid() {
		panic(fmt.Sprintf("%T of this release has no field %s", object, name))
	}
	return (*T)(unsafe.Pointer(f.UnsafeAddr()))
}

// innerPointer is the value of an unexported field that points to a struct of another package.
func innerPointer(object any, name string) any {
	f := reflect.ValueOf(object).Elem().FieldByName(name)
	return reflect.NewAt(f.Type().Elem(), unsafe.Pointer(f.Pointer())).Interface()
}

func newControlPlane(s *server, c config) *controlPlane {
	ctx, stop := context.WithCancel(klog.NewContext(context.Background(), logr.Discard()))
	client := newClient(s)
	caches := newCaches(informers.NewSharedInformerFactory(client, 0))
	p := &controlPlane{server: s, client: client, caches: caches, events: &eventLog{}, ctx: ctx, stop: stop}
	p.endpoints = endpoint.NewEndpointController(ctx, caches.pods, caches.services, caches.endpoints, client, 0)
	p.slices = endpointslice.NewController(ctx, caches.pods, caches.services, caches.nodes, caches.slices, c.endpointsPerSlice, client, 0)
	p.mirroring = endpointslicemirroring.NewController(ctx, caches.endpoints, caches.slices, caches.services, c.mirroredEndpointsMax, client, 0)
	for _, holder := range []any{
		p.endpoints, p.slices, innerPointer(p.slices, "reconciler"), p.mirroring, innerPointer(p.mirroring, "reconciler"),
	} {
		*field[record.EventRecorder](holder, "eventRecorder") = p.events
	}
	s.onChange = p.changed
	return p
}

// changed keeps the caches up to date with the server at every moment.
func (p *controlPlane) changed(old, new stored) {
	var before, after runtime.Object
	if old != nil {
		before = old
	}
	if new != nil {
		after = new.DeepCopyObject()
	}
	p.deliver(change{old: before, new: after})
}

// deliver brings a change into the cache, and to the handlers.
func (p *controlPlane) deliver(c change) {
	object := c.new
	if object == nil {
		object = c.old
	}
	i := p.caches.of(object)
	i.store(c.old, c.new)
	if p.isLive && i != p.caches.slices.inner {
		i.tell(c.old, c.new)
	}
}

func (p *controlPlane) topology() *topologycache.TopologyCache {
	return *field[*topologycache.TopologyCache](p.slices, "topologyCache")
}

// refreshTopology computes the zones' shares from the nodes as they are now.
func (p *controlPlane) refreshTopology() {
	nodes := must(p.caches.nodes.Lister().List(labels.Everything()))
	p.topology().SetNodes(logr.Discard(), nodes)
}

// forgetWrites empties the trackers that guard against a cache that lags behind: here it never does.
func (p *controlPlane) forgetWrites(name string) {
	clear(*field[map[types.NamespacedName]string](innerPointer(p.endpoints, "staleEndpointsTracker"), "staleResourceVersionByEndpoints"))
	for _, c := range []any{p.slices, p.mirroring} {
		(*field[*endpointsliceutil.EndpointSliceTracker](c, "endpointSliceTracker")).DeleteService(namespace, name)
	}
}

// sync runs the sync function of one controller.
func (p *controlPlane) sync(controller, key string) error {
	defer p.client.ClearActions() // they would pile up
	switch controller {
	case "endpoints":
		return syncEndpoints(p.endpoints, p.ctx, key)
	case "endpointslice":
		return syncSlices(p.slices, logr.Discard(), key)
	case "endpointslicemirroring":
		return p.syncMirroring(key)
	}
	panic("unknown controller " + controller)
}

type keyQueue = workqueue.TypedRateLimitingInterface[string]

func (p *controlPlane) queues() map[string]keyQueue {
	return map[string]keyQueue{
		"endpoints":              *field[keyQueue](p.endpoints, "queue"),
		"endpointslice":          *field[keyQueue](p.slices, "serviceQueue"),
		"endpointslicemirroring": *field[keyQueue](p.mirroring, "queue"),
	}
}

// shutDown ends what the constructors started.
func (p *controlPlane) shutDown() {
	for _, queue := range p.queues() {
		queue.ShutDown()
	}
	(*field[keyQueue](p.slices, "topologyQueue")).ShutDown()
	p.shutDownPodQueues()
	p.stop() // and with the context the broadcasters of Events
}
