import { trendOf, variances } from '../autoregression.ts';
import type { Trend } from '../autoregression.ts';
import type { Term } from './objective.ts';
import { shareBounds } from './share-bounds.ts';
import { mser5 } from '../mser5.ts';

/**
 * What was counted of one term in each second since the level began. A sample belongs to the second in which its request began; of
 * those that are still open, the ones older than the limit are bad, the others are not counted yet.
 */
interface TermCounts {
  readonly all: readonly number[];
  readonly bad: readonly number[];
  /** Of a duration: mean of the samples of each second; NaN where there are none. */
  readonly mean?: readonly number[];
  /**
   * Of a duration: samples of each second from `from` up to, not with, `to` that lie above those seconds' own quantile, the share
   * `allowed` of them. How they come in clusters is seen even where none is bad.
   */
  readonly aboveOwnQuantile?: (from: number, to: number) => readonly number[];
}

/** What was counted of a level; all lists by seconds since it began. */
export interface LevelCounts {
  /** In the order of the objective's terms. */
  readonly terms: readonly TermCounts[];
  /** Mean of ln(duration of a request to the target); NaN where there was none. */
  readonly logLatency: readonly number[];
  /** Mean duration of a request to the target in milliseconds; NaN where there was none. */
  readonly latency: readonly number[];
  readonly started: readonly number[];
  readonly ended: readonly number[];
  /** Starts that found no virtual user free although there were twice as many as the rate needs. */
  readonly dropped: number;
}

/** A moment at which a level is looked at. */
export interface Look {
  /** Seconds at the beginning that are left out at least. */
  readonly warmUp: number;
  /** Seconds that are looked at after that. */
  readonly seconds: number;
  /** Whether the level ends here, whatever it says. */
  readonly last: boolean;
  /** Whether it has been made longer because it had not settled. */
  readonly extended: boolean;
}

interface JudgeSettings {
  /** Of the bounds that the verdict is made of: 0.95. */
  readonly confidence: number;
  /** Median duration of a request at the first level in milliseconds: what growth is compared with where no term is a duration. */
  readonly firstMedianMs: number;
}

/** What a level says of a term. */
export interface TermEstimate {
  readonly bad: number;
  readonly all: number;
  /** Share that counts; null: there was no sample. Of a level that is not stable it is more than a half. */
  readonly share: number | null;
  /** Whether that share is a lower bound: the level is not stable, and what it will come to is not seen yet. */
  readonly atLeast: boolean;
  /** How many times as many samples as independent ones say as much. */
  readonly clustering: number;
  /** Independent samples that the level is worth to the search, at most as many as one level may be. */
  readonly effective: number;
  /** Bounds of the share, each exceeded with the probability 1 − confidence. */
  readonly low: number;
  readonly high: number;
}

export type LevelVerdict = 'held' | 'broke' | 'undecided';

/** Why a level is taken for overloaded though few of its samples are bad. */
export type Unstable = 'growing' | 'backlog' | 'dropped';

export interface LevelJudgement {
  readonly terms: readonly TermEstimate[];
  readonly verdict: LevelVerdict;
  readonly unstable: Unstable | null;
  /** Seconds that were left out. */
  readonly warmUp: number;
  /** The warm-up rule found no end of the warm-up in the first half. */
  readonly unsettled: boolean;
  /** Whether the level may end here, goes on to the next look, or is made twice as long. */
  readonly next: 'end' | 'go on' | 'extend';
}

/**
 * Most that a level is worth: 200 independent samples where 5 % may be bad, and of other terms what tells as much of the logit of a
 * share, n·π(1 − π). No minute is worth more, and a level far away must not outvote one that is near.
 */
const MOST_INFORMATION = 200 * 0.05 * 0.95;
/** Bad samples from which on their own clusters are looked at. */
const ENOUGH_BAD = 20;
/** Early ends are surer than verdicts. */
const EARLY_ALPHA = 0.01;
const CLEARLY = 3;
/** t of a slope that is growth; below the other a level is flat enough to be left early. */
const GROWING_T = 4;
const FLAT_T = 1;
/** Part of the rate that may pile up (Little's law), and how many standard errors of Poisson counts make it no chance. */
const BACKLOG_PART = 0.02;
const BACKLOG_ERRORS = 4;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
/** A share that is clearly too large, whatever is allowed. */
const overloaded = (allowed: number): number => (1 + allowed) / 2;

/**
 * Judges what a level says so far. A level held if the upper bounds of all terms lie below what is allowed (an intersection–union
 * test, which needs no correction: G. Casella, R. L. Berger, "Statistical Inference", 8.3.3) and it is stable; it broke if the lower
 * bound of a term lies above (by Bonferroni over the terms), or if it is not stable. Else it is undecided, as levels near the knee
 * are: no failure, the search uses their shares.
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
      // An overload is told by latency first; where no term looks at it, by all of them.
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

/** Counts of a window; `k` and `n`: what they are worth as independent samples. */
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
 * Variance of a share by that of as many independent samples (Kish's design effect): samples of a busy second are bad together, at
 * the knee 28 to 1,290 of them are worth one. From the long-run variance of e = k − p·n, second by second. At least 1.
 */
export function clusteringOf(bad: readonly number[], all: readonly number[]): number {
  const [k, n] = [sum(bad), sum(all)];
  const share = k / n;
  if (!(share > 0 && share < 1)) return 1;
  const excess = bad.map((value, at) => value - share * all[at]!);
  return Math.max(1, variances(excess).longRun / ((share * (1 - share) * n) / all.length));
}

/** The trend of each duration that the objective limits, with the rise over the window that is too much. */
interface Growth {
  readonly trend: Trend;
  readonly rise: number;
  readonly allowed: number;
  /** Index of the term; null: latency, of which no term speaks. */
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
 * Little's law: what starts and does not end is open, and what is open cannot go on growing. More than 2 % of the rate in the
 * second half of the window, and by four standard errors: the difference of two Poisson counts has at most their sum as variance.
 */
function pilesUp({ started, ended }: LevelCounts, rate: number, from: number, to: number): boolean {
  const middle = Math.ceil((from + to) / 2);
  const [starts, ends] = [sum(started.slice(middle, to)), sum(ended.slice(middle, to))];
  const excess = starts - ends;
  return excess > BACKLOG_PART * rate * (to - middle) && excess > BACKLOG_ERRORS * Math.sqrt(starts + ends);
}
