import type { Source } from './source.ts';

/**
 * The flows that inventories, tests and reports name, by F-number. protocol.md section 5.
 *
 * `path` says in words which states identify a flow of the kind: a state that must be seen (twice if named twice), `A|B` for one
 * of two, `?A` for one that must be seen if the user has something to play there and must not otherwise, `leave` for the one in
 * which the user leaves. Of the states that ask the user for something (ASKING), the path has those named and no others. What
 * comes before and after (first factor, MFA_COMPLETED) depends on the deployment.
 */
export const FLOW_KINDS = {
  F1: { title: 'first device paired', source: 'seed', path: 'MOBILE_PAIRING_REQUIRED' },
  F2: { title: 'first device not paired', source: 'seed', path: 'MOBILE_PAIRING_REQUIRED' },
  F3: { title: 'first device, pairing error', source: 'seed', path: 'MOBILE_PAIRING_REQUIRED' },
  F4: {
    title: 'one mobile device, push approved',
    source: 'seed',
    path: 'PUSH_CONFIRMATION_WAITING ?MOBILE_PAIRING_REQUIRED',
  },
  F5: { title: 'push denied', source: 'seed', path: 'PUSH_CONFIRMATION_WAITING PUSH_CONFIRMATION_REJECTED' },
  F6: {
    title: 'push not answered',
    source: 'seed',
    path: 'PUSH_CONFIRMATION_WAITING ?OTP_REQUIRED ?MOBILE_PAIRING_REQUIRED',
  },
  F7: { title: 'one-time passcode', source: 'seed', path: 'OTP_REQUIRED ?MOBILE_PAIRING_REQUIRED' },
  F8: {
    title: 'several devices, one selected',
    source: 'seed',
    path: 'DEVICE_SELECTION_REQUIRED ?PUSH_CONFIRMATION_WAITING ?OTP_REQUIRED ?MOBILE_PAIRING_REQUIRED',
  },
  F9: {
    title: 'selection asked again',
    source: 'seed',
    path: 'DEVICE_SELECTION_REQUIRED DEVICE_SELECTION_REQUIRED ?PUSH_CONFIRMATION_WAITING ?OTP_REQUIRED ?MOBILE_PAIRING_REQUIRED',
  },
  F10: {
    title: 'push to the paired device itself',
    source: 'doc',
    path: 'PUSH_CONFIRMATION_WAITING|MFA_COMPLETED',
  },
  F11: { title: 'cancelled in mid-flow', source: 'doc', path: 'leave' },
  F12: { title: 'MFA failed', source: 'doc', path: 'MFA_FAILED' },
  F13: { title: 'flow expired', source: 'doc', path: 'leave' },
  F14: { title: 'abandoned by the client', source: 'choice', path: 'leave' },
  F15: {
    title: 'browser drives, phone decides',
    source: 'widget',
    path: 'PUSH_CONFIRMATION_WAITING ?MOBILE_PAIRING_REQUIRED',
  },
} as const satisfies Record<string, { readonly title: string; readonly source: Source; readonly path: string }>;

/** F1 to F15. */
export type FlowKind = keyof typeof FLOW_KINDS;

/** States that ask the user for a factor, for a device or to pair; they tell the flow kinds apart. */
export const ASKING = 'MOBILE_PAIRING_REQUIRED PUSH_CONFIRMATION_WAITING OTP_REQUIRED DEVICE_SELECTION_REQUIRED';
