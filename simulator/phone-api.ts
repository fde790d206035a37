import { DecodeError, listOf, oneOf, optional, shape, text } from '../contract/decode.ts';
import type { Decoder } from '../contract/decode.ts';
import { Refusal, ok } from './answer.ts';
import type { Answer } from './answer.ts';
import { approve } from './approval.ts';
import type { Call } from './call.ts';
import type { Deployment } from './deployment.ts';
import { codeFactorOf } from './factor.ts';
import { readMobilePayload } from './mobile-payload.ts';
import type { AccountDevice } from './model.ts';
import { appCode } from './passcode.ts';
import { denyPush } from './push.ts';
import { findOpenPairing, verifyServerPayload } from './server-payload.ts';
import { PHONE_ERRORS } from './wire/phone-api.ts';
import type {
  CodeRequest,
  CodeResponse,
  DecideRequest,
  PairRequest,
  PairResponse,
  PhoneError,
  PhoneErrorCode,
} from './wire/phone-api.ts';

const decodePair = shape<PairRequest>({ serverPayload: text, mobilePayload: text });

/** POST pair: makes the phone a device of the user. A failure is kept until another attempt succeeds. */
export async function pairPhone(deployment: Deployment, call: Call): Promise<Answer> {
  const request = readPhoneRequest(call, decodePair);
  const claims = await verifyServerPayload(deployment, request.serverPayload);
  // No await from here on, so that only one of two concurrent calls pairs.
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

const decodeDecision = shape<DecideRequest>({ deviceId: text, decision: oneOf('approve', 'deny') });

/** POST decide: answers the latest push. The flow changes at once; its client learns of it by polling. */
export function decidePush(deployment: Deployment, call: Call): Answer {
  const { deviceId, decision } = readPhoneRequest(call, decodeDecision);
  const device = deployment.accounts.findDevice(deviceId);
  const waiting = device?.waiting;
  if (device === undefined || waiting === undefined || waiting === null) throw refusePhone('NO_PUSH');
  const flow = deployment.flows.find(waiting.id, deployment.now());
  if (flow !== waiting || flow.status !== 'PUSH_CONFIRMATION_WAITING') throw refusePhone('NO_PUSH');
  if (decision === 'approve') approve(flow, device, 'push');
  else denyPush(flow);
  return ok({});
}

const decodeCode = shape<CodeRequest>({ deviceId: text });

/** POST code: the latest code sent, or the one in the device's app. TOTPs are not returned: compute them. */
export function readCode(deployment: Deployment, call: Call): Answer {
  const device = deployment.accounts.findDevice(readPhoneRequest(call, decodeCode).deviceId);
  const otp = device === undefined ? null : codeOn(device, deployment.settings.seed);
  if (otp === null) throw refusePhone('NO_CODE');
  const response: CodeResponse = { otp };
  return ok(response);
}

function codeOn(device: AccountDevice, seed: number): string | null {
  return codeFactorOf(device) === 'app-code' ? appCode(device, seed) : device.newestCode;
}

const decodeReset = shape<{
  readonly username?: string | undefined;
  readonly usernames?: readonly string[] | undefined;
}>({
  username: optional(text),
  usernames: optional(listOf(text)),
});

/** POST reset: restores accounts to the inventory's state, all or none. Open flows of the users are not changed. */
export function resetUsers(deployment: Deployment, call: Call): Answer {
  const { username, usernames } = readPhoneRequest(call, decodeReset);
  if ((username === undefined) === (usernames === undefined)) throw refusePhone('INVALID_REQUEST');
  const accounts = (usernames ?? [username!]).map((name) => {
    const account = deployment.accounts.find(name);
    if (account === undefined) throw refusePhone('UNKNOWN_USER');
    return account;
  });
  for (const account of accounts) deployment.accounts.reset(account);
  return { httpStatus: 204, body: null, code: 'ok' };
}

/** Decodes the body of a phone API request; throws INVALID_REQUEST. */
function readPhoneRequest<T>(call: Call, decode: Decoder<T>): T {
  try {
    return decode(JSON.parse(call.body), '');
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof DecodeError) throw refusePhone('INVALID_REQUEST');
    throw error;
  }
}

function refusePhone(code: PhoneErrorCode): Refusal {
  const body: PhoneError = { code, message: PHONE_ERRORS[code].message };
  return new Refusal({ httpStatus: PHONE_ERRORS[code].httpStatus, body, code });
}
