import type { DriftSettings, Point, Scale } from './series.ts';

/** A scale: the transformation, and what a slope on it means in the series' own unit. */
interface ScaleOf {
  readonly to: (point: Point) => number;
  /** A difference on the scale about `middle` as a relative change, points (0.01: one percentage point), or units. */
  readonly change: (difference: number, middle: number) => number;
  /** The difference on the scale that matters over the horizon. */
  readonly limit: (settings: DriftSettings, middle: number) => number;
}

const arcsine = (share: number): number => Math.asin(Math.sqrt(Math.min(1, Math.max(0, share))));
const share = (angle: number): number => Math.sin(Math.min(Math.PI / 2, Math.max(0, angle))) ** 2;

/**
 * On ln a constant percentage per day is a line. asin√((k + ⅜)/(n + ¾)) gives shares the same variance, 1/(4n + 2), at
 * any value, even near 0 (F. J. Anscombe, Biometrika 35 (1948) 246–254, https://doi.org/10.1093/biomet/35.3-4.246).
 */
export const SCALES: Record<Scale, ScaleOf> = {
  ln: {
    to: ({ y }) => Math.log(y),
    change: (difference) => Math.expm1(difference),
    limit: ({ limit }) => Math.log1p(limit),
  },
  arcsine: {
    to: ({ y, of }) => arcsine(of === undefined ? y : (y * of + 0.375) / (of + 0.75)),
    change: (difference, middle) => share(middle + difference / 2) - share(middle - difference / 2),
    limit: ({ limitPoints }, middle) => arcsine(share(middle) + limitPoints) - middle,
  },
  points: {
    to: ({ y }) => y,
    change: (difference) => difference,
    limit: ({ limitPoints }) => limitPoints,
  },
  linear: {
    to: ({ y }) => y,
    change: (difference) => difference,
    limit: ({ limit }, middle) => limit * Math.abs(middle),
  },
};
