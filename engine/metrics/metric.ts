import { SERIES_OF } from './series.ts';
import type { AnySeries } from './series.ts';
import type { Tags } from '../../contract/series-counts.ts';
import type { Contains, MetricType } from '../../catalogue/metrics.ts';

/** Called for every sample of a series; created once per series. */
export type SampleTap = (metric: Metric, tags: Tags) => (value: number) => void;

/** Maximum series per metric; further tag sets share one series tagged `other`. */
export const SERIES_CAP = 2_000;

/** Tags of the shared series. */
const OTHER: Tags = { other: 'other' };
const OTHER_KEY = keyOf(OTHER);

/** A tag set as a string, independent of order. */
function keyOf(tags: Tags): string {
  let key = '';
  for (const name of Object.keys(tags).sort()) key += `${name}\u0001${tags[name]!}\u0002`;
  return key;
}

/** A metric and its series by tag set. */
export class Metric {
  readonly name: string;
  readonly type: MetricType;
  readonly contains: Contains;
  readonly series: AnySeries[] = [];
  readonly #byTags = new Map<string, AnySeries>();
  readonly #warn: (line: string) => void;
  #tap: SampleTap | undefined;

  constructor(name: string, type: MetricType, contains: Contains, warn: (line: string) => void) {
    this.name = name;
    this.type = type;
    this.contains = contains;
    this.#warn = warn;
  }

  /** Subscribes to samples of series created from now on. Without subscribers, samples cost nothing extra. */
  subscribe(tap: SampleTap): void {
    const before = this.#tap;
    this.#tap =
      before === undefined
        ? tap
        : (metric, tags) => {
            const [first, second] = [before(metric, tags), tap(metric, tags)];
            return (value) => {
              first(value);
              second(value);
            };
          };
  }

  /** The series of a tag set, created on first use. */
  seriesFor(tags: Tags): AnySeries {
    const key = keyOf(tags);
    const known = this.#byTags.get(key);
    if (known !== undefined) return known;
    if (this.series.length >= SERIES_CAP) return this.#overflow();
    const made = this.#make(tags);
    this.#byTags.set(key, made);
    this.series.push(made);
    return made;
  }

  #make(tags: Tags): AnySeries {
    const made = new SERIES_OF[this.type](tags);
    if (this.#tap !== undefined) {
      const emit = this.#tap(this, tags);
      const add = made.add.bind(made);
      made.add = (value) => {
        add(value);
        emit(value);
      };
    }
    return made;
  }

  #overflow(): AnySeries {
    const other = this.#byTags.get(OTHER_KEY);
    // The key is not stored: memory must stay bounded, however many tag sets come.
    if (other !== undefined) return other;
    this.#warn(
      `metric ${this.name} has more than ${SERIES_CAP} tag sets, mostly because of its tag "${this.#widestTag()}"; ` +
        `further ones are counted together as "other" (give the request a name tag, keep ids out of tags)`,
    );
    const made = this.#make(OTHER);
    this.#byTags.set(OTHER_KEY, made);
    this.series.push(made);
    return made;
  }

  /** The tag with the most different values. */
  #widestTag(): string {
    const values = new Map<string, Set<string>>();
    for (const { tags } of this.series) {
      for (const [name, value] of Object.entries(tags)) {
        const seen = values.get(name) ?? new Set();
        values.set(name, seen.add(value));
      }
    }
    return [...values].sort((a, b) => b[1].size - a[1].size)[0]?.[0] ?? '';
  }
}
