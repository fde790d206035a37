import { markup } from '../markup.ts';
import type { Markup } from '../markup.ts';
import { HEIGHT, chartFigure, short } from './frame.ts';
import type { ChartFrame } from './frame.ts';

/** Width of the drawing in its own units; it is stretched to whatever room there is. */
const WIDTH = 1_000;

/** A point with its whisker; all in parts of the axes, from 0 (left, bottom) to 1. */
export interface ChartPoint {
  readonly x: number;
  readonly y: number;
  readonly low: number;
  readonly high: number;
  /** `p50`, `p95`, `bad`, `plan`: colour and shape of a series (style.ts). */
  readonly colour: string;
  /** What the pointer is told. */
  readonly text: string;
}

/** A line, in parts of the axes. */
interface ChartLine {
  readonly points: readonly (readonly [x: number, y: number])[];
  readonly colour: string;
  readonly dash?: true;
}

interface PointChart extends Omit<ChartFrame, 'width' | 'marks' | 'over' | 'below'> {
  /** From and to, in parts of the horizontal axis. */
  readonly band: readonly [number, number] | null;
  readonly lines: readonly ChartLine[];
  readonly points: readonly ChartPoint[];
}

const inside = (part: number): number => Math.min(1, Math.max(0, part));
const across = (x: number): number => short(WIDTH * inside(x));
const down = (y: number): number => short(HEIGHT * (1 - inside(y)));

/** Points with whiskers, lines and a band over a horizontal axis that is no time. The numbers stand in a table elsewhere. */
export function pointChart({ band, lines, points, ...chart }: PointChart): Markup {
  return chartFigure({
    ...chart,
    width: WIDTH,
    marks: markup`${band !== null && markup`<rect class="band" x="${across(band[0])}" width="${short(across(band[1]) - across(band[0]))}" y="0" height="${HEIGHT}" />`}
          ${lines.map(
            ({ points: path, colour, dash }) =>
              markup`<path class="s-${colour}${dash === true && ' dash'}" d="${path.map(([x, y], at) => `${at === 0 ? 'M' : 'L'}${across(x)} ${down(y)}`).join('')}" />`,
          )}
          ${points.map(
            ({ x, low, high, colour }) =>
              markup`<path class="s-${colour}" d="M${across(x)} ${down(low)}V${down(high)}" />`,
          )}`,
    over: points.map(
      ({ x, y, colour, text }) =>
        markup`<i class="point s-${colour}" style="left:${short(100 * inside(x))}%;bottom:${short(100 * inside(y))}%" title="${text}"></i>`,
    ),
  });
}
