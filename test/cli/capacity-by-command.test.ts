import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LevelWatch, observedLevel } from '../../analysis/capacity/level-watch.ts';
import { nextLevel } from '../../analysis/capacity/search.ts';
import type { PlayedLevel, SearchSettings } from '../../analysis/capacity/search-level.ts';
import { uniformNumbers } from '../../contract/draw.ts';
import { playByCommand } from '../../cli/capacity/play-by-command.ts';
import type { LevelGround } from '../../cli/capacity/play-level.ts';
import { levelName } from '../../cli/capacity/levels.ts';
import { importLevel, recordedLevel, wholeLevel } from '../../cli/capacity/recorded-level.ts';
import { openRecord } from '../../record/read-record.ts';
import { decodeAnswer } from '../../report/capacity/answer-file.ts';
import type { AnswerFile } from '../../report/capacity/answer-file.ts';
import { errorTerm, latencyTerm } from '../analysis/capacity/simulated-search.ts';
import { CALM_OBJECTIVE } from './calm-objective.ts';
import { emptyFolder, pairstorm } from './command.ts';
import { steadyCpu } from './cpu-page.ts';
import { metric, point } from './k6-lines.ts';

const ENTRY = resolve('build/cli/pairstorm.js');
/** Stands in for k6: plays a level on our engine, and writes k6's samples. */
const STAND_IN = `'${process.execPath}' '${ENTRY}' run load $ENV --out json=$SAMPLES --no-thresholds --quiet --allow-invalid --workers 0 --results stand-in`;
const SHORT = ['--level', '3s', '--budget', '60s', '--allow-invalid', '--simulator-option', 'latencyScale=0.2'];
const SETTINGS = ['-e', 'TIME_SCALE=0.02', '-e', 'MAX_ERROR_RATE=0.4', ...CALM_OBJECTIVE];

function answerIn(folder: string): AnswerFile {
  return decodeAnswer(JSON.parse(readFileSync(join(folder, 'answer.json'), 'utf8')), 'answer.json');
}

describe('a search with the load generator of the user', { timeout: 300_000 }, () => {
  test('plays its levels by the command, and by hand their records lead to the same levels and the same answer', async () => {
    const cwd = emptyFolder();
    const rates = ['--start', '20', '--max', '20'];
    const node = await steadyCpu(3);
    const played = await pairstorm(cwd, [
      'capacity',
      '--target-metrics',
      node.url,
      ...SHORT,
      ...SETTINGS,
      ...rates,
      '--with',
      STAND_IN,
      '--results',
      'r',
    ]);
    node.close();
    expect(played.code, played.stderr).toBe(0);
    const folder = join(cwd, 'r', readdirSync(join(cwd, 'r'))[0]!);
    const answer = answerIn(folder);
    expect(answer).toMatchObject({ verdict: 'at-least', low: 20 });
    expect(answer.levels.map(({ purpose, end }) => [purpose, end])).toEqual([
      ['up', 'observed'],
      ['replay', 'observed'],
    ]);
    // What the target told meanwhile is in the records.
    const cpu = answer.levels.flatMap(({ figures }) => figures?.cpu ?? []);
    expect(cpu.length).toBeGreaterThan(0);
    for (const { cores } of cpu) expect(cores).toBeCloseTo(3, 0);
    // Nobody is played twice, the records are k6's, and the samples are gone.
    const [first, second] = answer.levels;
    expect(first!.users).toBeGreaterThan(20);
    expect(second!.userOffset).toBeGreaterThanOrEqual(first!.userOffset + first!.users);
    expect(openRecord(join(folder, first!.folder)).run.host).toBe('k6');
    expect(existsSync(join(folder, 'levels', '01-20.json.gz'))).toBe(false);

    const next = async (args: readonly string[] = []) => {
      const { code, stdout, stderr } = await pairstorm(cwd, ['capacity', '--next', 'by-hand', ...args]);
      expect(code, stderr).toBe(0);
      return JSON.parse(stdout) as { level?: { env: Record<string, string>; record: string }; answer?: AnswerFile };
    };
    let step = await next([...SHORT, ...SETTINGS, ...rates]);
    for (const level of answer.levels) {
      expect(step.level!.env).toMatchObject({ RATE: '20', RAMP: '0s', USER_OFFSET: String(level.userOffset) });
      cpSync(join(folder, level.folder), join(cwd, step.level!.record), { recursive: true });
      step = await next();
    }
    const judged = ({ levels }: AnswerFile): unknown =>
      levels.map(({ rate, purpose, verdict, terms, figures }) => ({ rate, purpose, verdict, terms, figures }));
    expect(step.answer).toMatchObject({ verdict: 'at-least', low: 20 });
    expect(judged(step.answer!)).toEqual(judged(answer));
    expect(existsSync(join(cwd, 'by-hand', 'answer.html'))).toBe(true);
    const other = await pairstorm(cwd, ['capacity', '--next', 'by-hand', '--start', '5']);
    expect(other.stderr).toContain('--next: --start is that of the search which goes on; leave it out');
  });

  test.each([
    ['exit 3', '--with: the command ended with exit code 3 and wrote no $SAMPLES'],
    ['echo nonsense > $SAMPLES', '--with: '],
  ])('ends where the command (%s) leaves no samples, with the reason in one line', async (command, reason) => {
    const { code, stderr } = await pairstorm(emptyFolder(), ['capacity', ...SHORT, ...SETTINGS, '--with', command]);
    expect(stderr).toContain(`error: ${reason}`);
    expect(code).toBe(104);
  });

  test.each([
    [['--next', 'a', '--with', 'true'], '--next judges what you played; leave --with and --resume out'],
    [
      ['--next', 'a', '--target-metrics', 'http://x'],
      '--next judges what you played; write --target-metrics where you play it: pairstorm run load --target-metrics …',
    ],
    [
      ['--confidence', '0.95'],
      "option '--confidence <percent>' argument '0.95' is invalid. Write 0.95% if you mean that, or another percentage, such as 20%.",
    ],
    [['--target-cores', '8'], '--target-cores needs --target-metrics URL: where to read how many of them are in use'],
    [['--target-metrics', 'x'], '--target-metrics is "x"; write a URL, such as http://127.0.0.1:9404/metrics'],
  ])('cannot be by %j', async (args, reason) => {
    const { code, stderr } = await pairstorm(emptyFolder(), ['capacity', ...args]);
    expect([code, stderr]).toEqual([104, `error: ${reason}\n`]);
  });
});

const SEARCH: SearchSettings = {
  ...{ terms: [latencyTerm(95, 100), errorTerm(0.01)], startRate: 4, maxRate: 40, budgetSeconds: 400 },
  ...{ precision: 0.1, confidence: 0.95, levelSeconds: 12, warmUpSeconds: 3, coolSeconds: 2 },
};

/** k6's samples of a level at a target whose share of slow requests rises with the rate. */
function samplesOf(rate: number, seed: number, knee: number): string[] {
  const next = uniformNumbers(seed);
  const slow = 1 / (1 + Math.exp(3 - 20 * Math.log(rate / knee)));
  const lines = [
    metric('flows', 'counter'),
    metric('flow_outcomes', 'counter'),
    metric('http_req_duration', 'trend'),
    metric('http_req_failed', 'rate'),
    metric('http_reqs', 'counter'),
  ];
  const times = Array.from({ length: Math.round(16 * rate) }, () => Math.floor(16_000 * next())).sort((a, b) => a - b);
  for (const ms of times) {
    const tags = { peer: 'pf', status: '200', name: 'poll', expected_response: 'true' };
    const took = next() < slow ? 150 + 50 * next() : 20 + 10 * next();
    lines.push(
      point('flows', 1, ms),
      point('flow_outcomes', 1, ms, { outcome: 'authenticated' }),
      point('http_req_duration', took, ms, tags),
      point('http_req_failed', next() < 0.001 ? 1 : 0, ms, tags),
      point('http_reqs', 1, ms, tags),
    );
  }
  return lines;
}

test(
  'by hand, a command and the engine have the same next level for the same records',
  { timeout: 300_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 10_000 }), fc.integer({ min: 2, max: 30 }), async (seed, knee) => {
        const folder = emptyFolder();
        const byCommand = emptyFolder();
        mkdirSync(join(folder, 'levels'));
        const [engine, hand, command]: [PlayedLevel[], PlayedLevel[], PlayedLevel[]] = [[], [], []];
        const ground = {
          ...{
            setup: { env: {} },
            flags: { allowInvalid: true },
            folder: byCommand,
            seed,
            allow429: false,
            threads: 1,
          },
          begins: () => undefined,
        } as unknown as LevelGround;
        for (let number = 1; number <= 4; number++) {
          const step = nextLevel(engine, SEARCH);
          expect(nextLevel(hand, SEARCH)).toEqual(step);
          expect(nextLevel(command, SEARCH)).toEqual(step);
          if ('answer' in step) return;
          // Nobody can make a level longer that is played elsewhere.
          const planned = wholeLevel(step.level);
          const place = { number, userOffset: 0, firstMedianMs: engine[0]?.medianMs ?? Infinity, allow429: false };
          const file = join(folder, `${number}.json`);
          writeFileSync(file, samplesOf(planned.rate, seed + number, knee).join('\n') + '\n');
          const name = levelName(number, planned.rate);
          await importLevel(folder, name, file, { k6Exit: undefined, allowInvalid: true });
          const byHand = await recordedLevel(folder, planned, SEARCH, place);
          hand.push(byHand.level);
          const played = await playByCommand(ground, `gzip -c ${file} > $SAMPLES`, step.level, SEARCH, place);
          command.push(played.level);
          // As it is played: the level ends once it has said what it can.
          const watch = new LevelWatch(planned, SEARCH, place.firstMedianMs);
          for await (const interval of openRecord(join(folder, 'levels', name)).intervals())
            if (watch.add(interval)) break;
          const { seconds, end, recoveredSeconds } = byHand.level;
          engine.push(observedLevel(planned, watch.said()!, { seconds, end, recoveredSeconds }));
        }
      }),
      { numRuns: Number(process.env['PLANNED_CLUSTERS'] ?? 6), seed: 24 },
    );
  },
);

test('a level that was played at another rate says nothing of its own', async () => {
  const folder = emptyFolder();
  mkdirSync(join(folder, 'levels'));
  const level = nextLevel([], { ...SEARCH, startRate: 20 });
  if ('answer' in level) throw new Error('nothing to play');
  const planned = wholeLevel(level.level);
  const place = { number: 1, userOffset: 0, firstMedianMs: Infinity, allow429: false };
  const judged = async (rate: number): Promise<unknown> => {
    const file = join(folder, `${rate}.json`);
    writeFileSync(file, samplesOf(rate, 1, 1_000).join('\n') + '\n');
    rmSync(join(folder, 'levels', levelName(1, planned.rate)), { recursive: true, force: true });
    await importLevel(folder, levelName(1, planned.rate), file, { k6Exit: undefined, allowInvalid: true });
    const { level: played, row } = await recordedLevel(folder, planned, SEARCH, place);
    return [played.end, row.why];
  };
  const reason =
    /^its record has [\d.]+ flow starts\/s, not 20: the load generator did not keep up, or has other settings$/;
  expect(await judged(planned.rate)).toEqual(['observed', '']);
  expect(await judged(5)).toEqual(['generator', expect.stringMatching(reason)]);
  expect(await judged(60)).toEqual(['generator', expect.stringMatching(reason)]);
});

/** Minutes: `npm run check:planning`. */
test.skipIf(process.env['PLANNED_CLUSTERS'] === undefined)(
  'a search by the stand-in ends with the answer of the engine, within its interval',
  { timeout: 900_000 },
  async () => {
    // A target that is slow beside what this machine does meanwhile: four workers of 60 ms take some 9 flows/s.
    const args = [
      ...['--level', '20s', '--budget', '270s', '--precision', '15%', '--start', '2', '--max', '40', '--allow-invalid'],
      ...['-e', 'TIME_SCALE=0.02', '--slo', 'p95(http_req_duration)<300ms', '-e', 'MAX_ERROR_RATE=0.4'],
      ...['workers=4', 'latencyMs=60', 'latencyShape=lognormal'].flatMap((option) => ['--simulator-option', option]),
      ...['--results', 'r'],
    ];
    const search = async (more: readonly string[]): Promise<AnswerFile> => {
      const cwd = emptyFolder();
      const { code, stderr } = await pairstorm(cwd, ['capacity', ...args, ...more]);
      expect(code, stderr).toBe(0);
      return answerIn(join(cwd, 'r', readdirSync(join(cwd, 'r'))[0]!));
    };
    const [own, other] = [await search([]), await search(['--with', STAND_IN])];
    console.log(own.sentences[0], '|', other.sentences[0]);
    expect(other.low!).toBeLessThanOrEqual(own.high!);
    expect(own.low!).toBeLessThanOrEqual(other.high!);
  },
);
