import type { DriftChart, DriftRow, DriftView } from '../../model/drift-view.ts';
import { asSentence } from '../../model/verdict-view.ts';
import type { TimeAxis } from '../../model/trend-summary.ts';
import { lineChart } from '../chart/line-chart.ts';
import { markup } from '../markup.ts';
import type { Markup } from '../markup.ts';
import { table } from '../table.ts';

const WORDS: Readonly<Record<DriftRow['verdict'], Markup>> = {
  drifts: markup`<span class="not">✗ drifts</span>`,
  steady: markup`✓ steady`,
  not_known: markup`? not known`,
};

/** The verdict on drift: its sentences, a table, and each series over time. */
export function driftSection({ sentences, rows, time, charts }: DriftView): Markup {
  const [first, ...rest] = sentences;
  return markup`<p class="lead"><b>${asSentence(first ?? '')}</b></p>
    ${
      rest.length > 0 &&
      markup`<ul>
        ${rest.map((sentence) => markup`<li>${sentence}</li>`)}
      </ul>`
    }
    ${table({
      caption: 'Series, worst first; the load generator’s own last, as a control',
      columns: [
        { head: 'Series' },
        { head: 'Verdict' },
        { head: 'Change per hour', number: true },
        { head: '95 % interval', number: true },
        { head: 'Detectable from', number: true },
        { head: 'Why, and what else' },
      ],
      rows: rows.map(({ name, verdict, perHour, interval, smallest, beside }) => [
        markup`<code>${name}</code>`,
        WORDS[verdict],
        ...[perHour, interval, smallest, beside],
      ]),
    })}
    <div class="charts">${charts.map((chart, at) => chartOf(chart, at, time))}</div>`;
}

function chartOf({ name, unit, verdict, values, trend }: DriftChart, at: number, time: TimeAxis): Markup {
  const lines = [
    { name: 'measured', style: verdict === 'drifts' ? ('bad' as const) : ('p50' as const), values },
    { name: 'trend', style: 'plan' as const, values: trend, smooth: true },
  ];
  return lineChart({ id: `drift-${at}`, title: name, unit, time, lines, fitted: true });
}
