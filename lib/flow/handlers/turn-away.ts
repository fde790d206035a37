import type { FlowDevice } from '../../../protocol/resources.ts';
import { cancel, follow } from '../flow-run.ts';
import { notDriven } from '../ending.ts';
import type { FlowRun, Handler } from '../flow-run.ts';
import { tidy } from '../words.ts';

/** Whether the user's device side can do what a challenge to this device asks for. Nobody here holds a security key. */
export function canServe({ user, settings }: FlowRun, { id, type, usable }: FlowDevice): boolean {
  if (usable === false) return false;
  // A driver that cannot read codes or answer pushes says so when it is asked; these two can at least try.
  const asks = settings.driver === 'simulated' || settings.driver === 'bridge';
  switch (type) {
    case 'iPhone':
    case 'Android':
      return asks;
    case 'SMS':
    case 'Email':
    case 'Voice':
    case 'WHATSAPP':
      return asks || user.driver?.otp !== undefined;
    case 'TOTP':
    case 'OATH_TOKEN': {
      const known = user.devices.find((device) => device.id === id) ?? user.devices.find(({ secret }) => secret);
      return known?.secret !== undefined || user.driver?.otp !== undefined || settings.driver === 'bridge';
    }
    default:
      return false;
  }
}

/**
 * A state that nobody drives: the user takes another device that it offers, skips MFA, or cancels, whichever comes first
 * (protocol.md section 3). Where another device leads on, the flow goes on.
 */
export const turnAway: Handler = async (run, flow) => {
  const { status, devices = [], _links: links = {} } = flow;
  const { client } = run;
  const again = run.turnedFrom !== undefined;
  run.turnedFrom ??= tidy(status);
  const ending = notDriven(tidy(status));
  const device = devices.find((one) => canServe(run, one));
  // Once: a user whom it leads back has to leave.
  if (!again && links['selectDevice'] !== undefined && device !== undefined && status !== 'MFA_SETUP_REQUIRED') {
    return follow(await client.act('selectDevice', { deviceRef: { id: device.id } }));
  }
  if (links['skipMfa'] !== undefined && run.skips++ === 0) return follow(await client.actCustom('skipMfa', {}));
  return links['cancelAuthentication'] === undefined ? ending : cancel(run, ending);
};
