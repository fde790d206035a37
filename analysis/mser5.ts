import { meanOf } from './autoregression.ts';
import type { Numbers } from './autoregression.ts';

/** Values that are averaged before the rule looks at them: the 5 of MSER-5. */
const BATCH = 5;
/** Batches that are left at least: of fewer the variance says nothing. */
const FEWEST_LEFT = 5;

/**
 * How many values at the beginning of a series are warm-up, by MSER-5: of all places to cut, the one that makes the standard error
 * of what is left smallest, argmin_d Σ_{i>d}(Y_i − Ȳ_d)²/(m − d)² over means Y of 5 values (K. P. White, "An effective truncation
 * heuristic for bias reduction in simulation output", Simulation 69 (1997) 323–334; the one of 44 methods that K. Hoad,
 * S. Robinson, R. Davies recommend, "Automating warm-up length estimation", J. Operational Research Society 61 (2010) 1389–1403,
 * https://warwick.ac.uk/fac/soc/wbs/projects/autosimoa/warmup/). Undefined: the cut lies in the second half, so the series has not settled.
 */
export function mser5(series: Numbers): number | undefined {
  const means = Array.from({ length: Math.floor(series.length / BATCH) }, (_, batch) =>
    meanOf(series.slice(batch * BATCH, (batch + 1) * BATCH)),
  );
  let best = { cut: 0, error: Infinity };
  for (let cut = 0; cut <= means.length - FEWEST_LEFT; cut++) {
    const left = means.slice(cut);
    const mean = meanOf(left);
    const error = left.reduce((sum, value) => sum + (value - mean) ** 2, 0) / left.length ** 2;
    if (error < best.error) best = { cut, error };
  }
  return best.cut > means.length / 2 ? undefined : best.cut * BATCH;
}
