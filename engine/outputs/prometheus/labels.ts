import type { Tags } from '../../../contract/series-counts.ts';
import { wellFormed } from '../well-formed.ts';
import { legalName } from './metric-names.ts';

/** Labels of a series: names as Prometheus allows them, in ascending order, none without a value. */
export type Labels = Readonly<Record<string, string>>;

/**
 * The labels of a tag set, over others that every series has. A tag without a value is not a label: to Prometheus that is the
 * same. Two tags whose names become one share a label, their values in the order of the tags' names, joined by `;` (as
 * OpenTelemetry does it: "Prometheus and OpenMetrics compatibility", Metric attributes).
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

/** Names that begin with two underscores are Prometheus's own. */
function labelName(tag: string): string {
  return legalName(tag).replace(/^__+/, '_');
}

/** Labels as one string: the same for the same labels. */
export function labelsKey(labels: Labels): string {
  return JSON.stringify(labels);
}
