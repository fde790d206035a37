import type { FaultHitsByStep } from './faults.ts';

/** The simulator's admin API: its record of events, against which the harness is checked, and its faults. */
export const ADMIN_PATHS = {
  /** GET: SimulatorCounts. */
  counts: '/admin/counts',
  /** POST: restores accounts, flows, counts and faults to the state at startup. Returns 204. */
  reset: '/admin/reset',
  /**
   * GET: FaultList. PUT of a list replaces all active faults; POST of a list adds to them, replacing those of the same
   * name. Both return the new FaultList, or reject the whole list. DELETE ends all faults; DELETE of `/{name}` below it
   * ends one (204). Requests held by a removed fault go on.
   */
  faults: '/admin/faults',
} as const;

/**
 * The `state` of an authorization request: run id, a dot, the flow's number. Starts are counted by the part before the
 * first dot; those without a dot count under `''`.
 */
export const RUN_ID_SEPARATOR = '.';

/** Counts since the simulator's start or its last reset. */
export interface SimulatorCounts {
  /** Start requests that returned a flow, in total and by run id. */
  readonly starts: number;
  readonly startsByRun: Readonly<Record<string, number>>;
  /** Completed flows, by value of the status attribute without its prefix. */
  readonly completed: Readonly<Record<string, number>>;
  /** Flows that ended in FAILED, by the status they were cancelled in. */
  readonly failed: Readonly<Record<string, number>>;
  /** Expired flows, by their status. */
  readonly expired: Readonly<Record<string, number>>;
  /** Flows ended by a fault of kind `forget-flows`, by their status. */
  readonly forgotten: Readonly<Record<string, number>>;
  /** Hits of each fault by name, including removed ones; beyond 1,000 names: `other`. */
  readonly faults: Readonly<Record<string, FaultHitsByStep>>;
  /** Currently open flows, by status. */
  readonly open: Readonly<Record<string, number>>;
  readonly tokens: number;
  /** Requests that were served with a service time, and how long they held a worker in all: served / busySeconds is the rate of one worker. */
  readonly served: number;
  readonly busySeconds: number;
}

/**
 * Code → HTTP status and message; the message of INVALID_REQUEST is followed by details. Codes that start with FOREIGN
 * are also used by the phone API.
 */
export const ADMIN_ERRORS = {
  INVALID_REQUEST: { httpStatus: 400, message: 'the request is not a list of faults' },
  UNKNOWN_FAULT: { httpStatus: 404, message: 'no active fault has that name' },
  FOREIGN_PAGE: { httpStatus: 403, message: 'a web page of another origin may not use the admin and phone APIs' },
  FOREIGN_HOST: {
    httpStatus: 403,
    message:
      'the admin and phone APIs answer only to a loopback name, the address of --host, or the host of --base-url; start the simulator with the --base-url that clients use',
  },
  TOO_MANY_FAULTS: { httpStatus: 409, message: 'too many faults would be active' },
} as const satisfies Record<string, { readonly httpStatus: number; readonly message: string }>;

export type AdminErrorCode = keyof typeof ADMIN_ERRORS;
export interface AdminError {
  readonly code: AdminErrorCode;
  readonly message: string;
}

/**
 * Names the fault in each faulty response. A client that gets no complete response (`drop`, `half-answer`) may not see
 * it, nor does one that disconnected before; the simulator counts these separately as `cut`.
 */
export const FAULT_HEADER = 'X-Pairstorm-Fault';
