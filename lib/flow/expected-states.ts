import type { InventoryUser } from '../../contract/inventory.ts';
import { FLOW_STATUSES } from '../../protocol/statuses.ts';
import type { FlowStatus } from '../../protocol/statuses.ts';

/** States that the inventory leads to only for some users: those whose behaviour has something to play there. */
const EXPECTED_WHEN: Readonly<Partial<Record<FlowStatus, (user: InventoryUser) => boolean>>> = {
  PUSH_CONFIRMATION_WAITING: ({ behaviour }) => behaviour.push !== undefined,
  PUSH_CONFIRMATION_TIMED_OUT: ({ behaviour }) => behaviour.push?.decision === 'ignore',
  PUSH_CONFIRMATION_REJECTED: ({ behaviour }) => behaviour.push?.decision === 'deny',
  OTP_REQUIRED: ({ behaviour }) => behaviour.otp !== undefined,
  DEVICE_SELECTION_REQUIRED: ({ behaviour }) => behaviour.select !== undefined,
  MOBILE_PAIRING_REQUIRED: ({ behaviour }) => behaviour.pairing !== undefined,
  MFA_FAILED: ({ prescribed }) => prescribed === 'mfa_failed',
  RESUME: () => false,
  FAILED: () => false,
};

/** True where the inventory leads one to expect this status; false for one that nobody drives. */
export function isExpected(user: InventoryUser, status: string): boolean {
  if (user.behaviour.leave?.at === status) return true;
  if (!FLOW_STATUSES.includes(status as FlowStatus)) return false;
  return EXPECTED_WHEN[status as FlowStatus]?.(user) ?? true;
}
