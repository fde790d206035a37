/** Which hypotheses are rejected, and the matching significance level of intervals. */
export interface Holm {
  readonly rejected: readonly boolean[];
  readonly level: number;
}

/**
 * Holm's step-down procedure (S. Holm, Scandinavian Journal of Statistics 6 (1979) 65–70): the probability of even one
 * false rejection is at most `alpha`, however the tests depend on each other. Not Benjamini & Hochberg (1995), which
 * bounds the share of false rejections: a gate fails on the first.
 *
 * `level` is α/(m − r) for m tests with r rejected. A test is rejected exactly if its p-value is below it, that is, if
 * its interval of confidence 1 − level excludes 0.
 */
export function holm(pValues: readonly number[], alpha: number): Holm {
  const order = pValues.map((_, at) => at).sort((a, b) => pValues[a]! - pValues[b]!);
  const rejected = pValues.map(() => false);
  let count = 0;
  for (const at of order) {
    if (!(pValues[at]! <= alpha / (pValues.length - count))) break;
    rejected[at] = true;
    count++;
  }
  return { rejected, level: alpha / Math.max(1, pValues.length - count) };
}
