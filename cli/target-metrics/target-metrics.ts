import { ConfigurationError } from '../../contract/configuration-error.ts';
import type { NumberedInterval } from '../../contract/series-counts.ts';
import { GaugeLines } from './gauge-lines.ts';
import { queryRange, readQuery } from './prometheus-query.ts';
import type { TargetQuery } from './prometheus-query.ts';
import { TargetScraper } from './scraper.ts';

export interface TargetMetricFlags {
  readonly targetMetrics?: readonly string[];
  readonly prometheus?: string;
  readonly query?: readonly string[];
}

/** Records the target's own metrics: scraped during the run, and queried from a Prometheus after it. */
export class TargetMetrics {
  readonly #scraper: TargetScraper | undefined;
  readonly #prometheus: string;
  readonly #queries: readonly TargetQuery[];
  readonly #clock: number;
  readonly #flags: TargetMetricFlags;
  readonly #warn: (line: string) => void;
  #lines: GaugeLines | undefined;
  #startedAt: Date | undefined;

  /** Throws a ConfigurationError for invalid flags. */
  constructor(flags: TargetMetricFlags, clock: number, warn: (line: string) => void) {
    const { targetMetrics = [], prometheus, query = [] } = flags;
    if (prometheus === undefined && query.length > 0)
      throw new ConfigurationError('--query needs --prometheus URL: where to ask');
    if (prometheus !== undefined && query.length === 0)
      throw new ConfigurationError('--prometheus needs --query NAME=PROMQL: what to ask');
    for (const [flag, url] of [
      ...targetMetrics.map((one) => ['--target-metrics', one] as const),
      ...(prometheus === undefined ? [] : [['--prometheus', prometheus] as const]),
    ])
      if (!/^https?:\/\/[^/\s]+/.test(url))
        throw new ConfigurationError(`${flag} is "${url}"; write a URL, such as http://127.0.0.1:9404/metrics`);
    this.#scraper = targetMetrics.length === 0 ? undefined : new TargetScraper(targetMetrics, clock, warn);
    this.#prometheus = prometheus ?? '';
    this.#queries = query.map(readQuery);
    this.#clock = clock;
    this.#flags = flags;
    this.#warn = warn;
  }

  /** The same for another run. */
  anew(): TargetMetrics {
    return new TargetMetrics(this.#flags, this.#clock, this.#warn);
  }

  /** Tries each source before the load: what fails now fails in eight hours, too. Throws a ConfigurationError. */
  async check(): Promise<void> {
    await this.#scraper?.check();
    const now = new Date();
    for (const query of this.#queries) await queryRange(this.#prometheus, query, new Date(now.getTime() - 60_000), now);
  }

  start(startedAt: Date, intervalMs: number, record: (interval: NumberedInterval) => void): void {
    this.#startedAt = startedAt;
    const lines = (this.#lines = new GaugeLines(startedAt, intervalMs));
    this.#scraper?.start((values) => lines.lines(values).forEach(record));
  }

  /** Stops scraping and records the Prometheus queries; if one fails now, it is only a warning. */
  async finish(record: (interval: NumberedInterval) => void): Promise<void> {
    this.#scraper?.stop();
    if (this.#startedAt === undefined) return;
    for (const query of this.#queries) {
      try {
        const values = await queryRange(this.#prometheus, query, this.#startedAt, new Date());
        if (values.length === 0) this.#warn(`--query ${query.name}: no data from the time of the run`);
        this.#lines?.lines(values).forEach(record);
      } catch (error) {
        this.#warn((error as Error).message);
      }
    }
  }

  /** Stops scraping; call at every end. */
  stop(): void {
    this.#scraper?.stop();
  }
}
