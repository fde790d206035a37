import { sentenceOf } from '../catalogue/finding-words.ts';
import { kindOfFinding } from '../catalogue/findings.ts';
import type { FindingCode } from '../catalogue/findings.ts';
import type { OutcomeTable } from '../contract/figures.ts';
import { compareRecords, conservationWords, faultWords, unequalFaults } from '../record/reconciliation.ts';
import type { FlowsView, ReportModel } from './model/report-model.ts';

/** What must hold in every run, whatever the target does; otherwise its numbers cannot be trusted. */
export interface Invariant {
  readonly name: string;
  /** The finding of a run in which it is broken. */
  readonly code: FindingCode;
  /** `unknown`: not recorded, or allowed by a flag. */
  readonly state: 'holds' | 'broken' | 'unknown';
  /** The evidence, in one sentence. */
  readonly says: string;
}

/** The invariants that apply to a run; at least one. */
export function invariants(model: ReportModel): readonly Invariant[] {
  return [...conservation(model), ...simulatorRecord(model), ...faultCounts(model), generatorKeptUp(model)];
}

function conservation({ flows, run }: ReportModel): readonly Invariant[] {
  if (flows !== null) {
    const says = conservationWords(flows, flows.interruptedIterations);
    return [{ name: 'no flow is lost', code: 'flows_lost', state: stateOf(flows.conserved), says }];
  }
  if (run.iterations === null) return [];
  const { started, completed, interrupted } = run.iterations;
  const derived = run.host === 'k6' || run.iterations.derived === true;
  const says = derived
    ? `iterations completed ${completed}; the host did not count interrupted ones, so this is not judged`
    : `iterations started ${started} = completed ${completed} + interrupted ${interrupted}`;
  const state = stateOf(derived ? null : started === completed + interrupted);
  return [{ name: 'no iteration is lost', code: 'flows_lost', state, says }];
}

function stateOf(holds: boolean | null): Invariant['state'] {
  if (holds === null) return 'unknown';
  return holds ? 'holds' : 'broken';
}

function simulatorRecord({ flows }: ReportModel): readonly Invariant[] {
  const starts = flows?.simulatorStarts ?? null;
  if (flows === null || starts === null) return [];
  const { agrees, text } = compareRecords(tableOf(flows), starts);
  return [{ name: 'the record of the simulator agrees', code: 'records_disagree', state: stateOf(agrees), says: text }];
}

function tableOf({ started, interrupted, unanswered, kinds }: FlowsView): OutcomeTable {
  const outcomes = Object.fromEntries(
    kinds.map(({ kind, outcomes: row }) => [
      kind,
      Object.fromEntries(row.map(({ outcome, count }) => [outcome, count])),
    ]),
  );
  return { flows: started, interrupted, unanswered, outcomes };
}

function faultCounts({ faults, verdict }: ReportModel): readonly Invariant[] {
  const counts = faults.map(({ fault, named, cut, resent, served }) => ({ fault, seen: named + cut + resent, served }));
  if (counts.every(({ seen, served }) => seen === 0 && served === 0)) return [];
  const unequal = unequalFaults(counts);
  const says =
    unequal.length === 0
      ? 'harness and simulator count the same answers of each fault'
      : unequal.map(faultWords).join('; ');
  // The simulator's count is read at the end of a run.
  const state = verdict.verdict === 'killed' ? 'unknown' : stateOf(unequal.length === 0);
  return [{ name: 'faults are counted alike on both sides', code: 'faults_unequal', state, says }];
}

function generatorKeptUp({ generator, findings, run }: ReportModel): Invariant {
  const about = { name: 'the load generator kept up', code: 'generator_delayed' } as const;
  const faults = findings.filter(({ code }) => kindOfFinding(code)?.exit === 'invalid');
  if (faults.length > 0) {
    const says = faults.map(sentenceOf).join('; ');
    if (faults.some(({ exit }) => exit !== 0)) return { ...about, state: 'broken', says };
    return { ...about, state: 'unknown', says: `${says}; allowed` };
  }
  const { judged } = generator;
  const figures = judged.map(({ what, p99Ms, limitMs }) => `${what}: p99 ${p99Ms.toFixed(1)} ms, limit ${limitMs} ms`);
  if (judged.length === 0) {
    return { ...about, state: 'unknown', says: run.host === 'k6' ? 'not measured by k6' : 'not measured' };
  }
  const late = judged.some(({ ok }) => !ok);
  return { ...about, state: late ? 'unknown' : 'holds', says: figures.join('; ') };
}
