import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import fc from 'fast-check';
import { PbfReader } from 'pbf';
import { describe, expect, onTestFinished, test } from 'vitest';
import { SeriesTotals } from '../../contract/series-totals.ts';
import { MetricRegistry } from '../../engine/metrics/registry.ts';
import { Exposition } from '../../engine/outputs/prometheus/exposition.ts';
import { labelsOf } from '../../engine/outputs/prometheus/labels.ts';
import type { SampleChunk } from '../../engine/outputs/sample-forwarding.ts';
import { forwardSamples } from '../../engine/outputs/sample-forwarding.ts';
import { formatOf } from '../../engine/outputs/sample-format.ts';
import { openOutputs } from '../../engine/outputs/sample-outputs.ts';
import { encodeSeries } from '../../engine/outputs/remote-write/write-request.ts';
import { emptyFolder, pairstorm, scriptFile } from '../cli/command.ts';
import { LOST, startNode } from './node-command.ts';

/** Any UTF-16, halves of pairs and control characters among it. */
const anyText = fc.oneof(
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 12 }).map((units) => String.fromCharCode(...units)),
  fc
    .array(fc.constantFrom('\uD83D', '\uDE00', 'a', '"', ',', '\n', '\r', '\\', '&', '=', '%', '\0', '\u2028'), {
      maxLength: 8,
    })
    .map((parts) => parts.join('')),
);
const anyTags = fc.dictionary(anyText, anyText, { maxKeys: 5 });
/** What UTF-8 makes of it, and back. */
const held = (text: string): string => Buffer.from(text).toString();

describe('No text of a script makes a formatter fail, and what cannot be held becomes U+FFFD', () => {
  const metric = new MetricRegistry(() => undefined).builtIn('http_reqs');

  test('in the JSON lines', () => {
    fc.assert(
      fc.property(anyTags, anyText, (tags, threshold) => {
        const format = formatOf('json', []);
        const line = format.lineOf(metric, tags)(1, 2);
        const read = JSON.parse(line) as { data: { tags: Record<string, string> } };
        expect(held(line)).toBe(line);
        expect(line.indexOf('\n')).toBe(line.length - 1);
        expect(read.data.tags).toEqual(
          Object.fromEntries(Object.entries(tags).map(([name, value]) => [held(name), held(value)])),
        );
        const written = { own: [threshold], submetrics: [] };
        const head = format.metricHead({ metric: `m{${threshold}}`, type: 'trend', contains: 'time' }, written);
        expect((JSON.parse(head) as { data: { thresholds: string[] } }).data.thresholds).toEqual([held(threshold)]);
        expect(head).not.toMatch(/\\ud[89a-f]/i);
      }),
      { numRuns: 2_000 },
    );
  });

  test('in CSV', () => {
    fc.assert(
      fc.property(anyTags, (tags) => {
        const line = formatOf('csv', ['url']).lineOf(metric, tags)(1, 2);
        expect(held(line)).toBe(line);
        const extra = line.slice(0, -1).split(',').at(-2)!;
        const expected = Object.entries(tags)
          .filter(([name]) => name !== 'url')
          .map(([name, value]) => [held(name), held(value)] as const);
        const read = extra === '' ? [] : extra.split('&').map((pair) => pair.split('=').map(decodeURIComponent));
        expect(Object.fromEntries(read)).toEqual(Object.fromEntries(expected));
      }),
      { numRuns: 2_000 },
    );
  });

  test('in what Prometheus is sent', () => {
    fc.assert(
      fc.property(anyTags, anyTags, (tags, common) => {
        const labels = labelsOf(tags, common);
        const sent: string[] = [];
        new PbfReader(encodeSeries('m', labels)).readFields((_tag, __, pbf) => {
          pbf.readMessage((field, ___, part) => {
            // Its `readString` leaves out U+FEFF where a text begins with it.
            const text = Buffer.from(part.readBytes()).toString();
            if (field === 2) sent.push(text);
          }, undefined);
        }, undefined);
        expect(new Set(sent)).toEqual(new Set([...Object.values(labels), 'm']));
        for (const value of Object.values(labels)) expect(held(value)).toBe(value);
      }),
      { numRuns: 2_000 },
    );
  });

  test('in what Prometheus scrapes', async () => {
    await fc.assert(
      fc.asyncProperty(anyTags, async (tags) => {
        const labels = labelsOf(tags, {});
        const family = { name: 'm', type: 'gauge', help: 'M' } as const;
        const series = { family, labels, valueAt: () => 1 };
        const text = await new Exposition().text({ families: new Map([['m', [series]]]) });
        expect(held(text)).toBe(text);
        const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
        expect(samples).toHaveLength(1);
        for (const value of Object.values(labels)) {
          const escaped = value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
          expect(text).toContain(`"${escaped}"`);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('An output that fails is closed with one warning, and its run goes on', () => {
  const tags = Object.defineProperty({}, 'bad', {
    enumerable: true,
    get: () => {
      throw new TypeError('this tag cannot be read');
    },
  }) as Readonly<Record<string, string>>;

  test('in the thread that writes', async () => {
    const file = join(emptyFolder(), 'samples.csv');
    const warnings: string[] = [];
    const outputs = openOutputs(
      [{ kind: 'csv', file }],
      [],
      { all: [], selectors: new Map() },
      new SeriesTotals(),
      (line) => warnings.push(line),
    );
    const metric = new MetricRegistry(() => undefined).builtIn('http_reqs');
    outputs.tap(metric, { good: 'yes' })(1);
    outputs.tap(metric, tags)(2);
    outputs.tap(metric, { good: 'yes' })(3);
    await outputs.close();
    expect(warnings).toEqual([`--out csv=${file}: closed after an error: TypeError: this tag cannot be read`]);
    expect(readFileSync(file, 'utf8').trimEnd().split('\n')).toHaveLength(2);
  });

  test('in a thread that only formats: it tells the one that writes', () => {
    const metric = new MetricRegistry(() => undefined).builtIn('http_reqs');
    const chunks: SampleChunk[] = [];
    const { tap, flush } = forwardSamples(['csv', 'json'], [], (chunk) => chunks.push(chunk));
    tap(metric, tags)(1);
    tap(metric, tags)(2);
    flush();
    expect(chunks.map(({ output, broken }) => [output, broken])).toEqual([
      [0, 'TypeError: this tag cannot be read'],
      [1, 'TypeError: this tag cannot be read'],
    ]);
  });
});

async function served(): Promise<string> {
  const server = createServer((_request, response) => response.writeHead(204).end());
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const TAGGED = `
  const http = require('k6/http');
  const { Counter } = require('k6/metrics');
  const own = new Counter('own');
  exports.options = { vus: 2, iterations: 6, thresholds: { http_reqs: ['count>=6'], own: ['count>=6'] } };
  exports.default = async () => {
    own.add(1, { note: 'smile \\uD83D', ['name\\uDE00']: 'x' });
    const res = await http.asyncRequest('GET', __ENV.BASE, null, { tags: { from: 'x\\uD83D' } });
    if (res.status !== 204) throw new Error(String(res.error));
  };`;

/** Runs it with these outputs in a folder; what it said. */
async function runTagged(...flags: readonly string[]): Promise<{ folder: string; stderr: string }> {
  const folder = emptyFolder();
  const script = scriptFile(folder, 'half.js', TAGGED);
  const { ended } = startNode(folder, ['run', script, '-e', `BASE=${await served()}`, ...flags]);
  const { code, signal, stderr } = await ended;
  expect({ code, signal }, stderr).toEqual({ code: 0, signal: null });
  expect(stderr).not.toMatch(/URIError|dropped|closed/);
  return { folder, stderr };
}

describe('A tag with half an emoji, from a script and from a request, leaves a run as it is', () => {
  test('with --out csv and --out json, in a worker thread', async () => {
    const { folder } = await runTagged('--workers', '1', '--out', 'csv=s.csv', '--out', 'json=s.json');
    const csv = readFileSync(join(folder, 's.csv'), 'utf8').split('\n');
    const note = `note=${encodeURIComponent('smile \uFFFD')}`;
    expect(
      csv.filter((line) => line.includes(note) && line.includes(`${encodeURIComponent('name\uFFFD')}=x`)),
    ).toHaveLength(6);
    expect(
      csv.filter((line) => line.startsWith('http_reqs,') && line.includes(encodeURIComponent('x\uFFFD'))),
    ).toHaveLength(6);
    const points = readFileSync(join(folder, 's.json'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; metric: string; data: { tags?: Record<string, string> } });
    expect(
      points.filter(({ data }) => data.tags?.['from'] === 'x\uFFFD' && data.tags['status'] === '204').length,
    ).toBeGreaterThan(6);
  });

  test.runIf(LOST)('with --out csv, without worker threads', async () => {
    const { folder } = await runTagged('--workers', '0', '--out', 'csv=s.csv');
    expect(readFileSync(join(folder, 's.csv'), 'utf8')).toContain(encodeURIComponent('smile \uFFFD'));
  });

  test.runIf(LOST)('with remote write and a scrape endpoint', async () => {
    let bytes = 0;
    const server = createServer((request, response) => {
      request.on('data', (chunk: Buffer) => (bytes += chunk.length));
      request.on('end', () => response.writeHead(204).end());
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    onTestFinished(() => void server.close());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/w`;
    const flags = ['--out', `prometheus-rw=${url}`, '--out', 'prometheus=0', '--prometheus-linger', '0'];
    const { stderr } = await runTagged(...flags);
    expect(stderr).not.toContain('warning:');
    expect(bytes).toBeGreaterThan(100);
  });

  test.runIf(LOST)('and its record is read by report', async () => {
    const { folder, stderr } = await runTagged();
    const [, results] = /^results → (\S+)/m.exec(stderr)!;
    const { code, stderr: said } = await pairstorm(folder, ['report', results!, '--out', 'r.html']);
    expect(code, said).toBe(0);
    expect(readFileSync(join(folder, 'r.html'), 'utf8')).not.toMatch(/\p{Surrogate}/u);
  });
});
