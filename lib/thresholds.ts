import { METRICS } from '../catalogue/metrics.ts';
import { OUTCOMES } from '../catalogue/outcomes.ts';
import { PF_STEPS } from '../catalogue/steps.ts';
import { PLATFORMS, TAG_VALUES } from '../catalogue/tag-values.ts';
import { ofStep, selector } from '../contract/selector.ts';
import { CLIENT_PROFILES } from '../protocol/client-profiles.ts';
import { FLOW_KINDS } from '../protocol/flow-kinds.ts';
import type { Settings } from './settings.ts';

/** One expression, and whether the run ends where it does not hold. */
type Threshold =
  string | { readonly threshold: string; readonly abortOnFail: boolean; readonly delayAbortEval?: string };

/** k6's `thresholds` option. An empty list judges nothing: it makes the sub-metric appear in the summary. */
export type Thresholds = Record<string, Threshold[]>;

/** No judgement. One for all sub-metrics: the options live in every virtual user on k6, and an array costs 0.6 KiB. */
export const SHOWN: string[] = [];

/** Requests whose duration is a latency of the target: k6 counts those that failed too, and a refusal is fast. */
export const ANSWERED = { peer: 'pf', expected_response: 'true' } as const;

const KINDS = Object.keys(FLOW_KINDS);

/** Sub-metrics that the summary shows. Both hosts show a tagged part of a metric only where a threshold names it. */
export function shown(): Thresholds {
  const list: Thresholds = {};
  const show = (metric: string, tags: Record<string, string>): void => void (list[selector(metric, tags)] = SHOWN);
  for (const kind of KINDS) {
    show('flows', { kind });
    for (const outcome of OUTCOMES) show('flow_outcomes', { kind, outcome });
  }
  for (const step of PF_STEPS) {
    show('http_req_duration', ofStep(step));
    show('http_req_failed', { name: step, peer: 'pf' });
  }
  for (const found of TAG_VALUES.found) show('paths_found', { found });
  for (const platform of PLATFORMS) {
    show('pairing_error_rate', { platform });
    show('pairing_duration', { platform });
  }
  for (const metric of ['http_reqs', 'http_req_duration', 'http_req_failed']) show(metric, { peer: 'pf' });
  show('http_req_duration', ANSWERED);
  for (const metric of Object.keys(METRICS)) list[metric] = SHOWN;
  return list;
}

/** Every token told how the flow ended. */
export function verified(settings: Settings): Thresholds {
  return { [selector('flow_outcomes', { outcome: 'unverified' })]: settings.allowUnverified ? SHOWN : ['count==0'] };
}

/** The latency of each step in a phase. */
export function latencies({ p95Ms }: Settings, phase: string): Thresholds {
  const limit = [`p(95)<${p95Ms}`];
  return Object.fromEntries(PF_STEPS.map((step) => [selector('http_req_duration', { ...ofStep(step), phase }), limit]));
}

/**
 * Thresholds of smoke: every kind was played. A Counter without samples passes `count==0`-like thresholds, so the kinds
 * of the inventory are asked for by name.
 */
export function smokeThresholds(settings: Settings, kinds: readonly string[]): Thresholds {
  const played: Thresholds = {};
  const driver = { [selector('http_req_failed', { peer: 'device' })]: ['rate==0'] };
  for (const kind of kinds) played[selector('flows', { kind })] = ['count>0'];
  return { ...shown(), ...verified(settings), outcome_mismatch: ['rate==0'], ...driver, ...played };
}

/** Thresholds of load and soak: latency of each step at full rate, errors, and a schedule that was kept. */
export function loadThresholds(settings: Settings): Thresholds {
  // Of Ping's clients, Android's app asks least often.
  const { pollEveryMs } = settings.ownProfile ?? CLIENT_PROFILES.android;
  const errors = [`rate<=${settings.maxErrorRate}`];
  return {
    ...shown(),
    ...verified(settings),
    // A flow that met an error does not end as expected: the two share one allowance.
    outcome_mismatch: errors,
    flows: ['count>0'],
    ...latencies(settings, 'steady'),
    [selector('http_req_failed', { peer: 'pf' })]: errors,
    // A device driver that fails makes people look as if they did not answer.
    [selector('http_req_failed', { peer: 'device' })]: errors,
    poll_error_rate: errors,
    // A decision waits for the next poll, which may take as long as its threshold allows.
    decision_lag: [`p(95)<${Math.round(pollEveryMs * settings.timeScale + 2 * settings.p95Ms)}`],
    dropped_iterations: ['count==0'],
  };
}
