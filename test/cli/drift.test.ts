import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { DRIFT_SCHEMA } from '../../analysis/drift/drift-schema.ts';
import { readReportModel } from '../../cli/record/read-report-model.ts';
import { Histogram } from '../../contract/histogram.ts';
import type { SeriesTotal } from '../../contract/series-counts.ts';
import type { ClosedInterval } from '../../record/interval-window.ts';
import { NewRecord } from '../../record/new-record.ts';
import { openRecord } from '../../record/read-record.ts';
import { htmlReport } from '../../report/html/page.ts';
import { junitReport } from '../../report/junit.ts';
import { markdownReport } from '../../report/markdown.ts';
import { USUAL, syntheticRunFile } from '../analysis/comparison/synthetic-run.ts';
import { noise as noiseOf } from '../analysis/made-noise.ts';
import { emptyFolder, pairstorm } from './command.ts';
import { carriedOut } from './in-process.ts';

const folder = emptyFolder();
/** Length of an interval of the made records, in seconds: shorter ones make the test longer, not better. */
const INTERVAL = 10;

/** What a night of so many hours is like; each a function of the hours since it began. */
interface Night {
  readonly seed: number;
  readonly hours: number;
  readonly tokenMs?: (hours: number) => number;
  readonly failed?: (hours: number) => number;
  readonly delayMs?: (hours: number) => number;
  /** Resident memory of the target, as --target-metrics records it. */
  readonly memoryBytes?: (hours: number) => number;
  /** Scrapes fail in this part of the night. */
  readonly silent?: (hours: number) => boolean;
  /** Only polls are recorded, and nothing else. */
  readonly onlyPolls?: true;
  /** Ten device selections an hour. */
  readonly rare?: true;
  /** Nothing was recorded in this part of the night. */
  readonly hole?: (hours: number) => boolean;
  /** From an hour of the night on, the clock is so many hours off. */
  readonly clockStep?: { readonly at: number; readonly by: number };
  /** Name of this part of a run on several machines; the parts share testid and times. */
  readonly part?: string;
  /** From this hour of the night on, the memory is told under another name. */
  readonly renamedAt?: number;
}

/** The folder of a made record: polls and token requests at 20 a second each, log-normal, slowly wandering. */
function night(made: Night): string {
  const { seed, hours, tokenMs = () => 80, failed = () => 0.001, delayMs = () => 3, memoryBytes, silent } = made;
  const { onlyPolls, rare, hole, clockStep, part, renamedAt = Infinity } = made;
  const noise = noiseOf(seed);
  const seconds = hours * 3_600;
  const run = syntheticRunFile({ ...USUAL, seed, seconds, rate: 4 });
  const record = new NewRecord(folder, `night-${seed}${part ?? ''}`, new Date(run.startedAt), INTERVAL * 1_000);
  const intervals = Math.floor((seconds + 60) / INTERVAL);
  const wander = noise.autoregression(intervals, 0.9);
  const trend = (level: number, count: number): SeriesTotal => {
    const histogram = new Histogram();
    for (let i = 0; i < count; i++) histogram.record(level * Math.exp(0.3 * noise.normal()));
    return { histogram, samples: count };
  };
  const named = (number: number, metric: string, type: 'trend' | 'rate' | 'counter', tags: Record<string, string>) =>
    ({ number, metric, type, contains: type === 'trend' ? 'time' : 'default', tags }) as const;
  const step = (name: string) => ({ name, peer: 'pf', expected_response: 'true' });
  const names = {
    poll: named(0, 'http_req_duration', 'trend', step('poll')),
    token: named(1, 'http_req_duration', 'trend', step('token')),
    failed: named(2, 'http_req_failed', 'rate', { name: 'poll', peer: 'pf' }),
    flows: named(3, 'flows', 'counter', { kind: 'F4' }),
    outcomes: named(4, 'flow_outcomes', 'counter', { kind: 'F4', outcome: 'authenticated' }),
    delay: named(5, 'generator_event_loop_delay', 'trend', {}),
    rare: named(7, 'http_req_duration', 'trend', step('selectDevice')),
    memory: { ...named(6, 'target_resident_memory_bytes', 'rate', {}), type: 'gauge', contains: 'data' } as const,
    renamed: { ...named(8, 'target_heap_bytes', 'rate', {}), type: 'gauge', contains: 'data' } as const,
  };
  for (let index = 0; index < intervals; index++) {
    const at = (index * INTERVAL) / 3_600;
    const slow = Math.exp(0.02 * wander[index]!);
    const closed = new Map<unknown, SeriesTotal>([
      [names.poll, trend(40 * slow, 200)],
      [names.token, trend(tokenMs(at) * slow, 200)],
      [names.failed, { samples: 200, passes: Math.round(200 * failed(at) + noise.uniform() - 0.5) }],
      [names.flows, { samples: 40, sum: 40 }],
      [names.outcomes, { samples: 40, sum: 40 }],
      [names.delay, trend(delayMs(at), 50)],
    ]) as ClosedInterval & Map<unknown, SeriesTotal>;
    if (memoryBytes !== undefined && index % 2 === 0 && silent?.(at) !== true) {
      const value = memoryBytes(at) * (1 + 0.01 * noise.normal());
      closed.set(at < renamedAt ? names.memory : names.renamed, {
        samples: 1,
        value,
        min: value,
        max: value,
        at: index,
      });
    }
    if (onlyPolls) for (const name of closed.keys()) if (name !== names.poll) closed.delete(name);
    if (rare && index % 36 === 0) closed.set(names.rare, trend(60, 1));
    const off = clockStep === undefined || at < clockStep.at ? 0 : (clockStep.by * 3_600) / INTERVAL;
    if (hole?.(at) !== true) record.write(index + off, closed);
  }
  const drift = { limit: 0.1, horizonHours: 24, clock: 1 };
  const machines = part === undefined ? run.machines : [{ ...run.machines[0]!, instance: part }];
  record.finish(
    { ...run, machines, script: 'soak', drift, intervalMs: INTERVAL * 1_000 },
    { metrics: {} } as never,
    [],
  );
  return record.folder;
}

const isDrift = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(DRIFT_SCHEMA);

const driftOf = (record: string) => JSON.parse(readFileSync(join(record, 'drift.json'), 'utf8')) as unknown;

describe('pairstorm drift', () => {
  it('names the step that gets slower, by how much, and fails; drift.json says the same', async () => {
    const record = night({ seed: 1, hours: 8, tokenMs: (hours) => 80 * 1.01 ** hours });
    const { code, stdout } = await pairstorm(folder, ['drift', record]);
    expect([code, stdout]).toEqual([99, expect.stringMatching(/^drifts over 8 h: 2 of 7 series/)]);
    expect(stdout).toMatch(/p50\(token\) drifts: \+(0\.9|1\.0|1\.1)\d* % an hour/);
    expect(stdout).not.toMatch(/\(poll\) drifts/);
    expect(driftOf(record)).toMatchObject({ verdict: 'drifts', series: expect.any(Array) as unknown });
    expect(isDrift(driftOf(record)), JSON.stringify(isDrift.errors)).toBe(true);

    // The report of the record judges it by the same rules.
    const model = await readReportModel(record);
    const [html, junit, markdown] = [htmlReport(model), junitReport(model), markdownReport(model)];
    const { stdout: json } = await pairstorm(folder, ['report', record, '--format', 'json', '--out', '-']);
    expect(html).toMatch(/<h2 id="drift-h">Drift<\/h2>\s*<p class="lead"><b>Drifts over 8\sh: 2 of 7 series/);
    expect(html).toMatch(/<title id="drift-0-t">p(50|95)\(token\)<\/title>/);
    expect(junit).toMatch(/<testcase name="p50\(token\) is steady"[^>]*>\s*<failure/);
    expect(junit).toMatch(/<testcase name="p50\(poll\) is steady"[^>]*>\s*<system-out/);
    expect(markdown).toMatch(/\*\*Drift\*\*: drifts over 8 h/);
    expect((JSON.parse(json) as { drift: unknown }).drift).toEqual(driftOf(record));
  });

  it('finds memory that leaks under a saw; what could not be scraped is a gap, and a long one leaves it not known', async () => {
    const saw = (hours: number) => 2 ** 30 * 1.01 ** hours * (1 + 0.15 * ((hours * 14.3) % 1));
    const leaking = await carriedOut(folder, ['drift', night({ seed: 7, hours: 8, memoryBytes: saw }), '--all']);
    expect([leaking.code, leaking.stdout]).toEqual([
      99,
      expect.stringMatching(/target_resident_memory_bytes drifts: \+(0\.9|1\.0|1\.1)\d* % an hour/),
    ]);
    const silent = (hours: number) => hours > 3 && hours < 6;
    const record = night({ seed: 7, hours: 8, memoryBytes: saw, silent });
    const gap = await carriedOut(folder, ['drift', record, '--all']);
    expect([gap.code, gap.stdout]).toEqual([
      0,
      expect.stringMatching(/target_resident_memory_bytes: not known, \d+ % of its points are missing/),
    ]);
  });

  it('passes a night in which nothing moves, and says what it would have found', async () => {
    const record = night({ seed: 2, hours: 8 });
    const { code, stdout } = await carriedOut(folder, ['drift', record, '--all']);
    expect(code, stdout).toBe(0);
    expect(stdout).not.toMatch(/ drifts: /);
    expect(stdout).toMatch(/p50\(poll\) is steady.*an hour would have been detected/);
  });

  it('knows nothing of latencies where the load generator got slower too', async () => {
    const slower = (hours: number) => 1.03 ** hours;
    const record = night({ seed: 3, hours: 8, tokenMs: (at) => 80 * slower(at), delayMs: (at) => 3 * slower(at) });
    const { code, stdout } = await carriedOut(folder, ['drift', record]);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/the load generator itself drifted/)]);
  });

  it('takes what another night was at the same time of the day as the hour’s', async () => {
    const busyMorning = (hours: number) => 80 * (1 + 0.02 * hours);
    const [before, tonight] = [4, 5].map((seed) => night({ seed, hours: 8, tokenMs: busyMorning }));
    const { code, stdout } = await carriedOut(folder, ['drift', tonight!, '--base', before!]);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/against the base night/)]);
    const itself = await carriedOut(folder, ['drift', tonight!, '--base', tonight!]);
    expect([itself.code, itself.stderr]).toEqual([104, expect.stringMatching(/^error: --base .* is the same run as /)]);
  });

  it('does not know what a run of minutes does in a day, and says what it would take', async () => {
    const record = night({ seed: 6, hours: 0.2 });
    const { code, stdout } = await carriedOut(folder, ['drift', record, '--all']);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^not known/)]);
    expect(stdout).toMatch(/would settle it/);
  });

  it('judges the whole of a run on several machines when its parts are merged, and the merged record again', async () => {
    const drifting = { seed: 20, hours: 3, tokenMs: (hours: number) => 80 * 1.05 ** hours };
    const parts = [night({ ...drifting, part: 'a' }), night({ ...drifting, seed: 21, part: 'b' })];
    const merged = await pairstorm(folder, ['merge', ...parts, '--name', 'whole', '--results', 'merged']);
    expect(merged.stderr).toMatch(/^drift: drifts over 3 h: 2 of 7 series/m);
    const whole = join(folder, 'merged', readdirSync(join(folder, 'merged'))[0]!);
    expect(openRecord(whole).run.end).toMatchObject({ verdict: 'fail', exitCode: 99 });
    const before = driftOf(whole);
    expect(before).toMatchObject({ verdict: 'drifts' });
    const again = await carriedOut(folder, ['drift', whole, '--all']);
    expect(again.code).toBe(99);
    expect(again.stdout).toMatch(/p50\(token\) drifts: \+(4\.[5-9]|5\.[0-5])\d* % an hour/);
    expect(driftOf(whole)).toEqual(before);
  });

  it('of a record that lacks much knows little, says why, and does not fail', async () => {
    const said = async (made: Night): Promise<string> => {
      const { code, stdout } = await carriedOut(folder, ['drift', night(made), '--all']);
      expect(code, stdout).toBe(0);
      expect(stdout).not.toMatch(/ drifts: /);
      return stdout;
    };
    const short = { hours: 1.2 };
    expect(await said({ seed: 30, hours: 20 / 3_600 })).toMatch(/^not known over 1 min[^]*p50\(poll\): not known/);
    expect(await said({ ...short, seed: 31, onlyPolls: true })).toMatch(/^(not known|steady)[^]*p50\(poll\)/);
    const hole = (hours: number): boolean => hours > 0.3 && hours < 0.8;
    expect(await said({ ...short, seed: 32, hole })).toMatch(/p50\(poll\): not known, \d+ % of its points are missing/);
    expect(await said({ ...short, seed: 33, rare: true })).toMatch(/p50\(other steps\): not known/);
    const vanishes = { memoryBytes: () => 2 ** 30, silent: (hours: number) => hours > 0.6 };
    expect(await said({ ...short, seed: 34, ...vanishes })).toMatch(
      /target_resident_memory_bytes: not known, \d+ % of its points are missing/,
    );
    const renamed = await said({ ...short, seed: 37, memoryBytes: (hours) => 2 ** 30 * 1.2 ** hours, renamedAt: 0.6 });
    for (const name of ['target_resident_memory_bytes', 'target_heap_bytes'])
      expect(renamed).toMatch(new RegExp(`${name}: not known, \\d+ % of its points are missing`));
    // The wall clock of k6's samples was set, forwards and back.
    const set = (seed: number, by: number): Promise<string> => said({ ...short, seed, clockStep: { at: 0.6, by } });
    expect(await set(35, 0.5)).toMatch(/p50\(poll\): not known/);
    expect(await set(36, -0.25)).toMatch(/p50\(poll\)/);
  });

  it.each([
    ['no record', ['nowhere'], /^error: nowhere does not exist; pass a run folder/],
    ['no limit', ['nowhere', '--drift-limit', '0'], /Write a percentage above 0/],
    ['a horizon without a unit', ['nowhere', '--horizon', '24'], /--horizon.*24/],
  ])('refuses %s with 104 and one line', async (_title, args, says) => {
    const { code, stderr } = await carriedOut(folder, ['drift', ...args]);
    expect([code, stderr]).toEqual([104, expect.stringMatching(says)]);
  });
});
