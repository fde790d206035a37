package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/grafana/sobek"
)

// defineGlobals gives the runtime what k6 adds to JavaScript (k6-contract 1.2, 6.6) and no more: what Sobek lacks stays away.
func (vu *virtualUser) defineGlobals() {
	global := vu.rt.GlobalObject()
	env := vu.rt.NewObject()
	for name, value := range vu.test.env {
		vu.set(env, name, value)
	}
	vu.set(global, "__ENV", env)
	vu.set(global, "__VU", vu.id)
	vu.set(global, "__ITER", sobek.Undefined())
	vu.set(global, "open", vu.open)
	console := vu.rt.NewObject()
	for method, level := range map[string]string{
		"log": "info", "info": "info", "warn": "warning", "error": "error", "debug": "debug",
	} {
		vu.set(console, method, func(call sobek.FunctionCall) sobek.Value {
			vu.print(level, call.Arguments)
			return sobek.Undefined()
		})
	}
	vu.set(global, "console", console)
	for name, function := range vu.timerFunctions() {
		vu.set(global, name, function)
	}
}

// open reads a file, relative to the bundle; 'b' as mode gives an ArrayBuffer.
func (vu *virtualUser) open(call sobek.FunctionCall) sobek.Value {
	if vu.stage != stageInit {
		vu.throw("open() is only available in the init stage")
	}
	path := call.Argument(0).String()
	if !filepath.IsAbs(path) {
		path = filepath.Join(vu.test.bundle.dir, path)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		panic(vu.rt.NewGoError(err))
	}
	if call.Argument(1).String() == "b" {
		return vu.rt.ToValue(vu.rt.NewArrayBuffer(content))
	}
	return vu.rt.ToValue(string(content))
}

var consoleLock sync.Mutex

// print writes one console line to stderr: arguments joined with spaces, objects as JSON.
func (vu *virtualUser) print(level string, values []sobek.Value) {
	words := make([]string, len(values))
	for i, value := range values {
		words[i] = value.String()
		if object, isObject := value.(*sobek.Object); isObject {
			if text, has, err := vu.stringify(object); err == nil && has {
				words[i] = text
			}
		}
	}
	consoleLock.Lock()
	defer consoleLock.Unlock()
	fmt.Fprintf(os.Stderr, "%s: %s\n", level, strings.Join(words, " "))
}

// timerFunctions are the exports of k6/timers, which are globals too. Delays in milliseconds; ids are numbers from 1.
func (vu *virtualUser) timerFunctions() map[string]any {
	start := func(repeat bool) func(sobek.FunctionCall) sobek.Value {
		return func(call sobek.FunctionCall) sobek.Value {
			callback, callable := sobek.AssertFunction(call.Argument(0))
			if !callable {
				vu.throw("the first argument of a timer must be a function")
			}
			var args []sobek.Value
			if len(call.Arguments) > 2 {
				args = call.Arguments[2:]
			}
			delay := time.Duration(call.Argument(1).ToFloat() * float64(time.Millisecond))
			return vu.rt.ToValue(vu.loop.setTimer(delay, repeat, func() error {
				_, err := callback(sobek.Undefined(), args...)
				return err
			}))
		}
	}
	stop := func(call sobek.FunctionCall) sobek.Value {
		vu.loop.clearTimer(call.Argument(0).ToInteger())
		return sobek.Undefined()
	}
	return map[string]any{
		"setTimeout": start(false), "setInterval": start(true), "clearTimeout": stop, "clearInterval": stop,
	}
}
