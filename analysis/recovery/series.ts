/** Input of the verdict on a fault: a run's counts per second. */
export interface RunSeconds {
  /** Requests to the target that began in each second, and those of them that failed unexpectedly. */
  readonly requests: readonly number[];
  readonly errors: readonly number[];
  /** Flows that started, that ended, and that ended without the expected outcome. */
  readonly started: readonly number[];
  readonly ended: readonly number[];
  readonly off: readonly number[];
  /** p95 latency in ms; NaN in seconds without a request. */
  readonly p95: readonly number[];
  /** Requests of storms, which are not among the above. */
  readonly storms?: readonly number[];
  /** Requests and started flows by client profile. */
  readonly profiles?: Readonly<Record<string, Pick<RunSeconds, 'requests' | 'started'>>>;
}

/** Times of a fault in seconds since the run's start: acknowledged begin and end, recovery, and steady part after. */
export interface FaultTimes {
  readonly name: string;
  /** Steady part before the *first* fault: all faults are compared with the time before any. */
  readonly steadyFrom: number;
  readonly steadyTo: number;
  readonly begin: number;
  readonly end: number;
  readonly recoveryEnd: number;
  readonly steadyEnd: number;
  /** FAULT_SHARE: share of the users that the fault affects. */
  readonly share: number;
  /** Flows open for longer than their own longest plan at the end of the recovery, if the record has it. */
  readonly stuck?: number;
  /** Answers of an external detector: last no and first yes, in seconds since the start of the run. */
  readonly detected?: { readonly lastNo: number; readonly firstYes: number } | null;
}

export interface RecoverySettings {
  /** Tolerance δ: shares in points (0.01), p95 relative (0.1). */
  readonly backWithin: number;
  readonly backWithinLatency: number;
  /** Limits for the steady part, else a fault shows nothing: share of errors and of failed flows, p95 in ms. */
  readonly mostErrors: number;
  readonly mostOff: number;
  readonly mostP95: number;
  /** The objective, its window in days, and sign-ins per window, for the cost in error budget. */
  readonly objective: number;
  readonly windowDays: number;
  readonly signInsPerWindow?: number;
}

export const DEFAULT_RECOVERY_SETTINGS: RecoverySettings = {
  ...{ backWithin: 0.01, backWithinLatency: 0.1, mostErrors: 0.01, mostOff: 0.01, mostP95: Infinity },
  ...{ objective: 0.999, windowDays: 30 },
};
