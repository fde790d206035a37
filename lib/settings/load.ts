import { STANDARD_FAULTS } from '../../catalogue/phases.ts';
import { duration, flag, list, number, optional, setting, url, whole } from '../../contract/setting.ts';
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

/** How much load there is, and for how long. */
export const LOAD = {
  vus: setting('VUS', {
    parse: optional(whole(1, 100_000)),
    defaults: { smoke: 25 },
    meaning: 'smoke: virtual users at a time; elsewhere the most there may be (empty: worked out from the rate)',
  }),
  flows: setting('FLOWS', {
    parse: whole(1, 1_000_000),
    defaults: { smoke: 60 },
    scenarios: ['smoke'],
    meaning: 'flows to play, the first users of the inventory; the first of all play every kind',
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
    meaning: 'time to reach RATE',
  }),
  durationMs: setting('DURATION', {
    parse: duration(1000, 7 * DAY_MS),
    defaults: { load: '1m', soak: '8h' },
    scenarios: OPEN_MODEL,
    meaning: 'time at RATE',
  }),
};

/** Where a run passes. */
export const JUDGEMENT = {
  p95Ms: setting('P95_MS', {
    parse: number(1, 60_000),
    unit: 'ms',
    default: 1000,
    scenarios: JUDGED,
    meaning:
      'threshold: 95 % of the requests of each step take less, once RATE is reached; capacity: of all requests, at each rate',
  }),
  maxErrorRate: setting('MAX_ERROR_RATE', {
    parse: share,
    default: 0.01,
    scenarios: JUDGED,
    meaning:
      'threshold: the share of failed requests, of failed polls and of flows that ended otherwise than prescribed',
  }),
  maxUnexpected: setting('MAX_UNEXPECTED', {
    parse: share,
    default: 0.01,
    meaning:
      'share of flows that may be off the path of their kind (off_path) before the run fails; smoke allows none. Not a threshold: of k6’s runs “pairstorm import” judges it, always by the default',
  }),
  allowUnverified: setting('ALLOW_UNVERIFIED', {
    parse: flag,
    default: false,
    meaning: 'do not fail the run for tokens without the status attribute',
  }),
};

/** What the scenarios that change something while they run can be told. */
export const PHASES = {
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
    meaning: 'how much each next rate is higher',
  }),
  maxRate: setting('MAX_RATE', {
    parse: rate,
    unit: 'flows/s',
    default: 100,
    scenarios: CAPACITY,
    meaning: 'where the search ends at the latest',
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
    meaning: 'time at RATE before the burst, or before each fault and after the last',
  }),
  spikeFactor: setting('SPIKE_FACTOR', {
    parse: number(1, 1000),
    default: 10,
    scenarios: SPIKE,
    meaning: 'spike rate as a multiple of RATE',
  }),
  spikeMs: setting('SPIKE_DURATION', { parse: time, default: '1m', scenarios: SPIKE, meaning: 'time of the burst' }),
  faultMs: setting('FAULT_DURATION', {
    parse: time,
    default: '30s',
    scenarios: RESILIENCE,
    meaning: 'time of each fault',
  }),
  recoveryMs: setting('RECOVERY_DURATION', {
    parse: time,
    defaults: { spike: '2m', resilience: '1m' },
    scenarios: CHANGING,
    meaning: 'time after burst or fault in which things may still be wrong; recovery is told in twentieths of it',
  }),
  faults: setting('FAULTS', {
    parse: list(STANDARD_FAULTS),
    default: STANDARD_FAULTS,
    scenarios: RESILIENCE,
    meaning: 'faults that the simulator is told to make, one after the other, separated by commas',
  }),
  faultShare: setting('FAULT_SHARE', {
    parse: number(0.001, 1),
    default: 0.3,
    scenarios: RESILIENCE,
    meaning: 'share of the users whom each fault hits',
  }),
  faultStartUrl: setting('FAULT_START_URL', {
    parse: url,
    scenarios: RESILIENCE,
    meaning: 'a hook of yours (POST) that begins a fault, in the place of the simulator’s; RATE goes on meanwhile',
  }),
  faultEndUrl: setting('FAULT_END_URL', {
    parse: url,
    scenarios: RESILIENCE,
    meaning: 'the hook that ends it; called once more when the run ends',
  }),
};
