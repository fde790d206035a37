import type { OffPath } from '../../contract/failure-line.ts';
import type { Outcome } from '../../catalogue/outcomes.ts';
import { ASKING, FLOW_PATHS } from '../../protocol/flow-paths.ts';
import { isExpected } from './expected-states.ts';
import type { FlowRun } from './flow-run.ts';

/** Outcomes that already explain why the flow left its path. */
const SAY_WHY: readonly Outcome[] = ['bypassed', 'not_driven', 'http_error', 'protocol_error'];

/**
 * Whether the factor of the flow's kind was actually used (protocol.md section 5, "What a completed flow means"). For a
 * first device the factor is the pairing, even for a user who was to leave there. A payload can only replace a push to
 * the phone itself. A user without an expected outcome may come through by any factor.
 */
export function isPlayed({ open, user, factor, pairingReached }: FlowRun): boolean {
  const path = FLOW_PATHS[user.kind];
  if (factor === 'payload') return open || path.includes('|MFA_COMPLETED');
  const first = path === 'leave' ? user.behaviour.leave?.at : path;
  return factor !== undefined || (pairingReached && (open || first?.startsWith('MOBILE_PAIRING_REQUIRED') === true));
}

/** Where the flow left the path of its kind (protocol/flow-paths.ts) and its user's behaviour; undefined: nowhere. */
export function offPathOf(run: FlowRun, outcome: Outcome): OffPath | undefined {
  const { open, user, seen } = run;
  if (open || SAY_WHY.includes(outcome)) return undefined;
  const words = FLOW_PATHS[user.kind].split(' ');
  const status = seen.find((state) => ASKING.includes(state) && !mayBeSeen(run, words, state));
  if (status !== undefined) return { status, path: 'unexpected' };
  const completed = seen.includes('COMPLETED');
  // A flow that ended early has an outcome that says so; a refused payload or code ends the flow where it should.
  if (!completed && (outcome !== user.prescribed || outcome === 'refused')) return undefined;
  const left = [...seen];
  for (const word of words) {
    if (word.startsWith('?') && !(completed && isDue(run, word.slice(1)))) continue;
    const wanted = word === 'leave' ? [user.behaviour.leave?.at ?? ''] : word.replace('?', '').split('|');
    const at = left.findIndex((state) => wanted.includes(state));
    if (at < 0) return { status: wanted[0]!, path: 'missing' };
    left.splice(at, 1);
  }
  return undefined;
}

function mayBeSeen({ user }: FlowRun, words: readonly string[], state: string): boolean {
  if (words.includes('leave') || words.includes(`?${state}`)) return isExpected(user, state);
  return words.some((word) => word.split('|').includes(state));
}

/** Whether a state that depends on the behaviour must occur. A code may also be typed after a push has timed out. */
function isDue({ user }: FlowRun, state: string): boolean {
  return isExpected(user, state) && (state !== 'OTP_REQUIRED' || user.behaviour.push === undefined);
}

/** What a user without an expected outcome was asked for, as a value of the tag `found`. */
export function foundPath({ seen, factor }: FlowRun): string {
  const push = seen.includes('PUSH_CONFIRMATION_WAITING');
  const otp = seen.includes('OTP_REQUIRED');
  const pairing = seen.includes('MOBILE_PAIRING_REQUIRED');
  if (push && otp) return 'other';
  if (push || otp) return (push ? 'push' : 'otp') + (pairing ? '_pairing' : '');
  if (pairing) return 'pairing';
  if (factor === 'payload') return 'payload';
  return seen.includes('COMPLETED') ? 'none' : 'other';
}
