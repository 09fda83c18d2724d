//go:build kube134

package main

// Up to 1.34 the handlers themselves look up the Services that a pod concerns.

func (p *controlPlane) drainPodQueues() {}

func (p *controlPlane) shutDownPodQueues() {}
