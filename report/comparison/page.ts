import type { ComparedRun, Comparison, MetricComparison } from '../../analysis/comparison/comparison.ts';
import { markup } from '../html/markup.ts';
import type { Content, Markup } from '../html/markup.ts';
import { htmlPage } from '../html/page-shell.ts';
import { figures } from '../html/section/figures.ts';
import { details, table } from '../html/table.ts';
import { NOTHING, counted, lengthOfTime, moment } from '../quantity.ts';
import {
  answerInWords,
  confidenceOf,
  figuresOf,
  knowledgeOf,
  rangeInWords,
  shortName,
  sorted,
  toleranceInWords,
} from './figures.ts';
import type { Knowledge } from './figures.ts';

/** Word, colour and sign of a verdict. */
type Tone = readonly [word: string, tone: string, sign: string];
const TONES: Readonly<Record<Comparison['verdict'], Tone>> = {
  worse: ['WORSE', 'fail', '✗'],
  better: ['BETTER', 'pass', '✓'],
  no_difference_shown: ['NO DIFFERENCE SHOWN', 'open', '≈'],
  not_comparable: ['NOT COMPARED', 'warn', '⚠'],
  different_tests: ['NOT COMPARED', 'warn', '⚠'],
};

/** Of no difference, by what its absence is worth: what was not shown is not green. */
const TONES_OF_NONE: Readonly<Record<Knowledge, Tone>> = {
  all: ['NO DIFFERENCE', 'pass', '✓'],
  some: TONES.no_difference_shown,
  none: ['NOT KNOWN', 'warn', '?'],
};

/** Metrics of the first screen, if none is worse or better. */
const MOST_OF_INTEREST = 8;

/** A comparison as one HTML page that needs nothing else. `pairstorm`: the version that made it. */
export function comparisonPage(comparison: Comparison, pairstorm: string): string {
  const { verdict, base, new: later, findings, changes } = comparison;
  const [word, tone, sign] =
    verdict === 'no_difference_shown' ? TONES_OF_NONE[knowledgeOf(comparison)] : TONES[verdict];
  const by = sorted(comparison);
  const called = [...by.worse, ...by.better];
  const rest = by.no_difference_shown.toSorted((a, b) => (a.difference?.p ?? 1) - (b.difference?.p ?? 1));
  const first = [...called, ...rest].slice(0, Math.max(called.length, MOST_OF_INTEREST));
  const others = rest.filter((metric) => !first.includes(metric));
  const alike = rest.filter(({ difference }) => difference?.shownAlike === true).length;
  // Where nothing was compared there is no figure: a 0 would read as a result.
  const figure = (count: number): string => (verdict === 'not_comparable' ? NOTHING : String(count));
  return htmlPage({
    title: markup`${word}: ${later[0]?.testid ?? ''} after ${base[0]?.testid ?? ''}`,
    pairstorm,
    skip: 'Skip to the metrics',
    kind: 'compare',
    body: markup`<header>
          <h1>Pairstorm comparison</h1>
          <p class="facts">${side('Base', base)} · ${side('new', later)}</p>
          <div class="verdict ${tone}" role="group" aria-label="Verdict">
            <strong><span aria-hidden="true">${sign} </span>${word}</strong>
            <p class="answer-line">${answerInWords(comparison)}</p>
            ${
              findings.length > 0 &&
              markup`<ul>
                ${findings.map(({ weight, text }) => markup`<li>${weight === 'blocks' ? '✗' : '!'} ${text}</li>`)}
              </ul>`
            }
          </div>
          ${
            comparison.metrics.length > 0 &&
            figures([
              { label: 'Worse', value: figure(by.worse.length), detail: 'metrics', attention: by.worse.length > 0 },
              { label: 'Better', value: figure(by.better.length), detail: 'metrics' },
              { label: 'Shown to be alike', value: figure(alike), detail: 'within the tolerance' },
              {
                label: 'No difference shown',
                value: figure(rest.length - alike),
                detail: 'it may be there: look at the interval',
              },
              { label: 'Not comparable', value: String(by.not_comparable.length), detail: 'too few samples, or none' },
            ])
          }
        </header>
        <main id="main" tabindex="-1">
          ${
            first.length > 0 &&
            section('metrics', called.length > 0 ? 'What changed' : 'What may have changed most', [
              metricTable('Worse first, then better, then by how surely it changed; with intervals', first),
              others.length > 0 &&
                details(`${others.length} more without a difference`, metricTable('No difference shown', others)),
              markup`<p class="quiet">A difference counts beyond ${toleranceInWords(comparison)}. Intervals of values are at 95 %, those of changes at ${confidenceOf(comparison)} confidence, so that all of them together are at ${Number((100 * comparison.settings.confidence).toFixed(3))} %.</p>`,
            ])
          }
          ${section('changes', 'What else changed', [changeTable(changes)])}
          ${section('runs', 'Runs', [runTable(comparison)])}
          ${
            by.not_comparable.length > 0 &&
            section('not', 'Not comparable', [
              table({
                caption: 'Metrics that could not be compared, and why',
                columns: [{ head: 'Metric' }, { head: 'Why' }],
                rows: by.not_comparable.map(({ name, reason }) => [
                  markup`<code>${shortName(name)}</code>`,
                  reason ?? '',
                ]),
              }),
            ])
          }
        </main>
        <footer>Made by Pairstorm ${pairstorm}. This page is self-contained and makes no network requests; docs/compare.md has the method.</footer>`,
  });
}

/** A section of a page. */
export function section(id: string, title: string, content: Content): Markup {
  return markup`<section id="${id}" aria-labelledby="${id}-h">
    <h2 id="${id}-h">${title}</h2>
    ${content}
  </section>`;
}

function side(name: string, runs: readonly ComparedRun[]): Markup {
  const [first] = runs;
  const when = first === undefined ? '' : moment(first.startedAt);
  return markup`${name} ${runs.length === 1 ? markup`<span class="code">${first?.testid ?? ''}</span>, ${when}` : `${counted(runs.length, 'run')} from ${when}`}`;
}

const MARKS: Readonly<Record<MetricComparison['verdict'], Markup>> = {
  worse: markup`<span class="not">✗ worse</span>`,
  better: markup`<span class="ok">✓ better</span>`,
  no_difference_shown: markup`<span class="none">no difference shown</span>`,
  not_comparable: markup`<span class="none">–</span>`,
};

function metricTable(caption: string, metrics: readonly MetricComparison[]): Markup {
  const reaches = metrics.map(({ difference, unit }) => ({ difference, unit }));
  return table({
    caption,
    columns: [
      { head: 'Metric' },
      { head: 'Change; the line is none' },
      { head: 'Change', number: true },
      { head: 'Base', number: true },
      { head: 'New', number: true },
    ],
    rows: metrics.map((metric) => {
      const [base, later, change, interval] = figuresOf(metric);
      const { name, verdict, unit, difference } = metric;
      return [
        markup`<code>${shortName(name)}</code><br />${difference?.shownAlike === true ? markup`<span class="ok">= alike</span>` : MARKS[verdict]}`,
        whisker(metric, reachOf(reaches, unit)),
        withRange(change, interval),
        withRange(base, rangeInWords(metric.base, unit)),
        withRange(later, rangeInWords(metric.new, unit)),
      ];
    }),
  });
}

const withRange = (value: string, range: string): Markup => markup`${value}<span class="range">${range}</span>`;

type Reach = Pick<MetricComparison, 'difference' | 'unit'>;

const isShare = ({ unit }: Pick<MetricComparison, 'unit'>): boolean => unit === 'share';

/** Drawings reach this many times as far as the largest change, so that a wide interval hides none. */
const BEYOND = 1.5;

/** How far the drawings reach: beyond each change, and beyond what is tolerated, so that a small one looks small. */
function reachOf(all: readonly Reach[], unit: MetricComparison['unit']): number {
  const changes = all.flatMap((one) =>
    isShare(one) === (unit === 'share') && one.difference !== null ? [Math.abs(one.difference.value)] : [],
  );
  return Math.max(unit === 'share' ? 0.02 : 0.2, ...changes.map((change) => BEYOND * change));
}

/** Half the width of a whisker's drawing. */
const HALF = 60;

/** Change and interval on an axis of which the middle is no change; it ends where the drawing does. */
function whisker({ difference, unit, verdict, worse }: MetricComparison, reach: number): Content {
  if (difference === null) return '';
  const place = (value: number): number =>
    Math.round(10 * Math.min(2 * HALF - 1, Math.max(1, HALF + (HALF * value) / reach))) / 10;
  const colour = verdict === 'worse' ? 'bad' : verdict === 'better' ? 'ok' : 'plan';
  const { low, value, high } = difference;
  const said = worse === 'higher' ? 'right is worse' : 'left is worse';
  return markup`<svg class="whisker" viewBox="0 0 ${2 * HALF} 16" role="img" aria-label="${unit === 'share' ? 'points' : 'percent'}, ${said}"><path class="grid" d="M${HALF} 0V16" /><path class="s-${colour}" d="M${place(low)} 8H${place(high)}" /><path class="s-${colour} spot" d="M${place(value)} 8h0" /></svg>`;
}

function changeTable(changes: Comparison['changes']): Markup {
  return table({
    caption: 'Settings, population, target, simulator options and versions that are not the same on both sides',
    columns: [{ head: 'What' }, { head: 'Base' }, { head: 'New' }],
    rows: changes.map(({ what, base, new: later }) => [
      what,
      markup`<code>${base}</code>`,
      markup`<code>${later}</code>`,
    ]),
    empty: 'Nothing else that a record knows: settings, population, target and versions are the same.',
  });
}

function runTable({ base, new: later }: Comparison): Markup {
  const rows = [...base.map((run) => ['base', run] as const), ...later.map((run) => ['new', run] as const)];
  return table({
    caption: 'The compared part is that at the planned rate',
    columns: [
      { head: 'Side' },
      { head: 'Run' },
      { head: 'Started' },
      { head: 'Verdict' },
      { head: 'Compared', number: true },
    ],
    rows: rows.map(([of, { folder, startedAt, verdict, fromSeconds, toSeconds }]) => [
      ...[of, markup`<code>${folder}</code>`, moment(startedAt), verdict],
      `${lengthOfTime(fromSeconds * 1_000)} to ${lengthOfTime(toSeconds * 1_000)}`,
    ]),
  });
}
