import { act } from '../client.ts';
import { note } from '../flow-client.ts';
import type { DeviceAnswer } from '../../device/device.ts';
import { cancel, follow } from '../flow-run.ts';
import type { FlowRun, Handler } from '../flow-run.ts';

/** PingFederate's code when the payload of a paired phone suffices. */
const AUTHORIZED = 'device_authorized';

/** The payload captured for this user, or the SDK's; undefined without a phone. */
function payloadOf(run: FlowRun): Promise<DeviceAnswer<string>> | DeviceAnswer<string> | undefined {
  const { user, device } = run;
  const captured = user.driver?.payload;
  if (captured !== undefined) return { ok: true, value: captured };
  return user.phone === null ? undefined : device.payload(run);
}

/**
 * AUTHENTICATION_REQUIRED: sends the SDK's payload; without a phone the model is empty. A broken payload is the first
 * half of a valid one, whatever the driver. It must be refused, and so must the payload of a rooted phone.
 */
export const authenticate: Handler = async (run) => {
  const { client, user } = run;
  run.machineMsAtAuthenticate = client.machineMs;
  const payload = await payloadOf(run);
  if (payload === undefined) return follow(await act(client, 'authenticate', {}));
  if (!payload.ok) {
    note(client, 'payload', payload.error);
    return cancel(run, { outcome: 'harness_error', reason: `the device driver returned no payload: ${payload.error}` });
  }
  const broken = user.behaviour.payload === 'broken';
  const mobilePayload = broken ? payload.value.slice(0, Math.ceil(payload.value.length / 2)) : payload.value;
  run.mobilePayload = mobilePayload;
  const provoked = broken || user.phone?.rooted === true;
  const answer = await act(client, 'authenticate', { mobilePayload }, provoked ? 'refused' : undefined);
  if (provoked && answer.is === 'refused') return cancel(run, { outcome: 'refused', reason: answer.code });
  // The payload of a paired phone may suffice.
  if (answer.is === 'flow' && answer.flow.status === 'MFA_COMPLETED') {
    const { code = AUTHORIZED } = answer.flow;
    if (code === AUTHORIZED) run.factor = 'payload';
  }
  return follow(answer);
};
