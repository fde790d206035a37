import { mobilePayload } from '../../device/sdk.ts';
import { follow } from '../flow-run.ts';
import type { Handler } from '../flow-run.ts';

/** AUTHENTICATION_REQUIRED: asks the SDK for a payload and hands it over; without a phone the model is empty. */
export const authenticate: Handler = async (run) => {
  const { client, user, state } = run;
  run.machineMsAtAuthenticate = client.machineMs;
  const model = user.phone === null ? {} : { mobilePayload: mobilePayload(user.phone, state) };
  return follow(await client.act('authenticate', model));
};
