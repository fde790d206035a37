import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { FLOW_METRICS, SCRIPT_METRICS } from '../../analysis/comparison/judged-metrics.ts';
import type { JudgedMetric } from '../../analysis/comparison/judged-metrics.ts';
import { TRAITS } from '../../analysis/comparison/same-test.ts';
import { withGeneratedPart } from './generated-part.ts';

function metricRow({ metric, where, by, except, reading, worse, title }: JudgedMetric): string | undefined {
  if (reading.read === 'share_of_sum' && reading.part === 'rest') return undefined;
  const tags = Object.entries(where ?? {}).map(([tag, value]) => `{${tag}:${value}}`);
  const each = by === undefined ? '' : `, each \`${by}\`${except === undefined ? '' : ` but ${except.join(', ')}`}`;
  const name = title ?? `\`${metric}${tags.join('')}\`${each}`;
  const what = reading.read === 'percentiles' ? reading.percentiles.map((p) => `p${p}`).join(', ') : WHAT[reading.read];
  return `| ${name} | ${what} | ${worse ?? ''} |`;
}

const WHAT = { share: 'share', share_of_sum: 'share', per_second: 'per second' } as const;

test('docs/compare.md lists what is compared, and what has to be the same', async () => {
  const guide = readFileSync(new URL('../../docs/compare.md', import.meta.url), 'utf8');
  const rowsOf = (list: readonly JudgedMetric[]): string[] => list.map(metricRow).filter((row) => row !== undefined);
  const head = ['| metric | read | worse |', '|---|---|---|'];
  const metrics = [
    ...['Our scenarios:', '', ...head, ...rowsOf(FLOW_METRICS)],
    ...['', 'Any other script:', '', ...head, ...rowsOf(SCRIPT_METRICS)],
  ].join('\n');
  const traits = ['| | if it differs |', '|---|---|']
    .concat(TRAITS.map(({ what, weight }) => `| ${what} | ${weight === 'blocks' ? '✗ not compared' : '! warning'} |`))
    .join('\n');
  const page = withGeneratedPart(withGeneratedPart(guide, 'metrics', metrics), 'traits', traits);
  await expect(page).toMatchFileSnapshot('../../docs/compare.md');
});
