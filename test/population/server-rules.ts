import type { InventoryDevice, InventoryUser } from '../../contract/inventory.ts';
import { LIFETIMES, OTP_ATTEMPTS } from '../../simulator/wire/lifetimes.ts';
import type { Outcome } from '../../catalogue/outcomes.ts';
import type { FlowStatus } from '../../protocol/statuses.ts';

const PAIRING_OUTCOME = { pairs: 'device_paired', gives_up: 'device_not_paired', sdk_error: 'pairing_error' } as const;
const LEAVING_OUTCOME = { cancel: 'cancelled', abandon: 'abandoned', outstay: 'expired' } as const;

/**
 * What must come of a user by the rules of protocol.md section 5, worked out state by state from the account, the phone
 * and the behaviour alone: an oracle that shares nothing with the variants table but the protocol.
 */
export function outcomeByTheRules(user: InventoryUser): Outcome {
  const { devices, phone, behaviour } = user;
  const redeemed = (outcome: Outcome): Outcome => (behaviour.token === 'replayed' ? 'refused' : outcome);
  const left = (state: FlowStatus): Outcome | undefined =>
    behaviour.leave?.at === state ? LEAVING_OUTCOME[behaviour.leave.how] : undefined;

  function pairing(): Outcome {
    return left('MOBILE_PAIRING_REQUIRED') ?? redeemed(PAIRING_OUTCOME[need(behaviour.pairing, 'pairing').result]);
  }
  function afterMfa(): Outcome {
    if (phone !== null && phone.deviceId === null) return pairing();
    return left('MFA_COMPLETED') ?? redeemed('authenticated');
  }
  function passcode(): Outcome {
    const gone = left('OTP_REQUIRED');
    if (gone) return gone;
    const { wrong, afterMs } = need(behaviour.otp, 'otp');
    return wrong >= OTP_ATTEMPTS || (wrong + 1) * afterMs > LIFETIMES.otpMs ? 'otp_failed' : afterMfa();
  }
  function push(device: InventoryDevice): Outcome {
    const gone = left('PUSH_CONFIRMATION_WAITING');
    if (gone) return gone;
    const { decision, afterMs } = need(behaviour.push, 'push');
    if (decision === 'ignore' || afterMs >= LIFETIMES.pushMs) {
      return need(behaviour.afterTimeout, 'afterTimeout') === 'otp' && device.otpEnabled === true
        ? passcode()
        : 'timed_out';
    }
    return decision === 'deny' ? 'denied' : afterMfa();
  }
  const start = (device: InventoryDevice): Outcome => (device.pushEnabled === true ? push(device) : passcode());

  const gone = left('USERNAME_PASSWORD_REQUIRED') ?? left('AUTHENTICATION_REQUIRED');
  if (gone) return gone;
  if (phone !== null && (phone.rooted || behaviour.payload === 'broken')) return 'refused';
  if (user.status === 'LOCKED') return 'mfa_failed';
  if (devices.length === 0) return phone === null ? 'mfa_failed' : pairing();
  if (!devices.some((device) => device.usable)) return 'mfa_failed';
  const own = devices.find((device) => device.id === phone?.deviceId);
  if (own) return start(own);
  if (devices.length === 1) return start(devices[0]!);
  const goneFromSelection = left('DEVICE_SELECTION_REQUIRED');
  if (goneFromSelection) return goneFromSelection;
  const selected = need(behaviour.select, 'select').map((id) => devices.find((device) => device.id === id));
  return start(
    need(
      selected.find((device) => device?.usable === true),
      'select',
    ),
  );
}

function need<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new Error(`the flow leads to a situation for which the behaviour says no ${name}`);
  return value;
}
