import { SCALES } from './scales.ts';
import type { DriftInput, Point, Series } from './series.ts';

const DAY = 86_400;

/** Second of the day at a time of a run. */
const ofDay = (startedAt: number, t: number): number => (((startedAt / 1000 + t) % DAY) + DAY) % DAY;

/** Distance between two times of the day. */
const apart = (a: number, b: number): number => Math.min(Math.abs(a - b), DAY - Math.abs(a - b));

/** Looks up the base's value at a time of the day, on the series' scale: the nearest point within `reach` seconds. */
function baseAt(base: Series, startedAt: number, reach: number): (second: number) => number | undefined {
  const { to } = SCALES[base.scale];
  const known = base.points.map((point) => ({ second: ofDay(startedAt, point.t), value: to(point) }));
  const byBucket = new Map<number, typeof known>();
  for (const one of known) {
    const key = Math.floor(one.second / reach);
    byBucket.set(key, [...(byBucket.get(key) ?? []), one]);
  }
  const last = Math.floor((DAY - 1) / reach);
  return (second) => {
    const key = Math.floor(second / reach);
    const near = [key - 1, key, key + 1, ...(key === 0 ? [last] : []), ...(key === last ? [0] : [])]
      .flatMap((at) => byBucket.get(at) ?? [])
      .filter((one) => apart(one.second, second) <= reach)
      .sort((a, b) => apart(a.second, second) - apart(b.second, second));
    return near[0]?.value;
  };
}

/**
 * Tonight minus another night, by time of day and on each series' scale, which removes what both nights have in common,
 * such as effects of the time of day. It also removes a drift that restarts each night, such as a leak in a target that
 * is restarted: a base only makes sense for a target that was not. Series and times missing in the base are left out.
 */
export function againstBase(tonight: DriftInput, base: DriftInput): DriftInput {
  const series = tonight.series.flatMap((one): Series[] => {
    const other = base.series.find(({ name, scale }) => name === one.name && scale === one.scale);
    if (other === undefined) return [];
    const gap = one.points.length > 1 ? (one.points.at(-1)!.t - one.points[0]!.t) / (one.points.length - 1) : 60;
    const at = baseAt(other, base.startedAt, Math.max(1, gap));
    const points = one.points.flatMap((point): Point[] => {
      const value = at(ofDay(tonight.startedAt, point.t));
      return value === undefined ? [] : [{ ...point, base: value }];
    });
    return [{ ...one, points }];
  });
  return { ...tonight, series };
}
