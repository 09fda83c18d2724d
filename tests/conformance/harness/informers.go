package main

import (
	v1 "k8s.io/api/core/v1"
	discovery "k8s.io/api/discovery/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/informers"
	coreinformers "k8s.io/client-go/informers/core/v1"
	discoveryinformers "k8s.io/client-go/informers/discovery/v1"
	"k8s.io/client-go/tools/cache"
)

// informer is a real informer that is never started: its cache is filled by hand, and the handlers that controllers
// register are called by hand, at once.
type informer struct {
	cache.SharedIndexInformer
	handlers []cache.ResourceEventHandler
}

func (i *informer) AddEventHandler(handler cache.ResourceEventHandler) (cache.ResourceEventHandlerRegistration, error) {
	i.handlers = append(i.handlers, handler)
	return nil, nil
}

// store changes the cache; old or new is nil.
func (i *informer) store(old, new runtime.Object) {
	var err error
	switch {
	case new == nil:
		err = i.GetIndexer().Delete(old)
	default:
		err = i.GetIndexer().Update(new)
	}
	if err != nil {
		panic(err)
	}
}

// shuffle makes the cache list its objects in another order: Go walks a small map nearly in the order of insertion.
func (i *informer) shuffle(r random) {
	objects := i.GetIndexer().List()
	r.Shuffle(len(objects), func(a, b int) { objects[a], objects[b] = objects[b], objects[a] })
	if err := i.GetIndexer().Replace(objects, ""); err != nil {
		panic(err)
	}
}

// tell calls the handlers of all controllers.
func (i *informer) tell(old, new runtime.Object) {
	for _, handler := range i.handlers {
		switch {
		case old == nil:
			handler.OnAdd(new, false)
		case new == nil:
			handler.OnDelete(old)
		default:
			handler.OnUpdate(old, new)
		}
	}
}

// The factory's informers, with ours inside.
type (
	podInformer struct {
		coreinformers.PodInformer
		inner *informer
	}
	serviceInformer struct {
		coreinformers.ServiceInformer
		inner *informer
	}
	nodeInformer struct {
		coreinformers.NodeInformer
		inner *informer
	}
	endpointsInformer struct {
		coreinformers.EndpointsInformer
		inner *informer
	}
	sliceInformer struct {
		discoveryinformers.EndpointSliceInformer
		inner *informer
	}
)

func (i podInformer) Informer() cache.SharedIndexInformer       { return i.inner }
func (i serviceInformer) Informer() cache.SharedIndexInformer   { return i.inner }
func (i nodeInformer) Informer() cache.SharedIndexInformer      { return i.inner }
func (i endpointsInformer) Informer() cache.SharedIndexInformer { return i.inner }
func (i sliceInformer) Informer() cache.SharedIndexInformer     { return i.inner }

// caches are the informers of one control plane.
type caches struct {
	pods      podInformer
	services  serviceInformer
	nodes     nodeInformer
	endpoints endpointsInformer
	slices    sliceInformer
}

func newCaches(factory informers.SharedInformerFactory) *caches {
	core, disc := factory.Core().V1(), factory.Discovery().V1()
	return &caches{
		pods:      podInformer{core.Pods(), &informer{SharedIndexInformer: core.Pods().Informer()}},
		services:  serviceInformer{core.Services(), &informer{SharedIndexInformer: core.Services().Informer()}},
		nodes:     nodeInformer{core.Nodes(), &informer{SharedIndexInformer: core.Nodes().Informer()}},
		endpoints: endpointsInformer{core.Endpoints(), &informer{SharedIndexInformer: core.Endpoints().Informer()}},
		slices:    sliceInformer{disc.EndpointSlices(), &informer{SharedIndexInformer: disc.EndpointSlices().Informer()}},
	}
}

// of is the informer of an object's kind.
func (c *caches) of(object runtime.Object) *informer {
	switch object.(type) {
	case *v1.Pod:
		return c.pods.inner
	case *v1.Service:
		return c.services.inner
	case *v1.Node:
		return c.nodes.inner
	case *v1.Endpoints:
		return c.endpoints.inner
	case *discovery.EndpointSlice:
		return c.slices.inner
	}
	panic("unknown kind of object")
}
