import type { AccountDevice } from './model.ts';
import { refuseDetail } from './api-refusal.ts';
import type { Deployment } from './deployment.ts';
import { factorOf } from './factor.ts';
import type { Flow } from './model.ts';
import { sendCode } from './passcode.ts';
import { stopAt } from './policy.ts';
import { sendPush, stopWaiting } from './push.ts';

/** Throws OTP_RESEND_LIMIT if the flow has used up its codes, PUSH_FAILED for an unreachable phone. */
export function challenge(deployment: Deployment, flow: Flow, device: AccountDevice): void {
  const now = deployment.now();
  switch (factorOf(device)) {
    case 'push':
      if (device.model.unreachable === true) throw refuseDetail('PUSH_FAILED');
      sendPush(flow, device, now, deployment.lifetimes.pushMs);
      break;
    case 'sent-code':
      if (flow.codesSent > deployment.settings.otpResendLimit) throw refuseDetail('OTP_RESEND_LIMIT');
      flow.codesSent += 1;
      requireCode(flow, device);
      flow.sentCode = {
        value: sendCode(device, deployment.settings.seed),
        expiresAt: now + deployment.lifetimes.otpMs,
      };
      break;
    case 'assertion':
      stopWaiting(flow);
      Object.assign(flow, { selected: device, sentCode: null, reason: null });
      // No key is simulated; the user can select another device. [doc]
      stopAt(flow, { status: 'ASSERTION_REQUIRED', offers: ['selectDevice', 'cancelAuthentication'] });
      break;
    default:
      requireCode(flow, device);
  }
}

function requireCode(flow: Flow, device: AccountDevice): void {
  stopWaiting(flow);
  flow.selected = device;
  flow.sentCode = null;
  flow.reason = null;
  flow.status = 'OTP_REQUIRED';
}
