import { startFlow } from './client.ts';
import { note } from './flow-client.ts';
import type { NotedError } from '../../catalogue/noted-errors.ts';
import type { ThinkState } from '../../contract/inventory.ts';
import type { FlowResource } from '../../protocol/resources.ts';
import type { FlowStatus } from '../../protocol/statuses.ts';
import { sample } from '../metrics.ts';
import { fillModel } from '../template.ts';
import type { Ending } from './ending.ts';
import { isExpected } from './expected-states.ts';
import { cancel, follow } from './flow-run.ts';
import type { FlowRun, Handler, Step } from './flow-run.ts';
import { authenticate } from './handlers/authenticate.ts';
import { continueAuthentication, finish } from './handlers/finish.ts';
import { checkUsernamePassword, customFirstFactor, submitIdentifier } from './handlers/first-factor.ts';
import { pair } from './handlers/pair.ts';
import { tokenClaims } from './status-claim.ts';

/**
 * What the user does in each state; undefined: nobody drives it. The server decides the next state. What not every user
 * meets is evaluated where it is first needed (lib/test.ts).
 */
function handlerOf(status: string): Handler | undefined {
  switch (status as FlowStatus) {
    case 'IDENTIFIER_REQUIRED':
      return submitIdentifier;
    case 'USERNAME_PASSWORD_REQUIRED':
      return checkUsernamePassword;
    case 'AUTHENTICATION_REQUIRED':
      return authenticate;
    case 'MOBILE_PAIRING_REQUIRED':
      return pair;
    case 'PUSH_CONFIRMATION_WAITING':
      return require('./handlers/await-push.ts').awaitPush;
    case 'PUSH_CONFIRMATION_TIMED_OUT':
      return require('./handlers/after-push.ts').afterPushTimeout;
    case 'OTP_REQUIRED':
      return require('./handlers/enter-otp.ts').enterOtp;
    case 'DEVICE_SELECTION_REQUIRED':
      return require('./handlers/select-device.ts').selectDevice;
    case 'MFA_COMPLETED':
      return continueAuthentication;
    case 'COMPLETED':
      return finish;
    default:
      return undefined;
  }
}

/** How long the user thinks before acting in a state, in milliseconds; undefined: not at all. */
function thinkMs({ user }: FlowRun, status: string): number | undefined {
  const { think } = user.behaviour;
  return think !== undefined && Object.hasOwn(think, status) ? think[status as ThinkState] : undefined;
}

/** Ends the flow of a user who is out of patience. */
async function giveUp(run: FlowRun, { _links }: FlowResource): Promise<Ending> {
  const because = { outcome: 'timed_out', reason: 'out of patience (FLOW_PATIENCE)' } as const;
  return _links?.['cancelAuthentication'] === undefined ? because : cancel(run, because);
}

/** When a request object expires, in Unix milliseconds; NaN without one. */
const expiryOf = (jwt: string): number => Number(tokenClaims(jwt)?.['exp']) * 1000;

/** Plays one flow from start to end. */
export async function journey(run: FlowRun): Promise<Ending> {
  const { parameters, customAction } = run.settings;
  const more = fillModel(parameters, run.user) as typeof parameters;
  const started = await startFlow(run.client, run.state, run.verifier, more);
  // No flow has started, so none can be gone: the path is wrong.
  let step: Step = started.is === 'gone' ? { outcome: 'rejected', reason: started.code } : follow(started);
  if (started.is === 'refused' && Date.now() >= expiryOf(run.settings.requestObject)) {
    note(run.client, 'start', 'REQUEST_OBJECT_EXPIRED' satisfies NotedError);
    return { outcome: 'harness_error', reason: 'the request object has expired' };
  }
  const { maxStates } = run.settings;
  for (let states = 0; states < maxStates; states++) {
    if ('outcome' in step) return step;
    if (Date.now() > run.deadline && step.flow.status !== 'COMPLETED') return giveUp(run, step.flow);
    const { flow } = step;
    const custom = customAction?.status === flow.status;
    // A custom first factor is not part of any path.
    if (!custom) run.seen.push(flow.status);
    run.at = flow.status;
    const handler = custom ? customFirstFactor : handlerOf(flow.status);
    if (!custom && !(run.open && handler !== undefined) && !isExpected(run.user, flow.status)) {
      sample('unexpected_state', 1, { status: require('./other-state.ts').statusTag(flow.status) });
    }
    const { leave: leaving } = run.user.behaviour;
    if (leaving?.at === flow.status && !run.left) step = await require('./handlers/leave.ts').leave(run, leaving);
    else {
      const ms = thinkMs(run, flow.status);
      if (ms !== undefined) await run.time.wait(ms).over;
      step = await (handler ?? require('./handlers/dead-end.ts').deadEnd)(run, flow);
    }
  }
  return 'outcome' in step
    ? step
    : cancel(run, { outcome: 'protocol_error', reason: `not finished after ${maxStates} states` });
}
