import type { AccountDevice } from './account.ts';
import type { Deployment } from './deployment.ts';
import { codeFactorOf } from './factor.ts';
import type { Flow } from './flow.ts';
import { appCode } from './passcode.ts';
import { decodeBase32, hotp, STEP_S } from './totp.ts';

/** The passcode that would pass now; null if there is none. */
export function rightCode(deployment: Deployment, flow: Flow, device: AccountDevice): string | null {
  switch (codeFactorOf(device)) {
    case 'sent-code':
      return flow.sentCode?.value ?? null;
    case 'app-code':
      return appCode(device, deployment.settings.seed);
    case 'totp': {
      const secret = decodeBase32(device.model.secret ?? '');
      return secret === null ? null : hotp(secret, Math.floor(deployment.wallClock() / 1000 / STEP_S));
    }
    case null:
      return null;
  }
}
