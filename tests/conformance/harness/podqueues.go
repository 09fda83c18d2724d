//go:build !kube134

package main

import (
	"github.com/go-logr/logr"
	"k8s.io/client-go/util/workqueue"
	endpointsliceutil "k8s.io/endpointslice/util"
	"k8s.io/klog/v2"
	"k8s.io/kubernetes/pkg/controller/endpoint"
	"k8s.io/kubernetes/pkg/controller/endpointslice"

	_ "unsafe" // for go:linkname
)

// Since 1.35 a pod's change waits in a queue of its own until a worker looks up the Services that it concerns.

//go:linkname syncEndpointsPod k8s.io/kubernetes/pkg/controller/endpoint.(*Controller).syncPod
func syncEndpointsPod(c *endpoint.Controller, logger klog.Logger, key *endpointsliceutil.PodProjectionKey) error

//go:linkname syncSlicesPod k8s.io/kubernetes/pkg/controller/endpointslice.(*Controller).syncPod
func syncSlicesPod(c *endpointslice.Controller, logger klog.Logger, key *endpointsliceutil.PodProjectionKey) error

type podQueue = workqueue.TypedRateLimitingInterface[*endpointsliceutil.PodProjectionKey]

// drainPodQueues does the work of the pod workers, until there is none.
func (p *controlPlane) drainPodQueues() {
	drain(*field[podQueue](p.endpoints, "podQueue"), func(key *endpointsliceutil.PodProjectionKey) error {
		return syncEndpointsPod(p.endpoints, logr.Discard(), key)
	})
	drain(*field[podQueue](p.slices, "podQueue"), func(key *endpointsliceutil.PodProjectionKey) error {
		return syncSlicesPod(p.slices, logr.Discard(), key)
	})
}

func drain(queue podQueue, sync func(*endpointsliceutil.PodProjectionKey) error) {
	for queue.Len() > 0 {
		key, _ := queue.Get()
		if err := sync(key); err != nil {
			panic(err)
		}
		queue.Done(key)
	}
}

func (p *controlPlane) shutDownPodQueues() {
	(*field[podQueue](p.endpoints, "podQueue")).ShutDown()
	(*field[podQueue](p.slices, "podQueue")).ShutDown()
}
