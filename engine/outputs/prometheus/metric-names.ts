import { prometheusPrefix } from '../../../catalogue/metric-models.ts';
import type { SeriesName } from '../../../contract/series-counts.ts';
import type { Contains } from '../../../catalogue/metrics.ts';
import type { PrometheusStat } from './trend-stats.ts';

/** A metric family in Prometheus: one name, one type. */
export interface Family {
  readonly name: string;
  readonly type: 'counter' | 'gauge';
  readonly help: string;
}

/** Divisor that converts a value to base units: milliseconds to seconds. */
export function unitDivisor(contains: Contains): number {
  return contains === 'time' ? 1_000 : 1;
}

/** Unit suffix of a gauge (k6-contract.md 8.3). */
const GAUGE_UNITS: Readonly<Record<Contains, string>> = { default: '', time: '_seconds', data: '_bytes' };

/** Unit for the help text. */
const IN_UNITS: Readonly<Record<Contains, string>> = { default: '', time: ', in seconds', data: ', in bytes' };

/**
 * The families of a metric (one per statistic for a trend), named as in k6's remote-write output (k6-contract.md 8.3).
 * The load generator's own metrics, which k6 does not have, start with `pairstorm_`.
 */
export function familiesOf(
  { metric, type, contains }: Pick<SeriesName, 'metric' | 'type' | 'contains'>,
  stats: readonly PrometheusStat[],
): readonly Family[] {
  const name = prometheusPrefix(metric) + legalName(metric);
  const unit = IN_UNITS[contains];
  switch (type) {
    case 'counter':
      return [{ name: `${name}_total`, type, help: `Counter ${metric}${unit}` }];
    case 'gauge':
      return [{ name: withUnit(name, contains), type, help: `Gauge ${metric}, latest value${unit}` }];
    case 'rate':
      return [{ name: `${name}_rate`, type: 'gauge', help: `Rate ${metric}, share since the start of the run` }];
    case 'trend':
      return stats.map(({ text, suffix, counts }) => ({
        name: `${name}_${suffix}`,
        type: counts ? 'counter' : 'gauge',
        help: `Trend ${metric}, ${text} since the start of the run${counts ? '' : unit}`,
      }));
  }
}

/** Appends the unit unless the name already ends in it. */
function withUnit(name: string, contains: Contains): string {
  const unit = GAUGE_UNITS[contains];
  return name.endsWith(unit) ? name : name + unit;
}

/** A valid Prometheus name: letters, digits and `_`, no leading digit (prometheus.io, "Data model"). */
export function legalName(text: string): string {
  const name = text.replace(/[^a-zA-Z0-9_]/g, '_');
  return /^(?:\d|$)/.test(name) ? `_${name}` : name;
}
