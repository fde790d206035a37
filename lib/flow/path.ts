import type { OffPath } from '../../contract/failure-line.ts';
import type { Outcome } from '../../catalogue/outcomes.ts';
import { ASKING, FLOW_KINDS } from '../../protocol/flow-kinds.ts';
import { isExpected } from './expected-states.ts';
import type { FlowRun } from './flow-run.ts';

/** Outcomes that say themselves why the flow is not what its kind is. */
const SAY_WHY: readonly Outcome[] = ['bypassed', 'not_driven', 'http_error', 'protocol_error'];

/**
 * Whether the factor of the flow's kind was really played (protocol.md section 5, "What a completed flow means"). Of a first
 * device the pairing is the factor, also where its user should have left there; only a push to the phone itself may be
 * spared by its payload. A user who expects nothing may come through by any of them.
 */
export function isPlayed({ open, user, factor, pairingReached }: FlowRun): boolean {
  const { path } = FLOW_KINDS[user.kind];
  if (factor === 'payload') return open || path.includes('|MFA_COMPLETED');
  const first = path === 'leave' ? user.behaviour.leave?.at : path;
  return factor !== undefined || (pairingReached && (open || first?.startsWith('MOBILE_PAIRING_REQUIRED') === true));
}

/** Where the flow left the path of its kind (protocol/flow-kinds.ts), as its user's behaviour refines it; undefined: nowhere. */
export function offPathOf(run: FlowRun, outcome: Outcome): OffPath | undefined {
  const { open, user, seen } = run;
  if (open || SAY_WHY.includes(outcome)) return undefined;
  const words = FLOW_KINDS[user.kind].path.split(' ');
  const status = seen.find((state) => ASKING.includes(state) && !mayBeSeen(run, words, state));
  if (status !== undefined) return { status, path: 'unexpected' };
  const completed = seen.includes('COMPLETED');
  // What ended before its time has an outcome that says so; a payload or a code that was refused ends a flow where it should.
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

/** Whether a state that the behaviour decides on must have been seen. A code may also be typed where a push has timed out. */
function isDue({ user }: FlowRun, state: string): boolean {
  return isExpected(user, state) && (state !== 'OTP_REQUIRED' || user.behaviour.push === undefined);
}

/** What was asked of a user who expected nothing, as a value of the tag `found`. */
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
