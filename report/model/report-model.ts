import type { Finding, Verdict } from '../../catalogue/findings.ts';
import type { FlowKind } from '../../protocol/flow-kinds.ts';
import type { Machine, RunEnd } from '../../record/run-file.ts';
import type { Unit } from '../quantity.ts';
import type { DriftView } from './drift-view.ts';
import type { ErrorRow, FailedFlowsView } from './failure-model.ts';
import type { GeneratorView } from './generator-model.ts';
import type { MetricRow } from './metric-rows.ts';
import type { OverTime, TimeAxis, TrendSummary } from './trend-summary.ts';

/**
 * Everything that a report of a run shows, as plain data: one model for every form (HTML, JUnit, Markdown, …). Numbers are in
 * the unit that their name or `unit` says; durations are milliseconds, shares go from 0 to 1. Every text may hold anything that
 * a record can hold: a renderer escapes all of them.
 */
export interface ReportModel {
  readonly run: RunFacts;
  readonly verdict: VerdictView;
  /** What was found, as the record has it (catalogue/findings.ts). */
  readonly findings: readonly Finding[];
  /** What is shown first, with the verdict: a handful of figures. */
  readonly highlights: readonly Highlight[];
  /** Failed ones first, then by margin, the smallest first, then those without a sample. */
  readonly thresholds: readonly ThresholdRow[];
  /** Time axis of everything that is shown over time; null where nothing was recorded. */
  readonly time: TimeAxis | null;
  /** Null where the script plays no flows. */
  readonly flows: FlowsView | null;
  readonly pairing: PairingView | null;
  readonly polling: PollingView | null;
  /** Requests of flows by step; empty where the script plays no flows. */
  readonly steps: readonly StepRow[];
  /** Requests by name, of a script without steps. */
  readonly requests: readonly StepRow[];
  /** Requests to PingFederate, or all requests of a script that makes none; null where there is none. */
  readonly latency: LatencyView | null;
  readonly throughput: Throughput | null;
  /** Null where drift is not judged. */
  readonly drift: DriftView | null;
  readonly generator: GeneratorView;
  readonly failures: FailedFlowsView;
  /** Parts of the run, by the tags `phase` and `level`, and by fault; empty where there is no such tag. */
  readonly phases: readonly PhaseRow[];
  readonly levels: readonly PhaseRow[];
  readonly faults: readonly FaultRow[];
  /** When something was made wrong on purpose, in order. */
  readonly faultWindows: readonly FaultWindow[];
  readonly errors: readonly ErrorRow[];
  readonly checks: readonly CheckRow[];
  /** Metrics that the catalogue does not know: those of the user's own script. */
  readonly ownMetrics: readonly OwnMetricRow[];
  /** Every metric as a whole, and its parts: for the forms that people calculate with. */
  readonly metrics: readonly MetricRow[];
  /** Sentences on what this record lacks or how it came about. */
  readonly notes: readonly string[];
  /** Largest relative error of a percentile; counts, sums, minimum and maximum are exact. */
  readonly relativeError: number;
}

/** What was run, where and when. */
export interface RunFacts {
  readonly testid: string;
  readonly script: string;
  readonly host: 'engine' | 'k6';
  readonly pairstorm: string;
  readonly target: string | null;
  readonly simulated: boolean;
  readonly seed: number | null;
  readonly inventory: string | null;
  /** RFC 3339, UTC. */
  readonly startedAt: string;
  readonly endedAt: string | null;
  /** Length of the run; of what was recorded, where the run was killed. */
  readonly durationMs: number;
  readonly intervalMs: number;
  readonly scenarios: readonly ScenarioRow[];
  readonly machines: readonly Machine[];
  /** Sorted by name; secrets are redacted in the record already. */
  readonly settings: readonly (readonly [name: string, value: string])[];
  readonly iterations: RunEnd['iterations'] | null;
}

/** A scenario as it was planned. */
export interface ScenarioRow {
  readonly name: string;
  readonly executor: string;
  readonly startMs: number;
  readonly durationMs: number | null;
  /** Highest planned rate per second; null for a scenario that is not an arrival rate. */
  readonly peakRate: number | null;
  readonly maxVus: number;
}

/** How the run ended. `killed`: the record was never finished. */
export interface VerdictView {
  readonly verdict: Verdict | 'killed';
  /** The verdict in capital letters: PASS, FAIL, … */
  readonly word: string;
  /** Why, in one sentence. */
  readonly sentence: string;
  /** What to do about it; `''`: the causes say it, or there is nothing to do. */
  readonly remedy: string;
  /** Null for a run that was killed. */
  readonly exitCode: number | null;
  /** Why it did not pass, what hit most flows first; none of a run that passed. */
  readonly causes: readonly CauseView[];
  /** What else was found, a sentence each. */
  readonly remarks: readonly string[];
}

/** Why a run did not pass. */
export interface CauseView {
  /** What went wrong: flows, requests of a script without flows, or nothing that is known beside a threshold. */
  readonly of: 'flows' | 'requests' | 'threshold';
  /** What happened, and how often. */
  readonly text: string;
  /** What to do; `''`: nothing is known. */
  readonly remedy: string;
  /** The command that shows one; `''`: there is none. */
  readonly command: string;
}

/** A figure of the first screen. */
export interface Highlight {
  readonly label: string;
  /** Null: nothing was measured. */
  readonly value: number | null;
  readonly unit: Unit;
  /** A few words beside it. */
  readonly detail: string;
  /** Whether it calls for attention: a threshold on it failed, or, where none judges it, it should be zero and is not. */
  readonly attention: boolean;
}

/** A threshold with what it judged. */
export interface ThresholdRow {
  readonly metric: string;
  readonly expression: string;
  readonly ok: boolean;
  /** Null where there was no sample. */
  readonly value: number | null;
  readonly limit: number | null;
  readonly unit: Unit;
  /**
   * How far the value is from its limit, as a share of the limit, negative beyond it; null where that makes no sense
   * (equality, a limit of zero, no sample).
   */
  readonly margin: number | null;
}

/** Flows by kind and outcome, and the law that none may be lost. */
export interface FlowsView {
  readonly started: number;
  /** Σ outcomes. */
  readonly ended: number;
  /** Cut off: started − ended. */
  readonly interrupted: number;
  /** Starts that got no HTTP answer. */
  readonly unanswered: number;
  /**
   * Whether the flows that were interrupted agree with the iterations that the host says it interrupted: as many, or, where not every
   * iteration is a flow, no more; null (not judged) where the host did not count: killed,
   * k6, version 0.
   */
  readonly conserved: boolean | null;
  /** Iterations that the host interrupted; null: not known. */
  readonly interruptedIterations: number | null;
  /** Starts that the simulator of the run answered; null: there was none. */
  readonly simulatorStarts: number | null;
  /** Ended flows whose outcome was judged, and those that did not end as expected. */
  readonly judged: number;
  readonly notAsPrescribed: number;
  readonly kinds: readonly FlowKindRow[];
  readonly outcomes: readonly OutcomeCount[];
}

/** One flow kind. */
export interface FlowKindRow {
  readonly kind: FlowKind | 'other';
  readonly title: string;
  readonly started: number;
  readonly ended: number;
  readonly interrupted: number;
  readonly notAsPrescribed: number;
  readonly judged: number;
  readonly outcomes: readonly OutcomeCount[];
}

/** How many flows ended so. */
export interface OutcomeCount {
  readonly outcome: string;
  readonly meaning: string;
  /** Nobody prescribes it: an error of the target, of the harness, or of what is between. */
  readonly problem: boolean;
  readonly count: number;
}

/** The pairing path. */
export interface PairingView {
  /** All platforms together. */
  readonly total: PairingRow;
  readonly platforms: readonly PairingRow[];
  /** Of flows that reached pairing: device_paired, device_not_paired, pairing_error. */
  readonly outcomes: readonly OutcomeCount[];
  readonly steps: readonly StepRow[];
  readonly durationOverTime: OverTime;
  /** Share of pairing_error by column; null where nothing was judged. */
  readonly errorShareOverTime: readonly (number | null)[];
}

/** Pairings of a platform. */
export interface PairingRow {
  readonly platform: string;
  /** Pairings whose status attribute was read. */
  readonly judged: number;
  readonly errors: number;
  readonly duration: TrendSummary;
}

/** The polling path. */
export interface PollingView {
  readonly polls: number;
  /** Polls that were judged (late ones are not), and those not answered with a flow resource. */
  readonly judged: number;
  readonly errors: number;
  readonly latePolls: number;
  readonly duration: TrendSummary;
  readonly decisionLag: TrendSummary;
  readonly pollsPerFlow: TrendSummary;
  readonly steps: readonly StepRow[];
  readonly durationOverTime: OverTime;
  readonly decisionLagOverTime: OverTime;
  readonly errorShareOverTime: readonly (number | null)[];
}

/** Requests of one step or name: how many, how many failed, how long those took that were answered. */
export interface StepRow {
  readonly name: string;
  readonly requests: number;
  readonly failed: number;
  readonly duration: TrendSummary;
}

/** How long requests took. */
export interface LatencyView {
  /** What is counted, in words. */
  readonly of: string;
  readonly total: TrendSummary;
  readonly overTime: OverTime;
  readonly heatmap: Heatmap;
}

/** How many requests took how long, when. */
export interface Heatmap {
  /** Lower edges of the rows in milliseconds, ascending; each row ends where the next begins, the last at `toMs`. */
  readonly fromMs: readonly number[];
  readonly toMs: number;
  /** Counts by row, then column. */
  readonly counts: readonly (readonly number[])[];
}

/** Starts and ends per second against the plan, by column. */
export interface Throughput {
  /** What is counted: flows, or iterations of a script without flows. */
  readonly unit: 'flows' | 'iterations';
  /** Planned arrivals per second; null where no scenario plans any. */
  readonly planned: readonly number[] | null;
  /** Null for iterations, which are counted when they are complete. */
  readonly started: readonly number[] | null;
  readonly ended: readonly number[];
  readonly dropped: readonly number[];
  /** The whole run, counts. */
  readonly totals: {
    readonly planned: number | null;
    /** Null: not known. Iterations that the host did not count. */
    readonly started: number | null;
    readonly ended: number;
    readonly dropped: number;
  };
  /** Virtual users in use, and requests per second. */
  readonly vus: readonly (number | null)[];
  readonly requests: readonly number[];
}

/** A part of the run. */
export interface PhaseRow {
  readonly name: string;
  /** From the first to the last interval that has a sample of it. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Time in which it had requests: less than from first to last, where it came more than once. */
  readonly activeMs: number;
  readonly flows: number;
  readonly requestsPerSecond: number;
  readonly requests: number;
  readonly failed: number;
  readonly duration: TrendSummary;
  readonly judged: number;
  readonly notAsPrescribed: number;
}

/** What a fault of a resilience run did. */
export interface FaultRow {
  readonly fault: string;
  readonly begun: number;
  /** Answers that named the fault, requests that got none or were sent again, and what the simulator says it served. */
  readonly named: number;
  readonly cut: number;
  readonly resent: number;
  readonly served: number;
  /** Requests that began in its time: until the next fault. */
  readonly requests: number;
  readonly failed: number;
  readonly duration: TrendSummary;
}

/** The time of one fault, to the interval. */
export interface FaultWindow {
  readonly fault: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** A check of the script. */
export interface CheckRow {
  readonly name: string;
  readonly passes: number;
  readonly fails: number;
}

/** A metric of the user's own. */
export interface OwnMetricRow {
  readonly metric: string;
  readonly type: 'counter' | 'gauge' | 'rate' | 'trend';
  readonly unit: Unit;
  readonly samples: number;
  /** Of a trend. */
  readonly trend: TrendSummary | null;
  /** Counter: its sum; rate: the share that was not zero; gauge: its last value; null for a trend. */
  readonly value: number | null;
}
