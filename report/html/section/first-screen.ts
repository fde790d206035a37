import { kindOfFinding } from '../../../catalogue/findings.ts';
import { invariants } from '../../invariants.ts';
import type { Invariant } from '../../invariants.ts';
import type { CauseView, ReportModel, RunFacts, ThresholdRow, VerdictView } from '../../model/report-model.ts';
import { lengthOfTime, moment, quantity } from '../../quantity.ts';
import { markup } from '../markup.ts';
import type { Markup } from '../markup.ts';
import { figures } from './figures.ts';
import { firstChart } from './first-chart.ts';
import { marginInWords } from './thresholds.ts';

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

/** Maximum number of failed thresholds on the first screen. */
const MOST_NAMED = 3;

/**
 * Top of the page: which run, its verdict, the answer and why, the figures that belong to it, one chart, and what was
 * tested.
 */
export function firstScreen(model: ReportModel): Markup {
  const { run, verdict, answer, thresholds, highlights, notes } = model;
  const [tone, sign] = TONES[verdict.verdict];
  // A capacity search passes by finding the threshold that breaks; otherwise the causes may name the thresholds.
  const named = verdict.verdict === 'pass' || verdict.causes.some(({ of }) => of === 'threshold');
  const failed = named ? [] : thresholds.filter(({ ok }) => !ok);
  // The answer of a search says all that its verdict does.
  const searched = verdict.verdict === 'pass' && model.staircase !== null;
  return markup`<header>
    <h1>Pairstorm report: ${run.script}</h1>
    <p class="facts">${facts(run)}</p>
    <div class="verdict ${tone}" role="group" aria-label="Verdict">
      <strong><span aria-hidden="true">${sign} </span>${verdict.word}</strong>
      <p class="answer-line">${answer.sentence}</p>
      ${!searched && markup`<p>${verdict.sentence}${verdict.remedy !== '' && markup` <span class="remedy">→ ${verdict.remedy}</span>`}</p>`}
      ${
        verdict.causes.length > 0 &&
        markup`<ul class="causes">
          ${verdict.causes.map(causeItem)}
        </ul>`
      }
      ${
        failed.length > 0 &&
        markup`<ul class="failed">
          ${failed.slice(0, MOST_NAMED).map(failedLine)}${failed.length > MOST_NAMED && markup`<li>and ${failed.length - MOST_NAMED} more, below</li>`}
        </ul>`
      }
      ${distrustOf(model)}
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

/** All findings about the load generator count as one kind: the verdict names one of them. */
function kindOf(code: string): string {
  return kindOfFinding(code)?.exit === 'invalid' ? 'invalid' : code;
}

/** Broken invariants that the verdict does not mention already. */
function distrustOf(model: ReportModel): Markup | false {
  const said = (invariant: Invariant): boolean =>
    model.findings.some(({ code, exit }) => exit !== 0 && kindOf(code) === kindOf(invariant.code));
  const broken = invariants(model).filter((invariant) => invariant.state === 'broken' && !said(invariant));
  return (
    broken.length > 0 &&
    markup`<ul>
      ${broken.map(({ name, says }) => markup`<li><span class="not">✗ Do not trust the numbers.</span> This does not hold: ${name}. ${says}</li>`)}
    </ul>`
  );
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
  pairstorm,
  scenarios,
  machines,
}: RunFacts): Markup {
  const rows: readonly (readonly [string, string])[] = [
    ['Tested', simulated ? 'the built-in simulator' : (target ?? 'unknown')],
    ['Load', `${script}${loadInWords(scenarios)}`],
    ['Users', inventory ?? 'as the script says'],
    ['When', `${moment(startedAt)} to ${endedAt === null ? 'an unknown end' : moment(endedAt)}`],
    [
      'By',
      `Pairstorm ${pairstorm}${host === 'k6' ? ' on k6' : ''}${machines.length === 0 ? '' : `, ${machines.length === 1 ? machines[0]!.instance : `${machines.length} machines`}`}`,
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

function causeItem({ text, remedy, command }: CauseView): Markup {
  return markup`<li>
    <b>${text}</b>${remedy !== '' && markup` → ${remedy}`}${command !== '' && markup`<span class="see">see one: <code>${command}</code></span>`}
  </li>`;
}

function failedLine({ metric, expression, value, unit, margin }: ThresholdRow): Markup {
  return markup`<li>
    <code>${metric}</code> was <b>${quantity(value, unit)}</b>; limit <code>${expression}</code>${
      margin !== null && markup` (${marginInWords(margin)})`
    }
  </li>`;
}
