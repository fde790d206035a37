package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/pprof"
	"sync"
	"sync/atomic"
	"time"

	"github.com/grafana/sobek"
)

// test is one run of a bundle: what its virtual users share.
type test struct {
	bundle     *bundle
	env        map[string]string
	vus        int
	iterations int64
	once       bool // each virtual user plays one iteration
	options    options
	shared     sharedArrays
	tally      *tally
	startedAt  time.Time
	started    atomic.Int64
	completed  atomic.Int64
	failed     atomic.Pointer[string]
	abort      context.CancelCauseFunc
}

func newTest(bundle *bundle, env map[string]string, vus int, iterations int64) *test {
	return &test{
		bundle: bundle, env: env, vus: vus, iterations: iterations,
		shared: sharedArrays{byName: map[string][]string{}},
		tally:  newTally(), startedAt: time.Now(),
		abort: func(error) {},
	}
}

// progress of the scenario, from 0 to 1.
func (t *test) progress() float64 {
	return float64(t.completed.Load()) / float64(max(t.iterations, 1))
}

// markFailed is exec.test.fail: the run goes on and then fails. The first reason is kept.
func (t *test) markFailed(reason string) {
	t.failed.CompareAndSwap(nil, &reason)
}

// run performs init, setup and the iterations, shared among the virtual users: whoever is free takes the next one.
func (t *test) run(ctx context.Context) error {
	ctx, t.abort = context.WithCancelCause(ctx)
	defer t.abort(nil)
	vus, data, err := t.prepare(ctx)
	defer closeConnections(vus)
	if err == nil {
		err = t.iterate(ctx, vus, data)
	}
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	return err
}

func closeConnections(vus []*virtualUser) {
	for _, vu := range vus {
		vu.http.close()
	}
}

// prepare makes the virtual users and runs setup in one of its own, whose result goes to the others through JSON.
func (t *test) prepare(ctx context.Context) ([]*virtualUser, string, error) {
	first, err := newVirtualUser(ctx, t, 0)
	if err != nil {
		return nil, "", fmt.Errorf("init: %w", err)
	}
	t.options = first.readOptions()
	if _, callable := sobek.AssertFunction(first.exports.Get("default")); !callable {
		return nil, "", errors.New("the bundle has no default function")
	}
	vus, err := t.createVirtualUsers(ctx)
	if err != nil {
		return nil, "", err
	}
	data, err := first.setup(ctx)
	return vus, data, err
}

// setup calls the script's setup; its result is JSON, or empty without one.
func (vu *virtualUser) setup(ctx context.Context) (string, error) {
	if isAbsent(vu.exports.Get("setup")) {
		return "", nil
	}
	vu.stage = stageSetup
	defer vu.http.close()
	result, err := vu.call(ctx, "setup")
	if err != nil {
		return "", fmt.Errorf("setup: %w", err)
	}
	data, _, err := vu.stringify(result)
	return data, err
}

func (t *test) createVirtualUsers(ctx context.Context) ([]*virtualUser, error) {
	vus := make([]*virtualUser, t.vus)
	for i := range vus {
		var err error
		if vus[i], err = newVirtualUser(ctx, t, i+1); err != nil {
			return nil, fmt.Errorf("init of virtual user %d: %w", i+1, err)
		}
	}
	return vus, nil
}

func (t *test) iterate(ctx context.Context, vus []*virtualUser, data string) error {
	t.startedAt = time.Now()
	errs := make([]error, len(vus))
	var running sync.WaitGroup
	for i, vu := range vus {
		running.Add(1)
		go func() {
			defer running.Done()
			errs[i] = vu.work(ctx, data)
		}()
	}
	running.Wait()
	return errors.Join(errs...)
}

// work plays iterations until none is left. An iteration that throws is told on stderr and counted; the next one goes on.
func (vu *virtualUser) work(ctx context.Context, data string) error {
	vu.stage = stageIteration
	argument := sobek.Undefined()
	if data != "" {
		parsed, err := vu.parseJSON(data)
		if err != nil {
			return err
		}
		argument = parsed
	}
	for ctx.Err() == nil && (!vu.test.once || vu.iteration == 0) {
		number := vu.test.started.Add(1) - 1
		if number >= vu.test.iterations {
			return nil
		}
		vu.inScenario = number
		vu.http.jar = nil
		vu.set(vu.rt.GlobalObject(), "__ITER", vu.iteration)
		_, err := vu.call(ctx, "default", argument)
		if ctx.Err() != nil {
			return nil // interrupted: counts as nothing
		}
		if err != nil {
			fmt.Fprintf(os.Stderr, "error: iteration %d: %s\n", number, err)
		}
		vu.test.tally.iteration(err != nil)
		vu.test.completed.Add(1)
		vu.iteration++
	}
	return nil
}

// heapOfVirtualUsers is how many bytes of Go heap a virtual user holds after init, or after its first iteration: the
// difference that `vus` of them make. `profile`: where heap profiles from before and after go, or empty.
func (t *test) heapOfVirtualUsers(ctx context.Context, played bool, profile string) (uint64, error) {
	first, err := newVirtualUser(ctx, t, 0) // fills what is shared
	if err != nil {
		return 0, fmt.Errorf("init: %w", err)
	}
	var data string
	if played {
		t.options = first.readOptions()
		if data, err = first.setup(ctx); err != nil {
			return 0, err
		}
	}
	before, err := heapInUse(profile, "before")
	if err != nil {
		return 0, err
	}
	vus, err := t.createVirtualUsers(ctx)
	if err != nil {
		return 0, err
	}
	defer closeConnections(vus)
	if played {
		t.once, t.iterations = true, int64(t.vus)
		if err := t.iterate(ctx, vus, data); err != nil {
			return 0, err
		}
	}
	after, err := heapInUse(profile, "after")
	runtime.KeepAlive(first)
	runtime.KeepAlive(vus)
	return (max(after, before) - before) / uint64(t.vus), err
}

// heapInUse collects garbage before it looks. The profile says where the rest was allocated.
func heapInUse(profile, when string) (uint64, error) {
	runtime.GC()
	runtime.GC() // the second one frees what finalizers held
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	if profile == "" {
		return stats.HeapAlloc, nil
	}
	file, err := os.Create(profile + "." + when)
	if err != nil {
		return 0, err
	}
	return stats.HeapAlloc, errors.Join(pprof.WriteHeapProfile(file), file.Close())
}
