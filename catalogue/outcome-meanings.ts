import type { Outcome } from './outcomes.ts';

/** What each outcome means; docs/metrics.md is made from it. Apart, because virtual users do not need it. */
export const OUTCOME_MEANINGS: Readonly<Record<Outcome, string>> = {
  device_paired: 'the status attribute says that the phone was paired',
  device_not_paired: 'the status attribute says that the phone was not paired',
  pairing_error: 'the status attribute says that pairing failed (a success on the wire)',
  authenticated: 'token received, nothing was to be paired, and the factor was played',
  bypassed: 'let in without the factor: none was asked for, or the status attribute says so',
  denied: 'the push was denied',
  timed_out: 'nobody answered the push, or the client lost patience',
  otp_failed: "the passcode's attempts or lifetime were used up",
  cancelled: 'the client cancelled in mid-flow',
  mfa_failed: 'no usable device, or a locked user',
  expired: 'the flow was gone when the client came back',
  abandoned: 'the client stopped and said nothing',
  refused: 'the API refused what it had to: a broken payload, a rooted phone, a code used twice',
  unverified: 'completed, but the status attribute is absent: nobody can know about pairing_error',
  not_driven: 'stopped at a state that needs what this run has not; its name is in the reason',
  rejected: 'the API refused what should have been right',
  http_error: 'no answer, or an answer of the 5xx or 429 kind',
  protocol_error: 'an answer against the protocol',
  harness_error: 'a fault of the virtual user itself',
};
