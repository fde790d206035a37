import { differenceOfShares } from '../recovery/steady.ts';
import { normalP, criticalZ } from './normal.ts';
import type { Point, Series } from './series.ts';
import type { TrendTest } from './trend-test.ts';

/**
 * Shares of few events. If most bins have none, their arcsine hardly moves whatever the share does, and Sen's slope is
 * 0: a share that rose from 0 to 0.5 % in a night counted as steady at 60 flows a minute. So bins are joined until each
 * has some events; with too few events even for that, the last third of the run is compared with the first.
 */

/** Average events that a bin needs, and bins that must remain. */
const [EVENTS_A_BIN, BINS] = [5, 60];

const isShare = ({ scale }: Series): boolean => scale === 'arcsine';
const eventsOf = (points: readonly Point[]): number => points.reduce((sum, { y, of }) => sum + y * (of ?? 0), 0);
const trialsOf = (points: readonly Point[]): number => points.reduce((sum, { of }) => sum + (of ?? 0), 0);

/** Whether a share has too few events for bins; false if its number of samples is unknown. */
export const hasFewEvents = (series: Series, points: readonly Point[]): boolean =>
  isShare(series) && points.every(({ of }) => of !== undefined) && eventsOf(points) < EVENTS_A_BIN * BINS;

/** Joins neighbouring bins until they have five events on average. */
export function joined(series: Series, points: readonly Point[]): readonly Point[] {
  const events = eventsOf(points);
  const size = events > 0 && isShare(series) ? Math.ceil((EVENTS_A_BIN * points.length) / events) : 1;
  if (size === 1 || points.some(({ of }) => of === undefined)) return points;
  return Array.from({ length: Math.floor(points.length / size) }, (_, i): Point => {
    const part = points.slice(i * size, (i + 1) * size);
    const of = trialsOf(part);
    return { t: part.reduce((sum, { t }) => sum + t, 0) / size, y: of > 0 ? eventsOf(part) / of : NaN, of };
  });
}

/** Compares the last third with the first in place of the trend test: Newcombe's difference of shares, per hour. */
export function thirdsTest(points: readonly Point[]): TrendTest {
  const third = Math.floor(points.length / 3);
  const [first, last] = [points.slice(0, third), points.slice(-third)];
  const hours = ((points.at(-1)!.t - points[0]!.t) / 3600) * (2 / 3);
  const counts = (of: readonly Point[]) => ({ events: eventsOf(of), trials: Math.max(1, trialsOf(of)) });
  const { value, low, high } = differenceOfShares(counts(last), counts(first));
  // From the wider side, so that the resulting interval contains Newcombe's.
  const standardError = Math.max(value - low, high - value) / criticalZ(0.025) / hours;
  const slope = value / hours;
  const p = value === 0 ? 1 : normalP(Math.abs(slope) / standardError);
  const n = points.length;
  return {
    ...{ slope, p, pMannKendall: p, pGuard: p, standardError, degrees: 1e5, lagOne: 0 },
    ...{ variance: (standardError ** 2 * n * (1.5 * hours) ** 2) / 12, correction: 1, effective: n },
  };
}
