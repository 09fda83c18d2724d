//go:build kube134 || kube135

package main

import (
	"github.com/go-logr/logr"
	"k8s.io/klog/v2"
	"k8s.io/kubernetes/pkg/controller/endpointslicemirroring"

	_ "unsafe" // for go:linkname
)

// Up to 1.35 the sync function takes a logger.

//go:linkname syncMirroring k8s.io/kubernetes/pkg/controller/endpointslicemirroring.(*Controller).syncEndpoints
func syncMirroring(c *endpointslicemirroring.Controller, logger klog.Logger, key string) error

func (p *controlPlane) syncMirroring(key string) error {
	return syncMirroring(p.mirroring, logr.Discard(), key)
}
