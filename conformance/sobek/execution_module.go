package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/grafana/sobek"
)

// errAborted is the cause of a run that test.abort() ended.
var errAborted = errors.New("aborted by the script")

// executionModule is `k6/execution`, as far as facts of this host exist: one scenario `default`, one instance.
func (vu *virtualUser) executionModule() map[string]any {
	fact := func(read func() any) getter {
		return func() sobek.Value { return vu.rt.ToValue(read()) }
	}
	t := vu.test
	scenario := vu.lazyObject(map[string]any{
		"name":                fact(func() any { return "default" }),
		"executor":            fact(func() any { return "shared-iterations" }),
		"startTime":           fact(func() any { return t.startedAt.UnixMilli() }),
		"progress":            fact(func() any { return t.progress() }),
		"iterationInInstance": fact(func() any { return vu.inScenario }),
		"iterationInTest":     fact(func() any { return vu.inScenario }),
	})
	return map[string]any{
		"scenario": getter(func() sobek.Value {
			if vu.stage != stageIteration {
				vu.throw("exec.scenario: no scenario is running in this stage")
			}
			return scenario
		}),
		"vu": map[string]any{
			"idInInstance":        fact(func() any { return vu.id }),
			"idInTest":            fact(func() any { return vu.id }),
			"iterationInInstance": fact(func() any { return vu.iteration }),
			"iterationInScenario": fact(func() any { return vu.iteration }),
			"metrics":             map[string]any{"tags": getter(func() sobek.Value { return vu.ownTags() })},
		},
		"instance": map[string]any{
			"iterationsCompleted":    fact(func() any { return t.completed.Load() }),
			"iterationsInterrupted":  fact(func() any { return 0 }),
			"vusActive":              fact(func() any { return t.vus }),
			"vusInitialized":         fact(func() any { return t.vus }),
			"currentTestRunDuration": fact(func() any { return float64(time.Since(t.startedAt).Microseconds()) / 1000 }),
		},
		"test": map[string]any{
			"options": getter(func() sobek.Value { return vu.exports.Get("options") }),
			"abort": func(call sobek.FunctionCall) sobek.Value {
				t.abort(fmt.Errorf("%w: %s", errAborted, call.Argument(0)))
				vu.rt.Interrupt(errAborted)
				return sobek.Undefined()
			},
			"fail": func(call sobek.FunctionCall) sobek.Value {
				t.markFailed(call.Argument(0).String())
				return sobek.Undefined()
			},
		},
	}
}
