import { relative } from 'node:path';
import type { SeriesTotals } from '../../contract/series-totals.ts';
import type { ThresholdResult } from '../../contract/threshold-expression.ts';
import type { RunFile } from '../../record/run-file.ts';
import { counted } from '../../report/quantity.ts';
import type { VerdictView } from '../../report/model/report-model.ts';
import { verdictLines } from '../verdict-lines.ts';

/** Lines printed after a record was made: thresholds with value and limit, verdict and reasons, folder. */
export function recordLines(
  { end, testid }: RunFile,
  totals: SeriesTotals,
  folder: string,
  verdict: VerdictView,
): readonly string[] {
  if (end === null) return [];
  const { iterations, thresholds, reason, failures, durationMs } = end;
  const flows = totals.select('flows');
  const counts = [
    `${(durationMs / 1_000).toFixed(1)} s`,
    counted(iterations.completed, 'iteration'),
    ...(flows !== undefined && 'sum' in flows ? [counted(flows.sum, 'flow')] : []),
    ...(iterations.interrupted > 0 ? [`${iterations.interrupted} interrupted`] : []),
    ...(iterations.dropped > 0 ? [`${iterations.dropped} dropped`] : []),
    ...(failures.seen > 0
      ? [`${failures.seen} failed ${failures.seen === 1 ? 'flow' : 'flows'} logged (${failures.kept} kept)`]
      : []),
  ];
  return [
    `${testid}: ${counts.join(', ')}`,
    ...(thresholds.length === 0 ? ['no thresholds known'] : thresholds.map(thresholdLine)),
    `${end.verdict}${reason === undefined ? '' : `: ${reason}`}`,
    ...verdictLines(verdict),
    `record → ${relative(process.cwd(), folder) || folder}`,
  ];
}

function thresholdLine({ metric, expression, value, ok }: ThresholdResult): string {
  if (value === null && ok) return `  –      ${metric} ${expression} (no sample)`;
  const was = value === null ? 'no sample' : String(Number(value.toFixed(4)));
  return `  ${ok ? 'held  ' : 'FAILED'} ${metric} ${expression} (was ${was})`;
}
