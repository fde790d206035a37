package main

import (
	"strconv"
	"sync"
)

// rateCount is how often a Rate got a non-zero value, and how often zero.
type rateCount struct {
	Passes int `json:"passes"`
	Fails  int `json:"fails"`
}

func (r rateCount) with(passed bool) rateCount {
	if passed {
		r.Passes++
	} else {
		r.Fails++
	}
	return r
}

// tally is what a run came to: counts only, because two hosts must agree on counts and cannot agree on times. Its JSON is the
// host's output.
type tally struct {
	mu       sync.Mutex
	declared map[string]metricType

	// Iterations that ended, those that threw included.
	Iterations int `json:"iterations"`
	// Iterations that ended by an error.
	Thrown int `json:"thrown"`
	// Outcomes: counter flow_outcomes by its tags kind and outcome.
	Outcomes map[string]map[string]int `json:"outcomes"`
	// Requests by `name` tag and HTTP status; 0 is not an answer. Each redirect hop is one.
	Requests map[string]map[string]int `json:"requests"`
	// Counters: sums, by metric.
	Counters map[string]float64 `json:"counters"`
	// Rates by metric, http_req_failed included.
	Rates map[string]rateCount `json:"rates"`
	// Trends: number of samples, by metric.
	Trends map[string]int `json:"trends"`
	// Checks by name.
	Checks map[string]rateCount `json:"checks"`
}

func newTally() *tally {
	return &tally{
		declared: map[string]metricType{},
		Outcomes: map[string]map[string]int{},
		Requests: map[string]map[string]int{},
		Counters: map[string]float64{},
		Rates:    map[string]rateCount{},
		Trends:   map[string]int{},
		Checks:   map[string]rateCount{},
	}
}

// declare notes a custom metric and returns the type under which its name is known.
func (t *tally) declare(name string, kind metricType) metricType {
	t.mu.Lock()
	defer t.mu.Unlock()
	if known, declared := t.declared[name]; declared {
		return known
	}
	t.declared[name] = kind
	return kind
}

func (t *tally) add(metric string, kind metricType, value float64, tags map[string]string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch kind {
	case counterMetric:
		t.Counters[metric] += value
		if metric == "flow_outcomes" {
			countIn(t.Outcomes, tags["kind"], tags["outcome"])
		}
	case rateMetric:
		t.Rates[metric] = t.Rates[metric].with(value != 0)
	case trendMetric:
		t.Trends[metric]++
	}
}

// request counts one HTTP exchange; failed is nil where no callback judges it.
func (t *tally) request(name string, status int, failed *bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	countIn(t.Requests, name, strconv.Itoa(status))
	if failed != nil {
		t.Rates["http_req_failed"] = t.Rates["http_req_failed"].with(*failed)
	}
}

func (t *tally) check(name string, passed bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.Checks[name] = t.Checks[name].with(passed)
}

func (t *tally) iteration(thrown bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.Iterations++
	if thrown {
		t.Thrown++
	}
}

func countIn(counts map[string]map[string]int, outer, inner string) {
	if counts[outer] == nil {
		counts[outer] = map[string]int{}
	}
	counts[outer][inner]++
}
