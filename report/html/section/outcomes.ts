import type { FlowKindRow, FlowsView, OutcomeCount } from '../../model/report-model.ts';
import { NOTHING, counted, quantity } from '../../quantity.ts';
import { markup } from '../markup.ts';
import type { Markup } from '../markup.ts';
import { details, table } from '../table.ts';

const count = (value: number): string => quantity(value, 'count');

/** Flows by kind and outcome, and whether any was lost. */
export function outcomeSection(flows: FlowsView): Markup {
  return markup`${law(flows)}
  ${table({
    caption: 'Flows by kind and outcome',
    columns: [
      { head: 'Kind' },
      { head: 'Flow' },
      { head: 'Started', number: true },
      { head: 'Outcomes' },
      { head: 'Interrupted', number: true },
      { head: 'Unexpected', number: true },
    ],
    rows: flows.kinds.map(kindRow),
  })}
  ${details(
    'What the outcomes mean',
    table({
      caption: 'Outcomes of all kinds',
      columns: [
        { head: 'Outcome' },
        { head: 'Flows', number: true },
        { head: 'Share', number: true },
        { head: 'Meaning' },
      ],
      rows: flows.outcomes.map(({ outcome, count: flowsOf, meaning }) => [
        markup`<code>${outcome}</code>`,
        count(flowsOf),
        quantity(flowsOf / Math.max(1, flows.ended), 'share'),
        meaning,
      ]),
    }),
  )}`;
}

function law({
  started,
  ended,
  interrupted,
  unanswered,
  conserved,
  interruptedIterations,
  simulatorStarts,
}: FlowsView): Markup {
  const checked =
    conserved === null
      ? markup`<span class="quiet">(not judged: the host did not count interrupted iterations)</span>`
      : conserved
        ? markup`<span class="ok">✓ none lost</span>`
        : markup`<span class="not"
            >✗ the host interrupted ${count(interruptedIterations ?? 0)}: do not trust these counts</span
          >`;
  const refused = simulatorStarts === null ? 0 : started - unanswered - simulatorStarts;
  const apart = [
    unanswered === 0 ? 'Every start got an answer.' : `${counted(unanswered, 'start')} got no answer.`,
    simulatorStarts === null
      ? ''
      : `The simulator began ${counted(simulatorStarts, 'flow')} by its own count${refused > 0 ? `, and refused ${counted(refused, 'start')}` : ''}.`,
  ];
  return markup`<p class="law">
      <b>${count(started)}</b> started = <b>${count(ended)}</b> ended + <b>${count(interrupted)}</b> interrupted ${checked}
    </p>
    <p class="quiet">${apart.join(' ')}</p>`;
}

function kindRow({
  kind,
  title,
  started,
  outcomes,
  interrupted,
  judged,
  notAsPrescribed,
}: FlowKindRow): readonly (Markup | string)[] {
  return [
    kind,
    title,
    count(started),
    outcomeList(outcomes),
    count(interrupted),
    judged === 0
      ? NOTHING
      : notAsPrescribed === 0
        ? '0'
        : markup`<span class="not">${count(notAsPrescribed)} (${quantity(notAsPrescribed / judged, 'share')})</span>`,
  ];
}

/** Outcomes with counts; those that no inventory expects are marked. */
export function outcomeList(outcomes: readonly OutcomeCount[]): Markup {
  return markup`<ul class="outcomes">
    ${outcomes.map(
      ({ outcome, problem, count: times }) =>
        markup`<li${problem ? markup` class="problem"` : ''}>${problem && '✗ '}${outcome} <b>${count(times)}</b></li>`,
    )}
  </ul>`;
}
