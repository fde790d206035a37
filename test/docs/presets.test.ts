import { expect, test } from 'vitest';
import { OUTCOMES } from '../../catalogue/outcomes.ts';
import { PRESETS, preset } from '../../population/population.ts';
import type { Variant } from '../../population/variants.ts';
import { FLOW_KINDS } from '../../protocol/flow-kinds.ts';
import { wrapped } from './generated-part.ts';

const percent = (share: number): string => (share === 0 ? '' : `${(100 * share).toFixed(2)} %`);

function table(head: string, rows: readonly string[], valueOf: (variant: Variant) => string): string[] {
  const shareOf = (name: string, row: string): number =>
    preset(name)
      .variants.filter((variant) => valueOf(variant) === row)
      .reduce((sum, { share }) => sum + share, 0);
  const shown = rows.filter((row) => PRESETS.some((name) => shareOf(name, row) > 0));
  return [
    `| ${head} | ${PRESETS.join(' | ')} |`,
    `|---|${PRESETS.map(() => '--:|').join('')}`,
    ...shown.map((row) => `| ${row} | ${PRESETS.map((name) => percent(shareOf(name, row))).join(' | ')} |`),
  ];
}

test('docs/presets.md lists what the presets prescribe', async () => {
  const page = [
    '# Presets',
    '',
    'Shares of flow kinds and expected outcomes in each [population](population.md) preset. An inventory is drawn, so its own',
    'shares differ by chance; that of `everything` begins with one user of each variant.',
    '',
    'This page is made from `population/presets/` by `npx vitest run test/docs -u`; a test keeps them in step.',
    '',
    ...table('kind', Object.keys(FLOW_KINDS), ({ kind }) => kind),
    '',
    ...table('outcome', OUTCOMES, ({ prescribed }) => prescribed),
    '',
    ...PRESETS.map((name) => wrapped(`- \`${name}\`: ${preset(name).description}`)),
    '',
  ];
  await expect(page.join('\n')).toMatchFileSnapshot('../../docs/presets.md');
});
