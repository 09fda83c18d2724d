package main

import (
	"fmt"
	"maps"

	v1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

// An edit is one thing that somebody does; it returns false if there was nothing to do it to.
type edit func(c *cluster) bool

// ordinaryEdits are what happens in a healthy cluster.
var ordinaryEdits = []weighted[edit]{
	{30, createPods}, {14, deletePod}, {6, onPod(terminatePod)}, {14, onPod(flipReadiness)}, {4, giveAddress}, {4, onPod(restartPod)},
	{2, onPod(finishPod)}, {4, onPod(relabelPod)}, {4, onPod(recreatePod)}, {1, createBurst}, {1, deleteBurst},
	{2, onService(changePorts)}, {1, onService(changeSelector)}, {3, relabelService}, {1, changeType}, {1, onService(changePublish)}, {3, onService(changeTopologyMode)},
	{3, onService(changeTrafficDistribution)}, {1, onService(changeFamilies)}, {1, onService(changeClusterIP)}, {1, onService(recreateService)}, {1, deleteService}, {4, createService},
	{1, addOneNode}, {1, removeNode}, {2, moveNode}, {2, onNode(flipNode)}, {1, onNode(resizeNode)}, {1, onNode(markNode)},
}

func (c *cluster) somePod() *v1.Pod {
	if len(c.pods) == 0 {
		return nil
	}
	return pick(c.random, c.pods...).DeepCopy()
}

func (c *cluster) someService() *v1.Service {
	if len(c.services) == 0 {
		return nil
	}
	return pick(c.random, c.services...).DeepCopy()
}

func (c *cluster) someNode() *v1.Node {
	if len(c.nodes) == 0 {
		return nil
	}
	return pick(c.random, c.nodes...).DeepCopy()
}

// onPod makes an edit of what is done to one pod, and told as; if that is "", it could not be done.
func onPod(do func(c *cluster, pod *v1.Pod) string) edit {
	return func(c *cluster) bool {
		pod := c.somePod()
		if pod == nil {
			return false
		}
		about := do(c, pod)
		if about != "" {
			put(c, &c.pods, pod)
			c.say("%s", about)
		}
		return about != ""
	}
}

func onService(do func(c *cluster, service *v1.Service) string) edit {
	return func(c *cluster) bool {
		service := c.someService()
		if service == nil {
			return false
		}
		about := do(c, service)
		put(c, &c.services, service)
		c.say("%s", about)
		return true
	}
}

func onNode(do func(c *cluster, node *v1.Node) string) edit {
	return func(c *cluster) bool {
		node := c.someNode()
		if node == nil {
			return false
		}
		about := do(c, node)
		if about != "" {
			put(c, &c.nodes, node)
			c.say("%s", about)
		}
		return about != ""
	}
}

// --- pods ---

func createSome(c *cluster, count int) bool {
	app := c.app()
	done := false
	for range count {
		if len(c.pods) < c.podsMax {
			c.addPod(app, c.chance(0.75))
			done = true
		}
		if c.chance(0.3) {
			app = c.app()
		}
	}
	return done
}

func createPods(c *cluster) bool  { return createSome(c, pick(c.random, 1, 1, 1, 2, 3)) }
func createBurst(c *cluster) bool { return createSome(c, c.between(4, 12)) }

func deleteSome(c *cluster, count int) bool {
	done := false
	for range count {
		if pod := c.somePod(); pod != nil {
			drop(c, &c.pods, pod.Name)
			c.say("pod %s deleted", pod.Name)
			done = true
		}
	}
	return done
}

func deletePod(c *cluster) bool   { return deleteSome(c, 1) }
func deleteBurst(c *cluster) bool { return deleteSome(c, c.between(2, len(c.pods)+2)) }

func terminatePod(c *cluster, pod *v1.Pod) string {
	if pod.DeletionTimestamp != nil {
		return ""
	}
	pod.DeletionTimestamp = pointer(c.nowMeta())
	pod.DeletionGracePeriodSeconds = pointer(int64(30))
	return "pod " + pod.Name + " terminates"
}

func isReady(pod *v1.Pod) bool {
	for _, condition := range pod.Status.Conditions {
		if condition.Type == v1.PodReady {
			return condition.Status == v1.ConditionTrue
		}
	}
	return false
}

func flipReadiness(c *cluster, pod *v1.Pod) string {
	if pod.Status.PodIP == "" || pod.Status.Phase != v1.PodRunning {
		return ""
	}
	c.setReady(pod, !isReady(pod))
	return fmt.Sprintf("pod %s ready: %t", pod.Name, isReady(pod))
}

func giveAddress(c *cluster) bool {
	for _, p := range c.pods {
		if p.Status.Phase != v1.PodPending || p.Status.PodIP != "" {
			continue
		}
		pod := p.DeepCopy()
		pod.Status.Phase = v1.PodRunning
		setAddresses(pod, c.addressesOfPod())
		if c.chance(0.7) {
			c.setReady(pod, true)
		}
		put(c, &c.pods, pod)
		c.say("kubelet posts the IP of pod %s", pod.Name)
		return true
	}
	return false
}

func restartPod(c *cluster, pod *v1.Pod) string {
	if pod.Status.PodIP == "" {
		return ""
	}
	setAddresses(pod, c.addressesOfPod())
	if c.chance(0.5) {
		c.setReady(pod, isReady(pod))
	}
	return fmt.Sprintf("pod %s restarts with ip %s", pod.Name, pod.Status.PodIP)
}

func finishPod(c *cluster, pod *v1.Pod) string {
	pod.Status.Phase = pick(c.random, v1.PodFailed, v1.PodSucceeded)
	c.setReady(pod, false)
	return fmt.Sprintf("pod %s is %s", pod.Name, pod.Status.Phase)
}

func relabelPod(c *cluster, pod *v1.Pod) string {
	from := pod.Labels["app"]
	pod.Labels = maps.Clone(pod.Labels)
	if pod.Labels == nil {
		pod.Labels = map[string]string{}
	}
	if c.chance(0.4) {
		if _, ok := pod.Labels["canary"]; ok {
			delete(pod.Labels, "canary")
		} else {
			pod.Labels["canary"] = "true"
		}
	} else {
		pod.Labels["app"] = pick(c.random, append([]string{"other"}, c.names...)...)
	}
	return fmt.Sprintf("pod %s relabelled %s -> %s", pod.Name, from, pod.Labels["app"])
}

// recreatePod is what a watch shows that missed a deletion: another pod of the same name.
func recreatePod(c *cluster, pod *v1.Pod) string {
	pod.UID = c.uid()
	pod.CreationTimestamp = c.nowMeta()
	pod.DeletionTimestamp, pod.DeletionGracePeriodSeconds = nil, nil
	pod.Spec.NodeName = c.someNodeName()
	c.setReady(pod, c.chance(0.6))
	return "pod " + pod.Name + " recreated with the same name and ip"
}

// --- Services ---

func changePorts(c *cluster, service *v1.Service) string {
	service.Spec.Ports = c.servicePorts()
	if service.Spec.ClusterIP == v1.ClusterIPNone && c.chance(0.2) {
		service.Spec.Ports = nil
	}
	return "service " + service.Name + " ports changed"
}

func changeSelector(c *cluster, service *v1.Service) string {
	service.Spec.Selector = pick(c.random, map[string]string{"app": service.Name}, map[string]string{"app": service.Name},
		map[string]string{"app": service.Name, "canary": "true"}, map[string]string{"canary": "true"}, nil)
	return fmt.Sprintf("service %s selector %v", service.Name, service.Spec.Selector)
}

func relabelService(c *cluster) bool {
	service := c.someService()
	if service == nil {
		return false
	}
	service.Labels = maps.Clone(service.Labels)
	if service.Labels == nil {
		service.Labels = map[string]string{}
	}
	switch c.IntN(4) {
	case 0:
		service.Labels["rev"] = pick(c.random, "1", "2", "3")
		c.say("service %s label rev=%s", service.Name, service.Labels["rev"])
	case 1:
		delete(service.Labels, "team")
		c.say("service %s loses label team", service.Name)
	case 2:
		key := pick(c.random, "kubernetes.io/service-name", "endpointslice.kubernetes.io/managed-by", "service.kubernetes.io/headless",
			"endpoints.kubernetes.io/managed-by", "endpointslice.kubernetes.io/skip-mirror")
		service.Labels[key] = pick(c.random, "", "mine", "true")
		c.say("service %s carries a reserved label", service.Name)
	case 3:
		service.Labels = map[string]string{"app": service.Name}
		c.say("service %s has one label", service.Name)
	}
	put(c, &c.services, service)
	return true
}

func changeType(c *cluster) bool {
	service := c.someService()
	if service == nil {
		return false
	}
	if service.Spec.Type == v1.ServiceTypeExternalName || c.chance(0.5) {
		service.Spec.Type = pick(c.random, v1.ServiceTypeClusterIP, v1.ServiceTypeNodePort, v1.ServiceTypeLoadBalancer)
		service.Spec.ExternalName = ""
	} else {
		service.Spec.Type, service.Spec.ExternalName = v1.ServiceTypeExternalName, "example.com"
	}
	put(c, &c.services, service)
	c.say("service %s type %s", service.Name, service.Spec.Type)
	return true
}

func changePublish(c *cluster, service *v1.Service) string {
	service.Spec.PublishNotReadyAddresses = !service.Spec.PublishNotReadyAddresses
	return fmt.Sprintf("service %s publishNotReadyAddresses: %t", service.Name, service.Spec.PublishNotReadyAddresses)
}

func changeTopologyMode(c *cluster, service *v1.Service) string {
	service.Annotations = nil
	if !c.chance(0.3) {
		key := pick(c.random, v1.AnnotationTopologyMode, v1.AnnotationTopologyMode, v1.DeprecatedAnnotationTopologyAwareHints)
		service.Annotations = map[string]string{key: pick(c.random, "Auto", "Auto", "Auto", "auto", "AUTO", "Disabled")}
	}
	return fmt.Sprintf("service %s annotations %v", service.Name, service.Annotations)
}

func changeTrafficDistribution(c *cluster, service *v1.Service) string {
	service.Spec.TrafficDistribution = nil
	if !c.chance(0.3) {
		service.Spec.TrafficDistribution = pointer(pick(c.random, "PreferClose", "PreferSameZone", "PreferSameNode"))
	}
	return "service " + service.Name + " trafficDistribution changed"
}

func changeFamilies(c *cluster, service *v1.Service) string {
	service.Spec.IPFamilies = c.families()
	return fmt.Sprintf("service %s ipFamilies %v", service.Name, service.Spec.IPFamilies)
}

func changeClusterIP(c *cluster, service *v1.Service) string {
	service.Spec.ClusterIP = pick(c.random, c.clusterIP(), v1.ClusterIPNone)
	return fmt.Sprintf("service %s clusterIP %s", service.Name, service.Spec.ClusterIP)
}

func recreateService(c *cluster, service *v1.Service) string {
	drop(c, &c.services, service.Name)
	service.UID = c.uid()
	service.CreationTimestamp = c.nowMeta()
	return "service " + service.Name + " recreated with a new uid"
}

func deleteService(c *cluster) bool {
	service := c.someService()
	if service == nil {
		return false
	}
	drop(c, &c.services, service.Name)
	c.say("service %s deleted", service.Name)
	return true
}

func createService(c *cluster) bool {
	for _, name := range c.names {
		if find(c.services, name) < 0 {
			c.addService(name)
			return true
		}
	}
	return false
}

// --- nodes ---

func addOneNode(c *cluster) bool {
	if len(c.nodes) >= 8 {
		return false
	}
	c.addNode(pick(c.random, "zone-a", "zone-b", "zone-c", "zone-d"))
	return true
}

func removeNode(c *cluster) bool {
	node := c.someNode()
	if node == nil || len(c.nodes) == 1 {
		return false
	}
	drop(c, &c.nodes, node.Name)
	c.say("node %s removed", node.Name)
	return true
}

func moveNode(c *cluster) bool {
	node := c.someNode()
	if node == nil {
		return false
	}
	zone := pick(c.random, "zone-a", "zone-b", "zone-c", "zone-d")
	node.Labels = maps.Clone(node.Labels)
	if node.Labels == nil {
		node.Labels = map[string]string{}
	}
	node.Labels[v1.LabelTopologyZone] = zone
	put(c, &c.nodes, node)
	c.say("node %s moves to %s", node.Name, zone)
	return true
}

func flipNode(c *cluster, node *v1.Node) string {
	if len(node.Status.Conditions) == 0 {
		return ""
	}
	condition := &node.Status.Conditions[0]
	if condition.Status == v1.ConditionTrue {
		condition.Status = pick(c.random, v1.ConditionFalse, v1.ConditionUnknown)
	} else {
		condition.Status = v1.ConditionTrue
	}
	return fmt.Sprintf("node %s ready: %s", node.Name, condition.Status)
}

func resizeNode(c *cluster, node *v1.Node) string {
	node.Status.Allocatable = v1.ResourceList{v1.ResourceCPU: resource.MustParse(pick(c.random, "1", "3", "16", "250m", "1500m"))}
	return fmt.Sprintf("node %s has %s cpu", node.Name, node.Status.Allocatable.Cpu().String())
}

func markNode(c *cluster, node *v1.Node) string {
	node.Labels = maps.Clone(node.Labels)
	if node.Labels == nil {
		node.Labels = map[string]string{}
	}
	key := pick(c.random, "node-role.kubernetes.io/control-plane", "node-role.kubernetes.io/master")
	if _, ok := node.Labels[key]; ok {
		delete(node.Labels, key)
	} else {
		node.Labels[key] = pick(c.random, "", "true")
	}
	return fmt.Sprintf("node %s label %s changed", node.Name, key)
}

// step does what happens between two looks at the cluster.
func (c *cluster) step(edits []weighted[edit]) {
	for range pickWeighted(c.random, []weighted[int]{{10, 1}, {4, 2}, {2, 3}, {1, 5}}) {
		for range 20 { // until one finds something to do
			if pickWeighted(c.random, edits)(c) {
				break
			}
		}
	}
}
