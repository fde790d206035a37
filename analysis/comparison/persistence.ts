/**
 * How slowly a target changes, seen in all metrics of a run together. In a single metric the scatter of few samples hides it: an
 * autocorrelation of 0.1 that decays by a tenth a second triples a variance, and no test on 60 values finds it. Thirty metrics do.
 *
 * The model: what each metric says of an interval is a level that all of the target shares the pace of (a first-order
 * autoregression), plus scatter that is new in each interval. Its autocorrelation at lag k is s·ρᵏ: ρ, the decay, is the run's; s,
 * the part of the level, is the metric's. That is the autocorrelation of an ARMA(1,1) process (Box & Jenkins, "Time Series
 * Analysis", 3.4.3), ρ pooled over the metrics. Measured autocorrelations of n values lie too low by about the ratio of long-run
 * to plain variance, divided by n (M. H. Quenouille, F. H. C. Marriott, J. Pope, Biometrika 41 (1954)); that is added back.
 */

/** Lags that are looked at. */
const LAGS = 6;
/** Slowest decay that is believed: half gone in 23 intervals. */
const SLOWEST = 0.97;
/** The bias depends on what is estimated; so many rounds settle it. */
const ROUNDS = 4;

/** Autocorrelations at lags 0 to LAGS; undefined for a series that does not vary. */
function autocorrelations(series: Float64Array): readonly number[] | undefined {
  const mean = series.reduce((sum, value) => sum + value, 0) / series.length;
  const sums = Array.from({ length: LAGS + 1 }, (_, lag) => {
    let sum = 0;
    for (let t = lag; t < series.length; t++) sum += (series[t]! - mean) * (series[t - lag]! - mean);
    return sum;
  });
  return sums[0]! > 0 ? sums.map((sum) => sum / sums[0]!) : undefined;
}

/** Ratio of long-run to plain variance by the model. */
const ratioOf = (part: number, decay: number): number => 1 + (2 * part * decay) / (1 - decay);

/** The part of the level that fits measured autocorrelations best (least squares), from 0 to 1. */
function partOf(measured: readonly number[], decay: number, ratio: number, n: number): number {
  let products = 0;
  let squares = 0;
  for (let lag = 1; lag <= LAGS; lag++) {
    products += (measured[lag]! + ratio / n) * decay ** lag;
    squares += decay ** (2 * lag);
  }
  return squares > 0 ? Math.min(1, Math.max(0, products / squares)) : 0;
}

/** The decay ρ of a run, from the influence series of its metrics, all of one length; 0 where nothing persists. */
export function decayOf(influences: readonly Float64Array[]): number {
  const known = influences.map(autocorrelations).filter((list) => list !== undefined);
  const n = influences[0]?.length ?? 0;
  if (known.length === 0 || n <= LAGS) return 0;
  const mean = Array.from(
    { length: LAGS + 1 },
    (_, lag) => known.reduce((sum, of) => sum + of[lag]!, 0) / known.length,
  );
  let decay = 0;
  let ratio = 1;
  for (let round = 0; round < ROUNDS; round++) {
    let products = 0;
    let squares = 0;
    for (let lag = 1; lag < LAGS; lag++) {
      const here = mean[lag]! + ratio / n;
      products += here * (mean[lag + 1]! + ratio / n);
      squares += here * here;
    }
    decay = squares > 0 ? Math.min(SLOWEST, Math.max(0, products / squares)) : 0;
    ratio = ratioOf(partOf(mean, decay, ratio, n), decay);
  }
  return decay;
}

/** Long-run variance of one metric's influence series by the model, with the decay of its run. */
export function persistentVariance(series: Float64Array, decay: number): number {
  const n = series.length;
  const measured = autocorrelations(series);
  if (measured === undefined) return 0;
  const mean = series.reduce((sum, value) => sum + value, 0) / n;
  const variance = series.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n;
  let ratio = 1;
  for (let round = 0; round < ROUNDS; round++) ratio = ratioOf(partOf(measured, decay, ratio, n), decay);
  // The variance about the series' own mean lacks that of the mean.
  return (variance * ratio) / (1 - Math.min(0.9, ratio / n));
}
