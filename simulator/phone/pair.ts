import { shape, text } from '../../contract/decode.ts';
import type { PairRequest, PairResponse, PhoneErrorCode } from '../wire/phone-api.ts';
import { ok } from '../answer.ts';
import type { Answer } from '../answer.ts';
import type { Call } from '../call.ts';
import type { Deployment } from '../deployment.ts';
import { readMobilePayload } from '../mobile-payload.ts';
import { findOpenPairing, verifyServerPayload } from '../server-payload.ts';
import { readPhoneRequest } from './phone-request.ts';
import { refusePhone } from './phone-refusal.ts';

const decode = shape<PairRequest>({ serverPayload: text, mobilePayload: text });

/** POST pair: the phone becomes a device of the user. A failure is the pairing's error, until a further try succeeds. */
export async function pairPhone(deployment: Deployment, call: Call): Promise<Answer> {
  const request = readPhoneRequest(call, decode);
  const claims = await verifyServerPayload(deployment, request.serverPayload);
  // From here on nothing waits, so that of two calls at once only one pairs.
  const open = findOpenPairing(deployment, claims);
  if (open === null) throw refusePhone('INVALID_SERVER_PAYLOAD');
  const account = open.flow.account!;
  const fail = (code: PhoneErrorCode): Error => {
    open.pairing.state = 'error';
    return refusePhone(code);
  };
  const phone = readMobilePayload(request.mobilePayload);
  if (phone === null || phone.integrity === 'broken') throw fail('PAIRING_FAILED');
  if (account.devices.length >= deployment.settings.deviceLimit) throw fail('DEVICE_LIMIT');
  const device = deployment.accounts.pair(account, phone, deployment.now());
  open.pairing.state = 'paired';
  const response: PairResponse = { deviceId: device.model.id };
  return ok(response);
}
