package main

import (
	"github.com/grafana/sobek"
)

// coreModule is `k6`: check, fail, group. (sleep would block the loop; our bundles wait by timers.)
func (vu *virtualUser) coreModule() map[string]any {
	return map[string]any{"check": vu.check, "fail": vu.fail, "group": vu.group}
}

// check judges a value by every entry of a set, in order; an exception in one is counted as failed and goes on upwards.
func (vu *virtualUser) check(call sobek.FunctionCall) sobek.Value {
	if vu.stage == stageInit {
		vu.throw("check() is not available in the init stage")
	}
	value, sets := call.Argument(0), call.Argument(1).ToObject(vu.rt)
	all := true
	for _, name := range sets.Keys() {
		entry := sets.Get(name)
		if vu.isAsync(entry) {
			vu.throw("check %q is an async function; await it before, and check its result", name)
		}
		if function, callable := sobek.AssertFunction(entry); callable {
			result, err := function(sobek.Undefined(), value)
			if err != nil {
				vu.test.tally.check(name, false)
				panic(err)
			}
			entry = result
		}
		passed := entry.ToBoolean()
		vu.test.tally.check(name, passed)
		all = all && passed
	}
	return vu.rt.ToValue(all)
}

// fail ends the iteration by throwing.
func (vu *virtualUser) fail(call sobek.FunctionCall) sobek.Value {
	thrown, err := vu.rt.New(vu.rt.Get("Error"), call.Argument(0))
	if err != nil {
		panic(err)
	}
	panic(thrown)
}

// group runs a synchronous function at once and gives its value.
func (vu *virtualUser) group(call sobek.FunctionCall) sobek.Value {
	function, callable := sobek.AssertFunction(call.Argument(1))
	if !callable || vu.isAsync(call.Argument(1)) {
		vu.throw("group(%q) takes a function that is not async", call.Argument(0).String())
	}
	result, err := function(sobek.Undefined())
	if err != nil {
		panic(err)
	}
	return result
}

// isAsync is true for functions written with `async`.
func (vu *virtualUser) isAsync(value sobek.Value) bool {
	object, isObject := value.(*sobek.Object)
	if _, callable := sobek.AssertFunction(value); !isObject || !callable {
		return false
	}
	constructor, isObject := object.Get("constructor").(*sobek.Object)
	return isObject && constructor.Get("name").String() == "AsyncFunction"
}
