package main

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// play runs a script of one file and returns what it came to.
func play(t *testing.T, source string, env map[string]string, vus int, iterations int64) (*tally, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "script.js")
	if err := os.WriteFile(path, []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	bundle, err := loadBundle(path)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	run := newTest(bundle, env, vus, iterations)
	return run.tally, run.run(ctx)
}

// server answers by path, and tells in JSON which cookies and which headers it was sent.
func server(t *testing.T) string {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("/seen", func(w http.ResponseWriter, r *http.Request) {
		names := []string{}
		for _, cookie := range r.Cookies() {
			names = append(names, cookie.Name+"="+cookie.Value)
		}
		http.SetCookie(w, &http.Cookie{Name: "pf", Value: r.URL.Query().Get("give"), Path: "/"})
		w.Header().Add("X-Twice", "a")
		w.Header().Add("X-Twice", "b")
		_ = json.NewEncoder(w).Encode(map[string]any{"cookies": names, "agent": r.UserAgent(), "method": r.Method})
	})
	mux.HandleFunc("/hop", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/seen?give=x", http.StatusFound) })
	mux.HandleFunc("/slow", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	mux.HandleFunc("/reset", func(w http.ResponseWriter, _ *http.Request) {
		connection, _, _ := w.(http.Hijacker).Hijack()
		_ = connection.(*net.TCPConn).SetLinger(0)
		connection.Close()
	})
	started := httptest.NewServer(mux)
	t.Cleanup(started.Close)
	return started.URL
}

const expectFunction = `
const http = require('k6/http').default;
const { check } = require('k6');
const crypto = require('k6/crypto'), encoding = require('k6/encoding');
const expect = (name, got, want) =>
  check(null, { [name + ': got ' + JSON.stringify(got)]: () => JSON.stringify(got) === JSON.stringify(want) });
const get = (path, params) => http.asyncRequest('GET', __ENV.T + path, null, params);
`

// playChecked runs an async function body once; all its checks must pass.
func playChecked(t *testing.T, body string) *tally {
	t.Helper()
	result, err := play(t, expectFunction+"exports.default = async () => {"+body+"};", map[string]string{"T": server(t)}, 1, 1)
	if err != nil || result.Thrown > 0 {
		t.Fatalf("the script threw (%d iterations), or the run failed: %v", result.Thrown, err)
	}
	if len(result.Checks) == 0 {
		t.Fatal("the script checked nothing")
	}
	for name, count := range result.Checks {
		if count.Fails > 0 {
			t.Error(name)
		}
	}
	return result
}

func TestAJarKeepsCookiesToItself(t *testing.T) {
	playChecked(t, `
  const jar = new http.CookieJar();
  const first = await get('/seen?give=1', { jar });
  expect('set', first.cookies.pf[0].value, '1');
  expect('sent back', (await get('/seen?give=2', { jar })).json().cookies, ['pf=1']);
  expect('renewed', jar.cookiesForURL(__ENV.T), { pf: ['2'] });
  expect('not elsewhere', (await get('/seen?give=3')).json().cookies, []);`)
}

func TestHeadersAreCanonicalAndJoined(t *testing.T) {
	playChecked(t, `
  const res = await get('/seen', { headers: { 'user-agent': 'me' } });
  expect('joined', res.headers['X-Twice'], 'a, b');
  expect('agent', res.json().agent, 'me');
  expect('ok', [res.status, res.error, res.error_code, res.proto], [200, '', 0, 'HTTP/1.1']);
  const { sending, waiting, receiving, duration } = res.timings;
  expect('sum', Math.abs(duration - sending - waiting - receiving) < 1e-6 && duration > 0, true);`)
}

func TestRedirectsAreFollowedAsFarAsAsked(t *testing.T) {
	result := playChecked(t, `
  expect('not followed', (await get('/hop', { redirects: 0, tags: { name: 'none' } })).status, 302);
  const res = await get('/hop', { tags: { name: 'hops' } });
  expect('followed', [res.status, res.url], [200, __ENV.T + '/seen?give=x']);`)
	if got := result.Requests["hops"]; got["302"] != 1 || got["200"] != 1 {
		t.Errorf("each hop is a request: %v", got)
	}
}

func TestAFailedRequestResolvesWithStatus0(t *testing.T) {
	result := playChecked(t, `
  const codes = async (url, params) => { const r = await http.asyncRequest('GET', url, null, params); return [r.status, r.error_code, r.body]; };
  const tags = { name: 'failing' };
  expect('reset', (await codes(__ENV.T + '/reset', { tags }))[0], 0);
  expect('timeout', await codes(__ENV.T + '/slow', { timeout: 50, tags }), [0, 1050, null]);
  expect('refused', await codes('http://127.0.0.1:1/', { tags }), [0, 1212, null]);
  expect('no URL', await codes('http//x', { tags }), [0, 1020, null]);`)
	if result.Requests["failing"]["0"] != 4 || result.Rates["http_req_failed"].Passes != 4 {
		t.Errorf("four failures are counted: %v %v", result.Requests, result.Rates)
	}
}

func TestExpectedStatusesDecideWhatFailed(t *testing.T) {
	result := playChecked(t, `
  await get('/none', { responseCallback: http.expectedStatuses({ min: 200, max: 399 }, 404) });
  await get('/none', { responseCallback: null });
  expect('status', (await get('/none')).error_code, 1404);`)
	if got := result.Rates["http_req_failed"]; got != (rateCount{Passes: 1, Fails: 1}) {
		t.Errorf("one was expected, one was not, one was not judged: %+v", got)
	}
}

func TestIterationsAreSharedAndAThrownOneEndsAlone(t *testing.T) {
	result, err := play(t, `
const { Counter } = require('k6/metrics');
const exec = require('k6/execution');
const { SharedArray } = require('k6/data');
const seen = new Counter('seen'), frozen = new Counter('frozen');
const people = new SharedArray('people', () => [{ n: [1] }, { n: [2] }]);
exports.setup = async () => ({ run: 'r' });
exports.default = async ({ run }) => {
  if (run !== 'r' || exec.scenario.name !== 'default') throw new Error('setup or scenario');
  try { people[exec.scenario.iterationInTest % 2].n.push(1); } catch (e) { frozen.add(e instanceof TypeError); }
  seen.add(exec.scenario.iterationInTest);
  await new Promise((resolve) => setTimeout(resolve, 1));
  if (exec.scenario.iterationInTest === 3) { setTimeout(() => seen.add(1000), 5); throw new Error('three'); }
};`, nil, 3, 10)
	if err != nil {
		t.Fatal(err)
	}
	if result.Iterations != 10 || result.Thrown != 1 || result.Counters["seen"] != 45 || result.Counters["frozen"] != 10 {
		t.Errorf("ten iterations, numbered 0 to 9, one thrown, all elements frozen: %+v", result)
	}
}

func TestFaultsOfAScriptAreNamed(t *testing.T) {
	for source, want := range map[string]string{
		`require('k6/ws')`:    "this host has no module \"k6/ws\"",
		`exports.nothing = 1`: "no default function",
		`require('k6/http').asyncRequest('GET', 'http://127.0.0.1:1/')`:                               "init context",
		`exports.default = exports.setup = () => { throw new Error('no target') }`:                    "setup: Error: no target",
		`exports.default = exports.setup = async () => { throw new Error('late') }`:                   "setup: uncaught (in promise): Error: late",
		`const exec = require('k6/execution'); exports.default = exports.setup = () => exec.scenario`: "no scenario is running",
		`exports.default = exports.setup = () => new Promise(() => {})`:                               "can never settle",
	} {
		_, err := play(t, source, nil, 1, 1)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %q", source, err, want)
		}
	}
}

func TestAbortStopsTheRun(t *testing.T) {
	result, err := play(t, `
const exec = require('k6/execution');
exports.default = async () => {
  if (exec.scenario.iterationInTest === 5) exec.test.abort('enough');
  await new Promise((resolve) => setTimeout(resolve, 1));
};`, nil, 2, 1000)
	if !errors.Is(err, errAborted) || result.Iterations > 20 {
		t.Errorf("error %v after %d iterations", err, result.Iterations)
	}
}

func TestSobekLacksWhatK6Lacks(t *testing.T) {
	playChecked(t, `
  const lacking = ['URL', 'TextEncoder', 'Intl', 'structuredClone', 'fetch', 'Buffer', 'process', 'WeakRef', 'queueMicrotask'];
  expect('nothing is polyfilled', lacking.filter((name) => name in globalThis), []);`)
}

func TestHashesAndEncodings(t *testing.T) {
	playChecked(t, `
  expect('sha256', crypto.sha256('abc', 'hex').slice(0, 8), 'ba7816bf');
  expect('hmac', crypto.hmac('sha1', 'key', 'text', 'base64rawurl'), crypto.createHMAC('sha1', 'key').update('te').update('xt').digest('base64rawurl'));
  expect('bytes', crypto.sha256(crypto.randomBytes(8), 'binary').byteLength, 32);
  expect('round trip', encoding.b64decode(encoding.b64encode('ä€', 'rawurl'), 'rawurl', 's'), 'ä€');`)
}
