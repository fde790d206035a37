import { noise } from '../analysis/made-noise.ts';
import { madeRecord, madeRun } from './made-record.ts';
import type { Sample } from './made-record.ts';
import type { RunFile } from '../../record/run-file.ts';

/** A made run with one fault: 40 s steady, 10 s of the fault, 30 s to recover, 20 s steady. */
export const FAULT_AT = { begin: 40, end: 50, recoveryEnd: 80, over: 100 } as const;

interface Made {
  /** Seconds from the end of the fault until all is as before. */
  readonly back: number;
  /** Share of failed requests and flows before. */
  readonly usual?: number;
  readonly fault?: string;
  readonly run?: Partial<RunFile>;
  /** Without the confirmation of its end. */
  readonly open?: boolean;
  /** Answers of a detector: the second of its first yes. */
  readonly detectedAt?: number;
}

/** Fifty requests and ten flows a second; 30 % of both fail while the fault lasts. */
export function faultyRecord(
  parent: string,
  { back, usual = 0, fault = 'slow', run = {}, open = false, detectedAt }: Made,
): string {
  const made = madeRun({
    script: 'resilience',
    settings: { FAULT_SHARE: '0.3', MAX_ERROR_RATE: '0.01', P95_MS: '1000' },
    resilience: { hypotheses: [], strict: false, objective: 0.999 },
    ...run,
  });
  const startedAt = Date.parse(made.startedAt);
  const { binomial, normal } = noise(7);
  const samples: Sample[] = [];
  const add = (t: number, metric: string, type: Sample['type'], tags: Sample['tags'], value: number): void =>
    void samples.push({ index: t, metric, type, tags, value, at: startedAt + 1_000 * t + 500 });
  for (let t = 0; t < FAULT_AT.over; t++) {
    const bad = t >= FAULT_AT.begin && t < FAULT_AT.end + back;
    const phase = t < FAULT_AT.begin || t >= FAULT_AT.recoveryEnd ? 'steady' : t < FAULT_AT.end ? 'fault' : 'recovery';
    const failed = binomial(50, bad ? 0.3 : usual);
    const off = binomial(10, bad ? 0.3 : usual);
    for (let n = 0; n < 50; n++) {
      add(t, 'http_req_failed', 'rate', { peer: 'pf', phase, status: '200' }, n < failed ? 1 : 0);
      add(t, 'http_req_duration', 'trend', { peer: 'pf', phase, status: '200' }, 100 + 5 * normal());
    }
    for (let n = 0; n < 10; n++) {
      add(t, 'flows', 'counter', { kind: 'F1' }, 1);
      add(t, 'flow_outcomes', 'counter', { kind: 'F1', outcome: 'device_paired' }, 1);
      add(t, 'outcome_mismatch', 'rate', { kind: 'F1' }, n < off ? 1 : 0);
    }
    add(t, 'profile_flows', 'counter', { profile: 'browser' }, 10);
    add(t, 'profile_requests', 'counter', { profile: 'browser' }, bad ? 150 : 50);
    if (detectedAt !== undefined) add(t, 'detector_firing', 'gauge', {}, t >= detectedAt ? 1 : 0);
  }
  const edge = (which: 'start' | 'end', t: number): void => {
    add(Math.floor(t), 'fault_injections', 'counter', { fault, edge: which }, 1);
    add(Math.floor(t), 'fault_edge_ms', 'gauge', { fault, edge: which }, startedAt + 1_000 * t);
  };
  edge('start', FAULT_AT.begin);
  if (!open) edge('end', FAULT_AT.end);
  samples.sort((a, b) => a.index - b.index);
  return madeRecord(parent, made, samples);
}
