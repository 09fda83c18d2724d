package main

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"io"
	"os"
	"runtime/debug"
	"strings"

	v1 "k8s.io/api/core/v1"
	discovery "k8s.io/api/discovery/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// marshaler is an object that the API server stores as protobuf.
type marshaler interface {
	runtime.Object
	Marshal() ([]byte, error)
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

// withKind is a copy that says what it is; objects in caches do not.
func withKind(object runtime.Object) runtime.Object {
	copied := object.DeepCopyObject()
	switch o := copied.(type) {
	case *v1.Pod:
		o.Kind, o.APIVersion = "Pod", "v1"
	case *v1.Node:
		o.Kind, o.APIVersion = "Node", "v1"
	case *v1.Service:
		o.Kind, o.APIVersion = "Service", "v1"
	case *v1.Endpoints:
		o.Kind, o.APIVersion = "Endpoints", "v1"
	case *discovery.EndpointSlice:
		o.Kind, o.APIVersion = "EndpointSlice", "discovery.k8s.io/v1"
	default:
		panic("unknown kind of object")
	}
	return copied
}

// jsonOf is an object as the API server prints it.
func jsonOf(object runtime.Object) json.RawMessage {
	text := must(json.Marshal(withKind(object)))
	if _, ok := object.(*v1.Node); !ok {
		return text
	}
	// A node's status has fields that are printed even when they are empty; nobody here reads them.
	var fields map[string]any
	if err := json.Unmarshal(text, &fields); err != nil {
		panic(err)
	}
	status := fields["status"].(map[string]any)
	delete(status, "daemonEndpoints")
	delete(status, "nodeInfo")
	return must(json.Marshal(fields))
}

func jsonOfAll[T runtime.Object](objects []T) []json.RawMessage {
	var texts []json.RawMessage
	for _, object := range objects {
		texts = append(texts, jsonOf(object))
	}
	return texts
}

// release is the version of Kubernetes whose controllers are linked in, as "1.37.2".
func release() string {
	info, ok := debug.ReadBuildInfo()
	if ok {
		for _, module := range info.Deps {
			if module.Path == "k8s.io/kubernetes" {
				return strings.TrimPrefix(module.Version, "v")
			}
		}
	}
	panic("built without module information")
}

// lines writes JSON objects, one a line.
type lines struct {
	file   *os.File
	zip    *gzip.Writer
	buffer *bufio.Writer
	count  int
}

func createLines(path string) (*lines, error) {
	l := &lines{file: os.Stdout}
	if path != "-" {
		file, err := os.Create(path)
		if err != nil {
			return nil, err
		}
		l.file = file
	}
	var w io.Writer = l.file
	if strings.HasSuffix(path, ".gz") {
		l.zip = must(gzip.NewWriterLevel(l.file, gzip.BestCompression))
		w = l.zip
	}
	l.buffer = bufio.NewWriter(w)
	return l, nil
}

func (l *lines) write(line any) error {
	text := must(json.Marshal(line))
	l.count++
	_, err := l.buffer.Write(append(text, '\n'))
	return err
}

func (l *lines) close() error {
	err := l.buffer.Flush()
	if l.zip != nil {
		if e := l.zip.Close(); err == nil {
			err = e
		}
	}
	if e := l.file.Close(); err == nil {
		err = e
	}
	return err
}
