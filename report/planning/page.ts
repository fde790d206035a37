import { mixBound } from '../../analysis/planning/mix.ts';
import { sourceWords } from '../../analysis/planning/plan-words.ts';
import type { CapacitySource } from '../../analysis/planning/plan.ts';
import { rateByLaw } from '../../analysis/planning/scaling.ts';
import { nodesWords, numberWords, percentWords, wholeWords } from '../../analysis/planning/units.ts';
import { dotKey, lineKey } from '../html/chart/legend.ts';
import { pointChart } from '../html/chart/point-chart.ts';
import type { ChartPoint } from '../html/chart/point-chart.ts';
import { roundSteps } from '../html/chart/round-steps.ts';
import { markup } from '../html/markup.ts';
import type { Content, Markup } from '../html/markup.ts';
import { htmlPage } from '../html/page-shell.ts';
import { figures } from '../html/section/figures.ts';
import { table } from '../html/table.ts';
import { NOTHING, counted, moment } from '../quantity.ts';
import { headline } from './headline.ts';
import type { PlanFile } from './plan-file.ts';
import { planColumns } from './rows.ts';

/** The plan as one HTML page that needs nothing else, for whoever orders the hardware. */
export function planPage(plan: PlanFile): string {
  const [first, ...others] = plan.sentences;
  const tone = plan.nodes === null ? 'fail' : plan.doubts.length > 0 || plan.simulated ? 'warn' : 'pass';
  return htmlPage({
    title: markup`${headline(plan)}: plan`,
    pairstorm: plan.pairstorm,
    skip: 'Skip to the nodes',
    kind: 'answer',
    body: markup`<header>
          <h1>Pairstorm: plan</h1>
          <p class="facts">
            <time datetime="${plan.madeAt}">${moment(plan.madeAt)}</time> · from ${counted(plan.answers.length, 'answer')}
            · ${plan.objective.join(' and ')}
          </p>
          <div class="verdict ${tone}" role="group" aria-label="Plan">
            <strong>${headline(plan)}</strong>
            <p>${first}</p>
            ${plan.doubts.map((doubt) => markup`<p><b>${doubt}</b></p>`)}
          </div>
          ${planFigures(plan)}
          <ul class="notes">
            ${others.map((sentence) => markup`<li>${sentence}</li>`)}
          </ul>
        </header>
        <main id="main" tabindex="-1">
          <section id="nodes" aria-labelledby="nodes-h">
            <h2 id="nodes-h">Nodes</h2>
            <div class="charts">${nodesChart(plan)}</div>
            ${nodesTable(plan)}
          </section>
          <section id="assumptions" aria-labelledby="assumptions-h">
            <h2 id="assumptions-h">Assumptions</h2>
            <ul>
              ${plan.assumptions.map((assumption) => markup`<li>${assumption}</li>`)}
            </ul>
          </section>
          <section id="answers" aria-labelledby="answers-h">
            <h2 id="answers-h">Answers</h2>
            ${answersTable(plan)}
          </section>
        </main>
        <footer>Made by Pairstorm ${plan.pairstorm}. This page is self-contained and makes no network requests.</footer>`,
  });
}

function planFigures({ nodes, peakPerSecond, people, sockets, question, rows }: PlanFile): Markup {
  const row = rows.find((one) => one.nodes === nodes);
  const free = question.nodesMayFail === 0 ? row?.headroom : row?.headroomAfterFailure;
  return figures([
    {
      label: 'Nodes',
      value: nodes === null ? NOTHING : `${nodes}`,
      detail: question.nodesMayFail === 0 ? 'none of them may fail' : `${question.nodesMayFail} of them may fail`,
      attention: nodes === null,
    },
    {
      label: 'Peak, sign-ins a second',
      value: numberWords(peakPerSecond),
      detail: `${numberWords(question.peakHour)} in the busiest hour × ${question.peakToMean}${question.growth === 0 ? '' : ` × ${Number((1 + question.growth).toPrecision(6))}`}`,
    },
    {
      label: 'Free at the peak',
      value: free == null ? NOTHING : `${Math.round(free * 100)} %`,
      detail: `${question.nodesMayFail === 0 ? '' : `with ${question.nodesMayFail} down; `}${percentWords(question.headroom)} asked for`,
    },
    {
      label: 'People signing in at the peak',
      value: people === null ? NOTHING : wholeWords(people),
      detail: sockets === null ? 'the time of a flow is unknown' : `on ${wholeWords(sockets)} connections`,
    },
  ]);
}

const COLOURS: Readonly<Record<CapacitySource, string>> = { measured: 'ok', fitted: 'p95', extrapolated: 'plan' };

/** A point each for what is known of a number of nodes, its law, and the peak with and without headroom. */
export function nodesChart(plan: PlanFile): Markup {
  const { rows, peakPerSecond, question } = plan;
  const known = rows.flatMap(({ nodes, capacity }) => (capacity === null ? [] : [{ nodes, ...capacity }]));
  const needed = peakPerSecond / (1 - question.headroom);
  const across = Math.max(...rows.map(({ nodes }) => nodes)) + 0.5;
  const most = 1.08 * Math.max(needed, ...known.map(({ high, rate, low }) => high ?? rate ?? low));
  const level = (rate: number): readonly (readonly [number, number])[] => [
    [0, rate / most],
    [1, rate / most],
  ];
  const law = lawOf(plan);
  const steps = Array.from({ length: 80 }, (_, step) => ((step + 1) / 80) * across);
  const sources = [...new Set(known.map(({ source }) => source))];
  return pointChart({
    id: 'capacity',
    shape: 'wide',
    title: 'Sign-ins a second, by nodes',
    description:
      'What each number of nodes takes, with its interval; its lower end is what counts. Lines: the law, the peak, and the peak with the headroom asked for.',
    legend: [
      ...sources.map((source) => dotKey(COLOURS[source], sourceWords({ source }))),
      ...(law === undefined ? [] : [lineKey('p50', false, 'the law')]),
      lineKey('bad', true, `peak ${numberWords(peakPerSecond)}/s`),
      lineKey('p99', true, `with ${percentWords(question.headroom)} headroom ${numberWords(needed)}/s`),
    ] satisfies Content,
    xName: 'nodes',
    xTicks: rows.map(({ nodes }) => ({ at: nodes / across, label: `${nodes}` })),
    yTicks: roundSteps(most).map((rate) => ({ at: rate / most, label: `${numberWords(rate)}/s` })),
    band: null,
    lines: [
      ...(law === undefined ? [] : [{ points: steps.map((n) => [n / across, law(n) / most] as const), colour: 'p50' }]),
      { points: level(peakPerSecond), colour: 'bad', dash: true },
      { points: level(needed), colour: 'p99', dash: true },
    ],
    points: known.map(({ nodes, rate, low, high, source }): ChartPoint => {
      const at = rate ?? low;
      return {
        ...{ x: nodes / across, y: at / most, low: low / most, high: (high ?? at) / most, colour: COLOURS[source] },
        text: `${nodesWords(nodes)}: ${numberWords(low)}/s at least, ${sourceWords({ source })}`,
      };
    }),
  });
}

/** The law of the planned mix; undefined: one of its parts has none that is believed. */
function lawOf({ parts, scaling }: PlanFile): ((nodes: number) => number) | undefined {
  const laws = parts.map(({ pairingShare, share }) => ({
    share,
    law: scaling.find((one) => one.pairingShare === pairingShare && one.doubts.length === 0),
  }));
  if (!laws.every(({ law }) => law !== undefined)) return undefined;
  return (nodes) => mixBound(laws.map(({ share, law }) => ({ share, rate: rateByLaw(law!, nodes) })));
}

function nodesTable(plan: PlanFile): Markup {
  const columns = planColumns(plan);
  return table({
    caption: `Free: the part of the lower end that the peak leaves${plan.nodes === null ? '' : '; the row with the mark is the plan'}`,
    columns: columns.map(({ head }) => ({
      head: head === '' ? 'Verdict' : `${head[0]!.toUpperCase()}${head.slice(1)}`,
      number: head !== 'basis' && head !== '',
    })),
    rows: plan.rows.map((row) => columns.map(({ cell }) => cell(row))),
  });
}

function answersTable({ answers, confidence }: PlanFile): Markup {
  return table({
    caption: `What was measured, with ${percentWords(confidence)}`,
    columns: ['Folder', 'Nodes', 'Pairings', 'Sign-ins/s', 'Low', 'High'].map((head, at) => ({ head, number: at > 0 })),
    rows: answers.map(({ folder, nodes, pairingShare, rate, low, high }) => [
      markup`<span class="code">${folder}</span>`,
      nodes,
      percentWords(pairingShare),
      ...[rate, low, high].map((value) => (value === null ? NOTHING : numberWords(value))),
    ]),
  });
}
