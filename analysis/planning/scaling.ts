import { criticalT } from '../comparison/student-t.ts';
import { uniformNumbers } from '../../contract/draw.ts';

/** What so many nodes were measured to take, in flow starts per second, with its interval. */
export interface NodeCapacity {
  readonly nodes: number;
  readonly rate: number;
  readonly low: number;
  readonly high: number;
}

/** A value with its interval. */
export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Why a law is not believed. */
export interface ScalingDoubt {
  /** An answer lies more than two of its own half-widths beside it, or nodes take more together than alone. */
  readonly code: 'residual' | 'superlinear';
  /** Of the answer; null: of all. */
  readonly nodes: number | null;
}

/** How the capacity of a deployment grows with its nodes. */
export interface Scaling {
  /** `line`: γN, perfect scaling. `contention`: with α. `full`: with α and β. */
  readonly form: 'line' | 'contention' | 'full';
  /** γ: what a node takes alone, in flow starts per second. */
  readonly perNode: Interval;
  /** α: the part that nodes wait for each other; null: not fitted. */
  readonly contention: Interval | null;
  /** β: the part that each pair of nodes has to agree on; null: not fitted. */
  readonly coherency: Interval | null;
  /** Nodes beyond which more take less; null: nothing shows that there are such. */
  readonly peakNodes: number | null;
  readonly doubts: readonly ScalingDoubt[];
  readonly fewestNodes: number;
  readonly mostNodes: number;
  /** What a number of nodes takes, by the law. */
  readonly at: (nodes: number) => Interval;
}

/** Largest number of nodes, relative to the largest that was measured, that a law is asked about. */
export const EXTRAPOLATED = 2;
const DRAWS = 2_000;
const SEED = 1;
/** Own half-widths beside the law from which an answer disagrees with it. */
const FAR_OFF = 2;
const NORMAL = 10_000;

/** 1/γ, α/γ, β/γ: with them N/X is a sum. */
type Law = readonly [number, number, number];
const TERMS: readonly ((nodes: number) => number)[] = [() => 1, (n) => n - 1, (n) => n * (n - 1)];
/** Terms that a law has besides the first, by its form; a term may also be 0. */
const SUBSETS: Readonly<Record<Scaling['form'], readonly (readonly number[])[]>> = {
  line: [[0]],
  contention: [[0, 1], [0]],
  full: [[0, 1, 2], [0, 1], [0, 2], [0]],
};
/** The form of the refits: two answers do not exclude contention, so their lower ends allow for it. */
const REFITTED = { line: 'contention', contention: 'contention', full: 'full' } as const;

const nodesPerRate = (law: Law, nodes: number): number =>
  law[0] + law[1] * TERMS[1]!(nodes) + law[2] * TERMS[2]!(nodes);
/** Refits may promise any rate. */
const rateOf = (law: Law, nodes: number): number => nodes / Math.max(0, nodesPerRate(law, nodes));

/**
 * The Universal Scalability Law over nodes, X(N) = γN/(1 + α(N−1) + βN(N−1)) (N. J. Gunther, "Guerrilla Capacity
 * Planning", 2007; the R package usl has the same form), from answers at different numbers of nodes: α and β from four
 * on, α alone of three, a line of two; undefined: one answer tells nothing of others. N/X is linear in 1/γ, α/γ and β/γ,
 * so each fit is one of weighted least squares, weights 1/half-width², with no term below 0. Intervals: quantiles of
 * refits to 2,000 draws from the answers' posteriors (log-normal, each side with its own width). Refits that stop at 0
 * put too low a value on top there, so the upper end is the larger of theirs and of refits that may go below 0. More
 * nodes take no more each, so beyond the answers both ends lie below the last one's ray. Never over the virtual users
 * or rates of one deployment: a queue at a pool looks like contention, and extrapolates to nonsense.
 */
export function scalingOf(answers: readonly NodeCapacity[], confidence: number): Scaling | undefined {
  const sorted = answers.toSorted((a, b) => a.nodes - b.nodes);
  if (sorted.length < 2) return undefined;
  const form = sorted.length === 2 ? 'line' : sorted.length === 3 ? 'contention' : 'full';
  const fit = new Fit(sorted, form);
  const best = fit.law(sorted.map(({ rate }) => rate));
  const draws = drawsOf(sorted, confidence);
  const refit = new Fit(sorted, REFITTED[form]);
  const laws = draws.map((drawn) => refit.law(drawn));
  const free = draws.map((drawn) => refit.freeLaw(drawn));
  const tail = (1 - confidence) / 2;
  const interval = (of: (law: Law) => number): Interval => {
    const quantile = (from: readonly Law[], part: number): number =>
      Float64Array.from(from, of).sort()[Math.round(part * (from.length - 1))]!;
    const value = of(best);
    const high = Math.max(quantile(laws, 1 - tail), quantile(free, 1 - tail));
    return { value, low: Math.min(value, quantile(laws, tail)), high: Math.max(value, high) };
  };
  const partOf = (term: 1 | 2): Interval => interval((law) => law[term] / law[0]);
  const coherency = form === 'full' ? partOf(2) : null;
  const [one, alpha, beta] = best;
  const last = sorted.at(-1)!;
  return {
    form,
    perNode: interval(([perRate]) => 1 / perRate),
    contention: form === 'line' ? null : partOf(1),
    coherency,
    peakNodes: coherency !== null && coherency.low > 0 ? Math.sqrt(Math.max(0, one - alpha) / beta) : null,
    doubts: doubtsOf(sorted, fit, best, draws, tail),
    fewestNodes: sorted[0]!.nodes,
    mostNodes: last.nodes,
    at: (nodes) => {
      const { value, low, high } = interval((law) => rateOf(law, nodes));
      if (nodes <= last.nodes) return { value, low, high };
      const times = nodes / last.nodes;
      return { value, low: Math.min(low, times * last.low), high: Math.max(value, Math.min(high, times * last.high)) };
    },
  };
}

/** What a law with such values says of a number of nodes, in flow starts per second. */
export function rateByLaw(
  { perNode, contention, coherency }: Pick<Scaling, 'perNode' | 'contention' | 'coherency'>,
  nodes: number,
): number {
  const [alpha, beta] = [contention?.value ?? 0, coherency?.value ?? 0];
  return perNode.value * rateOf([1, alpha, beta], nodes);
}

/** Weighted least squares in N/X. */
class Fit {
  readonly #nodes: readonly number[];
  readonly #widths: readonly number[];
  readonly #terms: readonly (readonly number[])[];
  readonly #form: Scaling['form'];

  constructor(answers: readonly NodeCapacity[], form: Scaling['form']) {
    this.#nodes = answers.map(({ nodes }) => nodes);
    this.#widths = answers.map(halfWidth);
    this.#terms = this.#nodes.map((nodes) => TERMS.map((term) => term(nodes)));
    this.#form = form;
  }

  /** The law nearest to such rates, none of its terms below 0. */
  law(rates: readonly number[]): Law {
    const moments = this.#moments(rates);
    const [widest, ...narrower] = SUBSETS[this.#form].map((subset) => () => solved(moments, subset));
    const isLaw = (law: Law): boolean => law.every((factor) => factor >= 0);
    const first = widest!();
    // Of nested fits the widest is the nearest.
    if (isLaw(first)) return first;
    const error = (law: Law): number => this.#error(rates, law);
    return narrower
      .map((fit) => fit())
      .filter(isLaw)
      .reduce((best, law) => (error(law) < error(best) ? law : best));
  }

  /** The law nearest to such rates; its terms may be below 0. */
  freeLaw(rates: readonly number[]): Law {
    return solved(this.#moments(rates), SUBSETS[this.#form][0]!);
  }

  /** α of the law nearest to such rates without β; it may be below 0. */
  contention(rates: readonly number[]): number {
    const [one, alpha] = solved(this.#moments(rates), [0, 1]);
    return alpha / one;
  }

  #error(rates: readonly number[], law: Law): number {
    return rates.reduce((sum, rate, k) => {
      const nodes = this.#nodes[k]!;
      return sum + ((nodesPerRate(law, nodes) * (rate / nodes) - 1) / this.#widths[k]!) ** 2;
    }, 0);
  }

  /** Sums of the products of terms, and of each with N/X (last), of each answer relative to its N/X and by its weight. */
  #moments(rates: readonly number[]): Moments {
    const sums = [0, 1, 2].map(() => [0, 0, 0, 0]);
    for (const [k, rate] of rates.entries()) {
      const values = [...this.#terms[k]!, this.#nodes[k]! / rate];
      const weight = (rate / this.#nodes[k]! / this.#widths[k]!) ** 2;
      for (let i = 0; i < 3; i++) for (let j = 0; j < 4; j++) sums[i]![j]! += weight * values[i]! * values[j]!;
    }
    return sums;
  }
}

type Moments = readonly (readonly number[])[];

/** Normal equations of some terms, by elimination; different numbers of nodes make them independent. */
function solved(moments: Moments, subset: readonly number[]): Law {
  const rows = subset.map((i) => [...subset.map((j) => moments[i]![j]!), moments[i]![3]!]);
  for (const [at, pivot] of rows.entries())
    for (const row of rows) {
      if (row === pivot) continue;
      const times = row[at]! / pivot[at]!;
      for (let column = 0; column < row.length; column++) row[column]! -= times * pivot[column]!;
    }
  const law: [number, number, number] = [0, 0, 0];
  subset.forEach((term, at) => (law[term] = rows[at]!.at(-1)! / rows[at]![at]!));
  return law;
}

/** Half of an interval on a log scale: 0.05 is ± 5 %. */
const halfWidth = ({ low, high }: NodeCapacity): number => Math.max(1e-4, Math.log(high / low) / 2);

/** Rates that the answers may as well have been, by their intervals. */
function drawsOf(answers: readonly NodeCapacity[], confidence: number): readonly (readonly number[])[] {
  const z = criticalT(1 - confidence, NORMAL);
  const next = uniformNumbers(SEED);
  const normal = (): number => Math.sqrt(-2 * Math.log(next() + 2 ** -33)) * Math.cos(2 * Math.PI * next());
  return Array.from({ length: DRAWS }, () =>
    answers.map(({ rate, low, high }) => {
      const drawn = normal();
      return rate * (drawn < 0 ? rate / low : high / rate) ** (drawn / z);
    }),
  );
}

function doubtsOf(
  answers: readonly NodeCapacity[],
  fit: Fit,
  best: Law,
  draws: readonly (readonly number[])[],
  tail: number,
): readonly ScalingDoubt[] {
  // More than γN is shown where even the largest of the likely contentions is below 0.
  const contentions = Float64Array.from(draws, (drawn) => fit.contention(drawn)).sort();
  if (contentions[Math.round((1 - tail) * (contentions.length - 1))]! < 0)
    return [{ code: 'superlinear', nodes: null }];
  return answers
    .filter((answer) => Math.abs(Math.log(answer.rate / rateOf(best, answer.nodes))) > FAR_OFF * halfWidth(answer))
    .map(({ nodes }) => ({ code: 'residual', nodes }));
}
