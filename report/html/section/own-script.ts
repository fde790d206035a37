import type { CheckRow, OwnMetricRow } from '../../model/report-model.ts';
import { NOTHING, quantity } from '../../quantity.ts';
import { markup } from '../markup.ts';
import type { Markup } from '../markup.ts';
import { table } from '../table.ts';
import { failedCell } from './steps.ts';

/** Checks of the script. */
export function checkTable(rows: readonly CheckRow[]): Markup {
  return table({
    caption: 'Checks, failed first',
    columns: [
      { head: 'Check' },
      { head: 'Verdict' },
      { head: 'Passed', number: true },
      { head: 'Failed', number: true },
    ],
    rows: rows.map(({ name, passes, fails }) => [
      name,
      fails === 0 ? markup`<span class="ok">✓ all passed</span>` : markup`<span class="not">✗ some failed</span>`,
      quantity(passes, 'count'),
      failedCell(fails, passes + fails),
    ]),
  });
}

/** The script's own metrics. */
export function ownMetricTable(rows: readonly OwnMetricRow[]): Markup {
  return table({
    caption: 'Metrics of the script, over the whole run',
    columns: [
      { head: 'Metric' },
      { head: 'Type' },
      { head: 'Samples', number: true },
      { head: 'Value', number: true },
      ...['p50', 'p95', 'p99', 'Largest'].map((head) => ({ head, number: true })),
    ],
    rows: rows.map(({ metric, type, unit, samples, value, trend }) => [
      markup`<code>${metric}</code>`,
      type,
      quantity(samples, 'count'),
      value === null ? NOTHING : quantity(value, unit),
      ...[trend?.p50, trend?.p95, trend?.p99, trend?.max].map((number) => quantity(number ?? null, unit)),
    ]),
  });
}
