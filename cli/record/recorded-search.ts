import { heldRate, levelOf, levelsOf, searchData } from '../../scenarios/capacity/held-rate.ts';
import type { Level, TimedLevel } from '../../scenarios/capacity/held-rate.ts';
import { LEVELS } from '../../catalogue/phases.ts';
import type { RunFile } from '../../record/run-file.ts';
import type { ThresholdResult } from '../../contract/threshold-expression.ts';
import { parseDuration } from '../../contract/duration.ts';
import type { SearchFound } from '../../record/judge.ts';

/** What a record tells of a search for capacity. */
interface RecordedSearch {
  /** Whether flows began at a rate (tag `level`): in every part of the run, if there are several. */
  readonly reached: (level: string) => boolean;
  /** Length, in milliseconds: of the shortest part, if there are several. */
  readonly durationMs: number;
  /** Its rates, where the record holds them (plannedLevels); one that was imported names them only. */
  readonly levels: readonly Level[] | undefined;
}

/** A rate whose flows per second and time may not be known. */
interface NamedLevel extends TimedLevel {
  readonly rate?: number;
}

/** Metrics that scenarios/capacity/thresholds.ts judges at each rate; all of them are the mark of a search. */
const JUDGED_AT_EACH = ['http_req_duration', 'http_req_failed', 'outcome_mismatch'] as const;

/** What a search for capacity found, where it did what it was asked to; undefined also for what is not a search. */
export function foundInRecord(
  thresholds: readonly ThresholdResult[],
  { reached, durationMs, levels }: RecordedSearch,
): SearchFound | undefined {
  const named = levelsOfThresholds(thresholds);
  if (named.length === 0) return undefined;
  const known: readonly NamedLevel[] =
    levels?.length === named.length ? levels : named.map((level) => ({ level, endMs: Infinity }));
  // When the last rate was over is not known then, and nothing failed that says where the search ended.
  if (known !== levels && reached(named.at(-1)!) && thresholds.every(({ ok }) => ok)) return undefined;
  const { held, broke } = heldRate(searchData({ thresholds, durationMs }, named.filter(reached)), known);
  if (held === undefined) return undefined;
  // Beyond the rate that broke anything may have failed: parts of a run end their searches each at its own time.
  const ended = (metric: string): boolean =>
    broke !== undefined && (metric === 'dropped_iterations' || (levelOf(metric) ?? '') >= broke.level);
  if (thresholds.some(({ metric, ok }) => !ok && !ended(metric))) return undefined;
  return { data: { held: dataOf(held), broke: broke === undefined ? null : dataOf(broke) }, ended };
}

/** A rate as a finding carries it; of a record that was imported only its level is known. */
function dataOf({ level, rate }: NamedLevel): { readonly level: string; readonly rate: number | null } {
  return { level, rate: rate ?? null };
}

/** The rates that thresholds name as those of a search do; none: they are of something else. */
function levelsOfThresholds(thresholds: readonly ThresholdResult[]): readonly string[] {
  if (!thresholds.some(({ metric }) => metric === 'dropped_iterations')) return [];
  const judged = new Set(thresholds.map(({ metric }) => `${metric.replace(/\{.*$/s, '')} ${levelOf(metric) ?? ''}`));
  return LEVELS.filter((level) => JUDGED_AT_EACH.every((metric) => judged.has(`${metric} ${level}`)));
}

/**
 * The rates of a search that several played together: each part's share of each, by its settings and its plan, added up.
 * Undefined where one of them does not tell, or has other steps.
 */
export function plannedLevels(runs: readonly RunFile[]): readonly Level[] | undefined {
  const all = runs.map(levelsOfPart);
  const [first] = all;
  if (first === undefined) return undefined;
  const parts = all.flatMap((levels) =>
    levels?.length === first.length && levels.every(({ endMs }, at) => endMs === first[at]!.endMs) ? [levels] : [],
  );
  if (parts.length < all.length) return undefined;
  return first.map(({ level, endMs }, at) => {
    const rate = parts.reduce((sum, levels) => sum + levels[at]!.rate, 0);
    return { level, endMs, rate: Math.round(rate * 100) / 100 };
  });
}

/** The rates of one part: settings say those of the whole search, its plan the share that it plays. */
function levelsOfPart({ settings, scenarios }: RunFile): readonly Level[] | undefined {
  const number = (name: string): number => Number(settings[name] ?? NaN);
  const search = {
    ...{ startRate: number('START_RATE'), stepRate: number('STEP_RATE'), maxRate: number('MAX_RATE') },
    stepMs: parseDuration(settings['STEP_DURATION'] ?? '') ?? NaN,
  };
  if (!Object.values(search).every((value) => value > 0 && value < Infinity)) return undefined;
  const levels = levelsOf(search);
  const last = levels.at(-1);
  if (last === undefined || scenarios.length === 0 || scenarios.some(({ arrivals }) => arrivals === null))
    return undefined;
  const highest = scenarios.reduce((sum, { arrivals }) => sum + Math.max(0, ...arrivals!.map(([, rate]) => rate)), 0);
  return levels.map((level) => ({ ...level, rate: (level.rate * highest) / last.rate }));
}
