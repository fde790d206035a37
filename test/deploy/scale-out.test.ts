import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readInventoryFile } from '../../cli/read-inventory.ts';
import { GENERATOR_METRICS } from '../../catalogue/metrics.ts';
import { sumOf } from '../../record/record-totals.ts';
import { startSimulator } from '../../simulator/simulator.ts';
import type { RunningSimulator } from '../../simulator/simulator.ts';
import { emptyFolder, pairstorm } from '../cli/command.ts';
import { countingFront } from './counting-front.ts';
import type { CountingFront } from './counting-front.ts';
import {
  INVENTORY,
  countsOf,
  endedAll,
  inMs,
  mergePulled,
  plannedStarts,
  recordIn,
  startPart,
  totalsOf,
} from './played-parts.ts';
import type { PlayedTogether } from './played-parts.ts';
import { noS3, startS3 } from './s3-server.ts';
import type { S3Server } from './s3-server.ts';

const ASKED = process.env['SCALE_OUT'] !== undefined;
if (!ASKED) console.warn('left to npm run check:scale-out: eight parts for a minute, each mishap of a part');
/** Eight processes prepare on two cores. */
const PREPARE_MS = Number(process.env['PREPARE_MS'] ?? 25_000);
const LONG_MS = 170_000 + PREPARE_MS;
const SHORT = ['RATE=4', 'RAMP=0s', 'DURATION=3s', 'TIME_SCALE=0.2'];
/** What a part alone comes to is not looked at, on a machine that is busy with eight. */
const JUDGED_BY_MERGE = ['--exit-zero-on', '99,120'];

/** A simulator whose accounts are as the inventory says. */
const freshSimulator = (): Promise<RunningSimulator> =>
  startSimulator({ inventory: readInventoryFile(INVENTORY), port: 0, latency: 'off', workers: 0, timeScale: 0.2 });

describe.skipIf(!ASKED)('Eight parts for a minute', () => {
  let simulator: RunningSimulator;
  let front: CountingFront;
  beforeAll(async () => {
    simulator = await freshSimulator();
    front = await countingFront(simulator.url);
  });
  afterAll(async () => {
    front.close();
    await simulator.close();
  });

  it(
    'are the plan exactly, play nobody twice, and are judged as one machine is',
    async () => {
      const cwd = emptyFolder();
      const together: PlayedTogether = {
        cwd,
        // Each part has an eighth of the virtual users, and chance does not even out between parts.
        settings: ['RATE=8', 'RAMP=10s', 'DURATION=50s', 'TIME_SCALE=0.2', 'VUS=400'],
        ...{ testid: 'eight', store: 'store', env: { PF_BASE_URL: front.url }, startAt: inMs(PREPARE_MS), of: 8 },
      };
      const alone = await freshSimulator();
      const all = Array.from({ length: 8 }, (_, index) => index);
      const parts = all.map((index) => startPart(index, together, [...JUDGED_BY_MERGE, '--out', `json=${index}.json`]));
      const whole = { ...together, store: 'alone', testid: 'one', of: 1, env: { PF_BASE_URL: alone.url } };
      const one = startPart(0, whole, ['--results', 'one', ...JUDGED_BY_MERGE]);
      for (const { code, stderr } of await endedAll([...parts, one])) expect(code, stderr).toBe(0);
      const merging = await mergePulled(together);
      expect(merging.code, merging.stderr).toBe(0);
      await alone.close();

      const records = all.map((index) => recordIn(join(cwd, `part-${index}`)));
      const [merged, single] = [recordIn(join(cwd, 'merged')), recordIn(join(cwd, 'one'))];
      // Planned starts: one moment, to the millisecond.
      const starts = records.map(({ run }) => Date.parse(run.startedAt));
      expect(Math.max(...starts) - Math.min(...starts)).toBeLessThanOrEqual(1);
      // The union is the plan.
      const planned = plannedStarts(together);
      const { iterations } = merged.run.end!;
      expect(iterations).toMatchObject({ planned, started: planned, dropped: 0 });
      expect(single.run.end!.iterations).toMatchObject({ planned, started: planned });
      expect((await countsOf(simulator.url)).starts).toBe(planned);
      // Nobody twice, by who signed in at the target.
      expect(front.flowsOf.size).toBe(planned);
      expect([...front.flowsOf.values()].filter(({ size }) => size !== 1)).toEqual([]);
      const [ofMerged, ofSingle] = [await totalsOf(merged), await totalsOf(single)];
      const kinds = (totals: typeof ofMerged): unknown =>
        totals
          .breakdown('flows', ['kind'])
          .map(({ tags, total }) => `${tags['kind'] ?? ''} ${sumOf(total)}`)
          .sort();
      expect(kinds(ofMerged)).toEqual(kinds(ofSingle));

      // Percentiles are those of one record of all samples.
      writeFileSync(
        join(cwd, 'all.json'),
        all.map((index) => readFileSync(join(cwd, `${index}.json`), 'utf8')).join(''),
      );
      const imported = await pairstorm(cwd, [
        'import',
        'all.json',
        '--started-at',
        merged.run.startedAt,
        '--results',
        'imported',
      ]);
      expect(imported.code, imported.stderr).toBe(0);
      const ofSamples = await totalsOf(recordIn(join(cwd, 'imported')));
      const trends = ofMerged
        .metrics()
        .filter(({ type, metric }) => type === 'trend' && !(metric in GENERATOR_METRICS));
      expect(trends.length).toBeGreaterThan(5);
      for (const { metric } of trends)
        for (const { tags, total } of ofMerged.series(metric)) {
          const other = ofSamples
            .series(metric)
            .find((one) => JSON.stringify(sorted(one.tags)) === JSON.stringify(sorted(tags)));
          expect(encoded(other?.total), `${metric} ${JSON.stringify(tags)}`).toEqual(encoded(total));
        }

      // The verdict is that of one machine.
      const verdict = ({ run }: typeof merged): unknown => ({
        verdict: run.end!.verdict,
        failed: run.end!.thresholds.filter(({ ok }) => !ok).map(({ metric, expression }) => `${metric} ${expression}`),
      });
      expect(verdict(merged)).toEqual(verdict(single));
      console.warn(
        `eight parts: ${planned} planned and started; ${merged.run.end!.verdict}, as ${single.run.end!.verdict} alone; ${trends.length} trends identical`,
      );
    },
    LONG_MS,
  );
});

const sorted = (tags: Readonly<Record<string, string>>): unknown =>
  Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : 1));
/** The buckets to the last sample; a sum of doubles depends on the order in which it was added. */
function encoded(total: unknown): unknown {
  if (typeof total !== 'object' || total === null || !('histogram' in total)) return undefined;
  const histogram = (total.histogram as { encode: () => { readonly sum: number } }).encode();
  return { ...histogram, sum: histogram.sum.toPrecision(12) };
}

describe.skipIf(!ASKED)('A mishap of a part is one line, and no verdict hides it:', () => {
  let simulator: RunningSimulator;
  let s3: S3Server | undefined;
  beforeAll(async () => {
    simulator = await freshSimulator();
    if (noS3() === undefined) s3 = await startS3('records');
    else console.warn(`no mishaps of S3: ${noS3() ?? ''}`);
  });
  afterAll(async () => {
    s3?.stop();
    await simulator.close();
  });
  const two = (testid: string, over: Partial<PlayedTogether> = {}): PlayedTogether => ({
    ...{ cwd: emptyFolder(), settings: SHORT, testid, store: 'store', env: { PF_BASE_URL: simulator.url } },
    ...{ startAt: inMs(PREPARE_MS), of: 2, ...over },
  });

  it.concurrent(
    'a pod that dies',
    async () => {
      const together = two('dies');
      const [stays, dies] = [
        startPart(0, together, JUDGED_BY_MERGE),
        startPart(1, { ...together, settings: [...SHORT.slice(0, 2), 'DURATION=60s', 'TIME_SCALE=0.2'] }),
      ];
      await new Promise((resolve) => setTimeout(resolve, Date.parse(together.startAt) - Date.now() + 1_500));
      dies.child.kill('SIGKILL');
      await endedAll([stays, dies]);
      const merged = await mergePulled(together, ['--wait', '1s', '--gate']);
      expect(merged.code).toBe(104);
      expect(merged.stderr).toMatch(
        /error: 1 of 2 parts of testid dies are in store after 1s: part 1 began on \S+ at \S+Z and left no record; nothing is judged without all of them\n$/,
      );
    },
    LONG_MS,
  );

  it.concurrent(
    'one that never comes, and one that is late',
    async () => {
      const never = two('never');
      await startPart(0, never, JUDGED_BY_MERGE).ended;
      const merged = await mergePulled(never, ['--wait', '1s']);
      expect(merged.stderr).toMatch(/1 of 2 parts of testid never are in store after 1s: part 1 never began;/);
      // Later than a part may be however fast it prepares.
      const late = two('late', { startAt: inMs(-1_500) });
      const { code, stderr } = await startPart(1, late).ended;
      expect(code).toBe(104);
      expect(stderr).toMatch(/late by \d+\.\d s, so this part would not overlap the others/);
      // It said so in the store, unless it was too late even for that: nobody waits ten minutes for it.
      const because = await mergePulled(late, ['--wait', '3s']);
      expect(because.code).toBe(104);
      expect(because.stderr).toMatch(/part 1 (was not played: .*late by|never began)/);
    },
    LONG_MS,
  );

  it.concurrent(
    'one whose clock is 3 s off',
    async () => {
      const together = two('clock');
      const ahead = scriptThatSetsTheClock(together.cwd, 3_000);
      const parts = [
        startPart(0, together, JUDGED_BY_MERGE),
        startPart(1, together, JUDGED_BY_MERGE, { NODE_OPTIONS: `--import ${ahead}` }),
      ];
      const [, off] = await endedAll(parts);
      expect(off!.stderr).toMatch(
        /warning: the clock of this machine is [23]\.\d s ahead of the target's, ± 0\.\d s: .*synchronise it \(NTP\)/,
      );
      const merged = await mergePulled(together, ['--gate', '--testid', 'clock']);
      // Its parts may be invalid here, and so may the whole: then it is a note.
      expect(merged.stderr).toMatch(
        /the parts did not start together: part 0 started [23]\.\d s or more after part 1, by the target's clock/i,
      );
    },
    LONG_MS,
  );

  it.concurrent(
    'two runs under one name, one record twice, and a count that does not fit',
    async () => {
      const together = two('again');
      const parts = [0, 1].map((index) => startPart(index, together, JUDGED_BY_MERGE));
      await endedAll(parts);
      const { code, stderr } = await startPart(0, { ...together, startAt: inMs(PREPARE_MS) }).ended;
      expect([code, stderr]).toEqual([
        104,
        expect.stringContaining('part 0 of 2 of testid again has begun there already'),
      ]);
      const folderOf = (index: number): string => join('store', 'again', String(index));
      const twice = await pairstorm(together.cwd, ['merge', folderOf(0), folderOf(0)]);
      expect([twice.code, twice.stderr]).toEqual([104, expect.stringContaining('are the same folder; pass each once')]);
      const three = await mergePulled({ ...together, of: 3 }, ['--wait', '0s']);
      expect(three.stderr).toMatch(/2 of 3 parts of testid again are in store: part 2 never began/);
      const one = await mergePulled({ ...together, of: 1 }, ['--wait', '0s']);
      expect(one.stderr).toMatch(/has part 1 of testid again, so there are more than 1 parts/);
    },
    LONG_MS,
  );

  it.concurrent(
    'wrong keys, and a bucket that is not there',
    async ({ skip }) => {
      if (s3 === undefined) return skip();
      const env = { PF_BASE_URL: simulator.url, ...s3.env };
      const wrong = await startPart(
        0,
        two('keys', { store: 's3://records/a', env: { ...env, AWS_SECRET_ACCESS_KEY: 'planted' } }),
      ).ended;
      expect([wrong.code, wrong.stderr]).toEqual([
        104,
        expect.stringMatching(
          /^error: --push s3:\/\/records\/a: the credentials are refused: AWS_SECRET_ACCESS_KEY is not that of .*\n$/,
        ),
      ]);
      const none = await startPart(0, two('keys', { store: 's3://other/a', env })).ended;
      expect([none.code, none.stderr]).toEqual([
        104,
        expect.stringMatching(/^error: --push s3:\/\/other\/a: there is no such bucket .*\n$/),
      ]);
      for (const { stderr } of [wrong, none]) expect(stderr).not.toContain('planted');
    },
    LONG_MS,
  );

  it.concurrent(
    'a bucket that goes away before the end',
    async ({ skip }) => {
      if (s3 === undefined) return skip();
      const own = await startS3('gone');
      try {
        const together = two('gone', { store: 's3://gone/a', env: { PF_BASE_URL: simulator.url, ...own.env } });
        const part = startPart(0, together, JUDGED_BY_MERGE);
        await new Promise((resolve) => setTimeout(resolve, Date.parse(together.startAt) - Date.now()));
        await own.drop();
        const { code, stderr } = await part.ended;
        expect(code).toBe(104);
        expect(stderr).toMatch(
          /error: --push: the record, which is in part-0\S+, could not be written: .*there is no such bucket/,
        );
        // Nothing is lost.
        expect(recordIn(join(together.cwd, 'part-0')).run.end!.iterations.started).toBeGreaterThan(0);
        expect(readdirSync(join(together.cwd, 'part-0'))).toHaveLength(1);
      } finally {
        own.stop();
      }
    },
    LONG_MS,
  );
});

/** A module that sets the clock of a process ahead, as that of another machine may be. */
function scriptThatSetsTheClock(folder: string, byMs: number): string {
  const file = join(folder, 'clock.mjs');
  writeFileSync(file, `const now = Date.now; Date.now = () => now() + ${byMs};\n`);
  return file;
}
