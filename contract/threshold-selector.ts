import { ConfigurationError } from './configuration-error.ts';
import type { Tags } from './series-counts.ts';

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

/** Whether a series with these tags belongs to a selector's; a tag that a series lacks counts as empty. */
export function carries(tags: Tags, wanted: readonly (readonly [string, string])[]): boolean {
  return wanted.every(([name, value]) => (tags[name] ?? '') === value);
}

/** `metric{tag:value,…}`: the name of a sub-metric in thresholds and in the summary (k6-contract.md section 5). */
export function selector(metric: string, tags: Readonly<Record<string, string>>): string {
  const list = Object.entries(tags).map(([tag, value]) => `${tag}:${value}`);
  return list.length === 0 ? metric : `${metric}{${list.join(',')}}`;
}
