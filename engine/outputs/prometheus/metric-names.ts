import { prometheusPrefix } from '../../../catalogue/metric-models.ts';
import type { SeriesName } from '../../../contract/series-counts.ts';
import type { Contains } from '../../metrics/series.ts';
import type { PrometheusStat } from './trend-stats.ts';

/** A family of series in Prometheus: one name, one type. */
export interface Family {
  readonly name: string;
  readonly type: 'counter' | 'gauge';
  readonly help: string;
}

/** What a value of the record is divided by to be in a base unit: times are milliseconds there, seconds in Prometheus. */
export function unitDivisor(contains: Contains): number {
  return contains === 'time' ? 1_000 : 1;
}

/** Unit at the end of a gauge's name (k6-contract.md 8.3). */
const GAUGE_UNITS: Readonly<Record<Contains, string>> = { default: '', time: '_seconds', data: '_bytes' };

/** In words, for the line of help. */
const IN_UNITS: Readonly<Record<Contains, string>> = { default: '', time: ', in seconds', data: ', in bytes' };

/**
 * The families of a metric, one for each statistic of a trend: names of k6's remote-write output (k6-contract.md 8.3). What
 * the load generator measures of itself, which k6 has not, begins with `pairstorm_`.
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

/** A gauge's name with its unit, unless it says so already. */
function withUnit(name: string, contains: Contains): string {
  const unit = GAUGE_UNITS[contains];
  return name.endsWith(unit) ? name : name + unit;
}

/** A name as Prometheus allows it: letters, digits and `_`, no digit first (prometheus.io, "Data model"). */
export function legalName(text: string): string {
  const name = text.replace(/[^a-zA-Z0-9_]/g, '_');
  return /^(?:\d|$)/.test(name) ? `_${name}` : name;
}
