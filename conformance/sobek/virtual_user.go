package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/grafana/sobek"
)

// stage says what a virtual user may do now (k6-contract 1.1).
type stage int

const (
	stageInit stage = iota
	stageSetup
	stageIteration
)

// virtualUser is one Sobek runtime with one instance of the bundle. It is used by one goroutine.
type virtualUser struct {
	test    *test
	rt      *sobek.Runtime
	id      int // __VU: from 1; 0 for the one that reads options and runs setup
	stage   stage
	loop    *eventLoop
	http    *httpSession
	modules map[string]*sobek.Object
	exports *sobek.Object
	add     sobek.Value // the add of every metric; see addFunction
	tagged  *sobek.Object

	iteration  int64 // of this virtual user, from 0
	inScenario int64 // scenario.iterationInTest, from 0
	rejected   map[*sobek.Promise]struct{}
}

// newVirtualUser makes a runtime and runs the bundle's init code in it.
func newVirtualUser(ctx context.Context, t *test, id int) (*virtualUser, error) {
	vu := &virtualUser{
		test:     t,
		rt:       sobek.New(),
		id:       id,
		http:     newHTTPSession(t),
		modules:  map[string]*sobek.Object{},
		rejected: map[*sobek.Promise]struct{}{},
	}
	vu.rt.SetPromiseRejectionTracker(vu.trackRejection)
	vu.defineGlobals()
	err := vu.run(ctx, func() error {
		factory, err := vu.rt.RunProgram(t.bundle.factory)
		if err != nil {
			return err
		}
		module := vu.rt.NewObject()
		vu.exports = vu.rt.NewObject()
		vu.set(module, "exports", vu.exports)
		call, _ := sobek.AssertFunction(factory)
		if _, err = call(sobek.Undefined(), module, vu.exports, vu.rt.ToValue(vu.require)); err != nil {
			return err
		}
		if replaced, isObject := module.Get("exports").(*sobek.Object); isObject {
			vu.exports = replaced
		}
		return nil
	})
	return vu, err
}

// call runs an exported function to its end: its promise settled and nothing pending. It returns what the function, or its
// promise, came to.
func (vu *virtualUser) call(ctx context.Context, name string, args ...sobek.Value) (sobek.Value, error) {
	function, callable := sobek.AssertFunction(vu.exports.Get(name))
	if !callable {
		return nil, fmt.Errorf("the bundle exports no function %q", name)
	}
	var returned sobek.Value
	err := vu.run(ctx, func() (err error) {
		returned, err = function(sobek.Undefined(), args...)
		return err
	})
	if err != nil {
		return nil, err
	}
	promise, isPromise := returned.Export().(*sobek.Promise)
	if !isPromise {
		return returned, nil
	}
	if promise.State() == sobek.PromiseStatePending {
		return nil, errors.New("the promise of the function can never settle: nothing is pending")
	}
	return promise.Result(), nil
}

// run gives a call into the script a loop of its own, and hides the trace from its error: one line is enough.
func (vu *virtualUser) run(ctx context.Context, start func() error) error {
	clear(vu.rejected)
	vu.loop = newEventLoop(ctx)
	defer func() { vu.loop = nil }() // what it did last would stay
	stop := context.AfterFunc(ctx, func() { vu.rt.Interrupt(context.Cause(ctx)) })
	defer stop()
	err := vu.loop.run(start, vu.unhandledRejection)
	if exception := (*sobek.Exception)(nil); errors.As(err, &exception) {
		return errors.New(exception.Error())
	}
	return err
}

func (vu *virtualUser) trackRejection(promise *sobek.Promise, operation sobek.PromiseRejectionOperation) {
	if operation == sobek.PromiseRejectionReject {
		vu.rejected[promise] = struct{}{}
	} else {
		delete(vu.rejected, promise)
	}
}

// unhandledRejection is the error of a rejection that no code handled by the end of a task.
func (vu *virtualUser) unhandledRejection() error {
	for promise := range vu.rejected {
		return fmt.Errorf("uncaught (in promise): %s", promise.Result())
	}
	return nil
}

// set defines a property of an object of our own making, which cannot fail.
func (vu *virtualUser) set(object *sobek.Object, name string, value any) {
	if err := object.Set(name, value); err != nil {
		panic(err)
	}
}

// throw raises a TypeError in the script.
func (vu *virtualUser) throw(format string, args ...any) {
	panic(vu.rt.NewTypeError(fmt.Sprintf(format, args...)))
}

// parseJSON is JSON.parse of this runtime.
func (vu *virtualUser) parseJSON(text string) (sobek.Value, error) {
	parse, _ := sobek.AssertFunction(vu.rt.Get("JSON").ToObject(vu.rt).Get("parse"))
	return parse(sobek.Undefined(), vu.rt.ToValue(text))
}

// stringify is JSON.stringify of this runtime; false where JSON knows no text for the value.
func (vu *virtualUser) stringify(value sobek.Value) (string, bool, error) {
	call, _ := sobek.AssertFunction(vu.rt.Get("JSON").ToObject(vu.rt).Get("stringify"))
	text, err := call(sobek.Undefined(), value)
	if err != nil || isAbsent(text) {
		return "", false, err
	}
	return text.String(), true, nil
}

// isAbsent is true for undefined, null and arguments that were not given.
func isAbsent(value sobek.Value) bool {
	return value == nil || sobek.IsUndefined(value) || sobek.IsNull(value)
}
