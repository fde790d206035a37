import { trendStatistic } from '../../contract/series-counts.ts';
import type { SeriesTotal } from '../../contract/series-counts.ts';
import type { SeriesTotals } from '../../contract/series-totals.ts';
import type { Progress } from '../../engine/live-counts.ts';
import { isAnswered, rateOf, sumOf } from '../../record/record-totals.ts';
import { isOfPf, requestTotals } from '../../record/request-totals.ts';
import { isErrorOutcome } from './outcome-words.ts';
import { plannedRateNow } from './planned-rate.ts';
import type { LoadPlan } from './planned-rate.ts';
import type { Recent } from './recent-window.ts';

/** Rates, percentiles and shares cover the last seconds; counts cover the whole run. */
export interface LiveNumbers {
  readonly elapsedMs: number;
  /** Planned length; undefined if the load is a number of iterations. */
  readonly totalMs: number | undefined;
  /** Current phase (catalogue/phases.ts): `steady`, `level 03`, `fault unavailable`. */
  readonly part: string | undefined;
  readonly vus: number;
  readonly vusMax: number;
  /** Iterations only for scripts that count no flows. */
  readonly unit: 'flows' | 'iterations';
  /** Flows started, or iterations completed: each is counted at that moment. */
  readonly perSecond: number;
  /** Undefined without an arrival rate, and after the plan is over. */
  readonly plannedPerSecond: number | undefined;
  /** After a stop: how long flows under way may still take, in milliseconds. */
  readonly finishingMs: number | undefined;
  /** Requests to the target. */
  readonly p95Ms: number | undefined;
  /** Whole run: flows that ended in an error, or failed requests if the script counts no flows. */
  readonly errors: number;
  /** Whole run: iterations ended by an exception. */
  readonly threw: number;
  /** Busiest first. */
  readonly steps: readonly LiveStep[];
  /** Undefined until a flow has reached pairing; `polling` until one has waited for a push. */
  readonly pairing: LivePairing | undefined;
  readonly polling: LivePolling | undefined;
  /** Whole run, most frequent first. */
  readonly outcomes: readonly { readonly outcome: string; readonly count: number }[];
  readonly generator: LiveGenerator;
}

export interface LiveStep {
  readonly name: string;
  readonly perSecond: number;
  readonly p95Ms: number | undefined;
  /** Failed share. */
  readonly errors: number | undefined;
}

interface LivePairing {
  readonly perSecond: number;
  readonly errors: number | undefined;
  readonly p95Ms: number | undefined;
}

interface LivePolling {
  readonly perSecond: number;
  readonly errors: number | undefined;
  readonly p95Ms: number | undefined;
  readonly lagP95Ms: number | undefined;
  readonly pollsMed: number | undefined;
}

/** Generator health; undefined where there are no recent measurements. */
interface LiveGenerator {
  readonly eventLoopP99Ms: number | undefined;
  readonly startLagP99Ms: number | undefined;
  readonly stepLatenessP99Ms: number | undefined;
  readonly cpuCores: number | undefined;
  /** Whole run: starts dropped because no VU was free. */
  readonly dropped: number;
}

const trend = (total: SeriesTotal | undefined, stat: string): number | undefined =>
  total !== undefined && 'histogram' in total && total.samples > 0 ? trendStatistic(total, stat) : undefined;

const share = (total: SeriesTotal | undefined): number | undefined =>
  total !== undefined && 'passes' in total && total.samples > 0 ? total.passes / total.samples : undefined;

/** `countsFlows`: true for our scenarios from the start; others are recognized by their first flow. */
interface KnownOfRun {
  readonly countsFlows?: boolean;
  readonly isStopped?: () => boolean;
}

/** Returns a function that computes the live numbers: `progress` is now, `recent` covers the last seconds. */
export function liveNumbers(
  plan: LoadPlan,
  { countsFlows = false, isStopped }: KnownOfRun = {},
): (progress: Progress, recent: Recent | undefined) => LiveNumbers {
  const gracefulMs = Math.max(0, ...plan.scenarios.map(({ gracefulStopMs }) => gracefulStopMs));
  let part: string | undefined;
  return ({ elapsedMs, totalMs, vus, vusMax, iterations, metrics }, recent) => {
    const flows = metrics.select('flows');
    const unit = flows === undefined && !countsFlows ? 'iterations' : 'flows';
    const outcomes = (flows === undefined ? [] : metrics.breakdown('flow_outcomes', ['outcome']))
      .map(({ tags, total }) => ({ outcome: tags['outcome'] ?? '', count: sumOf(total) }))
      .filter(({ count }) => count > 0)
      .sort((a, b) => b.count - a.count);
    const errors =
      flows === undefined
        ? rateOf(metrics.select('http_req_failed')).passes
        : outcomes.reduce((total, { outcome, count }) => total + (isErrorOutcome(outcome) ? count : 0), 0);
    if (recent !== undefined) part = partOf(recent.newest, unit) ?? part;
    return {
      ...{ elapsedMs, totalMs, part, vus, vusMax, unit, outcomes, errors, threw: iterations.thrown },
      ...lately(recent, unit, plan),
      finishingMs: isStopped?.() === true ? gracefulMs : undefined,
      pairing: metrics.select('pairing_duration') === undefined ? undefined : pairing(recent),
      polling: metrics.select('poll_duration') === undefined ? undefined : polling(recent),
      generator: generator(recent, iterations.dropped),
    };
  };
}

type Lately = Pick<LiveNumbers, 'perSecond' | 'plannedPerSecond' | 'p95Ms' | 'steps'>;

function lately(recent: Recent | undefined, unit: LiveNumbers['unit'], plan: LoadPlan): Lately {
  if (recent === undefined) return { perSecond: 0, plannedPerSecond: undefined, p95Ms: undefined, steps: [] };
  const { window, fromMs, toMs } = recent;
  const ofPf = window.select('http_req_duration{peer:pf}', isAnswered);
  return {
    perSecond: sumOf(window.select(unit)) / secondsOf(recent),
    plannedPerSecond: plannedRateNow(plan, fromMs, toMs),
    p95Ms: trend(ofPf ?? window.select('http_req_duration', isAnswered), 'p(95)'),
    steps: stepsOf(recent, unit),
  };
}

function secondsOf({ fromMs, toMs }: Recent): number {
  return Math.max(1, toMs - fromMs) / 1_000;
}

/** Steps of our flows, or requests by name in other scripts. Latency counts answered requests only, errors all. */
function stepsOf(recent: Recent, unit: LiveNumbers['unit']): LiveStep[] {
  return requestTotals(recent.window, unit === 'flows' ? isOfPf : undefined)
    .map(({ name, failed, duration }) => ({
      name,
      perSecond: Math.max(duration?.samples ?? 0, failed?.samples ?? 0) / secondsOf(recent),
      p95Ms: trend(duration, 'p(95)'),
      errors: share(failed),
    }))
    .filter(({ perSecond }) => perSecond > 0)
    .sort((a, b) => b.perSecond - a.perSecond || (a.name < b.name ? -1 : 1));
}

function pairing(recent: Recent | undefined): LivePairing {
  if (recent === undefined) return { perSecond: 0, errors: undefined, p95Ms: undefined };
  const total = recent.window.select('pairing_duration');
  return {
    perSecond: (total?.samples ?? 0) / secondsOf(recent),
    errors: share(recent.window.select('pairing_error_rate')),
    p95Ms: trend(total, 'p(95)'),
  };
}

function polling(recent: Recent | undefined): LivePolling {
  const window = recent?.window;
  const total = window?.select('poll_duration');
  return {
    perSecond: recent === undefined ? 0 : (total?.samples ?? 0) / secondsOf(recent),
    errors: share(window?.select('poll_error_rate')),
    p95Ms: trend(total, 'p(95)'),
    lagP95Ms: trend(window?.select('decision_lag'), 'p(95)'),
    pollsMed: trend(window?.select('polls_per_flow'), 'med'),
  };
}

function generator(recent: Recent | undefined, dropped: number): LiveGenerator {
  const window = recent?.window;
  const cpu = window?.select('generator_cpu_cores');
  return {
    eventLoopP99Ms: trend(window?.select('generator_event_loop_delay'), 'p(99)'),
    startLagP99Ms: trend(window?.select('generator_start_lag'), 'p(99)'),
    stepLatenessP99Ms: trend(window?.select('step_lateness'), 'p(99)'),
    cpuCores: cpu !== undefined && 'value' in cpu && cpu.samples > 0 ? cpu.value : undefined,
    dropped,
  };
}

/** The phase in which most of the newest starts lie. */
function partOf(newest: SeriesTotals, unit: LiveNumbers['unit']): string | undefined {
  const most = (metric: string, tags: readonly string[]): Readonly<Record<string, string>> | undefined =>
    [...newest.breakdown(metric, tags)]
      .filter((group) => group.total.samples > 0)
      .sort((a, b) => b.total.samples - a.total.samples)[0]?.tags;
  const { phase = '', level = '' } = most(unit, ['phase', 'level']) ?? {};
  if (phase === '') return undefined;
  if (level !== '') return `${phase} ${level}`;
  if (phase !== 'fault' && phase !== 'recovery') return phase;
  const fault = most('phase_duration', ['fault'])?.['fault'] ?? '';
  return fault === '' ? phase : `${phase} ${fault}`;
}
