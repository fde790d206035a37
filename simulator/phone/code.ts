import { shape, text } from '../../contract/decode.ts';
import type { CodeRequest, CodeResponse } from '../wire/phone-api.ts';
import type { AccountDevice } from '../account.ts';
import { ok } from '../answer.ts';
import type { Answer } from '../answer.ts';
import type { Call } from '../call.ts';
import type { Deployment } from '../deployment.ts';
import { codeFactorOf } from '../factor.ts';
import { appCode } from '../passcode.ts';
import { readPhoneRequest } from './phone-request.ts';
import { refusePhone } from './phone-refusal.ts';

const decode = shape<CodeRequest>({ deviceId: text });

/** POST code: the newest code sent to the device, or the one that its app shows. A TOTP is not told: it is computed. */
export function readCode(deployment: Deployment, call: Call): Answer {
  const device = deployment.accounts.findDevice(readPhoneRequest(call, decode).deviceId);
  const otp = device === undefined ? null : codeOn(device, deployment.settings.seed);
  if (otp === null) throw refusePhone('NO_CODE');
  const response: CodeResponse = { otp };
  return ok(response);
}

function codeOn(device: AccountDevice, seed: number): string | null {
  return codeFactorOf(device) === 'app-code' ? appCode(device, seed) : device.newestCode;
}
