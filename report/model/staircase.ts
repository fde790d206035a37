import type { SeriesTotals } from '../../contract/series-totals.ts';
import { plannedLevels } from '../../record/planned-levels.ts';
import { sumOf } from '../../record/record-totals.ts';
import type { RunFile } from '../../record/run-file.ts';
import type { StairLevel, Staircase } from './answer-model.ts';
import type { LevelRow } from './report-model.ts';

/**
 * The levels of a search for capacity in one run, with the times that were planned, and the share of flows that paired
 * a device. Null where the record does not have levels and their plan.
 */
export function staircase(
  run: RunFile,
  totals: SeriesTotals,
  rows: readonly LevelRow[],
  endMs: number,
): Staircase | null {
  const planned = plannedLevels([run]) ?? [];
  const levels = rows.flatMap(({ name, rate, ending, duration }): StairLevel[] => {
    const at = planned.findIndex(({ level }) => level === name);
    if (at < 0 || rate === null) return [];
    const p95Ms = duration.count === 0 ? null : duration.p95;
    const [fromMs, toMs] = [planned[at - 1]?.endMs ?? 0, Math.min(planned[at]!.endMs, endMs)];
    return [{ ...{ name, rate, p95Ms, fromMs, toMs }, ending: ending ?? 'not finished' }];
  });
  if (levels.length === 0 || levels.length !== rows.length) return null;
  const first = levels.findIndex(({ ending }) => ending !== 'held');
  const holding = first < 0 ? levels : levels.slice(0, first);
  return {
    levels,
    held: holding.at(-1) ?? null,
    broke: levels[first] ?? null,
    pairedShare: pairedShare(totals, new Set(holding.map(({ name }) => name))),
  };
}

function pairedShare(totals: SeriesTotals, levels: ReadonlySet<string>): number | null {
  const counts = totals
    .breakdown('flow_outcomes', ['level', 'outcome'])
    .filter(({ tags }) => levels.has(tags['level'] ?? ''));
  const all = counts.reduce((sum, { total }) => sum + sumOf(total), 0);
  const paired = counts.filter(({ tags }) => tags['outcome'] === 'device_paired');
  return all === 0 ? null : paired.reduce((sum, { total }) => sum + sumOf(total), 0) / all;
}
