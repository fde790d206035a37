import type { Tags } from '../../../contract/series-counts.ts';
import { wellFormed } from '../well-formed.ts';
import { legalName } from './metric-names.ts';

/** Labels of a series: valid Prometheus names in ascending order, without empty values. */
export type Labels = Readonly<Record<string, string>>;

/**
 * Labels of a tag set, plus common ones. Tags with empty values are dropped, which Prometheus treats alike. If two tag
 * names become the same label, their values are joined by `;` in the order of the tag names (as in OpenTelemetry:
 * "Prometheus and OpenMetrics compatibility", Metric attributes).
 */
export function labelsOf(tags: Tags, common: Tags): Labels {
  const labels = new Map<string, string>();
  for (const tag of Object.keys(tags).sort()) {
    const value = tags[tag]!;
    if (value === '') continue;
    const name = labelName(tag);
    const before = labels.get(name);
    labels.set(name, before === undefined ? value : `${before};${value}`);
  }
  for (const [name, value] of Object.entries(common)) {
    if (value !== '' && !labels.has(name)) labels.set(name, value);
  }
  return Object.fromEntries(
    [...labels].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => [name, wellFormed(value)]),
  );
}

/** Names with two leading underscores are reserved by Prometheus. */
function labelName(tag: string): string {
  return legalName(tag).replace(/^__+/, '_');
}

/** A key that is equal for equal labels. */
export function labelsKey(labels: Labels): string {
  return JSON.stringify(labels);
}
