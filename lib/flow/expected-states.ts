import type { InventoryUser } from '../../contract/inventory.ts';
import { FLOW_STATUSES } from '../../protocol/statuses.ts';

/**
 * Whether the inventory leads to this status for the user. Some states are expected only if the behaviour plays
 * something there. False for a state that has no handler.
 */
export function isExpected({ behaviour, prescribed }: InventoryUser, status: string): boolean {
  if (behaviour.leave?.at === status) return true;
  switch (status) {
    case 'PUSH_CONFIRMATION_WAITING':
      return behaviour.push !== undefined;
    case 'PUSH_CONFIRMATION_TIMED_OUT':
      return behaviour.push?.decision === 'ignore';
    case 'PUSH_CONFIRMATION_REJECTED':
      return behaviour.push?.decision === 'deny';
    case 'OTP_REQUIRED':
      return behaviour.otp !== undefined;
    case 'DEVICE_SELECTION_REQUIRED':
      return behaviour.select !== undefined;
    case 'MOBILE_PAIRING_REQUIRED':
      return behaviour.pairing !== undefined;
    case 'MFA_FAILED':
      return prescribed === 'mfa_failed';
    case 'RESUME':
    case 'FAILED':
      return false;
    default:
      return (FLOW_STATUSES as readonly string[]).includes(status);
  }
}
