import { markup } from '../markup.ts';
import type { Content, Markup } from '../markup.ts';
import { HEIGHT, short } from './frame.ts';

/** Width of the drawing in its own units; it is stretched to whatever room there is. */
const WIDTH = 1_000;

/** A point with its whisker; all in parts of the axes, from 0 (left, bottom) to 1. */
export interface ChartPoint {
  readonly x: number;
  readonly y: number;
  readonly low: number;
  readonly high: number;
  /** `p50`, `p95`, `bad`, `plan`: the colour of a series (style.ts). */
  readonly colour: string;
  /** What the pointer is told. */
  readonly text: string;
}

/** A tick of an axis: `at` from 0 to 1. */
interface Tick {
  readonly at: number;
  readonly label: string;
}

/** A line, in parts of the axes. */
interface ChartLine {
  readonly points: readonly (readonly [x: number, y: number])[];
  readonly colour: string;
  readonly dash?: true;
}

interface PointChart {
  /** Unique on the page. */
  readonly id: string;
  readonly title: string;
  /** What a reader who does not see it should know. */
  readonly description: string;
  readonly legend: Content;
  readonly xTicks: readonly Tick[];
  readonly yTicks: readonly Tick[];
  /** From and to, in parts of the horizontal axis. */
  readonly band: readonly [number, number] | null;
  readonly lines: readonly ChartLine[];
  readonly points: readonly ChartPoint[];
}

const inside = (part: number): number => Math.min(1, Math.max(0, part));
const across = (x: number): number => short(WIDTH * inside(x));
const down = (y: number): number => short(HEIGHT * (1 - inside(y)));
const percent = (share: number): string => `${short(share * 100)}%`;

/** Points with whiskers, lines and a band over a horizontal axis that is no time. The numbers stand in a table elsewhere. */
export function pointChart({
  id,
  title,
  description,
  legend,
  xTicks,
  yTicks,
  band,
  lines,
  points,
}: PointChart): Markup {
  return markup`<figure>
    <figcaption>
      ${title}
      <div class="legend" aria-hidden="true">${legend}</div>
    </figcaption>
    <div class="frame">
      <div class="y" aria-hidden="true">
        ${yTicks.map(({ at, label }) => markup`<span style="bottom:${percent(at)}">${label}</span>`)}
      </div>
      <div class="plot">
        <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-labelledby="${id}-t ${id}-d">
          <title id="${id}-t">${title}</title>
          <desc id="${id}-d">${description}</desc>
          ${yTicks.map(({ at }) => markup`<line class="grid" x1="0" x2="${WIDTH}" y1="${down(at)}" y2="${down(at)}" />`)}
          ${band !== null && markup`<rect class="band" x="${across(band[0])}" width="${short(across(band[1]) - across(band[0]))}" y="0" height="${HEIGHT}" />`}
          ${lines.map(
            ({ points: path, colour, dash }) =>
              markup`<path class="s-${colour}${dash === true && ' dash'}" d="${path.map(([x, y], at) => `${at === 0 ? 'M' : 'L'}${across(x)} ${down(y)}`).join('')}" />`,
          )}
          ${points.map(
            ({ x, y, low, high, colour, text }) =>
              markup`<g><title>${text}</title><path class="s-${colour}" d="M${across(x)} ${down(low)}V${down(high)}" /><path class="point s-${colour}" d="M${across(x)} ${down(y)}h0" /></g>`,
          )}
        </svg>
      </div>
      <div class="x" aria-hidden="true">
        ${xTicks.map(({ at, label }) => markup`<span style="left:${percent(at)}">${label}</span>`)}
      </div>
    </div>
  </figure>`;
}
