import { normalQuantile } from './normal-quantile.ts';

/** A duration in milliseconds of think time, as written in a population file. */
export type Distribution =
  | { readonly distribution: 'fixed'; readonly ms: number }
  | { readonly distribution: 'uniform'; readonly minMs: number; readonly maxMs: number }
  | ({ readonly distribution: 'exponential'; readonly meanMs: number } & Cut)
  /** `sigma`: standard deviation of the logarithm. */
  | ({ readonly distribution: 'log-normal'; readonly medianMs: number; readonly sigma: number } & Cut)
  /** `counts[i]` observations from `edgesMs[i]` to `edgesMs[i + 1]`, spread evenly between them. */
  | { readonly distribution: 'histogram'; readonly edgesMs: readonly number[]; readonly counts: readonly number[] };

/** Truncates a distribution without natural bounds: values outside are redrawn, not clamped. */
interface Cut {
  readonly minMs?: number;
  readonly maxMs?: number;
}

/** A range of milliseconds, both ends included. */
export interface Range {
  readonly minMs: number;
  readonly maxMs: number;
}

/** The range in which a distribution has values. */
export function support(d: Distribution): Range {
  switch (d.distribution) {
    case 'fixed':
      return { minMs: d.ms, maxMs: d.ms };
    case 'uniform':
      return d;
    case 'histogram':
      return { minMs: d.edgesMs[0]!, maxMs: d.edgesMs.at(-1)! };
    default:
      return { minMs: d.minMs ?? 0, maxMs: d.maxMs ?? Infinity };
  }
}

/** Quantile of a distribution, ignoring its truncation. */
function quantile(d: Distribution, p: number): number {
  switch (d.distribution) {
    case 'fixed':
      return d.ms;
    case 'uniform':
      return d.minMs + p * (d.maxMs - d.minMs);
    case 'exponential':
      return -d.meanMs * Math.log(1 - p);
    case 'log-normal':
      return d.medianMs * Math.exp(d.sigma * normalQuantile(p));
    case 'histogram':
      return histogramQuantile(d, p);
  }
}

function histogramQuantile(
  { edgesMs, counts }: Extract<Distribution, { distribution: 'histogram' }>,
  p: number,
): number {
  let rest = p * counts.reduce((sum, count) => sum + count, 0);
  for (const [at, count] of counts.entries()) {
    if (count > 0 && rest <= count) return edgesMs[at]! + (rest / count) * (edgesMs[at + 1]! - edgesMs[at]!);
    rest -= count;
  }
  return edgesMs.at(-1)!;
}

/** Largest p whose quantile still passes; by bisection, since quantiles grow with p. */
function partWhere(passes: (value: number) => boolean, d: Distribution): number {
  if (passes(quantile(d, 1))) return 1;
  let [low, high] = [0, 1];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (passes(quantile(d, middle))) low = middle;
    else high = middle;
  }
  return low;
}

/** Cumulative probabilities at both ends of a range. */
interface Parts {
  readonly below: number;
  readonly upTo: number;
}

/** Cache: a population asks for the same few ranges of a distribution for every user. */
const found = new WeakMap<Distribution, Map<string, Parts>>();

function partsOf(d: Distribution, within: Range): Parts {
  const key = `${within.minMs} ${within.maxMs}`;
  const known = found.get(d) ?? new Map<string, Parts>();
  found.set(d, known);
  const parts = known.get(key) ?? findParts(d, within);
  known.set(key, parts);
  return parts;
}

/** The probabilities at both ends of a range, within the distribution's own truncation. */
function findParts(d: Distribution, within: Range): Parts {
  const own = support(d);
  const minMs = Math.max(own.minMs, within.minMs);
  const maxMs = Math.min(own.maxMs, within.maxMs);
  if (minMs > maxMs) return { below: 0, upTo: 0 };
  return { below: partWhere((value) => value < minMs, d), upTo: partWhere((value) => value <= maxMs, d) };
}

/** Probability that the (truncated) distribution is in a range. */
export function shareWithin(d: Distribution, within: Range): number {
  const all = partsOf(d, { minMs: 0, maxMs: Infinity });
  const { below, upTo } = partsOf(d, within);
  return all.upTo === all.below ? 0 : (upTo - below) / (all.upTo - all.below);
}

/**
 * Draws whole milliseconds from the distribution truncated to a range, by the inverse of its distribution function
 * (https://en.wikipedia.org/wiki/Truncated_normal_distribution#Generating_values_from_the_truncated_normal_distribution).
 * `u`: uniform in [0, 1). The probability of the range must not be 0.
 */
export function drawWithin(d: Distribution, within: Range, u: number): number {
  const { below, upTo } = partsOf(d, within);
  const own = support(d);
  const ms = Math.round(quantile(d, below + u * (upTo - below)));
  const least = Math.ceil(Math.max(own.minMs, within.minMs));
  return Math.max(least, Math.min(ms, Math.floor(Math.min(own.maxMs, within.maxMs))));
}

/** Largest value that can be drawn from a range. */
export function longestWithin(d: Distribution, within: Range): number {
  return Math.min(support(d).maxMs, within.maxMs);
}
