import { cancel, choose, follow } from '../flow-run.ts';
import type { Handler } from '../flow-run.ts';
import { canServe } from './turn-away.ts';

/** A user who is asked again and again gives up. */
const MAX_SELECTIONS = 10;

/** DEVICE_SELECTION_REQUIRED: the behaviour's order, then the first device that the user can serve, or a usable one. */
export const selectDevice: Handler = async (run, flow) => {
  const planned = run.user.behaviour.select?.[run.selections];
  const { devices = [] } = flow;
  const id =
    planned ?? (devices.find((one) => canServe(run, one)) ?? devices.find(({ usable }) => usable !== false))?.id;
  if (id === undefined) return cancel(run, { outcome: 'rejected', reason: 'no device to select' });
  if (run.selections >= MAX_SELECTIONS) {
    return cancel(run, { outcome: 'protocol_error', reason: `asked to select a device ${MAX_SELECTIONS} times` });
  }
  run.selections++;
  return follow(await choose(run, id));
};
