import { LEVELS } from '../../catalogue/phases.ts';
import type { SeriesTotals } from '../../contract/series-totals.ts';
import { sumOf } from '../../record/record-totals.ts';
import type { RunFile } from '../../record/run-file.ts';
import type { StairLevel, Staircase } from './answer-model.ts';
import { constantParts } from './planned-parts.ts';
import type { PhaseRow } from './report-model.ts';

/** The level in a selector. */
const LEVEL = /\{.*\blevel:(\d\d)/;

/**
 * The levels of a search for capacity with the rates that were planned, and which of them held: all thresholds of a
 * level held, and it lasted its time. Null where the record does not have levels and their plan.
 */
export function staircase(
  run: RunFile,
  totals: SeriesTotals,
  rows: readonly PhaseRow[],
  endMs: number,
): Staircase | null {
  const plan = run.scenarios.flatMap(({ arrivals }) => (arrivals === null ? [] : constantParts(arrivals)));
  const played = rows.flatMap((row) => {
    const part = plan[LEVELS.indexOf(row.name)];
    return part === undefined ? [] : [{ row, part }];
  });
  const last = played.at(-1);
  if (last === undefined || played.length !== rows.length) return null;
  const failed = (run.end?.thresholds ?? []).filter(({ ok }) => !ok).map(({ metric }) => metric);
  const dropped = failed.includes('dropped_iterations');
  const levels = played.map((one): StairLevel => {
    const { row, part } = one;
    const breaks = failed.some((metric) => LEVEL.exec(metric)?.[1] === row.name) || (dropped && one === last);
    const over = one !== last || endMs >= part.toMs;
    return {
      ...{ name: row.name, rate: part.rate, fromMs: part.fromMs, toMs: Math.min(part.toMs, endMs) },
      verdict: breaks ? 'broke' : over ? 'held' : 'unfinished',
      p95Ms: row.duration.count === 0 ? null : row.duration.p95,
    };
  });
  const first = levels.findIndex(({ verdict }) => verdict !== 'held');
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
