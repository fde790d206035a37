import type { Account, AccountDevice } from '../account.ts';
import { requirePairing } from '../approval.ts';
import { challenge } from '../challenge.ts';
import { factorOf, isUsable } from '../factor.ts';
import type { Flow } from '../flow.ts';
import { takeMobilePayload } from '../phone-of-flow.ts';
import type { Perform } from './perform.ts';

/** The MFA adapter decides what the user must do. Ordered checks; the first that applies decides. [choice] */
export const authenticate: Perform<'authenticate'> = (deployment, flow, { mobilePayload }) => {
  takeMobilePayload(flow, mobilePayload);
  const account = flow.account!;
  const { devices } = account;
  if (account.user.status === 'LOCKED') fail(flow, 'ACCOUNT_LOCKED', 'The account is locked.');
  else if (devices.length === 0 && flow.phone !== null) requirePairing(flow);
  else if (devices.length === 0) fail(flow, 'NO_DEVICE', 'The user has no device.');
  else if (!devices.some(isUsable)) fail(flow, 'NO_USABLE_DEVICE', 'No device of the user is usable.');
  else {
    const device = phoneItself(account, flow) ?? onlyDevice(account);
    if (device === undefined) flow.status = 'DEVICE_SELECTION_REQUIRED';
    else challenge(deployment, flow, device);
  }
};

/** The phone that drives the flow, if it is paired and a push can reach it. */
function phoneItself(account: Account, flow: Flow): AccountDevice | undefined {
  return account.devices.find(
    (device) => device.model.id === flow.phone?.deviceId && isUsable(device) && factorOf(device) === 'push',
  );
}

function onlyDevice(account: Account): AccountDevice | undefined {
  return account.devices.length === 1 ? account.devices[0] : undefined;
}

function fail(flow: Flow, code: string, message: string): void {
  flow.reason = { code, message };
  flow.status = 'MFA_FAILED';
}
