import type { ReportModel, ThresholdRow } from '../../model/report-model.ts';
import { NOTHING, quantity, roundQuantity } from '../../quantity.ts';
import { marginInWords } from '../../threshold-words.ts';
import { markup } from '../markup.ts';
import type { Content, Markup } from '../markup.ts';
import { details, table } from '../table.ts';

/** Number of thresholds shown unfolded, unless more failed. */
const CLOSEST = 12;

/** All thresholds with value, limit and margin: failed ones first, then by margin. */
export function thresholdSection({ thresholds, run, verdict }: ReportModel): Markup {
  const judged = thresholds.filter(({ value, ok }) => value !== null || !ok);
  const idle = thresholds.filter(({ value, ok }) => value === null && ok);
  const failed = thresholds.filter(({ ok }) => !ok).length;
  const first = Math.max(failed, CLOSEST);
  const beside =
    run.endedAt === null
      ? ' The run was killed: they are judged on what was recorded.'
      : verdict.verdict === 'pass' && failed > 0
        ? ' A capacity search ends with a threshold that fails: that is its result, not a failure.'
        : '';
  return markup`<p class="lead">
      ${
        thresholds.length === 0
          ? 'The run has no thresholds, so nothing could fail it.'
          : `${failed} failed, ${judged.length - failed} held, ${idle.length} had no samples.${beside}`
      }
    </p>
    ${judged.length > 0 && rowsTable('Thresholds, failed first, then by margin', judged.slice(0, first))}
    ${judged.length > first && markup`<p class="paper quiet">${judged.length - first} more held by a wider margin; they are on the page itself.</p>`}
    ${judged.length > first && details(`${judged.length - first} more that held`, rowsTable('Thresholds that held by a wider margin', judged.slice(first)))}
    ${idle.length > 0 && details(`${idle.length} thresholds without a sample`, rowsTable('Thresholds without a sample', idle))}`;
}

function rowsTable(caption: string, rows: readonly ThresholdRow[]): Markup {
  return table({
    caption,
    columns: [
      { head: 'Threshold' },
      { head: 'Rule' },
      { head: 'Verdict' },
      { head: 'Value', number: true },
      { head: 'Limit', number: true },
      { head: 'Margin', number: true },
    ],
    rows: rows.map((row) => [
      markup`<code>${row.metric.split(/(?<=,)/).map((part) => markup`${part}<wbr>`)}</code>`,
      markup`<code>${row.expression}</code>`,
      judgement(row),
      quantity(row.value, row.unit),
      roundQuantity(row.limit, row.unit),
      row.margin === null ? NOTHING : marginInWords(row.margin),
    ]),
  });
}

function judgement({ ok, value }: ThresholdRow): Content {
  if (!ok) return markup`<span class="not">✗ failed</span>`;
  return value === null ? markup`<span class="none">– no sample</span>` : markup`<span class="ok">✓ held</span>`;
}
