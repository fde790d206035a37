import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readRemoteWriteTarget } from '../../../engine/outputs/remote-write/settings.ts';
import { readOutputTarget } from '../../../engine/outputs/output-target.ts';
import { labelsOf } from '../../../engine/outputs/prometheus/labels.ts';
import { familiesOf } from '../../../engine/outputs/prometheus/metric-names.ts';
import { plannedRate } from '../../../contract/planned-scenario.ts';
import { readTrendStats } from '../../../engine/outputs/prometheus/trend-stats.ts';

const stats = readTrendStats('p(95), p(99.9), max,count,p(95)', 'stats');

test.each([
  ['flows', 'counter', 'default', ['k6_flows_total']],
  ['data_sent', 'counter', 'data', ['k6_data_sent_total']],
  ['vus', 'gauge', 'default', ['k6_vus']],
  ['age', 'gauge', 'time', ['k6_age_seconds']],
  ['heap', 'gauge', 'data', ['k6_heap_bytes']],
  ['checks', 'rate', 'default', ['k6_checks_rate']],
  ['decision_lag', 'trend', 'time', ['p95', 'p99_9', 'max', 'count'].map((stat) => `k6_decision_lag_${stat}`)],
  ['generator_memory_bytes', 'gauge', 'data', ['pairstorm_generator_memory_bytes']],
] as const)('the metric %s (%s, %s) has k6’s name', (metric, type, contains, names) => {
  expect(familiesOf({ metric, type, contains }, stats).map(({ name }) => name)).toEqual(names);
});

test('labels are what Prometheus allows, whatever the tags are: legal names, valid text, none empty, none lost', () => {
  const text = fc.string({ unit: 'binary', maxLength: 8 });
  fc.assert(
    fc.property(fc.dictionary(text, text), (tags) => {
      const labels = labelsOf(tags, { testid: 'run' });
      for (const [name, value] of Object.entries(labels)) {
        expect(name).toMatch(/^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/);
        expect(value).not.toBe('');
        expect(Buffer.from(value).toString()).toBe(value);
      }
      const shown = Object.values(labels).join(';');
      for (const value of Object.values(tags)) expect(shown).toContain(Buffer.from(value).toString());
    }),
  );
});

test('tags whose names become one share a label', () => {
  expect(labelsOf({ 'a.b': '1', a_b: '2', 'a-b': '3', '': '4', '9x': '5', __name__: '6' }, {})).toEqual({
    _: '4',
    _9x: '5',
    _name__: '6',
    a_b: '3;1;2',
  });
});

test('a planned rate is on the line between its points, and 0 outside of them', () => {
  const arrivals = [
    [1_000, 0],
    [3_000, 20],
    [3_000, 50],
    [5_000, 50],
  ] as const;
  expect([0, 999, 1_000, 2_000, 3_000, 4_999, 5_000, Infinity].map((ms) => plannedRate(arrivals, ms))).toEqual([
    0, 0, 0, 10, 50, 50, 0, 0,
  ]);
});

const rw = (url: string | undefined, environment: Readonly<Record<string, string>>) => () =>
  readRemoteWriteTarget(url, environment);
const thrownBy = (act: () => unknown): Error => {
  try {
    act();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('nothing was refused');
};
const out = (text: string) => () => readOutputTarget(text, {});

test.each([
  ['a URL with a name in it', rw('http://me:s3cret@host/', {}), /K6_PROMETHEUS_RW_USERNAME/],
  ['no URL', rw('9090', {}), /--out prometheus-rw is not a URL/],
  ['no URL in the variable', rw(undefined, { K6_PROMETHEUS_RW_SERVER_URL: 'x' }), /^K6_PROMETHEUS_RW_SERVER_URL is/],
  ['a misspelt variable', rw(undefined, { K6_PROMETHEUS_RW_PASWORD: 'x' }), /did you mean K6_PROMETHEUS_RW_PASSWORD/],
  ['one that is not supported', rw(undefined, { K6_PROMETHEUS_RW_SIGV4_REGION: 'x' }), /is not supported/],
  ['native histograms', rw(undefined, { K6_PROMETHEUS_RW_TREND_AS_NATIVE_HISTOGRAM: 'true' }), /is not supported/],
  [
    'two ways to authenticate',
    rw(undefined, { K6_PROMETHEUS_RW_BEARER_TOKEN: 't', K6_PROMETHEUS_RW_USERNAME: 'u' }),
    /cannot be combined/,
  ],
  ['a header with a line break', rw(undefined, { K6_PROMETHEUS_RW_HTTP_HEADERS: 'a:b\nc' }), /header "a" is not one/],
  ['a list without values', rw(undefined, { K6_PROMETHEUS_RW_LABELS: 'a' }), /not a list of name=value/],
  ['a key without a certificate', rw(undefined, { K6_PROMETHEUS_RW_CLIENT_CERTIFICATE_KEY: 'k' }), /belong together/],
  [
    'a certificate that is not there',
    rw(undefined, { K6_PROMETHEUS_RW_CLIENT_CERTIFICATE: '/none', K6_PROMETHEUS_RW_CLIENT_CERTIFICATE_KEY: '/none' }),
    /cannot read \/none \(ENOENT\)/,
  ],
  ['half a yes', rw(undefined, { K6_PROMETHEUS_RW_STALE_MARKERS: 'yes' }), /write true or false/],
  ['an old TLS', rw(undefined, { K6_PROMETHEUS_RW_TLS_MINIMUM_VERSION: '1.0' }), /write 1.2 or 1.3/],
  ['no time between pushes', rw(undefined, { K6_PROMETHEUS_RW_PUSH_INTERVAL: '0s' }), /at least 100ms/],
  ['a port that is none', out('prometheus=65536'), /names no port/],
  ['a port that is missing', out('prometheus'), /names no port/],
  ['a host without a port', out('prometheus=localhost'), /names no port/],
  ['an unknown output', out('influxdb=x'), /prometheus-rw=URL/],
])('%s is refused with a line that helps', (_, read, message) => {
  const thrown = thrownBy(read);
  expect(thrown.name).toBe('ConfigurationError');
  expect(thrown.message).toMatch(message);
  expect(thrown.message).not.toMatch(/s3cret|\n/);
});

test('an output is named as for k6, or by a port', () => {
  expect(readOutputTarget('experimental-prometheus-rw', {})).toMatchObject({
    kind: 'prometheus-rw',
    url: 'http://localhost:9090/api/v1/write',
    pushIntervalMs: 5_000,
    tls: { rejectUnauthorized: true, minVersion: 'TLSv1.3' },
  });
  expect(
    readOutputTarget('prometheus-rw=https://mimir/push', { K6_PROMETHEUS_RW_INSECURE_SKIP_TLS_VERIFY: 'true' }),
  ).toMatchObject({
    url: 'https://mimir/push',
    tls: { rejectUnauthorized: false },
  });
  expect(readOutputTarget('prometheus=9464', {})).toEqual({ kind: 'prometheus', host: '127.0.0.1', port: 9464 });
  expect(readOutputTarget('prometheus=[::1]:0', {})).toEqual({ kind: 'prometheus', host: '::1', port: 0 });
});

test('a statistic that is none is refused', () => {
  expect(() => readTrendStats('p(95),p99', 'K6_PROMETHEUS_RW_TREND_STATS')).toThrow(
    'K6_PROMETHEUS_RW_TREND_STATS: "p99" is not a statistic; write a list of count, sum, min, max, avg, med, p(N), such as "p(95),p(99),max,count,sum"',
  );
  expect(() => readTrendStats('p(101)', 'x')).toThrow(/not a statistic/);
});
