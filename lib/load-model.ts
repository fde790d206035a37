import type { Scenario } from 'k6/options';
import { ConfigurationError } from '../contract/configuration-error.ts';
import { formatDuration } from './duration.ts';
import { requireFreshUsers } from './population/slices.ts';
import type { InventoryFacts } from './population/slices.ts';
import type { Settings } from './settings.ts';

/** The k6 scenarios of a run and how many iterations each plans. */
export interface LoadModel {
  readonly scenarios: Readonly<Record<string, Scenario>>;
  readonly planned: Readonly<Record<string, number>>;
}

/** Longest wait of a flow: a user who comes back when the flow has expired. */
const GRACEFUL_STOP = '45s';

/** Time a flow spends in requests, for planning: ten requests of 100 ms. */
const MACHINE_MS = 1000;

/** FLOWS flows, shared among VUS virtual users. */
export function sharedFlows({ flows, vus: most = flows, timeScale }: Settings, facts: InventoryFacts): LoadModel {
  const vus = Math.min(most, flows);
  requireFreshUsers(vus / ((facts.meanHumanMs * timeScale) / 1000), flows, facts, timeScale);
  return {
    scenarios: {
      steady: {
        executor: 'shared-iterations',
        vus,
        iterations: flows,
        maxDuration: '1h',
        gracefulStop: GRACEFUL_STOP,
        tags: { phase: 'steady' },
      },
    },
    planned: { steady: flows },
  };
}

/**
 * Open model: flow starts grow to RATE during RAMP, then stay there for DURATION. The virtual users are as many as the
 * rate needs by Little's law (L = λ·W: rate × mean flow time), with room for chance: 3 standard deviations of a Poisson
 * number (M/G/∞) at first, twice that many at most.
 *
 * Throws a ConfigurationError where VUS is fewer than rate × mean flow time: such a run could only measure its own
 * want of users.
 */
export function openModel(settings: Settings, facts: InventoryFacts): LoadModel {
  const { rate, rampMs, durationMs } = settings;
  const flowSeconds = (facts.meanHumanMs * settings.timeScale + MACHINE_MS) / 1000;
  const mean = rate * flowSeconds;
  if (settings.vus !== undefined && settings.vus < mean) {
    throw new ConfigurationError(
      `VUS is ${settings.vus}; ${rate} flows/s of ${flowSeconds.toFixed(1)} s each need at least ${Math.ceil(mean)}`,
    );
  }
  const steadyStarts = (rate * durationMs) / 1000;
  const rampStarts = (rate * rampMs) / 2000;
  requireFreshUsers(rate, rampStarts + steadyStarts, facts, settings.timeScale);
  const likely = Math.ceil(mean + 3 * Math.sqrt(mean)) + 5;
  const maxVUs = settings.vus ?? likely * 2;
  const preAllocatedVUs = Math.min(likely, maxVUs);
  // k6 takes whole rates: the time unit carries the fraction.
  const timeUnitMs = Number.isInteger(rate) ? 1000 : 100_000;
  const perUnit = Math.round((rate * timeUnitMs) / 1000);
  const timeUnit = formatDuration(timeUnitMs);
  const common = { timeUnit, preAllocatedVUs, maxVUs, gracefulStop: GRACEFUL_STOP };
  const steady: Scenario = {
    ...common,
    executor: 'constant-arrival-rate',
    rate: perUnit,
    duration: formatDuration(durationMs),
    startTime: formatDuration(rampMs),
    tags: { phase: 'steady' },
  };
  if (rampMs === 0) return { scenarios: { steady }, planned: { steady: steadyStarts } };
  const ramp: Scenario = {
    ...common,
    executor: 'ramping-arrival-rate',
    startRate: 0,
    stages: [{ target: perUnit, duration: formatDuration(rampMs) }],
    tags: { phase: 'ramp' },
  };
  return { scenarios: { ramp, steady }, planned: { ramp: rampStarts, steady: steadyStarts } };
}
