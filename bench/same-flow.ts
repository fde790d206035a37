/** Requests that the target has received, by step. */
export interface Tally {
  start: number;
  checkUsernamePassword: number;
  authenticate: number;
  continueAuthentication: number;
  token: number;
  /** Requests that belong to no step. */
  other: number;
  /** Requests after a flow's start with a cookie from an earlier answer, each cookie counted once. */
  renewed: number;
  /** Sockets opened. */
  connections: number;
}

const STEPS = ['start', 'checkUsernamePassword', 'authenticate', 'continueAuthentication', 'token'] as const;

export const EMPTY_TALLY: Readonly<Tally> = {
  ...{ start: 0, checkUsernamePassword: 0, authenticate: 0, continueAuthentication: 0, token: 0 },
  ...{ other: 0, renewed: 0, connections: 0 },
};

/** What a client is expected to do. */
interface Promised {
  readonly flows: number;
  readonly users: number;
  /** False: one constant cookie, as the floor sends. */
  readonly renewsCookie: boolean;
}

/**
 * How a client's requests differ from what is expected, in words; undefined if they do not. Figures of a client that
 * did less, or did not reuse its sockets (more than two per user), are void.
 */
export function difference(tally: Tally, { flows, users, renewsCookie }: Promised): string | undefined {
  const wrong = STEPS.filter((step) => tally[step] !== flows).map((step) => `${tally[step]} times ${step}`);
  if (tally.other > 0) wrong.push(`${tally.other} other requests`);
  const renewed = renewsCookie ? flows * (STEPS.length - 1) : 0;
  if (tally.renewed !== renewed) wrong.push(`${tally.renewed} renewed cookies for ${renewed}`);
  if (tally.connections > 2 * users) wrong.push(`${tally.connections} connections`);
  return wrong.length === 0 ? undefined : `${flows} flows were asked for: ${wrong.join(', ')}`;
}
