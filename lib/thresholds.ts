import { METRICS } from '../catalogue/metrics.ts';
import { OUTCOMES } from '../catalogue/outcomes.ts';
import { PF_STEPS } from '../catalogue/steps.ts';
import { PLATFORMS, TAG_VALUES } from '../catalogue/tag-values.ts';
import { ofStep, selector } from '../contract/selector.ts';
import { CLIENT_PROFILES } from '../protocol/client-profiles.ts';
import { FLOW_KINDS } from '../protocol/flow-kinds.ts';
import type { Settings } from './settings.ts';

/** An expression, and whether the run ends when it fails. */
type Threshold =
  string | { readonly threshold: string; readonly abortOnFail: boolean; readonly delayAbortEval?: string };

/** k6's `thresholds` option. An empty list only makes the sub-metric appear in the summary. */
export type Thresholds = Record<string, Threshold[]>;

/** No expressions. Shared by all sub-metrics: on k6 each virtual user holds the options, and an array costs 0.6 KiB. */
export const SHOWN: string[] = [];

/** Requests that count as latency: k6 also counts failed ones, and a refusal is fast. */
export const ANSWERED = { peer: 'pf', expected_response: 'true' } as const;

const KINDS = Object.keys(FLOW_KINDS);

/** Sub-metrics for the summary. Both hosts show a sub-metric only if a threshold names it. */
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

/** Fails if a token lacks the status attribute. */
export function verified(settings: Settings): Thresholds {
  return { [selector('flow_outcomes', { outcome: 'unverified' })]: settings.allowUnverified ? SHOWN : ['count==0'] };
}

/** Latency thresholds for each step in a phase. */
export function latencies({ p95Ms }: Settings, phase: string): Thresholds {
  const limit = [`p(95)<${p95Ms}`];
  return Object.fromEntries(PF_STEPS.map((step) => [selector('http_req_duration', { ...ofStep(step), phase }), limit]));
}

/**
 * Thresholds of smoke: every kind was played. A Counter without samples passes thresholds like `count==0`, so each kind
 * of the inventory gets its own.
 */
export function smokeThresholds(settings: Settings, kinds: readonly string[]): Thresholds {
  const played: Thresholds = {};
  const driver = { [selector('http_req_failed', { peer: 'device' })]: ['rate==0'] };
  for (const kind of kinds) played[selector('flows', { kind })] = ['count>0'];
  return { ...shown(), ...verified(settings), outcome_mismatch: ['rate==0'], ...driver, ...played };
}

/** Thresholds of load and soak: latency of each step at full rate, errors, and no dropped iterations. */
export function loadThresholds(settings: Settings): Thresholds {
  // The Android app polls least often of Ping's clients.
  const { pollEveryMs } = settings.ownProfile ?? CLIENT_PROFILES.android;
  const errors = [`rate<=${settings.maxErrorRate}`];
  return {
    ...shown(),
    ...verified(settings),
    // A flow with an error does not end as expected, so both share one allowance.
    outcome_mismatch: errors,
    flows: ['count>0'],
    ...latencies(settings, 'steady'),
    [selector('http_req_failed', { peer: 'pf' })]: errors,
    // If the device driver fails, it looks as if people did not answer.
    [selector('http_req_failed', { peer: 'device' })]: errors,
    poll_error_rate: errors,
    // A decision is seen at the next poll, which may take as long as its threshold allows.
    decision_lag: [`p(95)<${Math.round(pollEveryMs * settings.timeScale + 2 * settings.p95Ms)}`],
    dropped_iterations: ['count==0'],
  };
}
