package main

import (
	"github.com/grafana/sobek"
)

// statusRange is from min to max, both included.
type statusRange struct{ min, max int }

// expectedStatuses says which statuses are not a failure; nil judges nothing.
type expectedStatuses struct{ ranges []statusRange }

// defaultExpected is what holds until a script says otherwise (k6-contract 6.2).
var defaultExpected = &expectedStatuses{[]statusRange{{200, 399}}}

// failed judges a status; nil where there is no judge.
func (e *expectedStatuses) failed(status int) *bool {
	if e == nil {
		return nil
	}
	failed := true
	for _, expected := range e.ranges {
		if status >= expected.min && status <= expected.max {
			failed = false
		}
	}
	return &failed
}

// readExpected is http.expectedStatuses: numbers and {min, max}.
func (vu *virtualUser) readExpected(call sobek.FunctionCall) sobek.Value {
	var expected expectedStatuses
	for _, argument := range call.Arguments {
		if object, isObject := argument.(*sobek.Object); isObject {
			low, high := object.Get("min"), object.Get("max")
			if isAbsent(low) || isAbsent(high) {
				vu.throw("expectedStatuses takes numbers and {min, max}")
			}
			expected.ranges = append(expected.ranges, statusRange{int(low.ToInteger()), int(high.ToInteger())})
		} else {
			status := int(argument.ToInteger())
			expected.ranges = append(expected.ranges, statusRange{status, status})
		}
	}
	return vu.rt.ToValue(&expected)
}

// responseCallback reads what setResponseCallback and params.responseCallback take; null switches the judgement off.
func (vu *virtualUser) responseCallback(value sobek.Value) *expectedStatuses {
	if isAbsent(value) {
		return nil
	}
	expected, known := value.Export().(*expectedStatuses)
	if !known {
		vu.throw("a response callback is made by http.expectedStatuses()")
	}
	return expected
}
