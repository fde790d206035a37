import type { FlowKind } from './flow-kinds.ts';

/**
 * The path of each flow kind: the states that identify a flow of the kind. A name must occur (twice if listed twice),
 * `A|B` is one of two, `?A` must occur if the user's behaviour has something to play there and must not otherwise, `leave`
 * is the state in which the user leaves. No other states in ASKING may occur. States before and after (first factor,
 * MFA_COMPLETED) depend on the deployment. Apart from their titles: each virtual user on k6 pays for what it reads.
 */
export const FLOW_PATHS = {
  F1: 'MOBILE_PAIRING_REQUIRED',
  F2: 'MOBILE_PAIRING_REQUIRED',
  F3: 'MOBILE_PAIRING_REQUIRED',
  F4: 'PUSH_CONFIRMATION_WAITING ?MOBILE_PAIRING_REQUIRED',
  F5: 'PUSH_CONFIRMATION_WAITING PUSH_CONFIRMATION_REJECTED',
  F6: 'PUSH_CONFIRMATION_WAITING ?OTP_REQUIRED ?MOBILE_PAIRING_REQUIRED',
  F7: 'OTP_REQUIRED ?MOBILE_PAIRING_REQUIRED',
  F8: 'DEVICE_SELECTION_REQUIRED ?PUSH_CONFIRMATION_WAITING ?OTP_REQUIRED ?MOBILE_PAIRING_REQUIRED',
  F9: 'DEVICE_SELECTION_REQUIRED DEVICE_SELECTION_REQUIRED ?PUSH_CONFIRMATION_WAITING ?OTP_REQUIRED ?MOBILE_PAIRING_REQUIRED',
  F10: 'PUSH_CONFIRMATION_WAITING|MFA_COMPLETED',
  F11: 'leave',
  F12: 'MFA_FAILED',
  F13: 'leave',
  F14: 'leave',
  F15: 'PUSH_CONFIRMATION_WAITING ?MOBILE_PAIRING_REQUIRED',
} as const satisfies Record<FlowKind, string>;

/** States that ask the user for a factor, a device or a pairing; they distinguish the flow kinds. */
export const ASKING = 'MOBILE_PAIRING_REQUIRED PUSH_CONFIRMATION_WAITING OTP_REQUIRED DEVICE_SELECTION_REQUIRED';
