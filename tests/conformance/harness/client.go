package main

import (
	"fmt"

	v1 "k8s.io/api/core/v1"
	discovery "k8s.io/api/discovery/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/kubernetes/fake"
	clienttesting "k8s.io/client-go/testing"
)

// newClient is a client set whose every request goes to the server.
func newClient(s *server) *fake.Clientset {
	client := &fake.Clientset{}
	client.AddReactor("*", "*", func(action clienttesting.Action) (bool, runtime.Object, error) {
		switch action.GetResource().Resource {
		case "endpoints":
			object, err := request(s.endpoints, action)
			return true, object, err
		case "endpointslices":
			object, err := request(s.slices, action)
			return true, object, err
		}
		panic(fmt.Sprintf("a controller asked for %s of %s", action.GetVerb(), action.GetResource().Resource))
	})
	return client
}

func request[T stored](st *storage[T], action clienttesting.Action) (runtime.Object, error) {
	switch a := action.(type) {
	case clienttesting.CreateAction: // an update is one, too
		object := a.GetObject().(T)
		if action.GetVerb() == "update" {
			return st.update(object)
		}
		return st.create(object)
	case clienttesting.DeleteAction:
		return nil, st.remove(a.GetName())
	}
	panic(fmt.Sprintf("a controller asked for %s", action.GetVerb()))
}

var (
	_ stored = &v1.Endpoints{}
	_ stored = &discovery.EndpointSlice{}
)
