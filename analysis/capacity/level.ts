import { trendOf, variances } from '../autoregression.ts';
import type { Trend } from '../autoregression.ts';
import type { Term } from './objective.ts';
import { shareBounds } from './share-bounds.ts';
import { mser5 } from '../mser5.ts';

/**
 * Counts of one term per second since the start of the level. A sample belongs to the second in which its request
 * began; open requests are bad once they are older than the limit, and not counted before.
 */
interface TermCounts {
  readonly all: readonly number[];
  readonly bad: readonly number[];
  /** For a duration: mean of each second's samples; NaN if there are none. */
  readonly mean?: readonly number[];
  /**
   * For a duration: number of samples per second, from `from` to before `to`, above the (1 − `allowed`) quantile of
   * these seconds. Shows clustering even if no sample is bad.
   */
  readonly aboveOwnQuantile?: (from: number, to: number) => readonly number[];
}

/** Counts of a level; all lists by seconds since its start. */
export interface LevelCounts {
  /** In the order of the objective's terms. */
  readonly terms: readonly TermCounts[];
  /** Mean of ln(duration of a request to the target); NaN if there was none. */
  readonly logLatency: readonly number[];
  /** Mean duration of a request to the target in milliseconds; NaN if there was none. */
  readonly latency: readonly number[];
  readonly started: readonly number[];
  readonly ended: readonly number[];
  /** Dropped starts, although there were twice as many virtual users as the rate needs. */
  readonly dropped: number;
}

/** A time at which a level is judged. */
export interface Look {
  /** Minimum warm-up in seconds, which is skipped. */
  readonly warmUp: number;
  /** Seconds judged after that. */
  readonly seconds: number;
  /** Whether the level ends here in any case. */
  readonly last: boolean;
  /** Whether the level was extended because it had not settled. */
  readonly extended: boolean;
}

interface JudgeSettings {
  /** Of the verdict's bounds: 0.95. */
  readonly confidence: number;
  /** Median request duration at the first level, in ms: the reference for growth if no term is a duration. */
  readonly firstMedianMs: number;
}

/** A level's result for a term. */
export interface TermEstimate {
  readonly bad: number;
  readonly all: number;
  /** Share of bad samples; null: no sample. For an unstable level it is set to more than half. */
  readonly share: number | null;
  /** Whether the share is a lower bound, because the level is unstable and the final share not yet visible. */
  readonly atLeast: boolean;
  /** Design effect: number of samples that are worth one independent sample. */
  readonly clustering: number;
  /** Effective number of independent samples for the search, limited per level. */
  readonly effective: number;
  /** Bounds of the share, each exceeded with probability 1 − confidence. */
  readonly low: number;
  readonly high: number;
}

export type LevelVerdict = 'held' | 'broke' | 'undecided';

/** Why a level counts as overloaded although few of its samples are bad. */
export type Unstable = 'growing' | 'backlog' | 'dropped';

export interface LevelJudgement {
  readonly terms: readonly TermEstimate[];
  readonly verdict: LevelVerdict;
  readonly unstable: Unstable | null;
  /** Skipped seconds. */
  readonly warmUp: number;
  /** The warm-up rule found no end of the warm-up in the first half. */
  readonly unsettled: boolean;
  /** Whether the level may end here, continues to the next look, or is doubled. */
  readonly next: 'end' | 'go on' | 'extend';
}

/**
 * Maximum weight of a level: 200 independent samples if 5 % may be bad, and for other terms the number with the same
 * information about the logit of a share, n·π(1 − π). A level far from the knee must not outvote one near it.
 */
const MOST_INFORMATION = 200 * 0.05 * 0.95;
/** Number of bad samples from which their own clustering is estimated. */
const ENOUGH_BAD = 20;
/** Significance level for ending a level early, stricter than for verdicts. */
const EARLY_ALPHA = 0.01;
const CLEARLY = 3;
/** t of a slope that counts as growth, and t below which a level is flat enough to end early. */
const GROWING_T = 4;
const FLAT_T = 1;
/** Backlog beyond chance: as a part of the rate (Little's law), and in standard errors of Poisson counts. */
const BACKLOG_PART = 0.02;
const BACKLOG_ERRORS = 4;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
/** A share that is clearly too large, whatever is allowed. */
const overloaded = (allowed: number): number => (1 + allowed) / 2;

/**
 * Judges a level so far. It held if it is stable and the upper bounds of all terms are below what is allowed (an
 * intersection–union test, which needs no correction: G. Casella, R. L. Berger, "Statistical Inference", 8.3.3); it
 * broke if the lower bound of a term is above (Bonferroni over the terms), or if it is unstable. Otherwise it is
 * undecided, as levels near the knee are: no failure, the search uses their shares.
 */
export function judgeLevel(
  counts: LevelCounts,
  terms: readonly Term[],
  rate: number,
  look: Look,
  { confidence, firstMedianMs }: JudgeSettings,
): LevelJudgement {
  const to = look.warmUp + look.seconds;
  const cut = mser5(counts.logLatency.slice(0, to).filter((value) => !Number.isNaN(value)));
  const unsettled = cut === undefined;
  const from = Math.max(look.warmUp, cut ?? 0);
  const estimates = terms.map((_, at) => estimate(counts.terms[at]!, from, to));
  const trends = growthOf(counts, terms, from, to, firstMedianMs);
  const grows = trends.some(
    ({ trend, rise, allowed, at }) =>
      trend.t > GROWING_T &&
      trend.slope * (to - from) > rise &&
      (at === null || estimates[at]!.bad < overloaded(allowed) * estimates[at]!.all),
  );
  const unstable: Unstable | null = grows
    ? 'growing'
    : pilesUp(counts, rate, from, to)
      ? 'backlog'
      : counts.dropped > 0
        ? 'dropped'
        : null;

  const bounds = (alpha: number): Bounds[] => estimates.map(({ k, n }) => shareBounds(k, n, alpha));
  const early = bounds(EARLY_ALPHA);
  const clearlyBad = early.some(
    ({ low }, at) => low > Math.min(CLEARLY * terms[at]!.allowed, overloaded(terms[at]!.allowed)),
  );
  const clearlyGood =
    early.every(({ high }, at) => high < terms[at]!.allowed / CLEARLY) && trends.every(({ trend }) => trend.t < FLAT_T);
  const done = look.last || clearlyBad || clearlyGood;
  const extend = done && unsettled && !look.extended && !clearlyBad && unstable === null;

  const alpha = 1 - confidence;
  const shown = bounds(alpha);
  const strict = bounds(alpha / terms.length);
  const held = unstable === null && estimates.every(({ n }, at) => n > 0 && shown[at]!.high < terms[at]!.allowed);
  const broke = unstable !== null || strict.some(({ low }, at) => low > terms[at]!.allowed);
  const durations = terms.some(({ limit }) => limit !== null);
  return {
    terms: estimates.map(({ bad, all, clustering }, at) => {
      const { allowed, limit } = terms[at]!;
      // An overload shows in latency first; without a latency term it is attributed to all terms.
      const told = unstable !== null && (limit !== null || !durations);
      const share = all === 0 ? null : told ? Math.max(bad / all, overloaded(allowed)) : bad / all;
      const most = MOST_INFORMATION / (allowed * (1 - allowed));
      const effective = Math.min(most, all / clustering) / (unsettled && look.extended ? 2 : 1);
      const atLeast = told && share !== null && share > bad / all;
      return { bad, all, share, atLeast, clustering, effective, ...shown[at]! };
    }),
    verdict: held ? 'held' : broke ? 'broke' : 'undecided',
    unstable,
    warmUp: from,
    unsettled,
    next: extend ? 'extend' : done ? 'end' : 'go on',
  };
}

type Bounds = ReturnType<typeof shareBounds>;

/** Counts of a window; `k` and `n`: as effective independent samples. */
interface Estimate {
  readonly bad: number;
  readonly all: number;
  readonly clustering: number;
  readonly k: number;
  readonly n: number;
}

function estimate(counts: TermCounts, from: number, to: number): Estimate {
  const all = counts.all.slice(from, to);
  const bad = counts.bad.slice(from, to);
  const own = counts.aboveOwnQuantile?.(from, to);
  const clustering = Math.max(
    own === undefined ? 1 : clusteringOf(own, all),
    own === undefined || sum(bad) >= ENOUGH_BAD ? clusteringOf(bad, all) : 1,
  );
  return { bad: sum(bad), all: sum(all), clustering, k: sum(bad) / clustering, n: sum(all) / clustering };
}

/**
 * Kish's design effect: the variance of a share relative to independent samples. Samples of a busy second are bad
 * together; at the knee 28 to 1,290 are worth one. From the long-run variance of e = k − p·n per second; at least 1.
 */
export function clusteringOf(bad: readonly number[], all: readonly number[]): number {
  const [k, n] = [sum(bad), sum(all)];
  const share = k / n;
  if (!(share > 0 && share < 1)) return 1;
  const excess = bad.map((value, at) => value - share * all[at]!);
  return Math.max(1, variances(excess).longRun / ((share * (1 - share) * n) / all.length));
}

/** The trend of a duration that the objective limits, and the rise over the window that is too much. */
interface Growth {
  readonly trend: Trend;
  readonly rise: number;
  readonly allowed: number;
  /** Index of the term; null: latency in general, without a term. */
  readonly at: number | null;
}

function growthOf(
  counts: LevelCounts,
  terms: readonly Term[],
  from: number,
  to: number,
  firstMedianMs: number,
): readonly Growth[] {
  const trend = (values: readonly number[]): Trend =>
    trendOf(values.slice(from, to).filter((value) => !Number.isNaN(value)));
  const own = terms.flatMap(({ limit, allowed }, at) => {
    const mean = counts.terms[at]!.mean;
    return limit === null || mean === undefined ? [] : [{ trend: trend(mean), rise: limit / 2, allowed, at }];
  });
  return own.length > 0 ? own : [{ trend: trend(counts.latency), rise: firstMedianMs, allowed: 0, at: null }];
}

/**
 * Little's law: flows that started and did not end cannot keep piling up. A backlog is over 2 % of
 * the rate in the window's second half, and four standard errors: the variance is at most the sum of both counts.
 */
function pilesUp({ started, ended }: LevelCounts, rate: number, from: number, to: number): boolean {
  const middle = Math.ceil((from + to) / 2);
  const [starts, ends] = [sum(started.slice(middle, to)), sum(ended.slice(middle, to))];
  const excess = starts - ends;
  return excess > BACKLOG_PART * rate * (to - middle) && excess > BACKLOG_ERRORS * Math.sqrt(starts + ends);
}
