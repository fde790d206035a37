import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readExposition } from '../../cli/target-metrics/exposition.ts';
import { openRecord } from '../../record/read-record.ts';
import { emptyFolder, fewUsers, pairstorm } from './command.ts';
import { carriedOut } from './in-process.ts';

const folder = emptyFolder();

/** A node whose memory grows by a byte at each look, whose CPU counter starts anew at the fourth, and which is silent at the sixth. */
let looks = 0;
const node = createServer((request, response) => {
  if (request.url?.startsWith('/api/v1/query_range') === true) {
    const { searchParams } = new URL(request.url, 'http://x');
    const at = Number(searchParams.get('end')) - 1;
    const twice = searchParams.get('query') === 'many' ? 2 : 1;
    const series = { metric: {}, values: [[at, '42'], [at, 'NaN'], 'junk'] };
    response.end(
      JSON.stringify({
        status: 'success',
        data: { resultType: 'matrix', result: Array(twice).fill(series) },
        warnings: [],
      }),
    );
    return;
  }
  if (request.url !== '/metrics') {
    response.end('up 1\n');
    return;
  }
  looks += 1;
  if (looks === 6) response.writeHead(503);
  response.end(
    [
      '# HELP process_resident_memory_bytes Resident memory',
      `process_resident_memory_bytes ${1e9 + looks}`,
      'jvm_memory_used_bytes{area="heap",id="G1 \\"Eden\\""} 5e8 1395066363000',
      'jvm_memory_used_bytes{area="nonheap"} 1e8',
      // Told twice, as a broken exporter does.
      `process_resident_memory_bytes ${1e9 + looks}`,
      `process_cpu_seconds_total ${looks >= 4 ? looks - 4 : looks}`,
      'jvm_threads_current NaN',
      'this is not a sample',
    ].join('\n'),
  );
});
let url = '';

beforeAll(async () => {
  await new Promise<void>((resolve) => void node.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(node.address() as AddressInfo).port}`;
});

afterAll(() => void node.close());

it('reads what is written in the Prometheus text format, and survives anything else', () => {
  const label = fc.string({ maxLength: 20 });
  fc.assert(
    fc.property(
      fc.dictionary(fc.stringMatching(/^[a-z_][a-z0-9_]{0,8}$/), label),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      (labels, value) => {
        const escaped = (text: string) => text.replace(/[\\"\n]/g, (one) => (one === '\n' ? '\\n' : `\\${one}`));
        fc.pre(!Object.values(labels).some((text) => /[\r\u2028\u2029]/.test(text)));
        const pairs = Object.entries(labels).map(([name, text]) => `${name}="${escaped(text)}"`);
        const [sample] = readExposition(`a_metric{${pairs.join(',')}} ${value}`);
        expect(sample).toEqual({
          name: 'a_metric',
          labels: { ...labels },
          value: value === 0 ? expect.closeTo(0) : value,
        });
      },
    ),
  );
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void readExposition(text)));
});

describe('--target-metrics and --query', () => {
  it('record what the target tells of itself, gaps and restarts included, and a soak judges it', async () => {
    const args = ['run', 'soak', '--quiet', '--drift-clock', '15', '--gate', '--allow-invalid', '--results', 'out'];
    const { code, stderr } = await pairstorm(
      folder,
      [...args, '--target-metrics', `${url}/metrics`, '--prometheus', url, '--query', 'pool=sum(pool_in_use)'],
      { DURATION: '8s', RAMP: '1s', RATE: '4', TIME_SCALE: '0.02', INVENTORY: fewUsers() },
    );
    expect(stderr).toMatch(/--target-metrics http:\S+: HTTP 503; a gap in its series/);
    // Whether this machine keeps up is not what this is about.
    expect([0, 99], stderr).toContain(code);
    const [name] = readdirSync(join(folder, 'out'));
    const record = join(folder, 'out', name!);
    const values: Record<string, number[]> = {};
    for await (const { recorded } of openRecord(record).intervals())
      for (const [{ metric }, total] of recorded)
        if (metric.startsWith('target_') && 'value' in total) (values[metric] ??= []).push(total.value);
    const memory = values['target_resident_memory_bytes']!;
    // The first look was before the load; the sixth gave nothing.
    expect(memory.slice(0, 5)).toEqual([2, 3, 4, 5, 7].map((n) => 1e9 + n));
    expect(new Set(values['target_heap_bytes'])).toEqual(new Set([5e8]));
    expect(values['target_pool']).toEqual([42]);
    expect(values['target_jvm_threads']).toBeUndefined();
    // Growth from look to look: never negative where the counter begins anew.
    expect(values['target_cpu_cores']!.every((cores) => cores > 0 && cores < 5)).toBe(true);
    const drift = JSON.parse(readFileSync(join(record, 'drift.json'), 'utf8')) as { series: { name: string }[] };
    expect(drift.series.map((series) => series.name)).toContain('target_resident_memory_bytes');
    expect(readFileSync(join(record, 'junit.xml'), 'utf8')).toMatch(
      /name="target_resident_memory_bytes is steady"[^>]*>\s*<skipped/,
    );
    expect(readFileSync(join(record, 'report.html'), 'utf8')).toContain('<h2 id="drift-h">Drift</h2>');
  });

  it('go by the proxies of the environment', async () => {
    const asked: string[] = [];
    const proxy = createServer((request, response) => {
      asked.push(request.url!);
      response.end('up 1\n');
    });
    await new Promise<void>((resolve) => void proxy.listen(0, '127.0.0.1', resolve));
    const at = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const page = 'http://sso.example:9404/metrics';
    const args = ['run', 'soak', '--quiet', '--target-metrics', page];
    const { code, stderr } = await pairstorm(folder, args, { HTTP_PROXY: at, INVENTORY: fewUsers() });
    proxy.close();
    expect(asked).toEqual([page]);
    expect([code, stderr]).toEqual([104, expect.stringMatching(/exposes none of/)]);
  });

  it.each([
    ['nothing there', ['--target-metrics', 'http://127.0.0.1:1/metrics'], /--target-metrics http:\S+: .*ECONNREFUSED/],
    [
      'no metric that is kept',
      () => ['--target-metrics', `${url}/other`],
      /exposes none of process_resident_memory_bytes/,
    ],
    ['no URL', ['--target-metrics', '9404'], /write a URL, such as/],
    ['a query without a Prometheus', ['--query', 'a=b'], /--query needs --prometheus URL/],
    ['a Prometheus without a query', ['--prometheus', 'http://127.0.0.1:1'], /--prometheus needs --query/],
    ['a query without a name', () => ['--prometheus', url, '--query', 'sum(x)'], /write NAME=PROMQL/],
    ['a query of several series', () => ['--prometheus', url, '--query', 'a=many'], /gives 2 series; aggregate them/],
    [
      'a drift clock for a real target',
      ['--drift-clock', '60', '-e', 'PF_BASE_URL=http://127.0.0.1:1'],
      /needs the simulator/,
    ],
  ])('refuse %s with 104 before any load', async (_title, args, says) => {
    const flags = typeof args === 'function' ? args() : args;
    const { code, stderr } = await carriedOut(folder, ['run', 'soak', '--quiet', ...flags], { INVENTORY: fewUsers() });
    expect([code, stderr]).toEqual([104, expect.stringMatching(says)]);
  });

  it('drift flags are for soak', async () => {
    const { code, stderr } = await carriedOut(folder, ['run', 'load', '--drift-limit', '5']);
    expect([code, stderr]).toEqual([
      104,
      expect.stringMatching(/apply to soak, not to load; "pairstorm drift FOLDER"/),
    ]);
  });
});
