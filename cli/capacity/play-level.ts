import { LevelWatch, observedLevel, silentLevel } from '../../analysis/capacity/level-watch.ts';
import type { WatchedLevel } from '../../analysis/capacity/level-watch.ts';
import type { PlannedLevel, PlayedLevel, SearchSettings } from '../../analysis/capacity/search-level.ts';
import { sentenceOf } from '../../catalogue/finding-words.ts';
import { wasAllowed } from '../../report/model/verdict-view.ts';
import { EXIT_CODES } from '../../catalogue/exit-codes.ts';
import { hash32 } from '../../contract/draw.ts';
import { Histogram } from '../../contract/histogram.ts';
import { addToHistogram } from '../../contract/series-counts.ts';
import type { AddedInterval } from '../../contract/series-counts.ts';
import type { OptionLayer } from '../../engine/consolidate.ts';
import { StopSignal } from '../../engine/stop-signal.ts';
import { isAnswered } from '../../record/record-totals.ts';
import { ResultsFolder } from '../../record/results-folder.ts';
import type { RunFile } from '../../record/run-file.ts';
import type { AnswerLevel } from '../../report/capacity/answer-file.ts';
import { settingsOfScenario } from '../banner.ts';
import { playRun } from '../play-run.ts';
import type { RunFlags, Setup } from '../set-up.ts';
import type { SimulatorProcess } from '../simulator-process.ts';
import type { TargetMetrics } from '../target-metrics/target-metrics.ts';
import type { Terminal } from '../terminal.ts';
import { levelName, loadSettings } from './levels.ts';
import type { LoadOfLevel } from './levels.ts';
import { basename, dirname, join } from 'node:path';

/** What the levels of a search are played with. */
export interface LevelGround {
  readonly setup: Setup;
  readonly simulator: SimulatorProcess | undefined;
  readonly flags: RunFlags;
  readonly layers: readonly OptionLayer[];
  readonly terminal: Terminal;
  /** Folder of the search. */
  readonly folder: string;
  readonly seed: number;
  readonly allow429: boolean;
  /** Threads that play. */
  readonly threads: number;
  /** The target's own metrics, for a level; undefined: nobody asked for them. */
  readonly targetMetrics: (() => TargetMetrics) | undefined;
  /** Told of the stop signal of each run that begins. */
  readonly begins: (stop: StopSignal) => void;
}

/** A level as it was played, with its row of answer.json. */
export interface LevelPlayed {
  readonly level: PlayedLevel;
  readonly row: AnswerLevel;
  /** Why the search cannot go on, with the exit code of the run; undefined: it can. */
  readonly stopped: { readonly reason: string; readonly exitCode: number } | undefined;
}

/** A run of the search that ended. */
interface Ended {
  readonly run: RunFile | undefined;
  readonly reason: string | undefined;
  readonly exitCode: number;
  /** Nobody told it to stop but the search. */
  readonly byPlan: boolean;
}

/** Thresholds judge a run, and a summary is for one: here the search judges, and says what came of it. */
const QUIET_LAYER: OptionLayer = { source: 'flags', values: { noThresholds: true, summaryMode: 'disabled' } };

/** Part of its cores above which the load generator is taken for the limit. */
const BUSY = 0.9;

/** Plays one level as a run of `load`; a level says what its record says. */
export async function playLevel(
  ground: LevelGround,
  planned: PlannedLevel,
  settings: SearchSettings,
  place: {
    readonly number: number;
    readonly userOffset: number;
    readonly firstMedianMs: number;
  },
): Promise<LevelPlayed> {
  const begun = performance.now();
  const { number, userOffset, firstMedianMs } = place;
  const watch = new LevelWatch(planned, settings, firstMedianMs);
  const stop = new StopSignal();
  const name = levelName(number, planned.rate);
  const load = {
    rate: planned.rate,
    seconds: Math.ceil(watch.longest) + 1,
    userOffset,
    seed: hash32(ground.seed, 'level', number),
  };
  const heard = { all: false };
  const ended = await playLoad(
    ground,
    join('levels', name),
    load,
    stop,
    (interval) => {
      const told = watch.add(interval);
      heard.all ||= told && !stop.interrupted;
      if (told) stop.enough();
    },
    ground.targetMetrics?.(),
  );
  const seconds = (performance.now() - begun) / 1_000;
  // What ends while a level is stopped by hand is not asked for at its rate.
  const said = heard.all || ended.byPlan ? watch.said() : undefined;
  const { end, why } = endOf(ground, said, ended);
  const level = playedLevel(planned, settings, said, { seconds, end });
  return {
    level,
    row: levelRow(level, planned, said, {
      folder: ended.run === undefined ? '' : `levels/${name}`,
      why,
      userOffset,
      users: watch.started,
    }),
    stopped: end === 'cut' && ended.byPlan ? { reason: why, exitCode: ended.exitCode } : undefined,
  };
}

/** What a level says; nothing if it was cut. */
export function playedLevel(
  planned: PlannedLevel,
  settings: SearchSettings,
  said: WatchedLevel | undefined,
  { seconds, end }: Pick<PlayedLevel, 'seconds' | 'end'>,
): PlayedLevel {
  return end === 'cut' || said === undefined
    ? silentLevel(planned, { seconds, end: said === undefined ? 'cut' : end }, settings)
    : observedLevel(planned, said, { seconds, end, recoveredSeconds: null });
}

/** A row of answer.json. */
export function levelRow(
  level: PlayedLevel,
  { looks, extendable }: Pick<PlannedLevel, 'looks' | 'extendable'>,
  said: WatchedLevel | undefined,
  facts: Pick<AnswerLevel, 'folder' | 'why' | 'userOffset' | 'users'>,
): AnswerLevel {
  return {
    ...level,
    ...facts,
    ...{ looks, extendable, lookedSeconds: said?.seconds ?? 0 },
    ...{ figures: said?.figures ?? null, quantiles: said?.quantiles ?? [] },
  };
}

/** What a level's run means for the search, and why if it is not an observation. */
export function endOf(
  { allow429, threads }: Pick<LevelGround, 'allow429' | 'threads'>,
  said: WatchedLevel | undefined,
  { run, reason, byPlan }: Ended,
): { readonly end: PlayedLevel['end']; readonly why: string } {
  const findings = run?.end?.findings ?? [];
  if (findings.some(({ code }) => code === 'simulator_lost')) return { end: 'cut', why: 'the simulator ended' };
  if (said !== undefined && said.refused > 0 && !allow429)
    return { end: 'one-address', why: `${said.refused} requests were refused with 429` };
  const fault = findings.find(({ exit }) => exit === EXIT_CODES.invalid.code);
  if (fault !== undefined) return { end: 'generator', why: reason ?? fault.code };
  if (said === undefined)
    return { end: 'cut', why: byPlan ? (reason ?? 'it ended before it could say anything') : 'stopped' };
  if (said.cpuCores > BUSY * threads)
    return { end: 'generator', why: `the load generator used ${said.cpuCores.toFixed(2)} cores` };
  const allowed = findings.find(wasAllowed);
  return { end: 'observed', why: allowed === undefined ? '' : `allowed although ${sentenceOf(allowed)}` };
}

/** Seconds of requests that a cool-down looks at, and how near to the first level's median they must come. */
const COOL_WINDOW = 5;
const COOLED = 1.5;

/**
 * After a level that did not hold: one flow a second until the target answers as at the first level again. Gives the seconds that took,
 * null: it did not within `mostSeconds`.
 */
export async function coolDown(
  ground: LevelGround,
  place: { readonly number: number; readonly userOffset: number; readonly firstMedianMs: number },
  { leastSeconds, mostSeconds }: { readonly leastSeconds: number; readonly mostSeconds: number },
): Promise<{ readonly recoveredSeconds: number | null; readonly started: number }> {
  const begun = performance.now();
  const stop = new StopSignal();
  const latest = new Map<number, Histogram>();
  const cooled: { recoveredSeconds: number | null; started: number } = { recoveredSeconds: null, started: 0 };
  const seed = hash32(ground.seed, 'cool-down', place.number);
  const load = { rate: 1, seconds: Math.ceil(mostSeconds) + 1, userOffset: place.userOffset, seed };
  const folder = join('cool-downs', String(place.number).padStart(2, '0'));
  await playLoad(ground, folder, load, stop, ({ index, recorded }) => {
    let into = latest.get(index);
    if (into === undefined) latest.set(index, (into = new Histogram()));
    for (const [{ metric, tags }, total] of recorded) {
      if (metric === 'flows' && 'sum' in total) cooled.started += total.sum;
      if (metric === 'http_req_duration' && tags['peer'] === 'pf' && isAnswered(tags)) addToHistogram(into, total);
    }
    const window = new Histogram();
    for (const [at, histogram] of latest) if (at > index - COOL_WINDOW) window.merge(histogram);
    const elapsed = (performance.now() - begun) / 1_000;
    if (elapsed < leastSeconds || window.count === 0 || window.percentile(50) > COOLED * place.firstMedianMs) return;
    cooled.recoveredSeconds ??= elapsed;
    stop.enough();
  });
  return cooled;
}

/** Plays `load` at a rate, into a folder of its own. */
async function playLoad(
  { setup, simulator, flags, layers, terminal, folder, begins }: LevelGround,
  name: string,
  load: LoadOfLevel,
  stop: StopSignal,
  onInterval: (interval: AddedInterval) => void,
  targetMetrics?: TargetMetrics,
): Promise<Ended> {
  const env = { ...setup.env, ...loadSettings(load) };
  const results = new ResultsFolder(join(folder, dirname(name)), basename(name));
  results.prepare();
  const before = (await simulator?.starts()) ?? 0;
  const counted = simulator && { ...simulator, starts: async () => since(before, await simulator.starts()) };
  begins(stop);
  const { exitCode, result, run } = await playRun(
    { ...setup, env, settings: settingsOfScenario(setup.script, env), simulator: counted, results, targetMetrics },
    // What judges a level counts in seconds, however long it may be.
    { ...flags, quiet: true, interval: 1_000 },
    { layers: [...layers, QUIET_LAYER], outputs: [], metricTargets: [] },
    // What is said of a run is in its record; here only what a person must know at once.
    {
      ...terminal,
      line: (line) => {
        if (line.startsWith('warning: ')) terminal.line(line);
      },
    },
    { stop, onInterval },
  );
  return { run, reason: run?.end?.reason ?? result.reason, exitCode, byPlan: !stop.interrupted };
}

const since = (before: number, now: number | undefined): number | undefined =>
  now === undefined ? undefined : now - before;
