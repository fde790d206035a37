import { heldRate, levelOf, searchData } from '../../contract/held-rate.ts';
import type { Level, TimedLevel } from '../../contract/held-rate.ts';
import { LEVELS } from '../../catalogue/phases.ts';
import type { ThresholdResult } from '../../contract/threshold-expression.ts';
import type { SearchFound } from '../../record/judge.ts';

/** What a record contains of a capacity search. */
interface RecordedSearch {
  /** Whether flows started at a level (tag `level`); for several parts: in every part. */
  readonly reached: (level: string) => boolean;
  /** Length in milliseconds; for several parts that of the shortest. */
  readonly durationMs: number;
  /** Its levels, if known (plannedLevels); an imported record has only their names. */
  readonly levels: readonly Level[] | undefined;
}

/** A level whose rate and end may be unknown. */
interface NamedLevel extends TimedLevel {
  readonly rate?: number;
}

/** Metrics that scenarios/capacity/thresholds.ts judges at each level; thresholds on all of them identify a search. */
const JUDGED_AT_EACH = ['http_req_duration', 'http_req_failed', 'outcome_mismatch'] as const;

/** The result of a capacity search that succeeded; undefined also if the record is not of a search. */
export function foundInRecord(
  thresholds: readonly ThresholdResult[],
  { reached, durationMs, levels }: RecordedSearch,
): SearchFound | undefined {
  const named = levelsOfThresholds(thresholds);
  if (named.length === 0) return undefined;
  const known: readonly NamedLevel[] =
    levels?.length === named.length ? levels : named.map((level) => ({ level, endMs: Infinity }));
  // Without known levels and without a failed threshold, nothing tells when the last level ended.
  if (known !== levels && reached(named.at(-1)!) && thresholds.every(({ ok }) => ok)) return undefined;
  const { held, broke } = heldRate(searchData({ thresholds, durationMs }, named.filter(reached)), known);
  if (held === undefined) return undefined;
  // Beyond the level that broke, anything may fail: the parts end their searches at different times.
  const ended = (metric: string): boolean =>
    broke !== undefined && (metric === 'dropped_iterations' || (levelOf(metric) ?? '') >= broke.level);
  if (thresholds.some(({ metric, ok }) => !ok && !ended(metric))) return undefined;
  return { data: { held: dataOf(held), broke: broke === undefined ? null : dataOf(broke) }, ended };
}

/** The rate is null for an imported record. */
function dataOf({ level, rate }: NamedLevel): { readonly level: string; readonly rate: number | null } {
  return { level, rate: rate ?? null };
}

/** The levels named by thresholds in the pattern of a search; empty if they have another pattern. */
function levelsOfThresholds(thresholds: readonly ThresholdResult[]): readonly string[] {
  if (!thresholds.some(({ metric }) => metric === 'dropped_iterations')) return [];
  const judged = new Set(thresholds.map(({ metric }) => `${metric.replace(/\{.*$/s, '')} ${levelOf(metric) ?? ''}`));
  return LEVELS.filter((level) => JUDGED_AT_EACH.every((metric) => judged.has(`${metric} ${level}`)));
}
