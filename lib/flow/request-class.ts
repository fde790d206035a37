import { STORM } from '../../catalogue/steps.ts';
import type { ClientStep } from '../../catalogue/steps.ts';
import type { RequestClass } from '../settings/client.ts';

/** Class of a request, which determines its retries and timeout. */
export function classOf(step: ClientStep | typeof STORM): RequestClass {
  if (step === 'start') return 'start';
  return step === 'poll' || step === 'readFlow' || step === STORM ? 'poll' : 'action';
}
