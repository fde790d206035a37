import type { ActionId } from '../protocol/action-ids.ts';
import type { Deployment } from './deployment.ts';
import type { Flow } from './flow.ts';
import { rightCode } from './right-code.ts';

const FILL: Readonly<Partial<Record<ActionId, (deployment: Deployment, flow: Flow, body: object) => object>>> = {
  submitIdentifier: (_deployment, flow) => ({ identifier: flow.claimedName ?? '' }),
  checkUsernamePassword: ({ accounts }, flow, body) => {
    const username = 'username' in body ? body.username : flow.claimedName;
    return { username, password: accounts.find(String(username))?.user.password };
  },
  selectDevice: (_deployment, flow) => ({ deviceRef: { id: flow.account?.devices[0]?.model.id } }),
  checkOtp: (deployment, flow) => ({ otp: flow.selected === null ? '' : rightCode(deployment, flow, flow.selected) }),
};

/** The body with what a careless client left out, as if it had been right (checkRequired off). */
export function fillMissing(action: ActionId, deployment: Deployment, flow: Flow, body: object): object {
  return { ...FILL[action]?.(deployment, flow, body), ...body };
}
