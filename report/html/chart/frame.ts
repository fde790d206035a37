import type { TimeAxis, TimeBand } from '../../model/trend-summary.ts';
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

/** A named part of the horizontal axis, from 0 to 1. */
export interface FrameBand {
  readonly name: string;
  readonly kind: TimeBand['kind'];
  readonly from: number;
  readonly to: number;
}

/** A limit, all along the horizontal axis or along a part of it, from 0 to 1. */
export interface FrameLimit {
  readonly at: number;
  readonly from?: number;
  readonly to?: number;
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
  /** What the horizontal axis shows; absent: its ticks say it. */
  readonly xName?: string;
  /** Named parts of the horizontal axis: shaded, with their names above the drawing, where they cover nothing. */
  readonly bands?: readonly FrameBand[];
  /** Where limits lie, as dashed lines; the legend names them. */
  readonly limits?: readonly FrameLimit[];
  /** Width of the drawing in its own units. */
  readonly width: number;
  /** SVG, `width` wide and HEIGHT high, the origin at the top. */
  readonly marks: Content;
  /** HTML over the drawing, which does not stretch with it. */
  readonly over?: Content;
  /** Class of the figure; absent: none. */
  readonly shape?: string;
  /** What follows the drawing. */
  readonly below?: Content;
}

/** A drawing that stretches, and labels beside it that do not: legible at 320 pixels and on a wall. */
export function chartFigure(chart: ChartFrame): Markup {
  const { id, title, description, legend, xTicks, yTicks, width, marks, shape, below } = chart;
  const { xName, bands = [], limits = [], over } = chart;
  return markup`<figure${shape !== undefined && markup` class="${shape}"`}>
    <figcaption>
      ${title}
      <div class="legend" aria-hidden="true">${legend}${bandLegend(bands)}</div>
    </figcaption>
    <div class="frame">
      ${bandNames(bands)}
      <div class="y" aria-hidden="true">
        ${yTicks.map(({ at, label }) => markup`<span style="bottom:${percent(at)}">${label}</span>`)}
      </div>
      <div class="plot">
        <svg viewBox="0 0 ${width} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-labelledby="${id}-t ${id}-d">
          <title id="${id}-t">${title}</title>
          <desc id="${id}-d">${description}</desc>
          ${bands.map((band, at) => bandMark(band, at, width))}${yTicks.map(({ at }) => gridLine(HEIGHT * (1 - at), width))}${marks}
          ${limits.map(({ at, from, to }) => horizontal('limit', HEIGHT * (1 - at), width, from, to))}
        </svg>${over}
      </div>
      <div class="x" aria-hidden="true">
        ${xTicks.map(({ at, label }) => markup`<span${at < 0.02 && markup` class="start"`} style="left:${percent(at)}">${label}</span>`)}
      </div>
      ${xName !== undefined && markup`<div class="axis" aria-hidden="true">${xName}</div>`}
    </div>
    ${below}
  </figure>`;
}

/** How many characters a narrow, a middling and a wide chart have room for beside each other (style.ts: `.bands`). */
const ROOM = { s: 38, m: 64, l: 150 } as const;
type Size = keyof typeof ROOM;
const SIZES = Object.keys(ROOM) as readonly Size[];

/** Rows of names at most: faults are all named, of many levels only those that have room beside each other. */
const MOST_ROWS = { fault: 8, few: 3, many: 1 } as const;
const FEW = 6;

/** The row of each name above the drawing, from the lowest: those that would cover each other lie above each other; null: no room. */
function rowsOf(bands: readonly FrameBand[], room: number): readonly (number | null)[] {
  const most = MOST_ROWS[bands.some(({ kind }) => kind === 'fault') ? 'fault' : bands.length <= FEW ? 'few' : 'many'];
  const ends: number[] = [];
  return bands.map(({ name, from }) => {
    const start = Math.max(0, Math.min(from * room, room - name.length - 2));
    const free = ends.findIndex((end) => end <= start);
    const row = free < 0 ? ends.length : free;
    if (row >= most) return null;
    ends[row] = start + name.length + 2;
    return row;
  });
}

/** The names of the bands, never cut: each size of chart has rows enough for those that do not fit beside each other. */
function bandNames(all: readonly FrameBand[]): Markup | false {
  const bands = all.filter(({ name, kind }) => kind !== 'over' && name !== '');
  if (bands.length === 0) return false;
  const rows = Object.fromEntries(SIZES.map((size) => [size, rowsOf(bands, ROOM[size])])) as Record<
    Size,
    readonly (number | null)[]
  >;
  const heights = SIZES.map((size) => `--${size}:${1 + Math.max(...rows[size].map((row) => row ?? 0))}`).join(';');
  return markup`<div class="bands" aria-hidden="true" style="${heights}">
    ${bands.map(({ kind, from }) => markup`<i class="${kind}" style="left:${percent(from)}"></i>`)}
    ${bands.map(({ name, kind, from }, at) => {
      const hidden = SIZES.filter((size) => rows[size][at] === null).map((size) => ` no-${size}`);
      const row = SIZES.map((size) => `--${size}:${rows[size][at] ?? 0}`).join(';');
      return markup`<span class="${kind}${hidden}" style="left:min(${percent(from)},calc(100% - ${name.length + 1}ch));${row}">${name}</span>`;
    })}
  </div>`;
}

const HOLE = 'nothing was recorded';

/** What shades mean that have no name of their own. */
function bandLegend(bands: readonly FrameBand[]): Content {
  return [
    bands.some(({ kind }) => kind === 'fault') && markup`<span><i class="key fault"></i>fault</span>`,
    bands.some(({ kind }) => kind === 'hole') && markup`<span><i class="key hole"></i>${HOLE}</span>`,
    bands.some(({ kind }) => kind === 'over') && markup`<span><i class="key over"></i>when it was over (95 %)</span>`,
  ];
}

/** Faults, their ends and holes are shaded; of parts every second one is, so that both ends of each are seen. */
function bandMark({ kind, from, to }: FrameBand, at: number, width: number): Markup | false {
  return (
    (kind !== 'part' || at % 2 === 1) &&
    markup`<rect class="band ${kind}" x="${short(from * width)}" width="${short((to - from) * width)}" height="${HEIGHT}" />`
  );
}

/** A chart over time: its frame is as wide as the time has columns. */
interface TimeChart extends Omit<ChartFrame, 'xTicks' | 'xName' | 'width' | 'below' | 'bands'> {
  readonly time: TimeAxis;
  readonly bands?: readonly TimeBand[];
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
  if (startedAt !== undefined) return clockTime(startedAt + column * widthMs, widthMs % 60_000 !== 0);
  return column === 0 ? '0 s' : lengthOfTime(column * widthMs);
}

/** A chart over time, with the numbers as a table. It needs no script: tooltips of the columns are SVG titles. */
export function timeChart({ time, columnText, numbers, bands = [], ...chart }: TimeChart): Markup {
  const { title } = chart;
  const length = time.columns * time.widthMs;
  const columns = Array.from({ length: time.columns }, (_, at) => at);
  return chartFigure({
    ...chart,
    description: [chart.description, ...(bands.length === 0 ? [] : [bandsInWords(bands, time)])].join(' '),
    width: time.columns,
    xName: time.startedAt === undefined ? 'since the start of the run' : 'time of the day, UTC',
    bands: bands.map(({ name, kind, fromMs, toMs }) => ({
      ...{ name, kind, from: Math.min(1, fromMs / length), to: Math.min(1, toMs / length) },
    })),
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

/** At most this many are described. */
const MOST_IN_WORDS = 20;

function bandsInWords(bands: readonly TimeBand[], { startedAt }: TimeAxis): string {
  const at = (ms: number): string => (startedAt === undefined ? lengthOfTime(ms) : clockTime(startedAt + ms, true));
  const named = bands
    .slice(0, MOST_IN_WORDS)
    .map(
      ({ name, kind, fromMs, toMs }) =>
        `${kind === 'hole' ? HOLE : name}${kind === 'over' ? ' over (95 %)' : ''} from ${at(fromMs)} to ${at(toMs)}`,
    );
  const more = bands.length - named.length;
  return `Marked: ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`;
}

function gridLine(y: number, width: number): Markup {
  return horizontal('grid', y, width);
}

function horizontal(kind: 'grid' | 'limit', y: number, width: number, from = 0, to = 1): Markup {
  return markup`<line class="${kind}" x1="${short(from * width)}" x2="${short(to * width)}" y1="${short(y)}" y2="${short(y)}" />`;
}

function percent(share: number): string {
  return `${short(share * 100)}%`;
}

/** Rounds a coordinate. */
export function short(value: number): number {
  return Math.round(value * 100) / 100;
}
