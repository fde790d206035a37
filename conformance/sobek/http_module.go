package main

import (
	"fmt"
	"os"

	"github.com/grafana/sobek"
)

// httpModule is `k6/http` without its synchronous calls, which our bundles must not use.
func (vu *virtualUser) httpModule() map[string]any {
	return map[string]any{
		"asyncRequest":     vu.asyncRequest,
		"expectedStatuses": vu.readExpected,
		"setResponseCallback": func(call sobek.FunctionCall) sobek.Value {
			vu.http.expected = vu.responseCallback(call.Argument(0))
			return sobek.Undefined()
		},
		"CookieJar": func(call sobek.ConstructorCall) *sobek.Object {
			return vu.cookieJarObject(call.This, newCookieJar())
		},
		"cookieJar": func(sobek.FunctionCall) sobek.Value {
			return vu.cookieJarObject(vu.rt.NewObject(), vu.http.cookies())
		},
	}
}

// asyncRequest gives a promise of a Response. A request that failed resolves with status 0 and is told on stderr, or rejects
// when the option `throw` is on.
func (vu *virtualUser) asyncRequest(call sobek.FunctionCall) sobek.Value {
	if vu.stage == stageInit {
		vu.throw("requests cannot be made in the init context")
	}
	wanted := vu.readRequest(call)
	promise, resolve, reject := vu.rt.NewPromise()
	enqueue := vu.loop.register()
	ctx := vu.loop.ctx
	go func() {
		answer := vu.http.exchange(ctx, wanted)
		enqueue(func() error {
			for _, status := range answer.hops {
				vu.test.tally.request(wanted.name, status, wanted.expected.failed(status))
			}
			if answer.failure != nil {
				if vu.test.options.throw {
					return settle(reject, vu.rt.NewGoError(answer.failure))
				}
				fmt.Fprintf(os.Stderr, "warning: request failed: %s: %s\n", wanted.name, reasonOf(answer.failure))
			}
			return settle(resolve, vu.response(wanted, answer))
		})
	}()
	return vu.rt.ToValue(promise)
}

// settle resolves or rejects a promise. What that returns depends on Sobek: nothing in the oldest one (oldest.mod).
func settle(how, value any) error {
	switch settle := how.(type) {
	case func(any) error:
		return settle(value)
	case func(any):
		settle(value)
	}
	return nil
}
