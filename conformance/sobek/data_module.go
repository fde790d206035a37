package main

import (
	"fmt"
	"sync"

	"github.com/grafana/sobek"
)

// sharedArrays keeps the elements of every SharedArray as JSON, once per process.
type sharedArrays struct {
	mu     sync.Mutex
	byName map[string][]string
}

// dataModule is `k6/data`.
func (vu *virtualUser) dataModule() map[string]any {
	return map[string]any{"SharedArray": func(call sobek.ConstructorCall) *sobek.Object {
		if vu.stage != stageInit {
			vu.throw("new SharedArray must be called in the init context")
		}
		elements, err := vu.sharedElements(call.Argument(0).String(), call.Argument(1))
		if err != nil {
			panic(err)
		}
		freeze, _ := sobek.AssertFunction(vu.rt.Get("Object").ToObject(vu.rt).Get("freeze"))
		return vu.rt.NewDynamicArray(&sharedArray{vu: vu, elements: elements, freeze: freeze})
	}}
}

// sharedElements calls the script's function for the first virtual user that asks, and nobody else's.
func (vu *virtualUser) sharedElements(name string, make sobek.Value) ([]string, error) {
	shared := &vu.test.shared
	shared.mu.Lock()
	defer shared.mu.Unlock()
	if elements, known := shared.byName[name]; known {
		return elements, nil
	}
	function, callable := sobek.AssertFunction(make)
	if !callable {
		vu.throw("new SharedArray(%q) takes a function that returns an array", name)
	}
	made, err := function(sobek.Undefined())
	if err != nil {
		return nil, err
	}
	array, isObject := made.(*sobek.Object)
	if !isObject || array.ClassName() != "Array" {
		vu.throw("the function of new SharedArray(%q) must return an array", name)
	}
	elements := []string{}
	for i := range int(array.Get("length").ToInteger()) {
		text, has, err := vu.stringify(array.Get(fmt.Sprint(i)))
		if err != nil {
			return nil, err
		}
		if !has {
			text = "null"
		}
		elements = append(elements, text)
	}
	shared.byName[name] = elements
	return elements, nil
}

// sharedArray is the view of one virtual user: each access parses a fresh, frozen copy (k6-contract 6.4).
type sharedArray struct {
	vu       *virtualUser
	elements []string
	freeze   sobek.Callable
}

// Len is sobek.DynamicArray.
func (a *sharedArray) Len() int { return len(a.elements) }

// Get is sobek.DynamicArray.
func (a *sharedArray) Get(index int) sobek.Value {
	if index < 0 || index >= len(a.elements) {
		return sobek.Undefined()
	}
	value, err := a.vu.parseJSON(a.elements[index])
	if err == nil {
		err = a.freezeDeep(value)
	}
	if err != nil {
		panic(err)
	}
	return value
}

func (a *sharedArray) freezeDeep(value sobek.Value) error {
	object, isObject := value.(*sobek.Object)
	if !isObject {
		return nil
	}
	for _, key := range object.Keys() {
		if err := a.freezeDeep(object.Get(key)); err != nil {
			return err
		}
	}
	_, err := a.freeze(sobek.Undefined(), object)
	return err
}

// Set is sobek.DynamicArray; a refused write is a TypeError in strict code.
func (a *sharedArray) Set(int, sobek.Value) bool { return false }

// SetLen is sobek.DynamicArray.
func (a *sharedArray) SetLen(int) bool { return false }
