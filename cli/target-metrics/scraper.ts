import { TARGET_METRICS } from '../../catalogue/target-metrics.ts';
import type { ExposedSample } from '../../catalogue/target-metrics.ts';
import { ConfigurationError } from '../../contract/configuration-error.ts';
import { maskUrl } from '../../contract/shown-text.ts';
import { reasonOf } from '../one-line.ts';
import { readExposition } from './exposition.ts';
import { fetchText } from './fetch-text.ts';
import type { TargetValue } from './gauge-lines.ts';

/** Scrape interval in milliseconds, Prometheus's default, and its lower bound. */
const EVERY_MS = 15_000;
const SHORTEST_MS = 1_000;

interface Seen {
  readonly value: number;
  readonly at: number;
}

class Target {
  readonly url: string;
  readonly #tags: TargetValue['tags'];
  readonly #counters = new Map<string, Seen>();
  #silent = false;

  constructor(url: string, tags: TargetValue['tags']) {
    this.url = url;
    this.#tags = tags;
  }

  /** Scrapes values; a counter's rate needs two scrapes without a reset. Rejects without an answer. */
  async look(): Promise<TargetValue[]> {
    // Of a series that is told twice, the last.
    const samples = [
      ...new Map(readExposition(await fetchText(this.url)).map((one) => [seriesKey(one), one])).values(),
    ];
    const at = Date.now();
    this.#silent = false;
    return Object.entries(TARGET_METRICS).flatMap(([metric, { from, labels = {}, counter }]): TargetValue[] => {
      const chosen = samples.filter((sample) => sample.name === from && hasLabels(sample, labels));
      if (chosen.length === 0) return [];
      const sum = chosen.reduce((total, { value }) => total + value, 0);
      const value = counter === true ? this.#growth(metric, sum, at) : sum;
      return value === undefined ? [] : [{ metric, tags: this.#tags, value, at }];
    });
  }

  #growth(metric: string, value: number, at: number): number | undefined {
    const before = this.#counters.get(metric);
    this.#counters.set(metric, { value, at });
    if (before === undefined || value < before.value || at <= before.at) return undefined;
    return (value - before.value) / ((at - before.at) / 1_000);
  }

  /** True only for the first failure in a row. */
  fellSilent(): boolean {
    const news = !this.#silent;
    this.#silent = true;
    return news;
  }
}

/** Name and labels, in whatever order they are written. */
function seriesKey({ name, labels }: ExposedSample): string {
  return JSON.stringify([name, Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))]);
}

function hasLabels({ labels }: ExposedSample, wanted: Readonly<Record<string, string>>): boolean {
  return Object.entries(wanted).every(([name, value]) => labels[name] === value);
}

/** Scrapes the target's own metrics (`--target-metrics`) during a run. Missing answers leave a gap, never a zero. */
export class TargetScraper {
  readonly #targets: readonly Target[];
  readonly #everyMs: number;
  readonly #warn: (line: string) => void;
  #timer: NodeJS.Timeout | undefined;

  /** `clock`: the drift clock, which shortens the scrape interval. */
  constructor(urls: readonly string[], clock: number, warn: (line: string) => void) {
    this.#targets = urls.map((url, at) => new Target(url, urls.length === 1 ? {} : { target: `node${at + 1}` }));
    this.#everyMs = Math.max(SHORTEST_MS, EVERY_MS / clock);
    this.#warn = warn;
  }

  /** Throws a ConfigurationError if a target exposes none of the metrics we record. */
  async check(): Promise<void> {
    for (const target of this.#targets) {
      let found: readonly ExposedSample[];
      try {
        found = readExposition(await fetchText(target.url));
      } catch (error) {
        throw new ConfigurationError(`--target-metrics ${maskUrl(target.url)}: ${reasonOf(error)}`);
      }
      const wanted = Object.values(TARGET_METRICS).map(({ from }) => from);
      if (found.some(({ name }) => wanted.includes(name))) continue;
      throw new ConfigurationError(
        `--target-metrics ${maskUrl(target.url)} exposes none of ${wanted.join(', ')}; deploy/pingfederate/jmx-exporter.yml makes them`,
      );
    }
  }

  /** Starts scraping, and passes the values to `take`. */
  start(take: (values: readonly TargetValue[]) => void): void {
    const look = (): void => {
      for (const target of this.#targets) {
        target.look().then(take, (error: unknown) => {
          if (this.#timer !== undefined && target.fellSilent())
            this.#warn(`--target-metrics ${maskUrl(target.url)}: ${reasonOf(error)}; a gap in its series`);
        });
      }
    };
    look();
    this.#timer = setInterval(look, this.#everyMs);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
