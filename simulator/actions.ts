import type { ActionId } from '../protocol/action-ids.ts';
import type { StatusValue } from '../protocol/status-attribute.ts';
import type { ActionBodies } from './action-body.ts';
import { refuseDetail } from './api-refusal.ts';
import { approve, requirePairing } from './approval.ts';
import { challenge } from './challenge.ts';
import type { Deployment } from './deployment.ts';
import { codeFactorOf, factorOf, isUsable } from './factor.ts';
import { passFirstFactor, restart } from './first-factor.ts';
import { takeMobilePayload } from './mobile-payload.ts';
import type { Account, AccountDevice, Flow, Pairing } from './model.ts';
import { rightCode } from './passcode.ts';
import { stopWaiting } from './push.ts';
import { isTotp } from './totp.ts';

/** Performs an allowed action with a validated body: changes the flow, or throws the action's error. */
type Perform<A extends ActionId> = (deployment: Deployment, flow: Flow, body: ActionBodies[A]) => void;

const PERFORM: { readonly [A in ActionId]: Perform<A> } = {
  /** Takes the name before the password. An unknown name is not revealed: the password will be rejected. [choice] */
  submitIdentifier(_deployment, flow, { identifier }) {
    flow.claimedName = identifier;
    flow.status = 'USERNAME_PASSWORD_REQUIRED';
  },

  /** A locked user passes the first factor: the MFA adapter rejects them. [choice] */
  checkUsernamePassword(deployment, flow, { username, password }) {
    const account = deployment.accounts.find(username);
    if (account === undefined) throw refuseDetail('CREDENTIAL_VALIDATION_FAILED');
    const { passwordAttempts } = deployment.settings;
    if (passwordAttempts > 0 && account.wrongPasswords >= passwordAttempts) throw refuseDetail('ACCOUNT_LOCKED_OUT');
    if (account.user.password !== password) {
      account.wrongPasswords += 1;
      throw refuseDetail('CREDENTIAL_VALIDATION_FAILED');
    }
    account.wrongPasswords = 0;
    passFirstFactor(deployment, flow, account);
  },

  /** The MFA adapter decides what follows; the first matching check wins. [choice] */
  authenticate(deployment, flow, { mobilePayload }) {
    takeMobilePayload(deployment, flow, mobilePayload);
    const account = flow.account!;
    const { devices } = account;
    if (account.user.status === 'LOCKED') fail(flow, 'ACCOUNT_LOCKED', 'The account is locked.');
    else if (devices.length === 0 && flow.phone !== null) requirePairing(flow);
    else if (devices.length === 0) fail(flow, 'NO_DEVICE', 'The user has no device.');
    else if (!devices.some(isUsable)) fail(flow, 'NO_USABLE_DEVICE', 'No device of the user is usable.');
    else {
      const device = phoneItself(account, flow) ?? (devices.length === 1 ? devices[0] : undefined);
      if (device === undefined) flow.status = 'DEVICE_SELECTION_REQUIRED';
      else challenge(deployment, flow, device);
    }
  },

  /** Challenges the chosen device, maybe again. An unusable one leads back to the selection. [seed] [choice] */
  selectDevice(deployment, flow, { deviceRef, mobilePayload }) {
    takeMobilePayload(deployment, flow, mobilePayload);
    const device = flow.account!.devices.find(({ model }) => model.id === deviceRef.id);
    if (device === undefined) throw refuseDetail('INVALID_DEVICE', { target: 'deviceRef' });
    if (device.locked) throw refuseDetail('DEVICE_LOCKED');
    if (isUsable(device)) {
      challenge(deployment, flow, device);
      return;
    }
    stopWaiting(flow);
    flow.reason = null;
    flow.status = 'DEVICE_SELECTION_REQUIRED';
  },

  /** Nothing to do: decisions and time-outs have already changed the flow. */
  poll: () => undefined,

  /** Checks a passcode of the selected device: the one sent, the TOTP, or the one its app shows. */
  checkOtp(deployment, flow, { otp, mobilePayload }) {
    takeMobilePayload(deployment, flow, mobilePayload);
    const device = flow.selected!;
    if (device.locked) throw refuseDetail('DEVICE_LOCKED');
    if (flow.sentCode !== null && deployment.now() >= flow.sentCode.expiresAt) throw refuseDetail('OTP_EXPIRED');
    const right =
      codeFactorOf(device) === 'totp'
        ? isTotp(device.model.secret!, otp, deployment.wallClock())
        : otp === rightCode(deployment, flow, device);
    if (!right) throw countWrongCode(flow, device, deployment.settings.otpAttempts);
    flow.wrongCodes.delete(device.model.id);
    device.newestCode = null;
    approve(flow, device, 'code');
  },

  /** Ends the flow with success, even if pairing failed: only the attribute tells. [seed] */
  continueAuthentication(deployment, flow) {
    const paired = flow.pairing === null ? flow.result! : PAIRING_RESULT[flow.pairing.state];
    const result = paired === 'device_paired' && deployment.ageing.spoilsPairing() ? 'pairing_error' : paired;
    flow.result = result;
    flow.code = deployment.codes.issue({
      client: flow.client,
      request: flow.request,
      user: flow.account!.user,
      subject: flow.account!.view.id,
      result,
      additionalDevice: flow.selected !== null,
      deviceId: flow.selected?.model.id ?? null,
      expiresAt: deployment.now() + deployment.lifetimes.codeMs,
    });
    flow.status = 'COMPLETED';
    deployment.counts.completed(result);
    deployment.flows.drop(flow);
  },

  /** Ends the flow with failure. Cancelling MFA_FAILED keeps its reason. */
  cancelAuthentication(deployment, flow) {
    if (deployment.settings.failBranch === 'on') {
      // With a fail branch, the policy starts over.
      restart(deployment, flow);
      return;
    }
    if (flow.status !== 'MFA_FAILED') {
      flow.reason = { code: 'AUTHENTICATION_CANCELED', message: 'The authentication was cancelled.' };
    }
    deployment.counts.failed(flow.status);
    flow.status = 'FAILED';
    deployment.flows.drop(flow);
  },
};

/** The status attribute after a pairing, by what the phone API saw. [seed] */
const PAIRING_RESULT: Readonly<Record<Pairing['state'], StatusValue>> = {
  paired: 'device_paired',
  open: 'device_not_paired',
  error: 'pairing_error',
};

export function perform<A extends ActionId>(
  action: A,
  deployment: Deployment,
  flow: Flow,
  body: ActionBodies[A],
): void {
  PERFORM[action](deployment, flow, body);
}

function fail(flow: Flow, code: string, message: string): void {
  flow.reason = { code, message };
  flow.status = 'MFA_FAILED';
}

/** The phone that runs the flow, if it is paired and can receive a push. */
function phoneItself(account: Account, flow: Flow): AccountDevice | undefined {
  return account.devices.find(
    (device) => device.model.id === flow.phone?.deviceId && isUsable(device) && factorOf(device) === 'push',
  );
}

/** Counts wrong codes per flow and device, across resent codes; the last one locks the device. [choice] */
function countWrongCode(flow: Flow, device: AccountDevice, attempts: number): Error {
  const wrong = (flow.wrongCodes.get(device.model.id) ?? 0) + 1;
  flow.wrongCodes.set(device.model.id, wrong);
  if (wrong < attempts) {
    return refuseDetail('INVALID_OTP', { attemptsRemaining: attempts - wrong });
  }
  device.locked = true;
  return refuseDetail(codeFactorOf(device) === 'totp' ? 'TOTP_ATTEMPTS_LIMIT' : 'OTP_ATTEMPTS_LIMIT');
}
