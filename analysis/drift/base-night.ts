import { SCALES } from './scales.ts';
import type { DriftInput, Point, Series } from './series.ts';

const DAY = 86_400;

/** Second of the day of a time of a run. */
const ofDay = (startedAt: number, t: number): number => (((startedAt / 1000 + t) % DAY) + DAY) % DAY;

/** The distance of two times of the day. */
const apart = (a: number, b: number): number => Math.min(Math.abs(a - b), DAY - Math.abs(a - b));

/** The value of the base at a time of the day, on the series' scale: of the point nearest to it, within `reach` seconds. */
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
 * Tonight less another night, by hour of the day and on each series' scale: what both nights have, as the hour of the day, is gone. So
 * is a drift that begins anew each night, as a leak does in a target that is restarted: a base is for a target that was not. Series
 * that the base has not are left out; so are times of the day that it has not.
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
