import { levelName } from '../../level-words.ts';
import type { FaultRow, LevelRow, PhaseRow } from '../../model/report-model.ts';
import { NOTHING, lengthOfTime, quantity } from '../../quantity.ts';
import { markup } from '../markup.ts';
import type { Markup } from '../markup.ts';
import { table } from '../table.ts';
import { LATENCY_HEADS, failedCell, latencyCells } from './steps.ts';

/** Results by level of a capacity search, and how each ended. */
export function levelTable(rows: readonly LevelRow[]): Markup {
  const named = rows.map((row) => ({ ...row, name: levelName(row) }));
  const ended = named.some(({ ending }) => ending !== null);
  return partTable(
    'By rate of the capacity search: a step, not an error',
    'Rate',
    named,
    ended ? { head: 'Ended', of: ({ ending }) => ending ?? NOTHING } : undefined,
  );
}

/** Results by part of the run. */
export function partTable<Row extends PhaseRow>(
  caption: string,
  head: string,
  rows: readonly Row[],
  last?: { readonly head: string; readonly of: (row: Row) => string },
): Markup {
  return table({
    caption,
    columns: [
      { head },
      { head: 'Time', number: true },
      { head: 'Flows', number: true },
      { head: 'Requests', number: true },
      { head: 'Requests/s', number: true },
      { head: 'Errors', number: true },
      ...LATENCY_HEADS,
      { head: 'Unexpected', number: true },
      ...(last === undefined ? [] : [{ head: last.head }]),
    ],
    rows: rows.map((row) => [
      row.name,
      timeOf(row),
      quantity(row.flows, 'count'),
      quantity(row.requests, 'count'),
      row.requestsPerSecond.toFixed(1),
      failedCell(row.failed, row.requests),
      ...latencyCells(row.duration),
      row.judged === 0 ? NOTHING : failedCell(row.notAsPrescribed, row.judged),
      ...(last === undefined ? [] : [last.of(row)]),
    ]),
  });
}

/** Time range of a part; with its total length if it occurred more than once, or ended slowly. */
function timeOf({ fromMs, toMs, activeMs }: PhaseRow): string {
  const span = `${lengthOfTime(fromMs)} – ${lengthOfTime(toMs)}`;
  return activeMs < 0.8 * (toMs - fromMs) ? `${span}, busy for ${lengthOfTime(activeMs)}` : span;
}

/** The impact of each fault. */
export function faultTable(rows: readonly FaultRow[]): Markup {
  return markup`<p class="quiet">
      Requests count towards the fault during which they started, until the next fault; “none” is before the first.
    </p>
    ${table({
      caption: 'Faults and their impact',
      columns: [
        { head: 'Fault' },
        { head: 'Requests', number: true },
        { head: 'Failed', number: true },
        ...LATENCY_HEADS,
        { head: 'Answers naming it', number: true },
        { head: 'No answer', number: true },
        { head: 'Sent again', number: true },
        { head: 'Served by the simulator', number: true },
      ],
      rows: rows.map(({ fault, requests, failed, duration, named, cut, resent, served }) => [
        fault,
        quantity(requests, 'count'),
        failedCell(failed, requests),
        ...latencyCells(duration),
        quantity(named, 'count'),
        quantity(cut, 'count'),
        quantity(resent, 'count'),
        quantity(served, 'count'),
      ]),
    })}`;
}
