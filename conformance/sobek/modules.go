package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/grafana/sobek"
)

// moduleMakers are the k6 modules on offer; each makes its exports for one virtual user, when it is first required.
var moduleMakers = map[string]func(*virtualUser) map[string]any{
	"k6":           (*virtualUser).coreModule,
	"k6/crypto":    (*virtualUser).cryptoModule,
	"k6/data":      (*virtualUser).dataModule,
	"k6/encoding":  (*virtualUser).encodingModule,
	"k6/execution": (*virtualUser).executionModule,
	"k6/http":      (*virtualUser).httpModule,
	"k6/metrics":   (*virtualUser).metricsModule,
	"k6/timers":    (*virtualUser).timerFunctions,
}

// getter marks a module's export that is computed at each access.
type getter func() sobek.Value

// require gives a module with named exports and a default export that holds them all, as webpack's bundles expect it.
func (vu *virtualUser) require(call sobek.FunctionCall) sobek.Value {
	name := call.Argument(0).String()
	if known, loaded := vu.modules[name]; loaded {
		return known
	}
	if vu.stage != stageInit {
		vu.throw("require(%q) is only available in the init stage", name)
	}
	maker, offered := moduleMakers[name]
	if !offered {
		names := slices.Sorted(maps.Keys(moduleMakers))
		panic(vu.rt.NewGoError(fmt.Errorf("this host has no module %q; it has %s", name, strings.Join(names, ", "))))
	}
	module := vu.lazyObject(maker(vu))
	vu.modules[name] = module
	return module
}

// lazyObject is what scripts see of a module, or of a part of one: a member becomes a JavaScript value when it is first asked
// for. A virtual user uses few of them, and each would cost most of a kilobyte.
func (vu *virtualUser) lazyObject(members map[string]any) *sobek.Object {
	lazy := &lazyMembers{vu: vu, members: members, made: map[string]sobek.Value{}}
	lazy.self = vu.rt.NewDynamicObject(lazy)
	return lazy.self
}

// lazyMembers is sobek.DynamicObject.
type lazyMembers struct {
	vu      *virtualUser
	members map[string]any
	made    map[string]sobek.Value
	self    *sobek.Object
}

// Get is sobek.DynamicObject. Every object of a module offers itself as its default export.
func (l *lazyMembers) Get(name string) sobek.Value {
	if value, made := l.made[name]; made {
		return value
	}
	var value sobek.Value
	switch member := l.members[name].(type) {
	case getter:
		return member()
	case map[string]any:
		value = l.vu.lazyObject(member)
	case nil:
		switch name {
		case "default":
			return l.self
		case "__esModule":
			return l.vu.rt.ToValue(true)
		}
		return nil
	default:
		value = l.vu.rt.ToValue(member)
	}
	l.made[name] = value
	return value
}

// Set is sobek.DynamicObject: modules cannot be changed.
func (l *lazyMembers) Set(string, sobek.Value) bool { return false }

// Has is sobek.DynamicObject.
func (l *lazyMembers) Has(name string) bool {
	_, has := l.members[name]
	return has || name == "default"
}

// Delete is sobek.DynamicObject.
func (l *lazyMembers) Delete(string) bool { return false }

// Keys is sobek.DynamicObject.
func (l *lazyMembers) Keys() []string {
	return slices.Sorted(maps.Keys(l.members))
}

// object makes a JavaScript object of Go values, functions and objects.
func (vu *virtualUser) object(members map[string]any) *sobek.Object {
	object := vu.rt.NewObject()
	for name, member := range members {
		if inner, isMap := member.(map[string]any); isMap {
			member = vu.object(inner)
		}
		vu.set(object, name, member)
	}
	return object
}
