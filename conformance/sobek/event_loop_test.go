package main

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"
)

func nothingUnhandled() error { return nil }

func TestALoopEndsWhenTimersAndOperationsHaveEnded(t *testing.T) {
	loop := newEventLoop(context.Background())
	var order []string
	note := func(word string) func() error {
		return func() error {
			order = append(order, word)
			return nil
		}
	}
	err := loop.run(func() error {
		loop.setTimer(20*time.Millisecond, false, note("later"))
		loop.setTimer(0, false, note("first"))
		loop.setTimer(0, false, note("second"))
		enqueue := loop.register()
		go func() {
			time.Sleep(40 * time.Millisecond)
			enqueue(note("answer"))
		}()
		return note("start")()
	}, nothingUnhandled)
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"start", "first", "second", "later", "answer"}; !slices.Equal(order, want) {
		t.Errorf("order %v, want %v", order, want)
	}
}

func TestAClearedTimerKeepsNoLoopOpen(t *testing.T) {
	loop := newEventLoop(context.Background())
	err := loop.run(func() error {
		id := loop.setTimer(time.Hour, true, func() error { return errors.New("it fired") })
		loop.clearTimer(id)
		loop.clearTimer(id)
		loop.clearTimer(4711)
		return nil
	}, nothingUnhandled)
	if err != nil {
		t.Fatal(err)
	}
}

func TestAnIntervalRepeatsUntilItIsCleared(t *testing.T) {
	loop := newEventLoop(context.Background())
	fired := 0
	err := loop.run(func() error {
		var id int64
		id = loop.setTimer(0, true, func() error {
			if fired++; fired == 3 {
				loop.clearTimer(id)
			}
			return nil
		})
		return nil
	}, nothingUnhandled)
	if err != nil || fired != 3 {
		t.Fatalf("fired %d times, error %v", fired, err)
	}
}

func TestAnErrorEndsTheLoopAndWhatIsPendingIsDropped(t *testing.T) {
	loop := newEventLoop(context.Background())
	fault := errors.New("fault")
	late := loop.register()
	err := loop.run(func() error {
		loop.setTimer(0, false, func() error { return fault })
		loop.setTimer(time.Hour, false, func() error { return nil })
		return nil
	}, nothingUnhandled)
	if !errors.Is(err, fault) {
		t.Fatalf("error %v, want %v", err, fault)
	}
	if loop.ctx.Err() == nil {
		t.Error("what runs elsewhere is not told to stop")
	}
	late(func() error {
		t.Error("an operation answered into a loop that had ended")
		return nil
	})
}

func TestALoopEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	loop := newEventLoop(ctx)
	err := loop.run(func() error {
		loop.register()
		loop.setTimer(0, false, func() error { cancel(); return nil })
		return nil
	}, nothingUnhandled)
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("error %v, want that of the context", err)
	}
}
