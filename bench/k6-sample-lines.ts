import { draw } from '../contract/draw.ts';

const HTTP_TRENDS = ['duration', 'blocked', 'connecting', 'tls_handshaking', 'sending', 'waiting', 'receiving'];
const STEPS = ['authenticate', 'continueAuthentication', 'poll', 'checkOtp', 'selectDevice', 'token'];
const KINDS = ['F1', 'F2', 'F4', 'F5', 'F9', 'F12'];
const REQUESTS_PER_SECOND = 500;
/** Maximum disorder of samples in milliseconds. */
const DISORDER_MS = 300;
const START_MS = Date.UTC(2026, 0, 31, 12);

/**
 * Generates output of k6's `--out json` for requests of pairing flows, in its documented form, up to a number of bytes;
 * several lines at a time. Deterministic.
 */
export function* k6SampleLines(bytes: number): Generator<string> {
  let written = 0;
  const metric = (name: string, type: string, contains: string, thresholds: readonly string[] = []): string =>
    `${JSON.stringify({ type: 'Metric', data: { name, type, contains, thresholds, submetrics: null }, metric: name })}\n`;
  const head = [
    metric('http_reqs', 'counter', 'default'),
    ...HTTP_TRENDS.map((name) => metric(`http_req_${name}`, 'trend', 'time', name === 'duration' ? ['p(95)<500'] : [])),
    metric('http_req_failed', 'rate', 'default', ['rate<0.01']),
    metric('vus', 'gauge', 'default'),
  ].join('');
  yield head;
  written += head.length;
  for (let request = 0; written < bytes; request++) {
    const lines = requestLines(request);
    yield lines;
    written += lines.length;
  }
}

function requestLines(request: number): string {
  const step = STEPS[request % STEPS.length]!;
  const at = START_MS + (request * 1_000) / REQUESTS_PER_SECOND - draw(1, request) * DISORDER_MS + DISORDER_MS;
  const time = `${new Date(at).toISOString().slice(0, -1)}${String(request % 1_000_000).padStart(6, '0')}Z`;
  const tags = JSON.stringify({
    ...{ group: '', scenario: 'load', phase: 'steady', kind: KINDS[(request % 37) % KINDS.length], step, peer: 'pf' },
    expected_response: 'true',
    method: step === 'poll' ? 'GET' : 'POST',
    name: `/pf-ws/authn/flows ${step}`,
    proto: 'HTTP/1.1',
    status: draw(2, request) < 0.002 ? '503' : '200',
    tls_version: 'tls1.3',
    url: `/pf-ws/authn/flows ${step}`,
  });
  const point = (metric: string, value: number, own: string): string =>
    `{"metric":"${metric}","type":"Point","data":{"time":"${time}","value":${value},"tags":${own}}}\n`;
  const ms = 5 + 60 * draw(3, request) ** 4;
  return (
    point('http_reqs', 1, tags) +
    HTTP_TRENDS.map((name, at) => point(`http_req_${name}`, at === 0 ? ms : ms * draw(4 + at, request), tags)).join(
      '',
    ) +
    point('http_req_failed', 0, tags) +
    (request % REQUESTS_PER_SECOND === 0 ? point('vus', 50, 'null') : '')
  );
}
