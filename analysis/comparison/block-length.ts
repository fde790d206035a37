/**
 * Block length of a circular block bootstrap, chosen from the data: D. N. Politis, H. White, "Automatic block-length
 * selection for the dependent bootstrap", Econometric Reviews 23 (2004) 53–70, with the correction of A. Patton, D. N.
 * Politis, H. White, Econometric Reviews 28 (2009) 372–375.
 */

/** Autocovariance at a lag, divided by the length of the series as in the paper. */
function autocovariance(centred: Float64Array, lag: number): number {
  let sum = 0;
  for (let t = lag; t < centred.length; t++) sum += centred[t]! * centred[t - lag]!;
  return sum / centred.length;
}

/** Flat-top lag window: 1 up to 1/2, then linear down to 0 at 1. */
function flatTop(at: number): number {
  if (at <= 0.5) return 1;
  return at < 1 ? 2 * (1 - at) : 0;
}

/**
 * Block length of the paper for a series, in intervals, not rounded, from 1 to min(3√n, n/3). The bandwidth is twice
 * the smallest lag after which K_n = max(5, √log₁₀ n) successive autocorrelations are within ±2√(log₁₀ n / n). 1 for a
 * constant series.
 */
export function politisWhiteLength(series: Float64Array): number {
  const n = series.length;
  if (n < 3) return 1;
  const mean = series.reduce((sum, value) => sum + value, 0) / n;
  const centred = series.map((value) => value - mean);
  const variance = autocovariance(centred, 0);
  if (!(variance > 0)) return 1;
  const longest = Math.min(Math.ceil(3 * Math.sqrt(n)), n / 3);
  const inARow = Math.max(5, Math.ceil(Math.sqrt(Math.log10(n))));
  const most = Math.min(n - 1, Math.ceil(Math.sqrt(n)) + inARow);
  const limit = 2 * Math.sqrt(Math.log10(n) / n);
  const covariances = Array.from({ length: Math.min(n, 2 * most + 1) }, (_, lag) => autocovariance(centred, lag));

  let smallest: number | undefined;
  let lastLarge = 0;
  for (let lag = 1; lag <= most && lag < covariances.length; lag++) {
    if (Math.abs(covariances[lag]! / variance) >= limit) lastLarge = lag;
    else if (lag - lastLarge >= inARow) {
      smallest = lastLarge;
      break;
    }
  }
  const bandwidth = Math.min(2 * Math.max(1, smallest ?? lastLarge), covariances.length - 1);

  let g = 0;
  let spectrum = covariances[0]!;
  for (let lag = 1; lag <= bandwidth; lag++) {
    const weighted = flatTop(lag / bandwidth) * covariances[lag]!;
    g += 2 * lag * weighted;
    spectrum += 2 * weighted;
  }
  const d = (4 / 3) * spectrum ** 2;
  if (!(d > 0)) return 1;
  return Math.min(longest, Math.max(1, ((2 * g ** 2) / d) ** (1 / 3) * n ** (1 / 3)));
}
