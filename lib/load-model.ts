import type { ConstantArrivalRateScenario, RampingArrivalRateScenario, Scenario } from 'k6/options';
import { ConfigurationError } from '../contract/configuration-error.ts';
import { formatDuration } from '../contract/duration.ts';
import { hash32 } from '../contract/draw.ts';
import type { Arrivals } from '../contract/planned-scenario.ts';
import { poissonPlan, poissonStages, startsUntil } from './poisson-arrivals.ts';
import type { Timeline } from './phases/timeline.ts';
import { requireFreshUsers, turnsOf, usersNeeded } from './population/slices.ts';
import type { InventoryFacts } from './population/slices.ts';
import type { Settings } from './settings.ts';

/** The k6 scenarios of a run and how many iterations each plans. */
export interface LoadModel {
  readonly scenarios: Readonly<Record<string, Scenario>>;
  readonly planned: Readonly<Record<string, number>>;
  /** Largest number of flow starts per second. */
  readonly peakRate: number;
  /** What was cut from the plan because the users run out, in one sentence. */
  readonly cut?: string;
  /** What changes while flows run, and when. */
  readonly timeline?: Timeline;
  /** Of drawn starts: the time over which those of each k6 scenario spread, in milliseconds. */
  readonly cells?: Readonly<Record<string, number | undefined>>;
}

/** Allowance for a slow target, on top of the flow's waits. */
const GRACE_MS = 30_000;

/** Graceful stop: the length of the inventory's longest flow. */
export function gracefulStop({ timeScale }: Settings, { longestFlowMs }: InventoryFacts): string {
  return formatDuration(Math.ceil((longestFlowMs * timeScale + GRACE_MS) / 1000) * 1000);
}

/** Why a plan is cut to the number of users. */
function onlyOnce(usersExhausted: Settings['usersExhausted']): string {
  return `each user is played only once${usersExhausted === 'stop' ? ' (USERS_EXHAUSTED=stop)' : ''}`;
}

/** Time a flow spends in requests, for planning: ten requests of 100 ms. */
const MACHINE_MS = 1000;

/** How the starts of a k6 scenario are planned: the fields of its executor, and how many they are. */
interface PlannedStarts {
  readonly fields:
    Omit<RampingArrivalRateScenario, 'preAllocatedVUs'> | Omit<ConstantArrivalRateScenario, 'preAllocatedVUs'>;
  readonly planned: number;
  /** Of drawn starts: the time over which they spread, in milliseconds. */
  readonly cellMs?: number | undefined;
}

/**
 * The starts that a rate comes to in a k6 scenario: by the fields for evenly spaced ones, or drawn as of independent people. Then the
 * rate goes along as PLANNED_RATE, so that nobody takes the draws for it.
 */
export function plannedStarts(
  { arrivals, seed = 0 }: Settings,
  name: string,
  rate: Arrivals,
  even: PlannedStarts['fields'],
): PlannedStarts {
  if (arrivals === 'even') return { fields: even, planned: startsUntil(rate, Infinity) };
  const plan = poissonPlan(hash32(seed, name), rate);
  const { cellMs, counts } = plan;
  const fields = {
    executor: 'ramping-arrival-rate',
    startRate: counts[0]!,
    timeUnit: formatDuration(cellMs),
    stages: poissonStages(plan),
    env: { PLANNED_RATE: JSON.stringify(rate) },
  } as const;
  return { fields, planned: counts.reduce((sum, count) => sum + count, 0), cellMs };
}

/** Seconds that a flow keeps a virtual user, for planning: of people, of requests, and half of what starts spread over. */
export function flowSecondsOf(
  { timeScale }: Settings,
  { meanHumanMs }: InventoryFacts,
  { cellMs = 0 }: PlannedStarts,
): number {
  return (meanHumanMs * timeScale + MACHINE_MS + cellMs / 2) / 1000;
}

/**
 * FLOWS flows, shared among VUS virtual users. No more flows than users if each is played once, or if a user could be
 * in two flows at once.
 */
export function sharedFlows(settings: Settings, facts: InventoryFacts): LoadModel {
  const { timeScale, usersExhausted, flows: wanted, vus: most = wanted } = settings;
  const atOnce = Math.min(most, wanted);
  const rate = atOnce / ((facts.meanHumanMs * timeScale) / 1000);
  // A virtual user plays its flows one after another.
  const needed = usersNeeded(rate, wanted, facts.longestHumanMs * timeScale);
  const reuse = usersExhausted === 'recycle' && (atOnce === 1 || facts.users >= needed);
  const flows = reuse ? wanted : Math.min(wanted, facts.users);
  const vus = Math.min(most, flows);
  return {
    scenarios: {
      steady: {
        executor: 'shared-iterations',
        vus,
        iterations: flows,
        maxDuration: '1h',
        gracefulStop: gracefulStop(settings, facts),
        tags: { phase: 'steady' },
      },
    },
    planned: { steady: flows },
    peakRate: rate,
    ...(flows < wanted && { cut: `FLOWS=${wanted} is reduced to ${flows}, because ${onlyOnce(usersExhausted)}` }),
  };
}

/**
 * Milliseconds for which RATE can be kept, with each user played once. Throws a ConfigurationError if that is less than
 * a second.
 */
function affordableMs(
  { rate, rampMs, durationMs, usersExhausted, arrivals }: Settings,
  { users }: InventoryFacts,
): number {
  if (usersExhausted !== 'stop') return durationMs;
  // One user between ramp and steady phase stays free (sliceOffsets).
  const free = users - (rampMs === 0 ? 0 : Math.ceil((rate * rampMs) / 2000) + 1);
  // As many as leave room for three standard deviations of a Poisson number.
  const left = arrivals === 'even' ? free : (Math.sqrt(Math.max(0, free) + 2.25) - 1.5) ** 2;
  const lastsMs = Math.floor((left / rate) * 1000);
  if (lastsMs >= durationMs) return durationMs;
  if (lastsMs >= 1000) return lastsMs;
  throw new ConfigurationError(
    `INVENTORY has ${users} users, each used once (USERS_EXHAUSTED=stop), which is less than one second at ${rate} flows/s` +
      `${rampMs === 0 ? '' : ` after a ramp of ${rampMs / 1000} s`}; add users, lower RATE, or set USERS_EXHAUSTED=recycle`,
  );
}

/**
 * Open model: flow starts ramp up to RATE during RAMP and stay there for DURATION. The number of virtual users follows
 * Little's law (L = λ·W: rate × mean flow time), with room for chance: 3 standard deviations of a Poisson number
 * (M/G/∞) at first, at most twice as many.
 *
 * Throws a ConfigurationError if VUS is less than rate × mean flow time: such a run would only measure its own lack of
 * virtual users.
 */
export function openModel(settings: Settings, facts: InventoryFacts): LoadModel {
  const { rate, rampMs } = settings;
  const durationMs = affordableMs(settings, facts);
  // k6 takes whole rates: the time unit carries the fraction.
  const timeUnitMs = Number.isInteger(rate) ? 1000 : 100_000;
  const perUnit = Math.round((rate * timeUnitMs) / 1000);
  const timeUnit = formatDuration(timeUnitMs);
  const steadyRate: Arrivals = [
    [0, rate],
    [durationMs, rate],
  ];
  const steady = plannedStarts(settings, 'steady', steadyRate, {
    executor: 'constant-arrival-rate',
    timeUnit,
    rate: perUnit,
    duration: formatDuration(durationMs),
  });
  const flowSeconds = flowSecondsOf(settings, facts, steady);
  const mean = rate * flowSeconds;
  if (settings.vus !== undefined && settings.vus < mean) {
    throw new ConfigurationError(
      `VUS is ${settings.vus}; ${rate} flows/s of ${flowSeconds.toFixed(1)} s each need at least ${Math.ceil(mean)}`,
    );
  }
  const rampRate: Arrivals = [
    [0, 0],
    [rampMs, rate],
  ];
  const ramp =
    rampMs === 0
      ? undefined
      : plannedStarts(settings, 'ramp', rampRate, {
          executor: 'ramping-arrival-rate',
          timeUnit,
          startRate: 0,
          stages: [{ target: perUnit, duration: formatDuration(rampMs) }],
        });
  const planned = { ...(ramp && { ramp: ramp.planned }), steady: steady.planned };
  requireFreshUsers(rate, turnsOf(planned), facts, settings.timeScale);
  const likely = Math.ceil(mean + 3 * Math.sqrt(mean)) + 5;
  const maxVUs = settings.vus ?? likely * 2;
  const preAllocatedVUs = Math.min(likely, maxVUs);
  const common = { preAllocatedVUs, maxVUs, gracefulStop: gracefulStop(settings, facts) };
  const scenarios: Record<string, Scenario> = {
    steady: { ...common, ...steady.fields, startTime: formatDuration(rampMs), tags: { phase: 'steady' } },
  };
  const cut = durationMs < settings.durationMs && {
    cut:
      `DURATION=${formatDuration(settings.durationMs)} is reduced to ${formatDuration(durationMs)}, because ` +
      onlyOnce('stop'),
  };
  if (ramp === undefined) return { scenarios, planned, peakRate: rate, cells: { steady: steady.cellMs }, ...cut };
  return {
    scenarios: { ramp: { ...common, ...ramp.fields, tags: { phase: 'ramp' } }, ...scenarios },
    planned,
    peakRate: rate,
    cells: { ramp: ramp.cellMs, steady: steady.cellMs },
    ...cut,
  };
}
