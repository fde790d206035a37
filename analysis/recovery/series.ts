/** What the verdict on a fault is given: plain series of a run, a value a second. */
export interface RunSeconds {
  /** Requests to the target that began in each second, and of them those that failed when nobody asked for it. */
  readonly requests: readonly number[];
  readonly errors: readonly number[];
  /** Flows that began, that ended, and of those that ended the ones that ended otherwise than prescribed. */
  readonly started: readonly number[];
  readonly ended: readonly number[];
  readonly off: readonly number[];
  /** p95 of the latency, ms; NaN in a second without a request. */
  readonly p95: readonly number[];
}

/** A fault, in seconds since the run began: its acknowledged begin and end, the end of its recovery, and of the steady part behind that. */
export interface FaultTimes {
  readonly name: string;
  /** Where the steady part before the *first* fault begins: all faults are compared with what was before any. */
  readonly steadyFrom: number;
  readonly steadyTo: number;
  readonly begin: number;
  readonly end: number;
  readonly recoveryEnd: number;
  readonly steadyEnd: number;
  /** FAULT_SHARE: of the users whom the fault meets. */
  readonly share: number;
  /** Flows that were open longer than their own longest plan at the end of the recovery, if the record tells. */
  readonly stuck?: number;
  /** When something outside said that all is not well: last no and first yes, in seconds since the run began. */
  readonly detected?: { readonly lastNo: number; readonly firstYes: number } | null;
}

export interface RecoverySettings {
  /** Back within: shares, in points (0.01), and p95, relative (0.1). */
  readonly backWithin: number;
  readonly backWithinLatency: number;
  /** What the steady parts must keep, else there is nothing to learn from a fault: shares of errors and of flows, and p95 in ms. */
  readonly mostErrors: number;
  readonly mostOff: number;
  readonly mostP95: number;
  /** The objective, its days, and sign-ins in them: what an outage costs of its budget. */
  readonly objective: number;
  readonly windowDays: number;
  readonly signInsPerWindow?: number;
}

export const DEFAULT_RECOVERY_SETTINGS: RecoverySettings = {
  ...{ backWithin: 0.01, backWithinLatency: 0.1, mostErrors: 0.01, mostOff: 0.01, mostP95: Infinity },
  ...{ objective: 0.999, windowDays: 30 },
};
