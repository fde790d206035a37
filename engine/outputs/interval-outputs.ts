import { printDuration } from '../../contract/duration.ts';
import type { NumberedInterval } from '../../contract/series-counts.ts';
import { proxyChoice } from '../http/proxy.ts';
import type { ProxyEnvironment } from '../http/proxy.ts';
import { Guard } from './guarded.ts';
import type { RunOutcome, PlannedRunFacts } from './prometheus/run-facts.ts';
import { RunState } from './prometheus/run-state.ts';
import { ScrapeEndpoint } from './prometheus/scrape-endpoint.ts';
import type { ScrapeTarget } from './prometheus/scrape-target.ts';
import type { PrometheusStat } from './prometheus/trend-stats.ts';
import { RemoteWrite } from './remote-write/remote-write.ts';
import type { RemoteWriteTarget } from './remote-write/settings.ts';

/** Where a run's metrics are sent or exposed, interval by interval. */
export type IntervalTarget = ScrapeTarget | RemoteWriteTarget;

/** Options of all interval outputs. */
export interface IntervalOutputOptions {
  readonly trendStats: readonly PrometheusStat[];
  /** Name of this machine, unless configured otherwise. */
  readonly instance: string;
  readonly proxies: ProxyEnvironment;
  /** Maximum time to wait for a receiver at the end of the run, in milliseconds; 10 s by default. */
  readonly deliverWithinMs?: number;
  readonly log: (line: string) => void;
  readonly warn: (line: string) => void;
}

const DELIVER_WITHIN_MS = 10_000;

/** Outputs fed with the recorded intervals: those for Prometheus. */
export class IntervalOutputs {
  readonly #targets: readonly IntervalTarget[];
  readonly #options: IntervalOutputOptions;
  readonly #endpoints: readonly ScrapeEndpoint[];
  #state: RunState | undefined;
  #plan: PlannedRunFacts | undefined;
  #writers: readonly RemoteWrite[] = [];
  #closed = false;
  /** Guards the state shared by all outputs: if it fails, they keep what they had. */
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

  /** Opens the scrape endpoints; nothing is sent yet. Throws a ConfigurationError if a port cannot be opened. */
  static async open(targets: readonly IntervalTarget[], options: IntervalOutputOptions): Promise<IntervalOutputs> {
    const endpoints: ScrapeEndpoint[] = [];
    try {
      for (const target of targets) {
        if (target.kind !== 'prometheus') continue;
        const endpoint = await ScrapeEndpoint.open(target, options.warn);
        endpoints.push(endpoint);
        options.log(`prometheus: metrics at ${endpoint.url}`);
      }
    } catch (error) {
      await Promise.all(endpoints.map((endpoint) => endpoint.discard()));
      throw error;
    }
    return new IntervalOutputs(targets, options, endpoints);
  }

  /** The run starts. */
  begin(plan: PlannedRunFacts): void {
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

  /** Adds an interval, or a part of one. */
  write(interval: NumberedInterval): void {
    const [state, plan] = [this.#state, this.#plan];
    if (state === undefined || plan === undefined) return;
    this.#guard.do(() => {
      state.add(interval);
      for (const writer of this.#writers) writer.recordedTo(plan.startedAtMs + (interval.index + 1) * plan.intervalMs);
    });
  }

  /** The run has ended. */
  finish(outcome: RunOutcome): void {
    this.#guard.do(() => this.#state?.finish(outcome));
  }

  /** Sends the rest and waits for a last scrape, up to `lingerMs`; `cut` ends both. Warns about losses. */
  async close(lingerMs: number, cut: AbortSignal): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await Promise.all([
      ...this.#writers.map((writer) => writer.close(this.#options.deliverWithinMs ?? DELIVER_WITHIN_MS, cut)),
      ...this.#endpoints.map((endpoint) => this.#leave(endpoint, lingerMs, cut)),
    ]);
  }

  /** Stops at once, because nothing was run; no-op after `close`. */
  async discard(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await Promise.all([...this.#writers, ...this.#endpoints].map((output) => output.discard()));
  }

  async #leave(endpoint: ScrapeEndpoint, lingerMs: number, cut: AbortSignal): Promise<void> {
    endpoint.end();
    if (lingerMs > 0 && !cut.aborted) {
      const { log, warn } = this.#options;
      log(
        `prometheus: waiting up to ${printDuration(lingerMs)} for a last scrape of ${endpoint.url}; Ctrl-C skips this`,
      );
      const came = await endpoint.lastScrape(lingerMs, cut);
      if (!came) warn(`${endpoint.url} was not scraped after the end: Prometheus may lack the last values of this run`);
    }
    await endpoint.discard();
  }
}
