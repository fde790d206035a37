import type { DelayFault } from '../wire/faults.ts';
import type { Effect } from './effects.ts';

/** Holds the request before it is carried out, so that answers leave in the order of their effects. */
export const delay: Effect<DelayFault> = async ({ fault, standing, serve, hit }) => {
  hit();
  await standing.hold(fault.delayMs);
  return serve();
};
