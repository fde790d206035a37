import type { Outcome } from './outcomes.ts';

/** What each outcome means; source of docs/metrics.md. A separate module because VUs do not need it. */
export const OUTCOME_MEANINGS: Readonly<Record<Outcome, string>> = {
  device_paired: 'the status attribute says that the phone was paired',
  device_not_paired: 'the status attribute says that the phone was not paired',
  pairing_error: 'the status attribute says that pairing failed (a success on the wire)',
  authenticated: 'token received after the second factor, with nothing to pair',
  bypassed: 'let in without the second factor: none was asked for, or the status attribute says so',
  denied: 'the push was denied',
  timed_out: 'the push was not answered, or the client gave up',
  otp_failed: "the passcode's attempts or lifetime were used up",
  cancelled: 'the client cancelled in mid-flow',
  mfa_failed: 'no usable device, or a locked user',
  expired: 'the flow was gone when the client came back',
  abandoned: 'the client stopped without a word to the server',
  refused: 'the API rejected what it must: a broken payload, a rooted phone, a reused code',
  unverified: 'completed without the status attribute, so a pairing_error cannot be ruled out',
  not_driven: 'stopped at a state that this run cannot handle; the reason names it',
  rejected: 'the API rejected valid input',
  http_error: 'no response, or a 5xx or 429',
  protocol_error: 'a response that violates the protocol',
  harness_error: 'a bug in the virtual user',
};
