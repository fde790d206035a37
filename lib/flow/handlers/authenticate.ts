import { cancel, follow } from '../flow-run.ts';
import type { Handler } from '../flow-run.ts';

/** AUTHENTICATION_REQUIRED: asks the SDK for a payload and hands it over; without a phone the model is empty. */
export const authenticate: Handler = async (run) => {
  const { client, user, device } = run;
  run.machineMsAtAuthenticate = client.machineMs;
  const captured = user.driver?.payload;
  if (captured !== undefined) return follow(await client.act('authenticate', { mobilePayload: captured }));
  if (user.phone === null) return follow(await client.act('authenticate', {}));
  const answer = await device.payload(run);
  if (answer.ok) return follow(await client.act('authenticate', { mobilePayload: answer.value }));
  client.note('payload', answer.error);
  return cancel(run, { outcome: 'harness_error', reason: `the device driver gave no payload: ${answer.error}` });
};
