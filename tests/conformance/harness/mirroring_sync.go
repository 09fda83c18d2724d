//go:build !kube134 && !kube135

package main

import (
	"context"

	"k8s.io/kubernetes/pkg/controller/endpointslicemirroring"

	_ "unsafe" // for go:linkname
)

//go:linkname syncMirroring k8s.io/kubernetes/pkg/controller/endpointslicemirroring.(*Controller).syncEndpoints
func syncMirroring(c *endpointslicemirroring.Controller, ctx context.Context, key string) error

func (p *controlPlane) syncMirroring(key string) error { return syncMirroring(p.mirroring, p.ctx, key) }
