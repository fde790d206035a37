import type { SeriesTotals } from '../../contract/series-totals.ts';
import { thresholdParts } from '../../contract/threshold-expression.ts';
import type { Cause } from '../../record/causes.ts';
import { causeViews } from '../../report/model/causes.ts';
import { faultsOfRun } from '../../report/model/fault-causes.ts';
import type { ReportModel, ThresholdRow } from '../../report/model/report-model.ts';
import { counted, quantity } from '../../report/quantity.ts';
import { markup } from '../../report/html/markup.ts';
import type { Markup } from '../../report/html/markup.ts';
import { timeWords } from '../live/live-line.ts';
import type { LiveNumbers } from '../live/live-numbers.ts';

/** What the top of the page is made of; the model is what a report of the run so far would show. */
interface SoFar {
  readonly model: ReportModel;
  readonly numbers: LiveNumbers | undefined;
  readonly causes: readonly Cause[];
  readonly totals: SeriesTotals;
  readonly folder: string;
}

/** Maximum number of thresholds named. */
const MOST_NAMED = 4;

/** A count that only grows and is not there yet. */
function isToCome({ ok, expression }: ThresholdRow): boolean {
  const { stat = '', operator = '' } = thresholdParts(expression) ?? {};
  return !ok && stat === 'count' && operator.startsWith('>');
}

/** The run before its load: settings are read, accounts are put back. */
export function headBefore(): Markup {
  return markup`<div class="verdict so-far" role="group" aria-label="So far">
    <strong>PREPARING</strong>
    <p class="answer-line">The target is looked at, and accounts are put back; no load yet.</p>
  </div>`;
}

/** State, time, verdict and causes so far. A verdict there is only at the end. */
export function headOf({ model, numbers, causes, totals, folder }: SoFar): Markup {
  const { run, thresholds } = model;
  const failing = model.staircase === null ? thresholds.filter((row) => !row.ok && !isToCome(row)) : [];
  const [tone, sign] = failing.length > 0 ? ['fail', '✗'] : ['so-far', '●'];
  const why = causeViews({
    ...{ exitCode: null, causes, thresholds, errors: model.errors, flows: model.flows, folder },
    faults: faultsOfRun(totals, model.faults),
  }).filter(({ of }) => of === 'flows' || model.flows === null);
  return markup`<p class="facts">
      against ${run.simulated ? 'the built-in simulator' : (run.target ?? 'what the script says')} ·
      <span class="code">${folder}</span>
    </p>
    <div class="verdict ${tone}" role="group" aria-label="So far">
      <strong><span aria-hidden="true">${sign} </span>${wordOf(numbers, failing.length > 0)}</strong>
      <p class="answer-line">${sentenceOf(model, failing.length)}</p>
      ${
        failing.length > 0 &&
        markup`<ul class="failed">
          ${failing.slice(0, MOST_NAMED).map(failingLine)}${failing.length > MOST_NAMED && markup`<li>and ${failing.length - MOST_NAMED} more, below</li>`}
        </ul>`
      }
      ${
        why.length > 0 &&
        markup`<ul class="causes">
          ${why.map(({ text, remedy }) => markup`<li><b>${text}</b>${remedy !== '' && markup` → ${remedy}`}</li>`)}
        </ul>`
      }
    </div>`;
}

function wordOf(numbers: LiveNumbers | undefined, fails: boolean): string {
  if (numbers?.finishingMs !== undefined) return 'FINISHING';
  return fails ? 'FAILING SO FAR' : 'RUNNING';
}

/** Where the run is: its time, its part, and how much of the plan that is. */
export function timeOf(numbers: LiveNumbers): Markup {
  const { elapsedMs, totalMs, part } = numbers;
  return markup`<p class="when">${timeWords(numbers)}${part !== undefined && markup`, <b>${part}</b>`}</p>
    ${
      totalMs !== undefined &&
      totalMs > 0 &&
      markup`<progress max="${Math.round(totalMs)}" value="${Math.round(Math.min(elapsedMs, totalMs))}" aria-label="Of the planned length"></progress>`
    }`;
}

/** What is to be said of the kind of run: the search, the drift, the faults; else of the thresholds. */
function sentenceOf(model: ReportModel, failing: number): string {
  const { staircase, resilience, drift, thresholds } = model;
  if (staircase !== null) return searchSoFar(staircase);
  const judged = thresholds.filter(({ value }) => value !== null);
  const open = judged.filter(isToCome).length;
  const held = judged.length - failing - open;
  const words = [
    ...(failing > 0 ? [`${failing} of ${judged.length} thresholds would fail now`] : []),
    ...(held > 0 ? [counted(held, 'threshold holds so far', 'thresholds hold so far')] : []),
    ...(open > 0 ? [counted(open, 'count is still to be reached', 'counts are still to be reached')] : []),
  ];
  const limits = words.length === 0 ? 'No threshold has a sample yet.' : `${words.join(', ')}.`;
  const fault = resilience?.rows.at(-1);
  const beside =
    fault === undefined ? drift?.sentences[0] : `${fault.fault}: impact ${fault.impact}, recovery ${fault.recovery}`;
  return beside === undefined
    ? limits
    : `${limits} ${beside.charAt(0).toUpperCase()}${beside.slice(1)}.`.replace('..', '.');
}

function searchSoFar({ levels, held, broke }: NonNullable<ReportModel['staircase']>): string {
  const now = levels.at(-1)!;
  const first = held === null ? 'No rate has held yet' : `${held.rate} flows/s held`;
  if (broke !== null && broke.ending === 'broke') return `${first}; ${broke.rate} flows/s did not.`;
  return now.name === held?.name ? `${first}.` : `${first}; ${now.rate} flows/s is being played.`;
}

function failingLine({ metric, expression, value, unit }: ThresholdRow): Markup {
  return markup`<li><code>${metric}</code> is <b>${quantity(value, unit)}</b>; limit <code>${expression}</code></li>`;
}
