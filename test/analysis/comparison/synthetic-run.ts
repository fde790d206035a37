import { RunCollector } from '../../../analysis/comparison/run-collector.ts';
import { estimateRun } from '../../../analysis/comparison/run-estimates.ts';
import type { EstimatedRun } from '../../../analysis/comparison/run-estimates.ts';
import { uniformNumbers } from '../../../contract/draw.ts';
import { Histogram } from '../../../contract/histogram.ts';
import { ofStep } from '../../../contract/selector.ts';
import { trendTotal } from '../../../contract/series-counts.ts';
import type { Interval, SeriesName, SeriesTotal, Tags } from '../../../contract/series-counts.ts';
import { RUN_VERSION } from '../../../record/run-file.ts';
import type { RunFile } from '../../../record/run-file.ts';

/** What a synthetic run is like. */
export interface SyntheticRun {
  readonly seed: number;
  /** Seconds at the rate, after a ramp of 15. */
  readonly seconds: number;
  /** Flows per second. */
  readonly rate: number;
  /** Autocorrelation from one second to the next of how slow the target is. */
  readonly rho: number;
  /** Standard deviation, of the logarithm, of how slow the target is from second to second: of all steps, and of each beside that. */
  readonly sharedScatter: number;
  readonly ownScatter: number;
  /** The same between runs: what a restart changes. */
  readonly runScatter: number;
  /** A small shift of the level at some moment, of the logarithm. */
  readonly shift: number;
  /** Factor of the duration of polls. */
  readonly pollFactor: number;
}

export const USUAL: SyntheticRun = {
  ...{
    seed: 1,
    seconds: 300,
    rate: 20,
    rho: 0.5,
    sharedScatter: 0.05,
    ownScatter: 0.03,
    runScatter: 0,
    shift: 0.01,
    pollFactor: 1,
  },
};

/** Steps: median in ms, spread of the logarithm within a second, requests per flow. */
const STEPS: Readonly<Record<string, readonly [median: number, sigma: number, perFlow: number]>> = {
  start: [60, 0.35, 1],
  checkUsernamePassword: [110, 0.3, 1],
  authenticate: [90, 0.4, 0.95],
  continueAuthentication: [70, 0.4, 0.9],
  poll: [45, 0.4, 3],
  checkOtp: [85, 0.4, 0.25],
  selectDevice: [75, 0.4, 0.15],
  cancelAuthentication: [40, 0.4, 0.05],
  token: [50, 0.35, 0.85],
};

const RAMP = 15;

/** Normal and Poisson numbers of a seed. */
function numbersOf(seed: number): { normal: () => number; poisson: (mean: number) => number; uniform: () => number } {
  const uniform = uniformNumbers(seed);
  let spare: number | undefined;
  // Box & Muller: two at a time.
  const normal = (): number => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
    const angle = 2 * Math.PI * uniform();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
  const poisson = (mean: number): number => {
    if (mean === 0) return 0;
    if (mean > 200) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal()));
    let count = -1;
    for (let product = 1; product > Math.exp(-mean); product *= uniform()) count++;
    return count;
  };
  return { normal, poisson, uniform };
}

/** First-order autoregression with standard deviation 1. */
function autoregression(rho: number, normal: () => number): () => number {
  let value = normal();
  return () => (value = rho * value + Math.sqrt(1 - rho * rho) * normal());
}

/** run.json of such a run: the plan of the scenario `load`. */
export function syntheticRunFile({ seed, seconds, rate }: SyntheticRun): RunFile {
  const ms = seconds * 1_000;
  const ramp = RAMP * 1_000;
  const iterations = Math.round(rate * (seconds + RAMP / 2));
  return {
    ...{
      record: 'pairstorm-run',
      version: RUN_VERSION,
      testid: `synthetic-${seed}`,
      pairstorm: '0.1.0',
      host: 'engine',
      script: 'load',
    },
    ...{ startedAt: new Date(1.7e12 + seed * 1_000).toISOString(), intervalMs: 1_000 },
    ...{ target: 'https://pf.example.com:9031', simulated: false, seed: 7 },
    inventory: { generator: '1', seed: 7, population: 'mixed', users: 10_000 },
    settings: { RATE: `${rate}`, DURATION: `${seconds}s`, CLIENT_PROFILE: 'inventory' },
    scenarios: [
      {
        ...{ name: 'ramp', executor: 'ramping-arrival-rate', startMs: 0, durationMs: ramp, maxVus: 100 },
        arrivals: [
          [0, 0],
          [ramp, rate],
        ],
      },
      {
        ...{ name: 'steady', executor: 'constant-arrival-rate', startMs: ramp, durationMs: ms, maxVus: 100 },
        arrivals: [
          [ramp, rate],
          [ramp + ms, rate],
        ],
      },
    ],
    thresholds: [],
    machines: [{ instance: 'one', cpus: 4, runtime: 'v24', platform: 'linux' }],
    end: {
      ...{ endedAt: new Date(1.7e12 + seed * 1_000 + ramp + ms).toISOString(), durationMs: ramp + ms + 4_500 },
      ...{ verdict: 'pass', exitCode: 0, findings: [], causes: [] },
      iterations: { planned: iterations, started: iterations, completed: iterations, interrupted: 0, dropped: 0 },
      ...{ thresholds: [], ownDelay: null, simulator: null, failures: { seen: 0, kept: 0 } },
    },
  };
}

/** What such a run records: a target that is now slower, now faster, slowly changing; log-normal durations; Poisson counts. */
export function* syntheticIntervals(how: SyntheticRun): Generator<Interval> {
  const { normal, poisson, uniform } = numbersOf(how.seed);
  const names = new Map<string, SeriesName>();
  const nameOf = (metric: string, type: SeriesName['type'], tags: Tags): SeriesName => {
    const key = JSON.stringify([metric, tags]);
    let name = names.get(key);
    if (name === undefined)
      names.set(key, (name = { metric, type, contains: type === 'trend' ? 'time' : 'default', tags }));
    return name;
  };
  const shared = autoregression(how.rho, normal);
  const errors = autoregression(how.rho, normal);
  const own = Object.fromEntries(Object.keys(STEPS).map((step) => [step, autoregression(how.rho, normal)]));
  const runLevel = how.runScatter * normal();
  const turn = RAMP + uniform() * how.seconds;
  for (let second = 0; second < RAMP + how.seconds; second++) {
    const phase = second < RAMP ? 'ramp' : 'steady';
    const rate = how.rate * Math.min(1, (second + 0.5) / RAMP);
    const recorded: (readonly [SeriesName, SeriesTotal])[] = [];
    const count = (metric: string, sum: number, tags: Tags = {}): void =>
      void recorded.push([nameOf(metric, 'counter', { ...tags, phase }), { samples: sum, sum }]);
    const trend = (metric: string, histogram: Histogram, tags: Tags = {}): void =>
      void recorded.push([nameOf(metric, 'trend', { ...tags, phase }), trendTotal(histogram)]);
    const share = (metric: string, samples: number, p: number, tags: Tags = {}): void => {
      const passes = Math.min(samples, poisson(samples * p));
      recorded.push([nameOf(metric, 'rate', { ...tags, phase }), { samples, passes }]);
    };
    const level = runLevel + how.sharedScatter * shared() + (second > turn ? how.shift : 0);
    const flows = poisson(rate);
    count('flows', flows, { kind: 'F1' });
    count('flow_outcomes', flows, { kind: 'F1', outcome: 'device_paired' });
    count('iterations', flows);
    if (uniform() < 0.02) count('dropped_iterations', 1);
    const perFlow = new Histogram();
    for (const [step, [median, sigma, times]] of Object.entries(STEPS)) {
      const slow = Math.exp(level + how.ownScatter * own[step]!()) * (step === 'poll' ? how.pollFactor : 1);
      const histogram = new Histogram();
      for (let left = poisson(rate * times); left > 0; left--)
        histogram.record(median * slow * Math.exp(sigma * normal()));
      trend('http_req_duration', histogram, ofStep(step));
    }
    for (let left = flows; left > 0; left--) perFlow.record(600 * Math.exp(level) * Math.exp(0.3 * normal()));
    trend('flow_duration', perFlow, { kind: 'F1' });
    trend('pairing_duration', perFlow, { platform: 'iPhone' });
    const lag = new Histogram();
    for (let left = poisson(rate * 0.5); left > 0; left--)
      lag.record(1_000 * uniform() + 45 * Math.exp(level) * how.pollFactor);
    trend('decision_lag', lag);
    const wrong = 0.004 * Math.exp(0.7 * errors());
    share('poll_error_rate', poisson(rate * 3), wrong);
    share('outcome_mismatch', flows, wrong, { kind: 'F1' });
    share('http_req_failed', poisson(rate * 8), wrong / 2, { peer: 'pf' });
    share('pairing_error_rate', poisson(rate * 0.6), 0.02, { platform: 'iPhone' });
    yield { index: second, recorded };
  }
}

/** Such a run, taken in as a comparison takes one. */
export function syntheticRun(how: SyntheticRun): EstimatedRun {
  const collector = new RunCollector(syntheticRunFile(how));
  for (const interval of syntheticIntervals(how)) collector.add(interval);
  return estimateRun(`results/synthetic-${how.seed}`, collector.finish(0));
}
