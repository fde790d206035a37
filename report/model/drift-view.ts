import type { Drift, SeriesDrift } from '../../analysis/drift/drift.ts';
import type { DriftInput, Series } from '../../analysis/drift/series.ts';
import { asideWords, changeWords, driftSentences, seriesSentence } from '../../analysis/drift/words.ts';
import { NOTHING } from '../quantity.ts';
import type { Unit } from '../quantity.ts';
import type { TimeAxis } from './trend-summary.ts';

/** The drift of a run, as it is shown. */
export interface DriftView {
  /** As data: what drift.json holds. */
  readonly verdict: Drift;
  /** The verdict first, then what drifts, then what has to be known beside it. */
  readonly sentences: readonly string[];
  /** Worst first, the load generator's own last. */
  readonly rows: readonly DriftRow[];
  /** Time of the charts: of the drift clock, if there is one. */
  readonly time: TimeAxis;
  readonly charts: readonly DriftChart[];
}

/** A series in words. */
export interface DriftRow {
  readonly name: string;
  readonly verdict: SeriesDrift['verdict'];
  readonly perHour: string;
  readonly interval: string;
  /** The smallest drift per hour that would have been found. */
  readonly smallest: string;
  readonly sentence: string;
  /** What the figures do not say: why it is not known, its shape, what repeats; mostly nothing. */
  readonly beside: string;
}

/** A series over time, with its trend. */
export interface DriftChart {
  readonly name: string;
  readonly unit: Unit;
  readonly verdict: SeriesDrift['verdict'];
  /** By column; null where there is no point. */
  readonly values: readonly (number | null)[];
  readonly trend: readonly (number | null)[];
}

/** Columns of a small chart. */
const COLUMNS = 60;
const HOUR_MS = 3_600_000;

/** Builds the view of a verdict and the series it was made of. */
export function driftView(verdict: Drift, input: DriftInput): DriftView {
  const lengthMs = input.seconds * 1_000;
  const time = { columns: COLUMNS, widthMs: lengthMs / COLUMNS, startedAt: input.startedAt };
  const ordered = [
    ...verdict.series.filter(({ kind }) => kind !== 'generator'),
    ...verdict.series.filter(({ kind }) => kind === 'generator'),
  ];
  const known = new Map(input.series.map((series) => [series.name, series]));
  return {
    verdict,
    sentences: driftSentences(verdict),
    rows: ordered.map((series) => rowOf(verdict, series)),
    time,
    charts: ordered.flatMap((series) => {
      const points = known.get(series.name);
      return points === undefined || points.points.length < 2 ? [] : [chartOf(series, points, time)];
    }),
  };
}

function rowOf(drift: Drift, series: SeriesDrift): DriftRow {
  const { name, verdict, perHour, low, high, smallest } = series;
  const change = (value: number | null): string => (value === null ? NOTHING : changeWords(series, value));
  return {
    ...{ name, verdict, perHour: change(perHour), smallest: change(smallest) },
    interval: low === null ? NOTHING : `${change(low)} to ${change(high)}`,
    sentence: seriesSentence(drift, series),
    beside: asideWords(drift, series),
  };
}

function chartOf(series: SeriesDrift, { points }: Series, { columns, widthMs }: TimeAxis): DriftChart {
  const bins = Array.from({ length: columns }, () => ({ sum: 0, count: 0 }));
  for (const { t, y } of points) {
    const bin = bins[Math.floor((t * 1_000) / widthMs)];
    if (bin === undefined || !Number.isFinite(y)) continue;
    bin.sum += y;
    bin.count += 1;
  }
  return {
    ...{ name: series.name, unit: unitOf(series), verdict: series.verdict },
    values: bins.map(({ sum, count }) => (count === 0 ? null : sum / count)),
    trend: bins.map((_, column) =>
      trendAt(series, ((column + 0.5) * widthMs) / HOUR_MS, (columns * widthMs) / HOUR_MS),
    ),
  };
}

/** The trend at an hour of the run, through the middle of what was looked at; null before it, and where there is no trend. */
function trendAt(
  { level, perHour, scale, skippedHours, shape }: SeriesDrift,
  hours: number,
  length: number,
): number | null {
  if (level === null || perHour === null || hours < skippedHours) return null;
  if (shape !== null && shape.kind !== 'line') return null;
  const since = hours - (skippedHours + length) / 2;
  return scale === 'ln' ? level * (1 + perHour) ** since : level + perHour * since;
}

function unitOf({ name, kind }: SeriesDrift): Unit {
  if (name.includes('_bytes')) return 'bytes';
  if (kind === 'latency' || /^p\d+\(generator_/.test(name)) return 'ms';
  return kind === 'share' ? 'share' : 'plain';
}
