package main

import (
	"math"
	"regexp"

	"github.com/grafana/sobek"
)

// metricType is the type of a custom metric.
type metricType string

const (
	counterMetric metricType = "counter"
	gaugeMetric   metricType = "gauge"
	rateMetric    metricType = "rate"
	trendMetric   metricType = "trend"
)

var metricName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,127}$`)

// metricsModule is `k6/metrics`.
func (vu *virtualUser) metricsModule() map[string]any {
	return map[string]any{
		"Counter": vu.metricConstructor(counterMetric),
		"Gauge":   vu.metricConstructor(gaugeMetric),
		"Rate":    vu.metricConstructor(rateMetric),
		"Trend":   vu.metricConstructor(trendMetric),
	}
}

func (vu *virtualUser) metricConstructor(kind metricType) func(sobek.ConstructorCall) *sobek.Object {
	return func(call sobek.ConstructorCall) *sobek.Object {
		name := call.Argument(0).String()
		if vu.stage != stageInit {
			vu.throw("metrics must be declared in the init context")
		}
		if !metricName.MatchString(name) {
			vu.throw("%q is not a metric name: ASCII letters, digits and _, not beginning with a digit, 128 at most", name)
		}
		if known := vu.test.tally.declare(name, kind); known != kind {
			vu.throw("metric %q is a %s already", name, known)
		}
		object := vu.rt.NewDynamicObject(&metric{vu: vu, name: name, kind: kind})
		if err := object.SetPrototype(call.This.Prototype()); err != nil {
			panic(err)
		}
		return object
	}
}

// metric is one custom metric as a virtual user's script sees it: its name and add. It is sobek.DynamicObject, which costs a
// fraction of an ordinary object; a bundle has many metrics.
type metric struct {
	vu   *virtualUser
	name string
	kind metricType
}

// Get is sobek.DynamicObject.
func (m *metric) Get(property string) sobek.Value {
	switch property {
	case "name":
		return m.vu.rt.ToValue(m.name)
	case "add":
		return m.vu.addFunction()
	}
	return nil
}

// Set is sobek.DynamicObject: a metric cannot be changed.
func (m *metric) Set(string, sobek.Value) bool { return false }

// Has is sobek.DynamicObject.
func (m *metric) Has(property string) bool { return property == "name" || property == "add" }

// Delete is sobek.DynamicObject.
func (m *metric) Delete(string) bool { return false }

// Keys is sobek.DynamicObject.
func (m *metric) Keys() []string { return []string{"name"} }

// addFunction is the one function behind the add of every metric of a virtual user.
func (vu *virtualUser) addFunction() sobek.Value {
	if vu.add == nil {
		vu.add = vu.rt.ToValue(func(call sobek.FunctionCall) sobek.Value {
			of, isMetric := call.This.Export().(*metric)
			if !isMetric {
				vu.throw("add is a method of a metric; call it as metric.add(value)")
			}
			vu.addSample(of.name, of.kind, call.Argument(0), call.Argument(1))
			return sobek.Undefined()
		})
	}
	return vu.add
}

// addSample takes a number or a boolean; what is neither is an error here, where k6 would only warn: no bundle of ours may
// depend on that.
func (vu *virtualUser) addSample(name string, kind metricType, value, tags sobek.Value) {
	if vu.stage == stageInit {
		vu.throw("metric %q takes no samples in the init context", name)
	}
	number := math.NaN()
	switch value.Export().(type) {
	case int64, float64, bool:
		number = value.ToFloat()
	}
	if math.IsNaN(number) {
		vu.throw("metric %q was given %s; it takes numbers and booleans", name, value.String())
	}
	vu.test.tally.add(name, kind, number, vu.tags(tags))
}

// ownTags is exec.vu.metrics.tags: kept for the virtual user's life. The tally counts by none of them.
func (vu *virtualUser) ownTags() *sobek.Object {
	if vu.tagged == nil {
		vu.tagged = vu.rt.NewObject()
	}
	return vu.tagged
}

// tags reads a map of tags.
func (vu *virtualUser) tags(value sobek.Value) map[string]string {
	tags := map[string]string{}
	if isAbsent(value) {
		return tags
	}
	object := value.ToObject(vu.rt)
	for _, name := range object.Keys() {
		tags[name] = object.Get(name).String()
	}
	return tags
}
