import { printDuration } from '../../contract/duration.ts';
import type { NumberedInterval } from '../../contract/series-counts.ts';
import { proxyChoice } from '../http/proxy.ts';
import type { ProxyEnvironment } from '../http/proxy.ts';
import { Guard } from './guarded.ts';
import type { RunOutcome, RunPlan } from './prometheus/run-facts.ts';
import { RunState } from './prometheus/run-state.ts';
import { ScrapeEndpoint } from './prometheus/scrape-endpoint.ts';
import type { ScrapeTarget } from './prometheus/scrape-target.ts';
import type { TrendStat } from './prometheus/trend-stats.ts';
import { RemoteWrite } from './remote-write/remote-write.ts';
import type { RemoteWriteTarget } from './remote-write/settings.ts';

export type { RunOutcome, RunPlan };

/** Where a run's metrics go as it plays, interval by interval. */
export type IntervalTarget = ScrapeTarget | RemoteWriteTarget;

/** How they are shown, and who hears of it. */
export interface IntervalOutputOptions {
  readonly trendStats: readonly TrendStat[];
  /** Name of this machine, where nobody else tells machines apart. */
  readonly instance: string;
  readonly proxies: ProxyEnvironment;
  /** Longest time that the end of a run waits for a receiver, in milliseconds; 10 s by default. */
  readonly deliverWithinMs?: number;
  readonly say: (line: string) => void;
  readonly warn: (line: string) => void;
}

const DELIVER_WITHIN_MS = 10_000;

/** Outputs that hear what a run recorded in each interval: those of Prometheus. */
export class IntervalOutputs {
  readonly #targets: readonly IntervalTarget[];
  readonly #options: IntervalOutputOptions;
  readonly #endpoints: readonly ScrapeEndpoint[];
  #state: RunState | undefined;
  #plan: RunPlan | undefined;
  #writers: readonly RemoteWrite[] = [];
  #closed = false;
  /** What is shown is one for all of them: where it fails, they keep what they had. */
  readonly #guard: Guard;

  private constructor(
    targets: readonly IntervalTarget[],
    options: IntervalOutputOptions,
    endpoints: readonly ScrapeEndpoint[],
  ) {
    this.#targets = targets;
    this.#options = options;
    this.#endpoints = endpoints;
    this.#guard = new Guard((reason) => {
      options.warn(`--out prometheus: an error occurred, metrics are not updated any more: ${reason}`);
    });
  }

  /** Listens where Prometheus is to ask; nothing is sent yet. Throws a ConfigurationError for a port that cannot be had. */
  static async open(targets: readonly IntervalTarget[], options: IntervalOutputOptions): Promise<IntervalOutputs> {
    const endpoints: ScrapeEndpoint[] = [];
    try {
      for (const target of targets) {
        if (target.kind !== 'prometheus') continue;
        const endpoint = await ScrapeEndpoint.open(target, options.warn);
        endpoints.push(endpoint);
        options.say(`prometheus: metrics at ${endpoint.url}`);
      }
    } catch (error) {
      await Promise.all(endpoints.map((endpoint) => endpoint.discard()));
      throw error;
    }
    return new IntervalOutputs(targets, options, endpoints);
  }

  /** The run begins. */
  begin(plan: RunPlan): void {
    const { trendStats, warn, instance, proxies } = this.#options;
    const state = new RunState(plan, trendStats, warn);
    this.#plan = plan;
    this.#state = state;
    for (const endpoint of this.#endpoints) endpoint.show(state);
    const about = { version: plan.pairstorm, instance };
    const proxyOf = proxyChoice(proxies);
    this.#writers = this.#targets
      .filter((target) => target.kind === 'prometheus-rw')
      .map((target) => new RemoteWrite(target, state, about, proxyOf, this.#options));
  }

  /** What was recorded in an interval, or in a part of it. */
  take(interval: NumberedInterval): void {
    const [state, plan] = [this.#state, this.#plan];
    if (state === undefined || plan === undefined) return;
    this.#guard.do(() => {
      state.take(interval);
      for (const writer of this.#writers) writer.recordedTo(plan.startedAtMs + (interval.index + 1) * plan.intervalMs);
    });
  }

  /** The run has ended, and this is how. */
  finish(outcome: RunOutcome): void {
    this.#guard.do(() => this.#state?.finish(outcome));
  }

  /** Sends what is left and waits for a last scrape, at most that long; `cut` ends both. What did not get through is said. */
  async close(lingerMs: number, cut: AbortSignal): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await Promise.all([
      ...this.#writers.map((writer) => writer.close(this.#options.deliverWithinMs ?? DELIVER_WITHIN_MS, cut)),
      ...this.#endpoints.map((endpoint) => this.#leave(endpoint, lingerMs, cut)),
    ]);
  }

  /** Stops at once, because nothing was run; after `close` there is nothing to stop. */
  async discard(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await Promise.all([...this.#writers, ...this.#endpoints].map((output) => output.discard()));
  }

  async #leave(endpoint: ScrapeEndpoint, lingerMs: number, cut: AbortSignal): Promise<void> {
    endpoint.end();
    if (lingerMs > 0 && !cut.aborted) {
      const { say, warn } = this.#options;
      say(
        `prometheus: waiting up to ${printDuration(lingerMs)} for a last scrape of ${endpoint.url}; Ctrl-C skips this`,
      );
      const came = await endpoint.lastScrape(lingerMs, cut);
      if (!came) warn(`${endpoint.url} was not scraped after the end: Prometheus may lack the last values of this run`);
    }
    await endpoint.discard();
  }
}
