import { ConfigurationError } from './configuration-error.ts';
import { withoutAlias } from './latency.ts';
import type { Selected } from './latency.ts';
import type { Tags } from './series-counts.ts';

const SELECTOR = /^([^{}\s]+)\s*(?:\{(.*)\})?$/s;

/**
 * Takes `metric{tag:value,tag:value}` apart (k6-contract.md section 5); values may be quoted. Throws a
 * ConfigurationError.
 */
export function parseSelector(selector: string): Selected {
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

/**
 * What a selector selects where `has` tells of each metric whether it is there: an alias of a latency stands for what it is short
 * for, unless a metric has its name, as in records of before. Throws a ConfigurationError.
 */
export function resolveSelector(selector: string, has: (metric: string) => boolean): Selected {
  const named = parseSelector(selector);
  return has(named.metric) ? named : withoutAlias(named);
}

/** Whether a series with these tags belongs to a selector's; a tag that a series lacks counts as empty. */
export function carries(tags: Tags, wanted: readonly (readonly [string, string])[]): boolean {
  return wanted.every(([name, value]) => (tags[name] ?? '') === value);
}
