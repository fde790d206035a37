import { NETWORK_FAULTS, STANDARD_FAULTS } from '../../catalogue/phases.ts';
import { choice, duration, flag, list, number, optional, setting, url, whole } from '../../contract/setting.ts';
import type { ScenarioName } from '../../contract/setting.ts';

const OPEN_MODEL: readonly ScenarioName[] = ['load', 'soak'];
const WITH_RATE: readonly ScenarioName[] = [...OPEN_MODEL, 'spike', 'resilience'];
const JUDGED: readonly ScenarioName[] = [...WITH_RATE, 'capacity'];
const CAPACITY: readonly ScenarioName[] = ['capacity'];
const SPIKE: readonly ScenarioName[] = ['spike'];
const RESILIENCE: readonly ScenarioName[] = ['resilience'];
const CHANGING: readonly ScenarioName[] = ['spike', 'resilience'];

const DAY_MS = 86_400_000;
const rate = number(0.01, 100_000);
const time = duration(100, DAY_MS);
const share = number(0, 1);

/** How much load, and for how long. */
export const LOAD = {
  vus: setting('VUS', {
    parse: optional(whole(1, 100_000)),
    defaults: { smoke: 25 },
    meaning: 'smoke: number of VUs; other scenarios: maximum number of VUs (empty: derived from the rate)',
  }),
  flows: setting('FLOWS', {
    parse: whole(1, 1_000_000),
    defaults: { smoke: 60 },
    scenarios: ['smoke'],
    meaning: 'number of flows, one for each of the first users of the inventory',
  }),
  rate: setting('RATE', {
    parse: rate,
    unit: 'flows/s',
    defaults: { load: 20, soak: 2, spike: 5, resilience: 10 },
    scenarios: WITH_RATE,
    meaning: 'flow starts per second',
  }),
  rampMs: setting('RAMP', {
    parse: duration(0, DAY_MS),
    defaults: { load: '15s', soak: '1m', spike: '15s', resilience: '15s' },
    scenarios: WITH_RATE,
    meaning: 'ramp-up time to RATE',
  }),
  durationMs: setting('DURATION', {
    parse: duration(1000, 7 * DAY_MS),
    defaults: { load: '1m', soak: '8h' },
    scenarios: OPEN_MODEL,
    meaning: 'time at RATE',
  }),
  arrivals: setting('ARRIVALS', {
    parse: choice('poisson', 'even'),
    default: 'poisson',
    scenarios: JUDGED,
    meaning:
      'when flows start: as those of independent people (a Poisson process), or evenly spaced, which flatters a target by 3.5 to 5 %',
  }),
  seed: setting('SEED', {
    parse: optional(whole(0, 0xffff_ffff)),
    scenarios: JUDGED,
    meaning: 'seed of the Poisson starts (empty: that of the inventory)',
  }),
};

/** When a run passes. */
export const JUDGEMENT = {
  p95Ms: setting('P95_MS', {
    parse: number(1, 60_000),
    unit: 'ms',
    default: 1000,
    scenarios: JUDGED,
    meaning: 'threshold: p95 latency of each step, once RATE is reached; capacity: of all requests, at each rate',
  }),
  maxErrorRate: setting('MAX_ERROR_RATE', {
    parse: share,
    default: 0.01,
    scenarios: JUDGED,
    meaning: 'threshold: share of failed requests, of failed polls, and of flows without the expected outcome',
  }),
  maxUnexpected: setting('MAX_UNEXPECTED', {
    parse: share,
    default: 0.01,
    meaning:
      'share of flows that may leave the path of their kind (off_path) before the run fails; smoke allows none. Not a threshold: for k6 runs, “pairstorm import” applies the default',
  }),
  allowUnverified: setting('ALLOW_UNVERIFIED', {
    parse: flag,
    default: false,
    meaning: 'do not fail the run because of tokens without the status attribute',
  }),
};

/** Settings of the scenarios that change something while they run. */
export const PHASE_SETTINGS = {
  startRate: setting('START_RATE', {
    parse: rate,
    unit: 'flows/s',
    default: 5,
    scenarios: CAPACITY,
    meaning: 'first rate of the search',
  }),
  stepRate: setting('STEP_RATE', {
    parse: rate,
    unit: 'flows/s',
    default: 5,
    scenarios: CAPACITY,
    meaning: 'increase from one rate to the next',
  }),
  maxRate: setting('MAX_RATE', {
    parse: rate,
    unit: 'flows/s',
    default: 100,
    scenarios: CAPACITY,
    meaning: 'highest rate of the search',
  }),
  stepMs: setting('STEP_DURATION', {
    parse: time,
    default: '30s',
    scenarios: CAPACITY,
    meaning: 'time at each rate',
  }),
  steadyMs: setting('STEADY_DURATION', {
    parse: time,
    defaults: { spike: '1m', resilience: '30s' },
    scenarios: CHANGING,
    meaning: 'time at RATE before the spike, or before each fault and after the last',
  }),
  spikeFactor: setting('SPIKE_FACTOR', {
    parse: number(1, 1000),
    default: 10,
    scenarios: SPIKE,
    meaning: 'spike rate as a multiple of RATE',
  }),
  spikeMs: setting('SPIKE_DURATION', { parse: time, default: '1m', scenarios: SPIKE, meaning: 'length of the spike' }),
  faultMs: setting('FAULT_DURATION', {
    parse: time,
    default: '30s',
    scenarios: RESILIENCE,
    meaning: 'length of each fault',
  }),
  recoveryMs: setting('RECOVERY_DURATION', {
    parse: time,
    defaults: { spike: '2m', resilience: '1m' },
    scenarios: CHANGING,
    meaning: 'time after a spike or fault that the target has to recover',
  }),
  faults: setting('FAULTS', {
    parse: list([...STANDARD_FAULTS, ...NETWORK_FAULTS]),
    default: STANDARD_FAULTS,
    scenarios: RESILIENCE,
    meaning:
      'faults to inject one after the other, separated by commas: those of the simulator, and (with --toxiproxy) of the network',
  }),
  faultShare: setting('FAULT_SHARE', {
    parse: number(0.001, 1),
    default: 0.3,
    scenarios: RESILIENCE,
    meaning: 'share of the users that each fault affects; of a network fault: share of the connections',
  }),
  faultStartUrl: setting('FAULT_START_URL', {
    parse: url,
    scenarios: RESILIENCE,
    meaning: 'your hook (POST) that starts a fault, instead of the simulator; load continues at RATE',
  }),
  faultEndUrl: setting('FAULT_END_URL', {
    parse: url,
    scenarios: RESILIENCE,
    meaning: 'your hook that ends the fault; called again at the end of the run',
  }),
};
