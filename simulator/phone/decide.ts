import { oneOf, shape, text } from '../../contract/decode.ts';
import type { DecideRequest } from '../wire/phone-api.ts';
import { ok } from '../answer.ts';
import type { Answer } from '../answer.ts';
import { approve } from '../approval.ts';
import type { Call } from '../call.ts';
import type { Deployment } from '../deployment.ts';
import { denyPush } from '../push.ts';
import { readPhoneRequest } from './phone-request.ts';
import { refusePhone } from './phone-refusal.ts';

const decode = shape<DecideRequest>({ deviceId: text, decision: oneOf('approve', 'deny') });

/** POST decide: answers the newest push on the device. The flow moves at once; its client learns by the next poll. */
export function decidePush(deployment: Deployment, call: Call): Answer {
  const { deviceId, decision } = readPhoneRequest(call, decode);
  const device = deployment.accounts.findDevice(deviceId);
  const waiting = device?.waiting;
  if (device === undefined || waiting === undefined || waiting === null) throw refusePhone('NO_PUSH');
  const flow = deployment.flows.find(waiting.id, deployment.now());
  if (flow !== waiting || flow.status !== 'PUSH_CONFIRMATION_WAITING') throw refusePhone('NO_PUSH');
  if (decision === 'approve') approve(flow, device, 'push');
  else denyPush(flow);
  return ok({});
}
