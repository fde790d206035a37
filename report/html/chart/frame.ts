import type { TimeAxis } from '../../model/trend-summary.ts';
import { clockTime, lengthOfTime } from '../../quantity.ts';
import { markup } from '../markup.ts';
import type { Content, Markup } from '../markup.ts';
import { details, table } from '../table.ts';
import { timeTicks } from './time-ticks.ts';

/** Height of the drawing in its own units; it is stretched to the available space. */
export const HEIGHT = 100;

/** A tick of the vertical axis: `at` from 0 (bottom) to 1 (top). */
export interface ValueTick {
  readonly at: number;
  readonly label: string;
}

/** The parts of a chart over time. */
interface ChartParts {
  /** Unique on the page. */
  readonly id: string;
  readonly title: string;
  /** Text alternative. */
  readonly description: string;
  readonly legend: Content;
  readonly time: TimeAxis;
  readonly valueTicks: readonly ValueTick[];
  /** SVG, `time.columns` wide and HEIGHT high, the origin at the top. */
  readonly marks: Content;
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

/**
 * A chart over time: a drawing that stretches, labels beside it that do not (legible at 320 pixels and on a wall), and
 * the numbers as a table. It needs no script: tooltips of the columns are SVG titles.
 */
export function timeChart(parts: ChartParts): Markup {
  const { id, title, description, legend, time, valueTicks, marks, columnText, numbers, shape } = parts;
  const length = time.columns * time.widthMs;
  const columns = Array.from({ length: time.columns }, (_, at) => at);
  return markup`<figure class="${shape}">
    <figcaption>
      ${title}
      <div class="legend" aria-hidden="true">${legend}</div>
    </figcaption>
    <div class="frame">
      <div class="y" aria-hidden="true">
        ${valueTicks.map(({ at, label }) => markup`<span style="bottom:${percent(at)}">${label}</span>`)}
      </div>
      <div class="plot">
        <svg
          viewBox="0 0 ${time.columns} ${HEIGHT}"
          preserveAspectRatio="none"
          role="img"
          aria-labelledby="${id}-t ${id}-d"
        >
          <title id="${id}-t">${title}</title>
          <desc id="${id}-d">${description}</desc>
          ${valueTicks.map(({ at }) => gridLine(HEIGHT * (1 - at), time.columns))}${marks}
          ${columns.map(
            (column) =>
              markup`<rect class="hit" x="${column}" width="1" height="${HEIGHT}"><title>${columnTime(time, column)}: ${columnText(column)}</title></rect>`,
          )}
        </svg>
      </div>
      <div class="x" aria-hidden="true">
        ${timeTicks(length, time.startedAt).map(
          ({ atMs, label }) => markup`<span style="left:${percent(atMs / length)}">${label}</span>`,
        )}
      </div>
    </div>
    ${details(
      markup`Numbers<span class="hear"> of ${title}</span>`,
      table({
        caption: `${title}, by time ${time.startedAt === undefined ? 'since the start of the run' : 'of the day, UTC'}`,
        columns: [{ head: 'From' }, ...numbers.head.map((head) => ({ head, number: true }))],
        rows: columns.map((column) => [columnTime(time, column), ...numbers.row(column)]),
      }),
    )}
  </figure>`;
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
