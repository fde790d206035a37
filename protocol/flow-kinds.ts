import type { Source } from './source.ts';

/** The flow kinds of inventories, tests and reports, by F-number. protocol.md section 5. Their paths: flow-paths.ts. */
export const FLOW_KINDS = {
  F1: { title: 'first device paired', source: 'seed' },
  F2: { title: 'first device not paired', source: 'seed' },
  F3: { title: 'first device, pairing error', source: 'seed' },
  F4: { title: 'one mobile device, push approved', source: 'seed' },
  F5: { title: 'push denied', source: 'seed' },
  F6: { title: 'push not answered', source: 'seed' },
  F7: { title: 'one-time passcode', source: 'seed' },
  F8: { title: 'several devices, one selected', source: 'seed' },
  F9: { title: 'selection asked again', source: 'seed' },
  F10: { title: 'push to the paired device itself', source: 'doc' },
  F11: { title: 'cancelled in mid-flow', source: 'doc' },
  F12: { title: 'MFA failed', source: 'doc' },
  F13: { title: 'flow expired', source: 'doc' },
  F14: { title: 'abandoned by the client', source: 'choice' },
  F15: { title: 'browser drives, phone decides', source: 'widget' },
} as const satisfies Record<string, { readonly title: string; readonly source: Source }>;

/** F1 to F15. */
export type FlowKind = keyof typeof FLOW_KINDS;
