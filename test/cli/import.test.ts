import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { importFile } from '../../cli/import/import-file.ts';
import { ConfigurationError } from '../../contract/configuration-error.ts';
import { emptyFolder, pairstorm } from './command.ts';
import { START, imported, metric, point } from './k6-lines.ts';

const HITS = [metric('hits', 'counter'), point('hits', 1, 0), point('hits', 2, 999), point('hits', 4, 2_000)];

test('samples go into the interval of their time, counted from the first one or from the start that is given', async () => {
  const { record, sums, totals } = await imported(HITS);
  expect(record.run).toMatchObject({
    host: 'k6',
    script: 'k6',
    startedAt: '2026-01-31T12:00:00.000Z',
    intervalMs: 1_000,
  });
  expect(record.run.end).toMatchObject({ verdict: 'pass', exitCode: 0, durationMs: 2_000 });
  expect([...sums('hits')]).toEqual([
    [0, 3],
    [2, 4],
  ]);
  expect(totals.select('hits')).toEqual({ samples: 3, sum: 7 });
  const later = await imported(HITS, { startedAt: '2026-01-31T13:59:58.500+02:00', interval: '500ms' });
  expect([...later.sums('hits')]).toEqual([
    [3, 1],
    [4, 2],
    [7, 4],
  ]);
});

test('samples out of order go into their own interval, one from before the start into the first', async () => {
  const times = Array.from({ length: 200 }, (_, n) => (n * 7_919) % 20_000);
  const { sums, said } = await imported([
    metric('hits', 'counter'),
    ...[5_000, ...times].map((ms) => point('hits', 1, ms)),
  ]);
  const wanted = new Map<number, number>();
  for (const ms of [5_000, ...times]) {
    const index = Math.max(0, Math.floor((ms - 5_000) / 1_000));
    wanted.set(index, (wanted.get(index) ?? 0) + 1);
  }
  expect(new Map([...sums('hits')].sort(([a], [b]) => a - b))).toEqual(new Map([...wanted].sort(([a], [b]) => a - b)));
  expect(said).toContain(`${times.filter((ms) => ms < 5_000).length} samples from before the start`);
});

/** What k6's documents leave open (k6-contract.md 8.1, UNKNOWN-31), each with the same samples. */
const ODD: Readonly<Record<string, readonly string[]>> = {
  'keys in another order': [
    '{"metric":"hits","type":"Metric","data":{"thresholds":["count<8"],"contains":"default","type":"counter"}}',
    '{"metric":"hits","type":"Point","data":{"tags":{"a":"b"},"value":7,"time":"2026-01-31T12:00:00Z"}}',
  ],
  'the name inside data': [
    '{"type":"Metric","data":{"name":"hits","type":"counter","contains":"default","thresholds":["count<8"],"submetrics":null},"metric":"hits"}',
    '{"type":"Point","data":{"time":"2026-01-31T12:00:00Z","value":7,"tags":{"a":"b"},"name":"hits"}}',
  ],
  'tainted, a map of metadata, keys that nobody knows': [
    metric('hits', 'counter', ['count<8'], { tainted: false, unit: 'x' }),
    '{"type":"Point","data":{"time":"2026-01-31T12:00:00Z","value":7,"tags":{"a":"b"},"metadata":{"vu":"1","iter":"0"}},"metric":"hits","x":1}',
  ],
  'tags that are null, or missing, or null for one': [
    metric('hits', 'counter', ['count<8']),
    point('hits', 2, 0, null),
    '{"type":"Point","data":{"time":"2026-01-31T12:00:00Z","value":4},"metric":"hits"}',
    point('hits', 1, 0, { a: 'b', c: null }),
  ],
  'thresholds as objects, a sub-metric as an entry': [
    metric('hits', 'counter', [{ threshold: 'count<8', abortOnFail: true }], {
      submetrics: [{ name: 'hits{a:b}', suffix: 'a:b', tags: { a: 'b' } }],
    }),
    point('hits', 7, 0, { a: 'b' }),
  ],
  'a sub-metric as lines of its own, whose samples are those of its metric': [
    metric('hits', 'counter', ['count<8']),
    metric('hits{a:b}', 'counter', []),
    point('hits', 7, 0, { a: 'b' }),
    point('hits{a:b}', 7, 0, { a: 'b' }),
  ],
  'a kind of line that nobody knows, blank lines, line ends of Windows': [
    '{"type":"Footer","data":{}}\r',
    '',
    `${metric('hits', 'counter', ['count<8'])}\r`,
    `${point('hits', 7, 0, { a: 'b' })}\r`,
  ],
};

for (const [title, lines] of Object.entries(ODD)) {
  test(`an import takes ${title}`, async () => {
    const { totals, record } = await imported(lines);
    expect(totals.select('hits')).toMatchObject({ sum: 7 });
    expect(totals.select('hits{a:b}')?.samples).toBe(1);
    expect(record.run.end!.thresholds).toEqual([{ metric: 'hits', expression: 'count<8', value: 7, ok: true }]);
  });
}

test('thresholds of sub-metrics come as lines, as entries, or from a summary of either form', async () => {
  const samples = [point('hits', 7, 0, { a: 'b' }), point('hits', 1, 0, { a: 'c' })];
  const wanted = [{ metric: 'hits{a:b}', expression: 'count<7', value: 7, ok: false }];
  const line = await imported([metric('hits', 'counter'), metric('hits{a:b}', 'counter', ['count<7']), ...samples]);
  expect(line.record.run.end!.thresholds).toEqual(wanted);
  const entry = { submetrics: [{ suffix: 'a:b', thresholds: ['count<7'] }] };
  expect((await imported([metric('hits', 'counter', [], entry), ...samples])).record.run.end!.thresholds).toEqual(
    wanted,
  );
  const summary = join(emptyFolder(), 'summary.json');
  for (const told of [
    {
      state: { testRunDurationMs: 9_000 },
      metrics: { 'hits{a:b}': { type: 'counter', values: {}, thresholds: { 'count<7': { ok: false } } } },
    },
    { root_group: {}, metrics: { 'hits{a:b}': { count: 7, thresholds: { 'count<7': true } } } },
  ]) {
    writeFileSync(summary, JSON.stringify(told));
    const { record } = await imported([metric('hits', 'counter'), ...samples], { summary });
    expect(record.run.end).toMatchObject({ thresholds: wanted, verdict: 'fail', exitCode: 99 });
    expect(record.run.end!.durationMs).toBe('state' in told ? 9_000 : 0);
  }
});

test('the new machine-readable summary of k6, whose form is not documented, is refused by the name of its variable', async () => {
  const summary = join(emptyFolder(), 'summary.json');
  for (const form of [{ metadata: { k6Version: '2.0.0' }, config: {}, results: {} }, { results: { metrics: [] } }]) {
    writeFileSync(summary, JSON.stringify(form));
    await expect(imported([point('hits', 7)], { summary })).rejects.toThrow(
      /^--summary .* is k6's new machine-readable summary, .* run k6 without K6_NEW_MACHINE_READABLE_SUMMARY /,
    );
  }
});

test('of two values of a gauge the newer one counts, told apart by microseconds; a trend keeps every value', async () => {
  const at = (fraction: string, value: number): string =>
    `{"type":"Point","data":{"time":"2026-01-31T14:00:00.${fraction}+02:00","value":${value}},"metric":"vus"}`;
  const { totals } = await imported([
    at('000001', 5),
    at('0000030', 9),
    at('000002', 7),
    metric('ms', 'trend'),
    point('ms', 3),
    point('ms', 4),
  ]);
  expect(totals.select('vus')).toMatchObject({ samples: 3, value: 9, min: 5, max: 9 });
  expect(totals.select('ms')).toMatchObject({ samples: 2, histogram: { min: 3, max: 4, sum: 7 } });
});

test('tag sets beyond the cap of a metric are counted together, with a warning', async () => {
  const lines = Array.from({ length: 2_100 }, (_, n) => point('http_reqs', 1, 0, { url: `/${n}` }));
  const { totals, said } = await imported(lines);
  expect(totals.series('http_reqs')).toHaveLength(2_001);
  expect(totals.select('http_reqs')).toEqual({ samples: 2_100, sum: 2_100 });
  expect(totals.select('http_reqs{other:other}')).toEqual({ samples: 100, sum: 100 });
  expect(said).toContain('mostly because of its tag "url"');
});

test('a file that was truncated lacks its last line only, and its run counts as interrupted, also compressed', async () => {
  const text = HITS.join('\n');
  const cut = await imported(text.slice(0, -5));
  expect(cut.totals.select('hits')).toEqual({ samples: 2, sum: 3 });
  expect(cut.record.run.end).toMatchObject({ verdict: 'interrupted', exitCode: 105 });
  expect((await imported(`${text}\n`)).record.run.end).toMatchObject({ verdict: 'pass' });
  expect((await imported(text)).record.run.end).toMatchObject({ verdict: 'pass' });
  const many = Array.from({ length: 5_000 }, (_, n) => point('http_reqs', 1, n, { n: String(n % 17) })).join('\n');
  const bytes = gzipSync(many);
  const gz = await imported(bytes.subarray(0, bytes.length - 500));
  expect(gz.record.run.end).toMatchObject({ verdict: 'interrupted' });
  expect(gz.totals.select('http_reqs')!.samples).toBeGreaterThan(1_000);
  // What is decompressed may end at the end of a line, and was truncated all the same.
  const stored = gzipSync(`${text}\n`, { level: 0 });
  const atLineEnd = await imported(stored.subarray(0, stored.length - 8));
  expect(atLineEnd.record.run.end).toMatchObject({ verdict: 'interrupted' });
  expect(atLineEnd.totals.select('hits')).toEqual({ samples: 3, sum: 7 });
  expect((await imported(bytes)).totals.select('http_reqs')).toMatchObject({ samples: 5_000 });
});

test('a generator whose timers fired late makes the run invalid, whatever its thresholds say', async () => {
  const late = (ms: number): string[] => [
    metric('hits', 'counter', ['count<0']),
    ...Array.from({ length: 50 }, (_, n) => point('step_lateness', n > 10 ? ms : 0, n * 100)),
  ];
  const { code, record } = await imported(late(700), { gate: true });
  expect(record.run.end).toMatchObject({ verdict: 'invalid', exitCode: 120 });
  expect(record.run.end!.reason).toMatch(/timers of its virtual users fired late, by 7\d\d ms at p99 \(limit 500 ms\)/);
  expect(code).toBe(120);
  expect((await imported(late(400), { gate: true })).code).toBe(99);
});

test('an import ends with 0 when it wrote a record; with --gate by the verdict, and not without thresholds', async () => {
  const judged = (limit: number): string[] => [metric('hits', 'counter', [`count<${limit}`]), point('hits', 7)];
  expect((await imported(judged(7))).code).toBe(0);
  expect((await imported(judged(7), { gate: true })).code).toBe(99);
  expect((await imported(judged(8), { gate: true })).code).toBe(0);
  await expect(imported(HITS, { gate: true })).rejects.toThrow(/no thresholds, so nothing could fail/);
  const of = async (k6Exit: number): Promise<unknown> => (await imported(judged(8), { gate: true, k6Exit })).code;
  expect(await Promise.all([0, 99, 105, 107, 108, 110, 255].map(of))).toEqual([0, 99, 105, 107, 108, 110, 107]);
});

test('a counter without samples counts as 0 and is judged, as in a run, also by its rate', async () => {
  const { record } = await imported([
    metric('sold', 'counter', ['rate>0.5']),
    metric('share', 'rate', ['rate>0.5']),
    metric('dropped_iterations', 'counter', ['rate>0.5']),
    ...HITS,
  ]);
  expect(record.run.end!.thresholds).toEqual([
    { metric: 'sold', expression: 'rate>0.5', value: 0, ok: false },
    { metric: 'share', expression: 'rate>0.5', value: null, ok: true },
    { metric: 'dropped_iterations', expression: 'rate>0.5', value: 0, ok: false },
  ]);
});

test('the names of run and machine are those that samples carry, or that are given', async () => {
  const samples = [point('http_reqs', 1, 0, { testid: 'release-7', instance_id: '3' })];
  const names = ({ record: { run } }: Awaited<ReturnType<typeof imported>>): unknown => [
    run.testid,
    run.machines[0]!.instance,
    run.script,
  ];
  expect(names(await imported(samples))).toEqual(['release-7', '3', 'k6']);
  expect(names(await imported(HITS))).toEqual(['2026-01-31T12-00-00Z-k6', 'k6', 'k6']);
  expect(names(await imported(samples, { testid: 't', instance: 'pod-1', name: 'load' }))).toEqual([
    't',
    'pod-1',
    'load',
  ]);
});

test('a threshold that k6 saw fail fails the run, also one that the samples do not tell of', async () => {
  const { record } = await imported(HITS, { k6Exit: 99 });
  expect(record.run.end).toMatchObject({ verdict: 'fail', reason: 'k6 ended with exit code 99' });
  const known = await imported([metric('hits', 'counter', ['count<7']), point('hits', 7)], { k6Exit: 99 });
  expect(known.record.run.end!.reason).toBe('threshold failed: hits count<7 (was 7)');
});

test('a length that no test has is refused, in one line', async () => {
  const summary = join(emptyFolder(), 'summary.json');
  writeFileSync(summary, JSON.stringify({ state: { testRunDurationMs: 1e20 }, metrics: {} }));
  await expect(imported(HITS, { summary })).rejects.toThrow(
    /^--summary .*testRunDurationMs is 100000000000000000000; expected/,
  );
});

/** What is not to be had from a file, and what is said of it. */
const REFUSED: Readonly<Record<string, readonly [content: string | Buffer, says: RegExp]>> = {
  "k6's CSV": ['metric_name,timestamp,metric_value\nhits,1,1\n', /k6's CSV.*--out json=FILE/],
  'a text': ['hello\nworld\n', /k6\.json: line 1 is not a line of k6's --out json/],
  'a JSON of something else': ['{"verdict":"pass"}\n', /line 1 is not a line of k6's --out json/],
  'a list': [`${HITS.join('\n')}\n[1]\n`, /line 5 is not a line/],
  nothing: ['', /contains no samples/],
  'metrics without a sample': [`${HITS[0]!}\n`, /contains no samples/],
  'bytes of no kind': [Buffer.from([0xff, 0xfd, 0, 10, 1, 2, 3, 10]), /line 1 is not UTF-8/],
  'damaged gzip': [Buffer.from([0x1f, 0x8b, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9]), /compressed data is corrupt/],
  'a metric of unknown type': [`${point('own', 1)}\n`, /line 1: no earlier Metric line defines the type of own/],
  'a metric of two types': [
    `${HITS.join('\n')}\n${metric('hits', 'rate')}\n`,
    /line 5: metric hits is a rate .* but was a counter/,
  ],
  'no number': [
    `${point('http_reqs', 1).replace('"value":1', '"value":"x"')}\n`,
    /line 1: data.value is "x"; expected a number/,
  ],
  'too large a number': [
    `${point('http_reqs', 1).replace('"value":1', '"value":1e999')}\n`,
    /line 1: data.value is null/,
  ],
  'no time': [
    `${point('http_reqs', 1).replace('2026-01-31T', '2026-13-31T')}\n`,
    /line 1: data.time is "2026-13-31T.*RFC 3339/,
  ],
  'a time far off': [
    `${HITS.join('\n')}\n${point('hits', 1, 40 * 86_400_000)}\n`,
    /line 5: its time is 40 days after the start/,
  ],
  'a threshold that is none': [
    `${metric('hits', 'counter', ['p(95)<1'])}\n${point('hits', 1)}\n`,
    /p\(95\) does not fit a counter/,
  ],
  'a line without end': ['x'.repeat(2_000_000), /line 1 has more than 1000000 characters/],
};

for (const [title, [content, says]] of Object.entries(REFUSED)) {
  test(`an import refuses ${title}, in one line, and leaves no folder`, async () => {
    const folder = emptyFolder();
    const file = join(folder, 'k6.json');
    writeFileSync(file, content);
    const results = join(folder, 'results');
    const failed: unknown = await importFile(file, { results, interval: '1s' }, () => undefined).catch(
      (error: unknown) => error,
    );
    expect(failed).toBeInstanceOf(ConfigurationError);
    expect((failed as Error).message).toMatch(says);
    expect((failed as Error).message).not.toContain('\n');
    expect(existsSync(results) ? readdirSync(results) : []).toEqual([]);
  });
}

test('the command reads stdin, skips what k6 writes beside its samples, and says thresholds, verdict and folder', async () => {
  const folder = emptyFolder();
  writeFileSync(
    join(folder, 'k6.json'),
    ['  execution: local', metric('hits', 'counter', ['count<5']), point('hits', 7), ''].join('\n'),
  );
  const { code, stderr } = await pairstorm(folder, ['import', 'k6.json']);
  expect([code, stderr]).toEqual([104, expect.stringMatching(/^error: k6\.json: line 1 is not a line .*\n$/)]);
  const piped = await pairstorm(
    folder,
    ['import', '-', '--name', 'a/../b', '--gate'],
    {},
    readFileSync(join(folder, 'k6.json'), 'utf8'),
  );
  expect(piped.code, piped.stderr).toBe(99);
  expect(piped.stderr).toContain('  FAILED hits count<5 (was 7)\nfail: threshold failed: hits count<5 (was 7)\n');
  expect(piped.stderr).toContain('record → results/2026-01-31T12-00-00Z-a_.._b\n');
  expect(readdirSync(join(folder, 'results'))).toEqual(['2026-01-31T12-00-00Z-a_.._b']);
  const missing = await pairstorm(folder, ['import', 'none.json']);
  expect([missing.code, missing.stderr]).toEqual([104, expect.stringMatching(/^error: none\.json: no such file/)]);
});

test('a hypothesis about a fault that the samples do not have is refused: nothing would be judged by it', async () => {
  const edge = (name: string, ms: number): string =>
    point('fault_edge_ms', START + ms, ms, { fault: 'slow', edge: name });
  const samples = [metric('fault_edge_ms', 'gauge'), edge('start', 1_000), edge('end', 2_000)];
  await expect(imported(samples, { hypothesis: ['slow: lost<1%', 'slwo: recovery<1s'] })).rejects.toThrow(
    '--hypothesis names the fault slwo, which this run does not make; its faults: slow',
  );
  const { record } = await imported(samples, { hypothesis: ['slow: lost<1%'] });
  expect(record.run.resilience?.hypotheses).toEqual([{ fault: 'slow', measure: 'lost', limit: 0.01 }]);
});
