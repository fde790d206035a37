import type { Perform } from './perform.ts';

/** Asks for the state. Nothing to do: the decision, and time, have moved the flow already. */
export const poll: Perform<'poll'> = () => undefined;
