import type { CaseOutcome } from '../../analysis/recovery/hypothesis.ts';
import type { FaultVerdict } from '../../analysis/recovery/judge-fault.ts';
import type { FaultJudged, Resilience } from '../../analysis/recovery/resilience.ts';
import {
  backWords,
  caseName,
  caseSentence,
  metastableSentence,
  resilienceSentences,
  unjudgedSentence,
} from '../../analysis/recovery/words.ts';
import { NOTHING, quantity } from '../quantity.ts';

/** The verdict on the faults of a run, as it is shown. */
export interface ResilienceView {
  /** As data: what resilience.json holds. */
  readonly verdict: Resilience;
  /** All of it in one sentence. */
  readonly summary: string;
  /** What broke, when it was over, what it cost: fault by fault. */
  readonly sentences: readonly string[];
  readonly rows: readonly ResilienceRow[];
  readonly cases: readonly ResilienceCase[];
  /** When faults were active, and when each was over with its interval, for charts. */
  readonly windows: readonly FaultWindow[];
}

/** When a fault was active, or the interval in which it was over. */
export interface FaultWindow {
  readonly fault: string;
  readonly kind: 'fault' | 'over';
  readonly fromMs: number;
  readonly toMs: number;
}

/** A fault's effects in words. */
export interface ResilienceRow {
  readonly fault: string;
  readonly impact: string;
  readonly recovery: string;
  readonly detected: string;
  readonly lost: string;
  readonly stuck: string;
  /** Requests per flow relative to before. */
  readonly requests: string;
  readonly burn: string;
  readonly after: string;
}

/** An expectation of a hypothesis, in words. */
export interface ResilienceCase {
  readonly fault: string;
  readonly name: string;
  readonly outcome: CaseOutcome;
  readonly sentence: string;
}

/** Builds the view of a verdict. */
export function resilienceView(verdict: Resilience): ResilienceView {
  const cases = verdict.faults.flatMap(({ cases: of, unjudged }) =>
    of.map((one): ResilienceCase => ({
      fault: one.fault,
      name: caseName(one),
      outcome: one.outcome,
      sentence: unjudged === null ? caseSentence(one) : unjudgedSentence(unjudged),
    })),
  );
  return {
    ...{ verdict, cases, summary: summaryOf(cases), sentences: resilienceSentences(verdict) },
    rows: verdict.faults.map(({ name, effects }) => rowOf(name, effects)),
    windows: verdict.faults.flatMap(windowsOf),
  };
}

const COUNTED: readonly (readonly [CaseOutcome, string])[] = [
  ['passed', 'held'],
  ['failed', 'failed'],
  ['not_known', 'not known'],
  ['error', 'without an experiment'],
];

function summaryOf(cases: readonly ResilienceCase[]): string {
  const faults = new Set(cases.map(({ fault }) => fault)).size;
  const counts = COUNTED.flatMap(([outcome, word]) => {
    const count = cases.filter((one) => one.outcome === outcome).length;
    return count === 0 ? [] : [`${count} ${word}`];
  });
  return `${cases.length} expectations of ${faults} ${faults === 1 ? 'fault' : 'faults'}: ${counts.join(', ')}`;
}

function rowOf(fault: string, effects: FaultVerdict | null): ResilienceRow {
  if (effects === null || effects.sickBefore.length > 0) {
    const [impact, recovery] = [NOTHING, effects === null ? 'not judged' : 'no experiment'];
    const none = { detected: NOTHING, lost: NOTHING, stuck: NOTHING, requests: NOTHING, burn: NOTHING, after: NOTHING };
    return { fault, impact, recovery, ...none };
  }
  const { impact, recovery, detection, lost, stuck, amplification, budget } = effects;
  const used = budget.used === null ? '' : `, ${quantity(budget.used, 'share')} of the month`;
  return {
    fault,
    impact: impact === null ? 'none' : backWords(impact),
    recovery: backWords(recovery),
    detected: detection === null ? NOTHING : `${detection.high.toFixed(0)} s${detection.computed ? ' (computed)' : ''}`,
    lost: `${Math.round(lost.value)} of ${lost.flows} (${Math.round(lost.low)} to ${Math.round(lost.high)})`,
    stuck: String(Math.round(stuck.value)),
    requests: amplification === null ? NOTHING : `× ${amplification.value.toFixed(2)}`,
    burn: `${budget.burnRate.toFixed(budget.burnRate < 10 ? 1 : 0)}×${used}`,
    after: effects.after === null ? NOTHING : (metastableSentence(effects) ?? 'as before'),
  };
}

/** The fault, and the interval in which it was over. */
function windowsOf({ name, beginMs, endMs, effects }: FaultJudged): FaultWindow[] {
  if (beginMs === null || endMs === null) return [];
  const fault: FaultWindow = { fault: name, kind: 'fault', fromMs: beginMs, toMs: endMs };
  if (effects === null || effects.sickBefore.length > 0) return [fault];
  const { low, high, looked } = effects.recovery;
  const at = (seconds: number): number => endMs + 1_000 * seconds;
  const over: FaultWindow = {
    fault: name,
    kind: 'over',
    fromMs: at(low ?? looked),
    // A line of its own width where it is known to the moment.
    toMs: Math.max(at(high ?? looked), at(low ?? looked) + 250),
  };
  return [fault, over];
}
