import type { CauseView, ReportModel, RunFacts, ThresholdRow, VerdictView } from '../../model/report-model.ts';
import { counted, lengthOfTime, moment, momentOf, quantity } from '../../quantity.ts';
import { failedWords } from '../../threshold-words.ts';
import { markup } from '../markup.ts';
import type { Markup } from '../markup.ts';
import { details } from '../table.ts';
import { figures } from './figures.ts';
import { firstChart } from './first-chart.ts';

type Tone = 'pass' | 'fail' | 'warn';

/** Colour and sign of a verdict. */
const TONES: Readonly<Record<VerdictView['verdict'], readonly [tone: Tone, sign: string]>> = {
  pass: ['pass', '✓'],
  fail: ['fail', '✗'],
  error: ['fail', '✗'],
  invalid: ['warn', '⚠'],
  aborted: ['warn', '■'],
  interrupted: ['warn', '■'],
  killed: ['warn', '■'],
};

/** Of a run that passed, and whose pass says nothing. */
const DOUBTFUL = ['warn', '⚠'] as const;

/** Maximum number of failed thresholds, and of causes with all their words, on the first screen: its chart is to be seen, too. */
const MOST_NAMED = 3;

/**
 * Top of the page: which run, its verdict, the answer and why, the figures that belong to it, one chart, and what was
 * tested.
 */
export function firstScreen(model: ReportModel): Markup {
  const { run, verdict, answer, highlights, notes } = model;
  const { judged, doubts, remedy } = verdict;
  const sure = verdict.verdict !== 'pass' || (judged && doubts.length === 0);
  const [tone, sign] = sure ? TONES[verdict.verdict] : DOUBTFUL;
  // The answer of a search says all that its verdict does, and others say how many thresholds failed.
  const searched = verdict.verdict === 'pass' && model.staircase !== null;
  const drifted = answer.kind === 'soak' && decidedByDrift(model);
  const said = searched || drifted || isSaid(verdict.sentence, answer.sentence);
  const why = whyOf(model);
  return markup`<header>
    <h1>Pairstorm report: ${run.script}</h1>
    <p class="facts">${facts(run)}</p>
    <div class="verdict ${tone}" role="group" aria-label="Verdict">
      <strong><span aria-hidden="true">${sign} </span>${verdict.word}</strong>
      ${doubts.map((doubt) => markup`<p class="doubt">${doubt}</p>`)}
      <p class="answer-line">${answer.sentence}</p>
      ${(!said || remedy !== '') && markup`<p>${!said && verdict.sentence}${remedy !== '' && markup` <span class="remedy">→ ${remedy}</span>`}</p>`}
      ${why.length > 0 && (verdict.verdict === 'invalid' ? details('What failed meanwhile', why) : why)}
    </div>
    ${highlights.length > 0 && figures(highlights.map(({ value, unit, ...rest }) => ({ ...rest, value: quantity(value, unit) })))}
    ${firstChart(model)}
    ${testedList(run)}
    ${
      notes.length + verdict.remarks.length > 0 &&
      markup`<ul class="notes">
        ${[...verdict.remarks, ...notes].map((note) => markup`<li>${note}</li>`)}
      </ul>`
    }
  </header>`;
}

/** Whether drift alone failed a run. */
function decidedByDrift({ findings, verdict }: ReportModel): boolean {
  const deciding = findings.filter(({ exit }) => exit !== 0 && exit === verdict.exitCode);
  return deciding.length > 0 && deciding.every(({ code }) => code === 'drifts');
}

/** Whether a sentence stands within another one already. */
function isSaid(sentence: string, within: string): boolean {
  return within.toLowerCase().includes(sentence.toLowerCase().replace(/\.$/, ''));
}

/** Causes and failed thresholds; of a run that says nothing about the target they are not in the way. */
function whyOf({ verdict, thresholds }: ReportModel): readonly Markup[] {
  const { causes } = verdict;
  // A capacity search passes by finding the threshold that breaks; otherwise the causes may name the thresholds.
  const named = verdict.verdict === 'pass' || causes.some(({ of }) => of === 'threshold');
  const failed = named ? [] : thresholds.filter(({ ok }) => !ok);
  // Those with a command are causes; without one they are sums, and short.
  const folded = causes.filter(({ command }, at) => command !== '' && at >= MOST_NAMED);
  const commands = causes.filter(({ command }, at) => command !== '' && at > 0);
  const more = folded.length === 0 ? '' : `${counted(folded.length, 'more cause')}, and `;
  return [
    ...(causes.length === 0
      ? []
      : [
          markup`<ul class="causes">
            ${causes.flatMap((cause, at) => (folded.includes(cause) ? [] : [causeItem(cause, at === 0)]))}
          </ul>`,
        ]),
    ...(failed.length === 0
      ? []
      : [
          markup`<ul class="failed">
            ${failed.slice(0, MOST_NAMED).map(failedLine)}${failed.length > MOST_NAMED && markup`<li>and ${failed.length - MOST_NAMED} more, below</li>`}
          </ul>`,
        ]),
    ...(commands.length === 0 ? [] : [details(`${more}commands that show one of each`, commands.map(commandLine))]),
  ];
}

function facts({ startedAt, durationMs, target, simulated, testid, machines }: RunFacts): Markup {
  const where = simulated ? 'the built-in simulator' : target;
  return markup`<time datetime="${startedAt}">${moment(startedAt)}</time> ·
    ${lengthOfTime(durationMs)}${
      where !== null && markup` · against ${where}`
    }${machines.length > 1 && markup` · ${machines.length} machines`}
    · <span class="code">${testid}</span>`;
}

/** What was tested, when, and by what. */
function testedList({
  script,
  host,
  target,
  simulated,
  inventory,
  startedAt,
  endedAt,
  durationMs,
  pairstorm,
  scenarios,
  machines,
}: RunFacts): Markup {
  const rows: readonly (readonly [string, string])[] = [
    ['Target', simulated ? 'the built-in simulator' : (target ?? 'unknown')],
    ['Test', `${script}${loadInWords(scenarios)}`],
    ['Inventory', inventory ?? 'as the script says'],
    [
      'When',
      `${moment(startedAt)} to ${endedAt === null ? `${momentOf(Date.parse(startedAt) + durationMs)}, when it was killed` : moment(endedAt)}`,
    ],
    [
      'By',
      `Pairstorm ${pairstorm}${host === 'k6' ? ' on k6' : ''}${machines.length === 0 ? '' : ` on ${machines.length === 1 ? machines[0]!.instance : `${machines.length} machines`}`}`,
    ],
  ];
  return markup`<dl class="tested">${rows.map(([name, value]) => markup`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

/** The highest planned rate and the planned length, as far as planned. */
function loadInWords(scenarios: RunFacts['scenarios']): string {
  const rate = Math.max(0, ...scenarios.map(({ peakRate }) => peakRate ?? 0));
  const endMs = Math.max(
    0,
    ...scenarios.map(({ startMs, durationMs }) => (durationMs === null ? 0 : startMs + durationMs)),
  );
  return `${rate === 0 ? '' : `, up to ${quantity(Number(rate.toPrecision(3)), 'perSecond')}`}${endMs === 0 ? '' : `, ${lengthOfTime(endMs)} planned`}`;
}

/** `first`: with the command that shows one; those of the others can be opened. */
function causeItem({ text, remedy, command }: CauseView, first: boolean): Markup {
  return markup`<li>
    <b>${text}</b>${remedy !== '' && markup` → ${remedy}`}${first && command !== '' && markup`<span class="see">see one: <code>${command}</code></span>`}
  </li>`;
}

function commandLine({ text, remedy, command }: CauseView): Markup {
  return markup`<p>${text}${remedy !== '' && ` → ${remedy}`}<span class="see"><code>${command}</code></span></p>`;
}

/** The words of a failed threshold; its selector is found in the table below. */
const failedLine = (row: ThresholdRow): Markup => markup`<li>${failedWords(row)}</li>`;
