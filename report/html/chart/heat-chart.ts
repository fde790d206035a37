import type { Heatmap } from '../../model/report-model.ts';
import type { TimeAxis, TimeBand } from '../../model/trend-summary.ts';
import { quantity, roundQuantity } from '../../quantity.ts';
import { markup } from '../markup.ts';
import type { Markup } from '../markup.ts';
import { HEIGHT, hasCourse, timeChart } from './frame.ts';
import type { Tick } from './frame.ts';

/** Number of shades. */
const STEPS = 8;

/** Shade of a cell, 1 to STEPS, by the logarithm of its count, so that rare slow requests show up. */
function stepOf(count: number, most: number): number {
  if (most <= 1) return STEPS;
  return 1 + Math.floor((Math.log(count) / Math.log(most)) * (STEPS - 1) + 1e-9);
}

/** Requests by time and latency; empty if there is only one column. */
export function heatChart(
  id: string,
  title: string,
  of: string,
  heat: Heatmap,
  time: TimeAxis,
  bands: readonly TimeBand[] = [],
): Markup {
  if (!hasCourse(time)) return markup``;
  const { fromMs, toMs, counts } = heat;
  const most = counts.reduce((largest, row) => row.reduce((a, b) => Math.max(a, b), largest), 0);
  const rowHeight = HEIGHT / counts.length;
  const paths = Array.from({ length: STEPS }, () => '');
  counts.forEach((row, at) => {
    const y = round(HEIGHT - (at + 1) * rowHeight);
    for (let column = 0; column < row.length; column++) {
      if (row[column] === 0) continue;
      const step = stepOf(row[column]!, most);
      let end = column + 1;
      while (end < row.length && row[end]! > 0 && stepOf(row[end]!, most) === step) end++;
      paths[step - 1]! += `M${column} ${y}h${end - column}v${round(rowHeight)}h${column - end}z`;
      column = end - 1;
    }
  });
  const busiest = busiestRow(counts);
  const edge = (row: number): string => quantity(fromMs[row] ?? toMs, 'ms');
  return timeChart({
    id,
    title,
    description:
      `Counts of ${of} by time and latency, from ${edge(0)} to ${quantity(toMs, 'ms')}. ` +
      `Most took between ${edge(busiest)} and ${edge(busiest + 1)}; at most ${quantity(most, 'count')} per cell.`,
    legend: markup`<span class="steps"
      >1 ${paths.map((_, at) => markup`<i style="opacity:${opacity(at)}"></i>`)} ${quantity(most, 'count')} ${of} per cell</span
    >`,
    ...{ time, bands },
    yTicks: logarithmicTicks(fromMs[0]!, toMs),
    marks: paths.map(
      (path, at) => path !== '' && markup`<path class="heat" d="${path}" fill-opacity="${opacity(at)}" />`,
    ),
    columnText: (column) => columnInWords(counts, column, edge),
    numbers: {
      head: ['requests', 'fastest', 'slowest'],
      row: (column) => {
        const rows = rowsOf(counts, column);
        if (rows.length === 0) return ['0', '–', '–'];
        const total = rows.reduce((sum, row) => sum + counts[row]![column]!, 0);
        return [quantity(total, 'count'), `≥ ${edge(rows[0]!)}`, `< ${edge(rows.at(-1)! + 1)}`];
      },
    },
    shape: 'wide',
  });
}

function opacity(step: number): number {
  return round(0.12 + (0.88 * step) / (STEPS - 1));
}

function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}

function rowsOf(counts: Heatmap['counts'], column: number): number[] {
  return counts.flatMap((row, at) => (row[column]! > 0 ? [at] : []));
}

function columnInWords(counts: Heatmap['counts'], column: number, edge: (row: number) => string): string {
  const rows = rowsOf(counts, column);
  if (rows.length === 0) return 'none';
  const total = rows.reduce((sum, row) => sum + counts[row]![column]!, 0);
  return `${quantity(total, 'count')}, from ${edge(rows[0]!)} to ${edge(rows.at(-1)! + 1)}`;
}

function busiestRow(counts: Heatmap['counts']): number {
  const totals = counts.map((row) => row.reduce((sum, count) => sum + count, 0));
  return totals.indexOf(Math.max(...totals));
}

/** Two labels need this much of the height between them. */
const CLOSEST_TICKS = 0.07;

/**
 * Ticks at the foot and at 1, 10, 100 … ms, over less than three powers of ten also at 2 and 5 times these: rows are
 * equal parts of an octave, so the axis is logarithmic.
 */
function logarithmicTicks(fromMs: number, toMs: number): Tick[] {
  const height = Math.log(toMs / fromMs);
  const times = height < 3 * Math.LN10 ? [1, 2, 5] : [1];
  const ticks: Tick[] = [{ at: 0, label: roundQuantity(fromMs, 'ms') }];
  for (let power = Math.floor(Math.log10(fromMs)); 10 ** power <= toMs; power++) {
    for (const value of times.map((of) => of * 10 ** power)) {
      const at = Math.log(value / fromMs) / height;
      if (at - ticks.at(-1)!.at >= CLOSEST_TICKS && at <= 1) ticks.push({ at, label: roundQuantity(value, 'ms') });
    }
  }
  return ticks;
}
