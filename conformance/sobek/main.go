// Command sobek runs a k6 script bundle on Sobek, the JavaScript machine inside k6, in a host of our own, and prints what the
// run came to as one JSON object. See conformance/README.md.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"
)

// Exit codes, those of the engine where it has one (catalogue/exit-codes.ts).
const (
	exitUsage   = 104
	exitTimeout = 105
	exitScript  = 107
	exitAborted = 108
	exitFailed  = 110
)

var errTimeout = errors.New("the run took longer than --timeout")

// environment collects -e NAME=VALUE.
type environment map[string]string

// String is flag.Value.
func (e environment) String() string { return fmt.Sprint(len(e)) }

// Set is flag.Value.
func (e environment) Set(pair string) error {
	name, value, found := strings.Cut(pair, "=")
	if !found || name == "" {
		return errors.New("write it as NAME=VALUE")
	}
	e[name] = value
	return nil
}

func main() {
	env := environment{}
	bundlePath := flag.String("bundle", "", "`file` of dist/ to run")
	vus := flag.Int("vus", 1, "virtual users")
	iterations := flag.Int64("iterations", 1, "iterations of the default function, shared among the virtual users")
	timeout := flag.Duration("timeout", time.Minute, "the run is given up after this time")
	heap := flag.Bool("heap", false, "run init only, and print the bytes of Go heap per virtual user")
	heapPlayed := flag.Bool("heap-played", false, "the same after each virtual user has played one iteration")
	profile := flag.String("heap-profile", "", "with these two: `path` of two heap profiles for \"go tool pprof\", PATH.before and PATH.after")
	flag.Var(env, "e", "`NAME=VALUE` for __ENV; may be repeated")
	flag.Parse()
	if *profile != "" {
		runtime.MemProfileRate = 1 // every allocation
	}
	if *bundlePath == "" || *vus < 1 || *iterations < 1 || *timeout <= 0 || flag.NArg() > 0 {
		end(exitUsage, errors.New("give --bundle file, and --vus, --iterations and --timeout above 0, if at all"))
	}
	bundle, err := loadBundle(*bundlePath)
	if err != nil {
		end(exitUsage, err)
	}
	ctx, cancel := context.WithTimeoutCause(context.Background(), *timeout, errTimeout)
	defer cancel()
	t := newTest(bundle, env, *vus, *iterations)
	if *heap || *heapPlayed {
		perVU, err := t.heapOfVirtualUsers(ctx, *heapPlayed, *profile)
		finish(t, err, map[string]any{"vus": *vus, "heapPerVU": perVU})
		return
	}
	finish(t, t.run(ctx), t.tally)
}

// finish prints the result of a run, also of one that ended badly, and exits.
func finish(t *test, err error, result any) {
	text, encodingErr := json.Marshal(result)
	if encodingErr != nil {
		end(exitScript, encodingErr)
	}
	fmt.Println(string(text))
	switch reason := t.failed.Load(); {
	case errors.Is(err, errTimeout):
		end(exitTimeout, err)
	case errors.Is(err, errAborted):
		end(exitAborted, err)
	case err != nil:
		end(exitScript, err)
	case reason != nil:
		end(exitFailed, errors.New(*reason))
	}
}

func end(code int, reason error) {
	fmt.Fprintf(os.Stderr, "sobek: %s\n", reason)
	os.Exit(code)
}
