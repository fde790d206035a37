import { LEVELS } from '../catalogue/phases.ts';
import type { Figures, ShownThreshold, SummaryData, SummaryMetric } from './figures.ts';
import { selector } from './selector.ts';

/** A level of a capacity search. */
export interface TimedLevel {
  /** Tag value, from LEVELS in catalogue/phases.ts. */
  readonly level: string;
  /** End, in milliseconds from the start of the load; Infinity if unknown. */
  readonly endMs: number;
}

export interface Level extends TimedLevel {
  /** Flow starts per second. */
  readonly rate: number;
}

/** The part of a summary that shows how a search ended. */
interface SearchData {
  readonly state: Pick<SummaryData['state'], 'testRunDurationMs'>;
  readonly metrics: Readonly<Record<string, Pick<SummaryMetric, 'values' | 'thresholds'>>>;
}

/** Reduces figures to what heldRate needs; `reached` lists the levels that had flows. */
export function searchData(
  {
    thresholds,
    durationMs,
  }: Pick<Figures, 'durationMs'> & { readonly thresholds: readonly Omit<ShownThreshold, 'value'>[] },
  reached: readonly string[],
): SearchData {
  const metrics: Record<string, SearchData['metrics'][string]> = {};
  for (const level of reached) metrics[selector('flows', { level })] = { values: { count: 1 } };
  for (const { metric, expression, ok } of thresholds) {
    const { values = {}, thresholds: others = {} } = metrics[metric] ?? {};
    metrics[metric] = { values, thresholds: { ...others, [expression]: { ok } } };
  }
  return { state: { testRunDurationMs: durationMs }, metrics };
}

/** How a capacity search ended. */
interface HeldRate<L extends TimedLevel = Level> {
  /** The highest level that held; undefined: not even the first did. */
  readonly held: L | undefined;
  /** The next level; undefined: all held. */
  readonly broke: L | undefined;
  /** Thresholds that failed there, as `selector expression`; empty if the run was stopped for another reason. */
  readonly broken: readonly string[];
}

/** The level in a selector, if any. */
export function levelOf(selector: string): string | undefined {
  return /\{.*\blevel:(\d\d)/.exec(selector)?.[1];
}

/** Failed thresholds of a level. */
function brokenAt(data: SearchData, level: string): string[] {
  return Object.entries(data.metrics).flatMap(([name, { thresholds = {} }]) => {
    if (levelOf(name) !== level) return [];
    const failed = Object.entries(thresholds).filter(([, { ok }]) => !ok);
    return failed.map(([expression]) => `${name} ${expression}`);
  });
}

/**
 * Finds the highest level that held: all its thresholds held and it lasted its full time. That shows in flows of the
 * next level, and for the last level in the length of the run.
 */
export function heldRate<L extends TimedLevel>(data: SearchData, levels: readonly L[]): HeldRate<L> {
  const started = (level: string): boolean => (data.metrics[selector('flows', { level })]?.values['count'] ?? 0) > 0;
  let held: L | undefined;
  for (const [at, level] of levels.entries()) {
    const next = levels[at + 1];
    const broken = brokenAt(data, level.level);
    const over = next === undefined ? data.state.testRunDurationMs >= level.endMs : started(next.level);
    if (broken.length > 0 || !over) return { held, broke: level, broken };
    held = level;
  }
  return { held, broke: undefined, broken: [] };
}

/** How a level of a search ended. */
export type LevelEnding = 'held' | 'broke' | 'not finished';

/** How a level ended, of a search that ended so. */
export function endingOf(level: string, { held, broken }: Omit<HeldRate<TimedLevel>, 'broke'>): LevelEnding {
  if (held !== undefined && level <= held.level) return 'held';
  return broken.length > 0 ? 'broke' : 'not finished';
}

/** The levels of a search: `startRate`, in steps of `stepRate`, up to `maxRate`. */
export function levelsOf(search: {
  readonly startRate: number;
  readonly stepRate: number;
  readonly maxRate: number;
  readonly stepMs: number;
}): Level[] {
  const { startRate, stepRate, maxRate, stepMs } = search;
  // Tolerates a rate that exceeds MAX_RATE only by rounding.
  const count = Math.min(LEVELS.length, Math.floor((maxRate - startRate) / stepRate + 1e-9) + 1);
  return Array.from({ length: count }, (_, at) => ({
    level: LEVELS[at]!,
    rate: Math.round((startRate + at * stepRate) * 100) / 100,
    endMs: (at + 1) * stepMs,
  }));
}
