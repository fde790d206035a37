import type { FlowDevice } from '../../../protocol/resources.ts';
import { cancel, follow, select } from '../flow-run.ts';
import { notDriven } from '../ending.ts';
import type { FlowRun, Handler } from '../flow-run.ts';

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
 * A state that nobody drives: the user takes another device that it offers, skips MFA (first, where it is to be set up), or cancels
 * (protocol.md section 3); what is refused was not offered. Each but the last is done once: a user whom it leads back has to leave.
 */
export const turnAway: Handler = async (run, flow) => {
  const { status, devices = [], _links: links = {} } = flow;
  const again = run.turnedFrom !== undefined;
  run.turnedFrom = status;
  const ending = notDriven(status);
  const skips = links['skipMfa'] !== undefined && run.skips === 0;
  const device = devices.find((one) => canServe(run, one));
  const selects = !again && links['selectDevice'] !== undefined && !(skips && status === 'MFA_SETUP_REQUIRED');
  if (selects && device !== undefined) {
    const answer = await select(run, device.id);
    if (answer.is !== 'refused') return follow(answer);
  }
  if (skips) {
    run.skips++;
    const answer = await run.client.actCustom('skipMfa', {});
    if (answer.is !== 'refused') return follow(answer);
  }
  return links['cancelAuthentication'] === undefined ? ending : cancel(run, ending);
};
