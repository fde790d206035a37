import { ConfigurationError } from '../../contract/configuration-error.ts';
import type { Metric } from './metric.ts';
import type { MetricRegistry } from './registry.ts';
import { mergeSeries } from './series.ts';
import type { AnySeries, Tags } from './series.ts';

const SELECTOR = /^([^{}\s]+)\s*(?:\{(.*)\})?$/s;

/**
 * Takes `metric{tag:value,tag:value}` apart (k6-contract.md section 5); values may be quoted. Throws a
 * ConfigurationError.
 */
export function parseSelector(selector: string): { readonly metric: string; readonly tags: Tags } {
  const match = SELECTOR.exec(selector.trim());
  if (match === null)
    throw new ConfigurationError(`threshold selector "${selector}" is not of the form metric{tag:value,…}`);
  const tags: Record<string, string> = {};
  for (const part of (match[2] ?? '').split(',')) {
    if (part.trim() === '') continue;
    const colon = part.indexOf(':');
    if (colon <= 0)
      throw new ConfigurationError(`threshold selector "${selector}": "${part.trim()}" is not of the form tag:value`);
    tags[part.slice(0, colon).trim()] = part
      .slice(colon + 1)
      .trim()
      .replace(/^(["'])(.*)\1$/s, '$2');
  }
  return { metric: match[1]!, tags };
}

/** A metric, or the part of it whose series carry given tags. Series are matched once each, as they appear. */
export class Selection {
  readonly metric: Metric;
  readonly #tags: readonly (readonly [string, string])[];
  readonly #matching: AnySeries[] = [];
  #looked = 0;

  constructor(metric: Metric, tags: Tags) {
    this.metric = metric;
    this.#tags = Object.entries(tags);
  }

  /** One series that holds all samples so far. */
  merged(): AnySeries {
    const { series, type } = this.metric;
    for (; this.#looked < series.length; this.#looked++) {
      const candidate = series[this.#looked]!;
      if (this.#tags.every(([name, value]) => (candidate.tags[name] ?? '') === value)) this.#matching.push(candidate);
    }
    return this.#matching.length === 1 ? this.#matching[0]! : mergeSeries(type, this.#matching);
  }
}

/** Finds what a selector names; `undefined` if there is no such metric. Throws a ConfigurationError on bad syntax. */
export function select(registry: MetricRegistry, selector: string): Selection | undefined {
  const { metric: name, tags } = parseSelector(selector);
  const metric = registry.find(name);
  return metric === undefined ? undefined : new Selection(metric, tags);
}
