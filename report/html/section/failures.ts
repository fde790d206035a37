import type { FailureSide } from '../../../catalogue/failure-sides.ts';
import { failedBySide } from '../../model/error-rows.ts';
import type { ErrorRow, FailedFlow, FailedFlowsView, FailureGroup } from '../../model/failure-model.ts';
import { quantity } from '../../quantity.ts';
import { markup } from '../markup.ts';
import type { Markup } from '../markup.ts';
import { details, table } from '../table.ts';

/** Failed flows shown unfolded. */
const SHOWN_AT_ONCE = 8;

/** Recipients of requests, by tag `peer`. */
const PEERS = new Map<string, (target: string) => string>([
  ['pf', (target) => target],
  ['device', () => 'the phone side'],
  ['setup', () => 'before the load'],
  ['storm', (target) => `${target}, without a pause`],
]);

const SIDES: Readonly<Record<FailureSide, string>> = {
  target: 'target',
  network: 'network between',
  device: 'device side',
  generator: 'load generator',
};

/** Errors by request and code. */
export function errorSection(rows: readonly ErrorRow[], target: string): Markup {
  const sides = failedBySide(rows).map(([side, count]) => `${SIDES[side]} ${quantity(count, 'count')}`);
  return markup`<p class="lead">
      ${sides.length > 0 && markup`Failed requests by side at fault: ${sides.join(', ')}. `}
      Errors that a flow provokes on purpose (such as a wrong passcode) are marked “expected”; they are not failures.
    </p>
    ${table({
      caption: 'Requests that ended in an error, by name and code',
      columns: [
        { head: 'Request' },
        { head: 'To' },
        { head: 'Error' },
        { head: 'At fault' },
        { head: 'Code', number: true },
        { head: 'Requests', number: true },
        { head: 'Verdict' },
      ],
      rows: rows.map(({ name, peer, meaning, side, code, count, expected }) => [
        markup`<code>${name}</code>`,
        PEERS.get(peer)?.(target) ?? peer,
        meaning,
        expected ? '' : SIDES[side],
        code,
        quantity(count, 'count'),
        expected ? markup`<span class="none">expected</span>` : markup`<span class="not">✗ failure</span>`,
      ]),
      empty: 'No request ended in an error.',
    })}`;
}

/** Failed flows: what they have in common, and a sample of them step by step. */
export function failureSection({ seen, kept, groups, flows }: FailedFlowsView): Markup {
  if (seen === 0 && kept === 0) {
    return markup`<p class="lead">
      No flow failed. (Successful flows are not recorded individually, so the slowest of them cannot be shown; see the latency tables.)
    </p>`;
  }
  const [first, rest] = [flows.slice(0, SHOWN_AT_ONCE), flows.slice(SHOWN_AT_ONCE)];
  return markup`<p class="lead">
      ${quantity(seen, 'count')} failed flows were reported; the record keeps ${quantity(kept, 'count')} of them<span class="screen">, and ${quantity(flows.length, 'count')} are shown below, the slowest first</span>. Successful flows are not recorded individually.
    </p>
    ${table({
      caption: 'Failed flows of the record, grouped by how they ended',
      columns: [
        { head: 'Ended as' },
        { head: 'Reason' },
        { head: 'Flows', number: true },
        { head: 'By kind and expected outcome' },
      ],
      rows: alike(groups).map(({ outcome, reason, count, of }) => [outcome, reason, quantity(count, 'count'), of]),
    })}
    <h3 class="screen">Step by step</h3>
    ${first.map(flowDetails)} ${rest.length > 0 && details(`${rest.length} more`, rest.map(flowDetails))}`;
}

interface AlikeFlows {
  readonly outcome: string;
  readonly reason: string;
  readonly count: number;
  readonly of: Markup;
}

/** Merges groups with the same outcome and reason: a failing server hits every kind of flow. */
function alike(groups: readonly FailureGroup[]): AlikeFlows[] {
  const byEnd = new Map<string, FailureGroup[]>();
  for (const group of groups) {
    const key = JSON.stringify([group.outcome, group.reason]);
    byEnd.set(key, [...(byEnd.get(key) ?? []), group]);
  }
  return [...byEnd.values()]
    .map((same) => ({
      outcome: same[0]!.outcome,
      reason: same[0]!.reason,
      count: same.reduce((sum, { count }) => sum + count, 0),
      of: markup`<ul class="outcomes">${same.map(
        ({ kind, prescribed, count }) => markup`<li>${kind} ${prescribed} <b>${quantity(count, 'count')}</b></li>`,
      )}</ul>`,
    }))
    .sort((a, b) => b.count - a.count);
}

function flowDetails({ user, kind, prescribed, outcome, reason, totalMs, steps }: FailedFlow): Markup {
  return markup`<details class="flow">
    <summary>
      <b>${outcome}</b> after ${quantity(totalMs, 'ms')} · ${kind}, user ${user} <span class="quiet">${reason}</span>
    </summary>
    ${table({
      caption: `User ${user}, ${kind}, expected ${prescribed}, ended as ${outcome}`,
      columns: [
        { head: 'Step' },
        { head: 'HTTP', number: true },
        { head: 'Took', number: true },
        { head: 'Flow status' },
        { head: 'Error' },
      ],
      rows: steps.map(({ step, http, ms, status, error }) => [
        markup`<code>${step}</code>`,
        http === 0 ? 'no answer' : String(http),
        quantity(ms, 'ms'),
        status === undefined ? '' : markup`<code>${status}</code>`,
        error === undefined ? '' : markup`<span class="not">${error}</span>`,
      ]),
    })}
  </details>`;
}
