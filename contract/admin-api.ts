/** The simulator's admin API: its own record of what happened, against which the harness is checked. */
export const ADMIN_PATHS = {
  /** GET: SimulatorCounts. */
  counts: '/admin/counts',
  /** POST: accounts, flows and counts as after a start. Answers 204. */
  reset: '/admin/reset',
} as const;

/**
 * The `state` of an authorization request: run id, a dot, the flow's number. The simulator counts starts by what stands
 * before the first dot; a request without one counts under `''`.
 */
export const RUN_ID_SEPARATOR = '.';

/** What the simulator counted since its start or its last reset. */
export interface SimulatorCounts {
  /** Start requests that were answered with a flow, in all and by run id. */
  readonly starts: number;
  readonly startsByRun: Readonly<Record<string, number>>;
  /** Flows completed, by value of the status attribute without its prefix. */
  readonly completed: Readonly<Record<string, number>>;
  /** Flows that ended as FAILED, by the status they were in when they were cancelled. */
  readonly failed: Readonly<Record<string, number>>;
  /** Flows that outlived their lifetime, by the status they were in. */
  readonly expired: Readonly<Record<string, number>>;
  /** Flows open now, by status. */
  readonly open: Readonly<Record<string, number>>;
  /** Tokens issued for a code. */
  readonly tokens: number;
}
