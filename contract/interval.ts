import type { SeriesCounts, SeriesTotal, Tags } from './series-counts.ts';
import type { Contains, MetricType } from '../catalogue/metrics.ts';

/** What a series is of. The object is the series: a reader gives the same one each time. */
export interface SeriesName {
  readonly metric: string;
  readonly type: MetricType;
  readonly contains: Contains;
  readonly tags: Tags;
}

/** A series that is named for the first time; later it goes by its number. */
export interface NamedSeries extends SeriesName {
  readonly number: number;
}

/** What was recorded in one interval, as it is written: series by number, named before or with it. */
export interface NumberedInterval {
  /** Which interval since the start of the run, from 0; it begins `index` × the interval's length after the start. */
  readonly index: number;
  readonly named: readonly NamedSeries[];
  readonly recorded: readonly (readonly [number: number, counts: SeriesCounts])[];
}

/** The same as it is read. Several may come for one interval: their sum is what was recorded in it. */
export interface Interval {
  readonly index: number;
  readonly recorded: readonly (readonly [series: SeriesName, counts: SeriesTotal])[];
}

/** An interval that is only added up: its counts as they are read, or as they are written. */
export interface AddedInterval {
  readonly index: number;
  readonly recorded: readonly (readonly [series: SeriesName, counts: SeriesTotal | SeriesCounts])[];
}
