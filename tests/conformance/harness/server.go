package main

import (
	"bytes"
	"encoding/json"
	"sort"
	"strconv"
	"time"

	v1 "k8s.io/api/core/v1"
	discovery "k8s.io/api/discovery/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// server is an API server reduced to what a controller can notice: resource versions, generations, uids, generated
// names, conflicts, and updates that change nothing. Objects pass through protobuf as on the wire.
type server struct {
	random    random
	now       time.Time
	version   int64
	endpoints *storage[*v1.Endpoints]
	slices    *storage[*discovery.EndpointSlice]
	log       []write
	onChange  func(old, new stored) // either may be nil
}

// stored is an object that controllers write.
type stored interface {
	marshaler
	metav1.Object
	Unmarshal([]byte) error
}

// write is one request that was carried out.
type write struct {
	Verb     string          `json:"verb"`
	Noop     bool            `json:"noop,omitempty"`
	Name     string          `json:"name"`
	Protobuf int             `json:"protobuf,omitempty"`
	JSON     int             `json:"json,omitempty"`
	Object   json.RawMessage `json:"object,omitempty"`
	object   stored
}

// storage holds the objects of one kind, by name; there is one namespace.
type storage[T stored] struct {
	server         *server
	resource       schema.GroupResource
	empty          func() T
	hasGeneration  bool
	changesContent func(old, new T) bool
	objects        map[string]T
}

const namespace = "default"

func newServer(r random, now time.Time) *server {
	s := &server{random: r, now: now, version: 1000}
	s.endpoints = &storage[*v1.Endpoints]{
		server: s, resource: v1.Resource("endpoints"), objects: map[string]*v1.Endpoints{},
		empty: func() *v1.Endpoints { return &v1.Endpoints{} },
	}
	s.slices = &storage[*discovery.EndpointSlice]{
		server: s, resource: discovery.Resource("endpointslices"), objects: map[string]*discovery.EndpointSlice{},
		empty:         func() *discovery.EndpointSlice { return &discovery.EndpointSlice{} },
		hasGeneration: true,
		// Everything outside metadata, and the labels.
		changesContent: func(old, new *discovery.EndpointSlice) bool {
			a, b := *old, *new
			a.ObjectMeta, b.ObjectMeta = metav1.ObjectMeta{}, metav1.ObjectMeta{}
			return !equality.Semantic.DeepEqual(a, b) || !equality.Semantic.DeepEqual(old.Labels, new.Labels)
		},
	}
	return s
}

func (s *server) nextVersion() string {
	s.version++
	return strconv.FormatInt(s.version, 10)
}

func (s *server) nowMeta() metav1.Time { return metav1.NewTime(s.now.Truncate(time.Second)) }

// decoded is an object as whoever reads it from the wire gets it.
func (st *storage[T]) decoded(object T) T {
	out := st.empty()
	if err := out.Unmarshal(must(object.Marshal())); err != nil {
		panic(err)
	}
	return out
}

// list returns the objects in the order of their names.
func (st *storage[T]) list() []T {
	var out []T
	for _, object := range st.objects {
		out = append(out, object)
	}
	sort.Slice(out, func(i, k int) bool { return out[i].GetName() < out[k].GetName() })
	return out
}

func (st *storage[T]) record(verb string, noop bool, object T) {
	st.server.log = append(st.server.log, write{
		Verb: verb, Noop: noop, Name: object.GetName(),
		Protobuf: len(must(object.Marshal())), JSON: len(jsonOf(object)), Object: jsonOf(object), object: object,
	})
}

// set stores an object, whatever was there.
func (st *storage[T]) set(object T) {
	old, exists := st.objects[object.GetName()]
	st.objects[object.GetName()] = object
	if exists {
		st.server.onChange(old, object)
	} else {
		st.server.onChange(nil, object)
	}
}

func (st *storage[T]) create(object T) (T, error) {
	object = st.decoded(object)
	if object.GetName() == "" {
		base := object.GetGenerateName()
		if len(base) > 58 {
			base = base[:58]
		}
		object.SetName(base + st.server.random.suffix())
	}
	if _, exists := st.objects[object.GetName()]; exists {
		return st.empty(), apierrors.NewAlreadyExists(st.resource, object.GetName())
	}
	object.SetNamespace(namespace)
	object.SetUID(st.server.random.uid())
	object.SetCreationTimestamp(st.server.nowMeta())
	if st.hasGeneration {
		object.SetGeneration(1)
	}
	object.SetResourceVersion(st.server.nextVersion())
	object = st.decoded(object)
	st.record("create", false, object)
	st.set(object)
	return st.decoded(object), nil
}

func (st *storage[T]) update(object T) (T, error) {
	old, exists := st.objects[object.GetName()]
	if !exists {
		return st.empty(), apierrors.NewNotFound(st.resource, object.GetName())
	}
	if v := object.GetResourceVersion(); v != "" && v != old.GetResourceVersion() {
		return st.empty(), apierrors.NewConflict(st.resource, object.GetName(), nil)
	}
	if uid := object.GetUID(); uid != "" && uid != old.GetUID() {
		return st.empty(), apierrors.NewConflict(st.resource, object.GetName(), nil)
	}
	object = st.decoded(object)
	object.SetNamespace(namespace)
	object.SetUID(old.GetUID())
	object.SetCreationTimestamp(old.GetCreationTimestamp())
	object.SetDeletionTimestamp(old.GetDeletionTimestamp())
	object.SetGeneration(old.GetGeneration())
	if st.hasGeneration && st.changesContent(old, object) {
		object.SetGeneration(old.GetGeneration() + 1)
	}
	object.SetResourceVersion(old.GetResourceVersion())
	object = st.decoded(object)
	// What is stored has no resource version: it is the same when all else is.
	if bytes.Equal(must(object.Marshal()), must(old.Marshal())) {
		st.record("update", true, object)
		return st.decoded(object), nil
	}
	object.SetResourceVersion(st.server.nextVersion())
	st.record("update", false, object)
	st.set(object)
	return st.decoded(object), nil
}

func (st *storage[T]) remove(name string) error {
	old, exists := st.objects[name]
	if !exists {
		return apierrors.NewNotFound(st.resource, name)
	}
	st.server.nextVersion() // a deletion has a version, too
	st.server.log = append(st.server.log, write{Verb: "delete", Name: name, object: old})
	delete(st.objects, name)
	st.server.onChange(old, nil)
	return nil
}

// byHand stores what somebody wrote who is no controller here, past every rule but the bookkeeping.
func (st *storage[T]) byHand(object T) {
	object = st.decoded(object)
	object.SetNamespace(namespace)
	old, exists := st.objects[object.GetName()]
	if !exists {
		object.SetUID(st.server.random.uid())
		object.SetCreationTimestamp(st.server.nowMeta())
		object.SetGeneration(0)
		if st.hasGeneration {
			object.SetGeneration(1)
		}
	} else if st.hasGeneration && st.changesContent(old, object) {
		object.SetGeneration(old.GetGeneration() + 1)
	}
	object.SetResourceVersion(st.server.nextVersion())
	st.set(st.decoded(object))
}

// forget takes an object away without anybody's request: the garbage collector, or a user.
func (st *storage[T]) forget(name string) {
	if old, exists := st.objects[name]; exists {
		st.server.nextVersion()
		delete(st.objects, name)
		st.server.onChange(old, nil)
	}
}

// takeLog returns the requests since the last time.
func (s *server) takeLog() []write {
	log := s.log
	s.log = nil
	return log
}
