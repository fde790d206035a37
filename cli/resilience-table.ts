import { STANDARD_FAULTS } from '../catalogue/phases.ts';
import type { Section } from '../lib/summary.ts';
import type { FaultRow, ReportModel } from '../report/model/report-model.ts';
import { NOTHING, quantity } from '../report/quantity.ts';

/** What each fault did, as a table of the summary: counts of both sides, impact, recovery, cost. */
export function faultSection({ resilience, faults }: Pick<ReportModel, 'resilience' | 'faults'>): Section | undefined {
  if (resilience === null || resilience.rows.length === 0) return undefined;
  const counts = new Map(faults.map((row) => [row.fault, row]));
  const head = ['', 'seen', 'served', 'errors', 'impact', 'recovery', 'lost', 'requests', 'burn'];
  const rows = resilience.rows.map(({ fault, impact, recovery, lost, requests, burn }) => [
    fault,
    ...bothSides(counts.get(fault)),
    ...[impact, recovery, lost.replace(/ \(.*/, ''), requests, burn],
  ]);
  const differ = rows.some(([, , served = '']) => served.endsWith('✗'));
  return [
    'FAULTS',
    [
      ...table([head, ...rows]),
      '    errors: of requests from the fault to the next one; recovery: since its end, with its 95 % interval',
      ...(differ ? ["    ✗ client and simulator counts differ; the fault's impact is only partly known"] : []),
    ],
  ];
}

/** What the users saw of a fault, what the simulator served, and the share of requests that failed. */
function bothSides(row: FaultRow | undefined): readonly [string, string, string] {
  if (row === undefined) return [NOTHING, NOTHING, NOTHING];
  const { fault, named, cut, resent, served, requests, failed } = row;
  const seen = named + cut + resent;
  const counted = STANDARD_FAULTS.some((known) => known === fault);
  return [
    String(seen),
    counted ? `${served} ${seen === served ? '✓' : '✗'}` : NOTHING,
    requests === 0 ? NOTHING : quantity(failed / requests, 'share'),
  ];
}

/** The first column is left-aligned, the others right-aligned. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, at) => Math.max(...rows.map((row) => row[at]!.length)));
  return rows.map((row) =>
    `    ${row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!))).join('  ')}`.trimEnd(),
  );
}
