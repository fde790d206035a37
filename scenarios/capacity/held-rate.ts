import { LEVELS } from '../../catalogue/phases.ts';
import type { Figures, ShownThreshold, SummaryData, SummaryMetric } from '../../contract/figures.ts';
import { selector } from '../../contract/selector.ts';

/** One step of a search for capacity. */
export interface TimedLevel {
  /** Tag value: catalogue/phases.ts, LEVELS. */
  readonly level: string;
  /** When it ends, in milliseconds from the start of the load; Infinity: not known. */
  readonly endMs: number;
}

/** A step with its rate. */
export interface Level extends TimedLevel {
  /** Flow starts per second. */
  readonly rate: number;
}

/** What of a summary tells how a search ended. */
interface SearchData {
  readonly state: Pick<SummaryData['state'], 'testRunDurationMs'>;
  readonly metrics: Readonly<Record<string, Pick<SummaryMetric, 'values' | 'thresholds'>>>;
}

/** What figures tell of a search, of which these levels were reached. */
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

/** How a search for capacity ended. */
interface HeldRate<L extends TimedLevel = Level> {
  /** The last rate at which every threshold held for its whole time; undefined: not even the first did. */
  readonly held: L | undefined;
  /** The rate that came after it; undefined: all of them held. */
  readonly broke: L | undefined;
  /** What broke there, as `selector expression`; empty where the run was stopped for another reason. */
  readonly broken: readonly string[];
}

/** The level that a selector names; undefined: none. */
export function levelOf(selector: string): string | undefined {
  return /\{.*\blevel:(\d\d)/.exec(selector)?.[1];
}

/** Thresholds of a level, by the selectors that name it. */
function brokenAt(data: SearchData, level: string): string[] {
  return Object.entries(data.metrics).flatMap(([name, { thresholds = {} }]) => {
    if (levelOf(name) !== level) return [];
    const failed = Object.entries(thresholds).filter(([, { ok }]) => !ok);
    return failed.map(([expression]) => `${name} ${expression}`);
  });
}

/**
 * Reads out of a summary which rate held. A level held if all of its thresholds did and its time was over, which the next
 * level's flows show, and for the last one the length of the run.
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

/** The levels of a search, from `startRate` by `stepRate` to `maxRate` at most. */
export function levelsOf(search: {
  readonly startRate: number;
  readonly stepRate: number;
  readonly maxRate: number;
  readonly stepMs: number;
}): Level[] {
  const { startRate, stepRate, maxRate, stepMs } = search;
  // A rate that is only just beyond MAX_RATE by rounding counts.
  const count = Math.min(LEVELS.length, Math.floor((maxRate - startRate) / stepRate + 1e-9) + 1);
  return Array.from({ length: count }, (_, at) => ({
    level: LEVELS[at]!,
    rate: Math.round((startRate + at * stepRate) * 100) / 100,
    endMs: (at + 1) * stepMs,
  }));
}
