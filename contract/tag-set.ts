import type { Tags } from './series-counts.ts';

/** A tag set as one string, whatever its order: two sets have the same one only if they are the same. */
export function keyOfTags(tags: Tags): string {
  return JSON.stringify(Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
