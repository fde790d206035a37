import type { Finding } from '../../catalogue/findings.ts';
import { endingOf, heldRate, levelOf, searchData } from '../../contract/held-rate.ts';
import type { TimedLevel } from '../../contract/held-rate.ts';
import { plannedLevels } from '../../record/planned-levels.ts';
import type { RecordFold } from '../../record/record-fold.ts';
import type { RunFile } from '../../record/run-file.ts';
import { partRows } from './part-rows.ts';
import type { LevelRow, ThresholdRow } from './report-model.ts';

/** Results by level of a capacity search in one run: its rate, and whether it held; empty for any other run. */
export function levelRows(
  fold: RecordFold,
  run: RunFile,
  thresholds: readonly ThresholdRow[],
  durationMs: number,
): LevelRow[] {
  const rows = partRows(fold, 'level', run.intervalMs);
  if (rows.length === 0) return [];
  const planned = plannedLevels([run]);
  const judged = new Set(thresholds.flatMap(({ metric }) => levelOf(metric) ?? []));
  const reached = rows.filter(({ flows }) => flows > 0).map(({ name }) => name);
  // Without a plan, nothing tells when the last level was over.
  const levels: readonly TimedLevel[] = planned ?? rows.map(({ name }) => ({ level: name, endMs: Infinity }));
  const ended = heldRate(searchData({ thresholds, durationMs }, reached), levels);
  // What the run was judged by comes first: of several parts the record alone does not tell.
  const held = heldOf(run.end?.findings ?? []) ?? ended.held;
  return rows.map((row) => ({
    ...row,
    rate: planned?.find(({ level }) => level === row.name)?.rate ?? null,
    ending: judged.has(row.name) ? endingOf(row.name, { held, broken: ended.broken }) : null,
  }));
}

/** The level that held, of a search that found one. */
function heldOf(findings: readonly Finding[]): TimedLevel | undefined {
  const held = findings.find(({ code }) => code === 'capacity_found')?.data['held'];
  if (typeof held !== 'object' || held === null || !('level' in held)) return undefined;
  return typeof held.level === 'string' ? { level: held.level, endMs: 0 } : undefined;
}
