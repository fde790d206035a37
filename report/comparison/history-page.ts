import { scaleLinear } from 'd3-scale';
import { isJudged } from '../../analysis/comparison/history.ts';
import type { History, HistoryMetric, HistoryRun } from '../../analysis/comparison/history.ts';
import type { SideOfMetric } from '../../analysis/comparison/comparison.ts';
import { HEIGHT } from '../html/chart/frame.ts';
import { pointChart } from '../html/chart/point-chart.ts';
import { markup } from '../html/markup.ts';
import type { Markup } from '../html/markup.ts';
import { htmlPage } from '../html/page-shell.ts';
import { figures } from '../html/section/figures.ts';
import { table } from '../html/table.ts';
import { NOTHING, counted, moment, roundQuantity } from '../quantity.ts';
import type { Unit } from '../quantity.ts';
import { stepInWords, valueWithInterval } from './figures.ts';
import { changesInWords, endsOf, historyInWords, nameOfRun, namedSteps } from './history-words.ts';
import { section } from './page.ts';

const TONES: Readonly<Record<History['verdict'], readonly [word: string, tone: string, sign: string]>> = {
  worse: ['WORSE', 'fail', '✗'],
  better: ['BETTER', 'pass', '✓'],
  no_difference_shown: ['NO STEP SHOWN', 'open', '≈'],
  not_comparable: ['NOT JUDGED', 'warn', '⚠'],
};

/** Charts of metrics without a step that are shown. */
const MOST_CHARTS = 12;

/** The trend over releases as one HTML page that needs nothing else. `pairstorm`: the version that made it. */
export function historyPage(history: History, pairstorm: string): string {
  const { runs, leftOut, metrics, verdict } = history;
  const [word, tone, sign] = TONES[verdict];
  const steps = namedSteps(history);
  const latest = (way: 'worse' | 'better'): number => metrics.filter(({ steps: of }) => of.at(-1)?.way === way).length;
  // Where nothing was judged there is no figure: a 0 would read as a result.
  const known = verdict !== 'not_comparable';
  const judged = known ? metrics.filter(isJudged).length : 0;
  const figure = (count: number): string => (known ? String(count) : NOTHING);
  const ordered = metrics.toSorted((a, b) => rankOf(a, history) - rankOf(b, history));
  const [first, ...others] = ordered;
  return htmlPage({
    title: markup`${word}: trend over ${counted(runs.length, 'run')}`,
    pairstorm,
    skip: 'Skip to the steps',
    kind: 'compare',
    body: markup`<header>
          <h1>Pairstorm: trend over releases</h1>
          <p class="facts">${counted(runs.length, 'run')}${runs.length > 0 && `, ${moment(runs[0]!.startedAt)} to ${moment(runs.at(-1)!.startedAt)}`}</p>
          <div class="verdict ${tone}" role="group" aria-label="Verdict">
            <strong><span aria-hidden="true">${sign} </span>${word}</strong>
            <p class="answer-line">${historyInWords(history)}</p>
          </div>
          ${figures([
            {
              label: 'Runs',
              value: String(runs.length),
              detail: leftOut.length === 0 ? 'of one test' : `of one test; ${leftOut.length} left out`,
            },
            {
              label: 'Worse now',
              value: figure(latest('worse')),
              detail: known ? `of ${counted(judged, 'metric')}, by their latest step` : 'not judged',
              attention: latest('worse') > 0,
            },
            {
              label: 'Better now',
              value: figure(latest('better')),
              detail: known ? 'by their latest step' : 'not judged',
            },
            { label: 'Steps', value: figure(steps.length), detail: known ? 'in all metrics' : 'not judged' },
          ])}
          ${first !== undefined && trend(first, runs, 'first', 'wide')}
        </header>
        <main id="main" tabindex="-1">
          ${section(
            'steps',
            'Steps',
            table({
              caption: 'Lasting changes, the newest first; the interval holds over all metrics and places together',
              columns: [
                { head: 'Metric' },
                { head: 'Since' },
                { head: 'Verdict' },
                { head: 'Change', number: true },
                { head: 'Also changed there' },
              ],
              rows: steps.map(({ metric, step, run }) => [
                markup`<code>${metric.name}</code>`,
                markup`<code>${nameOfRun(run)}</code>`,
                step.way === 'worse'
                  ? markup`<span class="not">✗ worse</span>`
                  : markup`<span class="ok">✓ better</span>`,
                stepInWords(step, metric.unit),
                changesInWords(run) || 'nothing that a record knows',
              ]),
              empty: known ? 'No metric has a step.' : historyInWords(history),
            }),
          )}
          ${section('trends', 'Trends', [
            markup`<div class="charts">${others.slice(0, MOST_CHARTS).map((metric, at) => trend(metric, runs, `trend-${at}`))}</div>`,
            table({
              caption: 'First and last value of each metric',
              columns: [
                { head: 'Metric' },
                { head: 'First', number: true },
                { head: 'Last', number: true },
                { head: 'Steps', number: true },
              ],
              rows: metrics.map((metric) => [
                markup`<code>${metric.name}</code>`,
                ...endsOf(metric),
                known && isJudged(metric) ? metric.steps.length : NOTHING,
              ]),
              empty: 'No metric is in two runs.',
            }),
          ])}
          ${section('runs', 'Runs', [
            table({
              caption: 'In order of time',
              columns: [
                { head: 'No', number: true },
                { head: 'Run' },
                { head: 'Started' },
                { head: 'Pairstorm' },
                { head: 'Verdict' },
                { head: 'Changed since the one before' },
              ],
              rows: runs.map((run, at) => [
                at + 1,
                markup`<code>${nameOfRun(run)}</code>`,
                ...[moment(run.startedAt), run.pairstorm, run.verdict, changesInWords(run)],
              ]),
              empty: 'No run can be compared.',
            }),
            leftOut.length > 0 &&
              table({
                caption: 'Left out',
                columns: [{ head: 'Folder' }, { head: 'Why' }],
                rows: leftOut.map(({ folder, text }) => [markup`<code>${folder}</code>`, text]),
              }),
          ])}
        </main>
        <footer>Made by Pairstorm ${pairstorm}. This page is self-contained and makes no network requests; docs/compare.md has the method.</footer>`,
  });
}

/** Metrics with the newest steps to the worse first, then the paths of users. */
function rankOf({ name, steps }: HistoryMetric, { runs }: History): number {
  const last = steps.at(-1);
  if (last !== undefined) return (last.way === 'worse' ? 0 : 1_000) - last.at / Math.max(1, runs.length);
  const known = ['pairing_duration p95', 'poll_duration p95', 'decision_lag p95'].indexOf(name);
  return 2_000 + (known < 0 ? 3 : known);
}

/** An axis of nothing but zeros. */
const LEAST_AXIS = 0.001;

const UNITS: Readonly<Record<HistoryMetric['unit'], Unit>> = {
  ms: 'ms',
  share: 'share',
  per_second: 'perSecond',
  plain: 'plain',
};

const COLOURS = { worse: 'bad', better: 'ok' } as const;

/** A metric over the runs: values with 95 % intervals, the level between steps, and where the steps are. */
function trend(metric: HistoryMetric, runs: readonly HistoryRun[], id: string, shape?: string): Markup {
  const { name, unit, values, steps } = metric;
  const known = values.flatMap((one, at) => (one === null ? [] : [{ ...one, at }]));
  // An interval far beyond its value would flatten the others; that of a zero is all that is known.
  const reach = Math.max(0, ...known.map(({ high, value: middle }) => Math.min(high, 2 * middle)));
  const most = reach > 0 ? reach : Math.max(LEAST_AXIS, ...known.map(({ high }) => high));
  const up = scaleLinear([0, most], [HEIGHT, 0]).nice(4);
  const place = (size: number): number => 1 - up(size) / HEIGHT;
  const along = (at: number): number => (at + 0.5) / runs.length;
  const starts = [0, ...steps.map(({ at }) => at)];
  const levels = starts.map((from, nth) => ({ from, to: starts[nth + 1] ?? runs.length, step: steps[nth - 1] }));
  const colourAt = (at: number): string => {
    const { step } = levels.findLast(({ from }) => at >= from)!;
    return step === undefined ? 'p95' : COLOURS[step.way];
  };
  return pointChart({
    id,
    title: name,
    description: known.map((one) => `${nameOfRun(runs[one.at]!)}: ${valueWithInterval(one, unit)}.`).join(' '),
    legend: markup`<span>each run with its 95 % interval</span>${steps.length > 0 && markup`<span>lines: levels between steps</span>`}`,
    xTicks: labels(runs),
    xName: 'runs in order of time',
    yTicks: up.ticks(4).map((size) => ({ at: place(size), label: roundQuantity(size, UNITS[unit]) })),
    bands:
      steps.length === 0
        ? []
        : levels.map(({ from, to }) => ({
            name: from === 0 ? '' : `since ${nameOfRun(runs[from]!)}`,
            kind: 'part' as const,
            from: from / runs.length,
            to: to / runs.length,
          })),
    ...(shape !== undefined && { shape }),
    band: null,
    lines: levels.map(({ from, to }) => {
      const level = mean(known.filter(({ at }) => at >= from && at < to));
      return {
        points: [
          [from / runs.length, place(level)],
          [to / runs.length, place(level)],
        ] as const,
        colour: 'plan',
        dash: true as const,
      };
    }),
    points: known.map((one) => ({
      ...{
        x: along(one.at),
        y: place(one.value),
        low: place(one.low),
        high: place(one.high),
        colour: colourAt(one.at),
      },
      text: `${nameOfRun(runs[one.at]!)}: ${valueWithInterval(one, unit)}`,
    })),
  });
}

function mean(values: readonly SideOfMetric[]): number {
  return values.reduce((sum, { value: one }) => sum + one, 0) / Math.max(1, values.length);
}

/** Days of the runs, or their numbers if several are of a day; at most eight. */
function labels(runs: readonly HistoryRun[]): { at: number; label: string }[] {
  const days = runs.map(({ startedAt }) => startedAt.slice(5, 10));
  const distinct = new Set(days).size === days.length;
  const every = Math.ceil(runs.length / 8);
  return runs.flatMap((_, at) =>
    at % every === 0 ? [{ at: (at + 0.5) / runs.length, label: distinct ? days[at]! : `run ${at + 1}` }] : [],
  );
}
