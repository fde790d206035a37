import { resolveSelector } from '../contract/threshold-selector.ts';

/** Metrics of ours that only some users touch: pushes, pairings, a step that nobody's flow came to. */
const OF_SOME_USERS: readonly string[] = [
  ...['poll_error_rate', 'polls_per_flow', 'decision_lag'],
  ...['pairing_duration', 'pairing_error_rate', 'phase_duration', 'phase_failed', 'phase_mismatch'],
];

/**
 * Whether a threshold of our scenarios may have nothing to judge: it is about users that the run need not have, about the device
 * side, or about a level that the search did not come to. `reached`: whether a selector has samples.
 */
export function mayBeSilent(selector: string, reached: (selector: string) => boolean): boolean {
  const { metric, tags } = resolveSelector(selector, () => false);
  const { level, peer, name } = tags;
  return (
    OF_SOME_USERS.includes(metric) ||
    (metric === 'http_req_duration' && peer === 'pf' && name !== undefined) ||
    peer === 'device' ||
    (level !== undefined && !reached(`flows{level:${level}}`))
  );
}
