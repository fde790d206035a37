import { finding } from '../catalogue/findings.ts';
import type { Finding } from '../catalogue/findings.ts';
import type { DriftFound } from './drift-of-run.ts';

/** The finding for a run's drift, if it drifts or could not be judged. */
export function driftFindings(drift: DriftFound, gate: boolean): readonly Finding[] {
  if (typeof drift === 'string') return [finding('drift_not_judged', { data: { message: drift }, gate })];
  if (drift?.verdict.verdict !== 'drifts') return [];
  const series = drift.verdict.series.filter(({ kind }) => kind !== 'generator');
  const drifting = series.filter(({ verdict }) => verdict === 'drifts');
  const { name, scale, perHour } = drifting[0]!;
  return [finding('drifts', { data: { drifting: drifting.length, of: series.length, worst: name, scale, perHour } })];
}
