import { finding } from './findings.ts';
import type { Finding } from './findings.ts';

/**
 * The finding that every iteration that ended threw an exception: such a run has tested nothing. `firstThrown`: the first
 * exception, where it is known.
 */
export function iterationFindings(
  { completed, thrown = 0 }: { readonly completed: number; readonly thrown?: number | undefined },
  firstThrown?: string,
): Finding[] {
  if (thrown === 0 || thrown < completed) return [];
  const data = { thrown, ...(firstThrown === undefined ? {} : { message: firstThrown }) };
  return [finding('no_iteration_completed', { data })];
}
