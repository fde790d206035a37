import type { Source } from './source.ts';

/**
 * The flow kinds of inventories, tests and reports, by F-number. protocol.md section 5.
 *
 * `path` lists the states that identify a flow of the kind: a name must occur (twice if listed twice), `A|B` is one of
 * two, `?A` must occur if the user's behaviour has something to play there and must not otherwise, `leave` is the state
 * in which the user leaves. No other states in ASKING may occur. States before and after (first factor, MFA_COMPLETED)
 * depend on the deployment.
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

/** States that ask the user for a factor, a device or a pairing; they distinguish the flow kinds. */
export const ASKING = 'MOBILE_PAIRING_REQUIRED PUSH_CONFIRMATION_WAITING OTP_REQUIRED DEVICE_SELECTION_REQUIRED';
