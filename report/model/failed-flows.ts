import type { FailureRecord } from '../../contract/failure-line.ts';
import type { RunFile } from '../../record/run-file.ts';
import type { FailedFlow, FailedFlowsView, FailureGroup } from './failure-model.ts';

/** Maximum numbers of flows shown step by step, and of groups. */
const MOST_FLOWS = 40;
const MOST_GROUPS = 100;

/** Failed flows of a record, grouped, with a sample of each group, slowest first. */
export function failedFlows(failures: readonly FailureRecord[], run: RunFile): FailedFlowsView {
  const groups = new Map<string, { group: FailureGroup; flows: FailedFlow[] }>();
  for (const failure of failures) {
    const { kind, prescribed, outcome, reason } = failure;
    const key = JSON.stringify([kind, prescribed, outcome, reason]);
    const known = groups.get(key);
    const flow = failedFlow(failure);
    if (known === undefined) {
      groups.set(key, { group: { kind, prescribed, outcome, reason, count: 1 }, flows: [flow] });
    } else {
      known.group = { ...known.group, count: known.group.count + 1 };
      known.flows.push(flow);
    }
  }
  const sorted = [...groups.values()].sort((a, b) => b.group.count - a.group.count);
  for (const { flows } of sorted) flows.sort((a, b) => b.totalMs - a.totalMs);
  return {
    seen: run.end?.failures.seen ?? failures.length,
    kept: failures.length,
    groups: sorted.slice(0, MOST_GROUPS).map(({ group }) => group),
    flows: inTurn(sorted.map(({ flows }) => flows)).sort((a, b) => b.totalMs - a.totalMs),
  };
}

/** Takes from each list in turn, so that a frequent failure does not hide a rare one. */
function inTurn(lists: readonly (readonly FailedFlow[])[]): FailedFlow[] {
  const taken: FailedFlow[] = [];
  for (let round = 0; taken.length < MOST_FLOWS; round++) {
    const next = lists.flatMap((flows) => flows.slice(round, round + 1));
    if (next.length === 0) break;
    taken.push(...next.slice(0, MOST_FLOWS - taken.length));
  }
  return taken;
}

function failedFlow({ user, kind, prescribed, outcome, reason, steps }: FailureRecord): FailedFlow {
  return { user, kind, prescribed, outcome, reason, totalMs: steps.reduce((sum, { ms }) => sum + ms, 0), steps };
}
