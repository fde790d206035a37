import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { numberWords } from '../../analysis/planning/units.ts';
import { rateByLaw } from '../../analysis/planning/scaling.ts';
import type { PlanFile } from '../../report/planning/plan-file.ts';
import { planText } from '../../report/planning/text.ts';
import { kneeAt } from '../analysis/capacity/scripted-search.ts';
import { answerOf } from '../report/capacity-answer.ts';
import { planOf } from '../report/plan-of.ts';
import { withGeneratedPart } from './generated-part.ts';

/** Three searches at nodes with 4 % contention, and the plan that the page makes of them. */
const PLAN = planOf(
  [1, 2, 3].map((nodes) => {
    const { rate, low, high } = answerOf(kneeAt((50 * nodes) / (1 + 0.04 * (nodes - 1))));
    return {
      folder: `results/${nodes}`,
      nodes,
      rate,
      low: low!,
      high,
      pairingShare: 0.3,
      flows: 20_000,
      flowSeconds: 20.2,
    };
  }),
);

test('the example of docs/planning.md is what the command says of three searches', async () => {
  const page = readFileSync('docs/planning.md', 'utf8');
  const told = planText(PLAN)
    .slice(1, -1)
    .flatMap((line) => wrapped(line, 118));
  await expect(withGeneratedPart(page, 'example', ['```', ...told, '```'].join('\n'))).toMatchFileSnapshot(
    '../../docs/planning.md',
  );
});

test('its picture is drawn from that plan', async () => {
  await expect(picture(PLAN)).toMatchFileSnapshot('../../docs/planning.svg');
});

function wrapped(line: string, width: number): string[] {
  const lines = [''];
  for (const word of line.split(/(?<=\S) /)) {
    const last = lines.at(-1)!;
    if (last.length + word.length + 1 > width) lines.push(`  ${word}`);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines;
}

/** What is known of each number of nodes with its interval, the law, and the peak, as a picture of its own. */
function picture({ rows, scaling, peakPerSecond, question, nodes: planned }: PlanFile): string {
  const known = rows.flatMap(({ nodes, capacity }) => (capacity === null ? [] : [{ nodes, ...capacity }]));
  const needed = peakPerSecond / (1 - question.headroom);
  const [most, across] = [
    1.05 * Math.max(...known.map(({ high, low }) => high ?? low)),
    Math.max(...rows.map(({ nodes }) => nodes)) + 0.6,
  ];
  const x = (nodes: number): string => (60 + (nodes / across) * 640).toFixed(1);
  const y = (rate: number): string => (300 - (rate / most) * 280).toFixed(1);
  const text = (at: string, place: string, words: string): string => `<text ${at} ${place}>${words}</text>`;
  const level = (rate: number, colour: string, words: string): string[] => [
    `<path d="M60 ${y(rate)}H700" stroke="${colour}" stroke-dasharray="6 4"/>`,
    text(`x="66" y="${(Number(y(rate)) - 6).toFixed(1)}"`, `fill="${colour}"`, words),
  ];
  const steps = Array.from({ length: 60 }, (_, at) => ((at + 1) / 60) * across);
  return [
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 345" font-family="sans-serif" font-size="13" fill="none" stroke-width="2">',
    '<rect width="720" height="345" fill="#fff"/>',
    ...[0, 50, 100, 150, 200, 250]
      .filter((rate) => rate < most)
      .flatMap((rate) => [
        `<path d="M60 ${y(rate)}H700" stroke="#e3dfd8" stroke-width="1"/>`,
        text(`x="52" y="${(Number(y(rate)) + 4).toFixed(1)}"`, 'fill="#565c66" text-anchor="end"', `${rate}/s`),
      ]),
    `<path d="${steps.map((n, at) => `${at === 0 ? 'M' : 'L'}${x(n)} ${y(rateByLaw(scaling[0]!, n))}`).join('')}" stroke="#7ba3c9"/>`,
    ...level(peakPerSecond, '#c0392b', `peak ${numberWords(peakPerSecond)}/s`),
    ...level(needed, '#7a2e6b', `with ${question.headroom * 100} % headroom ${numberWords(needed)}/s`),
    ...known.flatMap(({ nodes, rate, low, high, source }) => {
      const colour = source === 'measured' ? '#17694a' : '#565c66';
      return [
        `<path d="M${x(nodes)} ${y(low)}V${y(high ?? low)}" stroke="${colour}"/>`,
        `<circle cx="${x(nodes)}" cy="${y(rate ?? low)}" r="5" fill="${colour}"/>`,
      ];
    }),
    ...rows.map(({ nodes }) =>
      text(
        `x="${x(nodes)}" y="320"`,
        `fill="#1b1e23" text-anchor="middle"${nodes === planned ? ' font-weight="bold"' : ''}`,
        nodes === planned ? `${nodes}: the plan` : `${nodes}`,
      ),
    ),
    text(
      'x="380" y="339"',
      'fill="#565c66" text-anchor="middle"',
      'nodes; green: measured, grey: extrapolated by the law',
    ),
    '</svg>',
    '',
  ].join('\n');
}
