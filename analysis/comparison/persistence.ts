/**
 * How slowly a target changes, estimated from all metrics of a run together. In a single metric, noise hides it: an
 * autocorrelation of 0.1 that decays by a tenth per second triples a variance, and no test on 60 values detects it.
 * Thirty metrics do.
 *
 * The model: a metric's interval values are a level, whose pace of change all of the target shares (a first-order
 * autoregression), plus independent noise. The autocorrelation at lag k is s·ρᵏ, where the decay ρ belongs to the run,
 * and s, the share of the level, to the metric. That is the autocorrelation of an ARMA(1,1) process (Box & Jenkins,
 * "Time Series Analysis", 3.4.3) with ρ pooled over metrics. Sample autocorrelations of n values are biased downwards
 * by about the ratio of long-run to plain variance, divided by n (M. H. Quenouille, F. H. C. Marriott, J. Pope,
 * Biometrika 41 (1954)); this is corrected.
 */

/** Number of lags used. */
const LAGS = 6;
/** Upper limit of the decay: a half-life of 23 intervals. */
const SLOWEST = 0.97;
/** The bias depends on the estimate; this many iterations suffice. */
const ROUNDS = 4;

/** Autocorrelations at lags 0 to LAGS; undefined for a constant series. */
function autocorrelations(series: Float64Array): readonly number[] | undefined {
  const mean = series.reduce((sum, value) => sum + value, 0) / series.length;
  const sums = Array.from({ length: LAGS + 1 }, (_, lag) => {
    let sum = 0;
    for (let t = lag; t < series.length; t++) sum += (series[t]! - mean) * (series[t - lag]! - mean);
    return sum;
  });
  return sums[0]! > 0 ? sums.map((sum) => sum / sums[0]!) : undefined;
}

/** Ratio of long-run to plain variance in the model. */
const ratioOf = (part: number, decay: number): number => 1 + (2 * part * decay) / (1 - decay);

/** The share of the level that fits the measured autocorrelations best (least squares), from 0 to 1. */
function partOf(measured: readonly number[], decay: number, ratio: number, n: number): number {
  let products = 0;
  let squares = 0;
  for (let lag = 1; lag <= LAGS; lag++) {
    products += (measured[lag]! + ratio / n) * decay ** lag;
    squares += decay ** (2 * lag);
  }
  return squares > 0 ? Math.min(1, Math.max(0, products / squares)) : 0;
}

/** The decay ρ of a run, from its metrics' influence series, all of the same length; 0 without persistence. */
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

/** Long-run variance of a metric's influence series in the model, given the decay of its run. */
export function persistentVariance(series: Float64Array, decay: number): number {
  const n = series.length;
  const measured = autocorrelations(series);
  if (measured === undefined) return 0;
  const mean = series.reduce((sum, value) => sum + value, 0) / n;
  const variance = series.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n;
  let ratio = 1;
  for (let round = 0; round < ROUNDS; round++) ratio = ratioOf(partOf(measured, decay, ratio, n), decay);
  // The variance about the sample mean lacks that of the mean itself.
  return (variance * ratio) / (1 - Math.min(0.9, ratio / n));
}
