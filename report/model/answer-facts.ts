import type { FaultJudged } from '../../analysis/recovery/resilience.ts';
import type { Arrivals } from '../../contract/planned-scenario.ts';
import type { Cause } from '../../record/causes.ts';
import type { RunFile } from '../../record/run-file.ts';
import { RUN_KINDS } from './answer-model.ts';
import type { RunKind, Staircase } from './answer-model.ts';
import type { DriftView } from './drift-view.ts';
import type {
  CheckRow,
  FaultRow,
  FlowsView,
  LatencyView,
  PairingView,
  PhaseRow,
  PollingView,
  RunFacts,
  ThresholdRow,
  Throughput,
} from './report-model.ts';
import type { ResilienceView } from './resilience-view.ts';
import type { TimeAxis } from './trend-summary.ts';

/** What the first sentence and the figures of a report are made of. */
export interface AnswerFacts {
  readonly kind: RunKind;
  readonly run: RunFacts;
  readonly thresholds: readonly ThresholdRow[];
  readonly flows: FlowsView | null;
  readonly pairing: PairingView | null;
  readonly polling: PollingView | null;
  readonly throughput: Throughput | null;
  readonly latency: LatencyView | null;
  readonly failedRequests: { readonly samples: number; readonly passes: number };
  readonly phases: readonly PhaseRow[];
  readonly faults: readonly FaultRow[];
  readonly drift: DriftView | null;
  readonly resilience: ResilienceView | null;
  readonly checks: readonly CheckRow[];
  readonly staircase: Staircase | null;
  /** Why flows failed, as counted. */
  readonly causes: readonly Cause[];
  readonly volume: Volume | null;
  /** Whether the figures say something about the target: the load generator was not at fault. */
  readonly valid: boolean;
  /** Whether what was carried is proven: the run passed, and nobody doubts its figures. */
  readonly proven: boolean;
}

/** Flows as carried at the planned rate. */
export interface Volume {
  /** Flow starts. */
  readonly perSecond: number;
  /** For so long, in milliseconds. */
  readonly lengthMs: number;
  /** Share of flows that paired a device; null: none ended. */
  readonly pairedShare: number | null;
}

/** The fault from which the target recovered last, relative to the fault's end; undefined: none could be judged. */
export function slowestRecovery(
  resilience: ResilienceView | null,
): { readonly name: string; readonly recovery: Recovery } | undefined {
  const judged = (resilience?.verdict.faults ?? []).flatMap(({ name, effects }) =>
    effects === null || effects.sickBefore.length > 0 ? [] : [{ name, recovery: effects.recovery }],
  );
  const until = ({ seconds, looked }: Recovery): number => seconds ?? looked;
  return judged.toSorted((a, b) => until(b.recovery) - until(a.recovery))[0];
}

type Recovery = NonNullable<FaultJudged['effects']>['recovery'];

/** The kind of a run: a scenario is known by its name, unless its record has no flows. */
export function kindOfRun(script: string, flows: FlowsView | null): RunKind {
  if (flows === null) return 'script';
  return RUN_KINDS.find((kind) => kind === script && kind !== 'script') ?? 'flows';
}

/**
 * Flow starts per second while the longest part with a constant rate was played, whole columns only; without such a
 * part over the whole run. Null if no flow was started, or the run was stopped before that part.
 */
export function volumeOf(
  { scenarios, end }: Pick<RunFile, 'scenarios' | 'end'>,
  { started }: Pick<Throughput, 'started'>,
  { widthMs }: TimeAxis,
  flows: FlowsView,
  durationMs: number,
): Volume | null {
  if (started === null || flows.started === 0 || durationMs <= 0) return null;
  const paired = flows.outcomes.find(({ outcome }) => outcome === 'device_paired')?.count ?? 0;
  const pairedShare = flows.ended === 0 ? null : paired / flows.ended;
  const [longest] = scenarios
    .flatMap(({ arrivals }) => (arrivals === null ? [] : constantParts(arrivals)))
    .sort((a, b) => b.toMs - b.fromMs - (a.toMs - a.fromMs));
  // Behind a stop nothing starts any more, which says nothing of the rate before it.
  const startsMs = startsUntilMs(end, started, widthMs);
  const inside = started.filter((_, column) => {
    if (column * widthMs >= startsMs) return false;
    const fromMs = column * widthMs;
    return longest !== undefined && fromMs >= longest.fromMs && fromMs + widthMs <= Math.min(longest.toMs, durationMs);
  });
  if (inside.length === 0 && startsMs < Infinity) return null;
  if (inside.length === 0)
    return { perSecond: (flows.started * 1_000) / durationMs, lengthMs: durationMs, pairedShare };
  const perSecond = inside.reduce((sum, rate) => sum + rate, 0) / inside.length;
  return { perSecond, lengthMs: inside.length * widthMs, pairedShare };
}

/** Until when flows were started, by columns of this width: as long as the plan says (Infinity), unless the run was stopped. */
export function startsUntilMs(end: RunFile['end'], started: Throughput['started'], widthMs: number): number {
  if (started === null || end?.verdict !== 'interrupted') return Infinity;
  return (started.findLastIndex((rate) => rate > 0) + 1) * widthMs;
}

/** The row of a phase. */
export function phaseOf({ phases }: Pick<AnswerFacts, 'phases'>, name: string): PhaseRow | undefined {
  return phases.find((row) => row.name === name);
}

/**
 * Pairing errors that the inventory did not ask for, and those it did. Only failed flows are counted by cause, so the
 * former are exact as long as the record keeps all causes.
 */
export function pairingErrors({ flows, pairing, causes }: Pick<AnswerFacts, 'flows' | 'pairing' | 'causes'>): {
  readonly unexpected: number;
  readonly expected: number;
} {
  const errors = pairing?.total.errors ?? 0;
  const counted = causes.reduce((sum, { outcome, flows: some }) => sum + (outcome === 'pairing_error' ? some : 0), 0);
  const unexpected = flows === null || flows.notAsPrescribed === 0 ? 0 : Math.min(errors, counted);
  return { unexpected, expected: errors - unexpected };
}

/** A part of a plan with a constant rate. */
interface PlannedPart {
  readonly fromMs: number;
  readonly toMs: number;
  /** Starts per second. */
  readonly rate: number;
}

/** The parts of a planned rate during which it does not change, in order. */
function constantParts(arrivals: Arrivals): readonly PlannedPart[] {
  return arrivals.flatMap(([fromMs, rate], at) => {
    const [toMs, then] = arrivals[at + 1] ?? [fromMs, rate];
    return then === rate && toMs > fromMs && rate > 0 ? [{ fromMs, toMs, rate }] : [];
  });
}
