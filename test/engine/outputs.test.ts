import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readFileSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { timeText } from '../../engine/outputs/sample-format.ts';
import { runScript, serve, value } from './script-fixture.ts';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'pairstorm-outputs-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

interface Line {
  readonly type: 'Metric' | 'Point';
  readonly metric: string;
  readonly data: Record<string, unknown>;
}

const linesOf = (text: string): Line[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);

const SCRIPT = `
  const http = require('k6/http');
  const { check, group } = require('k6');
  const { Trend } = require('k6/metrics');
  const steps = new Trend('steps', true);
  exports.options = { iterations: 3, tags: { testid: 'a,"b"' }, thresholds: { steps: ['p(95)<500', 'max<1000'] } };
  exports.default = async () => {
    const res = await http.asyncRequest('GET', __ENV.BASE);
    check(res, { 'is 200': (r) => r.status === 200 });
    steps.add(12.5, { step: 'one' });
  };
`;

describe('--out json', () => {
  it("writes k6's lines: each metric once before its first point, and every sample", async () => {
    const base = await serve((_request, response) => response.end());
    const file = join(folder(), 'samples.json');
    const result = await runScript(SCRIPT, { env: { BASE: base }, outputs: [{ kind: 'json', file }] });
    const lines = linesOf(readFileSync(file, 'utf8'));
    expect(lines.find(({ metric }) => metric === 'steps')).toEqual({
      type: 'Metric',
      data: {
        ...{ name: 'steps', type: 'trend', contains: 'time', thresholds: ['p(95)<500', 'max<1000'], submetrics: null },
      },
      metric: 'steps',
    });
    for (const metric of new Set(lines.map((line) => line.metric))) {
      const types = lines.filter((line) => line.metric === metric).map(({ type }) => type);
      expect(types[0]).toBe('Metric');
      expect(types.slice(1).every((type) => type === 'Point')).toBe(true);
    }
    const points = (metric: string): Line[] => lines.filter((line) => line.metric === metric && line.type === 'Point');
    expect(points('steps')).toHaveLength(3);
    expect(points('steps')[0]!.data).toEqual({
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/) as string,
      value: 12.5,
      tags: { testid: 'a,"b"', group: '', scenario: 'default', step: 'one' },
    });
    expect(points('http_reqs')[0]!.data['tags']).toMatchObject({
      method: 'GET',
      status: '200',
      expected_response: 'true',
    });
    // What is written is what is counted.
    for (const metric of ['http_reqs', 'iterations', 'data_sent']) {
      const sum = points(metric).reduce((total, { data }) => total + (data['value'] as number), 0);
      expect(sum).toBe(value(result, metric, 'count'));
    }
    expect(points('checks').map(({ data }) => data['value'])).toEqual([1, 1, 1]);
    expect(result.warnings).toEqual([]);
  });

  it('compresses a file that ends in .gz', async () => {
    const file = join(folder(), 'samples.json.gz');
    await runScript(`exports.options = { iterations: 4 }; exports.default = () => {};`, {
      outputs: [{ kind: 'json', file }],
    });
    const lines = linesOf(gunzipSync(readFileSync(file)).toString());
    expect(lines.filter(({ metric, type }) => metric === 'iterations' && type === 'Point')).toHaveLength(4);
  });

  it('prints a time with nine decimals, whatever the fraction', () => {
    expect(timeText(Date.UTC(2026, 0, 2, 3, 4, 5, 6) + 0.25)).toBe('2026-01-02T03:04:05.006250000Z');
    expect(timeText(Date.UTC(2026, 0, 2) + (1 - 2 ** -12))).toBe('2026-01-02T00:00:00.000999756Z');
  });
});

describe('--out csv', () => {
  it('writes a column for each system tag, other tags in the last, all quoted where needed', async () => {
    const base = await serve((_request, response) => response.end());
    const file = join(folder(), 'samples.csv');
    const options = SCRIPT.replace('iterations: 3,', `iterations: 1, systemTags: ['status', 'check', 'method'],`);
    await runScript(options, { env: { BASE: base }, outputs: [{ kind: 'csv', file }] });
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    expect(lines[0]).toBe('metric_name,timestamp,metric_value,check,method,status,extra_tags,metadata');
    expect(lines.find((line) => line.startsWith('steps'))).toMatch(
      /^steps,\d{10},12\.500000,,,,testid=a%2C%22b%22&step=one,$/,
    );
    expect(lines.find((line) => line.startsWith('http_reqs'))).toMatch(/^http_reqs,\d{10},1\.000000,,GET,200,testid=/);
    expect(lines.find((line) => line.startsWith('checks'))).toMatch(/^checks,\d{10},1\.000000,is 200,,,testid=/);
  });
});

describe('A disk that does not keep up', () => {
  it('if it is full, costs the lines, which are counted, and nothing else', async () => {
    const result = await runScript(`exports.options = { iterations: 2000, vus: 2 }; exports.default = () => {};`, {
      outputs: [{ kind: 'json', file: '/dev/full' }],
    });
    expect(result).toMatchObject({ exitCode: 0, iterations: { completed: 2000 } });
    expect(result.warnings).toEqual([
      '--out json=/dev/full: samples are dropped: no space left on the disk',
      expect.stringMatching(/^--out json=\/dev\/full: (\d+) of \1 lines were dropped: no space left on the disk$/),
    ]);
  });

  it('if it takes nothing, is seen as a counted drop: the run is not held up, what was taken is whole', async () => {
    const pipe = join(folder(), 'pipe');
    execFileSync('mkfifo', [pipe]);
    // Open for reading, but nobody reads before the iterations have ended: the pipe takes 64 KiB.
    const reader = openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK);
    let taken = '';
    let drain: NodeJS.Timeout | undefined;
    const read = (): void => {
      const buffer = Buffer.alloc(1 << 20);
      try {
        for (;;) taken += buffer.toString('utf8', 0, readSync(reader, buffer));
      } catch {
        // Empty for now.
      }
    };
    const result = await runScript(
      `const { Counter } = require('k6/metrics'); const many = new Counter('many');
       exports.default = () => { for (let i = 0; i < 150000; i++) many.add(1, { tag: 'a tag that makes lines long, so that fewer of them are needed' }); };
       exports.teardown = () => console.log('over');`,
      {
        outputs: [{ kind: 'json', file: pipe }],
        onConsole: () => (drain = setInterval(read, 1)),
      },
    );
    clearInterval(drain);
    read();
    closeSync(reader);
    expect(result).toMatchObject({ exitCode: 0, summary: { metrics: { many: { values: { count: 150_000 } } } } });
    expect(result.warnings[0]).toBe(`--out json=${pipe}: samples are dropped: the disk is too slow`);
    const [, dropped, all] = /: (\d+) of (\d+) lines were dropped/.exec(result.warnings[1]!)!;
    expect(Number(dropped)).toBeGreaterThan(0);
    expect(linesOf(taken)).toHaveLength(Number(all) - Number(dropped));
  });

  it('cannot be opened: the run does not start', async () => {
    const result = await runScript(`exports.default = () => {};`, {
      outputs: [{ kind: 'json', file: '/none/x.json' }],
    });
    expect(result).toMatchObject({ exitCode: 104, iterations: { started: 0 } });
    expect(result.reason).toBe('--out: cannot write /none/x.json (ENOENT); use a file in an existing folder');
  });
});
