import type { TimeAxis } from '../../model/trend-summary.ts';
import { clockTime, lengthOfTime } from '../../quantity.ts';
import { markup } from '../markup.ts';
import type { Content, Markup } from '../markup.ts';
import { details, table } from '../table.ts';
import { timeTicks } from './time-ticks.ts';

/** Height of the drawing in its own units; it is stretched to the available space. */
export const HEIGHT = 100;

/** A tick of an axis: `at` from 0 (bottom, left) to 1. */
export interface Tick {
  readonly at: number;
  readonly label: string;
}

/** What every chart consists of. */
export interface ChartFrame {
  /** Unique on the page. */
  readonly id: string;
  readonly title: string;
  /** Description for readers who do not see the chart. */
  readonly description: string;
  readonly legend: Content;
  readonly xTicks: readonly Tick[];
  readonly yTicks: readonly Tick[];
  /** Width of the drawing in its own units. */
  readonly width: number;
  /** SVG, `width` wide and HEIGHT high, the origin at the top. */
  readonly marks: Content;
  /** Class of the figure; absent: none. */
  readonly shape?: string;
  /** What follows the drawing. */
  readonly below?: Content;
}

/** A drawing that stretches, and labels beside it that do not: legible at 320 pixels and on a wall. */
export function chartFigure(chart: ChartFrame): Markup {
  const { id, title, description, legend, xTicks, yTicks, width, marks, shape, below } = chart;
  return markup`<figure${shape !== undefined && markup` class="${shape}"`}>
    <figcaption>
      ${title}
      <div class="legend" aria-hidden="true">${legend}</div>
    </figcaption>
    <div class="frame">
      <div class="y" aria-hidden="true">
        ${yTicks.map(({ at, label }) => markup`<span style="bottom:${percent(at)}">${label}</span>`)}
      </div>
      <div class="plot">
        <svg viewBox="0 0 ${width} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-labelledby="${id}-t ${id}-d">
          <title id="${id}-t">${title}</title>
          <desc id="${id}-d">${description}</desc>
          ${yTicks.map(({ at }) => gridLine(HEIGHT * (1 - at), width))}${marks}
        </svg>
      </div>
      <div class="x" aria-hidden="true">
        ${xTicks.map(({ at, label }) => markup`<span style="left:${percent(at)}">${label}</span>`)}
      </div>
    </div>
    ${below}
  </figure>`;
}

/** A chart over time: its frame is as wide as the time has columns. */
interface TimeChart extends Omit<ChartFrame, 'xTicks' | 'width' | 'below'> {
  readonly time: TimeAxis;
  /** Text of a column: its tooltip. */
  readonly columnText: (column: number) => string;
  readonly numbers: { readonly head: readonly string[]; readonly row: (column: number) => readonly string[] };
  readonly shape: 'plain' | 'wide';
}

/** Whether there is a development over time to show; a single column is a total, which tables show. */
export function hasCourse({ columns }: TimeAxis): boolean {
  return columns > 1;
}

/** Start of a column as a time since the start of the run, or of the day (UTC). */
export function columnTime({ widthMs, startedAt }: TimeAxis, column: number): string {
  if (startedAt !== undefined) return clockTime(startedAt + column * widthMs);
  return column === 0 ? '0 s' : lengthOfTime(column * widthMs);
}

/** A chart over time, with the numbers as a table. It needs no script: tooltips of the columns are SVG titles. */
export function timeChart({ time, columnText, numbers, ...chart }: TimeChart): Markup {
  const { title } = chart;
  const length = time.columns * time.widthMs;
  const columns = Array.from({ length: time.columns }, (_, at) => at);
  return chartFigure({
    ...chart,
    width: time.columns,
    xTicks: timeTicks(length, time.startedAt).map(({ atMs, label }) => ({ at: atMs / length, label })),
    marks: markup`${chart.marks}
          ${columns.map(
            (column) =>
              markup`<rect class="hit" x="${column}" width="1" height="${HEIGHT}"><title>${columnTime(time, column)}: ${columnText(column)}</title></rect>`,
          )}`,
    below: details(
      markup`Numbers<span class="hear"> of ${title}</span>`,
      table({
        caption: `${title}, by time ${time.startedAt === undefined ? 'since the start of the run' : 'of the day, UTC'}`,
        columns: [{ head: 'From' }, ...numbers.head.map((head) => ({ head, number: true }))],
        rows: columns.map((column) => [columnTime(time, column), ...numbers.row(column)]),
      }),
    ),
  });
}

function gridLine(y: number, width: number): Markup {
  return markup`<line class="grid" x1="0" x2="${width}" y1="${short(y)}" y2="${short(y)}" />`;
}

function percent(share: number): string {
  return `${short(share * 100)}%`;
}

/** Rounds a coordinate. */
export function short(value: number): number {
  return Math.round(value * 100) / 100;
}
