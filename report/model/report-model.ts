import type { Finding } from '../../catalogue/findings.ts';
import type { Verdict } from '../../catalogue/verdict.ts';
import type { LevelEnding } from '../../contract/held-rate.ts';
import type { FlowKind } from '../../protocol/flow-kinds.ts';
import type { Machine, RunEnd } from '../../record/run-file.ts';
import type { Unit } from '../quantity.ts';
import type { AnswerView, Highlight, Staircase } from './answer-model.ts';
import type { DriftView } from './drift-view.ts';
import type { ErrorRow, FailedFlowsView } from './failure-model.ts';
import type { GeneratorView } from './generator-model.ts';
import type { MetricRow } from './metric-rows.ts';
import type { FaultWindow, ResilienceView } from './resilience-view.ts';
import type { OverTime, TimeAxis, TimeBand, TrendSummary } from './trend-summary.ts';

/**
 * Everything a report shows, as plain data: one model for all formats (HTML, JUnit, Markdown, …). Units are given by
 * name or by `unit`; durations are in milliseconds, shares from 0 to 1. Any text may contain anything that a record can
 * contain: renderers must escape all of it.
 */
export interface ReportModel {
  readonly run: RunFacts;
  readonly verdict: VerdictView;
  readonly answer: AnswerView;
  /** Findings as recorded (catalogue/findings.ts). */
  readonly findings: readonly Finding[];
  /** The figures that belong to the answer. */
  readonly highlights: readonly Highlight[];
  /** Failed ones first, then by margin, then those without a sample. */
  readonly thresholds: readonly ThresholdRow[];
  /** Time axis of all values over time; null if nothing was recorded. */
  readonly time: TimeAxis | null;
  /** What charts over time mark, in order. */
  readonly bands: readonly TimeBand[];
  /** Shares of requests to PingFederate that failed, and of flows that did not end as expected; null: none did. */
  readonly failuresOverTime: Readonly<Record<'requests' | 'flows', readonly (number | null)[]>> | null;
  /** Null unless the run is a search for capacity in steps. */
  readonly staircase: Staircase | null;
  /** Null if the script plays no flows. */
  readonly flows: FlowsView | null;
  readonly pairing: PairingView | null;
  readonly polling: PollingView | null;
  /** Requests of flows by step; empty if the script plays no flows. */
  readonly steps: readonly StepRow[];
  /** Requests by name, for scripts without steps. */
  readonly requests: readonly StepRow[];
  /** Requests to PingFederate, or all requests if there are none; null if nothing was measured. */
  readonly latency: LatencyView | null;
  readonly throughput: Throughput | null;
  /** Null where drift is not judged. */
  readonly drift: DriftView | null;
  /** Null where the effects of faults are not judged. */
  readonly resilience: ResilienceView | null;
  readonly generator: GeneratorView;
  readonly failures: FailedFlowsView;
  /** Parts of the run by the tags `phase` and `level`, and by fault; empty without such a tag. */
  readonly phases: readonly PhaseRow[];
  readonly levels: readonly LevelRow[];
  readonly faults: readonly FaultRow[];
  /** When faults were active, in order. */
  readonly faultWindows: readonly FaultWindow[];
  readonly errors: readonly ErrorRow[];
  readonly checks: readonly CheckRow[];
  /** Metrics that the catalogue does not have: the script's own. */
  readonly ownMetrics: readonly OwnMetricRow[];
  /** All metrics and their parts, for formats used in calculations. */
  readonly metrics: readonly MetricRow[];
  /** What this record lacks, or how it was made. */
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
  /** Length of the run, or of the recorded part if it was killed. */
  readonly durationMs: number;
  readonly intervalMs: number;
  readonly scenarios: readonly ScenarioRow[];
  readonly machines: readonly Machine[];
  /** Sorted by name; secrets are already redacted in the record. */
  readonly settings: readonly (readonly [name: string, value: string])[];
  readonly iterations: RunEnd['iterations'] | null;
}

/** A planned scenario. */
export interface ScenarioRow {
  readonly name: string;
  readonly executor: string;
  readonly startMs: number;
  readonly durationMs: number | null;
  /** Highest planned rate per second; null for scenarios without an arrival rate. */
  readonly peakRate: number | null;
  readonly maxVus: number;
}

/** Verdict of the run. `killed`: the record was never finished. */
export interface VerdictView {
  readonly verdict: Verdict | 'killed';
  /** The verdict in capital letters: PASS, FAIL, …; with `IN DOUBT` or `NOT JUDGED` where it is not worth its word. */
  readonly word: string;
  /** Why, in one sentence. */
  readonly sentence: string;
  /** What to do about it; `''`: see the causes, or nothing to do. */
  readonly remedy: string;
  /** Null if the run was killed. */
  readonly exitCode: number | null;
  /** Why it did not pass, the most flows first, then how many flows failed otherwise; empty if it passed. */
  readonly causes: readonly CauseView[];
  /** Why it is not worth its word although it stands, one sentence each: figures that say nothing, or do not add up. */
  readonly doubts: readonly string[];
  /** Whether anything was judged: a run without thresholds passes, and says nothing. */
  readonly judged: boolean;
  /** Other findings, one sentence each. */
  readonly remarks: readonly string[];
}

/** Why a run did not pass. */
export interface CauseView {
  /** What failed: flows, requests of a script without flows, or only a threshold. */
  readonly of: 'flows' | 'requests' | 'threshold';
  /** What happened, and how often. */
  readonly text: string;
  /** What to do; `''` if unknown. */
  readonly remedy: string;
  /** The command that shows an example; `''` if there is none. */
  readonly command: string;
}

/** A threshold with its value. */
export interface ThresholdRow {
  readonly metric: string;
  readonly expression: string;
  readonly ok: boolean;
  /** Null where there was no sample. */
  readonly value: number | null;
  readonly limit: number | null;
  readonly unit: Unit;
  /**
   * Distance from the limit as a share of the limit, negative beyond it; null if undefined (equality, a limit of zero,
   * no sample).
   */
  readonly margin: number | null;
}

/** Flows by kind and outcome, and whether any was lost. */
export interface FlowsView {
  readonly started: number;
  /** Σ outcomes. */
  readonly ended: number;
  /** started − ended. */
  readonly interrupted: number;
  /** Starts that got no HTTP answer. */
  readonly unanswered: number;
  /**
   * Whether interrupted flows match the iterations interrupted by the host: as many, or no more if not every iteration
   * is a flow. Null (not judged) if the host did not count: killed runs, k6, version 0.
   */
  readonly conserved: boolean | null;
  /** Iterations interrupted by the host; null if unknown. */
  readonly interruptedIterations: number | null;
  /** Starts answered by the run's simulator; null without one. */
  readonly simulatorStarts: number | null;
  /** Flows whose outcome was judged, and those that did not end as expected. */
  readonly judged: number;
  readonly notAsPrescribed: number;
  readonly kinds: readonly FlowKindRow[];
  readonly outcomes: readonly OutcomeCount[];
}

/** Flows of one kind. */
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

/** Number of flows with an outcome. */
export interface OutcomeCount {
  readonly outcome: string;
  readonly meaning: string;
  /** No inventory expects it: an error of the target, the harness, or in between. */
  readonly problem: boolean;
  readonly count: number;
}

/** The pairing path. */
export interface PairingView {
  /** All platforms together. */
  readonly total: PairingRow;
  readonly platforms: readonly PairingRow[];
  /** Outcomes of flows that reached pairing: device_paired, device_not_paired, pairing_error. */
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
  /** Judged polls (late ones are not), and those not answered with a flow resource. */
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

/** Requests of one step or name; `duration` is of the answered ones. */
export interface StepRow {
  readonly name: string;
  readonly requests: number;
  readonly failed: number;
  readonly duration: TrendSummary;
}

/** Latency as a whole and over time. */
export interface LatencyView {
  /** What was measured, in words. */
  readonly of: string;
  readonly total: TrendSummary;
  readonly overTime: OverTime;
  readonly heatmap: Heatmap;
}

/** Number of requests by time and latency. */
export interface Heatmap {
  /** Lower bounds of the rows in milliseconds, ascending; the last row ends at `toMs`. */
  readonly fromMs: readonly number[];
  readonly toMs: number;
  /** Counts by row, then column. */
  readonly counts: readonly (readonly number[])[];
}

/** Starts and ends per second compared with the plan, by column. */
export interface Throughput {
  /** Flows, or iterations for scripts without flows. */
  readonly unit: 'flows' | 'iterations';
  /** Planned arrivals per second, null from where the run ended; null if no scenario has an arrival rate. */
  readonly planned: readonly (number | null)[] | null;
  /** Null for iterations, which are only counted once complete. */
  readonly started: readonly number[] | null;
  readonly ended: readonly number[];
  readonly dropped: readonly number[];
  /** Counts for the whole run. */
  readonly totals: {
    readonly planned: number | null;
    /** Null: unknown, because the host did not count iterations. */
    readonly started: number | null;
    readonly ended: number;
    readonly dropped: number;
  };
  /** VUs in use, and requests per second. */
  readonly vus: readonly (number | null)[];
  readonly requests: readonly number[];
}

/** A part of the run. */
export interface PhaseRow {
  readonly name: string;
  /** From the first to the last interval with a sample of it. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Time with requests: shorter than from first to last if it occurred more than once. */
  readonly activeMs: number;
  readonly flows: number;
  readonly requestsPerSecond: number;
  readonly requests: number;
  readonly failed: number;
  readonly duration: TrendSummary;
  readonly judged: number;
  readonly notAsPrescribed: number;
}

/** A level of a capacity search in one run. */
export interface LevelRow extends PhaseRow {
  /** Flow starts per second; null: the record does not say, as of an imported one. */
  readonly rate: number | null;
  /** Null: no threshold judges it. */
  readonly ending: LevelEnding | null;
}

/** Impact of a fault of a resilience run. */
export interface FaultRow {
  readonly fault: string;
  readonly begun: number;
  /** Answers that named the fault, requests that got none or were sent again, and what the simulator says it served. */
  readonly named: number;
  readonly cut: number;
  readonly resent: number;
  readonly served: number;
  /** Requests started from the fault until the next one. */
  readonly requests: number;
  readonly failed: number;
  readonly duration: TrendSummary;
}

/** A check of the script. */
export interface CheckRow {
  readonly name: string;
  readonly passes: number;
  readonly fails: number;
}

/** A metric of the user's script. */
export interface OwnMetricRow {
  readonly metric: string;
  readonly type: 'counter' | 'gauge' | 'rate' | 'trend';
  readonly unit: Unit;
  readonly samples: number;
  /** Set for trends only. */
  readonly trend: TrendSummary | null;
  /** Sum of a counter, share of a rate, last value of a gauge; null for a trend. */
  readonly value: number | null;
}
