import type { ActionId } from '../../protocol/action-ids.ts';
import type { ActionBodies } from '../action-body.ts';
import type { Deployment } from '../deployment.ts';
import type { Flow } from '../flow.ts';
import { authenticate } from './authenticate.ts';
import { cancelAuthentication } from './cancelAuthentication.ts';
import { checkOtp } from './checkOtp.ts';
import { checkUsernamePassword } from './checkUsernamePassword.ts';
import { continueAuthentication } from './continueAuthentication.ts';
import { poll } from './poll.ts';
import { selectDevice } from './selectDevice.ts';
import { submitIdentifier } from './submitIdentifier.ts';

/** Performs an allowed action with a checked body: moves the flow, or throws the action's error. */
export type Perform<A extends ActionId> = (deployment: Deployment, flow: Flow, body: ActionBodies[A]) => void;

const PERFORM: { readonly [A in ActionId]: Perform<A> } = {
  submitIdentifier,
  checkUsernamePassword,
  authenticate,
  selectDevice,
  poll,
  checkOtp,
  continueAuthentication,
  cancelAuthentication,
};

/** Performs the action by its id. */
export function perform<A extends ActionId>(
  action: A,
  deployment: Deployment,
  flow: Flow,
  body: ActionBodies[A],
): void {
  PERFORM[action](deployment, flow, body);
}
