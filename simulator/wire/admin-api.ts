import type { FaultHitsByStep } from './faults.ts';

/** The simulator's admin API: its own record of what happened, against which the harness is checked, and its faults. */
export const ADMIN_PATHS = {
  /** GET: SimulatorCounts. */
  counts: '/admin/counts',
  /** POST: accounts, flows, counts and faults as after a start. Answers 204. */
  reset: '/admin/reset',
  /**
   * GET: FaultList. PUT of a list of faults: these stand, and no others. POST of a list: these stand too; one of the
   * same name is replaced. Both answer the new FaultList, or refuse all of it. DELETE: no fault stands. Below it,
   * DELETE of `/{name}`: that one is gone; 204. What a removed fault held back is delivered.
   */
  faults: '/admin/faults',
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
  /** Flows that a fault of kind `forget-flows` ended, by the status they were in. */
  readonly forgotten: Readonly<Record<string, number>>;
  /** What each fault hit, by its name, removed ones included; beyond 1,000 names: `other`. */
  readonly faults: Readonly<Record<string, FaultHitsByStep>>;
  /** Flows open now, by status. */
  readonly open: Readonly<Record<string, number>>;
  /** Tokens issued for a code. */
  readonly tokens: number;
  /** Requests that were served with a service time, and how long they held a worker in all: served / busySeconds is the rate of one worker. */
  readonly served: number;
  readonly busySeconds: number;
}

/**
 * Errors of the admin API: code → HTTP status and message; the message of INVALID_REQUEST goes on to say what is wrong. Those that
 * begin with FOREIGN are the phone API's too.
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

/** Code of an admin API error. */
export type AdminErrorCode = keyof typeof ADMIN_ERRORS;
export interface AdminError {
  readonly code: AdminErrorCode;
  readonly message: string;
}

/**
 * The header by which each faulty answer names its fault. A client that gets no whole answer (`drop`, `half-answer`)
 * may not see it, and one that hung up before the answer does not: the simulator counts those apart, as `cut`.
 */
export const FAULT_HEADER = 'X-Pairstorm-Fault';
