package main

import (
	"container/heap"
	"context"
	"sync"
	"time"
)

// eventLoop runs one call into a script until nothing is pending: no timer, no request (k6-contract 6.3). A loop serves one
// call; what a call leaves behind when it ends by error dies with its loop, because nobody runs it any more.
//
// All methods but the function that register returns belong to the goroutine that runs the loop.
type eventLoop struct {
	ctx     context.Context
	cancel  context.CancelFunc
	timers  timerHeap
	byID    map[int64]*timer
	lastID  int64
	pending int // operations that will enqueue a task

	mu    sync.Mutex
	ready []func() error
	wake  chan struct{}
}

// newEventLoop makes a loop that ends with ctx. Operations that tasks start should end with loop.ctx.
func newEventLoop(ctx context.Context) *eventLoop {
	own, cancel := context.WithCancel(ctx)
	return &eventLoop{ctx: own, cancel: cancel, byID: map[int64]*timer{}, wake: make(chan struct{}, 1)}
}

// register announces an operation that runs elsewhere. The function it returns must be called exactly once, from any
// goroutine, with what the loop then does.
func (l *eventLoop) register() func(task func() error) {
	l.pending++
	return func(task func() error) {
		l.mu.Lock()
		l.ready = append(l.ready, task)
		l.mu.Unlock()
		select {
		case l.wake <- struct{}{}:
		default:
		}
	}
}

// run calls start, then tasks and timers until nothing is pending. It returns the first error of any of them, or that of the
// context. After each of them settled is asked whether something went wrong that nobody returned: an unhandled rejection.
func (l *eventLoop) run(start func() error, settled func() error) error {
	defer l.cancel()
	for task := start; task != nil; {
		if err := task(); err != nil {
			return err
		}
		if err := settled(); err != nil {
			return err
		}
		var err error
		if task, err = l.next(); err != nil {
			return err
		}
	}
	return nil
}

// next waits for what is to be done; nil means that nothing is pending.
func (l *eventLoop) next() (func() error, error) {
	for {
		if err := l.ctx.Err(); err != nil {
			return nil, err
		}
		if task := l.takeReady(); task != nil {
			l.pending--
			return task, nil
		}
		var due <-chan time.Time
		if len(l.timers) > 0 {
			wait := time.Until(l.timers[0].due)
			if wait <= 0 {
				return l.takeTimer(), nil
			}
			due = time.After(wait)
		} else if l.pending == 0 {
			return nil, nil
		}
		select {
		case <-due:
		case <-l.wake:
		case <-l.ctx.Done():
		}
	}
}

func (l *eventLoop) takeReady() func() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.ready) == 0 {
		return nil
	}
	task := l.ready[0]
	l.ready = l.ready[1:]
	return task
}

// timer is one setTimeout or setInterval.
type timer struct {
	id    int64
	due   time.Time
	every time.Duration // 0: once
	fire  func() error
	index int // place in the heap
}

// setTimer starts a timer. A negative delay counts as none; an interval has at least one millisecond.
func (l *eventLoop) setTimer(delay time.Duration, repeat bool, fire func() error) int64 {
	l.lastID++
	t := &timer{id: l.lastID, due: time.Now().Add(max(delay, 0)), fire: fire}
	if repeat {
		t.every = max(delay, time.Millisecond)
	}
	l.byID[t.id] = t
	heap.Push(&l.timers, t)
	return t.id
}

// clearTimer stops a timer; unknown ids and those of timers that fired are ignored.
func (l *eventLoop) clearTimer(id int64) {
	if t, known := l.byID[id]; known {
		delete(l.byID, id)
		heap.Remove(&l.timers, t.index)
	}
}

func (l *eventLoop) takeTimer() func() error {
	t := l.timers[0]
	if t.every > 0 {
		t.due = t.due.Add(t.every)
		heap.Fix(&l.timers, 0)
	} else {
		l.clearTimer(t.id)
	}
	return t.fire
}

// timerHeap orders timers by due time, then by the order in which they were set.
type timerHeap []*timer

func (h timerHeap) Len() int { return len(h) }

func (h timerHeap) Less(a, b int) bool {
	if h[a].due.Equal(h[b].due) {
		return h[a].id < h[b].id
	}
	return h[a].due.Before(h[b].due)
}

func (h timerHeap) Swap(a, b int) {
	h[a], h[b] = h[b], h[a]
	h[a].index, h[b].index = a, b
}

// Push is heap.Interface.
func (h *timerHeap) Push(x any) {
	t := x.(*timer)
	t.index = len(*h)
	*h = append(*h, t)
}

// Pop is heap.Interface.
func (h *timerHeap) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}
