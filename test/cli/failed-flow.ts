import type { FailureRecord } from '../../contract/failure-line.ts';

/** What is said of a failed flow. */
export function failure(over: Partial<FailureRecord> = {}): FailureRecord {
  return {
    run: 'r1',
    inventory: { generator: 'pairstorm', seed: 7, population: 'smoke', users: 60 },
    user: 12,
    kind: 'F4',
    prescribed: 'authenticated',
    outcome: 'http_error',
    reason: 'poll answered 503',
    steps: [{ step: 'poll', http: 503, ms: 12.5, error: 'say "no" \\ ünïcode' }],
    ...over,
  };
}
