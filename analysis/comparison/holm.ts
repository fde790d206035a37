/** Which hypotheses a family of tests rejects, and at which level each of its intervals has to be to say the same. */
export interface Holm {
  readonly rejected: readonly boolean[];
  readonly level: number;
}

/**
 * Holm's step-down procedure (S. Holm, Scandinavian Journal of Statistics 6 (1979) 65–70): the chance of even one false rejection
 * among all is at most `alpha`, however the tests depend on each other. Not Benjamini & Hochberg (1995), which bounds the share of
 * false ones among the rejected: a gate fails with the first.
 *
 * `level` is α/(m − r) of m tests with r rejected. A p-value is below it exactly where its test is rejected, so intervals of
 * confidence 1 − level leave out 0 exactly there.
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
