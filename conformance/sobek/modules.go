package main

import (
	"fmt"
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
		names := make([]string, 0, len(moduleMakers))
		for known := range moduleMakers {
			names = append(names, known)
		}
		slices.Sort(names)
		panic(vu.rt.NewGoError(fmt.Errorf("this host has no module %q; it has %s", name, strings.Join(names, ", "))))
	}
	module := vu.object(maker(vu))
	vu.set(module, "default", module)
	vu.set(module, "__esModule", true)
	vu.modules[name] = module
	return module
}

// object makes a JavaScript object of Go values, functions, getters and objects.
func (vu *virtualUser) object(members map[string]any) *sobek.Object {
	object := vu.rt.NewObject()
	for name, member := range members {
		switch member := member.(type) {
		case getter:
			read := vu.rt.ToValue(func(sobek.FunctionCall) sobek.Value { return member() })
			if err := object.DefineAccessorProperty(name, read, nil, sobek.FLAG_FALSE, sobek.FLAG_TRUE); err != nil {
				panic(err)
			}
		case map[string]any:
			vu.set(object, name, vu.object(member))
		default:
			vu.set(object, name, member)
		}
	}
	return object
}
