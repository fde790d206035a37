import { actCustom } from '../client.ts';
import type { FlowDevice } from '../../../protocol/resources.ts';
import { cancel, choose, follow } from '../flow-run.ts';
import { notDriven } from '../other-state.ts';
import type { FlowRun, Handler } from '../flow-run.ts';

/** Whether the user's device side can answer a challenge to this device. No driver has a security key. */
export function canServe({ user, settings }: FlowRun, { id, type, usable }: FlowDevice): boolean {
  if (usable === false) return false;
  // A driver that cannot read codes or answer pushes reports that when asked; these two can at least try.
  const asks = settings.driver === 'simulated' || settings.driver === 'bridge';
  switch (type) {
    case 'iPhone':
    case 'Android':
      return asks;
    case 'SMS':
    case 'Email':
    case 'Voice':
    case 'WHATSAPP':
      return asks || settings.driver === 'test-device' || user.driver?.otp !== undefined;
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
 * A state without a handler: the user selects another offered device, skips MFA (first of all, if MFA is to be set
 * up), or cancels (protocol.md section 3). A refused action counts as not offered. Each is tried only once.
 */
export const turnAway: Handler = async (run, flow) => {
  const { status, devices = [], _links: links = {} } = flow;
  run.turnedFrom = status;
  const may = (action: string): boolean => links[action] !== undefined && !run.turned.includes(action);
  const device = devices.find((one) => canServe(run, one));
  const skips = may('skipMfa');
  if (may('selectDevice') && device !== undefined && !(skips && status === 'MFA_SETUP_REQUIRED')) {
    run.turned.push('selectDevice');
    const answer = await choose(run, device.id);
    if (answer.is !== 'refused') return follow(answer);
  }
  if (skips) {
    run.turned.push('skipMfa');
    const answer = await actCustom(run.client, 'skipMfa', {});
    if (answer.is !== 'refused') return follow(answer);
  }
  const ending = notDriven(status);
  return may('cancelAuthentication') ? cancel(run, ending) : ending;
};
