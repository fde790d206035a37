import { criticalZ } from '../drift/normal.ts';
import type { Back, Seconds, Usual } from './return.ts';
import { countedSeconds, measuredSeconds, timeBack, timeToImpact } from './return.ts';
import type { FaultTimes, RecoverySettings, RunSeconds } from './series.ts';
import { DEFAULT_RECOVERY_SETTINGS } from './series.ts';
import type { Counts, IntervalEstimate } from './steady.ts';
import { differenceOfMeans, differenceOfShares, dispersionOf, ratioOfRates, steadyMean, sumOver } from './steady.ts';

/** The signals in which impact and recovery are looked for. */
export type Signal = 'errors' | 'off' | 'p95';

/** Effects of one fault. Times in seconds. */
export interface FaultVerdict {
  readonly name: string;
  /** The target was unhealthy before the fault, so that nothing can be learned from it. */
  readonly sickBefore: readonly Sickness[];
  /** Time from the begin of the fault until users felt it; null: never. */
  readonly impact: (Back & { readonly signal: Signal }) | null;
  /** Time from the end of the fault until the slowest signal was back; its interval's ends are the latest of theirs. */
  readonly recovery: Back;
  readonly recoveries: Readonly<Record<Signal, Back>>;
  /** Time until an external system noticed, or (`computed`) the SRE workbook's 14.4× rule would have. Null: never. */
  readonly detection: { readonly low: number; readonly high: number; readonly computed: boolean } | null;
  /** Flows without the expected outcome beyond the usual number, and `flows`: all that ended meanwhile. */
  readonly lost: IntervalEstimate & { readonly flows: number };
  readonly stuck: IntervalEstimate;
  /** Requests per started flow relative to before: during the fault, in the worst 5 s, and after the recovery. */
  readonly amplification: IntervalEstimate | null;
  readonly worstAmplification: number | null;
  readonly amplificationAfter: IntervalEstimate | null;
  /** The same during the fault by client profile, without storms; and the requests of storms, until the recovery's end. */
  readonly byProfile: Readonly<Record<string, IntervalEstimate>>;
  readonly storms: number;
  readonly budget: { readonly burnRate: number; readonly used: number | null };
  /** Steady part after relative to before: p95 relative, shares in points; null: there is no steady part after. */
  readonly after: Readonly<Record<Signal, IntervalEstimate>> | null;
  /** Share of flows without the expected outcome during the fault. */
  readonly offDuring: IntervalEstimate | null;
  /** Flow starts per second before the fault, from which the rate of a rerun is computed. */
  readonly rate: number;
}

export interface Sickness {
  readonly signal: Signal;
  readonly value: number;
  readonly most: number;
}

/** Burn rate of the SRE workbook's fast page (Beyer et al., "The Site Reliability Workbook" 2018, ch. 5, table 5-8). */
const FAST_BURN = 14.4;
/** Its two windows, here in seconds: the rate must hold over both. */
const [LONG_WINDOW, SHORT_WINDOW] = [60, 5];

const part = <T>(values: readonly T[], from: number, to: number): T[] =>
  values.slice(Math.max(0, Math.round(from)), Math.round(to));
const countsOf = (events: readonly number[], trials: readonly number[], from: number, to: number): Counts => ({
  events: sumOver(part(events, from, to)),
  trials: sumOver(part(trials, from, to)),
});

/** A signal: its seconds, its usual level, and the tolerance δ within which it counts as back. */
interface Watched {
  readonly signal: Signal;
  readonly seconds: (from: number, to: number) => Seconds;
  readonly usual: Usual;
  readonly delta: number;
  /** After relative to before. */
  readonly after: (from: number, to: number) => IntervalEstimate;
}

function watchedShare(
  signal: Signal,
  events: readonly number[],
  trials: readonly number[],
  times: FaultTimes,
  delta: number,
): Watched {
  const { steadyFrom, steadyTo } = times;
  const before = countsOf(events, trials, steadyFrom, steadyTo);
  const dispersion = dispersionOf(part(events, steadyFrom, steadyTo), part(trials, steadyFrom, steadyTo));
  const level = (before.events + 0.5) / (before.trials + 1);
  return {
    ...{ signal, delta },
    seconds: (from, to) => countedSeconds(part(events, from, to), part(trials, from, to), dispersion),
    usual: { level, error: Math.sqrt((dispersion * level * (1 - level)) / (before.trials + 1)) },
    after: (from, to) => differenceOfShares(countsOf(events, trials, from, to), before, dispersion),
  };
}

function watchedLatency(p95: readonly number[], times: FaultTimes, backWithin: number): Watched {
  const logs = p95.map((value) => (value > 0 ? Math.log(value) : NaN));
  const before = part(logs, times.steadyFrom, times.steadyTo);
  const { mean, error, variance } = steadyMean(before);
  return {
    signal: 'p95',
    delta: Math.log1p(backWithin),
    seconds: (from, to) => measuredSeconds(part(logs, from, to), variance),
    usual: { level: mean, error },
    after(from, to) {
      const { value, low, high } = differenceOfMeans(part(logs, from, to), before);
      return { value: Math.expm1(value), low: Math.expm1(low), high: Math.expm1(high) };
    },
  };
}

/**
 * A recovery counted from the whole second nearest to the end of the fault, as one from the end itself. If that second
 * begins later, what happened in between is not known.
 */
function fromTheEnd({ seconds, low, high, looked }: Back, end: number): Back {
  const shift = Math.round(end) - end;
  const shifted = (at: number | null): number | null => (at === null ? null : Math.max(0, at + shift));
  return {
    seconds: seconds === 0 ? 0 : shifted(seconds),
    low: low === 0 ? 0 : shifted(low),
    high: shifted(high),
    looked,
  };
}

/** The latest time; null, not back, is later than all. */
const latest = (times: readonly (number | null)[]): number | null =>
  times.some((time) => time === null) ? null : Math.max(...(times as number[]));

/** When both windows of the 14.4× rule hold for the share of failed requests. */
function computedDetection(run: RunSeconds, { begin, end }: FaultTimes, objective: number): FaultVerdict['detection'] {
  for (let at = Math.ceil(begin) + 1; at <= end; at++) {
    const burns = [LONG_WINDOW, SHORT_WINDOW].map((window) => {
      const { events, trials } = countsOf(run.errors, run.requests, at - window, at);
      return trials > 0 ? events / trials / (1 - objective) : 0;
    });
    if (burns.every((burn) => burn >= FAST_BURN)) return { low: at - 1 - begin, high: at - begin, computed: true };
  }
  return null;
}

/** Flows open at the end of each second. */
function openFlows({ started, ended }: RunSeconds): number[] {
  let open = 0;
  return started.map((count, t) => (open += count - ended[t]!));
}

/**
 * Flows open at the end of the recovery beyond the usual number, if the record does not count stuck flows itself. No
 * more than the usual scatter of that number is none.
 */
function stuckOf(run: RunSeconds, { steadyFrom, steadyTo, recoveryEnd, stuck }: FaultTimes): IntervalEstimate {
  if (stuck !== undefined) return { value: stuck, low: stuck, high: stuck };
  const open = openFlows(run);
  const usual = part(open, steadyFrom, steadyTo);
  const before = steadyMean(usual);
  const now = open[Math.min(open.length, Math.round(recoveryEnd)) - 1] ?? 0;
  const scatter = Math.sqrt(
    usual.reduce((sum, value) => sum + (value - before.mean) ** 2, 0) / Math.max(1, usual.length - 1),
  );
  // The number changes in steps of one, and a short steady part may miss them.
  const half = Math.max(1, criticalZ(0.005) * Math.hypot(scatter, before.error, Math.sqrt(Math.max(0, before.mean))));
  const more = now - before.mean;
  return more <= half ? { value: 0, low: 0, high: 0 } : { value: more, low: more - half, high: more + half };
}

/** Requests per started flow over a period, relative to before. */
function amplificationOf(run: RunSeconds, times: FaultTimes, from: number, to: number): IntervalEstimate | null {
  const stretch = (a: number, b: number) => ({ events: part(run.requests, a, b), trials: part(run.started, a, b) });
  return ratioOfRates(stretch(from, to), stretch(times.steadyFrom, times.steadyTo)) ?? null;
}

/** The same by client profile. */
function amplificationsOf(run: RunSeconds, times: FaultTimes): Record<string, IntervalEstimate> {
  return Object.fromEntries(
    Object.entries(run.profiles ?? {}).flatMap(([name, { requests, started }]) => {
      const ratio = amplificationOf({ ...run, requests, started }, times, times.begin, times.end);
      return ratio === null ? [] : [[name, ratio]];
    }),
  );
}

/** The highest request rate over 5 s, from the fault's begin to the end of its recovery, relative to before. */
function worstOf(run: RunSeconds, { steadyFrom, steadyTo, begin, recoveryEnd }: FaultTimes): number | null {
  const usual = sumOver(part(run.requests, steadyFrom, steadyTo)) / (steadyTo - steadyFrom);
  const sums: number[] = [];
  for (let at = Math.round(begin); at + 5 <= recoveryEnd; at++) sums.push(sumOver(part(run.requests, at, at + 5)) / 5);
  return usual > 0 && sums.length > 0 ? Math.max(...sums) / usual : null;
}

function sickness(run: RunSeconds, { steadyFrom, steadyTo }: FaultTimes, settings: RecoverySettings): Sickness[] {
  const share = (events: readonly number[], trials: readonly number[]): number => {
    const counts = countsOf(events, trials, steadyFrom, steadyTo);
    return counts.trials > 0 ? counts.events / counts.trials : 0;
  };
  const logs = part(run.p95, steadyFrom, steadyTo).map(Math.log);
  const found: Sickness[] = [
    { signal: 'errors', value: share(run.errors, run.requests), most: settings.mostErrors },
    { signal: 'off', value: share(run.off, run.ended), most: settings.mostOff },
    { signal: 'p95', value: Math.exp(steadyMean(logs).mean), most: settings.mostP95 },
  ];
  return found.filter(({ value, most }) => value > most);
}

/** Computes a fault's effects from the seconds of a run. Pure; of the plan it only needs the times. */
export function judgeFault(
  run: RunSeconds,
  times: FaultTimes,
  settings: RecoverySettings = DEFAULT_RECOVERY_SETTINGS,
): FaultVerdict {
  const { name, begin, end, recoveryEnd, steadyEnd, steadyFrom, steadyTo } = times;
  const watched = [
    watchedShare('errors', run.errors, run.requests, times, settings.backWithin),
    watchedShare('off', run.off, run.ended, times, settings.backWithin),
    watchedLatency(run.p95, times, settings.backWithinLatency),
  ];
  const hasAfter = steadyEnd - recoveryEnd >= 5;
  const recoveries = Object.fromEntries(
    watched.map(({ signal, seconds, usual, delta, after }) => {
      // If the signal settles at another level within δ, that is the level to return to.
      const settled = hasAfter ? after(recoveryEnd, steadyEnd) : undefined;
      const level =
        settled !== undefined && settled.low > 0 ? seconds(recoveryEnd, steadyEnd).levelOf(0, Infinity) : undefined;
      const near = level !== undefined && level - usual.level < delta ? { ...usual, level } : usual;
      const back = timeBack(seconds(end, recoveryEnd), near, delta - (near.level - usual.level));
      return [signal, fromTheEnd(back, end)];
    }),
  ) as Record<Signal, Back>;
  const all = Object.values(recoveries);
  const recovery: Back = {
    seconds: latest(all.map(({ seconds }) => seconds)),
    low: latest(all.map(({ low }) => low)),
    high: latest(all.map(({ high }) => high)),
    looked: recoveryEnd - end,
  };
  const impacts = watched.flatMap(({ signal, seconds, usual }) => {
    const felt = timeToImpact(seconds(begin, end), usual.level);
    return felt === undefined ? [] : [{ ...felt, signal }];
  });
  const { detected } = times;
  const before = countsOf(run.off, run.ended, steadyFrom, steadyTo);
  const touched = countsOf(run.off, run.ended, begin, recoveryEnd);
  const difference = touched.trials > 0 ? differenceOfShares(touched, before) : { value: 0, low: 0, high: 0 };
  const lost = Math.max(0, difference.value * touched.trials);
  const during = countsOf(run.off, run.ended, begin, end);
  const backAt = end + (recovery.high ?? recoveryEnd - end);
  const failed = countsOf(run.errors, run.requests, begin, end);
  return {
    ...{ name, sickBefore: sickness(run, times, settings), recovery, recoveries },
    impact: impacts.length > 0 ? impacts.reduce((a, b) => ((b.seconds ?? 0) < (a.seconds ?? 0) ? b : a)) : null,
    detection:
      detected === undefined
        ? computedDetection(run, times, settings.objective)
        : detected && { low: Math.max(0, detected.lastNo - begin), high: detected.firstYes - begin, computed: false },
    lost: {
      ...{ value: lost, flows: touched.trials },
      low: Math.max(0, difference.low * touched.trials),
      high: Math.max(0, difference.high * touched.trials),
    },
    stuck: stuckOf(run, times),
    amplification: amplificationOf(run, times, begin, end),
    worstAmplification: worstOf(run, times),
    byProfile: amplificationsOf(run, times),
    storms: sumOver(part(run.storms ?? [], begin, recoveryEnd)),
    amplificationAfter: steadyEnd - backAt >= 5 ? amplificationOf(run, times, backAt, steadyEnd) : null,
    budget: {
      burnRate: failed.trials > 0 ? failed.events / failed.trials / (1 - settings.objective) : 0,
      used:
        settings.signInsPerWindow === undefined ? null : lost / ((1 - settings.objective) * settings.signInsPerWindow),
    },
    after: hasAfter
      ? (Object.fromEntries(watched.map(({ signal, after }) => [signal, after(recoveryEnd, steadyEnd)])) as Record<
          Signal,
          IntervalEstimate
        >)
      : null,
    offDuring: during.trials > 0 ? differenceOfShares(during, { events: 0, trials: 1e9 }) : null,
    rate: sumOver(part(run.started, steadyFrom, steadyTo)) / (steadyTo - steadyFrom),
  };
}
