import { scaleLinear } from 'd3-scale';
import type { Limit } from '../../model/limits.ts';
import type { TimeAxis, TimeBand } from '../../model/trend-summary.ts';
import { NOTHING, quantity, roundQuantity } from '../../quantity.ts';
import type { Unit } from '../../quantity.ts';
import { markup } from '../markup.ts';
import type { Markup } from '../markup.ts';
import { HEIGHT, columnTime, hasCourse, short, timeChart } from './frame.ts';
import type { FrameLimit } from './frame.ts';

/** Style of a line: a colour and a pattern, since colour alone is not accessible. */
type LineStyle = 'p50' | 'p95' | 'p99' | 'bad' | 'plan';

const PATTERNS: Readonly<Record<LineStyle, string>> = {
  p50: 's-p50',
  p95: 's-p95',
  p99: 's-p99 dots',
  bad: 's-bad',
  plan: 's-plan dash',
};

/** One line: a value by column, null where there is none; `smooth`: not of intervals, so from middle to middle. */
export interface ChartLine {
  readonly name: string;
  readonly style: LineStyle;
  readonly values: readonly (number | null)[];
  readonly smooth?: boolean;
}

/** Lines over time; the axis starts at zero, unless it is `fitted`. */
interface LineChart {
  readonly id: string;
  readonly title: string;
  readonly unit: Unit;
  readonly time: TimeAxis;
  readonly lines: readonly ChartLine[];
  readonly bands?: readonly TimeBand[];
  /** Limits on what is shown, in its unit. */
  readonly limits?: readonly Limit[];
  /** Use the width of the page. */
  readonly wide?: boolean;
  /** The axis starts near the smallest value where all are far from zero: a change is what is looked for. */
  readonly fitted?: boolean;
}

/** From half of the largest value on, values are far from zero; the axis then has a quarter of it at least. */
const FAR = 0.5;
const LEAST_SPAN = 0.25;

/** Where a fitted axis starts. */
function bottomOf(lines: readonly ChartLine[], largest: number): number {
  const least = Math.min(...lines.flatMap(({ values }) => values.map((value) => value ?? Infinity)));
  return least > FAR * largest ? Math.min(least, (1 - LEAST_SPAN) * largest) : 0;
}

/** A limit this many times above the largest value is only named: drawn to scale, it would flatten the lines. */
const FURTHEST_LIMIT = 3;

/**
 * A line in steps: a value lasts as long as its interval, so that nothing is drawn before it happened. `smooth`: from
 * the middle of each column to that of the next.
 */
function pathOf({ values, smooth = false }: ChartLine, place: (value: number) => number): string {
  let path = '';
  values.forEach((value, column) => {
    if (value === null) return;
    const begins = column === 0 || values[column - 1] === null;
    const y = short(place(value));
    if (smooth) path += `${begins ? 'M' : 'L'}${column + 0.5} ${y}`;
    else path += `${begins ? `M${column} ${y}` : `V${y}`}H${column + 1}`;
  });
  return path;
}

/** A line chart; empty if there is only one column, no value, or nothing but zero errors. */
export function lineChart(chart: LineChart): Markup {
  const { id, title, unit, time, lines: given, bands = [], limits = [], wide = false, fitted = false } = chart;
  const lines = given.filter(({ values }) => values.some((value) => value !== null));
  const largest = Math.max(0, ...lines.flatMap(({ values }) => values.map((value) => value ?? 0)));
  if (!hasCourse(time) || lines.length === 0 || (largest === 0 && lines.every(({ style }) => style === 'bad')))
    return markup``;
  const near = limits.filter(({ value }) => value <= FURTHEST_LIMIT * largest);
  const most = Math.max(largest, ...near.map(({ value }) => 1.05 * value));
  // Ticks for bytes are round in the binary unit they are shown in.
  const step = unit === 'bytes' ? 1_024 ** Math.floor(Math.log(Math.max(1, most)) / Math.log(1_024)) : 1;
  const bottom = fitted ? bottomOf(lines, largest) / step : 0;
  const scale = scaleLinear([bottom, most === 0 ? 1 : most / step], [HEIGHT, 0]).nice(4);
  const place = (value: number): number => scale(value / step);
  const shown = (column: number): string[] =>
    lines.map(({ values }) => (values[column] === null ? NOTHING : quantity(values[column] ?? null, unit)));
  return timeChart({
    id,
    title,
    description: [
      ...lines.map((one) => inWords(one, unit, time)),
      ...limits.map((limit) => limitInWords(limit, unit)),
    ].join(' '),
    legend: [
      ...lines.map(
        ({ name, style }) =>
          markup`<span
          ><svg viewBox="0 0 26 10"><path class="${PATTERNS[style]}" d="M1 5H25" stroke-width="2.5" /></svg
          >${name}</span
        >`,
      ),
      ...limits.map((limit) => limitLegend(limit, unit, !near.includes(limit))),
    ],
    time,
    yTicks: scale
      .ticks(4)
      .map((value) => ({ at: 1 - scale(value) / HEIGHT, label: roundQuantity(value * step, unit) })),
    bands,
    limits: near.flatMap((limit) =>
      alongOf(limit, bands, time).map((part) => ({ at: 1 - place(limit.value) / HEIGHT, ...part })),
    ),
    marks: lines.map((one) => markup`<path class="${PATTERNS[one.style]}" d="${pathOf(one, place)}" />`),
    columnText: (column) => lines.map(({ name }, at) => `${name} ${shown(column)[at]!}`).join(', '),
    shape: wide ? 'wide' : 'plain',
    numbers: { head: lines.map(({ name }) => name), row: shown },
  });
}

/** Along which parts of the axis a limit holds; all of it where these have no single time. */
function alongOf(
  { phases }: Limit,
  bands: readonly TimeBand[],
  { columns, widthMs }: TimeAxis,
): readonly Pick<FrameLimit, 'from' | 'to'>[] {
  const along = (ms: number): number => Math.min(1, ms / (columns * widthMs));
  const parts = bands.filter(({ name, kind }) => kind === 'part' && phases?.includes(name) === true);
  return parts.length === 0 ? [{}] : parts.map(({ fromMs, toMs }) => ({ from: along(fromMs), to: along(toMs) }));
}

/** A limit in a legend; `beyond`: it lies above the axis. */
export function limitLegend({ name, value }: Limit, unit: Unit, beyond = false): Markup {
  return markup`<span
    ><svg viewBox="0 0 26 10"><path class="limit" d="M1 5H25" /></svg>${name}: ${roundQuantity(value, unit)}${beyond && ', above the axis'}</span
  >`;
}

function limitInWords({ name, value }: Limit, unit: Unit): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}: ${roundQuantity(value, unit)}.`;
}

/** Text alternative of a line: its range, and when it was highest. */
function inWords({ name, values }: ChartLine, unit: Unit, time: TimeAxis): string {
  let least = Infinity;
  let most = -Infinity;
  let when = 0;
  values.forEach((value, column) => {
    if (value === null) return;
    least = Math.min(least, value);
    if (value > most) {
      most = value;
      when = column;
    }
  });
  return `${name}: between ${quantity(least, unit)} and ${quantity(most, unit)}, highest after ${columnTime(time, when)}.`;
}
