import { readFlow } from '../client.ts';
import type { Behaviour } from '../../../contract/inventory.ts';
import { cancel, follow } from '../flow-run.ts';
import type { FlowRun, Step } from '../flow-run.ts';

/** Leaves the flow as the behaviour says: cancels it, abandons it, or returns after it has expired. */
export async function leave(run: FlowRun, { how, afterMs }: NonNullable<Behaviour['leave']>): Promise<Step> {
  run.left = true;
  await run.time.wait(afterMs).over;
  switch (how) {
    case 'cancel':
      return cancel(run, { outcome: 'cancelled', reason: 'cancelled mid-flow' });
    case 'abandon':
      return { outcome: 'abandoned', reason: 'the client stopped' };
    case 'outstay':
      return follow(await readFlow(run.client, 'gone'));
  }
}
